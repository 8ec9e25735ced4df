"""Damage done to model functions, one place at a time."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FIELDS = frozenset({"loss", "train_op", "predictions"})
MODE_NAMES = ("TRAIN", "EVAL", "PREDICT")
_KEYS = {"train": "TRAIN", "eval": "EVAL", "infer": "PREDICT"}
_KEY_OF = {name: key for key, name in _KEYS.items()}


@dataclass(frozen=True)
class Mutant:
    """A damaged module.

    Attributes:
        kind: what was done.
        line: where, before the damage; 0 where all over the module.
        source: of the damaged module.
    """

    kind: str
    line: int
    source: str


def normalized(source: str) -> str:
    """The source as ``ast`` writes it, so that only the damage differs."""
    return ast.unparse(ast.parse(source)) + "\n"


def mutants(source: str, function: str) -> Iterator[Mutant]:
    """Every mutant of a function and of what it calls in its module.

    Args:
        source: of the module, normalized.
        function: as ``truth.Program`` takes it.
    """
    tree = ast.parse(source)
    roots = _involved(tree, function.split(".")[0])
    seen = {source}
    for position, node in enumerate(ast.walk(tree)):
        if any(node in nodes for nodes in roots):
            for kind, change in _changes(node):
                damaged = copy.deepcopy(tree)
                change(next(itertools.islice(ast.walk(damaged), position, None)))
                text = _written(damaged)
                if text is not None and text not in seen:
                    seen.add(text)
                    yield Mutant(kind, getattr(node, "lineno", 0), text)
    for first, second in itertools.combinations(MODE_NAMES, 2):
        text = _written(_Swap(first, second).visit(copy.deepcopy(tree)))
        if text is not None and text not in seen:
            seen.add(text)
            yield Mutant(f"swap {first} and {second}", 0, text)


def _written(tree: ast.AST) -> str | None:
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return None
    return text


def _involved(tree: ast.Module, name: str) -> list[set[ast.AST]]:
    """The nodes of a definition and of the definitions of the module that it names."""
    definitions = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    pending, involved = [name], dict[str, set[ast.AST]]()
    while pending:
        current = pending.pop()
        if current in definitions and current not in involved:
            involved[current] = set(ast.walk(definitions[current]))
            pending += [node.id for node in involved[current] if isinstance(node, ast.Name)]
    return list(involved.values())


Change = Callable[[ast.AST], None]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg in FIELDS:
                yield f"drop {keyword.arg}=", _deletion("keywords", index)
                yield f"{keyword.arg}=None", _none_keyword(index)
    elif isinstance(node, ast.Dict):
        for index, key in enumerate(node.keys):
            if isinstance(key, ast.Constant) and key.value in FIELDS:
                yield f"{key.value!r}: None", _none_value(index)
    elif isinstance(node, ast.If):
        yield "delete the branch", _emptied("body")
        if node.orelse:
            yield "delete the else branch", _deletion("orelse", slice(None))
    elif isinstance(node, ast.Match):
        for index in range(len(node.cases)):
            yield "delete the case", _deletion("cases", index)
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            for index, statement in enumerate(statements):
                if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
                    yield "delete the assignment", _passed(name, index)
                elif isinstance(statement, ast.Return):
                    yield "drop the return", _passed(name, index)


def _deletion(field: str, index: int | slice) -> Change:
    def change(node: ast.AST) -> None:
        del getattr(node, field)[index]

    return change


def _emptied(field: str) -> Change:
    return lambda node: setattr(node, field, [ast.Pass()])


def _passed(field: str, index: int) -> Change:
    return lambda node: getattr(node, field).__setitem__(index, ast.Pass())


def _none_keyword(index: int) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        node.keywords[index].value = ast.Constant(None)

    return change


def _none_value(index: int) -> Change:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Dict)
        node.values[index] = ast.Constant(None)

    return change


class _Swap(ast.NodeTransformer):
    """Exchanges the keys of two modes wherever they stand."""

    def __init__(self, first: str, second: str) -> None:
        self._other = {first: second, second: first}

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        node.attr = self._other.get(node.attr, node.attr)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        name = _KEYS.get(node.value) if isinstance(node.value, str) else None
        if name in self._other:
            node.value = _KEY_OF[self._other[name]]
        return node
