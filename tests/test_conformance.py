"""The expectations in the fixtures are what TensorFlow does.

The records under ``tests/conformance`` have the results of real TensorFlow for each model function
of each fixture, in each mode, for each assignment of its flags. This test compares them with the
comments in the fixtures, line by line and mode by mode; ``test_fixtures`` compares the comments
with the linter. It needs no TensorFlow.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.agreement import Agreement
from tests.fixture_expectations import (
    FIXTURES,
    files_of,
    fixture_name,
    fixture_paths,
    parse_expectations,
)

RECORDS = sorted((Path(__file__).parent / "conformance").glob("tensorflow-*.json"))


@functools.cache
def _record(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def _cases() -> Iterator[Any]:
    for record in RECORDS:
        for name, entry in _record(record)["files"].items():
            if "skipped" not in entry:
                yield pytest.param(record, name, id=f"{record.stem}-{name}")


@pytest.mark.parametrize(("record", "name"), list(_cases()))
def test_expectations_are_what_tensorflow_does(record: Path, name: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    recorded = _record(record)
    entry = recorded["files"][name]
    # Before Python 3.8, a call on several lines was reported at its last line.
    exact_lines = recorded["python"] != "3.7"
    assert list(Agreement(text, entry, exact_lines).disagreements()) == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_record_is_of_these_fixtures(record: Path) -> None:
    recorded = {name: entry["digest"] for name, entry in _record(record)["files"].items()}
    now = {
        fixture_name(path): hashlib.sha256(
            b"".join(file.read_text(encoding="utf-8").encode("utf-8") for file in files_of(path))
        ).hexdigest()[:16]
        for path in fixture_paths()
    }
    stale = {name for name in recorded.keys() | now.keys() if recorded.get(name) != now.get(name)}
    assert not stale, "fixtures have changed: run tests/conformance/record.py anew"


def test_every_fixture_with_findings_is_run_somewhere() -> None:
    run = {
        name
        for record in RECORDS
        for name, entry in _record(record)["files"].items()
        if entry.get("functions")
    }
    expecting = {
        fixture_name(path)
        for path in fixture_paths()
        if parse_expectations(path.read_text(encoding="utf-8")).findings
    }
    assert expecting <= run


def test_there_are_many_functions() -> None:
    for record in RECORDS:
        functions = sum(
            len(entry.get("functions", ())) for entry in _record(record)["files"].values()
        )
        assert functions >= 150, record.stem


#: Messages that differ between the TensorFlow versions or their Pythons, in both wordings.
_OTHER_WORDS = (
    (r"Argument `(\w+)` must not be None", r"\1 must not be None"),
    (
        r"cannot access (\w+) variable ('\w+') where it is not associated with a value",
        r"\1 variable \2 referenced before assignment",
    ),
    (r"[\w.<>]+\.([\w<>]+\(\)) (missing|got|takes)", r"\1 \2"),
    (r"; got Tensor\(.*", ""),
    (r"Tried to convert '\w+' to a tensor and failed\. Error: ", ""),
)


def _outcomes(record: Path, name: str) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """The outcome of each run of a fixture, in a wording common to both versions."""
    functions = _record(record)["files"][name].get("functions", [])
    outcomes: dict[tuple[str, str, str], tuple[object, ...]] = {}
    for function in functions:
        for mode, runs in function["modes"].items():
            for run in runs:
                text = run.get("text", "")
                for pattern, words in _OTHER_WORDS:
                    text = re.sub(pattern, words, text)
                flags = ", ".join(f"{flag}={value}" for flag, value in run["flags"].items())
                key = (function["name"], mode, flags)
                returned = run.get("returned", "").replace("SymbolicTensor", "Tensor")
                outcomes[key] = (run["outcome"], returned, text)
    return outcomes


@pytest.mark.parametrize("name", [fixture_name(path) for path in fixture_paths()])
def test_where_the_versions_differ_the_documentation_says_so(name: str) -> None:
    page = (FIXTURES.parent.parent / "docs" / "tensorflow-versions.md").read_text(encoding="utf-8")
    one, other = (_outcomes(record, name) for record in RECORDS)
    differing = {
        run: (one[run], other[run]) for run in one if run in other and one[run] != other[run]
    }
    assert not differing or f"`{name}`" in page, differing
