"""The keys of the features and labels that a file's input functions return."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.elements import UNKNOWN_ELEMENT, Element, InputKeys, any_of
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import Constant, SymbolicValue, Value
from estimator_lint.interpreter.budget import TooMuchWorkError
from estimator_lint.interpreter.calls.dataset_elements import element_of, elements_of
from estimator_lint.interpreter.first_call import run_function
from estimator_lint.interpreter.lookup.names import receiver_value
from estimator_lint.process_settings import parsed
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.tensorflow_api.input_functions import METHODS_THAT_EXPORT, RECEIVER
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.discovery.shown_inputs import InputFunction, ShownInput
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import FunctionCode, Parameter
    from estimator_lint.tensorflow_api.modes import Mode


def keys_given(
    function: ModelFunction, mode: Mode, new_evaluator: Callable[[], Evaluator]
) -> tuple[tuple[InputKeys, ...], tuple[InputKeys, ...]]:
    """The keys that features, and labels, may have in a mode, for each way to run it.

    A way with several inputs in the file has the keys of all of them; a way with an unknown input
    is left out.
    """
    ways: dict[str, list[ShownInput]] = {}
    for shown in function.inputs:
        if shown.mode is mode:
            ways.setdefault(shown.way, []).append(shown)
    features: list[InputKeys] = []
    labels: list[InputKeys] = []
    for way, given in ways.items():
        either = any_of(_features_and_labels(shown, new_evaluator) for shown in given)
        for column, part in zip((features, labels), either.parts or (), strict=False):
            if part.keys is not None:
                for_serving = way in METHODS_THAT_EXPORT
                keys = InputKeys(part.keys, _constants(given), _guards(given), for_serving)
                column.append(keys)
    return tuple(features), tuple(labels)


def _constant(text: str) -> Constant:
    return Constant(parsed(lambda: ast.literal_eval(text)))


def _constants(given: Sequence[ShownInput]) -> dict[str, tuple[Constant, ...]]:
    """The constants under the keys of ``params`` that are constants in all of these runs."""
    params = [dict(shown.params) for shown in given]
    return {
        key: tuple(_constant(one[key]) for one in params)
        for key in params[0]
        if all(key in one for one in params)
    }


def _guards(given: Sequence[ShownInput]) -> frozenset[str]:
    """What all of these runs depend on."""
    return frozenset.intersection(*(shown.guards for shown in given))


def _features_and_labels(shown: ShownInput, new_evaluator: Callable[[], Evaluator]) -> Element:
    """An input as a pair."""
    if shown.function is None:
        return Element((Element(keys=shown.features), Element(keys=shown.labels)))
    try:
        given = any_of(_given(new_evaluator(), shown.function))
    except (NotAnalysable, TooMuchWorkError):
        given = UNKNOWN_ELEMENT
    if given.parts is None:
        return Element((given, UNKNOWN_ELEMENT))
    unknown = Element((UNKNOWN_ELEMENT, UNKNOWN_ELEMENT))
    return given if len(given.parts) == len(unknown.parts or ()) else unknown


def _given(ev: Evaluator, function: InputFunction) -> Iterator[Element]:
    """The results of an input function, one for each of its paths."""
    code = ev.own_module.function(function.node, function.owner)

    def passed(parameter: Parameter, _: State) -> Value:
        return _passed(ev, code, function, parameter)

    for value, after, _ in run_function(ev, code, function.enclosing, passed).returns:
        returned = ev.resolve(value, after)
        of_dataset = elements_of(ev, returned)
        received = _received(ev, returned)
        if of_dataset is not None:
            yield of_dataset
        elif received is not None:
            yield element_of(ev, received, after)
        else:
            yield element_of(ev, returned, after)


def _passed(
    ev: Evaluator, code: FunctionCode, function: InputFunction, parameter: Parameter
) -> Value:
    """The value of an input function's argument, as far as it is known."""
    if parameter.name == "mode" and function.gets_mode:
        return Constant(ev.mode.value, role="mode")
    receiver = receiver_value(ev, code, parameter.name)
    if receiver is not None:
        return receiver
    stars = parameter.kind.startswith("*")
    return ev.symbolic_value("parameter", parameter.name, not_none=stars)


def _received(ev: Evaluator, value: Value) -> Value | None:
    """The features of a serving input receiver; None for anything else."""
    made = ev.origins.get(value.number) if isinstance(value, SymbolicValue) else None
    if not isinstance(made, CallOf) or made.path is None or not is_tensorflow(made.path):
        return None
    return made.argument(0, "features") if made.path.endswith(f".{RECEIVER}") else None
