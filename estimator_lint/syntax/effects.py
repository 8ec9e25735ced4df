"""What running a block may change, and whether it may raise, according to its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import libcst as cst

from estimator_lint.syntax.local_bindings import BINDING, OWN_SCOPE, bindings_at
from estimator_lint.syntax.nodes import children

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
#: They name variables without reading them.
_DECLARATIONS: Final[frozenset[type]] = frozenset({cst.Global, cst.Nonlocal})
#: Nodes that contain statements: each is examined once, however deeply it is nested.
_BLOCKS: Final[frozenset[type]] = frozenset({cst.IndentedBlock, cst.SimpleStatementSuite})

#: A node in a block, and whether it belongs to the scope of the block.
_Part: TypeAlias = "tuple[cst.CSTNode, bool]"


@dataclass(frozen=True)
class Effects:
    """What running a block may change.

    Attributes:
        bound: names of the enclosing scope that it binds, in order.
        mutated: the ``x`` of ``x[...] = ...``, ``x.y = ...``, ``x.method(...)`` and ``f(x)``.
        may_raise: it can raise an exception other than by a ``raise``.
        read: the names that occur in it other than as a plain target.
    """

    bound: tuple[str, ...]
    mutated: tuple[str, ...]
    may_raise: bool
    read: frozenset[str]


class EffectsOfBlocks:
    """The effects of blocks, each combined from those of its inner blocks."""

    def __init__(self) -> None:
        self._known: dict[cst.CSTNode, Effects] = {}

    def of(self, block: cst.CSTNode) -> Effects:
        """The effects of ``block``."""
        known = self._known.get(block)
        if known is None:
            # Inner blocks come first.
            parts = {block: _parts(block)}
            pending = [block]
            while pending:
                for part, _ in parts[pending.pop()]:
                    if type(part) in _BLOCKS and part not in self._known and part not in parts:
                        parts[part] = _parts(part)
                        pending.append(part)
            for one in reversed(parts):
                self._known[one] = self._put_together(parts[one])
            known = self._known[block]
        return known

    def _put_together(self, parts: list[_Part]) -> Effects:
        bound: dict[str, None] = {}
        mutated: dict[str, None] = {}
        read: set[str] = set()
        may_raise = False
        for part, is_own in parts:
            kind = type(part)
            inner = self._known.get(part) if kind in _BLOCKS else None
            if inner is not None:
                if is_own:
                    bound.update(dict.fromkeys(inner.bound))
                mutated.update(dict.fromkeys(inner.mutated))
                read |= inner.read
                may_raise |= inner.may_raise
                continue
            if is_own and kind in BINDING:
                bound.update((name, None) for name, _ in bindings_at(part))
            if kind is cst.Name:
                read.add(part.value)  # type: ignore[attr-defined]
            elif kind in _RISKY:
                may_raise = True
            if kind is cst.Call or kind in _CHANGING:
                mutated.update(dict.fromkeys(_mutated_by(part)))
        return Effects(tuple(bound), tuple(mutated), may_raise, frozenset(read - _KEYWORDS))


def _parts(block: cst.CSTNode) -> list[_Part]:
    """The nodes of a block in order, without plain targets and the contents of inner blocks."""
    parts: list[_Part] = []
    pending: list[_Part] = [(block, type(block) is not cst.Lambda)]
    while pending:
        node, is_own = pending.pop()
        parts.append((node, is_own))
        kind = type(node)
        if node is not block:
            if kind in _BLOCKS:
                continue
            is_own = is_own and kind not in OWN_SCOPE
        if kind is cst.AssignTarget and type(node.target) is cst.Name:  # type: ignore[attr-defined]
            continue
        if kind in _DECLARATIONS:
            continue
        pending.extend((child, is_own) for child in reversed(children(node)))
    return parts


def _mutated_by(node: cst.CSTNode) -> Iterator[str]:
    """The names of objects that a call, or an assignment to a part of one, may change."""
    candidates: list[cst.CSTNode]
    if isinstance(node, cst.Call):
        candidates = [*(argument.value for argument in node.args), node.func]
    else:
        candidates = [node.target]  # type: ignore[attr-defined]
    for base in candidates:
        while isinstance(base, cst.Attribute | cst.Subscript):
            base = base.value
        if isinstance(base, cst.Name):
            yield base.value
