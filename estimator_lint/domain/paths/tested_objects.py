"""Which tests ask about which objects."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

#: What an answer depends on: an object, by its number, and the key of the item or attribute of it
#: that is asked for; None for anything else about it.
Source: TypeAlias = "tuple[int, Hashable]"


@dataclass
class TestedObjects:
    """The objects that the tested values of an evaluation depend on.

    Attributes:
        tests: for the number of an object, the numbers of the tested values that depend on it, each
            with the key of the only entry of it that they depend on, or None.
        count: how many of the tested values have been looked at.
    """

    tests: dict[int, dict[Source, None]] = field(default_factory=dict)
    count: int = 0
