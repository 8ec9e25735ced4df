"""The values of expressions, compared with comments in programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from estimator_lint import CannotCheckError, Mode, reveal, reveal_file
from estimator_lint.command_line.reveal_command import in_words
from tests.command_line.program import run
from tests.command_line.test_schemas import complaints
from tests.notebooks.samples import notebook

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))

_COMMENT = re.compile(r"# reveal: (.*)")


def statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that comments are about, each with the comments; those alone belong to the last."""
    told: dict[int, list[str]] = {}
    last = 0
    for number, line in enumerate(text.splitlines(), 1):
        comment = _COMMENT.search(line)
        if line.strip() and not line.strip().startswith("#"):
            last = number
        if comment is not None:
            told.setdefault(last, []).append(comment[1])
    yield from told.items()


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_comments_are_right(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = dict(statements(text))
    found = {
        line: [
            in_words(expression)
            for function in reveal(text, str(path), line).functions
            for expression in function.expressions
        ]
        for line in expected
    }
    assert found == expected


TEXT = """\
import tensorflow as tf

def loss_of(labels, mode):
    if mode == "eval":
        return None
    return tf.reduce_mean(labels)

def model_fn(features, labels, mode):
    if mode != "infer":
        loss = loss_of(labels, mode)
    spec = tf.estimator.EstimatorSpec(mode, {"ä": features}, loss=loss, train_op=loss)
    return spec

def other_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=loss_of(features, mode), train_op=tf.no_op())
"""


#: The spec of ``TEXT`` in TRAIN.
SPEC = "TRAIN EstimatorSpec (predictions, loss, train_op)"


def revealed(line: int, column: int | None = None) -> list[str]:
    (first, *_) = reveal(TEXT, "model.py", line, column).functions
    return [in_words(expression) for expression in first.expressions]


def test_a_column_takes_the_innermost_expression() -> None:
    line = 'spec = tf.estimator.EstimatorSpec(mode, {"ä": features}, loss=loss, train_op=loss)'
    text = "    " + line
    where = text.index("loss=loss") + len("loss=")
    assert revealed(11, where) == ["loss: TRAIN tensor · EVAL None · PREDICT unbound"]
    assert revealed(11, text.index("features")) == [
        "features: TRAIN not None · EVAL the same · PREDICT the same"
    ]
    assert revealed(11, text.index("EstimatorSpec"))[0].startswith("tf.estimator.EstimatorSpec: ")
    (call,) = revealed(11, text.index("loss=loss"))
    assert call.endswith(f"{SPEC} · EVAL raises · PREDICT the same")
    assert revealed(11, 5) == [f"spec: {SPEC} · EVAL not reached · PREDICT the same"]


HEADS = """\
import tensorflow as tf

def loss_of(labels, *, weight=None, **more):
    return None if labels is None else tf.reduce_mean(labels)

def model_fn(features, labels, mode):
    for rate, name in ((0.1, "a"), (0.2, "b")):
        loss = loss_of(labels, weight=2.5)
    with tf.Session() as session, open("x") as file:
        session = None
    def inner(never): pass
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        (6, "features", "TRAIN not None · EVAL the same · PREDICT the same"),
        (6, "labels", "TRAIN labels, not None · EVAL the same · PREDICT None"),
        (6, "mode", "TRAIN 'train' · EVAL 'eval' · PREDICT 'infer'"),
        (3, "labels", "TRAIN labels, not None · EVAL the same · PREDICT None"),
        (3, "weight", "TRAIN 2.5 · EVAL the same · PREDICT the same"),
        (7, "rate", "TRAIN 0.1 or 0.2 · EVAL the same · PREDICT the same"),
        (7, "name", "TRAIN 'a' or 'b' · EVAL the same · PREDICT the same"),
        (9, "session", "TRAIN unknown · EVAL the same · PREDICT the same"),
        (11, "never", "TRAIN never runs · EVAL the same · PREDICT the same"),
    ],
)
def test_names_in_the_heads_of_blocks(line: int, name: str, values: str) -> None:
    """They have their values at the beginning of the block."""
    column = HEADS.split("\n")[line - 1].rindex(name)
    ((expression,),) = [each.expressions for each in reveal(HEADS, "m.py", line, column).functions]
    assert in_words(expression) == f"{name}: {values}"


def test_a_function_that_several_call() -> None:
    first, second = reveal(TEXT, "model.py", 6).functions
    assert (first.name, second.name) == ("model_fn", "other_model_fn")
    assert first.runs == {Mode.TRAIN: True, Mode.EVAL: False, Mode.PREDICT: False}
    assert second.runs == {Mode.TRAIN: True, Mode.EVAL: False, Mode.PREDICT: True}


@pytest.mark.parametrize(("line", "column"), [(1, None), (2, None), (7, 3), (99, None), (12, 999)])
def test_where_there_is_nothing(line: int, column: int | None) -> None:
    assert reveal(TEXT, "model.py", line, column).functions == ()


def test_text_without_a_model_function() -> None:
    assert reveal("x = 1\n", "model.py", 1).functions == ()
    assert reveal("", "model.py", 1).functions == ()
    with pytest.raises(CannotCheckError):
        reveal("x = (\n", "model.py", 1)


def test_every_place_of_the_fixtures_can_be_asked_for() -> None:
    """Every place has an answer and raises no exception."""
    for path in sorted((Path(__file__).parent.parent / "fixtures").glob("MFN[256]0[123]/bad.py")):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            for column in (None, 0, len(line) // 2, len(line)):
                reveal(text, str(path), number, column)


# The command


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(TEXT, encoding="utf-8")
    assert run(tmp_path, "reveal", "model.py:12").output == (
        f"spec: {SPEC} · EVAL never runs · PREDICT the same\n"
    )
    assert run(tmp_path, "reveal", "model.py:5").output.splitlines() == [
        "in model_fn:",
        "  None: TRAIN never runs · EVAL None · PREDICT never runs",
        "in other_model_fn:",
        "  None: TRAIN never runs · EVAL None · PREDICT never runs",
    ]
    outcome = run(tmp_path, "reveal", "model.py:11:67", "--format=json")
    content = json.loads(outcome.output)
    assert complaints("reveal", content) == []
    (function,) = content["functions"]
    assert function["expressions"][0]["source"] == "loss"
    assert function["runs"] == {"TRAIN": True, "EVAL": True, "PREDICT": True}


def test_standard_input(tmp_path: Path) -> None:
    outcome = run(tmp_path, "reveal", "-:12", stdin=TEXT.encode())
    assert outcome.output.startswith("spec: TRAIN EstimatorSpec")


@pytest.mark.parametrize(
    "place",
    ["model.py", "model.py:0", "model.py:1:0", "model.py:x", f"model.py:{'9' * 5000}", "gone.py:1"],
)
def test_what_is_no_place(tmp_path: Path, place: str) -> None:
    (tmp_path / "model.py").write_text(TEXT, encoding="utf-8")
    outcome = run(tmp_path, "reveal", place)
    assert (outcome.status, outcome.output) == (2, "")
    assert len(outcome.errors.splitlines()) == 1


def test_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(TEXT, encoding="utf-8")
    outcome = run(tmp_path, "reveal", "model.py:1")
    assert (outcome.status, outcome.output) == (2, "")
    assert outcome.errors == "model.py:1: no model function reaches this line\n"


def test_notebooks(tmp_path: Path) -> None:
    (head, body) = TEXT.split("\n\n", 1)
    (tmp_path / "a.ipynb").write_text(notebook(head, body))
    outcome = run(tmp_path, "reveal", "a.ipynb:cell 2:10")
    assert outcome.output.startswith("spec: TRAIN EstimatorSpec")
    found = reveal_file(tmp_path / "a.ipynb", 10, cell=2)
    assert (found.line, found.functions[0].expressions[0].cell) == (10, 2)
    assert found.functions[0].expressions[0].line == 10
    for place in ("a.ipynb:10", "a.ipynb:cell 7:1", "a.ipynb:cell 2:99"):
        assert run(tmp_path, "reveal", place).status == 2
