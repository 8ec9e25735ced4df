"""Model functions of a given size, for measuring how the cost grows with it."""

from __future__ import annotations

HEAD = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 3)
    loss = None
    if mode != tf.estimator.ModeKeys.PREDICT:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
"""
TAIL = """\
    if mode == tf.estimator.ModeKeys.TRAIN:
        train_op = tf.train.AdamOptimizer().minimize(loss)
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
    return tf.estimator.EstimatorSpec(mode, predictions=logits, loss=loss)
"""


def undecided_tests_on_one_name(number: int) -> str:
    """``number`` undecided tests in a row that all change the same variable."""
    tests = "".join(
        f"    if params['option_{index}']:\n        logits = tf.nn.relu(logits)\n"
        for index in range(number)
    )
    return HEAD + tests + TAIL


def undecided_tests_on_own_names(number: int) -> str:
    """``number`` undecided tests that each bind a name, which a second such test reads."""
    binds = "".join(
        f"    if params['option_{index}']:\n        extra_{index} = tf.nn.relu(logits)\n"
        for index in range(number)
    )
    reads = "".join(
        f"    if params['option_{index}']:\n        logits += extra_{index}\n"
        for index in range(number)
    )
    return HEAD + binds + reads + TAIL


def undecided_tests_of_the_mode(number: int) -> str:
    """``number`` undecided tests, each within a test of the mode."""
    tests = "".join(
        "    if mode == tf.estimator.ModeKeys.TRAIN:\n"
        f"        if params['option_{index}']:\n            loss += 0.1\n"
        for index in range(number)
    )
    return HEAD + tests + TAIL


def one_long_function(lines: int) -> str:
    """One model function of about ``lines`` lines, with typical statements."""
    block = """\
    with tf.variable_scope("layer_{0}"):
        weights_{0} = tf.get_variable("weights", [3, 3], dtype=tf.float32)
        hidden_{0} = tf.matmul(logits, weights_{0}) + params["bias"]
        if mode == tf.estimator.ModeKeys.TRAIN:
            hidden_{0} = tf.nn.dropout(hidden_{0}, rate=params.get("rate", 0.5))
        logits = tf.nn.relu(hidden_{0}, name="activation_{0}")
        for part in range(2):
            tf.summary.histogram("part_%d" % part, hidden_{0}[part])
"""
    return HEAD + "".join(block.format(index) for index in range(lines // 8)) + TAIL


def many_functions(lines: int) -> str:
    """About ``lines`` lines of model functions of ordinary size."""
    one = (HEAD + TAIL).partition("\n\n\n")[2]
    functions = (
        one.replace("model_fn", f"number_{index}_model_fn") for index in range(max(lines // 11, 1))
    )
    return "import tensorflow as tf\n\n\n" + "\n\n".join(functions)
