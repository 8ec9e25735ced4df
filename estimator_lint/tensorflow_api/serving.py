"""The features of a model that is being served.

Source: ``tensorflow_estimator/python/estimator/export/export.py`` (2.15.1 and 1.15.0): a
``ServingInputReceiver`` turns a single tensor into a dict, under the key ``"feature"``; the
functions beside it build such receivers. A ``TensorServingInputReceiver`` keeps the tensor.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import is_tensorflow

_OF_DICTS = frozenset(
    {
        "ServingInputReceiver",
        "build_parsing_serving_input_receiver_fn",
        "build_raw_serving_input_receiver_fn",
    }
)
_OF_TENSORS = frozenset({"TensorServingInputReceiver"})


@functools.lru_cache(maxsize=4096)
def serves_dicts(path: str) -> bool | None:
    """Whether the receivers that ``path`` makes provide dicts; None if it makes no receivers."""
    name = path.rpartition(".")[2]
    if not is_tensorflow(path) or name not in _OF_DICTS | _OF_TENSORS:
        return None
    return name in _OF_DICTS
