"""Where the walk through a mode's lines is, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.migration.skeleton.folding import Folder
from estimator_lint.migration.skeleton.made_anew import Kind
from estimator_lint.syntax.local_bindings import LocalBinding, bindings_below

if TYPE_CHECKING:
    from estimator_lint.project.code import FunctionCode


@dataclass(eq=False)
class Frame:
    """A function during the walk.

    Attributes:
        code: the function.
        folder: what the mode runs of it.
        parent: of a nested function the frame that it closes over.
        given: for its parameters the arguments, each with the frame it stands in.
        body: its statements, as the mode runs them.
    """

    code: FunctionCode
    folder: Folder
    parent: Frame | None
    given: Mapping[str, tuple[cst.BaseExpression, Frame]]
    body: cst.IndentedBlock
    bindings: dict[str, list[LocalBinding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, binding in bindings_below(self.body):
            self.bindings.setdefault(name, []).append(binding)


@dataclass(frozen=True)
class Context:
    """Where the walk is.

    Attributes:
        frame: the function.
        loops: the ``for`` statements around.
        guards: the undecided tests around, with their outcomes.
        dynamic: names that stand for something else each time.
        obstacle: why what is made here is not made once; as the end of a sentence.
    """

    frame: Frame
    loops: tuple[tuple[cst.For, Frame], ...] = ()
    guards: tuple[tuple[cst.BaseExpression, bool, Frame], ...] = ()
    dynamic: frozenset[str] = frozenset()
    obstacle: str | None = None

    def guarded(self, test: cst.BaseExpression, outcome: bool) -> Context:
        """The same under a test that comes out so."""
        return replace(self, guards=(*self.guards, (test, outcome, self.frame)))

    def obstructed(self, obstacle: str) -> Context:
        """The same where nothing is made once."""
        return replace(self, obstacle=self.obstacle or obstacle)


@dataclass(frozen=True)
class Site:
    """A place where something is made, as one walk came to it."""

    call: cst.Call
    kind: Kind
    path: str
    context: Context


@dataclass
class HelperUse:
    """A function of the file that a mode runs.

    Attributes:
        code: the function.
        body: its statements, as the mode runs them.
        makes_spec, takes_gradients, makes_state: whether it or what it calls does.
        calls: where it is called; None where it is handed on as a value.
    """

    code: FunctionCode
    folder: Folder
    body: cst.IndentedBlock
    makes_spec: bool = False
    takes_gradients: bool = False
    makes_state: bool = False
    calls: list[cst.Call | None] = field(default_factory=list)
