"""What follows from the text of generators."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

import libcst as cst

from estimator_lint.syntax.local_bindings import own_nodes

_CONSTANTS: Final = frozenset({"False", "None", "True"})


def yields_under_handler(body: cst.CSTNode) -> bool:
    """Whether a generator handles exceptions that are raised at one of its ``yield``."""
    return any(
        isinstance(inner, cst.Yield)
        for node in own_nodes(body)
        if isinstance(node, cst.Try) and node.handlers
        for inner in own_nodes(node.body)
    )


def yields_at_least_once(body: cst.CSTNode) -> bool:
    """Whether a generator yields something, if each of its loops has a round."""
    return _surely_yields(body) is True


def _surely_yields(node: cst.CSTNode | None) -> bool | None:
    """Whether all ways through a statement yield something; None if one leaves before that."""
    match node:
        case cst.BaseSuite(body=statements) | cst.SimpleStatementLine(body=statements):
            parts = map(_surely_yields, statements)
            return next((surely for surely in parts if surely is not False), False)
        case cst.Return() | cst.Break() | cst.Continue():
            return None
        case cst.If(body=body, orelse=orelse):
            outcomes = {_surely_yields(body), _surely_yields(orelse)}
            return None if None in outcomes else outcomes == {True}
        case cst.Else(body=body) | cst.With(body=body) | cst.Try(body=body):
            return _surely_yields(body)
        case cst.For(iter=iterable, body=body):
            surely = _surely_yields(body) and not _leaves_out(iterable)
            return surely or (None if _returns(body) else False)
        case cst.While(test=cst.Name(value="True"), body=body):
            return _surely_yields(body) or (None if _returns(body) else False)
        case cst.Raise():
            return True
        case cst.BaseSmallStatement():
            return any(
                isinstance(inner, cst.Yield)
                and not (isinstance(inner.value, cst.From) and _leaves_out(inner.value))
                for inner in own_nodes(node)
            )
        case cst.While() | cst.Match() | cst.TryStar():
            return None if _returns(node) else False
    return False


def _leaves_out(node: cst.CSTNode) -> bool:
    """Whether an expression has a condition, a slice or a difference: ``range(n - 1)``."""
    return any(
        isinstance(inner, cst.CompIf | cst.Slice | cst.Subtract) for inner in own_nodes(node)
    )


def _returns(node: cst.CSTNode) -> bool:
    return any(isinstance(inner, cst.Return) for inner in own_nodes(node))


def yields_only(body: cst.CSTNode, names: Set[str]) -> bool:
    """Whether a generator yields nothing but constants and ``names``, or displays of these."""
    return all(
        inner.value in names or inner.value in _CONSTANTS
        for node in own_nodes(body)
        if isinstance(node, cst.Yield) and node.value is not None
        for inner in own_nodes(node.value)
        if isinstance(inner, cst.Name)
    )
