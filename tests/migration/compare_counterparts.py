"""Compares the counterparts in the tables of ``keras_counterparts.py``, under TensorFlow 2.15.1.

Each optimizer and schedule trains three variables for 20 steps in a graph of TensorFlow 1 and with
Keras, each metric measures five batches; the numbers have to be the same within 1e-5.  Layers are
applied from the same initial weights.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
from estimator_lint.migration.skeleton.keras_counterparts import (
    LAYERS,
    METRICS,
    OPTIMIZERS,
    SCHEDULES,
)

v1 = tf.compat.v1
STEPS = 20
TOLERANCE = 1e-5
RANDOM = numpy.random.RandomState(3)
START = RANDOM.normal(size=(3, 2)).astype(numpy.float32)
SLOPES = RANDOM.normal(size=(STEPS, 3, 2)).astype(numpy.float32)

#: The arguments for each, by the names of TensorFlow 1.
OPTIMIZER_ARGUMENTS = {
    "train.GradientDescentOptimizer": [{"learning_rate": 0.3}],
    "train.MomentumOptimizer": [
        {"learning_rate": 0.1, "momentum": 0.9},
        {"learning_rate": 0.1, "momentum": 0.9, "use_nesterov": True},
    ],
    "train.AdamOptimizer": [{}, {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9}],
    "train.AdagradOptimizer": [{"learning_rate": 0.2}],
}
SCHEDULE_ARGUMENTS = {
    "train.exponential_decay": {"learning_rate": 0.3, "decay_steps": 4, "decay_rate": 0.5},
    "train.inverse_time_decay": {"learning_rate": 0.3, "decay_steps": 4, "decay_rate": 0.5},
    "train.polynomial_decay": {"learning_rate": 0.3, "decay_steps": 15},
    "train.cosine_decay": {"learning_rate": 0.3, "decay_steps": 15, "alpha": 0.1},
    "train.piecewise_constant": {"boundaries": [5, 10], "values": [0.3, 0.2, 0.1]},
}
LAYER_ARGUMENTS = {
    "dense": ({"units": 3}, (4, 5)),
    "conv1d": ({"filters": 3, "kernel_size": 2}, (2, 7, 3)),
    "conv2d": ({"filters": 3, "kernel_size": 2, "strides": 2, "padding": "same"}, (2, 7, 6, 3)),
    "conv3d": ({"filters": 3, "kernel_size": 2}, (2, 4, 5, 3, 2)),
    "conv2d_transpose": ({"filters": 3, "kernel_size": 2, "strides": 2}, (2, 4, 4, 3)),
    "conv3d_transpose": ({"filters": 3, "kernel_size": 2}, (2, 3, 3, 3, 2)),
    "separable_conv1d": ({"filters": 3, "kernel_size": 2}, (2, 7, 3)),
    "separable_conv2d": ({"filters": 3, "kernel_size": 2}, (2, 5, 5, 3)),
    "max_pooling1d": ({"pool_size": 2, "strides": 2}, (2, 7, 3)),
    "max_pooling2d": ({"pool_size": 2, "strides": 1, "padding": "same"}, (2, 7, 6, 3)),
    "max_pooling3d": ({"pool_size": 2, "strides": 1}, (2, 4, 5, 3, 2)),
    "average_pooling1d": ({"pool_size": 2, "strides": 2}, (2, 7, 3)),
    "average_pooling2d": ({"pool_size": 2, "strides": 2}, (2, 7, 6, 3)),
    "average_pooling3d": ({"pool_size": 2, "strides": 1}, (2, 4, 5, 3, 2)),
    "flatten": ({}, (2, 3, 4)),
    "dropout": ({}, (2, 3, 4)),
    "batch_normalization": ({}, (6, 3)),
}


def named(path):
    """An object below ``tf.compat.v1`` or ``tf.keras``."""
    value = v1
    for part in path.split("."):
        value = getattr(value, part)
    return value


def of_keras(row, arguments):
    value = tf.keras
    for part in row.keras.split("."):
        value = getattr(value, part)
    given = {row.renamed.get(name, name): each for name, each in arguments.items()}
    for name, text in row.defaults.items():
        if name not in row.per_call:
            given.setdefault(row.renamed.get(name, name), float(text))
    return value(**given)


def in_graph(make):
    """Three variables after each step of an optimizer that ``make`` creates for the global step."""
    with tf.Graph().as_default(), v1.Session() as session:
        step = v1.train.get_or_create_global_step()
        variable = v1.get_variable("v", initializer=START)
        slope = v1.placeholder(tf.float32, START.shape)
        loss = tf.reduce_sum(variable * slope) + tf.reduce_sum(variable**2)
        train_op = make(step).minimize(loss, global_step=step)
        session.run(v1.global_variables_initializer())
        found = []
        for each in SLOPES:
            session.run(train_op, {slope: each})
            found.append(session.run(variable))
        return numpy.array(found)


def with_keras(optimizer):
    variable = tf.Variable(START)
    found = []
    for each in SLOPES:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(variable * each) + tf.reduce_sum(variable**2)
        optimizer.apply_gradients([(tape.gradient(loss, variable), variable)])
        found.append(variable.numpy())
    return numpy.array(found)


def optimizers():
    for name, row in OPTIMIZERS.items():
        for arguments in OPTIMIZER_ARGUMENTS[name]:
            theirs = in_graph(lambda step, n=name, a=arguments: named(n)(**a))
            yield f"{name} {arguments}", theirs, with_keras(of_keras(row, arguments))


def schedules():
    for name, row in SCHEDULES.items():
        arguments = SCHEDULE_ARGUMENTS[name]

        def rate(step, name=name, arguments=arguments):
            key = "x" if name == "train.piecewise_constant" else "global_step"
            return named(name)(**{key: step, **arguments})

        theirs = in_graph(lambda step, rate=rate: v1.train.GradientDescentOptimizer(rate(step)))
        yield name, theirs, with_keras(tf.keras.optimizers.SGD(of_keras(row, arguments)))


def metrics():
    for name, row in METRICS.items():
        arguments = {"num_classes": 3} if "num_classes" in row.parameters else {}
        for weighted in (False, True):
            given = batches_of(name, weighted, row)
            with tf.Graph().as_default(), v1.Session() as session:
                inputs = {
                    key: v1.placeholder(value.dtype, value.shape) for key, value in given[0].items()
                }
                value, update = named(name)(**inputs, **arguments)
                session.run([v1.local_variables_initializer()])
                for batch in given:
                    session.run(update, {inputs[key]: each for key, each in batch.items()})
                theirs = session.run(value)
            metric = of_keras(row, arguments)
            for batch in given:
                first = [batch[key] for key in ("labels", "predictions", "values") if key in batch]
                if row.deepened:
                    first = [each[..., None] for each in first]
                metric.update_state(*first, sample_weight=batch.get("weights"))
            yield f"{name}, weighted={weighted}", theirs, metric.result().numpy()


def batches_of(name, weighted, row):
    random = numpy.random.RandomState(5)
    found = []
    for _ in range(5):
        if "values" in row.per_call:
            batch = {"values": random.normal(size=8).astype(numpy.float32)}
        elif "num_classes" in row.parameters:
            batch = {"labels": random.randint(3, size=8), "predictions": random.randint(3, size=8)}
        elif name == "metrics.auc":
            batch = {"labels": random.randint(2, size=8), "predictions": random.uniform(size=8)}
            batch["predictions"] = batch["predictions"].astype(numpy.float32)
        elif "error" in name:
            batch = {
                "labels": random.normal(size=8).astype(numpy.float32),
                "predictions": random.normal(size=8).astype(numpy.float32),
            }
        else:
            batch = {"labels": random.randint(2, size=8), "predictions": random.randint(2, size=8)}
        if weighted:
            batch["weights"] = random.uniform(size=8).astype(numpy.float32)
        found.append(batch)
    return found


def layers():
    for path, row in LAYERS.items():
        arguments, shape = LAYER_ARGUMENTS[path.partition(".")[2]]
        inputs = numpy.random.RandomState(1).normal(size=shape).astype(numpy.float32)
        training = {"training": True} if path == "layers.batch_normalization" else {}
        with tf.Graph().as_default(), v1.Session() as session:
            outputs = named(path)(tf.constant(inputs), **arguments, **training)
            session.run(v1.global_variables_initializer())
            values = session.run(v1.trainable_variables())
            theirs = session.run(outputs)
        layer = of_keras(row, arguments)
        layer.build(shape)
        for weight, value in zip(layer.trainable_weights, values, strict=True):
            weight.assign(value)
        yield path, theirs, layer(tf.constant(inputs), **training).numpy()


def main():
    wrong = 0
    for compare in (optimizers, schedules, metrics, layers):
        for name, theirs, ours in compare():
            same_shape = numpy.shape(theirs) == numpy.shape(ours)
            apart = numpy.max(numpy.abs(theirs - ours)) if same_shape else numpy.inf
            if not apart <= TOLERANCE:
                wrong += 1
                print(f"{name}: {apart} apart")
    print(f"{wrong} of the tables' rows compute something else")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
