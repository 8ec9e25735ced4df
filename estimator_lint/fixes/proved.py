"""From a finding to its proved fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from estimator_lint.findings import Finding
from estimator_lint.fixes.analysis import Analyses, Analysis
from estimator_lint.fixes.fix import Edit, Fix, FixKind
from estimator_lint.fixes.fixer import Case, Proposal
from estimator_lint.fixes.fixers import FIXERS
from estimator_lint.fixes.fixers.silencing import silencing
from estimator_lint.fixes.proof import DEFINITE_CODES, is_proved, worse
from estimator_lint.fixes.text_edits import (
    MovedLines,
    apply_edits,
    before_edits,
    line_end_of,
    overlap,
    with_line_ends,
)
from estimator_lint.settings import Settings


def fixes_of(
    text: str, filename: str, finding: Finding, settings: Settings | None = None
) -> tuple[Fix, ...]:
    """The proved fixes for a finding, the best first; empty if there are none.

    Args:
        text: the text of the file with the finding.
        filename: its path, from which imports of the project's other modules are resolved.
        finding: the finding to fix.
        settings: the settings with which it was found.
    """
    return FileFixes(text, Analyses(filename, settings or Settings())).fixes_of(finding)


#: At most so many faults that hide one another are mended together.
MOST_UNCOVERED: Final = 3


class FileFixes:
    """The fixes for the findings of one text, which is evaluated once for all of them.

    Args:
        text: of the file.
        analyses: evaluates it, with the settings with which the findings were found.
    """

    def __init__(self, text: str, analyses: Analyses) -> None:
        self._text = text
        self._analyses = analyses

    @cached_property
    def analysis(self) -> Analysis | None:
        """The text, evaluated; None if it can't be parsed."""
        return self._analyses.of_fixed(self._text)

    def fixes_of(self, finding: Finding) -> tuple[Fix, ...]:
        """The proved fixes for a finding, the best first; the last one adds a comment."""
        fixes = tuple(self.proved(finding))
        if self.analysis is None or finding not in self.analysis.findings:
            return fixes
        lines = [f"{line}\n" for line in self.analysis.source.lines]
        (comment,) = silencing(lines, [finding])
        if comment is None:
            return fixes
        title = f"Silence it with '# noqa: {finding.code}'"
        return (*fixes, Fix(title, FixKind.SHOWN, (comment,)))

    def proved(
        self, finding: Finding, fits: Callable[[Fix], bool] = lambda _: True
    ) -> Iterator[Fix]:
        """The proved fixes that are wanted, one by one: each costs an evaluation.

        A change that is not wanted alone is not tried together with a second one either.
        """
        if DEFINITE_CODES.get(finding.code) not in FIXERS or self.analysis is None:
            return
        tried: set[tuple[Edit, ...]] = set()
        is_fixed = False
        for proposal in _proposals(self.analysis, finding):
            fix = self._fix(proposal)
            if is_fixed and proposal.is_last_resort:
                continue
            if fix.edits and fix.edits not in tried and fits(fix):
                tried.add(fix.edits)
                for each in self._proved(finding, proposal, fix):
                    if fits(each):
                        is_fixed = True
                        yield each

    def _proved(self, finding: Finding, proposal: Proposal, fix: Fix) -> Iterator[Fix]:
        """A change if it is proved, or else together with what has to follow."""
        assert self.analysis is not None
        if is_proved(self.analysis, (finding, proposal)):
            yield fix
        else:
            yield from map(self._fix, self._with_what_follows(finding, proposal))

    def proved_together(
        self, findings: Iterable[Finding], fits: Callable[[Fix], bool]
    ) -> list[tuple[Finding, Fix]]:
        """The first wanted fix of each finding, if all of them together are proved.

        Otherwise empty; this costs one evaluation for all.
        """
        chosen: list[tuple[Finding, Proposal]] = []
        edits: list[Edit] = []
        for finding in findings if self.analysis is not None else ():
            assert self.analysis is not None
            proposals = _proposals(self.analysis, finding)
            first = next((each for each in proposals if fits(self._fix(each))), None)
            if first is not None and not overlap(first.edits, edits):
                chosen.append((finding, first))
                edits += first.edits
        if self.analysis is None or not chosen or not is_proved(self.analysis, *chosen):
            return []
        return [(finding, self._fix(proposal)) for finding, proposal in chosen]

    def _fix(self, proposal: Proposal) -> Fix:
        line_end = line_end_of(self._text)
        edits = tuple(sorted(with_line_ends(edit, line_end) for edit in proposal.edits))
        return Fix(proposal.title, proposal.kind, edits)

    def _with_what_follows(self, finding: Finding, proposal: Proposal) -> Iterator[Proposal]:
        """A change that uncovers another fault, together with the fix for that, and so on."""
        seen = {_identity(finding)}
        for _ in range(MOST_UNCOVERED):
            uncovered = self._uncovered(finding, proposal)
            if uncovered is None or _identity(uncovered[0]) in seen:
                return
            seen.add(_identity(uncovered[0]))
            tried = []
            for both in self._joined(proposal, *uncovered):
                if self.analysis is not None and is_proved(self.analysis, (finding, both)):
                    yield both
                    return
                tried.append(both)
            if not tried:
                return
            proposal = tried[0]

    def _uncovered(self, finding: Finding, proposal: Proposal) -> tuple[Finding, Analysis] | None:
        """The one fault that a change leaves or uncovers, and the text with the change."""
        before, edits = self.analysis, proposal.edits
        after = None if before is None else before.with_text(apply_edits(before.text, edits))
        if before is None or after is None:
            return None
        origins = MovedLines(before.text, edits).origins()
        found = worse((finding,), before.findings, after.findings, origins)
        return (found[0], after) if len(found) == 1 else None

    def _joined(
        self, proposal: Proposal, uncovered: Finding, after: Analysis
    ) -> Iterator[Proposal]:
        """A change together with each change for the fault that it uncovers."""
        assert self.analysis is not None
        for second in _proposals(after, uncovered):
            more = before_edits(self.analysis.text, proposal.edits, second.edits)
            if more:
                yield Proposal(
                    f"{proposal.title}; {second.title[:1].lower()}{second.title[1:]}",
                    max(proposal.kind, second.kind, key=list(FixKind).index),
                    (*proposal.edits, *more),
                    proposal.changes,
                )


def _identity(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.text


def _proposals(analysis: Analysis, finding: Finding) -> Iterator[Proposal]:
    """The fixers' proposals for a finding of a text; none if the text does not have it."""
    if finding not in analysis.findings:
        return
    for fixer in FIXERS.get(DEFINITE_CODES.get(finding.code, ""), ()):
        yield from fixer.propose(Case(analysis, finding))
