"""The form of input: of the elements of a dataset, or of an input function's result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from estimator_lint.domain.values.values import Constant


@dataclass(frozen=True)
class Element:
    """The form of a value, as far as it is known.

    Attributes:
        parts: the elements of a tuple; None if it is not a tuple.
        keys: the keys that a dict may have; None if it may have others, or is not a dict.
    """

    parts: tuple[Element, ...] | None = None
    keys: frozenset[str] | None = None


@dataclass(frozen=True)
class InputKeys:
    """The keys that features, or labels, may have where a mode is run in one way.

    Attributes:
        keys: the keys.
        params: by keys of ``params``, the constants that Estimators have there that are run so.
        guards: the attributes and keys by which the file decides whether it is run so.
        for_serving: it is run so to export the model.
    """

    keys: frozenset[str]
    params: Mapping[str, tuple[Constant, ...]]
    guards: frozenset[str] = frozenset()
    for_serving: bool = False


UNKNOWN_ELEMENT = Element()


def any_of(elements: Iterable[Element]) -> Element:
    """The common knowledge about a value that has one of these forms."""
    found = list(elements)
    if not found:
        return UNKNOWN_ELEMENT
    counts = {None if one.parts is None else len(one.parts) for one in found}
    if len(counts) == 1 and None not in counts:
        columns = zip(*(one.parts or () for one in found), strict=True)
        return Element(tuple(any_of(column) for column in columns))
    keys = [one.keys for one in found]
    if any(one is None for one in keys):
        return UNKNOWN_ELEMENT
    return Element(keys=frozenset().union(*(one for one in keys if one is not None)))
