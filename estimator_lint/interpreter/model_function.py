"""Evaluating a model function in every mode, as an Estimator would call it.

Its arguments are those that ``Estimator._call_model_fn`` passes
(``tensorflow_estimator/python/estimator/estimator.py``, TensorFlow 2.15.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

# Registers how each kind of statement and expression is evaluated.
import estimator_lint.interpreter.language  # noqa: F401
from estimator_lint.discovery.definitions import is_static
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.places import Place
from estimator_lint.domain.values.returned import KnownFunctions
from estimator_lint.domain.values.values import (
    NOTHING_STORED,
    TRUE,
    Constant,
    Overrides,
    SymbolicValue,
    Value,
)
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.facts.trace import Return, Trace
from estimator_lint.interpreter.addressed_modes import addressed_modes, is_rejected
from estimator_lint.interpreter.budget import Budget, TooMuchWorkError
from estimator_lint.interpreter.calls.dispatch import call
from estimator_lint.interpreter.calls.history import happened, made
from estimator_lint.interpreter.conditions.choices_of_mode import chosen_by_mode
from estimator_lint.interpreter.evaluator import Evaluator, Operations
from estimator_lint.interpreter.first_call import run_function
from estimator_lint.interpreter.input_keys import keys_given
from estimator_lint.interpreter.lookup.names import receiver_value
from estimator_lint.interpreter.specs.construction import spare_others, use_spec
from estimator_lint.interpreter.specs.type_inference import value_type
from estimator_lint.process_settings import room_for_recursion
from estimator_lint.project.code import FunctionCode, ModuleCode, Parameter
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.tensorflow_api.model_fn_arguments import MODEL_FN_ARGUMENTS
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.specs import MODEL_FN_OPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from estimator_lint.discovery.imported_functions import ImportedFunction
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.elements import InputKeys

_OPERATIONS = Operations(call=call, value_type=value_type)

#: The keys of features, and of labels, in a mode: for each way to run it those of its inputs.
_KeysOfInput: TypeAlias = "tuple[tuple[InputKeys, ...], tuple[InputKeys, ...]]"

#: What an Estimator passes, by name, besides ``labels`` and ``mode``; never None.
_ALWAYS_PASSED = frozenset({"params", "config"})


def evaluate_imported_function(
    module: ModuleCode,
    imported: ImportedFunction,
    known: KnownFunctions | None = None,
    is_of_concern: Callable[[FunctionTraces], bool] | None = None,
) -> FunctionTraces:
    """Evaluate a function of another file that ``module`` gives to an Estimator.

    Raises:
        NotAnalysable: as ``evaluate_model_function``.
    """
    via = Place(*module.source.standing_at(imported.node))
    other = module.of(imported.module)
    traces = evaluate_model_function(
        other, imported.function, via, known, is_of_concern=is_of_concern
    )
    return replace(traces, as_defined=imported.as_defined)


def evaluate_model_function(
    module: ModuleCode,
    function: ModelFunction,
    via: Place | None = None,
    known: KnownFunctions | None = None,
    make_evaluator: Callable[..., Evaluator] | None = None,
    is_of_concern: Callable[[FunctionTraces], bool] | None = None,
) -> FunctionTraces:
    """Evaluate ``function`` once per mode.

    ``via`` is where the linted file gives it to an Estimator, if it is in another file; ``known``
    is what other evaluations of the file have learnt about its functions; ``make_evaluator`` takes
    the arguments of ``Evaluator``. ``is_of_concern`` tells whether anything is wrong with it: only
    then is it evaluated once more, where the modes have shown tests whose outcomes follow from the
    mode, with these in doubt. Doubts take from what is wrong, and never add to it.

    Raises:
        NotAnalysable: libcst can't parse it, it is nested too deeply, or too complex.
    """
    code = module.function(function.node, function.owner)
    labels = _labels_parameter(function, code, by_position=_by_position(function))
    node = function.node
    lines = (node.end_lineno or node.lineno) - node.lineno
    known = known or KnownFunctions()
    new_evaluator = partial(
        make_evaluator or Evaluator,
        _OPERATIONS,
        own_module=module,
        via=via,
        known_functions=known,
        is_converted=function.is_converted,
        budget=Budget(lines),
        numbers={},  # of values, the same in all modes
    )
    keys = {mode: _keys_of_input(function, module, mode, known) for mode in Mode}
    try:
        runs = _runs(new_evaluator, function, code, labels, keys)
        if labels is None and any(_is_of_contrib(trace) for trace in runs.intentions):
            labels = _labels_parameter(function, code, by_position=True)
            if labels is not None:
                runs = _runs(new_evaluator, function, code, labels, keys)
        found = _function_traces(function, module, code, runs, via)
        if is_of_concern is not None and is_of_concern(found):
            chosen = chosen_by_mode(runs.evaluators)
            if chosen:
                in_doubt = partial(new_evaluator, chosen=chosen, budget=Budget(lines))
                runs = _runs(in_doubt, function, code, labels, keys)
                found = _function_traces(function, module, code, runs, via)
    except TooMuchWorkError:
        raise NotAnalysable("too complex") from None
    return found


@dataclass(frozen=True)
class _Runs:
    """The evaluations of a model function.

    Attributes:
        evaluators: that of each mode.
        intentions: what they recorded, with the runs past faults, which show what is intended.
    """

    evaluators: list[Evaluator]
    intentions: list[Trace]


def _function_traces(
    function: ModelFunction,
    module: ModuleCode,
    code: FunctionCode,
    runs: _Runs,
    via: Place | None,
) -> FunctionTraces:
    name = code.node.name if isinstance(code.node, cst.FunctionDef) else code.node
    intentions = runs.intentions
    return FunctionTraces(
        function=function,
        module=module,
        name_place=Place(code.piece, name, via, code.qualified_name if via else ""),
        traces={ev.mode: ev.trace for ev in runs.evaluators},
        addressed=addressed_modes(function, code, intentions),
        rejected=frozenset(mode for mode in Mode if is_rejected(mode, intentions)),
        makes_specs=_makes_specs(intentions),
        body=code.node.body,
        via=via,
    )


def _keys_of_input(
    function: ModelFunction, module: ModuleCode, mode: Mode, known: KnownFunctions
) -> _KeysOfInput:
    def new_evaluator() -> Evaluator:
        return Evaluator(_OPERATIONS, mode, module, known_functions=known, is_of_input=True)

    return keys_given(function, mode, new_evaluator)


def _runs(
    new_evaluator: partial[Evaluator],
    function: ModelFunction,
    code: FunctionCode,
    labels: str | None,
    keys: Mapping[Mode, _KeysOfInput],
) -> _Runs:
    """Evaluate the function in each mode, and past faults if that could tell anything more."""

    def run(ev: Evaluator) -> Trace:
        return _run(ev, function, code, labels, keys[ev.mode])

    with room_for_recursion():
        evaluators = [new_evaluator(mode) for mode in Mode]
        intentions = list(map(run, evaluators))
        for ev in evaluators:
            if not ev.went_wrong and ev.trace.refused_returns:
                intentions.append(_with_refused_returns(ev.trace))
        broken = [
            ev.mode for ev in evaluators if ev.went_wrong or _uses_none_of_mode(ev, evaluators)
        ]
        if broken and not _is_settled(function, code, labels, intentions):
            for mode in broken:
                intentions.append(run(new_evaluator(mode, continue_past_faults=True)))
    return _Runs(evaluators, intentions)


def _uses_none_of_mode(ev: Evaluator, evaluators: list[Evaluator]) -> bool:
    """Whether something is used as None can't be where some other mode never has None."""
    used = {use.place.node for use in ev.trace.none_uses}
    return bool(used) and any(used & other.trace.never_none for other in evaluators)


