"""Lines that only train are in ``train_step``, and other steps work without them."""

from __future__ import annotations

import io

import pytest
from pyflakes.api import check
from pyflakes.reporter import Reporter

from tests.migration.skeleton_parts import flat, methods, skeleton

_LOSS = """
                logits = v1.layers.dense(features["x"], 3)
                loss = v1.losses.sparse_softmax_cross_entropy(labels, logits)
"""
_SPEC = """
            def finished(mode, loss, train_op):
                if mode == KEYS.TRAIN:
                    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
                return tf.estimator.EstimatorSpec(mode, loss=loss)
"""
_MINIMIZED = "v1.train.AdamOptimizer().minimize(loss, v1.train.get_global_step())"


def unbound_names(text: str) -> list[str]:
    """What pyflakes says about names that nothing binds."""
    said = io.StringIO()
    check(text, "skeleton.py", Reporter(said, said))
    return [line for line in said.getvalue().splitlines() if "undefined name" in line]


def _steps(lines: str, before: str = "") -> dict[str, str]:
    text = skeleton(
        f"""
            {before}

            def model_fn(features, labels, mode):
                {_LOSS}
                {lines}
        """
    )
    assert unbound_names(text) == []
    steps = methods(text)
    assert "tape.gradient" in text and "gradient" not in steps["test_step"]
    return steps


def test_a_spec_in_a_variable() -> None:
    steps = _steps(
        f"""
                train_op = {_MINIMIZED}
                spec = tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
                return spec
        """
    )
    assert 'spec = {"loss": self.mean_loss(loss)}\n' in steps["test_step"]


def test_a_loss_that_is_minimized_within_the_spec() -> None:
    steps = _steps(
        f"""
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op={_MINIMIZED})
        """
    )
    assert "self.optimizer" in steps["train_step"] and "optimizer" not in steps["test_step"]


def test_a_dict_of_fields() -> None:
    steps = _steps(
        f"""
                train_op = {_MINIMIZED}
                fields = {{"loss": loss, "train_op": train_op}}
                only_training = {{"step": train_op}}
                return tf.estimator.EstimatorSpec(mode, **fields)
        """
    )
    assert 'fields = {"loss": loss, "train_op": None}' in steps["test_step"]
    assert "only_training" not in steps["test_step"]


@pytest.mark.parametrize(
    "lines",
    [
        f"""
                train_op = {_MINIMIZED}
                return finished(mode, loss, train_op)
        """,
        f"""
                return finished(mode, loss, {_MINIMIZED})
        """,
        f"""
                return finished(mode, loss, tf.group({_MINIMIZED}, tf.no_op()))
        """,
    ],
)
def test_a_helper_that_builds_the_spec(lines: str) -> None:
    steps = _steps(lines, _SPEC)
    assert "return self.finished_in_test(mode, loss, None)" in steps["test_step"]


def test_a_helper_that_has_the_loss_and_the_training_step() -> None:
    text = skeleton(
        """
            def built(logits, labels):
                loss = v1.losses.sparse_softmax_cross_entropy(labels, logits)
                return loss, v1.train.AdamOptimizer().minimize(loss)


            def model_fn(features, labels, mode):
                logits = v1.layers.dense(features["x"], 3)
                loss, train_op = built(logits, labels)
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """
    )
    assert unbound_names(text) == []
    steps = methods(text)
    assert "return loss, None" in steps["built_in_test"]
    assert "loss, train_op = self.built_in_test(logits, labels)" in steps["test_step"]
    assert "built_in_train(tape, logits, labels)" in steps["train_step"]


@pytest.mark.parametrize(
    "lines",
    [
        f"""
                try:
                    train_op = {_MINIMIZED}
                except ValueError:
                    train_op = None
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """,
        f"""
                match features["kind"]:
                    case 1:
                        train_op = {_MINIMIZED}
                    case _:
                        train_op = tf.no_op()
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """,
        f"""
                if features["kind"]:
                    train_op = {_MINIMIZED}
                else:
                    train_op = None
                train_op = tf.group(train_op, tf.no_op())
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """,
        """
                def train(loss):
                    return v1.train.AdamOptimizer().minimize(loss)

                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train(loss))
        """,
        """
                train = lambda: v1.train.AdamOptimizer().minimize(loss)
                train_op = train()
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """,
    ],
)
def test_blocks_and_nested_functions(lines: str) -> None:
    steps = _steps(lines)
    assert "train_op = tf.group" not in steps["test_step"] and "train(" not in steps["test_step"]
    assert 'return {"loss": self.mean_loss(loss)}' in steps["test_step"]


