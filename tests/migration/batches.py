"""The examples that model functions and skeletons are trained on, for TensorFlow's Pythons."""

from __future__ import annotations

import numpy

STEPS = 20
BATCH = 16


def batches(case, seed, count):
    """The examples of ``count`` batches; the same for every version of NumPy."""
    random = numpy.random.RandomState(seed)
    numbers = random.normal(size=(count * BATCH, case.columns)).astype(numpy.float32)
    labels = (numbers[:, 0] + 0.3 * random.normal(size=count * BATCH) > 0).astype(numpy.int64)
    if case.classes > 2:
        labels += numbers[:, 1] > 0.5
    return {"x": numbers}, labels