def _is_settled(
    function: ModelFunction, code: FunctionCode, labels: str | None, traces: list[Trace]
) -> bool:
    """Whether runs past faults would change nothing of what is made of the intentions.

    Such a run adds specs, tests and returns to those of the mode. They can only add to the modes
    that are addressed, and take from those that are rejected: all are, and none is.
    """
    return (
        all(trace.returns for trace in traces)
        and (labels is not None or any(map(_is_of_contrib, traces)))
        and _makes_specs(traces)
        and addressed_modes(function, code, traces) == frozenset(Mode)
    )


def _with_refused_returns(trace: Trace) -> Trace:
    """What a run past faults would find where all faults are in what is returned."""
    return replace(trace, returns=[*trace.returns, *trace.refused_returns])


def _by_position(function: ModelFunction) -> bool:
    return any(estimator_use.by_position for estimator_use in function.estimator_uses)


def _is_of_contrib(trace: Trace) -> bool:
    """Whether a spec is of a class that only ``tf.contrib.learn.Estimator`` accepts."""
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


def _run(
    ev: Evaluator,
    function: ModelFunction,
    code: FunctionCode,
    labels: str | None,
    keys: _KeysOfInput,
) -> Trace:
    """Evaluate the function in the mode of ``ev``."""
    ev.trace.labels_name = labels or "labels"
    ev.trace.params_keys = function.params_keys

    def passed(parameter: Parameter, state: State) -> Value:
        value = _passed(ev, code, parameter, labels)
        _note_keys(ev, parameter.name, value, labels, keys, state)
        if parameter.name == "params" and isinstance(value, SymbolicValue):
            _note_tpu(ev, function, value, state)
        return value

    exits = run_function(ev, code, function.enclosing, passed)
    for raised in exits.raises:
        ev.trace.raised_by |= raised.by
        for fault in raised.faults:
            fault.escaped = True
    for value, after, returned in exits.returns:
        spare_others(ev, value, after)
        taken = not isinstance(value, SpecValue) or use_spec(value, after, returned=True)
        calls, variables = happened(ev, after), made(ev, after)
        end = Return(returned, value, after.doubts, calls, made=variables, passed=after.passed)
        kept = taken or ev.continues_past_faults
        (ev.trace.returns if kept else ev.trace.refused_returns).append(end)
    ev.trace.origins = {
        number: origin for number, origin in ev.origins.items() if number not in ev.created_in_skims
    }
    return ev.trace


