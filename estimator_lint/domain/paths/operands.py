"""The stack of the values that evaluation holds on a path outside of any variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimator_lint.domain.values.values import Value


class Operand:
    """A value that evaluation holds outside of any variable: the top of the operand stack.

    Attributes:
        value: the value.
        below: the operand below it.
        height: how many there are.
    """

    __slots__ = ("below", "height", "value")

    def __init__(self, value: Value, below: Operand | None) -> None:
        self.value = value
        self.below = below
        self.height: int = 1 if below is None else below.height + 1
