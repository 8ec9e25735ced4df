"""Merging paths: cheap merges lose nothing, dear ones lose what tells paths apart.

The cost of a merge says how much is lost.  At cost 0 nothing is: every
question that the merged state is asked has the answer it had before.  What a
merge loses turns into a imprecise SymbolicValue, which raises no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from estimator_lint.domain.paths.branch_history import common
from estimator_lint.domain.paths.doubts import merge_exactly, of_either
from estimator_lint.domain.paths.handled_exceptions import Handled, either
from estimator_lint.domain.paths.path_facts import (
    TOLD_BY_TESTS,
    correlation_lost_by_merging,
    told_apart_from,
    united,
)
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.state import (
    Entry,
    Key,
    Layer,
    Operand,
    State,
    shared_layer,
    written_since,
)
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    NONE,
    NOTHING_STORED,
    UNBOUND,
    BoundBuiltin,
    BoundMethod,
    Constant,
    DictContents,
    FunctionValue,
    Overrides,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Unbound,
    Value,
)
from estimator_lint.tensorflow_api.value_types import Compatibility

_LITTLE: Final = 1  # a number or a string that is seldom tested
_SOME: Final = 3  # a container or function
#: None, boundness, booleans, specs: what findings are made of.
MUCH: Final = 10
#: What it costs to merge two containers and what told them apart.
SIMILAR: Final = _SOME + _LITTLE


_LOST_NATURE: Final = {
    Compatibility.SAME: 0,
    Compatibility.ALIKE: 0,
    Compatibility.MADE_APART: _LITTLE,
    Compatibility.UNKNOWN: _LITTLE,
    Compatibility.DIFFERENT: MUCH,
}


#: A meeting of paths, and a place in their states.
Location: TypeAlias = "tuple[Hashable, ...]"


#: Outside of all blocks that a path keeps.
_NO_SCOPES: Final = TupleValue(())


class Joiner:
    """Merges states and values of one evaluation.

    Args:
        new_symbolic_value: gives the imprecise SymbolicValue of a location; takes ``not_none`` and
            ``tensor``, and a symbolic value of whose kind it is.
        is_live: whether a variable of a scope can still be read.
        is_kept: whether a statement that is being run keeps something under a register.
        may_be_garbage: whether an object, by its number, may be out of reach.
        is_new: whether an object, by its number, was made by the evaluated code.
        roots: the values from which anything must be reached that counts.
        compatibility: what a field makes of two values.
    """

    def __init__(
        self,
        new_symbolic_value: Callable[[Location, bool, bool, SymbolicValue | None], SymbolicValue],
        is_live: Callable[[Scope, str], bool],
        is_kept: Callable[[Key], bool],
        may_be_garbage: Callable[[int], bool],
        is_new: Callable[[int], bool],
        roots: Callable[[State], list[Value]],
        compatibility: Callable[[Value, Value], Compatibility],
    ) -> None:
        self._make_opaque = new_symbolic_value
        #: Tells the paths that meet now from others; and where in them is what is joined.
        #: What a join makes is named by both: paths that are joined apart from one another,
        #: but at the same time, do not differ in what both have lost.
        self.meetings = 0
        self._location: list[Hashable] = []
        self.is_live = is_live
        self.is_kept = is_kept
        self.may_be_garbage = may_be_garbage
        self._is_new = is_new
        self._roots = roots
        self._compatibility = compatibility
        #: What two paths were last held apart by; their neighbours mostly are by the same.
        self.held_apart: Key | None = None
        #: Of a join of several paths, which of them is being joined with those before it.
        self.step = 1
        #: What two different values were made in this join, by the step: where they are met
        #: again, the same.
        self._merged_pairs: dict[tuple[int, Value, Value], tuple[Value, int]] = {}
        #: What ``lasts`` found, for the place of this meeting.
        self._lasting: dict[Key, bool] = {}

    def begin_meeting(self) -> None:
        """Paths meet, at one place of the evaluated code."""
        self.meetings += 1
        self._lasting.clear()

    def begin_join(self) -> None:
        """Two paths, or all of a bucket, are joined."""
        self._merged_pairs.clear()
        self.step = 1

    def locate(self, *location: Hashable) -> None:
        """Say where in the paths that is which is joined next."""
        self._location[:] = location

    def _new_symbolic_value(
        self, not_none: bool, tensor: bool, of: SymbolicValue | None
    ) -> SymbolicValue:
        location = (self.meetings, *self._location)
        return self._make_opaque(location, not_none, tensor, of)

    def join(self, one: State, other: State, limit: int) -> tuple[State, int] | None:
        """The merged state and its cost, or None where it would cost more than ``limit``."""
        base = shared_layer(one, other)
        by_one, by_other = written_since(base, one), written_since(base, other)
        below = State(base, log=one.log)
        told, told_apart = told_apart_from(by_one, by_other, below)
        doubts = of_either(one.doubts, other.doubts)
        self.begin_join()
        exactly = merge_exactly(one.doubts, other.doubts)
        correlation_lost = correlation_lost_by_merging(
            told_apart, one, other, doubts, lossless=exactly
        )
        if limit < _LITTLE and _newly_lost(correlation_lost, told_apart):
            return None  # whatever else they wrote
        joined = self._join_written(by_one, one, by_other, other, limit)
        if joined is None:
            return None
        merged, cost = joined
        operands, loss = self._join_operands(one.operands, one, other.operands, other)
        cost += loss
        if cost > limit:
            return None
        if cost >= MUCH:
            correlation_lost = correlation_lost_by_merging(
                told_apart, one, other, doubts, lossless=False
            )
        if _newly_lost(correlation_lost, told_apart):
            cost += _LITTLE
            if cost > limit:
                return None
        for key, entry in {**told, **united(told_apart, one, other)}.items():
            # That nothing is told of it any more, need not be said where nothing was before.
            if entry is not None or below.peek(key) is not None:
                merged[key] = entry
        merged.update({("correlation lost", subject): True for subject in correlation_lost})
        passed = common(one.passed, other.passed)
        return State(Layer(base, merged), doubts, one.log, passed, operands), cost

    def _join_operands(
        self, a: Operand | None, one: State, b: Operand | None, other: State
    ) -> tuple[Operand | None, int]:
        """The joined stack of operands, of which both paths hold as many, and the cost."""
        pairs: list[tuple[Operand, Operand]] = []
        while a is not b:
            assert a is not None and b is not None and a.height == b.height
            pairs.append((a, b))
            a, b = a.below, b.below
        joined, cost = a, 0
        for x, y in reversed(pairs):
            self._location[:] = ("operand", x.height)
            value, loss = self.join_values(x.value, one, y.value, other)
            joined = Operand(value, joined)
            cost += loss
        return joined, cost

    def _join_written(
        self,
        by_one: Mapping[Key, Entry],
        one: State,
        by_other: Mapping[Key, Entry],
        other: State,
        limit: int,
    ) -> tuple[dict[Key, Entry], int] | None:
        """What both paths wrote, but for what tests told, and what joining it costs."""
        merged: dict[Key, Entry] = {}
        cost = 0
        #: What is lost of objects that may be garbage, and then tell nothing apart.
        perhaps_lost: dict[Key, tuple[Entry, int]] = {}
        written = {**by_one, **by_other}
        first = [self.held_apart] if self.held_apart in written else []
        for key in (*first, *written):
            if key[0] in TOLD_BY_TESTS or key in merged:
                continue
            if not self.lasts(key):
                continue
            a = by_one[key] if key in by_one else one.get(key)
            b = by_other[key] if key in by_other else other.get(key)
            if a is b:
                merged[key] = a
                continue
            self._location[:] = key
            entry, loss = self.join_entry(key, a, one, b, other)
            if loss and key[0] == "contents" and self.may_be_garbage(key[1]):  # type: ignore[arg-type]
                perhaps_lost[key] = entry, loss
                continue
            cost += loss
            if cost > limit:
                self.held_apart = key
                return None
            merged[key] = entry
        for key in self.reachable(perhaps_lost, one, other):
            entry, loss = perhaps_lost[key]
            cost += loss
            if cost > limit:
                return None
            merged[key] = entry
        return merged, cost

    def reachable(self, contents: Iterable[Key], *states: State) -> Iterator[Key]:
        """Those of the keys of contents whose object can be reached on one of the paths."""
        wanted = {key[1]: key for key in contents}
        for state in states if wanted else ():
            pending = self._roots(state)
            here: set[int] = set()
            while pending and wanted:
                value = pending.pop()
                match value:
                    case Constant() | Unbound():
                        continue
                    case Reference(number=number) | SymbolicValue(number=number):
                        if number in here:
                            continue
                        here.add(number)
                        if number in wanted:
                            yield wanted.pop(number)
                pending += parts_of(value, state)

    def join_entry(
        self, key: Key, a: Entry, one: State, b: Entry, other: State
    ) -> tuple[Entry, int]:
        """What stands under a key of which one path has ``a`` and the other ``b``, and the cost."""
        match key[0]:
            case "variable" | "register":
                if a is None or b is None:  # a scope, or statement, that only one path entered
                    return (b if a is None else a), 0
                if isinstance(a, Handled) and isinstance(b, Handled):
                    return either(a, b), 0 if a.exception == b.exception else _SOME
                return self.join_values(a, one, b, other)  # type: ignore[arg-type]
            case "contents":
                if a is None or b is None:
                    known = b if a is None else a
                    if not isinstance(known, Overrides) or self._is_new(key[1]):  # type: ignore[arg-type]
                        return known, 0  # an object that only one path made
                    a, b = a or NOTHING_STORED, b or NOTHING_STORED
                if a == b:
                    return a, 0
                return self._join_contents(a, one, b, other)
            case "arg scope" | "graph scope":
                if len(key) > 1 and (a is None or b is None):
                    return (b if a is None else a), 0  # an object that only one path made
                a, b = a or _NO_SCOPES, b or _NO_SCOPES
                return self.join_values(a, one, b, other)  # type: ignore[arg-type]
            case "handling":
                if a is None or b is None or a == b:
                    return (b if a is None else a), 0
                return either(a, b), _SOME  # type: ignore[arg-type]
            case "pending":
                return bool(a or b), 0
            case "happened":
                return (a, 0) if a == b else (False, _LITTLE)
            case "count":
                assert isinstance(a, int | None) and isinstance(b, int | None)
                return max(a or 0, b or 0), 0
            case _:  # an assumption holds only where both make it
                return (a if a == b else None), 0

    def lasts(self, key: Key) -> bool:
        """Whether anybody may still ask for what stands under ``key``."""
        kind = key[0]
        if kind != "variable" and kind != "register":
            return True
        if key in self._lasting:
            return self._lasting[key]
        lasts = self.is_kept(key) if kind == "register" else self.is_live(key[1], key[2])  # type: ignore[arg-type]
        self._lasting[key] = lasts
        return lasts

    def join_values(self, a: Value, one: State, b: Value, other: State) -> tuple[Value, int]:
        """What is known of a value that is ``a`` on one path and ``b`` on the other."""
        if a == b:  # what only one path's tests tell of it, a new test will tell again
            return a, 0
        a, b = resolve(a, one), resolve(b, other)
        if a == b:
            return a, 0
        known = self._merged_pairs.get((self.step, a, b))
        if known is None:
            known = self._join_different(a, one, b, other)
            self._merged_pairs[self.step, a, b] = known
        return known

    def _join_different(self, a: Value, one: State, b: Value, other: State) -> tuple[Value, int]:
        if isinstance(a, TupleValue) and isinstance(b, TupleValue):
            if len(a.items) == len(b.items) and a.names == b.names:
                items, cost = self._join_items(a.items, one, b.items, other)
                return TupleValue(items, a.names), cost
        elif isinstance(a, SpecValue) and isinstance(b, SpecValue):
            if a.visits[0].place == b.visits[0].place and a.spec_class is b.spec_class:
                return self._join_specs(a, one, b, other)
        if isinstance(a, SymbolicValue) and isinstance(b, SymbolicValue):
            value, cost = self._join_symbolic_values(a, b)
            # Whether it is true goes with the tests of the path: `both = first and second`.
            is_told = _is_told(a, one) or _is_told(b, other)
            return value, cost + _LITTLE if is_told else cost
        cost = max(_loss(a, b), _LOST_NATURE[self._compatibility(a, b)])
        return self._new_symbolic_value(not_none(a) and not_none(b), False, None), cost

    def _join_symbolic_values(self, a: SymbolicValue, b: SymbolicValue) -> tuple[Value, int]:
        cost = 0 if a.not_none == b.not_none else _LITTLE
        if a.instance_of is not b.instance_of or a.labels is not b.labels:
            cost += _LITTLE
        compatibility = self._compatibility(a, b)
        cost += _LOST_NATURE[compatibility]
        of = a if compatibility in (Compatibility.SAME, Compatibility.MADE_APART) else None
        return self._new_symbolic_value(a.not_none and b.not_none, a.tensor and b.tensor, of), cost

    def _join_items(
        self, a: tuple[Value, ...], one: State, b: tuple[Value, ...], other: State
    ) -> tuple[tuple[Value, ...], int]:
        items, cost = list(a), 0
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            if x is not y:
                items[index], loss = self._join_part(index, x, one, y, other)
                cost += loss
        return tuple(items), cost

    def _join_part(
        self, part: Hashable, a: Value, one: State, b: Value, other: State
    ) -> tuple[Value, int]:
        """As ``join_values``, of a part of what is being joined."""
        self._location.append(part)
        joined = self.join_values(a, one, b, other)
        self._location.pop()
        return joined

    def _join_specs(
        self, a: SpecValue, one: State, b: SpecValue, other: State
    ) -> tuple[Value, int]:
        fields: dict[str, Value] = {}
        cost = 0 if a.visits[0].missing == b.visits[0].missing else MUCH
        for name in a.fields:
            fields[name], loss = self._join_part(name, a.fields[name], one, b.fields[name], other)
            cost += loss
        return SpecValue(a.spec_class, fields, (*a.visits, *b.visits)), cost

    def _join_contents(self, a: Entry, one: State, b: Entry, other: State) -> tuple[Entry, int]:
        match a, b:
            case DictContents(), DictContents():
                entries, cost, lacking = self._join_mappings(a.entries, one, b.entries, other)
                cost += MUCH * len(lacking) + (_LITTLE if a.open != b.open else 0)
                unkeyed: tuple[Value, ...] = ()
                if len(a.unkeyed) == len(b.unkeyed):
                    unkeyed, loss = self._join_items(a.unkeyed, one, b.unkeyed, other)
                    cost += loss
                return DictContents(entries, a.open or b.open or bool(lacking), unkeyed), cost
            case SequenceContents(), SequenceContents():
                if len(a.items) == len(b.items):
                    items, cost = self._join_items(a.items, one, b.items, other)
                    cost += _LITTLE if a.open != b.open else 0
                    return SequenceContents(items, a.open or b.open), cost
                plain = all(isinstance(item, SymbolicValue) for item in (*a.items, *b.items))
                return SequenceContents((), open=True), _LITTLE if plain else _SOME
            case Overrides(), Overrides():
                attributes, cost = self._join_stored(a.attributes, one, b.attributes, other)
                stored, loss = self._join_stored(a.items, one, b.items, other)
                cost += loss + (_LITTLE if a.open != b.open else 0)
                return Overrides(attributes, stored, a.open or b.open), cost
            case _:
                raise AssertionError((a, b))

    def _join_stored(
        self, a: Mapping[Any, Value], one: State, b: Mapping[Any, Value], other: State
    ) -> tuple[dict[Any, Value], int]:
        """As ``_join_mappings``, where what only one side stored, the other has unknown."""
        entries, cost, lacking = self._join_mappings(a, one, b, other)
        for key in lacking:
            value = a[key] if key in a else b[key]
            self._location.append(key)
            entries[key] = self._new_symbolic_value(False, False, None)
            self._location.pop()
            cost += MUCH if isinstance(value, Constant) else _LITTLE
        return entries, cost

    def _join_mappings(
        self, a: Mapping[Any, Value], one: State, b: Mapping[Any, Value], other: State
    ) -> tuple[dict[Any, Value], int, list[Any]]:
        """The joined entries, the cost, and the keys that stand on one side only.

        Most entries are the very same on both: no more is done with those.
        """
        entries, cost = dict(a), 0
        for key in [key for key, value in a.items() if b.get(key) is not value]:
            if key in b:
                entries[key], loss = self._join_part(key, a[key], one, b[key], other)
                cost += loss
            else:
                del entries[key]
        lacking = [key for key in (*a, *b) if key not in entries]
        return entries, cost, lacking


def _newly_lost(
    subjects: Iterable[Hashable], told_apart: Mapping[Key, tuple[Entry, Entry]]
) -> bool:
    """Whether some subject is made correlation_lost by the merge."""
    return any(("correlation lost", subject) not in told_apart for subject in subjects)


def _is_told(value: SymbolicValue, state: State) -> bool:
    """Whether a test of the path has told if ``value`` is true."""
    return state.assumes_about(value.number) and state.peek(("truth", value.number)) is not None


def parts_of(value: Value, state: State) -> list[Value]:
    """The values that can be reached from ``value`` by one step."""
    match value:
        case Reference() | SymbolicValue():
            match state.peek(("contents", value.number)):
                case None:
                    return []
                case DictContents() as contents:
                    return list(contents.values)
                case SequenceContents(items=items):
                    return list(items)
                case Overrides() as stored:
                    return [*stored.attributes.values(), *stored.items.values()]
        case TupleValue(items=items):
            return list(items)
        case SpecValue(fields=fields):
            return list(fields.values())
        case BoundMethod(receiver=receiver) | BoundBuiltin(receiver=receiver):
            return [receiver]
        case PartialValue():
            return [value.function, *value.arguments, *dict(value.keywords).values()]
        case FunctionValue(defaults=defaults):
            return [default for _, default in defaults]
    return []


def resolve(value: Value, state: State) -> Value:
    """``value`` with what the path's tests have told of it."""
    if isinstance(value, SymbolicValue) and state.assumes_about(value.number):
        known = state.get(("is", value.number))
        if isinstance(known, Constant):
            return known
        if not value.not_none and (
            state.get(("not", value.number, None)) or state.get(("truth", value.number)) is True
        ):
            return replace(value, not_none=True)
    return value


def not_none(value: Value) -> bool:
    """Whether a value is known to be something other than None."""
    if isinstance(value, SymbolicValue):
        return value.not_none
    return value is not UNBOUND and not (isinstance(value, Constant) and value.value is None)


def _loss(a: Value, b: Value) -> int:
    for value in (a, b):
        if value is UNBOUND or value == NONE or isinstance(value, SpecValue):
            return MUCH
        if isinstance(value, Constant) and (isinstance(value.value, bool) or value.role):
            return MUCH
    return (
        _LITTLE if all(isinstance(value, Constant | SymbolicValue) for value in (a, b)) else _SOME
    )
