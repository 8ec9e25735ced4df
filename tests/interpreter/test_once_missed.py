"""Shapes of published code, and of random programs, in which a fault was once missed.

They are reduced so far that TensorFlow could not run them, so they are not fixtures.
"""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from tests.fixture_expectations import Expectation, parse_expectations

SOURCES = {
    "types_of_model_given_the_mode": """\
import tensorflow as tf

def make_model_fn(model):
    def model_fn(features, labels, mode):
        if isinstance(model, tf.Module):
            inputs = features["x"]
        elif isinstance(model, dict):
            inputs = features["y"]
        else:
            raise ValueError("unrecognized class")
        outputs = model.call(inputs, mode=mode)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions=outputs)
        return tf.estimator.EstimatorSpec(mode, train_op=outputs)  # MFN101 TRAIN col 16
    return model_fn
""",
    "asked_before_it_is_given_the_mode": """\
import tensorflow as tf

class Model:
    def __init__(self, network):
        self.network = network

    def model_fn(self, features, labels, mode):
        if self.network.is_large:
            raise ValueError("too large")
        elif self.network.is_small:
            inputs = features["x"]
        else:
            raise ValueError("neither")
        outputs = self.network.build(inputs, mode)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions=outputs)
        return tf.estimator.EstimatorSpec(mode, train_op=outputs)  # MFN101 TRAIN col 16
""",
    "deepctr": """\
import tensorflow as tf

def get_collection(key):
    try:
        return tf.get_collection(key)
    except AttributeError:
        return tf.compat.v1.get_collection(key)

def train_op_fn(loss, optimizer):
    ops = []
    variables = get_collection("v")
    if len(variables) > 0:
        ops.append(optimizer.minimize(loss, var_list=variables))
    return tf.group(*ops)

def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, train_op=train_op_fn(features, params["o"]))  # MFN101 TRAIN col 12
""",
    "try_return_in_helper": """\
import tensorflow as tf

def train_op_fn(loss):
    try:
        return tf.assign_add(loss, 1).op
    except AttributeError:
        return tf.compat.v1.assign_add(loss, 1).op

def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, train_op=train_op_fn(features))  # MFN101 TRAIN col 12
""",
    "two_doubtful_tests_in_helper": """\
import tensorflow as tf

def variables(scope):
    try:
        return tf.get_collection("v", scope)
    except AttributeError:
        return tf.compat.v1.get_collection("v", scope)

def train_op_fn(loss, optimizer):
    linear, deep = variables("linear"), variables("deep")
    ops = []
    if len(deep) > 0:
        ops.append(optimizer.minimize(loss, var_list=deep))
    if len(linear) > 0:
        ops.append(optimizer.minimize(loss, var_list=linear))
    return tf.group(*ops)

def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, train_op=train_op_fn(features, params["o"]))  # MFN101 TRAIN col 12
""",
    "call_in_loop_dict": """\
import tensorflow as tf

def model_fn(features, labels, mode, params):
    known = {}
    for key, x in features.items():
        known[key] = x

    def verify(name, should_exist):
        if should_exist != (name in known):
            raise ValueError(name)

    verify("inputs", True)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)  # MFN103 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=tf.no_op())
""",
    "guard_helper_unknown_of_mode": """\
import tensorflow as tf
import other

def model_fn(features, labels, mode, params):
    tags = other.TAGS[mode]
    if other.name(tags) != "expected":
        raise RuntimeError("wrong signature")
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)  # MFN103 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=tf.no_op())
""",
    "guard_raise_loop": """\
import tensorflow as tf

def model_fn(features, labels, mode):
    known = {}
    for key, x in features.items():
        known[key] = x
    if "targets" not in known:
        raise ValueError("no targets")
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)  # MFN103 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=tf.no_op())
""",
    "204_in_doubt": """\
import tensorflow as tf

def model_fn(features, labels, mode, params):
    known = {}
    for key, x in features.items():
        known[key] = x
    if "targets" not in known:
        raise ValueError("no targets")
    if mode == tf.estimator.ModeKeys.EVALUATE:  # MFN204 col 16
        return tf.estimator.EstimatorSpec(mode, loss=features)
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=tf.no_op())
""",
    "204_mode_rebound": """\
import tensorflow as tf

def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT and params["score"]:
        mode = "score"
    if mode == tf.estimator.ModeKeys.EVALUATE:  # MFN204 col 16
        return tf.estimator.EstimatorSpec(mode, loss=features)
    return tf.estimator.EstimatorSpec(mode, loss=features, predictions=features, train_op=tf.no_op())
""",
    "a free variable raises NameError": """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    loss = t
    if mode == "train":
        del loss
    try:
        return (lambda: tf.estimator.EstimatorSpec(mode, t, loss, t))()  # MFN203 TRAIN col 61
    except UnboundLocalError:
        return tf.estimator.EstimatorSpec(mode, t, t, t)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_fault_is_found(name: str) -> None:
    findings = [
        Expectation(finding.line, finding.column, finding.code, finding.modes)
        for finding in lint_text(SOURCES[name])
    ]
    assert [str(found) for found in findings] == [
        str(expected) for expected in parse_expectations(SOURCES[name]).findings
    ]
