"""The state of one path: what is known about every variable, object and test.

States are forked at each undecided test and merged again, so both must be
cheap however large the function is.  A state is a chain of layers; forking
freezes the top layer and gives each side a new one; so two states can differ only in the layers
above the last one that they share.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Final, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.branch_history import BranchHistory
from estimator_lint.domain.paths.cases import Case, Cases
from estimator_lint.domain.paths.doubts import NO_DOUBTS, Doubts, without
from estimator_lint.domain.paths.handled_exceptions import Handled
from estimator_lint.domain.paths.operands import Operand
from estimator_lint.domain.values.constants import ConstantSet
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    Contents,
    SymbolicValue,
    Value,
    bounded_contents,
    constant_key,
)

#: ``("variable", scope, name)``, ``("register", ...)``, ``("contents", number)``,
#: ``("count", ...)``, ``("handling", scope)``, or a fact of ``path_facts``.
Key: TypeAlias = "tuple[Hashable, ...]"
Entry: TypeAlias = "Value | Contents | ConstantSet | Handled | bool | int | tuple[int, int] | None"


NOTHING_TOLD: Final[frozenset[Hashable]] = frozenset()


class Layer:
    """What was written between two forks."""

    __slots__ = (
        "assumed",
        "bottom",
        "depth",
        "entries",
        "holders",
        "not_none",
        "parent",
        "summaries",
        "unsummarised",
    )

    def __init__(self, parent: Layer | None, entries: dict[Key, Entry]) -> None:
        if parent is not None:
            parent.sum_up()
        self.parent = parent
        self.entries = entries
        #: The symbolic values about which some path has a fact, the first one first; kept in the
        #: bottom layer.
        self.assumed: dict[int, None] = {} if parent is None else parent.assumed
        self.bottom: Layer = self if parent is None else parent.bottom
        if parent is None:
            #: Symbolic values, by their ``id``, each with itself known not to be None.
            self.not_none: dict[int, tuple[SymbolicValue, SymbolicValue]] = {}
            #: The numbers of the objects of which some path has contents.
            self.holders: set[int] = set()
        self.depth: int = 0 if parent is None else parent.depth + 1
        #: Summaries of everything in this layer and below, except the bottom layer, once there are
        #: others above it: the latest first, each several times as large as the one before it.
        self.summaries: tuple[dict[Key, Entry], ...] = ()
        #: How many layers there are from here down to one with summaries.
        self.unsummarised: int = 0 if parent is None else parent.unsummarised + 1

    def sum_up(self) -> None:
        """Sum up this layer, which is no longer written to, and those below, if it pays."""
        if self.unsummarised >= bounds.LAYERS_PER_SUMMARY:
            self.summaries = self._summed_up()
            self.unsummarised = 0

    def _summed_up(self) -> tuple[dict[Key, Entry], ...]:
        """The entries of this layer and those below, except the bottom layer, as summaries.

        Only summaries of similar size are combined: combining everything each time would be
        quadratic in the length of a function.
        """
        chain: list[Layer] = []
        layer = self
        while not layer.summaries and layer.parent is not None:
            chain.append(layer)
            layer = layer.parent
        latest: dict[Key, Entry] = {}
        for above in reversed(chain):
            latest.update(above.entries)
        older = list(layer.summaries)
        while older and bounds.SUMMARY_GROWTH * len(latest) >= len(older[0]):
            latest = {**older.pop(0), **latest}
        return (latest, *older)


class ReadLog:
    """What a call reads, while it is evaluated, of the state before it.

    Args:
        depth: the depth of the last layer before the call.
        outer: the log of the call around it.
    """

    __slots__ = ("depth", "outer", "reads")

    def __init__(self, depth: int, outer: ReadLog | None) -> None:
        self.depth = depth
        self.outer = outer
        self.reads: dict[Key, Entry] = {}

    def note(self, key: Key, entry: Entry, layer: Layer) -> None:
        """Note that ``entry`` was found under ``key`` on the path whose top layer is ``layer``."""
        log: ReadLog | None = self
        while log is not None:
            while layer.depth > log.depth:
                if key in layer.entries:
                    return  # written since
                assert layer.parent is not None
                layer = layer.parent
            if key not in log.reads:
                log.reads[key] = entry
            log = log.outer


class State:
    """What is known on one path.

    Attributes:
        layer: the top of the chain of layers; this state alone writes to it.
        doubts: the conditions for the path to exist: an unseen exception, or the outcome of a test
            about which nothing is known.
        log: where reads are noted while a call is evaluated.
        passed: the last test on the path; evaluation does not depend on it.
        operands: the stack of the values of subexpressions that are waiting for others.
        cases: what tests have shown on each of the paths that this one stands for: of each group
            of cases one occurs.
        told: the numbers of the values about which tests have shown something since the cases were
            last compared with it.
    """

    __slots__ = ("cases", "doubts", "layer", "log", "operands", "passed", "told")

    def __init__(
        self,
        layer: Layer,
        doubts: Doubts = NO_DOUBTS,
        log: ReadLog | None = None,
        passed: BranchHistory | None = None,
        operands: Operand | None = None,
        cases: tuple[Cases, ...] = (),
    ) -> None:
        self.layer = layer
        self.cases = cases
        self.told = NOTHING_TOLD
        self.doubts = doubts
        self.log = log
        self.passed = passed
        self.operands = operands

    @classmethod
    def at_bottom(cls, bottom: Layer) -> State:
        """A state about which nothing is known yet."""
        return cls(Layer(bottom, {}))

    def get(self, key: Key) -> Entry:
        """What was last written under ``key``, or None."""
        entry = self.peek(key)
        if self.log is not None and key not in self.log.reads:
            self.log.note(key, entry, self.layer)
        return entry

    def peek(self, key: Key) -> Entry:
        """As ``get``, for reads that cannot affect the results of evaluation."""
        layer: Layer | None = self.layer
        while layer is not None:
            if key in layer.entries:
                return layer.entries[key]
            if layer.summaries:
                for summary in layer.summaries:
                    if key in summary:
                        return summary[key]
                layer = layer.bottom
            else:
                layer = layer.parent
        return None

    def set(self, key: Key, entry: Entry) -> None:
        """Write ``entry`` under ``key``."""
        self.layer.entries[key] = entry

    def begin_call(self) -> tuple[Layer, ReadLog]:
        """Log reads from now on; returns the last layer before the call, and the log."""
        start = self.layer
        self.layer = Layer(start, {})
        self.log = ReadLog(start.depth, self.log)
        return start, self.log

    def fork(self) -> State:
        """A second state like this one; both may be written to from now on."""
        if self.layer.entries or self.layer.parent is None:
            frozen = self.layer
            self.layer = Layer(frozen, {})
        else:
            frozen = self.layer.parent
        other = State(Layer(frozen, {}), self.doubts, self.log, self.passed, self.operands)
        other.cases, other.told = self.cases, self.told
        return other

    # Operands

    def push(self, value: Value) -> State:
        """Push ``value`` on the operand stack; returns this state."""
        self.operands = Operand(value, self.operands)
        return self

    def pop(self) -> Value:
        """Pop the value that was pushed last."""
        top = self.operands
        assert top is not None
        self.operands = top.below
        return top.value

    def pop_many(self, count: int) -> list[Value]:
        """Pop the last ``count`` values; the one pushed first comes first."""
        values = [self.pop() for _ in range(count)]
        values.reverse()
        return values

    @property
    def height(self) -> int:
        """The number of operands."""
        return 0 if self.operands is None else self.operands.height

    def held(self) -> Iterator[Operand]:
        """The operands, the one pushed last in front."""
        operand = self.operands
        while operand is not None:
            yield operand
            operand = operand.below

    def cut_to(self, height: int) -> State:
        """Drop the operands above ``height``; returns this state."""
        while self.operands is not None and self.operands.height > height:
            self.operands = self.operands.below
        return self

    # Assumptions

    def assume(self, key: Key, entry: Entry) -> None:
        """Write a fact about the value whose number is the second item of ``key``."""
        self.layer.assumed[key[1]] = None  # type: ignore[index]
        self.layer.entries[key] = entry
        if self.cases:
            self.told |= {key[1]}
        if key[0] == "correlation lost":
            for group in self.cases:
                if key[1] in group.subjects:
                    self.remove_cases(group)
                    self.add_cases(group.doubts, group.without_subject(key[1]))

    def remove_cases(self, group: Cases) -> None:
        """Know a group of cases no longer, or otherwise."""
        self.cases = tuple(one for one in self.cases if one is not group)

    def add_cases(self, doubts: Doubts, cases: Sequence[Case]) -> None:
        """Let one of these cases occur; ``doubts`` as in ``Cases``."""
        if not cases:
            return
        shared = frozenset.intersection(*(case.facts for case in cases))
        for key, entry in shared:
            self._assume_fact(key, entry)  # type: ignore[arg-type]
        if len(cases) > 1:
            left = tuple(Case(case.facts - shared, case.doubts) for case in cases)
            self.cases += (Cases(doubts, left),)

    def _assume_fact(self, key: Key, entry: Entry) -> None:
        """As ``assume``; constants that are ruled out are not among those that a value may be."""
        kind, number, *_ = key
        self.assume(key, entry)
        among = self.get(("among", number))
        if isinstance(among, ConstantSet) and kind in ("not", "among"):
            left = ConstantSet.of(
                one for one in among if not self.get(("not", number, constant_key(one)))
            )
            self.assume(("among", number), left)

    def forget_cases(self) -> None:
        """Know no longer what tests have shown on each of the paths that this one stands for."""
        cases, self.cases = self.cases, ()
        for subject in {subject for group in cases for subject in group.subjects}:
            self.assume(("correlation lost", subject), True)

    def dispel(self, numbers: Set[int]) -> None:
        """Let these doubts, given by their numbers without a sign, be no conditions any more."""
        self.doubts = without(self.doubts, numbers)
        self.cases = tuple(group.without_doubts(numbers) for group in self.cases)

    def differs_by_case(self, number: int) -> bool:
        """Whether tests have shown something about a value on some of the joined paths."""
        return True in [number in group.subjects for group in self.cases]

    def assumes_about(self, number: int) -> bool:
        """Whether some path has a fact about the symbolic value of that number."""
        return number in self.layer.assumed

    def known_not_none(self, value: SymbolicValue) -> SymbolicValue:
        """``value``, known not to be None: one object for all paths."""
        known = self.layer.bottom.not_none
        if id(value) not in known:
            known[id(value)] = value, replace(value, not_none=True)
        return known[id(value)][1]

    # Variables

    def variable(self, scope: Scope, name: str) -> Value | None:
        """The value of a variable; None if the scope was never entered."""
        return self.get(("variable", scope, name))  # type: ignore[return-value]

    def bind(self, scope: Scope, name: str, value: Value) -> None:
        """Bind a variable."""
        self.layer.entries["variable", scope, name] = value

    # Objects

    def contents(self, number: int) -> Contents | None:
        """The contents of the object of that number."""
        return self.get(("contents", number))  # type: ignore[return-value]

    def may_hold(self, number: int) -> bool:
        """Whether some path has contents of the object of that number."""
        return number in self.layer.bottom.holders

    def set_contents(self, number: int, contents: Contents) -> None:
        """Replace the contents of the object of that number; too large ones become unknown."""
        self.layer.bottom.holders.add(number)
        self.layer.entries["contents", number] = bounded_contents(contents)

    def next_count(self, *key: Hashable) -> int:
        """How often this was asked on this path before: 0, 1, 2 ..."""
        full = ("count", *key)
        count = self.get(full)
        number = count if isinstance(count, int) else 0
        self.layer.entries[full] = number + 1
        return number


def shared_layer(*states: State) -> Layer:
    """The last layer that states have in common."""
    shared = states[0].layer
    for state in states[1:]:
        shared = _shared_by(shared, state.layer)
    return shared


def _shared_by(a: Layer, b: Layer) -> Layer:
    while a is not b:
        if a.depth >= b.depth:
            assert a.parent is not None
            a = a.parent
        else:
            assert b.parent is not None
            b = b.parent
    return a


def written_since(layer: Layer, state: State) -> dict[Key, Entry]:
    """What a state wrote after ``layer``, in the order of the first writing."""
    above = state.layer
    if above.parent is layer:
        return above.entries
    chain: list[Layer] = []
    while above is not layer:
        chain.append(above)
        assert above.parent is not None
        above = above.parent
    written: dict[Key, Entry] = {}
    for one in reversed(chain):
        written.update(one.entries)
    return written


def entries_under(key: Key, written: Sequence[Mapping[Key, Entry]], below: State) -> list[Entry]:
    """The entry under a key on each of some paths, given what each of them has written.

    A path that has not written it has the entry of ``below``, their common ancestor.
    """
    before: Entry = None
    for by in written:
        if key not in by:
            before = below.get(key)
            break
    return [by.get(key, before) for by in written]
