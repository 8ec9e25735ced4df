"""While a file is fixed, each of its texts is evaluated once."""

from __future__ import annotations

from collections import Counter

import pytest

from estimator_lint.checking import Checker
from estimator_lint.configuration.project_settings import read_configuration
from estimator_lint.findings import Finding
from estimator_lint.fixes import Analyses, FileFixes, analysis
from estimator_lint.fixes.editable import PythonText
from estimator_lint.fixes.passes import fix_all
from estimator_lint.kept_evaluations import KeptEvaluations
from estimator_lint.linting import Evaluated, evaluate_source
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile

SOURCE = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    loss = tf.reduce_mean(features)
    hook = tf.estimator.StopAtStepHook(num_steps=1)
    train_op = [tf.no_op(), loss]
    return tf.estimator.EstimatorSpec(
        mode, predictions=loss, loss=loss, train_op=train_op, training_hooks=hook
    )
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_text_is_evaluated_once(line_end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: Counter[str] = Counter()

    def counted(
        source: SourceFile, settings: Settings, kept: KeptEvaluations | None = None
    ) -> Evaluated:
        texts[source.text] += 1
        return evaluate_source(source, settings, kept)

    monkeypatch.setattr(analysis, "evaluate_source", counted)
    configuration = read_configuration(isolated=True)
    analyses = Analyses("model.py", configuration.settings)
    checker = Checker(configuration.options, configuration.settings, find=analyses.find)

    def find(text: str) -> list[Finding]:
        return [each.finding for each in checker.check_text("model.py", text).findings]

    text = SOURCE.replace("\n", line_end)
    fixed = fix_all(PythonText(text), analyses, find, unsafe=True)
    assert [finding.code for finding, _ in fixed.fixed] == ["MFN305", "MFN308"]
    again = FileFixes(fixed.file.content, analyses)
    assert [list(again.proved(finding)) for finding in fixed.left] == []
    assert set(texts.values()) == {1}
    assert len(texts) == 2


def test_texts_that_are_not_needed_any_more_are_forgotten() -> None:
    analyses = Analyses("model.py", Settings())
    first = analyses.of(SOURCE)
    assert analyses.of(SOURCE) is first
    assert analyses.of("def") is None
    for number in range(3):
        analyses.of(f"x = {number}\n")
    assert analyses.of(SOURCE) is not first


def test_the_text_that_is_fixed_stays_whatever_is_tried() -> None:
    analyses = Analyses("model.py", Settings())
    first = FileFixes(SOURCE, analyses).analysis
    for number in range(5):
        analyses.of(f"x = {number}\n")
    assert analyses.of(SOURCE) is first
