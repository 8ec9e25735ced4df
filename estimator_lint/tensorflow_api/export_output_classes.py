"""The arguments that the classes of export outputs accept.

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
    """An argument that must be a tensor.

    Attributes:
        position, name: the argument.
        elements: the type of its elements; None: any type.
        may_be_none: it may be omitted, or be None.
        or_dict: it may also be a dict of tensors, with keys that are strings or tuples of strings.
    """

    position: int
    name: str
    elements: ElementType | None = None
    may_be_none: bool = False
    or_dict: bool = False

    @property
    def text(self) -> str:
        """The wording of the expected value in messages."""
        if self.or_dict:
            return "a tensor or a dict of tensors"
        return "a tensor" if self.elements is None else f"a tensor of {self.elements.value}"


_WANTED = {
    "ClassificationOutput": (
        WantedTensor(0, "scores", ElementType.REAL, may_be_none=True),
        WantedTensor(1, "classes", ElementType.STRING, may_be_none=True),
    ),
    "RegressionOutput": (WantedTensor(0, "value", ElementType.REAL),),
    "PredictOutput": (WantedTensor(0, "outputs", or_dict=True),),
}


@functools.lru_cache(maxsize=4096)
def tensors_wanted(path: str) -> tuple[WantedTensor, ...]:
    """The tensors that ``path`` requires, if it makes an export output."""
    return _WANTED.get(path.rpartition(".")[2], ()) if is_tensorflow(path) else ()
