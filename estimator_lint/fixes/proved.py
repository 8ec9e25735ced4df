"""From a finding to the fixes for it that are proved."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from estimator_lint.findings import Finding
from estimator_lint.fixes.analysis import Analysis
from estimator_lint.fixes.fix import Edit, Fix
from estimator_lint.fixes.fixer import Case
from estimator_lint.fixes.fixers import FIXERS
from estimator_lint.fixes.proof import DEFINITE_CODES, is_proved
from estimator_lint.fixes.text_edits import line_end_of, with_line_ends
from estimator_lint.settings import Settings


def fixes_of(
    text: str, filename: str, finding: Finding, settings: Settings | None = None
) -> tuple[Fix, ...]:
    """The fixes for a finding that are proved, the best first; empty where there are none.

    Args:
        text: of the file, in which the finding was found.
        filename: its path, from which imports of the project's other modules are resolved.
        finding: what is to be mended.
        settings: those with which it was found.
    """
    return FileFixes(text, filename, settings).fixes_of(finding)


class FileFixes:
    """The fixes for the findings of one text, which is evaluated once for all of them.

    Args:
        text: of the file.
        filename: its path, from which imports of the project's other modules are resolved.
        settings: those with which the findings were found.
    """

    def __init__(self, text: str, filename: str, settings: Settings | None = None) -> None:
        self._text = text
        self._filename = filename
        self._settings = settings or Settings()

    @cached_property
    def analysis(self) -> Analysis | None:
        """The text, evaluated; None where it can't be parsed."""
        try:
            return Analysis(self._text, self._filename, self._settings)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def fixes_of(self, finding: Finding) -> tuple[Fix, ...]:
        """The fixes for a finding that are proved, the best first."""
        return tuple(self.proved(finding))

    def proved(self, finding: Finding) -> Iterator[Fix]:
        """The same one by one: each costs an evaluation."""
        fixers = FIXERS.get(DEFINITE_CODES.get(finding.code, ""), ())
        if not fixers or self.analysis is None or finding not in self.analysis.findings:
            return
        line_end = line_end_of(self._text)
        case = Case(self.analysis, finding)
        offered: set[tuple[Edit, ...]] = set()
        for fixer in fixers:
            for proposal in fixer.propose(case):
                if proposal.edits in offered or not proposal.edits:
                    continue
                offered.add(proposal.edits)
                if is_proved(self.analysis, finding, proposal):
                    edits = tuple(sorted(with_line_ends(edit, line_end) for edit in proposal.edits))
                    yield Fix(proposal.title, proposal.kind, edits)