def test_branches_of_a_tensor_are_under_the_tape() -> None:
    steps = _steps(
        """
                one, two = v1.train.AdamOptimizer(), v1.train.AdagradOptimizer(0.1)
                step = v1.train.get_global_step()
                train_op = tf.cond(
                    tf.equal(step % 2, 0),
                    lambda: one.minimize(loss),
                    lambda: two.minimize(loss, v1.train.get_global_step()),
                )
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """
    )
    assert "with tf.GradientTape(persistent=True) as tape:\n" in steps["train_step"]
    assert "tf.cond" not in steps["test_step"]
    told = "this counts the steps of one optimizer: count those of all in a tf.Variable"
    assert flat(steps["train_step"]).count(told) == 1


def test_a_test_that_assigns_stays() -> None:
    text = skeleton(
        """
            def model_fn(features, labels, mode):
                logits = v1.layers.dense(features["x"], 3)
                if training := mode == KEYS.TRAIN:
                    logits = logits + 1.0
                if mode != KEYS.PREDICT and (loss := tf.reduce_sum(logits)) is not None:
                    train_op = v1.train.AdamOptimizer().minimize(loss) if training else None
                    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
                return tf.estimator.EstimatorSpec(mode, predictions=logits)
        """
    )
    assert unbound_names(text) == []
    steps = methods(text)
    assert "if training := False:" in steps["test_step"]
    assert "if True and (loss := tf.reduce_sum(logits)) is not None:" in flat(steps["test_step"])
    tape, _, _ = steps["train_step"].partition("tape.gradient")
    assert "    if True and (loss := tf.reduce_sum(logits)) is not None:" in tape
    assert "return logits" in steps["predict_step"]


def test_names_that_kept_code_needs() -> None:
    text = skeleton(
        """
            import functools
            from constants import *


            def cached(function):
                return functools.lru_cache(function)


            def build(units):
                def model_fn(features, labels, mode, size=units):
                    logits = v1.layers.dense(features["x"], size)
                    loss = cached(tf.reduce_sum)(logits) * RATE
                    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())

                return model_fn
        """
    )
    assert "import functools\n" in text and "from constants import *\n" in text
    assert "def __init__(self, size, **kwargs):" in text


def test_a_step_whose_loss_is_not_known_is_left_to_do() -> None:
    text = skeleton(
        """
            def model_fn(features, labels, mode):
                arguments = {"loss": tf.reduce_sum(v1.layers.dense(features["x"], 3))}
                train_op = v1.train.AdamOptimizer().minimize(**arguments)
                return tf.estimator.EstimatorSpec(
                    mode, loss=arguments["loss"], train_op=train_op
                )
        """
    )
    told = (
        "TODO: compute the gradients with a tf.GradientTape: self.optimizer.minimize(**arguments)"
    )
    assert told in flat(methods(text)["train_step"])


def test_an_optimizer_without_a_counterpart_is_left_to_do() -> None:
    steps = _steps(
        """
                optimizer = v1.train.FtrlOptimizer(0.1)
                train_op = optimizer.minimize(loss)
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
        """
    )
    told = "no optimizer of Keras is known to compute the same as 'train.FtrlOptimizer'"
    assert told in flat(steps["train_step"])


def test_a_head_that_is_not_known_gets_no_training_step_elsewhere() -> None:
    text = skeleton(
        """
            def built(features, labels, mode, head):
                logits = v1.layers.dense(features["x"], 3)

                def train(loss):
                    return v1.train.AdamOptimizer().minimize(loss)

                return head.create_estimator_spec(
                    features=features, mode=mode, logits=logits, labels=labels, train_op_fn=train
                )


            def model_fn(features, labels, mode):
                head = tf.estimator.MultiHead([tf.estimator.RegressionHead()])
                return built(features, labels, mode, head)
        """
    )
    assert unbound_names(text) == []
    steps = methods(text)
    assert "train_op_fn=train" in steps["built_in_train"]
    assert "train_op_fn=None" in steps["built_in_test"] and "def " not in steps["built_in_test"][9:]
    assert "self.built_in_train(tape, features" in steps["train_step"]


def test_metrics_that_may_be_none() -> None:
    text = skeleton(
        """
            def finished(mode, loss, metrics=None):
                return tf.estimator.EstimatorSpec(
                    mode, loss=loss, train_op=tf.no_op(), eval_metric_ops=metrics
                )


            def model_fn(features, labels, mode):
                loss = tf.reduce_sum(v1.layers.dense(features["x"], 3))
                return finished(mode, loss)
        """
    )
    assert 'return {"loss": self.mean_loss(loss), **(metrics or {})}' in text


def test_optimizers_of_a_loop_are_left_to_do() -> None:
    text = skeleton(
        """
            def model_fn(features, labels, mode):
                loss = tf.reduce_sum(v1.layers.dense(features["x"], 3))
                steps = []
                for rate in (0.1, 0.2):
                    steps.append(v1.train.AdamOptimizer(rate).minimize(loss))
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(*steps))
        """
    )
    assert "which the function makes in each round of a loop" in flat(text)
    assert "optimizer_layer" not in text
    assert "steps.append" not in methods(text)["test_step"]
