"""The effect of ``--fix --unsafe-fixes`` on every fixture, and TensorFlow's verdict."""

from __future__ import annotations

import functools
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixers import FIXERS
from tests.conformance.agreement import Agreement
from tests.fixes.fixed_fixtures import (
    FIXED,
    SHOWN_ONLY,
    mend,
    mend_text,
    single_fixtures,
    with_remarks,
    without_remarks,
    without_silence,
)
from tests.fixture_expectations import FIXTURES, fixture_name, read_expectations

RECORDS = sorted((FIXTURES.parent / "conformance").glob("fixed-tensorflow-*.json"))

#: A comment is not a fixture.
WITHOUT_FIXTURES = {"MFN002"}

WITH_FINDINGS = [path for path in single_fixtures() if read_expectations(path).findings]


@pytest.mark.parametrize("path", WITH_FINDINGS, ids=fixture_name)
def test_fixture_becomes_the_fixed_one(path: Path) -> None:
    mending = mend(path)
    target = FIXED / fixture_name(path)
    assert mending.fixed.settled, "one more run would go on"
    if mending.fixed.fixed:
        expected = target.read_text(encoding="utf-8")
        assert without_silence(with_remarks(path, mending)) == without_silence(expected)
    else:
        assert not target.exists()
    codes = Counter(finding.code for finding in mending.findings)
    mended = Counter(finding.code for finding, _ in mending.fixed.fixed)
    left = Counter(finding.code for finding in mending.fixed.left)
    assert left <= codes - mended, "a fix may mend more than its finding, and brings none"


@pytest.mark.parametrize("code", sorted(set(FIXERS) - WITHOUT_FIXTURES))
def test_there_is_a_fixed_example(code: str) -> None:
    assert (FIXED / code / "bad.py").is_file()


def test_shown_fixes_are_not_applied() -> None:
    for code in sorted(SHOWN_ONLY):
        text = without_remarks((FIXTURES / code / "bad.py").read_text(encoding="utf-8"))
        assert mend_text(text, "model.py").fixed.fixed == []


def test_only_safe_fixes_are_applied_unless_asked_for() -> None:
    for path in (FIXTURES / "MFN501" / "bad.py", FIXTURES / "MFN308" / "bad.py"):
        fixed = mend(path, unsafe=False).fixed.fixed
        assert all(fix.kind is FixKind.SAFE for _, fix in fixed)
        assert bool(fixed) == ("MFN308" in str(path))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    text = (FIXTURES / "MFN502" / "bad.py").read_text(encoding="utf-8")
    plain = mend_text(text, "model.py").result
    assert mend_text(text.replace("\n", end), "model.py").result == plain.replace("\n", end)


@functools.cache
def _record(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


@pytest.mark.parametrize(
    ("record", "name"),
    [
        pytest.param(record, name, id=f"{record.stem}-{name}")
        for record in RECORDS
        for name, entry in _record(record)["files"].items()
        if "skipped" not in entry
    ],
)
def test_tensorflow_takes_what_was_fixed(record: Path, name: str) -> None:
    recorded = _record(record)
    text = (FIXED / name).read_text(encoding="utf-8")
    entry = recorded["files"][name]
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == entry["digest"]
    # Before Python 3.8, a call on several lines was reported at its last line.
    exact_lines = recorded["python"] != "3.7"
    assert list(Agreement(text, entry, exact_lines).disagreements()) == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_record_is_of_the_fixed_fixtures(record: Path) -> None:
    there = {path.relative_to(FIXED).as_posix() for path in FIXED.rglob("*.py")}
    assert set(_record(record)["files"]) == there
