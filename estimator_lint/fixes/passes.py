"""Fixing all that can be fixed in a text, pass by pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from estimator_lint.findings import Finding
from estimator_lint.fixes.fix import Edit, Fix, FixKind
from estimator_lint.fixes.proof import are_mended
from estimator_lint.fixes.proved import FileFixes
from estimator_lint.fixes.text_edits import MovedLines, apply_edits, overlap
from estimator_lint.settings import Settings

#: A fix may make room for the next one; one that does so for ever is an error of ours.
MAX_PASSES: Final = 10


@dataclass
class FixedText:
    """A text in which findings were mended.

    Attributes:
        text: the new text.
        fixed: what was mended, in the order in which it was.
        left: the findings of the new text.
    """

    text: str
    fixed: list[tuple[Finding, Fix]] = field(default_factory=list)
    left: Sequence[Finding] = ()


def fix_text(
    text: str,
    filename: str,
    settings: Settings,
    find: Callable[[str], Sequence[Finding]],
    *,
    unsafe: bool = False,
) -> FixedText:
    """A text with everything mended for which there is a fix.

    Args:
        text: of a Python file.
        filename: its path, from which imports of the project's other modules are resolved.
        settings: those of the run.
        find: gives the findings of a text that are to be mended.
        unsafe: also use fixes that change what the program does.
    """
    kinds = {FixKind.SAFE, FixKind.UNSAFE} if unsafe else {FixKind.SAFE}
    result = FixedText(text, left=find(text))
    for _ in range(MAX_PASSES):
        fixes = FileFixes(result.text, filename, settings)
        chosen = _chosen(fixes, result.left, kinds)
        if len(chosen) > 1 and not _hold_together(fixes, chosen):
            chosen = chosen[:1]
        if not chosen:
            break
        result.text = apply_edits(result.text, _edits(chosen))
        result.fixed += chosen
        result.left = find(result.text)
    return result


def _chosen(
    fixes: FileFixes, findings: Iterable[Finding], kinds: set[FixKind]
) -> list[tuple[Finding, Fix]]:
    """For each finding the first fix of a kind, if it overlaps with none before it."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding in findings:
        fix = next((fix for fix in fixes.proved(finding) if fix.kind in kinds), None)
        if fix is not None and not overlap(fix.edits, _edits(chosen)):
            chosen.append((finding, fix))
    return chosen


def _edits(chosen: Iterable[tuple[Finding, Fix]]) -> list[Edit]:
    return [edit for _, fix in chosen for edit in fix.edits]


def _hold_together(fixes: FileFixes, chosen: list[tuple[Finding, Fix]]) -> bool:
    """Whether fixes that were proved one by one mend their findings together."""
    before = fixes.analysis
    if before is None:
        return False
    edits = _edits(chosen)
    after = before.with_text(apply_edits(before.text, edits))
    if after is None:
        return False
    origins = MovedLines(edits).origins(len(after.source.lines))
    targets = [finding for finding, _ in chosen]
    return are_mended(targets, before.findings, after.findings, origins)
