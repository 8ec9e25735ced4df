"""MFN501/511 and 505: training that does not count its steps, or that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.values.provenance import OperationOn
from estimator_lint.domain.values.values import FunctionValue, SymbolicValue, Value, same_as_none
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import is_left_alone, may_count_steps, training_paths
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.train_op_functions import (
    HEAD_OPTIMIZER,
    HEAD_VARIABLES,
    global_step_argument,
    is_keras_loss,
    is_keras_step,
    keras_optimizer_method,
    makes_spec_by_head,
)
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import CallOf, Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace


def _no_global_step(traces: FunctionTraces) -> Iterator[Judgement]:
    return _steps_not_counted(traces, _has_no_global_step)


def _steps_not_counted(
    traces: FunctionTraces, counts_nothing: Callable[[CallOf, Trace], bool]
) -> Iterator[Judgement]:
    """Judgements of the steps that are all a train_op runs, and that do not count."""
    paths = training_paths(traces)
    if not paths or may_count_steps(paths[0].trace):
        return
    wrong: dict[Place, list[Return]] = {}
    fine: set[Place] = set()
    subjects: dict[Place, str] = {}
    for path in paths:
        if not path.steps:
            continue
        if not all(counts_nothing(call, path.trace) for _, call in path.steps):
            fine.update(watched.place for watched, _ in path.steps)
            continue
        watched, call = path.steps[-1]
        wrong.setdefault(watched.place, []).append(path.returned)
        subjects[watched.place] = _method(call)
    for place, returns in wrong.items():
        if one_exists(returned.doubts for returned in returns):
            certain = place not in fine and all(path.steps for path in paths)
            passed = clearest(returns).passed
            yield Judgement(place, Mode.TRAIN, certain, subjects[place], passed=passed)


def _has_no_global_step(step: CallOf, trace: Trace) -> bool:
    """Whether the step of a plain optimizer gets no global step."""
    position = global_step_argument(step.path or "")
    if position is None or not is_left_alone(step.receiver, trace):
        return False
    given = step.argument(position, "global_step")
    return given is None or same_as_none(given)


def _method(step: CallOf) -> str:
    return (step.path or "").rpartition(".")[2]


def _is_counted(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    """Whether the step at ``place`` is one that this function may count."""
    paths = training_paths(traces) if mode is Mode.TRAIN else []
    return any(
        watched.place == place
        and (not _has_no_global_step(call, path.trace) or may_count_steps(path.trace))
        for path in paths
        for watched, call in path.steps
    )


def _keras_optimizer(traces: FunctionTraces) -> Iterator[Judgement]:
    for judgement in _steps_not_counted(traces, _has_no_iterations):
        if judgement.certain:
            subject = (
                f"'{judgement.subject}' counts its steps in 'iterations', "
                "which is not set to the global step"
            )
            yield Judgement(judgement.place, Mode.TRAIN, subject=subject, passed=judgement.passed)
    yield from _wrong_calls(traces, _minimizes_wrongly)
    yield from _wrong_calls(traces, _head_can_not_train)


def _has_no_iterations(step: CallOf, trace: Trace) -> bool:
    """Whether a Keras optimizer takes the step, and counts it only in its own ``iterations``."""
    return is_keras_step(step.path or "") and is_left_alone(step.receiver, trace)


def _wrong_calls(
    traces: FunctionTraces, problem: Callable[[CallOf, Origins], str | None]
) -> Iterator[Judgement]:
    """Judgements of the calls that are wrong on every path that makes them."""
    calls: dict[Place, list[tuple[Return, str | None]]] = {}
    for path in training_paths(traces):
        for watched, call in path.calls():
            wrong = problem(call, path.trace.origins)
            calls.setdefault(watched.place, []).append((path.returned, wrong))
    for place, made in calls.items():
        texts = [text for _, text in made if text is not None]
        if len(texts) == len(made) and one_exists(path.doubts for path, _ in made):
            passed = clearest(path for path, _ in made).passed
            yield Judgement(place, Mode.TRAIN, subject=texts[0], passed=passed)


def _minimizes_wrongly(call: CallOf, origins: Origins) -> str | None:
    """What is wrong with a call of a Keras optimizer's ``minimize``; None if nothing is known."""
    loss = call.argument(0, "loss")
    if keras_optimizer_method(call.path or "") != "minimize" or not call.complete or loss is None:
        return None
    if call.argument(1, "var_list") is None:
        return "a Keras optimizer's 'minimize' is called without 'var_list'"
    # From TensorFlow 2.4 on a tensor will do together with its tape, the last argument.
    if "tape" in call.keywords or len(call.arguments) >= 5 or not _is_tensor(loss, origins):
        return None
    return "a Keras optimizer's 'minimize' is called with a tensor, not a loss function"


def _head_can_not_train(call: CallOf, origins: Origins) -> str | None:
    """What is wrong with the training arguments of a head; None if nothing is known."""
    optimizer = call.argument(*HEAD_OPTIMIZER)
    if (
        not makes_spec_by_head(call.path or "")
        or not call.complete
        or not isinstance(optimizer, SymbolicValue)
    ):
        return None
    kind = kind_of_result(optimizer.result_of or "")
    if kind is not None and isinstance(call.keywords.get("train_op_fn"), FunctionValue):
        return "a head is called with both 'optimizer' and 'train_op_fn'"
    if kind is Kind.OPTIMIZER:
        return "a head that needs a Keras optimizer is called with one of 'tf.compat.v1.train'"
    variables = call.argument(*HEAD_VARIABLES)
    if kind is Kind.KERAS_OPTIMIZER and (variables is None or same_as_none(variables)):
        return "a head with a Keras optimizer is called without 'trainable_variables'"
    return None


def _is_tensor(value: Value, origins: Origins) -> bool:
    if not isinstance(value, SymbolicValue):
        return False
    if value.tensor or is_keras_loss(value.result_of or ""):
        return True
    origin = origins.get(value.number)
    return isinstance(origin, OperationOn) and any(
        _is_tensor(operand, origins) for operand in origin.operands
    )


TRAINING_RULES = (
    Rule(
        "MFN501",
        "MFN511",
        "no-global-step",
        "The optimizer step that becomes `train_op` does not increment the global step.",
        "'{subject}' is called without global_step{possibly} in {modes}: "
        "training steps are not counted",
        _no_global_step,
        _is_counted,
    ),
    Rule(
        "MFN505",
        None,
        "keras-optimizer",
        "A Keras optimizer is used in a way that raises, or that does not count training steps.",
        "{subject} in {modes}",
        _keras_optimizer,
    ),
)
