"""``--suggest-fixes``: what can be done about each finding, also where you have to choose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.command_line.rewriting import rewritable
from estimator_lint.fixes import Analyses, FileFixes
from estimator_lint.fixes.editable import Editable, PythonText

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings
    from estimator_lint.settings import Settings


def with_fixes(file: FileFindings, settings: Settings) -> FileFindings:
    """The findings of a file with the fixes for each, the best first.

    Fixes that would leave the cell of a notebook are left out.
    """
    editable = _editable(file)
    if editable is None:
        return file
    fixes = FileFixes(editable.module, Analyses(file.path, settings))
    found = {
        finding: tuple(
            fix for fix in fixes.proved(finding) if editable.edited(fix.edits) is not None
        )
        for finding in file.findings
    }
    return replace(file, fixes=found)


def _editable(file: FileFindings) -> Editable | None:
    """The checked content; None for a notebook that can't be read again, as from standard input."""
    try:
        return rewritable(file).editable
    except (OSError, ValueError):
        return PythonText("".join(file.lines)) if file.notebook is None else None
