"""An example of a finding has that finding for the same reason, and needs nothing else."""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from pathlib import Path

import pytest

from estimator_lint.findings import Finding
from estimator_lint.linting import lint_text
from estimator_lint.reduction.example import Example, NoExampleError, make_example
from estimator_lint.settings import Settings

FIXTURES = Path(__file__).parents[1] / "fixtures"

PRIVATE = '''\
"""Acme's secret model of fraud."""
import secret_metrics as acme_metrics
import tensorflow as acme_tf
from acme.features import FRAUD_RATE, ingest
from tensorflow import estimator as acme_estimator

acme_tf.flags.DEFINE_string("acme_bucket", "gs://acme/fraud", "Acme's own.")


class FraudModel:
    def __init__(self, acme_units, rate=FRAUD_RATE):
        self.acme_units = acme_units  # hidden from competitors
        self.__fraud_rate = rate

    def fraud_logits(self, features):
        x = acme_tf.concat([features["card_number"], ingest(features["iban"])], 1)
        return acme_tf.layers.dense(x, self.acme_units, name=f"fraud_{self.acme_units}")

    def acme_model_fn(self, features, labels, mode, params):
        logits = self.fraud_logits(features)
        predictions = {"fraud": acme_tf.sigmoid(logits)}
        fraud_loss = None
        if mode in (acme_estimator.ModeKeys.TRAIN, acme_estimator.ModeKeys.EVAL):
            fraud_loss = acme_tf.losses.sigmoid_cross_entropy(labels, logits)
            if params["weigh_fraud"]:
                fraud_loss = fraud_loss * self.__fraud_rate
        if mode == acme_estimator.ModeKeys.TRAIN:
            acme_optimizer = acme_tf.train.AdamOptimizer(acme_tf.flags.FLAGS.acme_rate)
            steps = dict(global_step=acme_tf.train.get_global_step())
            trains = params.get("acme_trains")
            fraud_op = acme_optimizer.minimize(fraud_loss, **steps) if trains else None
            return acme_estimator.EstimatorSpec(mode, loss=fraud_loss, train_op=fraud_op)
        if mode == acme_estimator.ModeKeys.EVAL:
            fraud_metrics = {"fraud_auc": acme_metrics.auc(labels, predictions["fraud"])}
            return acme_estimator.EstimatorSpec(mode, eval_metric_ops=fraud_metrics)
        outputs = {"acme": acme_estimator.export.PredictOutput(predictions)}
        return acme_estimator.EstimatorSpec(mode, export_outputs=outputs)
'''
#: The program's own words; some other words would be in any example.
PRIVATE_WORDS = re.compile(r"acme|fraud|secret|hidden|iban|card|bucket|weigh|steps|ingest", re.I)


def kinds(findings: list[Finding]) -> list[tuple[object, ...]]:
    return [(each.code, each.modes, each.is_possible) for each in findings]


@functools.cache
def example_of(index: int) -> Example:
    return make_example(PRIVATE, lint_text(PRIVATE)[index], Settings())


@pytest.mark.parametrize("index", range(3))
def test_nothing_of_the_original_is_left(index: int) -> None:
    finding = lint_text(PRIVATE)[index]
    example = example_of(index)
    assert kinds([finding]) == kinds([example.finding])
    assert example.finding in lint_text(example.text)
    assert PRIVATE_WORDS.search(example.text) is None
    assert "#" not in example.text
    assert example.is_smallest
    assert len(example.text.splitlines()) < 16
    assert example.kept_words == ()


def test_the_reason_stays() -> None:
    """A fault under a flag is not reduced to one without, nor a None to a missing field."""
    example = example_of(0)
    assert example.finding.code == "MFN112"
    assert "train_op=" in example.text
    assert re.search(r"(\w+) = params\b.* if \1 else None", example.text, re.DOTALL)


def test_names_may_be_kept() -> None:
    example = make_example(PRIVATE, lint_text(PRIVATE)[1], Settings(), keep_names=True, limit=20)
    assert "def acme_model_fn(" in example.text
    assert "acme_estimator.ModeKeys" in example.text


def test_the_bound_stops_it() -> None:
    finding = lint_text(PRIVATE)[1]
    example = make_example(PRIVATE, finding, Settings(), limit=3)
    assert not example.is_smallest
    assert example.evaluations == 3
    assert PRIVATE_WORDS.search(example.text) is None
    assert kinds([example.finding]) == kinds([finding])


def test_settings_that_the_finding_needs() -> None:
    source = PRIVATE.replace("acme_model_fn", "acme_main").replace("params):", "params, acme):")
    settings = Settings(model_fn_globs=("acme_*",), tensorflow_version="2.4", hints=True)
    finding = next(each for each in lint_text(source, settings=settings) if "EVAL" in each.text)
    example = make_example(source, finding, settings)
    assert example.settings == Settings()
    assert kinds([example.finding]) == kinds(lint_text(example.text))
    finding = next(each for each in lint_text(source, settings=settings) if each.code == "MFN901")
    example = make_example(source, finding, settings)
    assert example.settings == Settings(tensorflow_version="2.4")
    assert len(ast.parse(example.text).body) == 2


@pytest.mark.parametrize("code", ["MFN217", "MFN403", "MFN703"])
def test_fixtures(code: str) -> None:
    text = (FIXTURES / code / "bad.py").read_text(encoding="utf-8")
    finding = next(each for each in lint_text(text) if each.code == code)
    example = make_example(text, finding, Settings(), limit=40)
    assert kinds([finding]) == kinds([example.finding])
    assert make_example(text, finding, Settings(), limit=40) == example
    tokens = tokenize.generate_tokens(io.StringIO(example.text).readline)
    assert not any(token.type == tokenize.COMMENT for token in tokens)


def test_findings_about_comments_have_no_example() -> None:
    source = PRIVATE.replace("predictions = {", "predictions = { # noqa: MFN103\n")
    finding = next(each for each in lint_text(source) if each.code == "MFN002")
    with pytest.raises(NoExampleError, match="comments"):
        make_example(source, finding, Settings())


def test_what_is_not_found_in_one_file_has_no_example() -> None:
    finding = lint_text(PRIVATE)[0]
    with pytest.raises(NoExampleError, match="other files"):
        make_example("x = 1\n", finding, Settings())
