"""What is known of classes and of their instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.values.values import FunctionValue, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.project.code import ClassCode, FunctionCode


@dataclass
class Instance:
    """The knowledge about an object whose class is in the file.

    Attributes:
        classes: its possible classes.
        identity: the number that identifies tests of its class.
        is_new: the evaluated code created it, so everything stored in it is known.
        is_of_module: code at module level created it.
        initial: for an object created earlier, its attributes at creation, by its class.
    """

    classes: tuple[ClassCode, ...]
    identity: int
    is_new: bool
    is_of_module: bool = False
    initial: dict[ClassCode, Mapping[str, Value]] = field(default_factory=dict)


#: A class, or the number of an unknown one.
Ancestor: TypeAlias = "ClassCode | int"


@dataclass
class KnownClasses:
    """What has been found out about classes of the project.

    Attributes:
        orders: the method resolution order of each.
        unknown: the ancestors of each that are no classes of the project.
        changed_when_made: whether a metaclass or a base changes its attributes when it is made.
        scopes: where a class that a function defines was defined last.
        decorated: the function that each method with decorators has become, if known.
        builtins: the names of builtin classes that are bases, by their numbers as ancestors.
    """

    orders: dict[ClassCode, tuple[Ancestor, ...]] = field(default_factory=dict)
    unknown: dict[ClassCode, tuple[int, ...]] = field(default_factory=dict)
    changed_when_made: dict[ClassCode, bool] = field(default_factory=dict)
    scopes: dict[ClassCode, Scope] = field(default_factory=dict)
    decorated: dict[FunctionCode, FunctionValue | None] = field(default_factory=dict)
    builtins: dict[int, str] = field(default_factory=dict)
