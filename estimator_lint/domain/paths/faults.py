"""Events on a path, and the faults that end it by an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory


@dataclass(frozen=True, kw_only=True)
class OnPath:
    """Something that happens on a path.

    ``passed`` is the last test that the path passed before.
    """

    passed: BranchHistory | None = field(default=None, compare=False, repr=False)


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
    passed: BranchHistory | None = field(default=None, kw_only=True, repr=False)

    @property
    def caught(self) -> bool:
        """Whether the model function itself catches the exception on every path that raises it."""
        return self.swallowed and not self.escaped

    @property
    def partly_caught(self) -> bool:
        """Whether it does so on some of its paths, and raises it again on others."""
        return self.swallowed and self.escaped
