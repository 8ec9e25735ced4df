"""Baselines: findings that are known and not to be reported."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import FAULTY, FINDING, Outcome, check, run, write

OTHER = FAULTY.replace("EVAL", "PREDICT")


def write_baseline(folder: Path, *arguments: str) -> Outcome:
    outcome = check(folder, "--baseline=known.json", "--write-baseline", *arguments)
    assert (outcome.status, outcome.output) == (Status.CLEAN, "")
    return outcome


def check_new(folder: Path, *arguments: str) -> Outcome:
    return check(folder, "--baseline=known.json", *arguments)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with two findings, which are known."""
    write(tmp_path / "model.py")
    write(tmp_path / "deep" / "other.py", OTHER)
    assert len(check(tmp_path).lines) == 2
    assert write_baseline(tmp_path).errors == "known.json: 2 findings written\n"
    return tmp_path


def test_known_findings_are_not_reported(project: Path) -> None:
    outcome = check_new(project)
    assert (outcome.status, outcome.output, outcome.errors) == (Status.CLEAN, "", "")
    text = run(project, "check", "--baseline=known.json").output
    assert text == "Nothing new found in 2 files; 2 findings in the baseline.\n"
    assert len(check(project).lines) == 2


def test_new_findings_are_reported(project: Path) -> None:
    write(project / "model.py", FAULTY + OTHER.replace("model_fn", "other_model_fn"))
    outcome = check_new(project)
    assert outcome.status == Status.FINDINGS
    assert [line.split()[1] for line in outcome.lines] == ["MFN104"]


def test_one_more_of_the_same_is_new(project: Path) -> None:
    write(project / "model.py", FAULTY + FAULTY.replace("model_fn", "other_model_fn"))
    assert check_new(project, "model.py").lines == [f"model.py:13{FINDING.removeprefix('6')}"]
    write_baseline(project)
    assert '"count": 2' in (project / "known.json").read_text()
    assert check_new(project).lines == []


def test_lines_may_move(project: Path) -> None:
    write(project / "model.py", f"'''Doc.'''\n\n{FAULTY}".replace("    if", "    # a\n    if"))
    assert check_new(project).lines == []
    write(project / "model.py", FAULTY.replace("        return", "            return"))
    assert check_new(project).lines == []


def test_lines_that_a_message_names_may_move(tmp_path: Path) -> None:
    source = FAULTY.replace(
        "        return tf.estimator.EstimatorSpec(mode)",
        "        scores = tf.keras.layers.Dense(1)(features)\n"
        "        loss = tf.keras.losses.mean_squared_error(labels, scores)\n"
        "        return tf.estimator.EstimatorSpec(mode, loss=loss)",
    )
    write(tmp_path / "model.py", source)
    assert "(from line 7)" in check(tmp_path).output
    write_baseline(tmp_path)
    write(tmp_path / "model.py", f"\n\n{source}")
    assert "(from line 9)" in check(tmp_path).output
    assert check_new(tmp_path).lines == []


def test_the_folder_in_which_it_runs_is_no_matter(project: Path) -> None:
    outcome = check(project / "deep", "--baseline=../known.json")
    assert (outcome.status, outcome.lines) == (Status.CLEAN, [])
    outcome = check(project, "--baseline=known.json", str(project / "model.py"))
    assert (outcome.status, outcome.lines) == (Status.CLEAN, [])
    write(project / "pyproject.toml", "[tool.estimator_lint]\nbaseline = 'known.json'\n")
    assert check(project / "deep").lines == []


def test_what_is_gone_is_told(project: Path) -> None:
    write(project / "model.py", "")
    (project / "deep" / "other.py").unlink()
    outcome = check_new(project)
    assert outcome.status == Status.CLEAN
    assert outcome.errors.splitlines() == [
        "known.json: no longer found: deep/other.py: MFN104 EstimatorSpec has no predictions in"
        " PREDICT",
        "known.json: no longer found: model.py: MFN103 EstimatorSpec has no loss in EVAL",
        "known.json: --write-baseline removes them",
    ]
    assert check_new(project, "--quiet").errors == ""
    write_baseline(project)
    assert check_new(project).errors == ""
    assert json.loads((project / "known.json").read_text())["findings"] == []


def test_files_that_were_not_looked_at_are_not_gone(project: Path) -> None:
    assert check_new(project, "model.py").errors == ""
    write_baseline(project, "model.py")
    assert check_new(project).lines == []
    write(project / "model.py", f"{FAULTY}(\n")
    outcome = check_new(project)
    assert "no longer" not in outcome.errors
    assert check(project, "--baseline=known.json", "--write-baseline").status == 2
    write(project / "model.py")
    assert check_new(project).lines == []


def test_the_usual_name(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    check(tmp_path, "--write-baseline")
    assert check(tmp_path, "--baseline=.estimator-lint-baseline.json").lines == []


WRONG = {
    None: "no such baseline",
    "": "not a baseline",
    "[]": "not a baseline",
    "{}": "not a baseline",
    '{"version": 2, "findings": []}': "baseline version 2, expected 1",
    '{"version": 1, "findings": [{}]}': "not a baseline",
    "[" * 100_000: "not a baseline",
    '{"version":1,"findings":[{"file":1,"code":1,"text":1,"source":1,"count":1e999}]}': "not a b",
    '{"version": 1, "findings": {"a": 1}}': "not a baseline",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_baseline(tmp_path: Path, text: str | None) -> None:
    write(tmp_path / "model.py")
    if text is not None:
        write(tmp_path / "known.json", text)
    outcome = check_new(tmp_path)
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert outcome.errors.startswith("estimator-lint check: error: known.json: ")
    assert WRONG[text] in outcome.errors


def test_a_baseline_that_can_not_be_written(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, "--baseline=no/known.json", "--write-baseline")
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.startswith("estimator-lint check: error: no/known.json: ")


def test_nothing_is_left_next_to_it(project: Path) -> None:
    assert sorted(path.name for path in project.iterdir()) == ["deep", "known.json", "model.py"]


@pytest.mark.parametrize("format", ["json", "sarif", "github", "junit"])
def test_all_formats_leave_out_what_is_known(project: Path, format: str) -> None:
    assert "MFN103" in run(project, "check", f"--format={format}").output
    output = run(project, "check", f"--format={format}", "--baseline=known.json").output
    assert "<failure" not in output
    assert '"ruleIndex"' not in output
    assert format == "sarif" or "EstimatorSpec has no loss in EVAL" not in output


def test_a_finding_that_is_listed_as_often_as_can_be(tmp_path: Path) -> None:
    write(tmp_path / "model.py", "")
    entry = {"file": "model.py", "code": "MFN103", "text": "x", "source": "", "count": 10**30}
    write(tmp_path / "known.json", json.dumps({"version": 1, "findings": [entry]}))
    outcome = check_new(tmp_path)
    assert outcome.status == 0
    assert f"no longer found: model.py: MFN103 x ({10**30} times)" in outcome.errors


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_baseline_that_has_no_end_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    os.mkfifo(tmp_path / "known.json")
    outcome = check_new(tmp_path)
    assert (outcome.status, outcome.output) == (2, "")
    assert "known.json: not a regular file" in outcome.errors
