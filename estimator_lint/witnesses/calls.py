"""The calls by which a path reaches a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.trace import Trace
    from estimator_lint.syntax.pieces import Piece


def function_around(piece: Piece, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
    """The function or lambda whose body contains ``node``."""
    inner = node
    for outer in piece.around(node):
        if isinstance(outer, cst.FunctionDef | cst.Lambda) and outer.body is inner:
            return outer
        inner = outer
    return None


def calls_that_lead_to(place: Place, body: cst.CSTNode, trace: Trace) -> list[Place]:
    """The calls from the model function with that body to ``place``, the outermost first.

    If several calls lead to a function, the first one is taken.
    """
    chain: list[Place] = []
    seen: set[cst.CSTNode] = set()
    while trace.calls:
        function = function_around(place.piece, place.node)
        if function is None or function.body is body or function in seen:
            break
        seen.add(function)
        calls = trace.calls.get(function)
        if not calls:
            break
        place = next(iter(calls))
        chain.append(place)
    chain.reverse()
    return chain
