"""Which tests ask about which objects, names and parameters."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from estimator_lint.domain import bounds

#: What an answer depends on: an object, by its number, and the key of the item or attribute of it
#: that is asked for; None for anything else about it.
Source: TypeAlias = "tuple[int, Hashable]"


@dataclass
class TestedObjects:
    """The objects that the tested values of an evaluation depend on; both are given by numbers.

    Attributes:
        count: how many of the tested values have been looked at.
    """

    count: int = 0
    _of_object: dict[int, dict[int, None]] = field(default_factory=dict)
    _of_source: dict[Source, dict[int, None]] = field(default_factory=dict)

    def note(self, test: int, source: Source) -> None:
        """Record that a tested value depends on a source."""
        self._of_object.setdefault(source[0], {})[test] = None
        self._of_source.setdefault(source, {})[test] = None

    def of_object(self, number: int) -> Iterator[int]:
        """The last tested values that depend on an object, itself among them."""
        return _latest(self._of_object.get(number))

    def of_entry(self, number: int, key: Hashable) -> Iterator[int]:
        """The last ones that depend on an entry of an object."""
        return _latest(self._of_source.get((number, key)))


@dataclass
class TestedNames:
    """What the tested values of an evaluation are called.

    Attributes:
        count: how many of the tested values have been looked at.
        names: the attributes and keys that they are.
        of_params: by the keys of ``params``, the numbers of those that are items of it.
    """

    count: int = 0
    names: set[str] = field(default_factory=set)
    of_params: dict[str, dict[int, None]] = field(default_factory=dict)


def _latest(tests: dict[int, None] | None) -> Iterator[int]:
    return islice(reversed(tests or {}), bounds.MAX_TESTS_IN_DOUBT)
