"""What the classes of export outputs take.

Source: ``tensorflow/python/saved_model/model_utils/export_output.py`` (2.15.1; 1.15.0 checks
the same): the constructors raise ValueError.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.dtypes import ElementType
from estimator_lint.tensorflow_api.symbols import is_tensorflow


@dataclass(frozen=True)
class WantedTensor:
    """An argument that must be a tensor of elements of one type."""

    position: int
    name: str
    elements: ElementType

    @property
    def text(self) -> str:
        """How messages call what is wanted."""
        return f"a tensor of {self.elements.value}"


_WANTED = {
    "ClassificationOutput": (
        WantedTensor(0, "scores", ElementType.REAL),
        WantedTensor(1, "classes", ElementType.STRING),
    ),
    "RegressionOutput": (WantedTensor(0, "value", ElementType.REAL),),
}


@functools.lru_cache(maxsize=4096)
def tensors_wanted(path: str) -> tuple[WantedTensor, ...]:
    """What calling ``path`` takes, where it makes an export output."""
    return _WANTED.get(path.rpartition(".")[2], ()) if is_tensorflow(path) else ()
