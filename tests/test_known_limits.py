"""Known missed (``fn_``) and wrong (``fp_``) findings, until the limit is lifted.

A comment names the finding that a file of ``known_limits`` is about: ``# missed: MFN104 PREDICT``,
or ``# wrong: MFN104 PREDICT``. A missed one counts as found wherever the file has its code, or that
of the possible finding. If the test fails, the linter has improved: the file moves to
``fixtures``, and the page "How it works" loses a limit.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

FOLDER = Path(__file__).parent / "known_limits"
_REMARK = re.compile(r"# (?P<what>missed|wrong): (?P<said>MFN\d{3}(?: \w+)*)")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_the_limit_is_still_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    findings = lint_text(text, str(path), Settings())
    found = {
        f"{finding.line} {finding.code} {' '.join(map(str, finding.modes))}".rstrip()
        for finding in findings
    }
    remarks = [
        (remark["what"], f"{number} {remark['said']}")
        for number, line in enumerate(text.splitlines(), 1)
        for remark in _REMARK.finditer(line)
    ]
    assert remarks
    for what, said in remarks:
        assert path.name.startswith({"missed": "fn_", "wrong": "fp_"}[what])
        is_told = said in found
        if what == "missed":
            is_told = bool(_either(said) & {finding.code for finding in findings})
        assert is_told is (what == "wrong"), "the limit is lifted: make it a fixture"


def _either(said: str) -> set[str]:
    """The codes of the definite and of the possible finding."""
    (code,) = re.findall(r"MFN\d{3}", said)
    return {f"{code[:4]}{digit}{code[5:]}" for digit in "01"}
