"""Records what Estimators compute with the model functions of ``cases.py``.

Run with the Python of an environment that has TensorFlow 2.15.1:
``python record_estimators.py FILE``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parent))
from batches import BATCH, STEPS, batches
from cases import CASES, TESTS, Case, module_at, plain

v1 = tf.compat.v1


class Losses(v1.train.SessionRunHook):
    """Records the variables before the first step, and the loss of each step."""

    def __init__(self):
        self.variables = {}
        self.losses = []

    def begin(self):
        self._loss = v1.get_collection(v1.GraphKeys.LOSSES)[-1]
        self._variables = v1.global_variables()

    def after_create_session(self, session, coord):
        for variable in self._variables:
            self.variables[variable.op.name] = session.run(variable).tolist()

    def before_run(self, run_context):
        return v1.train.SessionRunArgs(self._loss)

    def after_run(self, run_context, run_values):
        self.losses.append(float(run_values.results))


def record(case: Case) -> dict[str, Any]:
    """The results of an Estimator: initial variables, losses, metrics and predictions."""
    module = module_at(TESTS / case.source, f"function_of_{case.name}")

    def input_fn(seed: int, count: int):
        return lambda: v1.data.Dataset.from_tensor_slices(batches(case, seed, count)).batch(BATCH)

    with tempfile.TemporaryDirectory() as folder:
        estimator = v1.estimator.Estimator(
            getattr(module, case.function),
            folder,
            v1.estimator.RunConfig(tf_random_seed=7, log_step_count_steps=None),
            case.params,
        )
        hook = Losses()
        estimator.train(input_fn(1, STEPS), hooks=[hook], steps=STEPS)
        metrics = estimator.evaluate(input_fn(2, 5))
        predicted = list(estimator.predict(input_fn(3, 2)))
    if not isinstance(predicted[0], dict):
        predicted = [{"": each} for each in predicted]
    return {
        "variables": {name: hook.variables[name] for name in case.weights},
        "losses": hook.losses,
        "metrics": {name: float(value) for name, value in metrics.items() if name != "global_step"},
        "predictions": {
            name: [plain(numpy.asarray(each[name]).tolist()) for each in predicted]
            for name in predicted[0]
        },
    }


if __name__ == "__main__":
    records = {case.name: record(case) for case in CASES}
    Path(sys.argv[1]).write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
