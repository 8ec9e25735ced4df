"""Values that are recorded once and revealed many times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from estimator_lint import Settings, reveal
from estimator_lint.discovery.model_functions import ModelFunction
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.kept_evaluations import KeptEvaluations
from estimator_lint.linting import evaluate_source
from estimator_lint.revealing import reveal as revealing
from estimator_lint.revealing.reveal import Recordings
from estimator_lint.revealing.revealed import Revealed
from estimator_lint.syntax.source import SourceFile
from tests.revealing.test_reveal import PROGRAMS

TEXT = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    count = 1
    count += 1
    if mode == "other":
        never = 3
    return tf.estimator.EstimatorSpec(mode, predictions=features)


def other_model_fn(features, labels, mode):
    loss = tf.reduce_mean(features)
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""


class _File:
    """A file that is edited while its values are asked for."""

    def __init__(self) -> None:
        self._kept = KeptEvaluations()
        self._recordings = Recordings()

    def ask(self, text: str, line: int, column: int) -> Revealed:
        source = SourceFile(text, filename="model.py")
        evaluated = evaluate_source(source, Settings(), self._kept)
        return self._recordings.reveal_in(source, evaluated.functions, line, column)


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the functions whose values were recorded."""
    names: list[str] = []

    def noted(module: Any, function: ModelFunction, **options: Any) -> FunctionTraces:
        names.append(function.name)
        return evaluate_model_function(module, function, **options)

    monkeypatch.setattr(revealing, "evaluate_model_function", noted)
    yield names


def test_a_function_is_evaluated_once_for_all_of_its_values(recorded: list[str]) -> None:
    file = _File()
    assert file.ask(TEXT, 5, 4).functions[0].expressions[0].source == "count"
    assert "2" in str(file.ask(TEXT, 6, 4))
    file.ask(TEXT, 9, 50)
    assert recorded == ["model_fn"]
    file.ask(TEXT, 13, 4)
    assert recorded == ["model_fn", "other_model_fn"]


def test_edits_elsewhere_do_not_matter(recorded: list[str]) -> None:
    file = _File()
    file.ask(TEXT, 5, 4)
    edited = TEXT.replace("reduce_mean", "reduce_sum").replace("import", "# more\nimport")
    assert file.ask(edited, 6, 4).functions[0].expressions[0].line == 6
    assert recorded == ["model_fn"]
    assert "5" in str(file.ask(TEXT.replace("count = 1", "count = 5"), 5, 4))
    assert recorded == ["model_fn"] * 2


def test_a_line_that_never_runs_needs_no_evaluation(recorded: list[str]) -> None:
    (function,) = _File().ask(TEXT, 8, 8).functions
    assert set(function.expressions[0].values.values()) == {"never runs"}
    assert recorded == []


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_the_same_values_as_without(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    file = _File()
    for number, line in enumerate(text.splitlines(), 1):
        for column in range(0, len(line), 19):
            expected = reveal(text, "model.py", number, column)
            assert file.ask(text, number, column) == expected, (number, column)
