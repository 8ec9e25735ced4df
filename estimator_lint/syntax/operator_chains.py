"""Chains of operators, as in ``a + b - c`` or ``a and b and c``: they nest to the left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

import libcst as cst

_Operation = TypeVar("_Operation", cst.BinaryOperation, cst.BooleanOperation)


def chain_of(node: _Operation) -> list[_Operation]:
    """The operations of a chain, in the order of evaluation.

    The left operand of each later one is its predecessor. A chain may be longer than the recursion
    limit.
    """
    chain = [node]
    while isinstance(chain[-1].left, type(node)):
        chain.append(chain[-1].left)
    chain.reverse()
    return chain


def runs_of(node: cst.BooleanOperation) -> list[tuple[bool, Sequence[cst.BooleanOperation]]]:
    """The operations of a chain, with adjacent ones of the same operator grouped.

    Each group has the outcome that ends it: True for ``or``, False for ``and``.
    """
    by_operator = groupby(chain_of(node), key=lambda one: isinstance(one.operator, cst.Or))
    return [(ends_on, list(run)) for ends_on, run in by_operator]
