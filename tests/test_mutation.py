"""A part of the mutation score, and a check that each kind of damage is made at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.candidates import Candidate, of_file
from tests.differential.mended_mutants import (
    MendingScore,
    failing_modes,
    harmed_runs,
    mending_score_of,
    outcomes,
)
from tests.differential.mutants import Mutant, mutants, normalized
from tests.differential.mutation import score_of

FIXTURES = Path(__file__).parent / "fixtures"

#: Some of the accepted fixtures, by the codes that result from damaging them.
FILES = [
    f"{folder}/good.py" for folder in ("MFN302", "MFN305", "MFN306", "MFN307", "MFN308", "MFN601")
]


@pytest.mark.parametrize("name", FILES)
def test_every_mutant_that_fails_is_found_in(name: str) -> None:
    scores = [score_of(candidate) for candidate in of_file(FIXTURES / name, name)]
    wrong = [str(it) for score in scores for it in (*score.survivors, *score.unexpected)]
    assert not wrong, "\n".join(wrong)
    assert sum(score.rejected for score in scores) > 10


@pytest.mark.parametrize("name", ["MFN302/good.py", "MFN305/good.py"])
def test_fixes_of_mutants_do_no_harm_in(name: str) -> None:
    total = MendingScore()
    for candidate in of_file(FIXTURES / name, name):
        total.add(mending_score_of(candidate, every=3))
    assert not total.wrong, "\n".join(map(str, total.wrong))
    assert total.mended == total.accepted > 0
    assert total.chosen >= total.choices > 0


GOOD = """\
import tensorflow as tf

def model_fn(features, labels, mode, params):
    loss = tf.reduce_mean(features)
    if mode == "infer":
        return tf.estimator.EstimatorSpec(mode, predictions=loss)
    train_op = tf.group(loss)
    if params["x"]:
        train_op = tf.no_op()
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""


@pytest.mark.parametrize(
    ("harm", "modes"),
    [
        (("tf.no_op()", "[tf.no_op()]"), ["eval", "train"]),
        (("tf.no_op()", "None"), ["train"]),
        (("predictions=loss", "loss=loss"), ["infer"]),
    ],
)
def test_harm_is_noticed(harm: tuple[str, str], modes: list[str]) -> None:
    good = Candidate("", GOOD, "model_fn", (None,))
    before = outcomes(good, GOOD)
    after = outcomes(good, GOOD.replace(*harm))
    assert sorted(text.split()[0] for text in harmed_runs(before, after)) == modes
    assert list(harmed_runs(after, before)) == []
    assert failing_modes(after) - failing_modes(before) == {(0, mode) for mode in modes}


SOURCE = """\
import tensorflow as tf

def model_fn(features, labels, mode):
    '''What it does.'''
    fields = {"predictions": {"a": tf.identity(features)}}
    hooks = [tf.train.StepCounterHook()]
    metrics = dict(accuracy=tf.metrics.accuracy(labels, features))
    metrics["mean"] = tf.metrics.mean(features)
    fields.update(eval_metric_ops=metrics, training_hooks=hooks)
    if labels is not None and mode == "train":
        return tf.estimator.EstimatorSpec(mode, features, labels, tf.group(features, labels))
    train_op = OPTIMIZER.minimize(labels) if mode == "train" else None
    outputs = {"serving_default": Output(features), "other": Output(features)}
    return Spec(mode, train_op=OPTIMIZER.minimize(labels), export_outputs=outputs, **fields)
"""

SLIPS = {
    "insert labels['y']": 'does."""\n    labels[\'y\']\n',
    "insert labels + 1": "    labels + 1\n",
    "predictions: in a list": "{'predictions': [{'a': tf.identity(features)}]}",
    "predictions: None in it": "{'predictions': {'a': None}}",
    "predictions: a list in it": "{'predictions': {'a': [tf.identity(features)]}}",
    "predictions: a number for a name": "{'predictions': {0: tf.identity(features)}}",
    "train_op: in a list": "features, labels, [tf.group(features, labels)])",
    "train_op: no group": "features, labels, [features, labels])",
    "train_op: gradients": "train_op=OPTIMIZER.compute_gradients(labels)",
    "training_hooks: bare": "hooks = tf.train.StepCounterHook()",
    "training_hooks: with None": "hooks = [tf.train.StepCounterHook(), None]",
    "training_hooks: not called": "hooks = [tf.train.StepCounterHook]",
    "eval_metric_ops: bare": "metrics = tf.metrics.accuracy(labels, features)",
    "eval_metric_ops: in a list": "eval_metric_ops=[metrics]",
    "eval_metric_ops: the update alone": "metrics['mean'] = tf.metrics.mean(features)[1]",
    "export_outputs: what goes into it": "{'serving_default': features, 'other': Output(features)}",
    "export_outputs: another name": "{'other': Output(features), 'other': Output(features)}",
    "drop the test": "    train_op = OPTIMIZER.minimize(labels)\n",
    "drop the operand": "    if mode == 'train':\n",
    "delete the call": "    pass\n    if labels is not None",
}


@pytest.fixture(scope="module")
def made() -> list[Mutant]:
    return list(mutants(normalized(SOURCE), "model_fn"))


@pytest.mark.parametrize("kind", SLIPS)
def test_slip(kind: str, made: list[Mutant]) -> None:
    sources = [mutant.source for mutant in made if mutant.kind == kind]
    assert any(SLIPS[kind] in source for source in sources), "\n".join(sources)
