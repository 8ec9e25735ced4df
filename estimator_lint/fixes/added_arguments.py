"""Adding arguments to calls, in the layout of the existing ones."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator, Sequence

from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.source_index import Placed, SourceIndex, insertion


def add_argument(index: SourceIndex, call: ast.Call, text: str) -> Edit:
    """An edit that adds an argument to a call, after the others."""
    close = _before_parenthesis(index, call)
    arguments = _arguments(call)
    if not arguments:
        return insertion(close, text)
    last = max(arguments, key=index.end)
    end, comma = _behind(index, index.end(last), close)
    if comma is None:
        return insertion(end, f", {text}")
    line, column = comma
    if line == close[0]:
        return insertion((line, column + 1), f" {text}")
    indentation = index.before(last)
    if indentation.strip():
        return insertion(end, f", {text}")
    whole_line = len(index.source.lines[line - 1])
    return insertion((line, whole_line), f"\n{indentation}{text},")


def add_first_argument(index: SourceIndex, call: ast.Call, text: str) -> Edit:
    """An edit that adds an argument to a call, before the others."""
    arguments = _arguments(call)
    if not arguments:
        return insertion(_before_parenthesis(index, call), text)
    first = index.start(min(arguments, key=index.start))
    before = index.source.lines[first[0] - 1][: first[1]]
    if not before.strip():
        return insertion(first, f"{text},\n{before}")
    return insertion(_behind_parenthesis(index, call), f"{text}, ")


def given(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """The argument of a call with a name, or at a position."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    before = call.args[: position + 1] if position is not None else []
    if position is None or len(before) <= position:
        return None
    return None if any(isinstance(one, ast.Starred) for one in before) else before[position]


def without_argument(index: SourceIndex, call: ast.Call, argument: Placed) -> Edit:
    """An edit that removes an argument from a call, with one of the commas around it."""
    return next(removals(index, [argument], sorted(_arguments(call), key=index.start)))


def removals(
    index: SourceIndex, gone: Collection[Placed], items: Sequence[Placed]
) -> Iterator[Edit]:
    """Edits that remove some of several items, each run of them with an adjacent comma."""
    for is_gone, run in itertools.groupby(range(len(items)), lambda at: items[at] in gone):
        if is_gone:
            first, *others = run
            yield _removal(index, first, [first, *others][-1], items)


def _removal(index: SourceIndex, first: int, last: int, items: Sequence[Placed]) -> Edit:
    """An edit that removes the items of a range."""
    start, end = index.start(items[first]), index.end(items[last])
    if last + 1 < len(items):
        following = index.start(items[last + 1])
        if "#" not in index.between(end, following):
            return Edit(*start, *following, "")
        return Edit(*start, *_behind_comma(index, end, following), "")
    if first:
        before = index.end(items[first - 1])
        if "#" not in index.between(before, start):
            return Edit(*before, *end, "")
    return Edit(*start, *end, "")


def _behind_comma(
    index: SourceIndex, end: tuple[int, int], following: tuple[int, int]
) -> tuple[int, int]:
    """Where the comma between two items ends."""
    commas = (
        token.end
        for token in index.tokens
        if end <= token.start < following and token.string == ","
    )
    return next(commas, end)


def _arguments(call: ast.Call) -> list[Placed]:
    return [*call.args, *call.keywords]


def _before_parenthesis(index: SourceIndex, call: ast.Call) -> tuple[int, int]:
    line, column = index.end(call)
    return line, column - 1


def _behind_parenthesis(index: SourceIndex, call: ast.Call) -> tuple[int, int]:
    line, column = index.end(call.func)
    while "(" not in index.source.lines[line - 1][column:]:
        line, column = line + 1, 0
    return line, index.source.lines[line - 1].index("(", column) + 1


def _behind(
    index: SourceIndex, end: tuple[int, int], close: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The end of the last argument with its parentheses, and the place of the comma after it."""
    comma = None
    for line in range(end[0], close[0] + 1):
        first = end[1] if line == end[0] else 0
        last = close[1] if line == close[0] else len(index.source.lines[line - 1])
        for column in range(first, last):
            match index.source.lines[line - 1][column]:
                case "#":
                    break
                case ")":
                    end = (line, column + 1)
                case ",":
                    comma = (line, column)
    return end, comma
