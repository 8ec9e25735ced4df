"""Skeletons of model functions; ``dev.py migration`` tests what they compute."""

from __future__ import annotations

from pathlib import Path

import pytest

from estimator_lint.migration.skeleton.layout import formatted
from tests.migration.accounting import model_functions, problems_of
from tests.migration.cases import CASES, Case
from tests.migration.run import problems
from tests.migration.skeleton_parts import methods, skeleton

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_skeletons_that_are_trained_are_as_committed(case: Case) -> None:
    assert list(problems(case)) == []


#: ``dev.py migration`` checks all fixtures.
SOME = sorted(FIXTURES.rglob("*.py"))[::9]


@pytest.mark.parametrize("path", SOME, ids=[path.parent.name + "/" + path.stem for path in SOME])
def test_every_statement_is_in_a_step_or_named(path: Path) -> None:
    for name, function in model_functions(path)[:1]:
        assert list(problems_of(path, name, function)) == []


def test_a_test_of_the_mode_is_folded_and_another_stays() -> None:
    steps = methods(
        skeleton(
            """
            def model_fn(features, labels, mode, params):
                is_training = mode == KEYS.TRAIN
                logits = v1.layers.dense(features["x"], 3)
                if params["scaled"]:
                    logits = logits * 2.0
                if mode == KEYS.PREDICT:  # first
                    return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
                loss = v1.losses.sparse_softmax_cross_entropy(labels, logits)
                if is_training and params["trained"]:
                    train_op = v1.train.AdamOptimizer(0.1).minimize(loss)
                else:
                    train_op = tf.no_op()
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
            """
        )
    )
    assert "if params" in steps["train_step"] and "mode" not in steps["train_step"]
    assert 'if params["trained"]:' in steps["train_step"]
    assert "is_training = True" in steps["train_step"]
    assert steps["predict_step"].endswith('# first\n    return {"logits": logits}')
    assert "trained" not in steps["test_step"] and "gradient" not in steps["test_step"]
    assert 'return {"loss": self.mean_loss(loss)}' in steps["test_step"]


def test_what_only_trains_is_in_no_other_step() -> None:
    steps = methods(
        skeleton(
            """
            def model_fn(features, labels, mode):
                loss = tf.reduce_mean(v1.layers.dense(features["x"], 1))
                optimizer = v1.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True)
                gradients, variables = zip(*optimizer.compute_gradients(loss))
                with tf.control_dependencies([loss]):
                    train_op = optimizer.apply_gradients(zip(gradients, variables))
                return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
            """
        )
    )
    assert "tape.gradient(loss, self.trainable_variables)" in steps["train_step"]
    assert "gradients" not in steps["test_step"] and "variables" not in steps["test_step"]
    assert "keras.optimizers.SGD" in steps["__init__"] and "nesterov=True" in steps["__init__"]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("tf.estimator.RegressionHead(2)", "squared_difference"),
        ("tf.estimator.MultiClassHead(n_classes=3)", "sparse_softmax"),
        ("tf.estimator.BinaryClassHead()", "sigmoid_cross_entropy"),
    ],
)
def test_a_canned_head_becomes_methods(head: str, text: str) -> None:
    found = skeleton(
        f"""
        def model_fn(features, labels, mode):
            head = {head}
            logits = v1.layers.dense(features["x"], head.logits_dimension)
            optimizer = tf.keras.optimizers.Adam()
            return head.create_estimator_spec(
                features, mode, logits, labels=labels, train_op_fn=lambda loss: tf.no_op()
            )
        """
    )
    steps = methods(found)
    assert text in steps["head_losses"]
    assert "loss = tf.reduce_mean(self.head_losses(labels, logits))" in steps["train_step"]
    assert head.split("(")[0] not in found.replace(f"#   head = {head}", "")


def test_a_head_with_weights_is_left_to_do() -> None:
    text = skeleton(
        """
        def model_fn(features, labels, mode):
            head = tf.estimator.BinaryClassHead(weight_column="w")
            logits = v1.layers.dense(features["x"], 1)
            return head.create_estimator_spec(
                features, mode, logits, labels=labels, train_op_fn=lambda loss: tf.no_op()
            )
        """
    )
    assert "# TODO: return in its place what the step returns" in text
    assert "head_losses" not in text


def test_helpers_that_make_specs_become_a_method_for_each_mode() -> None:
    steps = methods(
        skeleton(
            """
            def spec(mode, loss, logits, train):
                if mode == KEYS.TRAIN:
                    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train(loss))
                return tf.estimator.EstimatorSpec(mode, loss=loss, predictions=logits)


            def step(loss):
                return v1.train.AdamOptimizer(1e-2).minimize(loss)


            def model_fn(features, labels, mode):
                logits = v1.layers.dense(features["x"], 1)
                return spec(mode, tf.reduce_mean(logits), logits, step)
            """
        )
    )
    assert {"spec_in_train", "spec_in_test", "spec_in_predict", "step"} <= set(steps)
    assert "functools.partial(self.step, tape)" in steps["train_step"]
    assert "return logits" in steps["spec_in_predict"]


