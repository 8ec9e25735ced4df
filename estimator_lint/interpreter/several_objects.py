"""Symbolic values that stand for several objects: what is stored in one may not be in another.

The same call of the same values has the same symbolic value as its result, but may return another
object each time, as ``collections.defaultdict(list)`` does. A copy counts as equal to its original.
What is an object of a library's module may be changed by every function of the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estimator_lint.domain.values.provenance import AttributeOf, ItemOf
from estimator_lint.domain.values.values import Constant, Overrides, SymbolicValue, Value

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def note_result(ev: Evaluator, result: SymbolicValue, state: State) -> None:
    """Record that a call that is not followed has this result, perhaps once more."""
    known = 0 if result.tensor else _objects(result, state)
    if result.tensor or known == 2:
        return
    state.set(("count", "objects", result.number), known + 1)
    stored = state.contents(result.number)
    if known == 1 and isinstance(stored, Overrides):
        attributes: dict[str, Value] = {
            name: _attribute(ev, result, name) for name in stored.attributes
        }
        items: dict[Any, Value] = {key: _item(ev, result, Constant(key)) for key in stored.items}
        state.set_contents(result.number, Overrides(attributes, items, open=True))


def note_copied(value: SymbolicValue, state: State) -> None:
    """Record that an object has a copy from now on."""
    state.set(("count", "objects", value.number), 2)


def stored_attribute(
    ev: Evaluator, base: SymbolicValue, name: str, value: Value, state: State
) -> Value:
    """What is known of ``base.name`` once ``value`` is assigned to it: ``value``, or nothing."""
    return value if _is_one_object(ev, base, state) else _attribute(ev, base, name)


def stored_item(
    ev: Evaluator, base: SymbolicValue, key: Value, value: Value, state: State
) -> Value:
    """What is known of ``base[key]`` once ``value`` is assigned to it: ``value``, or nothing."""
    return value if _is_one_object(ev, base, state) else _item(ev, base, key)


def _is_one_object(ev: Evaluator, value: SymbolicValue, state: State) -> bool:
    """Whether what is stored in an object is known; in a loop, each round may store another."""
    may_be_stored_again = bool(ev.loops) and value.number in ev.module_names
    return value.symbol is None and not may_be_stored_again and _objects(value, state) < 2


def stands_for_several(value: SymbolicValue, state: State) -> bool:
    """Whether a path knows the value to stand for several objects: each may have other items."""
    return _objects(value, state) > 1


def _objects(value: SymbolicValue, state: State) -> int:
    """For how many objects a path knows the value to stand; 2 are several."""
    count = state.get(("count", "objects", value.number))
    return count if isinstance(count, int) else 0


def _attribute(ev: Evaluator, of: SymbolicValue, name: str) -> SymbolicValue:
    value = ev.symbolic_value("attribute of some", of.number, name, imprecise=True)
    ev.origins[value.number] = AttributeOf(of, name)
    return value


def _item(ev: Evaluator, of: SymbolicValue, key: Value) -> SymbolicValue:
    value = ev.symbolic_value("item of some", of.number, ev.identity(key), imprecise=True)
    ev.origins[value.number] = ItemOf(of, key)
    return value
