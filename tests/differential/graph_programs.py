"""Random model functions that build graphs, for TensorFlow to judge.

Those of ``programs.py`` are about the control flow of Python, and need no TensorFlow to be judged.
These are about what the graph of each mode contains: variables, training steps, metrics, names.
"""

from __future__ import annotations

import random

FLAGS = ("f0", "f1")
_GUARDS = (
    'if params["f0"]:',
    'if params["f1"]:',
    "if mode == tf.estimator.ModeKeys.TRAIN:",
    "if mode != tf.estimator.ModeKeys.TRAIN:",
    "if mode == tf.estimator.ModeKeys.EVAL:",
    "if mode == tf.estimator.ModeKeys.PREDICT:",
)
_REUSES = (
    "False",
    "tf.AUTO_REUSE",
    "mode != tf.estimator.ModeKeys.TRAIN",
    "mode == tf.estimator.ModeKeys.PREDICT",
    'params["f0"]',
)
#: Uses of a tensor ``h`` as if it had a value; some of them are fine.
_USES_OF_TENSORS = (
    "if tf.reduce_max(h) > 0: h = h + 1.0",
    "size = int(tf.reduce_max(h))",
    "shown = h.numpy()",
    "rows = [row for row in h]",
    "is_there = 3.0 in h",
    "is_positive = bool(tf.reduce_all(h > 0))",
    "h = h + 1.0 if tf.reduce_any(h > 0) else h",
    "is_listed = h in [h, None]",
    "if h is not None: h = h + 1.0",
    "if h == None: h = features",
    "units = int(h.shape[1])",
    "h = tf.cond(tf.reduce_all(h > 0), lambda: h, lambda: h + 1.0)",
    "if tf.cond(tf.reduce_all(h > 0), lambda: tf.reduce_sum(h), lambda: 1.0): h = h + 1.0",
    "total = tf.foldl(lambda all, row: all + float(row[0]), h, 0.0)",
    "columns = [column / 2.0 for column in tf.unstack(h, num=4, axis=1)]",
)
#: Uses of the labels, which PREDICT does not have.
_USES_OF_LABELS = (
    "pairs = tf.stack([labels, tf.argmax(h, 1)], axis=1)",
    "if labels is not None: pairs = tf.stack([labels, tf.argmax(h, 1)], axis=1)",
    "weight = tf.cond(tf.reduce_all(h > 0), lambda: tf.to_float(labels), lambda: h[:, 0])",
    "weight = tf.cond(tf.reduce_all(h > 0), lambda: h[:, 1], lambda: h[:, 0])",
    "total = tf.foldl(lambda all, row: all + row[0] * tf.to_float(labels)[0], h, 0.0)",
    "h = h if labels is None else h + tf.to_float(labels)[:, None]",
)
_USES_OF_PAIRS = (
    "h = ((h, 1.0) / 2)[0]",
    "pair = (h, 1.0) - (h, 2.0)",
    "pair = -(h, 1.0)",
    "pair = [h, h] + (h,)",
    "pair = (h, 1.0) * 2",
    "pair = (h, 1.0) + (h, 2.0)",
    "h = (h, 1.0)[0] / 2",
)
_READS_OF_PARAMS = (
    'rate = params["depth"]',
    'rate = params["rate"]',
    'rate = params.get("depth")',
    'rate = params["depth"] if "depth" in params else 1.0',
)
_METRICS = (
    "tf.metrics.mean(loss)",
    "tf.metrics.mean(tf.reduce_max(logits))",
    "(tf.reduce_mean(logits), tf.no_op())",
    "(loss, tf.metrics.mean(loss)[1])",
    "(mean[0] / 2.0, mean[1])",
    "(tf.identity(mean[0]), mean[1])",
    "(tf.sqrt(mean[0] + tf.reduce_max(logits)), mean[1])",
    "mean[1]",
    "tf.reduce_mean(logits)",
)
#: The last value of ``train_op`` is the one that is used.
_STEPS = (
    ("train_op = optimizer.minimize(loss, global_step=step)",),
    ("train_op = optimizer.minimize(loss)",),
    ("train_op = optimizer.apply_gradients(optimizer.compute_gradients(loss), step)",),
    ("train_op = optimizer.apply_gradients(optimizer.compute_gradients(loss))",),
    ("train_op = tf.group(optimizer.minimize(loss), tf.assign_add(step, 1))",),
    (
        "first = optimizer.minimize(loss, step)",
        "second = optimizer.minimize(2.0 * loss, step)",
        "train_op = tf.group(first, second)",
    ),
    (
        "first = optimizer.minimize(loss, step)",
        "train_op = tf.group(first, optimizer.minimize(2.0 * loss))",
    ),
    (
        "with tf.control_dependencies([optimizer.minimize(loss, step)]):",
        "    train_op = tf.assign_add(step, 1).op",
    ),
    (
        "train_op = optimizer.minimize(loss)",
        'if params["f0"]:',
        "    train_op = tf.group(train_op, tf.assign_add(step, 1))",
    ),
    (
        "train_op = optimizer.minimize(loss, step)",
        'if params["f1"]:',
        "    train_op = tf.group(train_op, optimizer.minimize(2.0 * loss, step))",
    ),
    (
        'counted = step if params["f0"] else None',
        "train_op = optimizer.minimize(loss, counted)",
    ),
)
#: Steps behind the updates of batch normalization.
_UPDATES = (
    "with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):",
    "    train_op = optimizer.minimize(loss, step)",
)
_INIT_FNS = (
    "lambda scaffold, session: None",
    "lambda session: None",
    "lambda *everything: None",
    "lambda scaffold, session, seed=1: None",
    "lambda scaffold, session, seed: None",
)


