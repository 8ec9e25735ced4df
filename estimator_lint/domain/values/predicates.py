"""What an undecided truth value stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    Constant,
    SymbolicValue,
)

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Predicate:
    """What an undecided truth value stands for.

    ``subject`` equals ``constant``; or is one of ``constants``; or, where both are
    missing, is true.
    """

    subject: SymbolicValue
    constant: Constant | None = None
    constants: tuple[Constant, ...] = ()
    negated: bool = False
