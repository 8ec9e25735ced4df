"""The predicate that an undecided truth value represents."""

from __future__ import annotations

from dataclasses import dataclass

from estimator_lint.domain.values.values import Constant, SymbolicValue


@dataclass(frozen=True)
class Predicate:
    """The meaning of an undecided truth value.

    ``subject`` equals ``constant``; or is one of ``constants``; or, where both are missing, is
    true.
    """

    subject: SymbolicValue
    constant: Constant | None = None
    constants: tuple[Constant, ...] = ()
    negated: bool = False
