"""Which statements of a function may change a holder; each function is searched only once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import libcst as cst

from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import descendants
from estimator_lint.witnesses.holders import Holder, HolderKind, bound_by, is_plain

#: Their bodies are searched for themselves.
_FUNCTIONS = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})


class ChangingStatements:
    """The statements of functions, by the holders, and the sources of the containers, they change.

    Without this, each step of an explanation would walk over the whole function.
    """

    def __init__(self) -> None:
        self._found: dict[cst.CSTNode, dict[Hashable, dict[int, cst.CSTNode]]] = {}

    def of(self, body: cst.CSTNode, holder: Holder, module: cst.Module) -> list[cst.CSTNode]:
        """Those in ``body`` that may change ``holder``, in the order of the text."""
        if body not in self._found:
            self._found[body] = _by_what_they_change(body, module)
        found = self._found[body]
        statements = found.get(holder, {})
        if holder.kind is HolderKind.ENTRY:
            statements = statements | found.get(holder.base, {})
        return [statements[at] for at in sorted(statements)]


def _by_what_they_change(
    body: cst.CSTNode, module: cst.Module
) -> dict[Hashable, dict[int, cst.CSTNode]]:
    found: dict[Hashable, dict[int, cst.CSTNode]] = {}
    for at, node in enumerate(descendants(body, _FUNCTIONS)):
        for changed in _changed_by(node, module):
            found.setdefault(changed, {})[at] = node
    return found


def _changed_by(node: cst.CSTNode, module: cst.Module) -> Iterator[Hashable]:
    """The holders that a statement binds, and the sources of containers that it may change."""
    for target, _ in bound_by(node):
        holder = Holder.read_by(target, module)
        if holder is not None:
            yield holder
        if is_plain(target):
            yield source_of(target, module)
    if isinstance(node, cst.Expr | cst.Assign) and isinstance(node.value, cst.Call):
        function = node.value.func
        if isinstance(function, cst.Attribute) and is_plain(function.value):
            yield source_of(function.value, module)
