"""Damaged model functions, each in one place; ``damage_to_*`` has the kinds of damage."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.differential.damage_to_structure import Change, in_structure, of_labels
from tests.differential.damage_to_values import FieldValues
from tests.differential.execution import definition

MODE_NAMES = ("TRAIN", "EVAL", "PREDICT")
_KEYS = {"train": "TRAIN", "eval": "EVAL", "infer": "PREDICT"}
_KEY_OF = {name: key for key, name in _KEYS.items()}


@dataclass(frozen=True)
class Mutant:
    """A damaged module.

    Attributes:
        kind: the kind of damage.
        line: its line before the damage; 0 if it is all over the module.
        source: of the damaged module.
    """

    kind: str
    line: int
    source: str


def normalized(source: str) -> str:
    """The source as ``ast`` writes it, so that only the damage differs."""
    return _joined(ast.unparse(statement) for statement in ast.parse(source).body)


def _joined(statements: Iterable[str]) -> str:
    return "".join(f"{statement}\n" for statement in statements)


def mutants(source: str, function: str) -> Iterator[Mutant]:
    """Every mutant of a function and of the functions that it calls in its module, each text once.

    Args:
        source: of the module, normalized.
        function: as ``execution.Program`` takes it.
    """
    tree = ast.parse(source)
    seen = {source}
    for kind, line, text in (*_in_one_place(tree, function), *_in_all_places(tree)):
        if text not in seen:
            seen.add(text)
            yield Mutant(kind, line, text)


def _in_one_place(tree: ast.Module, function: str) -> Iterator[tuple[str, int, str]]:
    entry = definition(tree, function)
    involved = _involved(tree, function.split(".")[0])
    values = FieldValues(involved)
    texts = [ast.unparse(statement) for statement in tree.body]
    for number, statement in enumerate(tree.body):
        # The damage is done to a copy, in which a node is found by its position.
        for position, node in enumerate(ast.walk(statement)) if statement in involved else ():
            for kind, change in _changes(node, values, entry):
                damaged = copy.deepcopy(statement)
                change(next(itertools.islice(ast.walk(damaged), position, None)))
                text = _written(damaged)
                if text is not None:
                    joined = _joined([*texts[:number], text, *texts[number + 1 :]])
                    yield kind, getattr(node, "lineno", 0), joined


def _changes(
    node: ast.AST, values: FieldValues, entry: ast.FunctionDef
) -> Iterator[tuple[str, Change]]:
    yield from in_structure(node)
    yield from values.changes(node)
    if node is entry:
        yield from of_labels(entry)


def _in_all_places(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    for first, second in itertools.combinations(MODE_NAMES, 2):
        damaged = _Swap(first, second).visit(copy.deepcopy(tree))
        yield f"swap {first} and {second}", 0, _joined(map(ast.unparse, damaged.body))


def _written(statement: ast.stmt) -> str | None:
    """The text of a statement; None if there is none, or it is not valid Python."""
    try:
        text = ast.unparse(ast.fix_missing_locations(statement))
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return None
    return text


def _involved(tree: ast.Module, name: str) -> set[ast.AST]:
    """The nodes of a definition and of the definitions of the module that it refers to."""
    definitions = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    pending, done, involved = [name], set[str](), set[ast.AST]()
    while pending:
        current = pending.pop()
        if current in definitions and current not in done:
            done.add(current)
            nodes = list(ast.walk(definitions[current]))
            involved.update(nodes)
            pending += [node.id for node in nodes if isinstance(node, ast.Name)]
    return involved


class _Swap(ast.NodeTransformer):
    """Exchanges the keys of two modes wherever they occur."""

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
