"""Where values come from: what rules ask of a value beyond what it is.

A symbolic value is the same wherever the same thing is done to the same values, so one
record for each tells of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.values.values import (
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place


@dataclass(frozen=True)
class CallOf:
    """A call that was not followed.

    Attributes:
        path: the dotted path of what is called: ``tensorflow.no_op``; of a method
            ``tensorflow.train.AdamOptimizer().minimize``, with ``()`` behind
            the function or class that made the object; None where it is not known.
        receiver: of a method the object.
        arguments: the positional ones, containers as pictures.
        keywords: the others.
        complete: there are no arguments besides these.
        control: the values of the ``tf.control_dependencies`` around it.
        defaults: of a layer of slim what the ``arg_scope`` around it gives, as in ``arg_scopes``.
        place: where it was first seen.
        name: of an attribute that is called its name.
        scopes: the variable and name scopes around it, as in ``graph_scopes``.
        reuse_place: where the value of its argument ``reuse`` is written.
    """

    path: str | None
    receiver: Value | None
    arguments: tuple[Value, ...]
    keywords: Mapping[str, Value]
    complete: bool
    control: tuple[Value, ...]
    place: Place
    defaults: Value | None = None
    name: str | None = None
    scopes: Value | None = None
    reuse_place: Place | None = None

    def argument(self, position: int, name: str) -> Value | None:
        """The argument of that position or name; None where it is not given, as far as known."""
        if name in self.keywords:
            return self.keywords[name]
        return self.arguments[position] if position < len(self.arguments) else None


@dataclass(frozen=True)
class ItemOf:
    """``base[key]``, also by unpacking; ``count`` is the number of names unpacked to."""

    base: Value
    key: Value
    count: int | None = None


@dataclass(frozen=True)
class AttributeOf:
    """``base.name``."""

    base: Value
    name: str


@dataclass(frozen=True)
class OperationOn:
    """What an operator makes of its operands; ``name`` is libcst's: ``Add``, ``Minus``."""

    name: str
    operands: tuple[Value, ...]


Origin: TypeAlias = "CallOf | ItemOf | AttributeOf | OperationOn"
#: By the numbers of symbolic values.
Origins: TypeAlias = "Mapping[int, Origin]"
