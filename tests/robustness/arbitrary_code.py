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
from pathlib import Path

from tests.fixture_expectations import fixture_paths

#: Larger files are left out: most of their time is parsing.
_MAX_CHARACTERS = 200_000
#: The number of one-statement functions that become model functions.
_MAX_DECORATED = 3

_HEAD = "import tensorflow as tf\n"
_DECORATOR = "@model_fn"
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_ODD = tuple("\x0c\t\\\u2028\ud800\x00é*():'#\r ")


@functools.cache
def libraries() -> tuple[Path, ...]:
    """The Python files of the standard library, its tests, and the installed packages."""
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}
    return tuple(sorted({path for folder in folders for path in folder.rglob("*.py")}))


def numbered_input(seed: int, number: int) -> str:
    """The text of an input; half of them are wrapped code, half are damaged files."""
    chance = random.Random(f"{seed} {number}")
    if number % 2:
        return damaged(chance.choice(fixture_paths()).read_text(encoding="utf-8"), chance)
    while True:
        wrapped = _wrapped(chance.choice(libraries()), chance)
        if wrapped is not None:
            return wrapped


def _wrapped(path: Path, chance: random.Random) -> str | None:
    """One top-level statement of a file with its functions decorated, in its original layout."""
    try:
        data = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body if len(text) <= _MAX_CHARACTERS else []
    except (OSError, SyntaxError, ValueError, RecursionError, LookupError):
        return None
    statements = [each for each in body if _functions_in(each)]
    if not statements:
        return None
    statement = chance.choice(statements)
    functions = _functions_in(statement)
    lines = text.split("\n")
    for function in sorted(
        chance.sample(functions, min(len(functions), _MAX_DECORATED)),
        key=lambda each: -each.lineno,
    ):
        line = lines[function.lineno - 1]
        lines.insert(function.lineno - 1, line[: len(line) - len(line.lstrip())] + _DECORATOR)
    first = min([statement.lineno, *(each.lineno for each in _decorators(statement))])
    last = (statement.end_lineno or 0) + min(len(functions), _MAX_DECORATED)
    imports = [ast.unparse(each) for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    wrapped = "\n".join([*imports, *lines[first - 1 : last]])
    return f"{_HEAD}{wrapped}\n"


def _functions_in(statement: ast.stmt) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(statement) if isinstance(node, ast.FunctionDef)]


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return list(getattr(statement, "decorator_list", ()))


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
