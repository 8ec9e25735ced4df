"""Equivalent programs, and the linter's findings for them."""

from __future__ import annotations

import random

import libcst as cst
import pytest

from tests.metamorphic.comparison import changed, disagreement, programs, sampled
from tests.metamorphic.extraction import into_another_file
from tests.metamorphic.limits import reason_for
from tests.metamorphic.mutators import MUTATORS

#: Short ones, of which there are most.
PROGRAMS = [path for path in programs() if path.stat().st_size < 1_500]
SEED = 1
MUTANTS = 300


@pytest.mark.parametrize("start", range(0, MUTANTS, 60))
def test_the_same_is_said_of_mutants_from(start: int) -> None:
    mutants = list(sampled(PROGRAMS, SEED, range(start, start + 60)))
    found = [one for mutant in mutants if (one := disagreement(mutant)) is not None]
    assert not [str(one) for one in found if not reason_for(one)]
    assert len(mutants) > 20


PROGRAM = """\
import tensorflow as tf
def mean_of(values, name):
    return tf.reduce_mean(values, name=name)
def model_fn(features, labels, mode, params):
    loss = mean_of(features, name="loss")
    train_op = None
    name = "a"
    for key in ("a", "b"):
        name = name + key
    if params["early"]:
        return None
    if mode == tf.estimator.ModeKeys.PREDICT and name != params["name"]:
        return tf.estimator.EstimatorSpec(mode, predictions=loss)
    elif mode == tf.estimator.ModeKeys.EVAL:
        train_op = None
    else:
        train_op = tf.no_op()
    if mode == tf.estimator.ModeKeys.TRAIN:
        rate = 1.0
    else:
        rate = 2.0
    scaled = loss * rate if mode == tf.estimator.ModeKeys.TRAIN else loss
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=scaled, train_op=train_op)
    else:
        return tf.estimator.EstimatorSpec(mode=mode, loss=scaled)
"""


def test_a_helper_in_another_file() -> None:
    made = into_another_file(cst.parse_module(PROGRAM), random.Random(1))
    assert made is not None
    module, elsewhere = made
    assert "from written_elsewhere import made_elsewhere\n" in module.code
    assert elsewhere.startswith("import tensorflow as tf\ndef made_elsewhere(")


@pytest.mark.parametrize("name", sorted(MUTATORS))
def test_each_change_is_made(name: str) -> None:
    text = changed(PROGRAM, [name], random.Random(1))
    assert text is not None
    assert text != PROGRAM
