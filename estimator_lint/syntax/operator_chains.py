"""Chains of operators, as in ``a + b - c`` or ``a and b and c``: they lean to the left."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

import libcst as cst

_Operation = TypeVar("_Operation", cst.BinaryOperation, cst.BooleanOperation)


def chain_of(node: _Operation) -> list[_Operation]:
    """The operations of a chain, the one that is evaluated first in front.

    The left operand of each other is the one before it.  A chain may be longer than
    recursion goes deep.
    """
    chain = [node]
    while isinstance(chain[-1].left, type(node)):
        chain.append(chain[-1].left)
    chain.reverse()
    return chain


def runs_of(node: cst.BooleanOperation) -> list[tuple[bool, Sequence[cst.BooleanOperation]]]:
    """The operations of a chain, those of one operator in a row together.

    Each run has the outcome on which it ends: True for ``or``, False for ``and``.
    """
    by_operator = groupby(chain_of(node), key=lambda one: isinstance(one.operator, cst.Or))
    return [(ends_on, list(run)) for ends_on, run in by_operator]
