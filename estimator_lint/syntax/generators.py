"""What follows from the text of generators."""

from __future__ import annotations

import libcst as cst

from estimator_lint.syntax.local_bindings import own_nodes


def yields_under_handler(body: cst.CSTNode) -> bool:
    """Whether a generator handles exceptions that are raised at one of its ``yield``."""
    return any(
        isinstance(inner, cst.Yield)
        for node in own_nodes(body)
        if isinstance(node, cst.Try) and node.handlers
        for inner in own_nodes(node.body)
    )