class GraphWriter:
    """Writes one program.

    Args:
        chance: makes the choices.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names = 0
        self._named: list[str] = []

    def program(self) -> str:
        """The text of a module."""
        body = ['h = tf.identity(features["x"])']
        for _ in range(self._chance.randrange(3)):
            body += self._guarded(self._modelling())
        body += ["logits = tf.layers.dense(h, 3, name='logits')", *self._predicting()]
        body += ["loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)"]
        if self._may():
            body += self._guarded(self._named_tensor())
        body += [*self._evaluating(), *self._training()]
        lines = [
            "import settings",
            "import tensorflow.compat.v1 as tf",
            "",
            "",
            "def model_fn(features, labels, mode, params):",
            *(f"    {line}" for line in body),
            "",
            "",
            'params = {"rate": 0.1, "f0": settings.f0, "f1": settings.f1}',
            "estimator = tf.estimator.Estimator(model_fn, params=params)",
        ]
        return "\n".join(lines) + "\n"

    def _may(self) -> bool:
        return self._chance.random() < 0.5

    def _fresh(self, stem: str) -> str:
        self._names += 1
        return f"{stem}_{self._names}"

    def _guarded(self, lines: list[str]) -> list[str]:
        if self._may():
            return lines
        return [self._chance.choice(_GUARDS), *(f"    {line}" for line in lines)]

    def _modelling(self) -> list[str]:
        return self._chance.choice(
            (
                self._layer,
                self._scope,
                lambda: [self._chance.choice(_USES_OF_TENSORS)],
                lambda: [self._chance.choice(_USES_OF_PAIRS)],
                lambda: [self._chance.choice(_READS_OF_PARAMS)],
                lambda: [self._chance.choice(_USES_OF_LABELS)],
            )
        )()

    def _layer(self) -> list[str]:
        name = f', name="{self._fresh("layer")}"' if self._may() else ""
        training = "training=mode == tf.estimator.ModeKeys.TRAIN"
        return self._chance.choice(
            (
                [f"h = tf.layers.dense(h, 4{name})"],
                [f"h = tf.layers.Dense(4{name})(h)"],
                [f"layer = tf.layers.Dense(4{name})", "h = layer(h)"],
                [f"h = tf.layers.batch_normalization(h{name}, {training})"],
                [f"h = tf.layers.BatchNormalization({name[2:]})(h, {training})"],
            )
        )

    def _scope(self) -> list[str]:
        reuse = self._chance.choice(_REUSES)
        made = self._chance.choice(
            (
                'h = h + tf.get_variable("shift", [])',
                'h = tf.layers.dense(h, 4, name="inner")',
                'h = tf.layers.batch_normalization(h, name="norm")',
            )
        )
        return [f'with tf.variable_scope("{self._fresh("scope")}", reuse={reuse}):', f"    {made}"]

    def _predicting(self) -> list[str]:
        return [
            "if mode == tf.estimator.ModeKeys.PREDICT:",
            '    return tf.estimator.EstimatorSpec(mode, predictions={"p": logits})',
        ]

    def _named_tensor(self) -> list[str]:
        name = self._fresh("shown")
        self._named.append(name)
        return [f'tf.identity(loss, name="{name}")']

    def _evaluating(self) -> list[str]:
        lines = ["if mode == tf.estimator.ModeKeys.EVAL:", "    mean = tf.metrics.mean(loss)"]
        lines += [f"    {line}" for line in (self._named_tensor() if self._may() else ())]
        metric = self._chance.choice(_METRICS)
        lines += [f'    metrics = {{"a": {metric}}}']
        if self._may():
            lines += ['    if params["f0"]:']
            lines += [f'        metrics["b"] = {self._chance.choice(_METRICS)}']
        return [
            *lines,
            "    return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)",
        ]

    def _training(self) -> list[str]:
        lines = [
            "step = tf.train.get_global_step()",
            "optimizer = tf.train.GradientDescentOptimizer(0.1)",
            *self._chance.choice((*_STEPS, _UPDATES, _UPDATES)),
        ]
        given = ["mode", "loss=loss", "train_op=train_op"]
        if self._may():
            lines += self._metric_in_training()
            given += ['eval_metric_ops={"mean": mean}']
        if self._named and self._may():
            name = self._chance.choice(self._named)
            lines += [f'hook = tf.train.LoggingTensorHook({{"shown": "{name}:0"}}, every_n_iter=1)']
            given += ["training_hooks=[hook]"]
        if self._may():
            lines += [f"scaffold = tf.train.Scaffold(init_fn={self._chance.choice(_INIT_FNS)})"]
            given += ["scaffold=scaffold"]
        return [*lines, f"return tf.estimator.EstimatorSpec({', '.join(given)})"]

    def _metric_in_training(self) -> list[str]:
        if self._may():
            made = ["mean = tf.keras.metrics.Mean()", "update = mean.update_state(loss)"]
            value, update = "mean.result()", "update"
        else:
            made = ["mean = tf.metrics.mean(loss)"]
            value, update = f"mean[{self._chance.randrange(2)}]", "mean[1]"
        lines = [*made, f'tf.summary.scalar("mean", {value})']
        if self._may():
            lines += self._guarded([f"train_op = tf.group(train_op, {update})"])
        return lines


def graph_program(seed: int, number: int) -> str:
    """A program by its number."""
    return GraphWriter(random.Random(f"graph {seed} {number}")).program()
