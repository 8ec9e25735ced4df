"""Classes of the project that derive from layers and models of Keras.

``__call__`` of such an object is Keras's, and calls its method ``call``, which the project defines.
Keras passes ``training`` on to the layers that ``call`` applies without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.values import (
    Argument,
    Constant,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.arguments import spread
from estimator_lint.interpreter.classes.method_resolution import (
    look_up_member,
    method_resolution_order,
)
from estimator_lint.interpreter.lookup.instances import instance
from estimator_lint.interpreter.objects import dict_contents, items_of
from estimator_lint.project.code import ClassCode
from estimator_lint.tensorflow_api.layer_functions import layer_call
from estimator_lint.tensorflow_api.layer_objects import is_base_of_layers
from estimator_lint.tensorflow_api.symbols import short_name

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import FunctionCode

#: Parameters of ``call`` that Keras fills if the caller does not.
_FILLED: Final = ("training", "mask")


def is_layer_class(ev: Evaluator, code: ClassCode) -> bool:
    """Whether an object of a class is called by Keras, which does nothing but to call ``call``."""
    beyond = [one for one in method_resolution_order(ev, code) if isinstance(one, int)]
    return bool(beyond) and all(is_base_of_layers(ev.symbol_of(one) or "") for one in beyond)


def builds_itself(ev: Evaluator, code: ClassCode) -> bool:
    """Whether a layer has a method that Keras calls before the first call, to make variables."""
    return isinstance(look_up_member(ev, code, "build"), ClassCode)


def passed_by_keras(
    ev: Evaluator,
    receiver: SymbolicValue,
    method: FunctionCode,
    arguments: Sequence[Argument],
    state: State,
) -> list[Argument]:
    """The arguments of ``call``, as ``Layer.__call__`` passes them on.

    Keras makes tensors of numbers in the first one. What it fills in is unknown. It drops
    ``training`` if ``call`` does not take it. Layers of ``tf.layers`` pass the scope that they have
    entered, if ``call`` takes it, whatever ``scope`` they are given
    (``keras/src/engine/base_layer_v1.py`` and ``keras/src/legacy_tf_layers/base.py``, 2.15.0).
    """
    given = spread(ev, arguments, state)
    if given.more_positional or given.more_keywords:
        return [Argument(receiver), *arguments]
    positional, keywords = list(given.positional), dict(given.keywords)
    names = [parameter.name for parameter in method.parameters][1:]
    if positional:
        positional[0] = replace(positional[0], value=_converted(ev, positional[0].value, state))
    elif names and names[0] in keywords:
        inputs = keywords[names[0]]
        keywords[names[0]] = replace(inputs, value=_converted(ev, inputs.value, state))
    takes_any = any(parameter.kind == "**" for parameter in method.parameters)
    if "training" not in names and not takes_any:
        keywords.pop("training", None)
    if _is_of_tf_layers(ev, receiver):
        keywords.pop("scope", None)
        if "scope" in names:
            scope = ev.symbolic_value("scope of a layer", ev.identity(receiver), not_none=True)
            keywords["scope"] = Argument(scope, "scope")
    for name in [one for one in _FILLED if one in names]:
        unknown = Argument(
            ev.symbolic_value("filled by Keras", ev.identity(receiver), name, imprecise=True), name
        )
        position = names.index(name)
        if position < len(positional):
            if same_as_none(ev.resolve(positional[position].value, state)):
                positional[position] = Argument(unknown.value)
        elif name not in keywords or same_as_none(ev.resolve(keywords[name].value, state)):
            keywords[name] = unknown
    named = [replace(argument, keyword=name, star="") for name, argument in keywords.items()]
    return [Argument(receiver), *positional, *named]


def _is_of_tf_layers(ev: Evaluator, receiver: SymbolicValue) -> bool:
    """Whether an object may be of a class that derives from ``tf.compat.v1.layers.Layer``."""
    paths = [
        short_name(ev.symbol_of(one) or "") or ""
        for code in instance(ev, receiver).classes
        for one in method_resolution_order(ev, code)
        if isinstance(one, int)
    ]
    return any("layers" in path and "keras" not in path for path in paths)


def _converted(ev: Evaluator, value: Value, state: State) -> Value:
    """The inputs of a layer: numbers become tensors; containers with numbers are made anew."""
    value = ev.resolve(value, state)
    if _is_number(value):
        return ev.derived("converted by Keras", of=[value], tensor=True)
    return ev.unknown(not_none=True) if _has_numbers(ev, value, state) else value


def _is_number(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, int | float)


def _has_numbers(ev: Evaluator, value: Value, state: State, depth: int = 3) -> bool:
    """Whether a container has numbers in it, perhaps within other ones."""
    if isinstance(value, Constant | SymbolicValue) or not depth:
        return False
    entries = dict_contents(value, state)
    parts = items_of(value, state) if entries is None else entries.entries.values()
    return any(
        _is_number(part) or _has_numbers(ev, part, state, depth - 1)
        for part in (ev.resolve(each, state) for each in parts or ())
    )


def as_applied(ev: Evaluator, path: str | None, given: Arguments) -> Arguments:
    """The arguments of a call: a layer in the ``call`` of another one may get ``training``."""
    layer = None if path is None else layer_call(path)
    if (
        layer is None
        or "training" in given.keywords
        or layer.training < len(given.positional)
        or not ev.is_in_layer
    ):
        return given
    return replace(given, more_keywords=True)
