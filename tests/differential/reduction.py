"""Making a program smaller while something stays true of it."""

from __future__ import annotations

import ast
import time
import warnings
from collections.abc import Callable, Iterator, Sequence

Holds = Callable[[str], bool]


def reduced(source: str, holds: Holds, seconds: float = 15.0) -> str:
    """The smallest program found in that time for which ``holds`` is still true."""
    deadline = time.monotonic() + seconds
    smallest = source
    while time.monotonic() < deadline:
        smaller = _one_round(smallest, holds, deadline)
        if smaller == smallest:
            break
        smallest = smaller
    return smallest


def _one_round(source: str, holds: Holds, deadline: float) -> str:
    position = 0
    while time.monotonic() < deadline:
        candidates = _smaller(source, position)
        if candidates is None:
            return source
        kept = next((text for text in candidates if text != source and holds(text)), None)
        if kept is None:
            position += 1
        else:
            source = kept
    return source


def _smaller(source: str, position: int) -> Iterator[str] | None:
    """The program with the node at a position of its tree replaced by something simpler."""
    if position >= len(list(_replaceable(ast.parse(source)))):
        return None
    return _replacements(source, position)


def _replacements(source: str, position: int) -> Iterator[str]:
    number = 0
    while True:
        tree = ast.parse(source)
        nodes = list(_replaceable(tree))
        parent, field, index = nodes[position]
        choices = list(_simpler(parent, field, index))
        if number >= len(choices):
            return
        choice = choices[number]
        number += 1
        children = getattr(parent, field)
        if isinstance(children, list):
            children[index : index + 1] = choice
            if not children and field == "body":
                children.append(ast.Pass())
        elif len(choice) == 1:
            setattr(parent, field, choice[0])
        try:
            text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                compile(text, "<reduced>", "exec")
        except (SyntaxError, ValueError, AttributeError, TypeError, IndexError):
            continue
        yield text


def _replaceable(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int]]:
    """Statements, cases, handlers, keywords and expressions: parent, field, index."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if isinstance(value, list):
                for index in reversed(range(len(value))):
                    if isinstance(value[index], ast.AST):
                        yield parent, field, index
            elif isinstance(value, ast.expr):
                yield parent, field, -1


def _simpler(parent: ast.AST, field: str, index: int) -> Iterator[Sequence[ast.AST]]:
    value = getattr(parent, field)
    node = value[index] if isinstance(value, list) else value
    if isinstance(parent, ast.arguments | ast.Attribute):
        return
    if isinstance(value, list):
        yield []
    if isinstance(node, ast.stmt):
        for inner in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) and getattr(node, inner, None):
                yield list(getattr(node, inner))
        if isinstance(node, ast.Match):
            yield from (list(case.body) for case in node.cases)
    elif isinstance(node, ast.expr) and not isinstance(node, ast.Constant | ast.Attribute):
        called = node.func if isinstance(node, ast.Call) else None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and child is not called:
                yield [child]
        if not isinstance(node, ast.Name):
            yield [ast.Name("t", ast.Load())]
            yield [ast.Constant(None)]
