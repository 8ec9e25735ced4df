"""Specs as values, and the records of their construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.faults import Fault
from estimator_lint.domain.values.places import Place
from estimator_lint.domain.values.values import Compound, Value
from estimator_lint.tensorflow_api.field_checks import CHECK_ORDER

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.values.values import Value
    from estimator_lint.tensorflow_api.specs import SpecClass


@dataclass(frozen=True)
class Mistyped:
    """A value of a field that TensorFlow rejects.

    Attributes:
        field: the field.
        part: the entry or item that is wrong, as ``["key"]``; empty for the whole value.
        problem: what is wrong with it, as the predicate of a sentence.
        origin: where the value was created.
        exception: the class that the constructor raises, by its name in ``builtins``; None if it
            accepts the value, always or sometimes, and the Estimator fails later.
        sure: it is wrong, however the spec is used.
        place: where the fix belongs, if not where the field is given.
        wanted: what TensorFlow expects instead; empty if ``problem`` says enough.
    """

    field: str
    part: str
    problem: str
    origin: Place | None
    exception: str | None = "TypeError"
    sure: bool = True
    place: Place | None = None
    wanted: str = ""


@dataclass(frozen=True)
class HostMetrics:
    """The result of the function in ``eval_metrics`` of a TPU spec.

    Attributes:
        results: what it returns, on each of its paths; containers as ``Picture``.
        place: where it returns that, if there is a single place in the same file.
    """

    results: tuple[Value, ...]
    place: Place | None


@dataclass(eq=False)
class SiteVisit(Fault):
    """One path's construction of a spec.

    Attributes:
        place: the site.
        spec_class: which class of specs.
        fields: the value of every field, as far as known on the path; containers as ``Picture``.
        written_none: the fields for which the construction has a literal None.
        key: the value of ``mode`` if it is known.
        key_place: the ``mode`` argument; None for a ``_replace``.
        key_known: whether the value of ``mode`` is known.
        field_places: where the construction gives the fields; of ``_replace``, the new ones.
        missing: required fields that are None.
        mistyped: values that TensorFlow does not accept.
        rejected: TensorFlow raises at this construction, or would when the spec is used.
        replaced: for a ``_replace``, the constructions of the original spec.
        used: the Estimator gets the spec, or one that ``_replace`` makes from it.
        spared: another path makes the spec and does not use it.
        doubts: the conditions for the path to exist.
        host_metrics: the result of the function in ``eval_metrics``, in EVAL.
        scaffolds: what the function in ``scaffold_fn`` returns on each of its paths, in TRAIN.
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
    host_metrics: HostMetrics | None = None
    scaffolds: tuple[Value, ...] = ()
    used: bool = False
    spared: bool = False

    def place_of(self, field: str) -> Place:
        """Where the value of ``field`` is written at the site; otherwise the site."""
        return self.field_places.get(field, self.place)

    @property
    def unfit(self) -> bool:
        """Whether TensorFlow rejects the spec as soon as it checks it."""
        return self.raises is not None

    @property
    def raises(self) -> str | None:
        """The class that TensorFlow's checks raise for it, by its name in ``builtins``."""
        first = dict.fromkeys(self.missing, "ValueError")
        for mistyped in self.mistyped:
            if mistyped.exception is not None:
                first.setdefault(mistyped.field, mistyped.exception)
        return next((first[field] for field in CHECK_ORDER if field in first), None)


@dataclass(frozen=True, slots=True, eq=False)
class SpecValue(Compound):
    """A spec.

    Attributes:
        spec_class: which class of specs.
        fields: the value of every field; a symbolic value if unknown.
        visits: the records of its construction; several where paths were merged.
    """

    spec_class: SpecClass
    fields: Mapping[str, Value]
    visits: tuple[SiteVisit, ...]

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return tuple(self.fields.values())