def test_methods_and_closures_keep_what_they_are_made_of() -> None:
    source = """
        class Builder:
            def __init__(self, units):
                self.units = units

            def network(self, x):
                return v1.layers.dense(x, self.units)

            def model_fn(self, features, labels, mode):
                return tf.estimator.EstimatorSpec(mode, predictions=self.network(features["x"]))


        def build(units, scale):
            def inner_model_fn(features, labels, mode):
                logits = v1.layers.dense(features["x"], units) * scale
                return tf.estimator.EstimatorSpec(mode, predictions=logits)

            return inner_model_fn
        """
    of_method = skeleton(source, "Builder.model_fn")
    assert "def __init__(self, owner, **kwargs)" in of_method
    assert "keras.layers.Dense(units=owner.units)" in of_method
    of_closure = skeleton(source, "inner_model_fn")
    assert "def __init__(self, scale, units, **kwargs)" in of_closure
    assert "scale = self.scale" in of_closure


def test_flags_and_constants_are_kept_and_other_code_is_not() -> None:
    text = skeleton(
        """
        from absl import flags

        flags.DEFINE_float("rate", 0.1, "The rate.")
        FLAGS = flags.FLAGS
        UNITS = 3
        OTHER = 4


        def unrelated():
            return OTHER


        def model_fn(features, labels, mode):
            loss = tf.reduce_mean(v1.layers.dense(features["x"], UNITS))
            train_op = v1.train.GradientDescentOptimizer(FLAGS.rate).minimize(loss)
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


        if __name__ == "__main__":
            unrelated()
        """
    )
    assert "UNITS = 3" in text and "OTHER" not in text and "unrelated" not in text
    assert 'flags.DEFINE_float("rate"' in text and "__main__" not in text
    assert "SGD(learning_rate=FLAGS.rate)" in text


def test_names_that_are_gone_are_told_or_written_anew() -> None:
    text = skeleton(
        """
        def model_fn(features, labels, mode):
            net = tf.contrib.layers.fully_connected(tf.log(features["x"]), 3)
            return tf.estimator.EstimatorSpec(mode, predictions=net)
        """
    )
    assert "# TODO: 'tf.contrib' is gone" in text
    assert "tf.compat.v1.log(" in text


def test_what_a_spec_has_besides_is_named() -> None:
    text = skeleton(
        """
        def model_fn(features, labels, mode):
            loss = tf.reduce_mean(v1.layers.dense(features["x"], 1))
            train_op = v1.train.RMSPropOptimizer(0.1).minimize(loss)
            return tf.estimator.EstimatorSpec(
                mode, loss=loss, train_op=train_op, scaffold=v1.train.Scaffold()
            )
        """
    )
    assert "# TODO: make 'train.RMSPropOptimizer'" in text or "compile()" in text
    assert "scaffold=v1.train.Scaffold()" in text


@pytest.mark.parametrize(
    "source",
    [
        "model_fn = lambda features, labels, mode: tf.estimator.EstimatorSpec(mode, features)",
        """
        def model_fn(features, labels, mode):
        \tif mode == KEYS.PREDICT: return tf.estimator.EstimatorSpec(mode, features)
        \tloss = tf.reduce_mean(features); return tf.estimator.EstimatorSpec(mode, loss=loss)
        """,
        """
        def model_fn(features, labels, mode):
            '''Größe: 3.'''
            text = '''
          kept
            as it is'''
            match mode:
                case "infer":
                    return tf.estimator.EstimatorSpec(mode, predictions={text: features})
                case _:
                    raise ValueError(f"{mode!r} {text}")
        """,
        """
        @tf.autograph.experimental.do_not_convert
        def model_fn(features, labels, mode, *args, **kwargs):
            spec = dict(mode=mode, predictions=features)
            return tf.estimator.EstimatorSpec(**spec)
        """,
        """
        def model_fn(features, labels, mode):
            if (n := 3) and mode != "train":
                pass
            else:
                return
        """,
        """
        def model_fn(features, labels, mode):
            try:
                while mode:
                    break
            finally:
                global tape
                tape = 1
            return tf.estimator.EstimatorSpec(mode, features)
        """,
    ],
    ids=["lambda", "tabs", "strings", "stars", "walrus", "global"],
)
def test_odd_functions_have_skeletons(source: str) -> None:
    text = skeleton(source)
    assert formatted(text) == text


def test_gradients_are_taken_where_the_model_trains() -> None:
    text = skeleton(
        """
        def minimize(loss):
            return v1.train.AdamOptimizer().minimize(loss)


        def spec(mode, logits, loss, train):
            if mode == KEYS.PREDICT:
                slopes = tf.gradients(logits, [loss])
                return tf.estimator.EstimatorSpec(mode, predictions={"slopes": slopes[0]})
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train(loss))


        def model_fn(features, labels, mode):
            logits = v1.layers.dense(features["x"], 1)
            return spec(mode, logits, tf.reduce_mean(logits), minimize)
        """
    )
    steps = methods(text)
    assert "functools.partial(self.minimize, tape)" in steps["train_step"]
    for name in ("test_step", "predict_step", "spec_in_test", "spec_in_predict"):
        assert "tape" not in steps[name]
    assert "slopes = tf.gradients(logits, [loss])" in steps["spec_in_predict"]


def test_comments_within_calls_and_displays_stay() -> None:
    text = skeleton(
        """
        def spec(mode, loss, logits):
            return tf.estimator.EstimatorSpec(
                mode,
                loss=loss,
                predictions=logits,
                eval_metric_ops={
                    "mean": v1.metrics.mean(logits),  # of all
                },
            )


        def model_fn(features, labels, mode):
            logits = v1.layers.dense(features["x"], 1)
            return spec(
                mode,
                tf.reduce_mean(logits),  # the loss
                logits,  # the rest
            )
        """
    )
    for comment in ("# of all", "# the loss", "# the rest"):
        assert comment in text
