"""Inputs for the linter: arbitrary Python as model functions, and damaged Estimator files."""

from __future__ import annotations

import ast
import functools
import io
import random
import re
import sysconfig
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fixture_expectations import fixture_paths

#: Larger files are left out: most of their time is parsing.
_MAX_CHARACTERS = 200_000
#: How many functions of an input become model functions; one of these is drawn.
_DECORATED = (1, 1, 1, 1, 2, 3)
#: Most inputs have no more lines: longer code has no other forms, and takes most of the time.
_USUAL_LINES = 40
#: Most damaged files keep no more functions and classes: the others would be as they always are.
_USUAL_DEFINITIONS = 2
#: One input of so many may have any length.
_ONE_LONG_OF = 64
#: Inputs from one file, one after the other; it is parsed once for them.
_INPUTS_OF_A_FILE = 3

_HEAD = "import tensorflow as tf"
_DECORATOR = "@model_fn"
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_ODD = tuple("\x0c\t\\\u2028\ud800\x00é*():'#\r ")


@functools.cache
def libraries() -> tuple[Path, ...]:
    """The Python files of the standard library, its tests, and the installed packages."""
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
    return tuple(sorted({path for folder in folders for path in folder.rglob("*.py")}))


@functools.cache
def _shuffled(seed: int) -> tuple[Path, ...]:
    """The files of the libraries in the order in which they are used."""
    files = list(libraries())
    random.Random(seed).shuffle(files)
    return tuple(files)


@functools.cache
def _fixtures() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in fixture_paths())


def numbered_input(seed: int, number: int) -> str:
    """The text of an input; half of them are wrapped code, half are damaged files."""
    chance = random.Random(f"{seed} {number}")
    if number % 2:
        return damaged(_some_definitions(chance.choice(_fixtures()), chance), chance)
    files = _shuffled(seed)
    at = number // 2 // _INPUTS_OF_A_FILE
    while True:
        wrapped = _wrapped(files[at % len(files)], chance)
        if wrapped is not None:
            return wrapped
        at = chance.randrange(len(files))


@dataclass
class _Parsed:
    """A file of a library."""

    lines: list[str]
    body: list[ast.stmt]
    imports: list[str]

    @functools.cached_property
    def short_parts(self) -> list[tuple[ast.stmt, Sequence[ast.stmt]]]:
        """The statements that are short, or have short functions: with these parts."""
        found: list[tuple[ast.stmt, Sequence[ast.stmt]]] = []
        for statement in self.body:
            if _length(statement) <= _USUAL_LINES:
                found.append((statement, [statement]))
            else:
                functions = _functions_in(statement)
                parts = [each for each in functions if _length(each) <= _USUAL_LINES]
                found += [(statement, parts)] if parts else []
        return found


