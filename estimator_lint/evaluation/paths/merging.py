"""Which paths are merged, and when.

Paths that come of one undecided test are merged again where nothing is lost by
it; and where they are too many, those that differ least.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from estimator_lint.evaluation.paths.doubts import Doubts, merge_exactly
from estimator_lint.evaluation.paths.joining import CHEAP, Joiner

if TYPE_CHECKING:
    from estimator_lint.evaluation.paths.state import State
    from estimator_lint.evaluation.values.values import Value

#: Live paths past which siblings of an undecided test are merged.
MAX_PATHS: Final = 16
#: Live paths past which siblings that differ in little are merged.
_MANY_PATHS: Final = 8
#: Paths with which each path is compared.
_MAX_COMPARED: Final = 6
#: More than any merge costs.
_ANY_COST: Final = 1_000_000


class Merger:
    """Merges the paths of one evaluation.

    Args:
        joiner: merges two states.
        in_flight: values that evaluation holds outside of any variable.
        note_loss: called where a merge loses something.
    """

    def __init__(
        self, joiner: Joiner, in_flight: list[list[Value]], note_loss: Callable[[], None]
    ) -> None:
        self._joiner = joiner
        self._in_flight = in_flight
        self._note_loss = note_loss

    def merged_results(
        self, results: list[tuple[list[Value], State]], bound: int
    ) -> list[tuple[list[Value], State]]:
        """At most ``bound`` results; those that differ least are made one.

        A path in doubt is merged with one that exists for certain only at the
        last: what is lost by that would hide findings on the latter.
        """
        merged = list(results)
        for limit, mixing in (
            (0, True),
            (CHEAP, False),
            (None, False),
            (CHEAP, True),
            (None, True),
        ):
            merged = self._merge_adjacent(merged, bound, limit, mixing=mixing)
            if len(merged) <= bound:
                break
        return merged

    def merged_outcomes(
        self, results: list[tuple[list[Value], State]], bound: int
    ) -> list[tuple[list[Value], State]]:
        """The results of a call, merged where nothing is lost, and at most ``bound``."""
        results = self._merge_for_free(results)
        return results if len(results) <= bound else self.merged_results(results, bound)

    def merged_if_similar(
        self, results: list[tuple[list[Value], State]], limit: int
    ) -> list[tuple[list[Value], State]]:
        """Results that differ in little are made one; those in doubt apart from the others."""
        if len(results) < 2:
            return results
        return self._merge_where(results, limit, lambda one, other: bool(one) is bool(other))

    def _merge_adjacent(
        self,
        results: list[tuple[list[Value], State]],
        bound: int,
        limit: int | None,
        *,
        mixing: bool,
    ) -> list[tuple[list[Value], State]]:
        """Merge neighbours; without ``mixing`` the neighbours among those as certain."""
        kept: list[tuple[list[Value], State]] = []
        last: dict[bool, int] = {}  # the index of the last one kept, by whether it is in doubt
        excess = len(results) - bound
        for values, state in results:
            in_doubt = bool(state.doubts)
            index = len(kept) - 1 if mixing else last.get(in_doubt, -1)
            if index >= 0 and (limit == 0 or excess > 0):
                joined = self._join_results(kept[index], (values, state), limit)
                if joined is not None:
                    kept[index] = joined
                    excess -= 1
                    if bool(joined[1].doubts) is not in_doubt:
                        last = {not in_doubt: index}
                    continue
            last[in_doubt] = len(kept)
            kept.append((values, state))
        return kept

    def _join_results(
        self,
        one: tuple[list[Value], State],
        other: tuple[list[Value], State],
        limit: int | None,
    ) -> tuple[list[Value], State] | None:
        allowed = _ANY_COST if limit is None else limit
        self._in_flight += [one[0], other[0]]
        joined = self._joiner.join(one[1], other[1], allowed)
        del self._in_flight[-2:]
        if joined is None:
            return None
        state, cost = joined
        values: list[Value] = []
        for a, b in zip(one[0], other[0], strict=True):
            value, loss = self._joiner.join_values(a, one[1], b, other[1])
            values.append(value)
            cost += loss
        if cost > allowed:
            return None
        if cost:
            self._note_loss()
        return values, state

    def merge_siblings(self, states: list[State], live: int) -> list[State]:
        """Merge paths that come of one state: always where nothing is lost.

        ``live`` says how many paths there are in all.
        """
        if len(states) < 2:
            return states
        results: list[tuple[list[Value], State]] = [([], state) for state in states]
        results = self._merge_for_free(results)
        if live > _MANY_PATHS:
            results = self.merged_if_similar(results, CHEAP)
        return [state for _, state in results]

    def _merge_for_free(
        self, results: list[tuple[list[Value], State]]
    ) -> list[tuple[list[Value], State]]:
        """Merge where nothing is lost; the two sides of one test first, and again.

        Together these leave nothing open, where others would leave a doubt.
        """
        count = len(results) + 1
        while 1 < len(results) < count:
            count = len(results)
            results = self._merge_where(results, 0, merge_exactly)
        if any(state.doubts for _, state in results):
            results = self._merge_where(results, 0, lambda one, other: True)
        return results

    def _merge_where(
        self,
        results: list[tuple[list[Value], State]],
        limit: int,
        may_merge: Callable[[Doubts, Doubts], bool],
    ) -> list[tuple[list[Value], State]]:
        kept: list[tuple[list[Value], State]] = []
        for result in results:
            # Paths that can be merged mostly stand near each other.
            for index in range(max(0, len(kept) - _MAX_COMPARED), len(kept)):
                if not may_merge(kept[index][1].doubts, result[1].doubts):
                    continue
                joined = self._join_results(kept[index], result, limit)
                if joined is not None:
                    kept[index] = joined
                    break
            else:
                kept.append(result)
        return kept

    def one(self, states: list[State]) -> list[State]:
        """All paths made one, whatever is lost by it."""
        return [state for _, state in self.merged_results([([], state) for state in states], 1)]

    def few(self, states: list[State]) -> list[State]:
        """Paths that come of one state, merged where nothing is lost or they are too many."""
        return self.bounded([self.merge_siblings(states, len(states))])

    def bounded(self, groups: list[list[State]]) -> list[State]:
        """All states of ``groups`` of siblings, merged within each where they are too many."""
        total = sum(map(len, groups))
        if total <= MAX_PATHS:
            return [state for group in groups for state in group]
        result: list[State] = []
        share = max(1, MAX_PATHS // len(groups))
        for group in groups:
            if len(group) > share:
                merged = self.merged_results([([], state) for state in group], share)
                group = [state for _, state in merged]
            result.extend(group)
        return result
