"""``--fix`` and ``--diff``: findings that are mended, in the files or on paper."""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.checking import Checker, Problem
from estimator_lint.command_line.output import tell
from estimator_lint.command_line.rewriting import rewritable
from estimator_lint.command_line.running import FileFindings, findings_kept
from estimator_lint.configuration.reading import read_file
from estimator_lint.fixes.analysis import Analyses
from estimator_lint.fixes.editable import Editable, NotebookText
from estimator_lint.fixes.passes import Fixed, fix_all
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from flake8.style_guide import StyleGuideManager

    from estimator_lint.configuration.project_settings import Configuration
    from estimator_lint.findings import Finding


@dataclass
class Mender:
    """Mends the findings of one file after the other.

    Attributes:
        checker: finds what is left.
        guide: which of it is reported.
        unsafe: also apply fixes that change what the program does.
        write_diff: writes the changes instead of making them; None to make them.
        fixed: the number of findings fixed.
        files: the number of files changed.
    """

    checker: Checker
    guide: StyleGuideManager
    unsafe: bool
    write_diff: Callable[[str], None] | None
    fixed: int = 0
    files: int = 0
    _changed: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls, configuration: Configuration, unsafe: bool, write_diff: Callable[[str], None] | None
    ) -> Mender:
        """A mender for the files of a run."""
        checker = Checker(configuration.options, configuration.settings)
        return cls(checker, configuration.style_guide(), unsafe, write_diff)

    def mend(self, file: FileFindings, known: Sequence[Finding]) -> FileFindings | Problem:
        """The remaining findings of a file after fixing; or why nothing could be fixed.

        Args:
            file: with the findings that are to be mended.
            known: findings of the file that are to stay.
        """
        try:
            return self._mend(file, known)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return Problem(file.path, f"not fixed: {reason}", was_checked=True)
        except Exception as error:  # any error: the other files are still fixed
            reason = " ".join(f"internal error ({type(error).__name__}: {error})".split())
            return Problem(file.path, f"not fixed: {reason}", was_checked=True)

    def tell_fixed(self) -> None:
        """Say how much was mended, or would be."""
        what = "fixed" if self.write_diff is None else "would be fixed"
        findings = f"{self.fixed} finding{'s' * (self.fixed != 1)}"
        tell(f"{findings} {what} in {self.files} file{'s' * (self.files != 1)}")

    def _mend(self, file: FileFindings, known: Sequence[Finding]) -> FileFindings:
        identities = {_identity(finding, file.lines) for finding in known}
        real = os.path.realpath(file.path)
        if real in self._changed:  # under another name
            return self._as_it_is(file, identities)
        target = rewritable(file)
        before = target.editable

        analyses = Analyses(file.path, self.checker.settings)
        checker = replace(self.checker, find=analyses.find)

        def find(text: str) -> Sequence[Finding]:
            kept = findings_kept(self.guide, checker.check_text(file.path, text))
            return [each for each in kept.findings if _identity(each, kept.lines) not in identities]

        result = fix_all(before, analyses, find, unsafe=self.unsafe)
        if not result.fixed:
            return file
        if self.write_diff is None:
            target.write(result.file)
        else:
            self.write_diff("".join(_diff(file.path, before, result.file)))
        self._changed.add(real)
        self.files += 1
        # One fix may mend several findings, or uncover others.
        self.fixed += max(len(result.fixed), len(file.findings) - len(result.left))
        return _left(file, result) if self.write_diff is None else file

    def _as_it_is(self, file: FileFindings, known: Container[_Identity]) -> FileFindings:
        """The findings that a file has now, without the known ones."""
        if self.write_diff is not None:
            return file
        now = findings_kept(self.guide, self.checker.check(file.path, read_file(file.path)))
        left = (each for each in now.findings if _identity(each, now.lines) not in known)
        return replace(now, findings=tuple(left))


#: The code of a finding, what it says, and the text of its line.
_Identity: TypeAlias = tuple[str, str, str]


def _identity(finding: Finding, lines: Sequence[str]) -> _Identity:
    """The identity of a finding, independent of its line."""
    return finding.code, finding.text, lines[finding.line - 1] if finding.line <= len(lines) else ""


def _left(file: FileFindings, result: Fixed) -> FileFindings:
    """The findings that a file has after it was mended."""
    notebook = result.file.notebook if isinstance(result.file, NotebookText) else None
    lines = notebook.lines if notebook is not None else _lines(result.file.module)
    return replace(file, findings=tuple(result.left), lines=lines, notebook=notebook)


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, which are all newlines."""
    return io.StringIO(text.removeprefix("\ufeff"), newline=None).readlines()


def _diff(path: str, before: Editable, after: Editable) -> Iterator[str]:
    """A unified diff of a file; of a notebook one of each cell."""
    if isinstance(before, NotebookText) and isinstance(after, NotebookText):
        for (number, old), new in zip(before.cells.items(), after.cells.values(), strict=True):
            yield from _unified(f"{path}:cell {number}", _lines(f"{old}\n"), _lines(f"{new}\n"))
    else:
        yield from _unified(path, _with_ends(before.content), _with_ends(after.content))


def _unified(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    shown = printable(name)
    for line in difflib.unified_diff(before, after, shown, shown):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _with_ends(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
