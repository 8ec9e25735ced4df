"""``estimator-lint check`` and ``modes`` on notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import Outcome, check, run
from tests.notebooks.samples import (
    FAULTY,
    IMPORT,
    MESSAGE,
    PLACE,
    line_of,
    markdown,
    notebook,
    write,
)

SPEC = "return tf.estimator.EstimatorSpec(mode)"
USUAL = notebook(markdown("# A model"), f"%matplotlib inline\n!pip install x\n{IMPORT}", FAULTY)
LINE = f"model.ipynb:cell 3:{PLACE}: {MESSAGE}"


def check_notebook(folder: Path, text: str, *arguments: str) -> Outcome:
    write(folder / "model.ipynb", text)
    return check(folder, *arguments, "model.ipynb")


def test_a_finding_says_in_which_cell_it_is(tmp_path: Path) -> None:
    outcome = check_notebook(tmp_path, USUAL)
    assert (outcome.status, outcome.lines, outcome.errors) == (Status.FINDINGS, [LINE], "")


def test_a_notebook_without_a_fault_is_clean(tmp_path: Path) -> None:
    outcome = check_notebook(tmp_path, USUAL.replace("Spec(mode)", "Spec(mode, loss=features)"))
    assert (outcome.status, outcome.output, outcome.errors) == (Status.CLEAN, "", "")


def test_text_counts_lines_in_their_cells(tmp_path: Path) -> None:
    helper = "def spec(mode):\n    return tf.estimator.EstimatorSpec(mode)\n"
    write(
        tmp_path / "model.ipynb",
        notebook(IMPORT, helper, FAULTY.replace(SPEC, "return spec(mode)")),
    )
    outcome = run(tmp_path, "check", "model.ipynb")
    assert outcome.lines == [
        f"model.ipynb:cell 2:2:12: {MESSAGE}",
        "  cell 2:2 |     return tf.estimator.EstimatorSpec(mode)",
        "           |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  cell 3:2 |   'mode == tf.estimator.ModeKeys.EVAL' is true in EVAL",
        "  cell 3:3 |   'spec' is called",
        "",
        "1 finding in 1 file (1 file checked).",
    ]


def test_cells_are_one_module_in_their_order(tmp_path: Path) -> None:
    keys = "EVAL = tf.estimator.ModeKeys.EVAL"
    model = FAULTY.replace("tf.estimator.ModeKeys.EVAL", "EVAL")
    outcome = check_notebook(tmp_path, notebook(IMPORT, keys, model))
    assert outcome.lines == [LINE]
    assert check_notebook(tmp_path, notebook(IMPORT, model)).lines == []


def test_a_model_function_that_is_defined_twice_is_judged_twice(tmp_path: Path) -> None:
    other = FAULTY.replace("EVAL", "PREDICT")
    outcome = check_notebook(tmp_path, notebook(IMPORT, FAULTY, other))
    assert [line.split(":")[1] for line in outcome.lines] == ["cell 2", "cell 3"]
    assert "MFN103" in outcome.lines[0] and "MFN104" in outcome.lines[1]


def test_a_helper_that_is_defined_twice_is_not_known(tmp_path: Path) -> None:
    """Cells are run in any order."""
    broken = "def spec(mode):\n    return tf.estimator.EstimatorSpec(mode)\n"
    repaired = broken.replace("mode)\n", "mode, loss=1 * tf.zeros([]))\n")
    model = FAULTY.replace(SPEC, "return spec(mode)")
    assert check_notebook(tmp_path, notebook(IMPORT, broken, repaired, model)).lines == []
    assert check_notebook(tmp_path, notebook(IMPORT, repaired, broken, model)).lines == []
    outcome = check_notebook(tmp_path, notebook(IMPORT, broken, model))
    assert outcome.lines == [f"model.ipynb:cell 2:2:12: {MESSAGE}"]


def test_cells_that_run_as_python_under_a_magic_are_checked(tmp_path: Path) -> None:
    outcome = check_notebook(tmp_path, notebook(IMPORT, f"%%time\n{FAULTY}"))
    assert outcome.lines == [f"model.ipynb:cell 2:4:16: {MESSAGE}"]
    assert check_notebook(tmp_path, notebook(IMPORT, f"%%writefile a.py\n{FAULTY}")).lines == []


def test_a_module_next_to_a_notebook_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "keys.py", f"{IMPORT}EVAL = tf.estimator.ModeKeys.EVAL\n")
    model = FAULTY.replace("tf.estimator.ModeKeys.EVAL", "EVAL")
    outcome = check_notebook(tmp_path, notebook(f"{IMPORT}from keys import EVAL", model))
    assert outcome.lines == [f"model.ipynb:cell 2:{PLACE}: {MESSAGE}"]


def test_comments_silence(tmp_path: Path) -> None:
    silenced = FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa: MFN103")
    assert check_notebook(tmp_path, notebook(IMPORT, silenced)).lines == []
    unused = FAULTY.replace("def model_fn(features, labels, mode):", "\\g").replace(
        "\\g", "def model_fn(features, labels, mode):  # noqa: MFN201"
    )
    lines = check_notebook(tmp_path, notebook(IMPORT, unused)).lines
    assert lines[0] == "model.ipynb:cell 2:1:48: MFN002 unused noqa: MFN201"


@pytest.mark.parametrize("language", ["print 'hello'", "except_ = ("])
def test_a_cell_that_is_no_python_is_told_and_the_others_are_checked(
    tmp_path: Path, language: str
) -> None:
    outcome = check_notebook(tmp_path, notebook(language, IMPORT, FAULTY))
    assert (outcome.status, outcome.lines) == (Status.COULD_NOT_RUN, [LINE])
    assert outcome.errors.startswith("model.ipynb:cell 1:1:")


def test_several_cells_that_are_no_python(tmp_path: Path) -> None:
    outcome = check_notebook(tmp_path, notebook("print 'a'", IMPORT, FAULTY, "exec 'b'", "c = ("))
    assert outcome.errors == (
        "model.ipynb:cell 1:1:1: not checked: Python 2 print statement (the linter reads Python 3);"
        " nor cell 4, 5\n"
    )


WRONG = {
    "broken JSON": (
        '{"cells": ["model_fn"',
        Status.COULD_NOT_RUN,
        ":1:22: not checked: not a notebook: broken JSON",
    ),
    "nbformat 3": (
        '{"nbformat": 3, "worksheets": ["model_fn"]}',
        Status.COULD_NOT_RUN,
        ": not checked: notebook of nbformat 3",
    ),
    "no cells": (
        '{"model_fn": 1}',
        Status.COULD_NOT_RUN,
        ": not checked: not a notebook: no list of cells",
    ),
    "no concern of ours": ("{", Status.CLEAN, ":1:2: not checked: not a notebook: broken JSON"),
    "another language": (
        notebook(FAULTY, metadata={"kernelspec": {"language": "R"}}),
        Status.CLEAN,
        ": not checked: its kernel runs R, not Python",
    ),
    "no code": (
        notebook(markdown("a")),
        Status.CLEAN,
        ": not checked: a notebook without code cells",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_can_not_be_checked_is_told(tmp_path: Path, name: str) -> None:
    text, status, said = WRONG[name]
    outcome = check_notebook(tmp_path, text)
    assert (outcome.status, outcome.output) == (status, "")
    assert outcome.errors.startswith(f"model.ipynb{said}")
    assert outcome.errors.count("\n") == 1
    shown = run(tmp_path, "modes", "model.ipynb")
    assert shown.status == Status.COULD_NOT_RUN
    assert said.removeprefix(": not checked").split(": ")[-1] in shown.errors


def test_cells_that_are_no_python_are_of_no_concern_without_model_functions(
    tmp_path: Path,
) -> None:
    outcome = check_notebook(tmp_path, notebook("print 'hello'"))
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")


# Where the program searches for notebooks


def test_folders_include_notebooks(tmp_path: Path) -> None:
    write(tmp_path / "a" / "model.ipynb", USUAL)
    write(tmp_path / "a" / ".ipynb_checkpoints" / "model-checkpoint.ipynb", USUAL)
    assert len(check(tmp_path, "a").lines) == 1
    assert check(tmp_path, "a", "--no-notebooks").lines == []
    assert check(tmp_path, "a", "--filename=*.py").lines == check(tmp_path, "a").lines
    assert check(tmp_path, "a", "--filename=m*.py").lines == []
    assert len(check(tmp_path, "--no-notebooks", "a/model.ipynb").lines) == 1
    write(tmp_path / "pyproject.toml", "[tool.estimator_lint]\nnotebooks = false\n")
    assert check(tmp_path, "a").lines == []


def test_notebooks_that_have_no_word_of_a_model_function_are_not_parsed(tmp_path: Path) -> None:
    write(tmp_path / "a" / "broken.ipynb", "{")
    outcome = check(tmp_path, "a")
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")


def test_words_in_other_letters_of_json(tmp_path: Path) -> None:
    text = USUAL.replace("model_fn", "build").replace("E", "\\u0045")
    write(tmp_path / "a" / "model.ipynb", text)
    assert len(check(tmp_path, "a").lines) == 1


def test_standard_input(tmp_path: Path) -> None:
    arguments = ["--stdin-display-name=model.ipynb", "-"]
    assert check(tmp_path, *arguments, stdin=USUAL.encode()).lines == [LINE]


# For programs


def test_programs_get_the_line_of_the_file(tmp_path: Path) -> None:
    write(tmp_path / "model.ipynb", USUAL)
    raw = line_of(USUAL, SPEC)
    text = f"EstimatorSpec has no loss in EVAL (cell 3:{PLACE})"
    (line,) = run(tmp_path, "check", "--format=github", "model.ipynb").lines
    assert line == (
        f"::error title=MFN103 missing-loss-in-eval,file=model.ipynb,line={raw}::{text}"
    )
    (line,) = run(tmp_path, "check", "--format=azure", "model.ipynb").lines
    assert f"sourcepath=model.ipynb;linenumber={raw};code=MFN103;]{text}" in line
    (issue,) = json.loads(run(tmp_path, "check", "--format=gitlab", "model.ipynb").output)
    assert issue["location"] == {"path": "model.ipynb", "lines": {"begin": raw, "end": raw}}
    (found,) = json.loads(run(tmp_path, "check", "--format=json", "model.ipynb").output)["findings"]
    assert (found["cell"], found["line"], found["column"]) == (3, 3, 16)
    assert found["steps"][0]["cell"] == 3


def test_sarif_points_at_the_line_of_the_file(tmp_path: Path) -> None:
    write(tmp_path / "model.ipynb", USUAL)
    log: Any = json.loads(run(tmp_path, "check", "--format=sarif", "model.ipynb").output)
    (result,) = log["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"] == {
        "startLine": line_of(USUAL, SPEC),
        "endLine": line_of(USUAL, SPEC),
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": f"cell 3:{PLACE}"}]
    assert result["message"]["text"].endswith(f"(cell 3:{PLACE})")
    (flow,) = result["codeFlows"]
    first = flow["threadFlows"][0]["locations"][0]["location"]
    test = line_of(USUAL, "if mode ==")
    assert first["physicalLocation"]["region"] == {"startLine": test, "endLine": test}


# modes


def test_modes_counts_lines_in_their_cells(tmp_path: Path) -> None:
    pytest.importorskip("rich")
    write(tmp_path / "model.ipynb", USUAL)
    outcome = run(tmp_path, "modes", "model.ipynb:model_fn")
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")
    assert outcome.lines[0] == "model_fn  model.ipynb:cell 3:1"
    assert "always (cell 3: 4)" in outcome.output
    assert outcome.lines[-1] == f"cell 3:{PLACE} {MESSAGE}"
    page = run(tmp_path, "modes", "--format=html", "model.ipynb").output
    assert "EVAL builds a spec at line cell 3: 3." in page
    assert ">cell 3:4</span>" in page


def test_modes_as_json_tells_where_cells_begin(tmp_path: Path) -> None:
    write(tmp_path / "model.ipynb", USUAL)
    shown = json.loads(run(tmp_path, "modes", "--format=json", "model.ipynb").output)
    assert shown["cells"] == [{"cell": 2, "lines": [1, 4]}, {"cell": 3, "lines": [5, 9]}]
    assert shown["functions"][0]["line"] == 5


def test_modes_tells_of_cells_that_are_no_python(tmp_path: Path) -> None:
    write(tmp_path / "model.ipynb", notebook("print 1", IMPORT, FAULTY))
    outcome = run(tmp_path, "modes", "--format=json", "model.ipynb")
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.startswith("model.ipynb:cell 1:1:1: not shown: Python 2 print statement")
    assert len(json.loads(outcome.output)["functions"]) == 1
