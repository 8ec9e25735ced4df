"""What running a block may change, and whether it may raise, told by its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from estimator_lint.syntax.local_bindings import bindings_below
from estimator_lint.syntax.nodes import descendants

_CHANGING: frozenset[type] = frozenset({cst.AssignTarget, cst.AugAssign, cst.Del})
_RISKY: frozenset[type] = frozenset(
    {
        cst.Call,
        cst.Subscript,
        cst.Attribute,
        cst.BinaryOperation,
        cst.Import,
        cst.ImportFrom,
        cst.Await,
    }
)


_KEYWORDS: frozenset[str] = frozenset({"None", "True", "False"})


@dataclass(frozen=True)
class Effects:
    """What running a block may change.

    Attributes:
        bound: names of the enclosing scope that it binds, in order.
        mutated: the ``x`` of ``x[...] = ...``, ``x.y = ...``, ``x.method(...)`` and ``f(x)``.
        may_raise: it can raise an exception other than by a ``raise``.
        read: the names that stand in it other than as a plain target.
    """

    bound: tuple[str, ...]
    mutated: tuple[str, ...]
    may_raise: bool
    read: frozenset[str]

    @classmethod
    def of(cls, block: cst.CSTNode) -> Effects:
        """The effects of ``block``."""
        return cls(
            bound=tuple(dict.fromkeys(name for name, _ in bindings_below(block))),
            mutated=tuple(dict.fromkeys(_mutated_in(block))),
            may_raise=any(type(inner) in _RISKY for inner in descendants(block)),
            read=frozenset(_read_in(block)),
        )


def _read_in(block: cst.CSTNode) -> Iterator[str]:
    targets = {
        node.target
        for node in descendants(block)
        if type(node) is cst.AssignTarget and type(node.target) is cst.Name
    }
    for node in descendants(block):
        if type(node) is cst.Name and node not in targets and node.value not in _KEYWORDS:
            yield node.value


def _mutated_in(block: cst.CSTNode) -> Iterator[str]:
    for node in descendants(block):
        candidates: list[cst.CSTNode]
        if type(node) is cst.Call:
            candidates = [*(argument.value for argument in node.args), node.func]
        elif type(node) in _CHANGING:
            candidates = [node.target]  # type: ignore[attr-defined]
        else:
            continue
        for base in candidates:
            while isinstance(base, cst.Attribute | cst.Subscript):
                base = base.value
            if isinstance(base, cst.Name):
                yield base.value
