"""``--suggest-fixes``: the fixes in each format that can show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.command_line.status import Status
from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.text_edits import apply_edits
from tests.command_line.program import run, write
from tests.command_line.test_fixing import FIXED, SAFE, UNSAFE
from tests.command_line.test_schemas import complaints
from tests.notebooks.samples import notebook

CHOICE = """\
import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = features["x"]
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode)
    loss = tf.reduce_mean(logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())


def second_model_fn(features, labels, mode):
    predictions = {"x": features["x"]}
    all_predictions = {"x": features["x"], "y": features["y"]}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, loss=features["x"], train_op=tf.no_op())
"""


def suggested(folder: Path, text: str, *options: str) -> list[str]:
    """The lines of the text format about fixes."""
    write(folder / "model.py", text)
    outcome = run(folder, "check", "--suggest-fixes", *options, "model.py")
    assert outcome.status == Status.FINDINGS
    return [line for line in outcome.lines if line.startswith("  fix:") or "| -" in line]


def fixes_as_json(folder: Path, *paths: str, stdin: bytes = b"") -> list[list[dict[str, Any]]]:
    """The fixes of each finding."""
    options = ("--suggest-fixes", "--format=json")
    content = json.loads(run(folder, "check", *options, *paths, stdin=stdin).output)
    assert complaints("check", content) == []
    return [finding["fixes"] for finding in content["findings"]]


def made(text: str, fix: dict[str, Any]) -> str:
    """A text with the edits of a fix applied."""
    edits = [
        Edit(one["line"], one["column"] - 1, one["end_line"], one["end_column"] - 1, one["text"])
        for one in fix["edits"]
    ]
    return apply_edits(text, edits)


def test_text_shows_each_fix_with_the_lines_that_it_changes(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    outcome = run(tmp_path, "check", "--suggest-fixes", "model.py")
    before, after = SAFE.splitlines()[7], FIXED.splitlines()[7]
    at = outcome.lines.index("  fix: Put the hook in a list (safe: --fix makes this change)")
    assert outcome.lines[at + 1 : at + 4] == [f"  8 | - {before}", f"    | + {after}", ""]
    assert (tmp_path / "model.py").read_text() == SAFE


def test_alternatives_are_shown_and_never_made(tmp_path: Path) -> None:
    assert suggested(tmp_path, CHOICE) == [
        "  fix: Pass 'predictions=predictions' (for you to decide: never made automatically)",
        "  16 | -         return tf.estimator.EstimatorSpec(mode)",
        "  fix: Pass 'predictions=all_predictions' (for you to decide: never made automatically)",
        "  16 | -         return tf.estimator.EstimatorSpec(mode)",
    ]
    assert suggested(tmp_path, CHOICE, "--fix") != []
    assert (tmp_path / "model.py").read_text() == CHOICE


def test_without_the_option_nothing_is_said_of_fixes(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    assert "fix:" not in run(tmp_path, "check", "model.py").output
    content = json.loads(run(tmp_path, "check", "--format=json", "model.py").output)
    assert "fixes" not in content["findings"][0]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_edits_in_json_make_the_change(tmp_path: Path, end: str) -> None:
    text = SAFE.replace("\n", end)
    write(tmp_path / "model.py", text)
    ((fix,),) = fixes_as_json(tmp_path, "model.py")
    assert (fix["title"], fix["kind"]) == ("Put the hook in a list", "safe")
    assert made(text, fix) == FIXED.replace("\n", end)
    ((fix,),) = fixes_as_json(tmp_path, "-", stdin=text.encode())
    assert made(text, fix) == FIXED.replace("\n", end)


def test_edits_of_a_notebook_are_those_of_its_cell(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(notebook("%matplotlib inline\n", UNSAFE))
    ((fix,),) = fixes_as_json(tmp_path, "a.ipynb")
    assert fix["kind"] == "unsafe"
    assert {edit["cell"] for edit in fix["edits"]} == {2}
    assert "global_step" in made(UNSAFE, fix)


def test_sarif_has_them_as_replacements(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    log = run(tmp_path, "check", "--suggest-fixes", "--format=sarif", "model.py").output
    (result,) = json.loads(log)["runs"][0]["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "model.py"
    assert [each["insertedContent"]["text"] for each in change["replacements"]] == ["[", "]"]
    assert change["replacements"][0]["deletedRegion"]["startLine"] == 8


@pytest.mark.parametrize("other", ["--format=concise", "--diff", "--add-noqa", "--write-baseline"])
def test_options_without_room_for_fixes_are_refused(tmp_path: Path, other: str) -> None:
    write(tmp_path / "model.py", SAFE)
    outcome = run(tmp_path, "check", "--suggest-fixes", other, "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert "--suggest-fixes" in outcome.errors
