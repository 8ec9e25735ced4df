"""What is known about ``params``, ``config`` and the input as an Estimator passes them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf
from estimator_lint.domain.values.values import NONE, Constant, SymbolicValue, constant_key
from estimator_lint.interpreter.conditions.correlation import possible
from estimator_lint.interpreter.objects import stored_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.paths.tested_objects import TestedNames
    from estimator_lint.domain.values.elements import InputKeys
    from estimator_lint.domain.values.values import Argument, Value
    from estimator_lint.interpreter.evaluator import Evaluator


def is_known_params(ev: Evaluator, value: SymbolicValue) -> bool:
    """Whether a value is the ``params`` of the file's Estimators, dicts with known keys."""
    return ev.trace.params_keys is not None and value.number == ev.number_of(
        ("parameter", "params")
    )


def lacks_key(ev: Evaluator, base: SymbolicValue, key: Constant, state: State) -> bool:
    """Whether ``base`` is the ``params`` of the file's Estimators, and has no such key."""
    return (
        is_known_params(ev, base)
        and isinstance(key.value, str)
        and key.value not in (ev.trace.params_keys or ())
        and key.value not in stored_in(base, state).items
    )


def lacks_attribute(ev: Evaluator, base: SymbolicValue, name: str) -> bool:
    """Whether ``base`` is the ``params`` of the file's Estimators, dicts without the attribute."""
    return is_known_params(ev, base) and not hasattr(dict, name)


def inputs_without_key(
    ev: Evaluator, base: SymbolicValue, key: Constant, state: State
) -> list[InputKeys]:
    """The ways to run the mode in which ``base`` is an argument without such a key."""
    ways = ev.trace.input_keys.get(base.number)
    if ways is None or not isinstance(key.value, str):
        return []
    stored = stored_in(base, state)
    if stored.open or key.value in stored.items:
        return []
    return [way for way in ways if key.value not in way.keys and _may_come_to(ev, way, state)]


def _may_come_to(ev: Evaluator, way: InputKeys, state: State) -> bool:
    """Whether an Estimator that is run in a way may reach a path, given what it passes."""
    tested = _tested_names(ev, state)
    if not way.guards.isdisjoint(tested.names):
        return False  # what decides whether it is run so decides about the path, too
    return all(
        _may_be_one_of(ev, SymbolicValue(number), constants, state)
        for key, constants in way.params.items()
        for number in tested.of_params.get(key, ())
    )


def _tested_names(ev: Evaluator, state: State) -> TestedNames:
    """What the values are called about which tests have shown anything until now."""
    known, tested = ev.tested_names, state.layer.assumed
    params = ev.symbolic_value("parameter", "params", not_none=True)
    for number in islice(tested, known.count, None):
        match ev.origins.get(number):
            case AttributeOf(name=name):
                known.names.add(name)
            case ItemOf(base=base, key=Constant(value=str() as key)):
                known.names.add(key)
                if base == params:
                    known.of_params.setdefault(key, {})[number] = None
            case CallOf(
                receiver=base, name="get", arguments=[Constant(value=str() as key), *_]
            ) if base == params:
                known.of_params.setdefault(key, {})[number] = None
            case None if path := ev.symbol_of(number):
                known.names.add(path.rpartition(".")[2])
    known.count = len(tested)
    return known


def _may_be_one_of(
    ev: Evaluator, value: SymbolicValue, constants: Sequence[Constant], state: State
) -> bool:
    known = ev.resolve(value, state)
    if isinstance(known, Constant):
        return constant_key(known) in map(constant_key, constants)
    return bool(possible(ev.correlations, value, constants, state))


def known_result_of_get(
    ev: Evaluator, function: SymbolicValue, arguments: Sequence[Argument], state: State
) -> Value | None:
    """The result of ``base.get(key)`` if it is known; None if it is not, or of another call.

    It is what the evaluated code stored under the key, or the default for a missing key of
    ``params``.
    """
    called = ev.origins.get(function.number)
    if not isinstance(called, AttributeOf) or called.name != "get":
        return None
    if any(argument.keyword or argument.star for argument in arguments):
        return None
    match [ev.resolve(called.base, state), *(each.value for each in arguments)]:
        case [SymbolicValue() as base, key, *default] if len(default) <= 1:
            key = ev.resolve(key, state)
            if not isinstance(key, Constant):
                return None
            stored = stored_in(base, state).items.get(key.value)
            if stored is not None:
                return stored
            if lacks_key(ev, base, key, state):
                return default[0] if default else NONE
    return None
