"""Where values come from, for rules that ask more than what a value is.

The same operation on the same values always gives the same symbolic value, so one record per
symbolic value is enough.
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
        path: the dotted path of the callee: ``tensorflow.no_op``; for a method,
            ``tensorflow.train.AdamOptimizer().minimize``, with ``()`` after the function or class
            that created the object; None if unknown.
        receiver: the object of a method.
        arguments: the positional ones, containers as ``Picture``.
        keywords: the keyword arguments.
        complete: there are no other arguments.
        control: the values of the ``tf.control_dependencies`` around it.
        defaults: for a layer of slim, the defaults from the ``arg_scope`` around it, as in
            ``arg_scopes``.
        place: where it was first seen.
        name: the attribute name, if an attribute is called.
        scopes: the variable and name scopes around it, as in ``graph_scopes``.
        reuse_place: where the value of its argument ``reuse`` is written.
        repeated: another call in the source is equal to it, and creates the same value.
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
    repeated: bool = False

    def argument(self, position: int, name: str) -> Value | None:
        """The argument of that position or name; None if it is not known to be given."""
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
    """The result of an operator; ``name`` is libcst's: ``Add``, ``Minus``."""

    name: str
    operands: tuple[Value, ...]


Origin: TypeAlias = "CallOf | ItemOf | AttributeOf | OperationOn"
#: By the numbers of symbolic values.
Origins: TypeAlias = "Mapping[int, Origin]"
