"""Where the function that reads a variable assigns to it, and in which modes it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.syntax.nodes import descendants
from estimator_lint.witnesses.calls import function_around

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.syntax.pieces import Piece
    from estimator_lint.tensorflow_api.modes import Mode

_SKIPPING = (cst.For, cst.While, cst.Try, cst.TryStar, cst.Match)
_FUNCTIONS = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})


@dataclass(frozen=True)
class Assignment:
    """A statement that gives a variable a value.

    Attributes:
        target: the variable where it is written there.
        statement: the small statement, or the statement with a block.
        value: the expression, where the variable alone gets its value.
        modes: the modes in which some path reaches the statement.
        deletes: it takes the value away: a ``del``, or the end of an ``except … as``.
        may_be_skipped: it is in a loop, a ``try`` or a ``match``.
    """

    target: cst.CSTNode
    statement: cst.CSTNode
    value: cst.BaseExpression | None
    modes: frozenset[Mode]
    deletes: bool = False
    may_be_skipped: bool = False


def assignments_to(name: str, place: Place, traces: FunctionTraces) -> list[Assignment]:
    """The assignments to a variable in the function around ``place``, in the order of the text."""
    function = function_around(place.piece, place.node)
    if function is None:
        return []
    found: list[Assignment] = []
    for node in descendants(function.body, _FUNCTIONS):
        for target, value in _bound_by(node):
            if isinstance(target, cst.Name) and target.value == name:
                modes = {
                    mode
                    for mode, trace in traces.traces.items()
                    if _ran(node, place.piece, trace.ran)
                }
                deletes = isinstance(node, cst.Del | cst.ExceptHandler | cst.ExceptStarHandler)
                skipped = any(isinstance(outer, _SKIPPING) for outer in place.piece.around(node))
                found.append(Assignment(target, node, value, frozenset(modes), deletes, skipped))
    return found


def _bound_by(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression | None]]:
    match node:
        case cst.Assign(targets=targets, value=value):
            for each in targets:
                if isinstance(each.target, cst.Name):
                    yield each.target, value
                else:
                    yield from ((name, None) for name in names_in(each.target))
        case cst.AnnAssign(target=target, value=value) if value is not None:
            yield target, value
        case cst.For(target=target):
            yield from ((name, None) for name in names_in(target))
        case cst.With(items=items):
            for item in items:
                if item.asname is not None:
                    yield from ((name, None) for name in names_in(item.asname.name))
        case cst.Del(target=target):
            yield from ((name, None) for name in names_in(target))
        case cst.ExceptHandler(name=cst.AsName() as name):
            yield name.name, None
        case cst.NamedExpr(target=target, value=value):
            yield target, value


def names_in(target: cst.CSTNode) -> Iterator[cst.Name]:
    """The names that a target binds; those in a subscript or attribute it reads."""
    closed = frozenset({cst.Subscript, cst.Attribute})
    for node in descendants(target, closed):
        if isinstance(node, cst.Name):
            yield node


def _ran(node: cst.CSTNode, piece: Piece, ran: set[cst.CSTNode]) -> bool:
    for each in (node, *piece.around(node)):
        if each in ran:
            return True
        if isinstance(each, cst.BaseSuite):
            return False
    return False
