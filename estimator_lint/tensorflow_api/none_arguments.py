"""Which TensorFlow functions raise for None, and in which parameter.

``tests/facts/none_arguments.py`` records the table from calls under TensorFlow 2.15.1 (``tf`` and
``tf.compat.v1``) and 1.15.0, in a graph. A line is a function and the parameters that reject None,
by position (``@0:exception``) and by name (``name:exception``).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from estimator_lint.tensorflow_api.symbols import short_name

#: Functions that reject None, but not in a list, or not beside a tensor in one: each was called
#: under TensorFlow 2.15.1.
_ACCEPTING_IN_LISTS: Final = frozenset(
    """
    add_to_collections assert_proper_iterable clip_by_global_norm global_norm linalg.global_norm
    nest.pack_sequence_as tuple
    """.split()
)
#: Functions that reject None and of which the script found no call that works, or that end the
#: process for other arguments; each was called under TensorFlow 2.15.1 and 1.15.0.
_CALLED_BY_HAND: Final[dict[str, Mapping[int | str, str | None]]] = {
    "map_fn": {1: "ValueError", "elems": "ValueError"},
    "math.confusion_matrix": dict.fromkeys((0, 1, "labels", "predictions"), "ValueError"),
    "nn.weighted_cross_entropy_with_logits": {0: "ValueError"},
    "pad": {0: "ValueError", "tensor": "ValueError"},
    "split": {0: "ValueError", "value": "ValueError"},
}
TABLE: Final = files(__package__) / "none_arguments.txt"


@functools.lru_cache(maxsize=4096)
def parameters_rejecting_none(path: str) -> Mapping[int | str, str | None] | None:
    """The positions and names of the parameters in which a function rejects None.

    Each has the class of the exception, or None if that differs.

    >>> parameters_rejecting_none("tensorflow.cast")
    {0: 'ValueError', 'x': 'ValueError'}
    """
    name = short_name(path)
    return None if name is None else _table().get(name)


@functools.lru_cache(maxsize=4096)
def accepts_none_in_list(path: str) -> bool:
    """Whether a parameter of a function that rejects None accepts a list with None in it."""
    return short_name(path) in _ACCEPTING_IN_LISTS


@functools.cache
def _table() -> Mapping[str, Mapping[int | str, str | None]]:
    table: dict[str, dict[int | str, str | None]] = {
        name: dict(rejecting) for name, rejecting in _CALLED_BY_HAND.items()
    }
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        function, *parameters = line.split(" ")
        rejecting = table.setdefault(function, {})
        for parameter in parameters:
            where, _, exception = parameter.partition(":")
            key = int(where[1:]) if where.startswith("@") else where
            rejecting[key] = None if exception == "?" else exception
    return table
