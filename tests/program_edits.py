"""Random edits of programs, as people make them in an editor."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

_NAME: Final = re.compile(r"\b[A-Za-z_]\w*")
_LITERAL: Final = re.compile(r"\b(?:True|False|None|\d[\d.]*)\b|\"[^\"\n]*\"|'[^'\n]*'")
_HEADER: Final = re.compile(r"\s*(?:def|class) ")


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _comment(lines: list[str], rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), "# " + "x" * rng.randrange(9))


def _comment_behind(lines: list[str], rng: random.Random) -> None:
    lines[rng.randrange(len(lines))] += f"  # {rng.random()}"


def _blank(lines: list[str], rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), "")


def _statement(lines: list[str], rng: random.Random) -> None:
    number = rng.randrange(len(lines))
    statement = rng.choice(["x = 1", "mode = 3", "labels.pop('y')", "tf.x = None", "print(loss)"])
    lines.insert(number, _indentation(lines[number]) + statement)


def _assignment(lines: list[str], rng: random.Random) -> None:
    """Of a global constant, a local, or an attribute of a class, in terms of others."""
    number = rng.randrange(len(lines))
    words = _NAME.findall("\n".join(lines)) or ["x"]
    target, value = rng.choice(words), rng.choice([*words, "None", "[]", "lambda *_: None"])
    lines.insert(number, f"{_indentation(lines[number])}{target} = {value}")


def _removal(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _twice(lines: list[str], rng: random.Random) -> None:
    number = rng.randrange(len(lines))
    lines.insert(number, lines[number])


def _exchange(lines: list[str], rng: random.Random) -> None:
    number = rng.randrange(len(lines) - 1) if len(lines) > 1 else 0
    lines[number : number + 2] = lines[number : number + 2][::-1]


def _name(lines: list[str], rng: random.Random) -> None:
    number = rng.randrange(len(lines))
    words = lines[number].split(" ")
    place = rng.randrange(len(words))
    words[place] = rng.choice(["None", "loss", "mode", "features", words[place] * 2])
    lines[number] = " ".join(words)


def _replace_one(lines: list[str], rng: random.Random, what: re.Pattern[str], by: str) -> None:
    numbers = [number for number, line in enumerate(lines) if what.search(line)]
    if numbers:
        number = rng.choice(numbers)
        found = rng.choice(list(what.finditer(lines[number])))
        lines[number] = lines[number][: found.start()] + by + lines[number][found.end() :]


def _other_name(lines: list[str], rng: random.Random) -> None:
    """One name is read or bound in place of another."""
    words = _NAME.findall("\n".join(lines)) or ["x"]
    _replace_one(lines, rng, _NAME, rng.choice(words))


def _literal(lines: list[str], rng: random.Random) -> None:
    by = rng.choice(["None", "True", "0", "1.5", "'eval'", "'loss'", "x", "'train'", "'infer'"])
    _replace_one(lines, rng, _LITERAL, by)


def _rename(lines: list[str], rng: random.Random) -> None:
    """A function, a class, a variable or an attribute, everywhere or in one place."""
    words = _NAME.findall("\n".join(lines))
    if words:
        old = rng.choice(words)
        new = rng.choice([f"{old}_2", rng.choice(words), "model_fn"])
        lines[:] = re.sub(rf"\b{old}\b", new, "\n".join(lines)).split("\n")


def _decorator(lines: list[str], rng: random.Random) -> None:
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if headers:
        number = rng.choice(headers)
        words = _NAME.findall("\n".join(lines))
        names = ["tf.function", "property", "staticmethod", "classmethod", "functools.wraps(f)"]
        line = f"{_indentation(lines[number])}@{rng.choice([*names, rng.choice(words)])}"
        lines.insert(number, line)


def _header(lines: list[str], rng: random.Random) -> None:
    """The parameters, defaults or base classes of a function or a class."""
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if headers:
        number = rng.choice(headers)
        words = _NAME.findall("\n".join(lines))
        old = rng.choice(["(", ",", ")", ":"])
        name = rng.choice(words)
        new = {"(": f"({name}, ", ",": "=None,", ")": f", {name}={rng.choice(words)})"}
        lines[number] = lines[number].replace(old, new.get(old, f"({name}):"), 1)


def _import(lines: list[str], rng: random.Random) -> None:
    words = _NAME.findall("\n".join(lines)) or ["x"]
    name, other = rng.choice(words), rng.choice(words)
    added = [
        f"from {other} import {name}",
        f"import {name} as {other}",
        f"from .{other} import *",
        f"__all__ = ['{name}', '{other}']",
        f"del {name}",
        f"global {name}",
    ]
    number = rng.randrange(len(lines))
    lines.insert(number, _indentation(lines[number]) + rng.choice(added))


def _starts(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line[:1].isalpha()] or [0]


def _moved(lines: list[str], rng: random.Random) -> None:
    start, end, other = sorted(rng.choices(_starts(lines), k=3))
    lines[start:other] = lines[end:other] + lines[start:end]


def _repeated(lines: list[str], rng: random.Random) -> None:
    start, end = sorted(rng.choices(_starts(lines), k=2))
    lines[end:end] = lines[start:end]


def _deeper(lines: list[str], rng: random.Random) -> None:
    """Some lines become the body of a statement, a function or a class."""
    start = rng.randrange(len(lines))
    indentation = _indentation(lines[start])
    end = start + 1
    while end < len(lines) and rng.random() < 0.8:
        end += 1
    while end < len(lines) and lines[end].startswith(f"{indentation} "):
        end += 1
    around = rng.choice(
        [
            "if mode == 'eval':",
            "for x in y:",
            "while x:",
            "with x as y:",
            "def f(mode):",
            "class C:",
        ]
    )
    lines[start:end] = [
        f"{indentation}{around}",
        *(f"    {line}" if line.strip() else line for line in lines[start:end]),
    ]


def _shallower(lines: list[str], rng: random.Random) -> None:
    start = rng.randrange(len(lines))
    end = min(len(lines), start + rng.randint(1, 12))
    lines[start:end] = [line.removeprefix("    ") for line in lines[start:end]]


EDITS: Final[list[Callable[[list[str], random.Random], None]]] = [
    _comment,
    _comment_behind,
    _blank,
    _statement,
    _assignment,
    _removal,
    _twice,
    _exchange,
    _name,
    _other_name,
    _literal,
    _rename,
    _decorator,
    _header,
    _import,
    _moved,
    _repeated,
    _deeper,
    _shallower,
]


def is_parsable(text: str) -> bool:
    """Whether Python can parse a text."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def edited(text: str, rng: random.Random, count: int) -> Iterator[str]:
    """Parsable texts, each with one or two further edits, or with an edit undone.

    Edits that break the syntax are made again with others on top of the last parsable text, as
    the server evaluates nothing in between.
    """
    before = [text]
    for _ in range(count):
        for _ in range(20):
            lines = rng.choice(before[-3:]).split("\n")
            for _ in range(rng.randint(1, 2)):
                rng.choice(EDITS)(lines, rng)
                lines = lines or [""]
            new = "\n".join(lines)
            if is_parsable(new):
                break
        else:
            continue
        before.append(new)
        yield new
