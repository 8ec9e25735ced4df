"""What evaluation records: facts of each path, without a judgement.

A place is the libcst node together with the piece it stands in; its line and
column are worked out only when a finding stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from estimator_lint.evaluation.paths.doubts import NO_DOUBTS
from estimator_lint.tensorflow_api.field_types import CHECK_ORDER
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.evaluation.paths.doubts import Doubts
    from estimator_lint.evaluation.paths.passed import Passed
    from estimator_lint.evaluation.paths.state import State
    from estimator_lint.evaluation.values.origins import Origins
    from estimator_lint.evaluation.values.values import Opaque, Value
    from estimator_lint.pieces import Piece, Position
    from estimator_lint.tensorflow_api.specs import SpecClass


@dataclass(frozen=True)
class Place:
    """Somewhere in the source.

    Attributes:
        piece, node: what stands there.
        via: of a place in another file the call in the linted file that leads there.
        within: of a place in another file the function that it is in.
    """

    piece: Piece
    node: cst.CSTNode
    via: Place | None = None
    within: str = ""

    def position(self) -> Position:
        """Where it starts in the linted file; a tuple starts at its parenthesis, as in ``ast``."""
        if self.via is not None:
            return self.via.position()
        parentheses = getattr(self.node, "lpar", ())
        if parentheses and type(self.node).__name__ == "Tuple":
            return self.piece.position(parentheses[-1])
        return self.piece.position(self.node)


@dataclass(frozen=True, kw_only=True)
class OnPath:
    """Something that happens on a path.

    ``passed`` is the last test that the path passed before.
    """

    passed: Passed | None = field(default=None, compare=False, repr=False)


@dataclass(eq=False)
class Fault:
    """Something that ends a path by an exception.

    Attributes:
        swallowed: on some path the model function itself catches the exception.
        escaped: on some path the exception leaves the model function.
        passed: the last test that the path passed before.
    """

    swallowed: bool = field(default=False, kw_only=True)
    escaped: bool = field(default=False, kw_only=True)
    passed: Passed | None = field(default=None, kw_only=True, repr=False)

    @property
    def caught(self) -> bool:
        """Whether the model function itself catches the exception, wherever it is raised."""
        return self.swallowed and not self.escaped

    @property
    def partly_caught(self) -> bool:
        """Whether it does so on some of its paths, and raises it again on others."""
        return self.swallowed and self.escaped


@dataclass(frozen=True)
class Mistyped:
    """A value of a field that TensorFlow does not take.

    Attributes:
        field: the field.
        part: the entry or item that is wrong: ``["key"]``; empty for the whole.
        problem: what is wrong with it, as the end of a sentence.
        origin: where the value was made.
        exception: what the constructor raises, by its name in ``builtins``; None:
            it does not, or not always, and the Estimator does later.
        sure: it is wrong whatever the spec is used for.
        place: where it is to be mended, if that is not where the field is given.
    """

    field: str
    part: str
    problem: str
    origin: Place | None
    exception: str | None = "TypeError"
    sure: bool = True
    place: Place | None = None


@dataclass(eq=False)
class SiteVisit(Fault):
    """One path's construction of a spec.

    Attributes:
        place: the site.
        spec_class: which class of specs.
        fields: the value of every field, as far as the path tells; containers
            as pictures.
        written_none: the fields for which the construction has a literal None.
        key: the value of ``mode`` where it is known.
        key_place: the ``mode`` argument; None of a ``_replace``.
        key_known: whether the value of ``mode`` is known.
        field_places: where the construction gives the fields; of ``_replace``, the new ones.
        missing: required fields that are None.
        mistyped: values that TensorFlow does not take.
        rejected: TensorFlow raises on this construction, or would on its use.
        replaced: of a ``_replace`` the constructions of the spec that it starts from.
        used: the Estimator gets the spec, or one that ``_replace`` makes of it.
        spared: another path makes the spec and does not use it.
        doubts: what must be so for the path to exist.
    """

    place: Place
    spec_class: SpecClass
    fields: Mapping[str, Value]
    written_none: frozenset[str]
    key: object
    key_place: Place | None
    key_known: bool
    field_places: Mapping[str, Place]
    missing: tuple[str, ...]
    mistyped: tuple[Mistyped, ...]
    rejected: bool
    doubts: Doubts
    replaced: tuple[SiteVisit, ...] = ()
    used: bool = False
    spared: bool = False

    def place_of(self, field: str) -> Place:
        """The value of ``field`` as it is written at the site; else the site."""
        return self.field_places.get(field, self.place)

    @property
    def unfit(self) -> bool:
        """Whether TensorFlow rejects the spec as soon as it checks it."""
        return self.raises is not None

    @property
    def raises(self) -> str | None:
        """What TensorFlow's checks raise on it, by its name in ``builtins``."""
        first = dict.fromkeys(self.missing, "ValueError")
        for mistyped in self.mistyped:
            if mistyped.exception is not None:
                first.setdefault(mistyped.field, mistyped.exception)
        return next((first[field] for field in CHECK_ORDER if field in first), None)


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
class Misfit(Fault):
    """A function is given arguments that it does not take, or names another number of values.

    ``what`` says it in words, as the beginning of a sentence.
    """

    place: Place
    what: str
    doubts: Doubts


