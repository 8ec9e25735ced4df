"""The exception whose handler is being run, as kept in the state of a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.faults import Fault
    from estimator_lint.project.code import ClassCode


@dataclass(frozen=True)
class Handled:
    """What a bare ``raise`` raises again.

    Attributes:
        exception: its class, as in ``Raised``.
        faults: the recorded faults that may have caused it.
        by: the ``raise`` and ``assert`` statements that may have raised it.
        outer: the exception of the enclosing handler.
    """

    exception: str | ClassCode | None
    faults: frozenset[Fault] = frozenset()
    by: frozenset[cst.CSTNode] = frozenset()
    outer: Handled | None = None


def either(one: Handled, other: Handled) -> Handled:
    """The joined knowledge of two exceptions."""
    if one == other:
        return one
    outer = one.outer if one.outer == other.outer else None
    if one.outer is not None and other.outer is not None:
        outer = either(one.outer, other.outer)
    return Handled(
        one.exception if one.exception == other.exception else None,
        one.faults | other.faults,
        one.by | other.by,
        outer,
    )
