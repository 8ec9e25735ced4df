"""Damage to the code around specs: fields, branches, tests, assignments, returns, ``labels``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

FIELDS = frozenset({"loss", "train_op", "predictions"})

#: Does the damage to a node.
Change = Callable[[ast.AST], None]


def in_structure(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The parts that can be removed at a node, each with a description."""
    yield from _of_fields(node)
    yield from _of_branches(node)
    yield from _of_expressions(node)
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            yield from _of_statements(name, statements)


def of_labels(function: ast.FunctionDef) -> Iterator[tuple[str, Change]]:
    """Uses of ``labels`` before any test of the mode."""
    arguments = function.args
    if any(each.arg == "labels" for each in [*arguments.args, *arguments.kwonlyargs]):
        index = 0 if ast.get_docstring(function) is None else 1
        for use in ("labels['y']", "labels + 1", "labels.shape"):
            yield f"insert {use}", _inserted(index, use)


def _of_fields(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg in FIELDS:
                yield f"drop {keyword.arg}=", _deletion("keywords", index)
                yield f"{keyword.arg}=None", _none_keyword(index)
    elif isinstance(node, ast.Dict):
        for index, key in enumerate(node.keys):
            if isinstance(key, ast.Constant) and key.value in FIELDS:
                yield f"{key.value!r}: None", _replacement("values", index, ast.Constant(None))


def _of_branches(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.If):
        yield "delete the branch", _replacement("body", slice(None), [ast.Pass()])
        if node.orelse:
            yield "delete the else branch", _deletion("orelse", slice(None))
    elif isinstance(node, ast.Match):
        for index in range(len(node.cases)):
            yield "delete the case", _deletion("cases", index)


def _of_expressions(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            yield "drop the operand", _deletion("values", index)
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.IfExp):
            yield "drop the test", _attribute(name, value.body)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.IfExp):
                    yield "drop the test", _replacement(name, index, each.body)


def _of_statements(name: str, statements: list[ast.stmt]) -> Iterator[tuple[str, Change]]:
    for index, statement in enumerate(statements):
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield "delete the assignment", _replacement(name, index, ast.Pass())
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield "delete the call", _replacement(name, index, ast.Pass())
        elif isinstance(statement, ast.Return):
            yield "drop the return", _replacement(name, index, ast.Pass())
        elif isinstance(statement, ast.If):
            yield "drop the test", _replacement(name, slice(index, index + 1), statement.body)


def _deletion(name: str, index: int | slice) -> Change:
    def change(node: ast.AST) -> None:
        del getattr(node, name)[index]

    return change


def _replacement(name: str, index: int | slice, new: object) -> Change:
    return lambda node: getattr(node, name).__setitem__(index, new)


def _attribute(name: str, new: object) -> Change:
    return lambda node: setattr(node, name, new)


def _none_keyword(index: int) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        node.keywords[index].value = ast.Constant(None)

    return change


def _inserted(index: int, statement: str) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.FunctionDef)
        node.body[index:index] = ast.parse(statement).body

    return change
