"""The operands in which paths differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.domain.paths.operands import Operand
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Value


def differing_operands(states: Sequence[State]) -> tuple[Operand | None, dict[int, list[Value]]]:
    """The top operand of those that all paths share, and the others by height.

    All stacks have the same height.
    """
    tops = [state.operands for state in states]
    found: dict[int, list[Value]] = {}
    while any(top is not tops[0] for top in tops):
        height = tops[0].height  # type: ignore[union-attr]
        found[height] = [top.value for top in tops]  # type: ignore[union-attr]
        tops = [top.below for top in tops]  # type: ignore[union-attr]
    return tops[0], found