@functools.lru_cache(maxsize=2)
def _parsed(path: Path) -> _Parsed | None:
    """A file of a library; None if it has no functions, or is none that Python reads."""
    try:
        data = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body if len(text) <= _MAX_CHARACTERS else []
    except (OSError, SyntaxError, ValueError, RecursionError, LookupError):
        return None
    imports = [ast.unparse(each) for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    statements = [each for each in body if _functions_in(each)]
    return _Parsed(text.split("\n"), statements, imports) if statements else None


def _wrapped(path: Path, chance: random.Random) -> str | None:
    """One statement of a file with some of its functions decorated, in its original layout."""
    file = _parsed(path)
    if file is None:
        return None
    headers: list[str] = []
    if not chance.randrange(_ONE_LONG_OF):
        statement = chance.choice(file.body)
    elif not file.short_parts:
        return None
    else:
        outer, parts = chance.choice(file.short_parts)
        statement = chance.choice(parts)
        headers = list(_headers(file.lines, outer, statement)) if statement is not outer else []
    functions = _functions_in(statement)
    chosen = chance.sample(functions, min(len(functions), chance.choice(_DECORATED)))
    first = min([statement.lineno, *(each.lineno for each in _decorators(statement))])
    lines = file.lines[first - 1 : statement.end_lineno]
    for function in sorted(chosen, key=lambda each: -each.lineno):
        line = lines[function.lineno - first]
        indentation = line[: len(line) - len(line.lstrip())]
        lines.insert(function.lineno - first, indentation + _DECORATOR)
    return "\n".join([_HEAD, *file.imports, *headers, *lines, ""])


def _length(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - statement.lineno + 1


def _headers(lines: list[str], outer: ast.stmt, inner: ast.stmt) -> Iterator[str]:
    """The lines with which the statements around ``inner`` begin, the outermost first."""
    for node in ast.walk(outer):
        if isinstance(node, ast.stmt) and node is not inner and inner in ast.walk(node):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[0]
                end = min([body.lineno, *(each.lineno for each in _decorators(body))])
                yield from lines[node.lineno - 1 : end - 1]
            else:
                yield " " * node.col_offset + "if found:"


def _functions_in(statement: ast.stmt) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(statement) if isinstance(node, ast.FunctionDef)]


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return list(getattr(statement, "decorator_list", ()))


def _some_definitions(text: str, chance: random.Random) -> str:
    """A file without most of its functions and classes."""
    definitions = _definitions(text)
    if len(definitions) <= _USUAL_DEFINITIONS or not chance.randrange(_ONE_LONG_OF):
        return text
    kept = chance.sample(definitions, _USUAL_DEFINITIONS)
    dropped = {line for each in definitions if each not in kept for line in each}
    lines = text.split("\n")
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in dropped)


@functools.cache
def _definitions(text: str) -> tuple[range, ...]:
    """The lines of each function and class of a file."""
    return tuple(
        range(min([each.lineno, *(it.lineno for it in _decorators(each))]), each.end_lineno + 1)
        for each in ast.parse(text).body
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.end_lineno is not None
    )


def damaged(text: str, chance: random.Random) -> str:
    """``text`` after one to three changes; if possible, still a program."""
    for _ in range(8):
        changed = text
        for _ in range(chance.randint(1, 3)):
            changed = chance.choice(_CHANGES)(changed, chance)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(changed)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        break
    return changed


def _change_token(text: str, chance: random.Random) -> str:
    tokens = _TOKEN.findall(text)
    index = chance.randrange(len(tokens))
    tokens[index] = chance.choice(["", tokens[index] * 2, chance.choice(tokens)])
    return "".join(tokens)


def _swap_tokens(text: str, chance: random.Random) -> str:
    tokens = _TOKEN.findall(text)
    one, other = (chance.randrange(len(tokens)) for _ in range(2))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _change_name(text: str, chance: random.Random) -> str:
    names = sorted(set(re.findall(r"[^\W\d]\w*", text)))
    return re.sub(rf"\b{chance.choice(names)}\b", chance.choice(names), text)


def _change_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    one, other = (chance.randrange(len(lines)) for _ in range(2))
    change = chance.randrange(4)
    if change == 0:
        del lines[one]
    elif change == 1:
        lines.insert(one, lines[other])
    elif change == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] += chance.choice(["\\", ";", " + \\"])
    return "\n".join(lines)


def _change_indentation(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    first = chance.randrange(len(lines))
    indentation = chance.choice(["    ", "\t", "\x0c", " "])
    for index in range(first, min(len(lines), first + chance.randint(1, 6))):
        line = lines[index]
        lines[index] = line.removeprefix("    ") if chance.random() < 0.5 else indentation + line
    return "\n".join(lines)


def _insert_odd(text: str, chance: random.Random) -> str:
    index = chance.randrange(len(text) + 1)
    return text[:index] + chance.choice(_ODD) + text[index:]


_CHANGES = (
    _change_token,
    _swap_tokens,
    _change_name,
    _change_lines,
    _change_indentation,
    _insert_odd,
)
