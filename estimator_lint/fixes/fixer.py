"""Fixers: for the findings of one code, a fixer proposes changes that may fix them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.findings import Finding
    from estimator_lint.fixes.analysis import Analysis
    from estimator_lint.fixes.source_index import SourceIndex


@dataclass(frozen=True)
class Case:
    """A finding and its file."""

    analysis: Analysis
    finding: Finding

    @property
    def index(self) -> SourceIndex:
        """The nodes of the file."""
        return self.analysis.index

    @property
    def place(self) -> tuple[int, int]:
        """The line and column of the finding."""
        return self.finding.line, self.finding.column

    @property
    def expression(self) -> ast.expr | None:
        """The outermost expression that starts at the place of the finding."""
        return self.index.expression_at(*self.place)


@dataclass(frozen=True)
class Proposal:
    """A proposed fix that is not proved yet.

    Attributes:
        title: as in ``Fix``.
        kind: as in ``Fix``.
        edits: with newlines for line ends.
        changes: the modes in which the function may behave differently afterwards; None: those of
            the finding, or those that reach its place if it names none.
        is_last_resort: offered only if no other change for the finding is proved.
    """

    title: str
    kind: FixKind
    edits: tuple[Edit, ...]
    changes: frozenset[Mode] | None = None
    is_last_resort: bool = False


Propose: TypeAlias = "Callable[[Case], Iterator[Proposal]]"


@dataclass(frozen=True)
class Fixer:
    """Proposes fixes for the findings of a rule.

    Attributes:
        code: the rule's code for definite findings; it serves the possible ones, too.
        propose: returns the proposals for a finding, the best first; each is proved before it is
            offered, so a proposal may turn out wrong.
    """

    code: str
    propose: Propose
