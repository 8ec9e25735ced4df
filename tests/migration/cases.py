"""The model functions whose skeletons are trained, and their training data.

The Pythons of TensorFlow import this, too, so it needs no installed packages.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

TESTS = Path(__file__).parent.parent


@dataclass(frozen=True)
class Case:
    """A model function.

    Attributes:
        name: the name of its files.
        source: its file, relative to ``tests``.
        function: its name.
        columns: the number of columns of ``features["x"]``.
        classes: the number of label values.
        params: what the Estimator passes, if it passes ``params``.
        weights: for each variable of the Estimator, the weight of the model.
    """

    name: str
    source: str
    function: str
    columns: int
    classes: int
    weights: dict[str, str]
    params: dict[str, Any] | None = field(default=None)


_DENSE = {"dense/kernel": "dense.kernel", "dense/bias": "dense.bias"}

CASES = (
    Case("early_returns", "fixtures/clean/early_returns.py", "model_fn", 4, 3, _DENSE),
    Case(
        "one_spec_with_nones",
        "fixtures/clean/one_spec_at_the_end.py",
        "none_first_model_fn",
        4,
        3,
        _DENSE,
    ),
    Case(
        "helper_and_flag",
        "migration/programs/churn.py",
        "churn_model_fn",
        3,
        2,
        {
            "hidden_0/kernel": "dense_layers[0].kernel",
            "hidden_0/bias": "dense_layers[0].bias",
            "hidden_1/kernel": "dense_layers[1].kernel",
            "hidden_1/bias": "dense_layers[1].bias",
            "batch_normalization/gamma": "batch_normalization.gamma",
            "batch_normalization/beta": "batch_normalization.beta",
            "batch_normalization/moving_mean": "batch_normalization.moving_mean",
            "batch_normalization/moving_variance": "batch_normalization.moving_variance",
            "logits/kernel": "logits.kernel",
            "logits/bias": "logits.bias",
        },
        {"hidden_units": [8, 4], "normalize": True, "smooth": True, "rate": 0.05},
    ),
    Case(
        "batch_normalization",
        "fixtures/MFN502/good.py",
        "model_fn",
        4,
        2,
        {
            **_DENSE,
            "batch_normalization/gamma": "batch_normalization.gamma",
            "batch_normalization/beta": "batch_normalization.beta",
            "batch_normalization/moving_mean": "batch_normalization.moving_mean",
            "batch_normalization/moving_variance": "batch_normalization.moving_variance",
        },
    ),
    Case("canned_head", "fixtures/clean/heads.py", "head_model_fn", 4, 2, _DENSE),
)


def module_at(path: Path, name: str) -> ModuleType:
    """The module of a file, with the absl flags that it defines parsed."""
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    flags = getattr(module, "FLAGS", None)
    if flags is not None:
        flags([name])
    return module


def plain(value: Any) -> Any:
    """A value as JSON represents it."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
