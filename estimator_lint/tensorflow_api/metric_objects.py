"""What code does with the objects of ``tf.keras.metrics``.

Source: ``keras/src/metrics/base_metric.py`` (2.15.1), ``tensorflow/python/keras/metrics.py``
(1.15.0). In a graph, ``update_state`` only returns the update op, and the call of a metric returns
its value after the update; ``result`` reads the variables.
"""

from __future__ import annotations

from typing import Final

from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

#: The method that returns the value, as in the paths of ``CallOf``.
RESULT: Final = ".result"
_UPDATING: Final = frozenset({"", ".update_state"})
#: Attributes through which no update is run.
KNOWN_OF_METRICS: Final = frozenset(
    {"dtype", "name", "reset_state", "reset_states", "result", "update_state", "variables"}
)


def updates_metric(path: str | None) -> bool:
    """Whether a call returns what updates a Keras metric when it is run.

    >>> updates_metric("tensorflow.keras.metrics.Mean().update_state")
    True
    """
    maker, called, method = (path or "").rpartition("()")
    is_metric = bool(called) and kind_of_result(maker) is Kind.KERAS_METRIC
    return is_metric and method in _UPDATING
