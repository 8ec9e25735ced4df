"""What tells paths apart that meet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.parts_apart import apart
from estimator_lint.domain.paths.path_facts import TOLD_BY_TESTS
from estimator_lint.domain.paths.state import Layer, shared_layer, written_since
from estimator_lint.domain.paths.traits import UNBOUND_TRAIT, Grain, trait, trait_of_value

if TYPE_CHECKING:
    from estimator_lint.domain.paths.join import Joiner
    from estimator_lint.domain.paths.state import Entry, Key, State
    from estimator_lint.domain.paths.traits import ValueTypeOf
    from estimator_lint.domain.values.values import Value

_ABSENT: Final = object()
#: The register of how a path leaves a block: that is not lost, however many paths there are.
WAY_OUT: Final = "way out"


class Differences:
    """What tells some paths apart.

    Args:
        states: the paths.
        joiner: knows what can still be read and reached.
        value_type: what kind of thing a value is.
    """

    def __init__(self, states: list[State], joiner: Joiner, value_type: ValueTypeOf) -> None:
        self._states = states
        self._joiner = joiner
        self._value_type = value_type
        self._base = shared_layer(*states)
        self._written = [written_since(self._base, state) for state in states]
        self._entries: dict[Key, list[Entry]] = {}
        keys: dict[Key, Entry] = {}
        for by in self._written:
            keys.update(by)
        for key, last in keys.items():
            entries = [by.get(key, _ABSENT) for by in self._written]
            if all(entry is last for entry in entries):
                continue
            if key[0] in TOLD_BY_TESTS or not joiner.lasts(key):
                continue
            if _ABSENT in entries:
                # Who has not written it, has what stands under it in the layer that all share.
                before = states[entries.index(_ABSENT)].get(key)
                entries = [before if entry is _ABSENT else entry for entry in entries]
                if all(entry is before for entry in entries):
                    continue
            self._entries[key] = apart(entries)  # type: ignore[arg-type]
        self._operands = _operands(states)
        #: Contents of objects that some path can get at, once they are asked for.
        self._reached: set[Key] | None = None
        self._columns: dict[Grain, dict[Hashable, list[int]]] = {}

    def columns(self, grain: Grain) -> dict[Hashable, list[int]]:
        """By what tells them apart, a number for the trait of each path: 0 for unbound."""
        known = self._columns.get(grain)
        if known is None:
            known = self._columns[grain] = dict(self._columns_of(grain))
            # Objects that nothing can reach any more tell no paths apart.
            lost = [key for key in known if self._is_out_of_reach(key)]  # type: ignore[arg-type]
            for key in lost:
                del known[key]
        return known

    def _columns_of(self, grain: Grain) -> Iterable[tuple[Hashable, list[int]]]:
        for key, entries in self._entries.items():
            if any(entry is None for entry in entries) and key[0] != "happened":
                continue  # an object, scope or statement that only some paths came to
            here = Grain.WHOLE if _is_never_lost(key) else grain
            traits = _numbered(
                trait(key, entry, state, here, self._value_type)
                for entry, state in zip(entries, self._states, strict=True)
            )
            if any(one != traits[0] for one in traits):
                yield key, traits
        for height, values in self._operands.items():
            traits = _numbered(
                trait_of_value(value, state, grain, self._value_type)
                for value, state in zip(values, self._states, strict=True)
            )
            if any(one != traits[0] for one in traits):
                yield height, traits

    def alike(self) -> list[list[State]]:
        """The paths, those together that a join would lose nothing of, but for what tests told."""
        classes = [list(range(len(self._states)))]
        done: list[list[int]] = []
        last = self._joiner.held_apart
        # Contents last: whether they can be reached is costly to tell.
        in_order = sorted(self._entries, key=lambda key: key[0] == "contents")
        keys: list[Key | int] = [last] if last is not None and last in self._entries else []
        keys += [*in_order, *self._operands]
        for key in keys:
            split = [self._split(key, members) for members in classes]
            if any(len(parts) > 1 for parts in split) and self._is_out_of_reach(key):
                continue
            pending = [part for parts in split for part in parts]
            if len(pending) > len(classes) and not isinstance(key, int):
                self._joiner.held_apart = key
            done += [part for part in pending if len(part) == 1]
            classes = [part for part in pending if len(part) > 1]
            if not classes:
                break
        return [[self._states[index] for index in sorted(part)] for part in done + classes]

    def _split(self, key: Key | int, members: list[int]) -> list[list[int]]:
        """Those of the paths together that have the same under a key."""
        found: dict[Hashable, list[int]] = {}
        if isinstance(key, int):
            values = self._operands[key]
            for index in members:
                here = trait_of_value(
                    values[index], self._states[index], Grain.WHOLE, self._value_type
                )
                found.setdefault(here, []).append(index)
            return list(found.values())
        entries = self._entries[key]
        if key[0] != "happened" and any(entry is None for entry in entries):
            return [members]  # an object, scope or statement that only some paths came to
        for index in members:
            here = trait(key, entries[index], self._states[index], Grain.WHOLE, self._value_type)
            found.setdefault(here, []).append(index)
        return list(found.values())

    def _is_out_of_reach(self, key: Key | int) -> bool:
        """Whether a key is that of the contents of an object that nothing can reach any more."""
        if isinstance(key, int) or key[0] != "contents":
            return False
        if not self._joiner.may_be_garbage(key[1]):  # type: ignore[arg-type]
            return False
        if self._reached is None:
            contents = [one for one in self._entries if one[0] == "contents"]
            self._reached = set(self._joiner.reachable(contents, *self._states))
        return key not in self._reached

    def share(self) -> None:
        """Keep in one layer what all the paths have written alike, to be looked at no more."""
        if sum(map(len, self._written)) <= bounds.SMALL_LAYER * len(self._states):
            return
        lasts = self._joiner.lasts
        first, *others = self._written
        common = {
            key: entry
            for key, entry in first.items()
            if lasts(key) and all(by.get(key, _ABSENT) is entry for by in others)
        }
        layer = Layer(self._base, common)
        for state, by in zip(self._states, self._written, strict=True):
            own = {key: one for key, one in by.items() if key not in common and lasts(key)}
            state.layer = Layer(layer, own)

    def buckets(self, grain: Grain, left_out: Collection[Hashable] = ()) -> list[list[State]]:
        """The paths, those together that nothing of the grain tells apart.

        Those that exist for certain are kept apart from the others.
        """
        telling = [traits for key, traits in self.columns(grain).items() if key not in left_out]
        return self._by(
            lambda index: (
                bool(self._states[index].doubts),
                *(traits[index] for traits in telling),
            )
        )

    def buckets_of_few_facts(self, few: int) -> list[list[State]]:
        """The same by as many facts as leave few buckets, where boundness alone leaves few."""
        bound = self.columns(Grain.BOUND)
        left_out: set[Hashable] = set()
        candidates = [key for key in self.columns(Grain.FACTS) if key not in bound]
        buckets = self.buckets(Grain.FACTS)
        while len(buckets) > few and candidates:
            dropped = min(
                candidates, key=lambda key: len(self.buckets(Grain.FACTS, left_out | {key}))
            )
            candidates.remove(dropped)
            left_out.add(dropped)
            buckets = self.buckets(Grain.FACTS, left_out)
        return buckets

    def buckets_by_first_unbound(self, most: int) -> list[list[State]]:
        """The paths by the first variable that is unbound: of each there is a path left so."""
        columns = self.columns(Grain.BOUND)
        ways = [traits for key, traits in columns.items() if _is_never_lost(key)]
        # Variables that are unbound on the same paths are told apart as one.
        patterns = {
            tuple(map(bool, traits)): traits
            for key, traits in columns.items()
            if not _is_never_lost(key)
        }
        # What few paths leave unbound comes first: of the others, more is left then.
        rarest = sorted(patterns.values(), key=lambda traits: traits.count(0))
        bound = rarest[: max(1, most - 1)]

        def key(index: int) -> Hashable:
            unbound = (place for place, traits in enumerate(bound) if not traits[index])
            return (next(unbound, -1), *(traits[index] for traits in ways))

        return self._by(key)

    def _by(self, key: Callable[[int], Hashable]) -> list[list[State]]:
        found: dict[Hashable, list[State]] = {}
        for index, state in enumerate(self._states):
            found.setdefault(key(index), []).append(state)
        return list(found.values())


def _numbered(traits: Iterable[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {UNBOUND_TRAIT: 0}
    return [numbers.setdefault(one, len(numbers)) for one in traits]


def _is_never_lost(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[:2] == ("register", WAY_OUT)


def _operands(states: list[State]) -> dict[int, list[Value]]:
    """By their heights, the operands in which the paths differ."""
    tops = [state.operands for state in states]
    found: dict[int, list[Value]] = {}
    while any(top is not tops[0] for top in tops):
        height = tops[0].height  # type: ignore[union-attr]
        found[height] = [top.value for top in tops]  # type: ignore[union-attr]
        tops = [top.below for top in tops]  # type: ignore[union-attr]
    return found
