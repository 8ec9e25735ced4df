"""The fixtures after ``--fix --unsafe-fixes``, under ``tests/fixtures_fixed``.

    python -m tests.fixes.fixed_fixtures [FIXTURE.py ...]

rewrites them. The expectations of a fixture are in comments, which are removed before fixing; the
remaining findings of a fixed one are written in comments again. Only fixtures with something to fix
are there, and no projects of several files. For codes whose fixes the user has to choose, the first
fix is applied to the example. The remarks ``unaddressed:`` and ``undecided:`` of a fixed function
may have to be removed by hand: TensorFlow decides (``dev.py conformance --fixed``).
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from estimator_lint.findings import Finding
from estimator_lint.fixes.analysis import Analyses
from estimator_lint.fixes.editable import PythonText
from estimator_lint.fixes.passes import MAX_PASSES, Fixed, fix_all
from estimator_lint.fixes.proved import FileFixes
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.tensorflow_api.modes import Mode
from tests.fixture_expectations import FIXTURES, fixture_name, fixture_paths, settings_of

FIXED = FIXTURES.parent / "fixtures_fixed"

#: Codes whose fixes the user has to choose.
SHOWN_ONLY = {"MFN101", "MFN102", "MFN103", "MFN104", "MFN201", "MFN203", "MFN307", "MFN601"}

_SILENCE = re.compile(r"  # (?:unaddressed|undecided): [^\n]*")
_SILENT = re.compile(r"(unaddressed|undecided): ((?:TRAIN|EVAL|PREDICT)(?:, \w+)*)")
_REMARK = re.compile(r"[ \t]*# (?:MFN\d{3} |unaddressed:|undecided:)[^\n]*")


@dataclass(frozen=True)
class Mending:
    """A fixture without its remarks, and the result of fixing it."""

    text: str
    findings: Sequence[Finding]
    fixed: Fixed

    @property
    def result(self) -> str:
        """The text of the fixed fixture, without remarks."""
        return self.fixed.file.content


def single_fixtures() -> list[Path]:
    """The fixtures of one file."""
    return [path for path in fixture_paths() if not fixture_name(path).startswith("projects/")]


def without_remarks(text: str) -> str:
    """The text of a fixture without its expectations."""
    return _REMARK.sub("", text)


def mend(path: Path, *, unsafe: bool = True) -> Mending:
    """Fix a fixture."""
    text = without_remarks(path.read_text(encoding="utf-8"))
    if path.name == "bad.py" and path.parent.name in SHOWN_ONLY:
        return choose_first(text, str(path))
    return mend_text(text, str(path), unsafe=unsafe)


def choose_first(text: str, name: str) -> Mending:
    """Apply the first shown fix of each finding."""
    analyses = Analyses(name, settings_of(text))
    before = _findings(analyses, text)
    fixed = Fixed(PythonText(text), left=before)
    for _ in range(MAX_PASSES):
        fixes = FileFixes(fixed.file.content, analyses)
        chosen = ((finding, next(fixes.proved(finding), None)) for finding in fixed.left)
        finding, fix = next(((each, fix) for each, fix in chosen if fix), (None, None))
        if finding is None or fix is None:
            fixed.settled = True
            break
        fixed.file = PythonText(apply_edits(fixed.file.content, fix.edits))
        fixed.fixed.append((finding, fix))
        fixed.left = _findings(analyses, fixed.file.content)
    return Mending(text, before, fixed)


def mend_text(text: str, name: str, *, unsafe: bool = True) -> Mending:
    """Fix a text."""
    analyses = Analyses(name, settings_of(text))
    before = _findings(analyses, text)
    find = functools.partial(_findings, analyses)
    return Mending(text, before, fix_all(PythonText(text), analyses, find, unsafe=unsafe))


def _findings(analyses: Analyses, text: str) -> Sequence[Finding]:
    """As ``--fix`` finds them: with the evaluation that the fixes are made and proved with."""
    analysis = analyses.of(text)
    assert analysis is not None
    return analysis.findings


def with_remarks(path: Path, mending: Mending) -> str:
    """A fixed fixture with its findings and its ``unaddressed:`` and ``undecided:`` remarks."""
    lines = mending.result.split("\n")
    remarks = _silent_remarks(path, mending)
    for finding in mending.fixed.left:
        modes = f" {', '.join(mode.name for mode in finding.modes)}" if finding.modes else ""
        remark = f"{finding.code}{modes} col {finding.column + 1}"
        remarks.setdefault(finding.line, []).append(remark)
    for line, found in remarks.items():
        lines[line - 1] += f"  # {'; '.join(found)}"
    return "\n".join(lines)


def without_silence(text: str) -> str:
    """A text without the remarks that only TensorFlow can judge."""
    return _SILENCE.sub("", text)


def _silent_remarks(path: Path, mending: Mending) -> dict[int, list[str]]:
    """The remarks of the lines of ``def`` about modes that fail and are not reported."""
    text = path.read_text(encoding="utf-8")
    if not _SILENT.search(text):
        return {}
    analyses = Analyses(str(path), settings_of(text))
    before, after = analyses.of(text), analyses.of(mending.result)
    assert before is not None
    assert after is not None
    remarks: dict[int, list[str]] = {}
    for was, now in zip(before.functions, after.functions, strict=True):
        remark = _SILENT.search(text.split("\n")[was.name_place.position().line - 1])
        if remark is not None:
            silent = [mode for mode in remark[2].split(", ") if Mode[mode] not in now.addressed]
            if silent or remark[1] == "undecided":
                line = now.name_place.position().line
                modes = ", ".join(silent) or remark[2]
                remarks.setdefault(line, []).append(f"{remark[1]}: {modes}")
    return remarks


def main(names: Sequence[str]) -> None:
    """Write the fixed fixtures."""
    for path in [Path(name).resolve() for name in names] or single_fixtures():
        mending = mend(path)
        target = FIXED / fixture_name(path)
        if mending.fixed.fixed:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(with_remarks(path, mending), encoding="utf-8")
        elif target.exists():
            target.unlink()
        print(f"{fixture_name(path)}: {len(mending.fixed.fixed)} of {len(mending.findings)}")


if __name__ == "__main__":
    main(sys.argv[1:])