def _passed(ev: Evaluator, code: FunctionCode, parameter: Parameter, labels: str | None) -> Value:
    """What an Estimator passes for a parameter, in the current mode."""
    name = parameter.name
    if parameter.kind in ("*", "**"):
        return ev.symbolic_value("parameter", name, not_none=True)
    if name == "mode":
        return Constant(ev.mode.value, role="mode")
    if name == labels:
        if ev.mode is Mode.PREDICT:
            return Constant(None, role="labels")
        return _input(ev, name, labels=True)
    if name == "features":
        features = _input(ev, name)
        ev.trace.features = features.number
        return features
    receiver = receiver_value(ev, code, name)
    if receiver is not None:
        return receiver
    return ev.symbolic_value("parameter", name, not_none=name in _ALWAYS_PASSED)


def _note_keys(
    ev: Evaluator,
    name: str,
    value: Value,
    labels: str | None,
    keys: _KeysOfInput,
    state: State,
) -> None:
    """Note the keys of the features and of the labels, and watch what is stored in them."""
    if isinstance(value, SymbolicValue) and name in ("features", labels):
        ways = keys[name != "features"]
        if ways:
            ev.trace.input_keys[value.number] = ways
            state.set_contents(value.number, NOTHING_STORED)


def _note_tpu(ev: Evaluator, function: ModelFunction, params: SymbolicValue, state: State) -> None:
    """Note that a ``TPUEstimator`` tells by ``params`` that it runs on a TPU.

    In PREDICT, it may also export the model, which runs on the CPU then.
    """
    if ev.mode is not Mode.PREDICT and function.runs_on_tpu(ev.mode):
        state.set_contents(params.number, Overrides({}, {"use_tpu": TRUE}))


def _input(ev: Evaluator, name: str, *, labels: bool = False) -> SymbolicValue:
    """The result of an input function."""
    return ev.symbolic_value("parameter", name, not_none=True, labels=labels, of_input=True)


def _makes_specs(traces: list[Trace]) -> bool:
    return any(
        trace.visits
        or trace.rejected_calls
        or trace.creates_estimator_spec
        or trace.replaces_train_op
        for trace in traces
    )
