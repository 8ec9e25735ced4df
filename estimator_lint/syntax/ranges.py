"""Where the nodes of a libcst tree start and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider


class _Wrapper(MetadataWrapper):
    """Skips the walk of libcst's visitors when there are none.

    libcst takes it for every kind of metadata, and for positions, which come from another walk, it
    is half of the time.
    """

    def visit_batched(
        self,
        visitors: Iterable[cst.BatchableCSTVisitor],
        before_visit: object = None,
        after_leave: object = None,
    ) -> cst.CSTNode:
        visitors = list(visitors)
        return super().visit_batched(visitors) if visitors else self.module


def ranges_of(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """The range of each node of a module, without the layout around it."""
    return _Wrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
