"""Applying all possible fixes to a file, pass by pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from estimator_lint.findings import Finding
from estimator_lint.fixes.analysis import Analyses
from estimator_lint.fixes.editable import Editable
from estimator_lint.fixes.fix import Edit, Fix, FixKind
from estimator_lint.fixes.proof import are_mended
from estimator_lint.fixes.proved import FileFixes
from estimator_lint.fixes.text_edits import MovedLines, apply_edits, overlap

#: One fix may enable the next; if that never ends, a fixer has a bug.
MAX_PASSES: Final = 10


@dataclass
class Fixed:
    """A file in which findings were fixed.

    Attributes:
        file: the file afterwards.
        fixed: the fixed findings, in the order of fixing.
        left: the remaining findings.
        settled: none of them can be fixed; another run would change nothing.
    """

    file: Editable
    fixed: list[tuple[Finding, Fix]] = field(default_factory=list)
    left: Sequence[Finding] = ()
    settled: bool = False


def fix_all(
    file: Editable,
    analyses: Analyses,
    find: Callable[[str], Sequence[Finding]],
    *,
    unsafe: bool = False,
) -> Fixed:
    """Apply all fixes.

    Args:
        file: the file to fix.
        analyses: evaluates its texts; ``find`` should use it, too.
        find: returns the findings of a module's text that should be fixed.
        unsafe: also use fixes that change what the program does.
    """
    kinds = {FixKind.SAFE, FixKind.UNSAFE} if unsafe else {FixKind.SAFE}

    def found(file: Editable) -> Sequence[Finding]:
        analyses.of(file.module)  # with its own line ends, which ``find`` may not keep
        return find(file.module)

    result = Fixed(file, left=found(file))
    for _ in range(MAX_PASSES):
        fixes = FileFixes(result.file.module, analyses)

        def fits(fix: Fix, file: Editable = result.file) -> bool:
            return fix.kind in kinds and file.edited(fix.edits) is not None

        chosen = fixes.proved_together(result.left, fits) or _one_by_one(fixes, result.left, fits)
        if len(chosen) > 1 and not _hold_together(fixes, chosen):
            chosen = chosen[:1]
        edited = result.file.edited(_edits(chosen))
        if not chosen or edited is None:
            result.settled = not chosen
            break
        result.file = edited
        result.fixed += chosen
        result.left = found(edited)
    return result


def _one_by_one(
    fixes: FileFixes, findings: Iterable[Finding], fits: Callable[[Fix], bool]
) -> list[tuple[Finding, Fix]]:
    """For each finding, the first proved and wanted fix that does not overlap with another."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding in findings:
        fix = next(fixes.proved(finding, fits), None)
        if fix is not None and not overlap(fix.edits, _edits(chosen)):
            chosen.append((finding, fix))
    return chosen


def _edits(chosen: Iterable[tuple[Finding, Fix]]) -> list[Edit]:
    return [edit for _, fix in chosen for edit in fix.edits]


def _hold_together(fixes: FileFixes, chosen: list[tuple[Finding, Fix]]) -> bool:
    """Whether fixes that were proved one by one fix their findings together."""
    before = fixes.analysis
    if before is None:
        return False
    edits = _edits(chosen)
    after = before.with_text(apply_edits(before.text, edits))
    if after is None:
        return False
    origins = MovedLines(before.text, edits).origins()
    targets = [finding for finding, _ in chosen]
    return are_mended(targets, before.findings, after.findings, origins)
