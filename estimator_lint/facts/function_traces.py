"""What evaluation recorded of a model function in all its modes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.discovery.callables import last_name
from estimator_lint.discovery.signatures import signature_of
from estimator_lint.domain.values.places import Place
from estimator_lint.facts.trace import Trace
from estimator_lint.project.code import ModuleCode
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from estimator_lint.discovery.model_functions import ModelFunction


@dataclass(frozen=True)
class FunctionTraces:
    """What evaluation recorded of a model function.

    Attributes:
        function: the model function.
        module: the names of the module that it is in.
        name_place: its name in the ``def``; of a lambda the lambda itself.
        traces: for each mode what happened.
        addressed: the modes that the function says something about.
        rejected: the modes in which all that it is meant to do is to raise.
        makes_specs: it or a function that it calls constructs specs.
        body: of its code.
        via: of a function of another file where the linted file gives it to an Estimator.
        as_defined: of such a function what its own file knows of it; None if it is not judged
            there.
    """

    function: ModelFunction
    module: ModuleCode
    name_place: Place
    traces: dict[Mode, Trace]
    addressed: frozenset[Mode]
    rejected: frozenset[Mode]
    makes_specs: bool
    body: cst.CSTNode
    via: Place | None = None
    as_defined: ModelFunction | None = None

    def requiring(self, modes: frozenset[Mode], calls: CallsBetween) -> FunctionTraces:
        """The same with ``modes`` addressed, too, as far as something calls it in them.

        What no Estimator is given may be a helper: one that takes no ``mode`` is made for that
        of its spec, and one that other model functions of the file call, for those of the call.
        """
        addressed = self.addressed | modes
        if not self.function.given_to and not self.function.decorated:
            if signature_of(self.function.node).named("mode") is None:
                addressed = self.addressed
            called = calls.modes_of_callers(self)
            if called:
                addressed &= called
        return replace(self, addressed=addressed)

    @property
    def addressed_or_run(self) -> frozenset[Mode]:
        """The addressed modes, and those in which the linted file certainly runs the function."""
        return self.addressed | self.function.certainly_run

    @property
    def checked_modes(self) -> list[Mode]:
        """The modes that are addressed or run, in order, without those that the function rejects.

        Faults before the ``raise`` need no report, those that a test expects neither, and those of
        a function of another file none where its Estimators never run it in that mode.
        """
        passed_over = self.rejected | self.function.fails_on_purpose
        if self.via is not None:
            passed_over |= self.function.never_run
        return [mode for mode in Mode if mode in self.addressed_or_run and mode not in passed_over]

    @property
    def first_statement(self) -> cst.CSTNode | None:
        """The first statement of its block, which runs wherever a call of it is followed."""
        return self.body.body[0] if isinstance(self.body, cst.IndentedBlock) else None

    def tests_of_mode(self) -> set[cst.CSTNode]:
        """The tests whose outcome differs between two modes that reach them."""
        seen: dict[cst.CSTNode, set[bool]] = {}
        differing: set[cst.CSTNode] = set()
        for trace in self.traces.values():
            for node, outcomes in trace.outcomes.items():
                if seen.setdefault(node, outcomes) != outcomes:
                    differing.add(node)
        return differing

    def run_in(self, mode: Mode) -> tuple[Place, str] | None:
        """Where the linted file runs it in a mode, and what it calls; None if that is not known."""
        source = self.module.project.linted.source
        for run_in, call in self.function.runs:
            if run_in is mode:
                with contextlib.suppress(NotAnalysable):
                    return Place(*source.standing_at(call)), last_name(call.func)
        return None

    def place_of(self, node: ast.AST) -> Place:
        """The place of a node of the index; that of its name, if libcst can't parse it.

        The construction of an Estimator is in the linted file, all else in the module.
        """
        constructing = any(
            node in (estimator_use.node, estimator_use.params)
            for estimator_use in self.function.estimator_uses
        )
        source = self.module.project.linted.source if constructing else self.module.source
        try:
            place = Place(*source.standing_at(node))
        except NotAnalysable:
            return self.name_place
        if constructing:
            return place
        return replace(place, via=self.via, within=self.name_place.within)

    @property
    def is_evident(self) -> bool:
        """Whether it is a model function by more than its name."""
        return bool(self.function.given_to or self.function.decorated or self.makes_specs)


class CallsBetween:
    """Which model functions call which others, as far as the calls are followed.

    Args:
        functions: the model functions.
    """

    def __init__(self, functions: Iterable[FunctionTraces] = ()) -> None:
        known = list(functions)
        by_first: dict[cst.CSTNode, list[FunctionTraces]] = {}
        for traces in known:
            if traces.first_statement is not None:
                by_first.setdefault(traces.first_statement, []).append(traces)
        firsts = set(by_first)
        self._called: dict[tuple[int, Mode], list[FunctionTraces]] = {}
        self._modes_of_callers: dict[int, set[Mode]] = {}
        for caller in known:
            for mode, trace in caller.traces.items():
                called = [one for first in firsts & trace.ran for one in by_first[first]]
                called = [one for one in called if one is not caller]
                self._called[id(caller), mode] = called
                for one in called:
                    self._modes_of_callers.setdefault(id(one), set()).add(mode)

    def called_by(self, caller: FunctionTraces, mode: Mode) -> list[FunctionTraces]:
        """The other functions that one of them calls in a mode."""
        return self._called[id(caller), mode]

    def modes_of_callers(self, called: FunctionTraces) -> set[Mode]:
        """The modes in which others of them call one of them."""
        return self._modes_of_callers.get(id(called), set())
