"""Faults of operations that Python itself refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.faults import Fault

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.values.places import Place


@dataclass(eq=False)
class TensorUse(Fault):
    """A tensor is used as if it had a value, which it has not while the graph is built.

    ``how`` says it in words: ``is iterated over``.
    """

    place: Place
    how: str
    doubts: Doubts


@dataclass(eq=False)
class RefusedOperands(Fault):
    """An operator is applied to what Python has no such operation for.

    ``what`` says it in words, as the beginning of a sentence.
    """

    place: Place
    what: str
    doubts: Doubts


@dataclass(eq=False)
class NoneUse(Fault):
    """A value that is None, and not the ``labels`` argument, is used as None can't be.

    ``how`` says it in words: ``is subscripted``.
    """

    place: Place
    how: str
    doubts: Doubts
