"""Paths that were told apart before: what comes of different ones need not be compared again.

Where paths stay apart, each meeting would go through everything in which they differ, which is
more and more. So it is kept what has told them apart. At the next meeting, only that is compared,
and the paths that have come of one path since are met by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.state import Layer, shared_layer
from estimator_lint.domain.paths.traits import Grain, trait

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from estimator_lint.domain.paths.differences import Differences
    from estimator_lint.domain.paths.join import Joiner
    from estimator_lint.domain.paths.state import Entry, Key, State
    from estimator_lint.domain.paths.traits import ValueTypeOf


@dataclass
class _Meeting:
    """The last meeting of some paths that stay apart.

    Attributes:
        base: the last layer that all of the paths share.
        keys: of the variables that tell them apart.
        members: the first layer of each path above the shared one, by its ``id``.
        left: how many entries may be written before everything is compared again.
        tops: the last layer of each path at the meeting, by its ``id``.
    """

    base: Layer
    keys: tuple[Key, ...]
    members: dict[int, Layer]
    left: int
    tops: dict[int, Layer] = field(default_factory=dict)

    def repeat(self, states: Iterable[State]) -> None:
        """Let these be the paths that have met last."""
        self.tops = {}
        for state in states:
            if state.layer.entries:
                state.layer = Layer(state.layer, {})
            top = state.layer.parent
            assert top is not None
            self.tops[id(top)] = top


class KnownApart:
    """What has told paths apart at earlier meetings.

    Args:
        joiner: knows what can still be read.
        value_type: what kind of thing a value is.
    """

    def __init__(self, joiner: Joiner, value_type: ValueTypeOf) -> None:
        self._joiner = joiner
        self._value_type = value_type
        #: By the ``id`` of the shared layer; the last one last.
        self._known: dict[int, _Meeting] = {}

    def note(self, states: Sequence[State], differences: Differences) -> None:
        """Note which variables tell paths apart, if there is much that the paths do not share."""
        base = states[0].layer.parent
        members = {id(state.layer): state.layer for state in states}
        size = sum(len(layer.entries) for layer in members.values())
        if base is None or size <= bounds.MANY_ENTRIES * len(states):
            return
        if any(layer.parent is not base for layer in members.values()):
            return
        keys = differences.variables_apart(len(states))
        self._known.pop(id(base), None)
        # Comparing these has to pay.
        if keys is not None and bounds.COST_OF_COMPARING_ENTRY * len(keys) * len(states) <= size:
            self._known[id(base)] = meeting = _Meeting(base, tuple(keys), members, size)
            meeting.repeat(states)
            if len(self._known) > bounds.MAX_MEETINGS:
                del self._known[next(iter(self._known))]

    def repeat(self, states: Sequence[State]) -> None:
        """Note that paths have met that were in groups before."""
        known = self._known.get(id(shared_layer(*states)))
        if known is not None:
            known.repeat(states)

    def groups(self, states: Sequence[State]) -> list[list[State]] | None:
        """The paths by the earlier path of which they have come.

        Those of different groups are still apart. None if everything is to be compared.
        """
        if not self._known:
            return None
        base = shared_layer(*states)
        known = self._known.get(id(base))
        if known is None or not all(map(self._joiner.lasts, known.keys)):
            return None
        groups: dict[int, list[State]] = {}
        for state in states:
            groups.setdefault(_member(state, base), []).append(state)
        if len(groups) < 2 or not groups.keys() <= known.members.keys():
            return None
        counts = dict.fromkeys(key for state in states for key in _new_counts(state, known))
        if known.left < 0 or not self._are_apart(known.keys, groups):
            return None
        for key in counts:
            _make_one_count(key, states)
        return list(groups.values())

    def _are_apart(self, keys: Sequence[Key], groups: dict[int, list[State]]) -> bool:
        """Whether entries of these keys still tell the paths of different groups apart."""
        states = [state for group in groups.values() for state in group]
        columns: list[list[Hashable]] = []
        for key in keys:
            entries = [state.get(key) for state in states]
            if any(entry is None for entry in entries):
                return False
            columns.append(self._traits(key, entries, states))
        owners: dict[tuple[Hashable, ...], int] = {}
        members = [member for member, group in groups.items() for _ in group]
        for traits, member in zip(zip(*columns, strict=True), members, strict=True):
            if owners.setdefault(traits, member) != member:
                return False
        return True

    def _traits(
        self, key: Key, entries: Sequence[Entry], states: Sequence[State]
    ) -> list[Hashable]:
        """What tells each path apart under a key; what paths share is examined once."""
        known: dict[int, Hashable] = {}
        for at, entry, state in zip(map(id, entries), entries, states, strict=True):
            if at not in known:
                known[at] = trait(key, entry, state, Grain.WHOLE, self._value_type)
        return [known[at] for at in map(id, entries)]


def _member(state: State, base: Layer) -> int:
    """The ``id`` of the first layer of a path above ``base``."""
    layer = state.layer
    while layer.parent is not base:
        assert layer.parent is not None
        layer = layer.parent
    return id(layer)


def _new_counts(state: State, known: _Meeting) -> Iterator[Key]:
    """The counts that a path has written since the paths met last; takes what it has written."""
    layer: Layer | None = state.layer
    while layer is not None and layer is not known.base and id(layer) not in known.tops:
        known.left -= len(layer.entries)
        for key in layer.entries:
            if key[0] == "count":
                yield key
        layer = layer.parent


def _make_one_count(key: Key, states: Sequence[State]) -> None:
    """Let the next count be new on each of the paths, and the same."""
    entries = [state.get(key) for state in states]
    if any(entry != entries[0] for entry in entries):
        most = max(entry for entry in entries if isinstance(entry, int))
        for state in states:
            state.set(key, most)
