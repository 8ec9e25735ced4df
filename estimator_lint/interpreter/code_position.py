"""The code being evaluated, as a position and as places."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from estimator_lint.domain.paths.correlated_conditions import CorrelatedConditions
from estimator_lint.domain.paths.doubts import DoubtsOfTest
from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.paths.reachability import Reachability
from estimator_lint.domain.paths.tested_objects import TestedNames, TestedObjects
from estimator_lint.domain.values.places import Place

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.project.code import ModuleCode
    from estimator_lint.syntax.pieces import Piece

#: What reads a generator expression where it is written: something that reads all of it, the
#: builtin ``any``, ``all`` or ``next``, or something that may read only a part, but reads it there.
Reader: TypeAlias = Literal["whole", "any", "all", "next", "part"]


class CodePosition(Reachability):
    """The functions being evaluated, the innermost last, and the places of their nodes.

    Args:
        own_module: the module that the model function is in.
        via: where the linted file gives the model function to an Estimator, if the function is in
            another file.
        numbers: as in ``ValueNumbers``.
    """

    def __init__(
        self,
        own_module: ModuleCode,
        via: Place | None,
        numbers: dict[Hashable, int] | None = None,
    ) -> None:
        super().__init__(numbers)
        self.own_module = own_module
        self.via = via
        self.readers: dict[cst.CSTNode, Reader] = {}
        self.showing_generators: set[cst.CSTNode] = set()
        self.correlations = CorrelatedConditions()
        self.doubts_of_test = DoubtsOfTest()
        self.tested_names = TestedNames()
        self.tested_objects = TestedObjects()

    @property
    def frame(self) -> Frame:
        """The function being evaluated."""
        return self.frames[-1]

    @property
    def skims(self) -> bool:
        """Whether the evaluated code is run for any arguments, not because of a call."""
        return self.frames[0].is_skimmed

    @property
    def piece(self) -> Piece:
        """The piece that contains the evaluated code."""
        return self.frame.code.piece

    def place(self, node: cst.CSTNode) -> Place:
        """``node`` of the code being evaluated, as a place."""
        code = self.frame.code
        if self.via is not None:
            return Place(code.piece, node, self.via, code.qualified_name)
        if code.module is self.own_module:
            return Place(code.piece, node)
        for caller, called in zip(self.frames[-2::-1], self.frames[:0:-1], strict=True):
            if caller.code.module is self.own_module and called.called_by is not None:
                call = Place(caller.code.piece, called.called_by)
                return Place(code.piece, node, via=call, within=code.qualified_name)
        return Place(code.piece, node)

    @contextmanager
    def entering(self, frame: Frame) -> Iterator[None]:
        """Inside the block, ``frame`` is evaluated."""
        self.frames.append(frame)
        try:
            with self.correlations.under_way():
                yield
        finally:
            self.frames.pop()
