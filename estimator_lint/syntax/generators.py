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


def yields_only(body: cst.CSTNode, names: Set[str]) -> bool:
    """Whether a generator yields nothing but constants and ``names``, or displays of these."""
    return all(
        inner.value in names or inner.value in _CONSTANTS
        for node in own_nodes(body)
        if isinstance(node, cst.Yield) and node.value is not None
        for inner in own_nodes(node.value)
        if isinstance(inner, cst.Name)
    )
