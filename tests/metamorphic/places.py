"""Finding the places in a module where a change applies, and making it at one of them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from estimator_lint.syntax.nodes import children, descendants

Statement: TypeAlias = "cst.BaseStatement"
#: The replacement of a statement; None if the change does not apply to it.
OfStatement: TypeAlias = "Callable[[Statement], Sequence[Statement] | None]"
#: The same for all statements of a block from one on.
OfRest: TypeAlias = "Callable[[Sequence[Statement]], Sequence[Statement] | None]"
OfExpression: TypeAlias = "Callable[[cst.BaseExpression], cst.BaseExpression | None]"
Mutator: TypeAlias = "Callable[[cst.Module, random.Random], cst.Module | None]"


@dataclass
class _Functions:
    """The blocks and expressions in functions."""

    blocks: list[cst.IndentedBlock]
    expressions: list[cst.BaseExpression]


def _collected(module: cst.Module) -> _Functions:
    found = _Functions([], [])
    pending: list[tuple[cst.CSTNode, bool]] = [(module, False)]
    while pending:
        node, inside = pending.pop()
        if isinstance(node, cst.FunctionDef):
            pending.append((node.body, True))
            continue
        if inside and isinstance(node, cst.IndentedBlock):
            found.blocks.append(node)
        if inside and isinstance(node, cst.BaseExpression):
            found.expressions.append(node)
        pending.extend((child, inside) for child in reversed(children(node)))
    return found


def replaced(module: cst.Module, target: cst.CSTNode, replacement: cst.CSTNode) -> cst.Module:
    """The module with ``target``, known by its identity, replaced by another node."""
    parents = {id(child): node for node in descendants(module) for child in children(node)}
    while target is not module:
        parent = parents[id(target)]
        target, replacement = parent, _with_child(parent, target, replacement)
    assert isinstance(replacement, cst.Module)
    return replacement


def _with_child(parent: cst.CSTNode, child: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    for field in dataclasses.fields(parent):
        value = getattr(parent, field.name)
        if value is child:
            return parent.with_changes(**{field.name: new})
        if isinstance(value, Sequence) and any(one is child for one in value):
            return parent.with_changes(
                **{field.name: [new if one is child else one for one in value]}
            )
    raise LookupError(child)


def at_a_statement(change: OfStatement) -> Mutator:
    """The change at some statement of a function to which it applies."""

    def of_rest(rest: Sequence[Statement]) -> Sequence[Statement] | None:
        changed = change(rest[0])
        return None if changed is None else [*changed, *rest[1:]]

    return at_the_rest(of_rest)


def at_the_rest(change: OfRest) -> Mutator:
    """The change at some statement of a function, with those behind it in its block."""

    def mutate(module: cst.Module, chance: random.Random) -> cst.Module | None:
        made = list(_changed_blocks(_collected(module).blocks, change))
        return replaced(module, *chance.choice(made)) if made else None

    return mutate


def _changed_blocks(
    blocks: list[cst.IndentedBlock], change: OfRest
) -> Iterator[tuple[cst.IndentedBlock, cst.IndentedBlock]]:
    for block in blocks:
        for number in range(len(block.body)):
            changed = change(block.body[number:])
            if changed is not None:
                yield block, block.with_changes(body=[*block.body[:number], *changed])


def at_an_expression(change: OfExpression) -> Mutator:
    """The change at some expression of a function to which it applies."""

    def mutate(module: cst.Module, chance: random.Random) -> cst.Module | None:
        made = [
            (node, changed)
            for node in _collected(module).expressions
            if (changed := change(node)) is not None
        ]
        return replaced(module, *chance.choice(made)) if made else None

    return mutate


def above_the_definitions(module: cst.Module, statements: Sequence[Statement]) -> cst.Module:
    """The module with ``statements`` before its first function or class."""
    body = list(module.body)
    at = next(
        number
        for number, node in enumerate(body)
        if isinstance(node, cst.FunctionDef | cst.ClassDef)
    )
    return module.with_changes(body=[*body[:at], *statements, *body[at:]])


def has_definitions(module: cst.Module) -> bool:
    """Whether there is a function or class at the top level."""
    return any(isinstance(node, cst.FunctionDef | cst.ClassDef) for node in module.body)


def text_of(node: cst.CSTNode) -> str:
    """The text of a node."""
    return cst.Module([]).code_for_node(node)


def names_in(node: cst.CSTNode) -> set[str]:
    """The names in a node, except those after a dot and of keywords."""
    found: set[str] = set()
    _Names(found).of(node)
    return found


class _Names(cst.CSTVisitor):
    def __init__(self, found: set[str]) -> None:
        super().__init__()
        self._found = found

    def of(self, node: cst.CSTNode) -> None:
        node.visit(self)

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
        self._found.add(node.value)

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:  # noqa: N802
        node.value.visit(self)
        return False


def contains(node: cst.CSTNode, *kinds: type[cst.CSTNode]) -> bool:
    """Whether ``node`` is, or contains, a node of one of some kinds."""
    return isinstance(node, kinds) or any(contains(child, *kinds) for child in node.children)


def parsed(text: str) -> Statement:
    """A statement, from its text."""
    statement = cst.parse_statement(text)
    assert isinstance(statement, cst.BaseStatement)
    return statement


def expression(text: str) -> cst.BaseExpression:
    """An expression, from its text."""
    return cst.parse_expression(text)


def in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that is valid anywhere."""
    return node.with_changes(
        lpar=[cst.LeftParen(), *node.lpar], rpar=[*node.rpar, cst.RightParen()]
    )