@dataclass(eq=False)
class MissingParam(Fault):
    """A read of a key that the ``params`` of no Estimator of the file have."""

    place: Place
    key: str
    doubts: Doubts


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
        result: what it gave; ``Trace.origins`` tells its arguments.
    """

    place: Place
    result: Opaque


@dataclass(frozen=True)
class Return(OnPath):
    """One path's end by a return.

    Attributes:
        place: the returned expression; None where there is none.
        value: what is returned.
        doubts: what must be so for the path to exist.
        happened: the watched calls of the path; False of one that was made on
            some only of the paths that were merged into it.
    """

    place: Place | None
    value: Value
    doubts: Doubts
    happened: Mapping[WatchedCall, bool]


@dataclass
class Trace:
    """What happened in one mode, on all paths.

    Attributes:
        visits, unbound_reads ...: the facts, in the order of evaluation.
        pending: the visits of which only their use tells whether they are wrong.
        bound_reads: the nodes of names that some path read with a value.
        instead_of_unbound: the numbers of the Opaques with which a survey goes on where
            a variable is unbound.
        operands: in PREDICT, the nodes of operands that are not None on some path, of
            operations that None does not have.
        fits: the nodes of calls and targets that some path passed with what fits them.
        tested: the modes that some test on some path asked for by name.
        compared_otherwise: the nodes of operands that some path compares with
            something that is not the ``mode`` argument.
        labels_tested: some path tested ``labels`` against None.
        params_keys: the keys of ``params`` with the Estimators of the file; None: not known.
        labels_name: what the function calls its argument ``labels``.
        raised_by: the ``raise`` and ``assert`` statements by which paths end.
        outcomes: of the nodes of tests, how they come out on some path.
        ran: the statements that some path came to, in whatever function.
        creates_estimator_spec: some path called a ``create_estimator_spec`` method.
        trains_by_head: it was given something to train with.
        merged_paths: how many paths were merged for their number.
        origins: where values come from.
        calls_not_followed: how many calls of local functions were left alone.
        known_keys: the places, keys and doubts of ``unknown_keys``.
        stored: by the numbers of Opaques the attributes that some path stored in them.
    """

    mode: Mode
    visits: list[SiteVisit] = field(default_factory=list)
    pending: list[SiteVisit] = field(default_factory=list)
    unbound_reads: list[UnboundRead] = field(default_factory=list)
    bound_reads: set[cst.CSTNode] = field(default_factory=set)
    instead_of_unbound: set[int] = field(default_factory=set)
    labels_uses: list[LabelsUse] = field(default_factory=list)
    operands: set[cst.CSTNode] = field(default_factory=set)
    misfits: list[Misfit] = field(default_factory=list)
    fits: set[cst.CSTNode] = field(default_factory=set)
    missing_params: list[MissingParam] = field(default_factory=list)
    rejected_calls: list[RejectedCall] = field(default_factory=list)
    mode_changes: list[ModeChange] = field(default_factory=list)
    discarded_replaces: list[DiscardedReplace] = field(default_factory=list)
    unknown_keys: list[UnknownModeKey] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    tested: set[Mode] = field(default_factory=set)
    compared_otherwise: set[cst.CSTNode] = field(default_factory=set)
    labels_tested: bool = False
    labels_name: str = "labels"
    params_keys: frozenset[str] | None = None
    creates_estimator_spec: bool = False
    trains_by_head: bool = False
    raised_by: set[cst.CSTNode] = field(default_factory=set)
    outcomes: dict[cst.CSTNode, set[bool]] = field(default_factory=dict)
    ran: set[cst.CSTNode] = field(default_factory=set)
    merged_paths: int = 0
    calls_not_followed: int = 0
    origins: Origins = field(default_factory=dict)
    stored: set[tuple[int, str]] = field(default_factory=set)
    known_keys: set[tuple[Place, str, Doubts]] = field(default_factory=set)

    def count_of_events(self) -> int:
        """How much was recorded that belongs to single paths."""
        return (
            len(self.visits)
            + len(self.unbound_reads)
            + len(self.labels_uses)
            + len(self.misfits)
            + len(self.missing_params)
            + len(self.rejected_calls)
            + len(self.mode_changes)
            + len(self.discarded_replaces)
            + len(self.unknown_keys)
        )

    def count_by_kind(self) -> tuple[int, ...]:
        """How many facts of each kind were recorded."""
        return tuple(map(len, self._facts()))

    def forget_since(self, counts: tuple[int, ...]) -> None:
        """Drop the facts that were recorded after ``count_by_kind`` gave ``counts``."""
        for facts, count in zip(self._facts(), counts, strict=True):
            del facts[count:]
        self.known_keys = {(one.place, one.key, one.doubts) for one in self.unknown_keys}

    def _facts(self) -> tuple[list[Any], ...]:
        return tuple(value for value in vars(self).values() if isinstance(value, list))

    def note_misfit(self, place: Place, what: str, state: State) -> Misfit:
        """Record something that Python can't do with the arguments or values at hand."""
        misfit = Misfit(place, what, state.doubts, passed=state.passed)
        self.misfits.append(misfit)
        return misfit

    def note_unknown_key(
        self, place: Place, key: str, doubts: Doubts, passed: Passed | None
    ) -> None:
        """Record a comparison of ``mode`` with something that no mode equals."""
        if (place, key, NO_DOUBTS) not in self.known_keys:
            self.known_keys.add((place, key, doubts))
            self.unknown_keys.append(UnknownModeKey(place, key, doubts, passed=passed))
