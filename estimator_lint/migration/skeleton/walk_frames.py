"""The position of the walk through a mode's lines, and what it found."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.migration.skeleton.folding import Folder
from estimator_lint.migration.skeleton.made_anew import Kind
from estimator_lint.syntax.local_bindings import LocalBinding, bindings_below
from estimator_lint.syntax.object_changes import names_changed

if TYPE_CHECKING:
    from estimator_lint.project.code import FunctionCode


@dataclass(eq=False)
class Frame:
    """A function during the walk.

    Attributes:
        code: the function.
        folder: what the mode runs of it.
        parent: for a nested function, the frame that it closes over.
        given: the arguments of its parameters, each with its frame.
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

    @functools.cached_property
    def changed(self) -> frozenset[str]:
        """The variables whose objects the function changes, as by ``append``."""
        return names_changed(self.body)


@dataclass(frozen=True)
class Context:
    """The position of the walk.

    Attributes:
        frame: the function.
        loops: the enclosing ``for`` statements.
        guards: the enclosing undecided tests, with their outcomes.
        dynamic: names whose value changes each time.
        obstacle: why an object created here is not created once, as the end of a sentence.
    """

    frame: Frame
    loops: tuple[tuple[cst.For, Frame], ...] = ()
    guards: tuple[tuple[cst.BaseExpression, bool, Frame], ...] = ()
    dynamic: frozenset[str] = frozenset()
    obstacle: str | None = None

    def guarded(self, test: cst.BaseExpression, outcome: bool) -> Context:
        """The same under a test with this outcome."""
        return replace(self, guards=(*self.guards, (test, outcome, self.frame)))

    def obstructed(self, obstacle: str) -> Context:
        """The same, with an obstacle to creating objects once."""
        return replace(self, obstacle=self.obstacle or obstacle)


@dataclass(frozen=True)
class Site:
    """A place where an object is created, as one walk reached it."""

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
        calls: where it is called; None if it is passed on as a value.
    """

    code: FunctionCode
    folder: Folder
    body: cst.IndentedBlock
    makes_spec: bool = False
    takes_gradients: bool = False
    makes_state: bool = False
    calls: list[cst.Call | None] = field(default_factory=list)
