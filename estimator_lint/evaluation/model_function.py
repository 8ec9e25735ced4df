"""Evaluating a model function in every mode, as an Estimator would call it.

What the arguments are is by ``Estimator._call_model_fn``
(``tensorflow_estimator/python/estimator/estimator.py``, TensorFlow 2.15.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

# Registers how each kind of statement and expression is evaluated.
import estimator_lint.evaluation.language  # noqa: F401
from estimator_lint.definitions import is_static
from estimator_lint.evaluation.addressed import addressed_modes, is_rejected
from estimator_lint.evaluation.budget import Budget, TooMuchWorkError
from estimator_lint.evaluation.calls.dispatch import call
from estimator_lint.evaluation.calls.history import happened
from estimator_lint.evaluation.code.scopes import FunctionCode, Parameter, Scope
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.handlers import Operations
from estimator_lint.evaluation.lookup.names import receiver_value
from estimator_lint.evaluation.modules.module_names import ModuleNames
from estimator_lint.evaluation.paths.frames import Frame
from estimator_lint.evaluation.paths.state import State
from estimator_lint.evaluation.specs.construction import spare_others, use_spec
from estimator_lint.evaluation.specs.kinds import nature
from estimator_lint.evaluation.trace import Place, Return, Trace
from estimator_lint.evaluation.values.returned import KnownFunctions
from estimator_lint.evaluation.values.values import (
    NONE,
    UNBOUND,
    Constant,
    SpecValue,
    Value,
)
from estimator_lint.pieces import NotAnalysable
from estimator_lint.process_settings import room_for_recursion
from estimator_lint.signatures import signature_of
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.signatures import MODEL_FN_ARGUMENTS
from estimator_lint.tensorflow_api.specs import MODEL_FN_OPS

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from estimator_lint.discovery import ModelFunction
    from estimator_lint.imported_functions import ImportedFunction

_OPERATIONS = Operations(call=call, nature=nature)

#: What an Estimator passes, by name, besides ``labels`` and ``mode``; never None.
_ALWAYS_PASSED = frozenset({"params", "config"})


@dataclass(frozen=True)
class FunctionTraces:
    """What evaluation recorded of a model function.

    Attributes:
        function: the model function.
        module: the names of the module that it stands in.
        name_place: its name in the ``def``; of a lambda the lambda itself.
        traces: for each mode what happened.
        addressed: the modes that the function says something about.
        rejected: the modes in which all that it is meant to do is to raise.
        makes_specs: it or a function that it calls constructs specs.
        body: of its code.
        via: of a function of another file where the linted file gives it to an Estimator.
        as_defined: of such a function what its own file knows of it.
    """

    function: ModelFunction
    module: ModuleNames
    name_place: Place
    traces: dict[Mode, Trace]
    addressed: frozenset[Mode]
    rejected: frozenset[Mode]
    makes_specs: bool
    body: cst.CSTNode
    via: Place | None = None
    as_defined: ModelFunction | None = None

    def requiring(self, modes: frozenset[Mode], others: Iterable[FunctionTraces]) -> FunctionTraces:
        """The same with ``modes`` addressed, too, as far as something calls it in them.

        What no Estimator is given may be a helper: one that takes no ``mode`` is made for that
        of its spec, and one that other model functions of the file call, for those of the call.
        """
        addressed = self.addressed | modes
        if not self.function.given_to and not self.function.decorated:
            if signature_of(self.function.node).named("mode") is None:
                addressed = self.addressed
            callers = [other for other in others if any(other.calls(self, mode) for mode in Mode)]
            if callers:
                called = {mode for mode in Mode if any(one.calls(self, mode) for one in callers)}
                addressed &= called
        return replace(self, addressed=addressed)

    @property
    def checked_modes(self) -> list[Mode]:
        """The modes that it says something about, in order, but for those that it refuses.

        What goes wrong before the ``raise`` is no loss.
        """
        return [mode for mode in Mode if mode in self.addressed and mode not in self.rejected]

    def calls(self, other: FunctionTraces, mode: Mode) -> bool:
        """Whether it calls another model function in a mode, and that is followed."""
        block = other.body
        return (
            other is not self
            and isinstance(block, cst.IndentedBlock)
            and block.body[0] in self.traces[mode].ran
        )

    def tests_of_mode(self) -> set[cst.CSTNode]:
        """The tests that come out in one mode as they don't in another that comes to them."""
        seen: dict[cst.CSTNode, set[bool]] = {}
        differing: set[cst.CSTNode] = set()
        for trace in self.traces.values():
            for node, outcomes in trace.outcomes.items():
                if seen.setdefault(node, outcomes) != outcomes:
                    differing.add(node)
        return differing

    def place_of(self, node: ast.AST) -> Place:
        """Where a node of the index stands; the name, if libcst can't tell.

        The construction of an Estimator stands in the linted file, all else in the module.
        """
        constructing = any(
            node in (handover.node, handover.params) for handover in self.function.handovers
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


def evaluate_imported_function(
    module: ModuleNames, imported: ImportedFunction, known: KnownFunctions | None = None
) -> FunctionTraces:
    """Evaluate a function of another file that ``module`` gives to an Estimator.

    Raises:
        NotAnalysable: as ``evaluate_model_function``.
    """
    via = Place(*module.source.standing_at(imported.node))
    other = module.of(imported.module)
    traces = evaluate_model_function(other, imported.function, via, known)
    return replace(traces, as_defined=imported.as_defined)


def evaluate_model_function(
    module: ModuleNames,
    function: ModelFunction,
    via: Place | None = None,
    known: KnownFunctions | None = None,
) -> FunctionTraces:
    """Evaluate ``function`` once per mode.

    ``via`` is where the linted file gives it to an Estimator, if it stands in another;
    ``known`` is what other evaluations of the file have learnt of its functions.

    Raises:
        NotAnalysable: libcst can't parse it, it is nested too deeply, or too complex.
    """
    code = module.function(function.node, function.owner)
    name = code.node.name if isinstance(code.node, cst.FunctionDef) else code.node
    labels = _labels_parameter(function, code, by_position=_by_position(function))
    node = function.node
    new_evaluator = partial(
        Evaluator,
        _OPERATIONS,
        home=module,
        via=via,
        known_functions=known or KnownFunctions(),
        budget=Budget((node.end_lineno or node.lineno) - node.lineno),
    )
    try:
        traces, intentions = _traces(new_evaluator, function, code, labels)
        if labels is None and any(_is_of_contrib(trace) for trace in intentions):
            labels = _labels_parameter(function, code, by_position=True)
            if labels is not None:
                traces, intentions = _traces(new_evaluator, function, code, labels)
    except TooMuchWorkError:
        raise NotAnalysable("it is too complex") from None
    return FunctionTraces(
        function=function,
        module=module,
        name_place=Place(code.piece, name, via, code.qualified_name if via else ""),
        traces=traces,
        addressed=addressed_modes(function, code, intentions),
        rejected=frozenset(mode for mode in Mode if is_rejected(mode, intentions)),
        makes_specs=_makes_specs(intentions),
        body=code.node.body,
        via=via,
    )


def _traces(
    new_evaluator: partial[Evaluator],
    function: ModelFunction,
    code: FunctionCode,
    labels: str | None,
) -> tuple[dict[Mode, Trace], list[Trace]]:
    """What happens in each mode; and what besides tells what the function is meant to do."""
    traces: dict[Mode, Trace] = {}
    intentions: list[Trace] = []
    broken: list[Mode] = []
    with room_for_recursion():
        for mode in Mode:
            ev = new_evaluator(mode)
            traces[mode] = _run(ev, function, code, labels)
            intentions.append(traces[mode])
            if ev.went_wrong:
                broken.append(mode)
        for mode in broken:
            survey = new_evaluator(mode, survey=True)
            intentions.append(_run(survey, function, code, labels))
    return traces, intentions


def _by_position(function: ModelFunction) -> bool:
    return any(handover.by_position for handover in function.handovers)


def _is_of_contrib(trace: Trace) -> bool:
    """Whether a spec is one that only the Estimator of ``tf.contrib.learn`` takes."""
    return any(visit.spec_class is MODEL_FN_OPS for visit in trace.visits)


def _labels_parameter(
    function: ModelFunction, code: FunctionCode, *, by_position: bool
) -> str | None:
    """The parameter that gets the labels: the one of that name; by position the second."""
    parameters = code.parameters
    if any(parameter.name == "labels" for parameter in parameters):
        return "labels"
    if not by_position:
        return None
    places = [one.name for one in parameters if one.kind.startswith("positional")]
    receivers = 1 if function.owner is not None and not is_static(function.node) else 0
    second = places[1 + receivers :][:1]
    return second[0] if second and second[0] not in MODEL_FN_ARGUMENTS else None


def _run(ev: Evaluator, function: ModelFunction, code: FunctionCode, labels: str | None) -> Trace:
    """Evaluate the function in the mode of ``ev``."""
    ev.trace.labels_name = labels or "labels"
    ev.trace.params_keys = function.params_keys
    around: Scope | None = None
    for depth, (node, owner) in enumerate(function.enclosing):
        enclosing = ev.home.function(node, owner)
        identity = ("context", depth)
        around = Scope(identity, enclosing.local_names, enclosing, around, is_context=True)
    state = State.at_bottom(ev.bottom)
    scope = Scope(("model function",), code.local_names, code, around)
    for name in sorted(code.local_names):
        state.bind(scope, name, UNBOUND)
    for parameter in code.parameters:
        state.bind(scope, parameter.name, _passed(ev, code, parameter, labels))
    ev.capture(around)
    with ev.entering(Frame(scope, code)), ev.collecting_exits() as exits:
        if isinstance(code.node, cst.Lambda):
            place = ev.place(code.node.body)
            for value, after in ev.evaluate(code.node.body, [state]):
                exits.returns.append((ev.resolve(value, after), after, place))
        else:
            ends = ev.run_body(code.node.body, [state])
            exits.returns += [(NONE, after, None) for after in ends]
    for raised in exits.raises:
        ev.trace.raised_by |= raised.by
        for fault in raised.faults:
            fault.escaped = True
    for value, after, returned in exits.returns:
        spare_others(ev, value, after)
        taken = not isinstance(value, SpecValue) or use_spec(value, after, returned=True)
        ev.went_wrong |= not taken
        if taken or ev.survey:
            end = Return(returned, value, after.doubts, happened(ev, after), passed=after.passed)
            ev.trace.returns.append(end)
    ev.trace.origins = ev.origins
    return ev.trace


def _passed(ev: Evaluator, code: FunctionCode, parameter: Parameter, labels: str | None) -> Value:
    """What an Estimator passes for a parameter, in the mode at hand."""
    name = parameter.name
    if parameter.kind in ("*", "**"):
        return ev.opaque("parameter", name, not_none=True)
    if name == "mode":
        return Constant(ev.mode.value, role="mode")
    if name == labels:
        if ev.mode is Mode.PREDICT:
            return Constant(None, role="labels")
        return _input(ev, name, labels=True)
    if name == "features":
        return _input(ev, name)
    receiver = receiver_value(ev, code, name)
    if receiver is not None:
        return receiver
    return ev.opaque("parameter", name, not_none=name in _ALWAYS_PASSED)


def _input(ev: Evaluator, name: str, *, labels: bool = False) -> Value:
    """What an input function gives."""
    return ev.opaque("parameter", name, not_none=True, labels=labels, of_input=True)


def _makes_specs(traces: list[Trace]) -> bool:
    return any(
        trace.visits or trace.rejected_calls or trace.creates_estimator_spec for trace in traces
    )
