"""What evaluation records: facts of each path, without a judgement.

A place is a libcst node together with the piece it is in; its line and column are computed only if
a finding needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from estimator_lint.domain.paths.doubts import NO_DOUBTS
from estimator_lint.domain.paths.faults import Fault, OnPath
from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.domain.values.places import Place
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.elements import InputKeys
    from estimator_lint.domain.values.provenance import Origins
    from estimator_lint.domain.values.values import SymbolicValue, Value
    from estimator_lint.facts.refusals import NoneUse, RefusedOperands, TensorUse
    from estimator_lint.tensorflow_api.specs import SpecClass


@dataclass(eq=False)
class UnboundRead(Fault):
    """A read of a local variable that nothing on the path bound."""

    place: Place
    name: str
    doubts: Doubts


@dataclass(eq=False)
class LabelsUse(Fault):
    """The ``labels`` argument, which is None, is used as None can't be.

    ``how`` says it in words: ``is subscripted``.
    """

    place: Place
    how: str
    doubts: Doubts


@dataclass(eq=False)
class ArgumentMismatch(Fault):
    """A function is given arguments that it does not take, or names another number of values.

    ``what`` says it in words, as the beginning of a sentence.
    """

    place: Place
    what: str
    doubts: Doubts


@dataclass(eq=False)
class MissingParam(Fault):
    """A read of a key, or an attribute, that the ``params`` of no Estimator of the file have."""

    place: Place
    key: str
    doubts: Doubts
    is_attribute: bool = False


@dataclass(eq=False)
class MissingInputItem(Fault):
    """A read of a key that the input functions of the file give to no features, or labels.

    ``name`` is ``features``, or what the function calls its labels. ``for_serving`` means that only
    those for serving lack it.
    """

    place: Place
    name: str
    key: str
    doubts: Doubts
    for_serving: bool = False


@dataclass(eq=False)
class RejectedCall(Fault):
    """A construction or ``_replace`` with arguments that the spec class does not take.

    ``problem`` is ``unknown field``, ``no mode``, ``too many arguments`` or ``given twice``.
    """

    place: Place
    spec_class: SpecClass
    problem: str
    name: str
    doubts: Doubts


@dataclass(eq=False)
class ModeChange(Fault):
    """A ``_replace`` that changes ``mode``."""

    place: Place
    spec_class: SpecClass
    doubts: Doubts


@dataclass(frozen=True)
class DiscardedReplace(OnPath):
    """The result of ``spec._replace(...)`` is not used."""

    place: Place
    spec_class: SpecClass
    doubts: Doubts


@dataclass(frozen=True)
class UnusedResult(OnPath):
    """The result of a call of the library function ``path`` is not read."""

    place: Place
    path: str
    doubts: Doubts


@dataclass(frozen=True)
class UnknownModeKey(OnPath):
    """``mode`` is compared with ``key``, or a ModeKeys attribute that does not exist is read."""

    place: Place
    key: str
    doubts: Doubts


@dataclass(frozen=True)
class WatchedCall(OnPath):
    """A call of a library function that rules ask for.

    Attributes:
        place: the call.
        result: its result; ``Trace.origins`` has its arguments.
        reads: how often the path had read a collection of the graph before, as ``history`` counts.
    """

    place: Place
    result: SymbolicValue
    reads: int = 0


@dataclass(frozen=True)
class Return(OnPath):
    """One path's end by a return.

    Attributes:
        place: the returned expression; None if there is none.
        value: what is returned.
        doubts: what must be so for the path to exist.
        happened: the watched calls of the path; False of one that was made on
            some only of the paths that were merged into it.
        made: the calls by which it makes variables.
    """

    place: Place | None
    value: Value
    doubts: Doubts
    happened: Mapping[WatchedCall, bool]
    made: tuple[WatchedCall, ...] = ()


@dataclass
class Trace:
    """What happened in one mode, on all paths.

    Attributes:
        visits, unbound_reads ...: the facts, in the order of evaluation.
        pending: the visits that are wrong only if the spec is used.
        refused_returns: how paths would return a spec that TensorFlow refuses.
        bound_reads: the nodes of names that some path read with a value.
        instead_of_unbound: the numbers of the symbolic values with which a survey goes on instead.
        operands: the operands, not None on some path, of what None can't do.
        not_tensors: the operands that are no known tensors on some path, of what tensors can't do.
        taken_operands: the nodes of operations that some path passes.
        fits: the nodes of calls and targets that some path passed with what fits them.
        tested: the modes that some test on some path asked for by name.
        compared_otherwise: the nodes of operands compared with something other than ``mode``.
        labels_tested: some path tested ``labels`` against None.
        params_keys: the keys of ``params`` with the Estimators of the file; None: not known.
        input_keys: by the numbers of the symbolic values that features and labels are, the keys
            that they may have, for each way in which the file runs the mode.
        features: the number of the symbolic value that the argument ``features`` is.
        labels_name: what the function calls its argument ``labels``.
        raised_by: the ``raise`` and ``assert`` statements by which paths end.
        outcomes: for the nodes of tests, their outcomes on some path.
        ran: the statements that some path reached, in any function.
        calls: of the nodes of functions, where some path called them, if that was followed.
        creates_estimator_spec: some path called a ``create_estimator_spec`` method.
        replaces_train_op: some path gives another train_op to a spec that nothing is known about.
        trains_by_head: it was given something to train with.
        merged_paths: how many paths were merged for their number.
        origins: where values come from.
        calls_not_followed: how many calls of local functions were left alone.
        known_keys: what ``unknown_keys`` has.
        stored: by the numbers of symbolic values the attributes that some path stored in them.
    """

    mode: Mode
    visits: list[SiteVisit] = field(default_factory=list)
    pending: list[SiteVisit] = field(default_factory=list)
    unbound_reads: list[UnboundRead] = field(default_factory=list)
    bound_reads: set[cst.CSTNode] = field(default_factory=set)
    instead_of_unbound: set[int] = field(default_factory=set)
    labels_uses: list[LabelsUse] = field(default_factory=list)
    none_uses: list[NoneUse] = field(default_factory=list)
    operands: set[cst.CSTNode] = field(default_factory=set)
    tensor_uses: list[TensorUse] = field(default_factory=list)
    not_tensors: set[cst.CSTNode] = field(default_factory=set)
    refused_operands: list[RefusedOperands] = field(default_factory=list)
    taken_operands: set[cst.CSTNode] = field(default_factory=set)
    argument_mismatches: list[ArgumentMismatch] = field(default_factory=list)
    fits: set[cst.CSTNode] = field(default_factory=set)
    missing_params: list[MissingParam] = field(default_factory=list)
    missing_items: list[MissingInputItem] = field(default_factory=list)
    rejected_calls: list[RejectedCall] = field(default_factory=list)
    mode_changes: list[ModeChange] = field(default_factory=list)
    discarded_replaces: list[DiscardedReplace] = field(default_factory=list)
    unused_results: list[UnusedResult] = field(default_factory=list)
    unknown_keys: list[UnknownModeKey] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    refused_returns: list[Return] = field(default_factory=list)
    tested: set[Mode] = field(default_factory=set)
    compared_otherwise: set[cst.CSTNode] = field(default_factory=set)
    labels_tested: bool = False
    features: int | None = None
    labels_name: str = "labels"
    params_keys: frozenset[str] | None = None
    input_keys: dict[int, tuple[InputKeys, ...]] = field(default_factory=dict)
    creates_estimator_spec: bool = False
    replaces_train_op: bool = False
    trains_by_head: bool = False
    raised_by: set[cst.CSTNode] = field(default_factory=set)
    outcomes: dict[cst.CSTNode, set[bool]] = field(default_factory=dict)
    ran: set[cst.CSTNode] = field(default_factory=set)
    calls: dict[cst.CSTNode, dict[Place, None]] = field(default_factory=dict)
    merged_paths: int = 0
    calls_not_followed: int = 0
    origins: Origins = field(default_factory=dict)
    stored: set[tuple[int, str]] = field(default_factory=set)
    known_keys: set[tuple[Place, str, Doubts]] = field(default_factory=set)
    _about: dict[Place, list[SiteVisit]] = field(default_factory=dict, repr=False, compare=False)
    _visits_indexed: int = field(default=0, repr=False, compare=False)

    def visits_about(self, place: Place) -> Sequence[SiteVisit]:
        """The visits of the site at ``place``, and those that are given a field or the mode there.

        They are looked for once: each finding asks.
        """
        return self._visits_by_place().get(place, ())

    def places_visited(self) -> Iterable[Place]:
        """The places that some visit is about."""
        return self._visits_by_place()

    def _visits_by_place(self) -> dict[Place, list[SiteVisit]]:
        if self._visits_indexed != len(self.visits):
            self._about = {}
            for visit in self.visits:
                for at in {visit.place, visit.key_place, *visit.field_places.values()}:
                    if at is not None:
                        self._about.setdefault(at, []).append(visit)
            self._visits_indexed = len(self.visits)
        return self._about

    @property
    def never_none(self) -> set[cst.CSTNode]:
        """The operands of what None can't do that are None on no path."""
        return self.operands - {use.place.node for use in self.none_uses}

    def count_of_events(self) -> int:
        """How much was recorded that belongs to single paths."""
        return (
            len(self.visits)
            + len(self.unbound_reads)
            + len(self.labels_uses)
            + len(self.none_uses)
            + len(self.tensor_uses)
            + len(self.refused_operands)
            + len(self.argument_mismatches)
            + len(self.missing_params)
            + len(self.missing_items)
            + len(self.rejected_calls)
            + len(self.mode_changes)
            + len(self.discarded_replaces)
            + len(self.unused_results)
            + len(self.unknown_keys)
        )

    def count_by_kind(self) -> tuple[int, ...]:
        """How many facts of each kind were recorded."""
        return tuple(map(len, self._facts()))

    def forget_since(self, counts: tuple[int, ...]) -> None:
        """Drop the facts that were recorded after ``count_by_kind`` gave ``counts``."""
        for facts, count in zip(self._facts(), counts, strict=True):
            del facts[count:]
        self._visits_indexed = 0
        self.known_keys = {(one.place, one.key, one.doubts) for one in self.unknown_keys}

    def _facts(self) -> tuple[list[Any], ...]:
        return tuple(value for value in vars(self).values() if isinstance(value, list))

    def note_argument_mismatch(self, place: Place, what: str, state: State) -> ArgumentMismatch:
        """Record something that Python can't do with the arguments or values at hand."""
        argument_mismatch = ArgumentMismatch(place, what, state.doubts, passed=state.passed)
        self.argument_mismatches.append(argument_mismatch)
        return argument_mismatch

    def note_unknown_key(
        self, place: Place, key: str, doubts: Doubts, passed: BranchHistory | None
    ) -> None:
        """Record a comparison of ``mode`` with something that no mode equals."""
        if (place, key, NO_DOUBTS) not in self.known_keys:
            self.known_keys.add((place, key, doubts))
            self.unknown_keys.append(UnknownModeKey(place, key, doubts, passed=passed))
