"""What is known of classes and of their instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.values.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estimator_lint.project.code import ClassCode


@dataclass
class Instance:
    """What is known of an object whose class is in the file.

    Attributes:
        classes: what its class may be.
        identity: the number that tests of its class are known by.
        is_new: the evaluated code made it, and so knows all that was stored in it.
        initial: of an object made before, what its attributes were when it was
            made, by the class it is of.
    """

    classes: tuple[ClassCode, ...]
    identity: int
    is_new: bool
    initial: dict[ClassCode, Mapping[str, Value]] = field(default_factory=dict)


#: A class, or the number of one that is not known.
Ancestor: TypeAlias = "ClassCode | int"
