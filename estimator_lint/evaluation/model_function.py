"""Evaluating a model function in every mode, as an Estimator would call it.

What the arguments are is by ``Estimator._call_model_fn``
(``tensorflow_estimator/python/estimator/estimator.py``, TensorFlow 2.15.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

# Registers how each kind of statement and expression is evaluated.
import estimator_lint.evaluation.language  # noqa: F401
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
from estimator_lint.evaluation.trace import Place, Return, SiteVisit, Trace
from estimator_lint.evaluation.values.values import (
    NONE,
    UNBOUND,
    Constant,
    SpecValue,
    Value,
    same_as_none,
)
from estimator_lint.pieces import NotAnalysable, room_for_recursion
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode

if TYPE_CHECKING:
    import ast

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
        rejected: the modes in which all that it is meant to do is to raise, as far as that
            was looked into: where nothing is found, or a use of ``labels``.
        makes_specs: it or a function that it calls constructs specs.
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
    via: Place | None = None
    as_defined: ModelFunction | None = None

    def requiring(self, modes: frozenset[Mode]) -> FunctionTraces:
        """The same with ``modes`` addressed, too."""
        return replace(self, addressed=self.addressed | modes)

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


def evaluate_imported_function(module: ModuleNames, imported: ImportedFunction) -> FunctionTraces:
    """Evaluate a function of another file that ``module`` gives to an Estimator.

    Raises:
        NotAnalysable: as ``evaluate_model_function``.
    """
    via = Place(*module.source.standing_at(imported.node))
    traces = evaluate_model_function(module.of(imported.module), imported.function, via)
    return replace(traces, as_defined=imported.as_defined)


def evaluate_model_function(
    module: ModuleNames, function: ModelFunction, via: Place | None = None
) -> FunctionTraces:
    """Evaluate ``function`` once per mode.

    ``via`` is where the linted file gives it to an Estimator, if it stands in another.

    Raises:
        NotAnalysable: libcst can't parse it, or it is nested too deeply.
    """
    code = module.function(function.node, function.owner)
    name = code.node.name if isinstance(code.node, cst.FunctionDef) else code.node
    traces: dict[Mode, Trace] = {}
    intentions: list[Trace] = []
    broken: list[Mode] = []
    with room_for_recursion():
        for mode in Mode:
            ev = Evaluator(_OPERATIONS, mode, module, via=via)
            traces[mode] = _run(ev, module, function, code)
            intentions.append(traces[mode])
            if ev.went_wrong:
                broken.append(mode)
        if (
            len(_addressed(function, code, intentions)) < len(Mode)
            or not _makes_specs(intentions)
            or any(trace.labels_uses for trace in intentions)
        ):
            for mode in broken:
                survey = Evaluator(_OPERATIONS, mode, module, survey=True, via=via)
                intentions.append(_run(survey, module, function, code))
    return FunctionTraces(
        function=function,
        module=module,
        name_place=Place(code.piece, name, via, code.qualified_name if via else ""),
        traces=traces,
        addressed=_addressed(function, code, intentions),
        rejected=frozenset(mode for mode in Mode if _is_rejected(mode, intentions)),
        makes_specs=_makes_specs(intentions),
        via=via,
    )


def _run(ev: Evaluator, module: ModuleNames, function: ModelFunction, code: FunctionCode) -> Trace:
    """Evaluate the function in the mode of ``ev``."""
    around: Scope | None = None
    for depth, (node, owner) in enumerate(function.enclosing):
        enclosing = module.function(node, owner)
        identity = ("context", depth)
        around = Scope(identity, enclosing.local_names, enclosing, around, is_context=True)
    state = State.at_bottom(ev.bottom)
    scope = Scope(("model function",), code.local_names, code, around)
    for name in sorted(code.local_names):
        state.bind(scope, name, UNBOUND)
    for parameter in code.parameters:
        state.bind(scope, parameter.name, _passed(ev, code, parameter))
    ev.capture(around)
    with ev.entering(Frame(scope, code)), ev.collecting_exits() as exits:
        if isinstance(code.node, cst.Lambda):
            place = ev.place(code.node.body)
            for value, after in ev.evaluate(code.node.body, state):
                exits.returns.append((ev.resolve(value, after), after, place))
        else:
            ends = ev.run_body(code.node.body, [state])
            exits.returns += [(NONE, after, None) for after in ends]
    ev.trace.raised_by = {raised.by for raised in exits.raises if raised.by is not None}
    for value, after, returned in exits.returns:
        spare_others(ev, value, after)
        if not isinstance(value, SpecValue) or use_spec(value, after, returned=True) or ev.survey:
            end = Return(returned, value, after.doubts, happened(ev, after), passed=after.passed)
            ev.trace.returns.append(end)
    ev.trace.origins = ev.origins
    return ev.trace


def _passed(ev: Evaluator, code: FunctionCode, parameter: Parameter) -> Value:
    """What an Estimator passes for a parameter, in the mode at hand."""
    name = parameter.name
    if parameter.kind in ("*", "**"):
        return ev.opaque("parameter", name, not_none=True)
    if name == "mode":
        return Constant(ev.mode.value, role="mode")
    if name == "labels":
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


def _addressed(function: ModelFunction, code: FunctionCode, traces: list[Trace]) -> frozenset[Mode]:
    """The modes that a model function says something about.

    It names them in a test (for PREDICT, a test of ``labels`` against None is
    one, too); or it tests for both others, and what then is left is not met by a
    ``raise``, and in PREDICT by something that predicts; or (TRAIN) some spec of it
    has a train_op, or one that TRAIN reaches has a loss and is not made for
    evaluation.  A function that takes no ``mode`` and only has such a name is one
    for the modes whose keys it uses.
    """
    takes_mode = any(parameter.name == "mode" for parameter in code.parameters)
    if not takes_mode and not function.given_to and not function.decorated:
        return frozenset(
            MODE_OF_KEY[visit.key]
            for trace in traces
            for visit in trace.visits
            if isinstance(visit.key, str) and visit.key in MODE_OF_KEY
        )
    tested = {mode for trace in traces for mode in trace.tested}
    if any(trace.labels_tested for trace in traces):
        tested.add(Mode.PREDICT)
    addressed = set(tested)
    for mode in Mode:
        others_tested = all(other in tested for other in Mode if other is not mode)
        if (
            others_tested
            and not _is_rejected(mode, traces)
            and (mode is not Mode.PREDICT or _predicts(traces))
        ):
            addressed.add(mode)
    if any(_trains(trace, bool(tested)) for trace in traces):
        addressed.add(Mode.TRAIN)
    return frozenset(addressed)


def _is_rejected(mode: Mode, traces: list[Trace]) -> bool:
    """Whether every path of ``mode`` is meant to end by a ``raise``, some by one of its own."""
    of_mode = [trace for trace in traces if trace.mode is mode]
    others = set().union(*(trace.raised_by for trace in traces if trace.mode is not mode))
    # The survey, if there is one, is the last.
    return not of_mode[-1].returns and bool(of_mode[-1].raised_by - others)


def _predicts(traces: list[Trace]) -> bool:
    """Whether PREDICT comes to a spec that is given predictions, or returns something else."""
    return any(
        trace.creates_estimator_spec
        or any(map(_is_made_to_predict, trace.visits))
        or any(_is_something_else(returned.value) for returned in trace.returns)
        for trace in traces
        if trace.mode is Mode.PREDICT
    )


def _is_something_else(value: Value) -> bool:
    return not isinstance(value, SpecValue) and not same_as_none(value)


def _is_made_to_predict(visit: SiteVisit) -> bool:
    """Whether a site is given what is for predicting: written, be it None, or with a ``**``."""
    return any(
        field in visit.field_places or not same_as_none(visit.fields.get(field, NONE))
        for field in ("predictions", "export_outputs")
    )


def _makes_specs(traces: list[Trace]) -> bool:
    return any(
        trace.visits or trace.rejected_calls or trace.creates_estimator_spec for trace in traces
    )


def _trains(trace: Trace, tests_modes: bool) -> bool:
    """Whether a spec of ``trace`` is one to train with."""
    return any(
        not same_as_none(visit.fields["train_op"])
        or (
            trace.mode is Mode.TRAIN
            and not same_as_none(visit.fields["loss"])
            and (tests_modes or not _is_for_evaluation(visit))
        )
        for visit in trace.visits
    )


def _is_for_evaluation(visit: SiteVisit) -> bool:
    """Whether a spec with a loss says that it is not made to train with."""
    metrics = visit.fields.get("eval_metric_ops", visit.fields.get("eval_metrics"))
    return "train_op" in visit.written_none or (metrics is not None and not same_as_none(metrics))
