"""MFN605: runs of which it is not known which input they give to which function."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text

_HEAD = """\
import numpy as np
import tensorflow as tf


def plain_input_fn():
    x = np.ones((4, 2), np.float32)
    return tf.data.Dataset.from_tensors(({"x": x}, np.ones(4)))


def weighted_input_fn():
    x = np.ones((4, 2), np.float32)
    return tf.data.Dataset.from_tensors(({"x": x, "weight": x}, np.ones(4)))


def plain_model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    loss = tf.reduce_mean(features["x"])
    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def weighted_model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features["weight"])
    loss = tf.reduce_mean(features["weight"])
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def choosing_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    loss = tf.reduce_mean(features["x"])
    if params["weighted"]:
        loss = tf.reduce_mean(features["weight"])
    elif params.get("form", "plain") == "scaled":
        loss = tf.reduce_mean(features["scale"])
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


"""


def missing_in(body: str) -> list[str]:
    """The modes in which the weighted model misses its item."""
    found = lint_text(_HEAD + textwrap.dedent(body).lstrip("\n"))
    assert all(each.code == "MFN605" for each in found)
    return sorted(each.message.partition(" in ")[2].partition(":")[0] for each in found)


REPORTED = {
    "evaluated": (
        """
        estimator = tf.estimator.Estimator(weighted_model_fn)
        estimator.evaluate(plain_input_fn)
        """,
        ["EVAL"],
    ),
    "by specs": (
        """
        estimator = tf.estimator.Estimator(weighted_model_fn)
        train_spec = tf.estimator.TrainSpec(weighted_input_fn)
        eval_spec = tf.estimator.EvalSpec(input_fn=plain_input_fn)
        tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
        """,
        ["EVAL"],
    ),
    "exported": (
        """
        estimator = tf.estimator.Estimator(weighted_model_fn)
        receive = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": tf.zeros([1])})
        estimator.export_saved_model("exported", receive)
        """,
        ["PREDICT"],
    ),
    "params by which it is read": (
        """
        params = {"weighted": True, "form": ""}
        estimator = tf.estimator.Estimator(choosing_model_fn, params=params)
        estimator.evaluate(plain_input_fn)
        """,
        ["EVAL"],
    ),
    "params that may be either": (
        """
        def run(weighted):
            params = {"weighted": weighted, "form": ""}
            estimator = tf.estimator.Estimator(choosing_model_fn, params=params)
            estimator.evaluate(plain_input_fn)
        """,
        ["EVAL"],
    ),
    "params of one of two Estimators": (
        """
        plain = tf.estimator.Estimator(choosing_model_fn, params={"weighted": 0, "form": ""})
        plain.evaluate(plain_input_fn)
        params = dict(weighted=0, form="scaled")
        scaled = tf.estimator.Estimator(choosing_model_fn, params=params)
        scaled.evaluate(weighted_input_fn)
        """,
        ["EVAL"],
    ),
}
UNKNOWN = {
    "params by which it is not read": """
        estimator = tf.estimator.Estimator(
            choosing_model_fn, params={"weighted": False, "form": "plain"}
        )
        estimator.evaluate(plain_input_fn)
        """,
    "params of one of two Estimators, and the input of the other": """
        params = {"weighted": True, "form": None}
        weighted = tf.estimator.Estimator(choosing_model_fn, params=params)
        weighted.train(weighted_input_fn)
        plain = tf.estimator.Estimator(choosing_model_fn, params={**params, "weighted": False})
        plain.evaluate(plain_input_fn)
        """,
    "one of two models": """
        def run(weighted):
            if weighted:
                estimator = tf.estimator.Estimator(weighted_model_fn)
            else:
                estimator = tf.estimator.Estimator(plain_model_fn)
                estimator.evaluate(plain_input_fn)
        """,
    "a model of two that is unknown": """
        def run(weighted, model_fn):
            if weighted:
                estimator = tf.estimator.Estimator(weighted_model_fn)
            else:
                estimator = tf.estimator.Estimator(model_fn)
                estimator.evaluate(plain_input_fn)
        """,
    "a spec that the file's own function makes": """
        def weighted_spec(input_fn):
            def weighted():
                return input_fn().map(lambda x, y: (dict(x, weight=x["x"]), y))

            return tf.estimator.EvalSpec(weighted)

        estimator = tf.estimator.Estimator(weighted_model_fn)
        train_spec = tf.estimator.TrainSpec(weighted_input_fn)
        eval_spec = weighted_spec(plain_input_fn)
        tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
        """,
    "another mode is exported": """
        estimator = tf.estimator.Estimator(weighted_model_fn)
        receive = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": tf.zeros([1])})
        mode = tf.estimator.ModeKeys.EVAL
        estimator.export_saved_model("exported", receive, experimental_mode=mode)
        """,
}

GUARDS = [
    "len(features) > 1",
    "1 < len(features)",
    "len(features) == 2",
    "len(features) != 1",
    "not len(features) <= 1",
    '"weight" in features',
    'features.get("weight") is not None',
    'hasattr(features, "keys") and len(features) > 1',
]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_asks_for_the_form_of_the_features(guard: str) -> None:
    text = _HEAD + textwrap.dedent(
        f"""
        def guarded_model_fn(features, labels, mode):
            if mode == tf.estimator.ModeKeys.PREDICT:
                return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
            loss = tf.reduce_mean(features["x"])
            if {guard}:
                loss = tf.reduce_mean(features["weight"])
            if mode == tf.estimator.ModeKeys.EVAL:
                return tf.estimator.EstimatorSpec(mode, loss=loss)
            step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


        estimator = tf.estimator.Estimator(guarded_model_fn)
        estimator.train(weighted_input_fn)
        estimator.evaluate(plain_input_fn)
        """
    )
    assert lint_text(text) == []


@pytest.mark.parametrize(("body", "modes"), REPORTED.values(), ids=REPORTED)
def test_is_reported(body: str, modes: list[str]) -> None:
    assert missing_in(body) == modes


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN)
def test_is_not_reported(body: str) -> None:
    assert missing_in(body) == []


@pytest.mark.parametrize(
    ("run", "named"),
    [
        ("estimator.export_saved_model('exported', receive)", "the serving input function"),
        ("estimator.predict(plain_input_fn)", "the input function"),
        (
            "estimator.predict(plain_input_fn); estimator.export_savedmodel('exported', receive)",
            "the input function",
        ),
        (
            "estimator.predict(weighted_input_fn); estimator.export_savedmodel('x', receive)",
            "the serving input function",
        ),
    ],
)
def test_the_message_says_which_input_function_lacks_the_item(run: str, named: str) -> None:
    body = f"""
        estimator = tf.estimator.Estimator(weighted_model_fn)
        receive = tf.estimator.export.build_raw_serving_input_receiver_fn({{"x": tf.zeros([1])}})
        {run}
        """
    (found,) = lint_text(_HEAD + textwrap.dedent(body).lstrip("\n"))
    assert found.message.partition(": ")[2] == f"{named} in this file does not provide it"
