"""Trains the completed skeletons with Keras, from the variables that an Estimator began with.

Run with the Python of an environment that has TensorFlow, 2.15.1 or a current one:
``python train_models.py RECORD OUTPUT``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy
import tensorflow as tf
from tensorflow import keras

sys.path.insert(0, str(Path(__file__).parent))
from batches import BATCH, STEPS, batches
from cases import CASES, Case, module_at, plain

COMPLETED = Path(__file__).parent / "completed"


class Losses(keras.callbacks.Callback):
    """Records the loss of each step."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))


def dataset(case: Case, seed: int, count: int):
    return tf.data.Dataset.from_tensor_slices(batches(case, seed, count)).batch(BATCH)


def weight(model: Any, path: str) -> Any:
    """``layers[0].kernel`` of a model."""
    value = model
    for part in path.replace("[", ".").replace("]", "").split("."):
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return value


def trained(case: Case, recorded: dict[str, Any]) -> dict[str, Any]:
    """The results of the model: losses, metrics and predictions."""
    module = module_at(COMPLETED / f"{case.name}.py", f"completed_{case.name}")
    classes = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, keras.Model) and each is not keras.Model
    ]
    model = classes[-1](*([] if case.params is None else [case.params]))
    features, _ = batches(case, 1, 1)
    model({name: tf.constant(value) for name, value in features.items()})
    for name, path in case.weights.items():
        weight(model, path).assign(numpy.asarray(recorded["variables"][name], numpy.float32))
    losses = Losses()
    model.fit(dataset(case, 1, STEPS), shuffle=False, verbose=0, callbacks=[losses])
    metrics = model.evaluate(dataset(case, 2, 5), verbose=0, return_dict=True)
    examples = dataset(case, 3, 2).map(lambda features, labels: features)
    predicted = model.predict(examples, verbose=0)
    if not isinstance(predicted, dict):
        predicted = {"": predicted}
    return {
        "losses": losses.losses,
        "metrics": {name: float(value) for name, value in metrics.items()},
        "predictions": {
            name: plain(numpy.asarray(value).tolist()) for name, value in predicted.items()
        },
    }


if __name__ == "__main__":
    records = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    results = {case.name: trained(case, records[case.name]) for case in CASES}
    Path(sys.argv[2]).write_text(json.dumps(results), encoding="utf-8")
