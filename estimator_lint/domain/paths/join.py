"""Merging paths: cheap merges lose nothing, expensive ones lose what distinguishes paths.

The cost of a merge says how much is lost. At cost 0 nothing is lost: the merged state answers every
question as the two states did. What a merge loses turns into an imprecise SymbolicValue, which
raises no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from estimator_lint.domain.paths.branch_history import common
from estimator_lint.domain.paths.differing_operands import differing_operands
from estimator_lint.domain.paths.handled_exceptions import Handled, either
from estimator_lint.domain.paths.joined_cases import join_tests
from estimator_lint.domain.paths.operands import Operand
from estimator_lint.domain.paths.path_facts import (
    TOLD_BY_TESTS,
    told_apart_from,
    united,
)
from estimator_lint.domain.paths.state import (
    Entry,
    Key,
    Layer,
    State,
    shared_layer,
    written_since,
)
from estimator_lint.domain.paths.value_join import LITTLE, MUCH, SOME, Location, ValueJoiner
from estimator_lint.domain.paths.values_on_paths import parts_held, parts_of
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    NOTHING_STORED,
    Constant,
    Overrides,
    Reference,
    SymbolicValue,
    TupleValue,
    Unbound,
    Value,
)
from estimator_lint.tensorflow_api.value_types import Compatibility

#: The cost of merging two containers and losing what distinguished them.
SIMILAR: Final = SOME + LITTLE

#: Kinds of entries that are not read any more from some place on.
MAY_END: Final = frozenset({"variable", "register"})

#: Outside of all blocks that a path keeps track of.
_NO_SCOPES: Final = TupleValue(())


class Joiner(ValueJoiner):
    """Merges states and values of one evaluation.

    Args:
        new_symbolic_value, compatibility: as of ``ValueJoiner``.
        is_live: whether a variable of a scope can still be read.
        is_kept: whether a statement that is being run keeps something under a register.
        may_be_garbage: whether an object, by its number, may be unreachable.
        is_new: whether an object, by its number, was made by the evaluated code.
        root_keys: the keys of the entries from which every relevant object must be reachable.
    """

    def __init__(
        self,
        new_symbolic_value: Callable[[Location, bool, bool, SymbolicValue | None], SymbolicValue],
        is_live: Callable[[Scope, str], bool],
        is_kept: Callable[[Key], bool],
        may_be_garbage: Callable[[int], bool],
        is_new: Callable[[int], bool],
        root_keys: Callable[[], list[Key]],
        compatibility: Callable[[Value, Value], Compatibility],
    ) -> None:
        super().__init__(new_symbolic_value, compatibility)
        self.is_live = is_live
        self.is_kept = is_kept
        self.may_be_garbage = may_be_garbage
        self._is_new = is_new
        self._root_keys = root_keys
        #: What kept the last two paths apart; it mostly keeps their neighbours apart, too.
        self.held_apart: Key | None = None
        #: The answers of ``lasts`` at this meeting.
        self._lasting: dict[Key, bool] = {}
        #: The root keys there, in their order, once they are asked for.
        self._roots_here: dict[Key, None] | None = None

    def begin_meeting(self) -> None:
        """Begin a meeting of paths at one place of the evaluated code."""
        self.meetings += 1
        self._lasting.clear()
        self._roots_here = None

    def join(
        self, one: State, other: State, limit: int, *, by_cases: bool = False
    ) -> tuple[State, int] | None:
        """The merged state and its cost, or None where it would cost more than ``limit``.

        With ``by_cases``, it costs nothing that the merged state gets further cases.
        """
        base = shared_layer(one, other)
        by_one, by_other = written_since(base, one), written_since(base, other)
        below = State(base, log=one.log)
        told, told_apart = told_apart_from(by_one, by_other, below)
        self.begin_join()
        tests = join_tests(told_apart, one, other, lossless=True)
        if limit < LITTLE and (
            (tests.cases and not by_cases) or _newly_lost(tests.lost, told_apart)
        ):
            return None  # regardless of anything else they wrote
        joined = self._join_written(by_one, one, by_other, other, limit)
        if joined is None:
            return None
        merged, cost = joined
        operands, loss = self._join_operands(one, other)
        cost += loss
        if tests.cases and self.joins_values:
            cost += LITTLE  # each case has a value of its own
        if cost > limit:
            return None
        if cost >= MUCH:
            tests = join_tests(told_apart, one, other, lossless=False)
        if _newly_lost(tests.lost, told_apart):
            cost += LITTLE
            if cost > limit:
                return None
        told.update(united(told_apart, one, other))
        merged.update(told_behind_join(told, tests.lost, below))
        passed = common(one.passed, other.passed)
        state = State(Layer(base, merged), tests.doubts, one.log, passed, operands)
        state.told = one.told | other.told
        return tests.on(state), cost

    def _join_operands(self, one: State, other: State) -> tuple[Operand | None, int]:
        """The joined operand stack (both have the same height), and the cost."""
        joined, differing = differing_operands([one, other])
        cost = 0
        for height in sorted(differing):
            self.locate("operand", height)
            a, b = differing[height]
            value, loss = self.join_values(a, one, b, other)
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
        """What both paths wrote, except for test outcomes, joined; and the cost."""
        merged: dict[Key, Entry] = {}
        cost = 0
        #: What is lost in objects that may be garbage; garbage does not distinguish paths.
        perhaps_lost: dict[Key, tuple[Entry, int]] = {}
        written = {**by_one, **by_other}
        first = [self.held_apart] if self.held_apart in written else []
        for key in (*first, *written):
            if key[0] in TOLD_BY_TESTS or key in merged:
                continue
            if key[0] in MAY_END and not self.lasts(key):
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
        for key in self.reachable(perhaps_lost, [one, other]):
            entry, loss = perhaps_lost[key]
            cost += loss
            if cost > limit:
                return None
            merged[key] = entry
        return merged, cost

    def reachable(self, contents: Iterable[Key], states: Sequence[State]) -> Iterator[Key]:
        """Those keys of contents whose object is reachable on one of the paths.

        What the paths have in common is walked through once.
        """
        wanted = {key[1]: key for key in contents}
        if not wanted:
            return
        base = shared_layer(*states)
        below = State(base)
        written = [written_since(base, state) for state in states]
        keys = self._roots_in_meeting()
        own_keys = dict.fromkeys(key for by in written for key in by if key in keys)
        roots = [below.peek(key) for key in keys if key not in own_keys]
        apart = {key[1] for by in written for key in by if key[0] == "contents"}
        walked: set[int] = set()
        for number in _numbers_behind(roots, below, walked, apart):
            if number in wanted:
                yield wanted.pop(number)
                if not wanted:
                    return
        entered = sorted(walked & apart)
        for state, by in zip(states, written, strict=True):
            own = [by[key] if key in by else below.peek(key) for key in own_keys]
            own += [held.value for held in state.held()]
            own += [part for number in entered for part in parts_held(number, state)]
            for number in _numbers_behind(own, state, set(walked)):
                if number in wanted:
                    yield wanted.pop(number)
                    if not wanted:
                        return

    def _roots_in_meeting(self) -> dict[Key, None]:
        """The root keys, in their order."""
        if self._roots_here is None:
            self._roots_here = dict.fromkeys(self._root_keys())
        return self._roots_here

    def join_entry(
        self, key: Key, a: Entry, one: State, b: Entry, other: State
    ) -> tuple[Entry, int]:
        """The joined entry of a key that is ``a`` on one path and ``b`` on the other; the cost."""
        match key[0]:
            case "variable" | "register":
                if a is None or b is None:  # a scope, or statement, that only one path entered
                    return (b if a is None else a), 0
                if isinstance(a, Handled) and isinstance(b, Handled):
                    return either(a, b), 0 if a.exception == b.exception else SOME
                return self.join_values(a, one, b, other)  # type: ignore[arg-type]
            case "contents":
                if a is None or b is None:
                    known = b if a is None else a
                    if self.is_of_new_object(key, known):
                        return known, 0  # only one path made it
                    a, b = a or NOTHING_STORED, b or NOTHING_STORED
                if a == b:
                    return a, 0
                return self.join_contents(a, one, b, other)
            case "arg scope" | "graph scope":
                if len(key) > 1 and (a is None or b is None):
                    return (b if a is None else a), 0  # an object that only one path made
                a, b = a or _NO_SCOPES, b or _NO_SCOPES
                return self.join_values(a, one, b, other)  # type: ignore[arg-type]
            case "handling":
                if a is None or b is None or a == b:
                    return (b if a is None else a), 0
                return either(a, b), SOME  # type: ignore[arg-type]
            case "pending":
                return bool(a or b), 0 if bool(a) is bool(b) else LITTLE
            case "happened":
                return (a, 0) if a == b else (False, LITTLE)
            case "count" | "exclusions":
                assert isinstance(a, int | None) and isinstance(b, int | None)
                return max(a or 0, b or 0), 0
            case _:  # an assumption holds only where both make it
                return (a if a == b else None), 0

    def is_of_new_object(self, key: Key, contents: Entry) -> bool:
        """Whether the contents under a key are those of an object that the evaluated code made."""
        return not isinstance(contents, Overrides) or self._is_new(key[1])  # type: ignore[arg-type]

    def lasts(self, key: Key) -> bool:
        """Whether the entry under ``key`` may still be read."""
        kind = key[0]
        if kind not in MAY_END:
            return True
        if key in self._lasting:
            return self._lasting[key]
        lasts = self.is_kept(key) if kind == "register" else self.is_live(key[1], key[2])  # type: ignore[arg-type]
        self._lasting[key] = lasts
        return lasts


def _numbers_behind(
    entries: Iterable[Entry], state: State, walked: set[int], closed: Collection[Hashable] = ()
) -> Iterator[int]:
    """The numbers of the values to which entries lead on a path, except for those in ``walked``.

    They are added to these. Objects of the numbers in ``closed`` are not entered.
    """
    pending = [entry for entry in entries if isinstance(entry, Value)]
    while pending:
        value = pending.pop()
        kind = type(value)
        if kind is Constant or kind is Unbound:
            continue
        if kind is SymbolicValue or kind is Reference:
            number: int = value.number  # type: ignore[attr-defined]
            if number in walked:
                continue
            walked.add(number)
            yield number
            if number not in closed:
                pending += parts_held(number, state)
        else:
            pending += parts_of(value, state)


def told_behind_join(
    told: Mapping[Key, Entry], lost: Iterable[Hashable], below: State
) -> dict[Key, Entry]:
    """What a join writes about test outcomes, and about the subjects whose outcomes it lost.

    ``below`` is what the joined paths have in common.
    """
    # An outcome need not be erased where none was known before.
    written = {
        key: entry
        for key, entry in told.items()
        if entry is not None or below.peek(key) is not None
    }
    written.update({("correlation lost", subject): True for subject in lost})
    return written


def _newly_lost(
    subjects: Iterable[Hashable], told_apart: Mapping[Key, tuple[Entry, Entry]]
) -> bool:
    """Whether the merge newly loses the correlation of some subject."""
    return any(("correlation lost", subject) not in told_apart for subject in subjects)
