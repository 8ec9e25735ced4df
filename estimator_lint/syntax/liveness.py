"""Which variables of a function can still be read after a statement.

Paths that differ only in values that are never read again are the same path.
"""

from __future__ import annotations

import math

import libcst as cst

from estimator_lint.syntax.nodes import children

NESTED: frozenset[type] = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})
#: Builtins that may read any variable.
READING_ALL: frozenset[str] = frozenset({"locals", "vars", "eval", "exec"})
_LOOPS: frozenset[type] = frozenset({cst.For, cst.While})

#: For each class of nodes, whether it is a class of statements.
_is_statement: dict[type, bool] = {}


def _statement_kind(kind: type) -> bool:
    known = _is_statement.get(kind)
    if known is None:
        statements = (cst.BaseStatement, cst.BaseSmallStatement)
        known = _is_statement[kind] = issubclass(kind, statements)
    return known


#: By the class of a node: its child that is bound, if that is a name or a tuple of names.
_BOUND_CHILD: dict[type, str] = {
    cst.AssignTarget: "target",
    cst.For: "target",
    cst.CompFor: "target",
    cst.NamedExpr: "target",
    cst.AsName: "name",
    cst.MatchAs: "name",
    cst.MatchStar: "name",
    cst.MatchMapping: "rest",
}


def reading_children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The children of ``node`` that may read or delete variables."""
    kind = type(node)
    if kind is cst.Attribute or kind is cst.Arg:
        return [node.value]  # type: ignore[attr-defined]  # of the name, it is no variable's
    if kind in _BOUND_CHILD:
        bound = getattr(node, _BOUND_CHILD[kind])
        if bound is not None:
            others = [child for child in children(node) if child is not bound]
            return [*_read_in_target(bound), *others]
    return children(node)


def _read_in_target(target: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of a target that an assignment evaluates."""
    if isinstance(target, cst.Name):
        return []
    if isinstance(target, cst.Tuple | cst.List):
        return [part for element in target.elements for part in _read_in_target(element.value)]
    return [target]


class Liveness:
    """The order of the statements of a function, and the last read of each name in it.

    Args:
        body: of the function.
    """

    def __init__(self, body: cst.CSTNode) -> None:
        self._starts: dict[cst.CSTNode, int] = {}
        self._ends: dict[cst.CSTNode, int] = {}
        self._last_use: dict[str, float] = {}
        self._uses_locals = False
        self._count = 0
        self._walk(body)

    def _walk(self, root: cst.CSTNode) -> None:
        # Each entry is a node to enter or to leave; a loop to leave has the names used in it.
        pending: list[tuple[cst.CSTNode, bool]] = [(root, True)]
        loops: list[set[str]] = []
        while pending:
            node, entering = pending.pop()
            if not entering:
                self._leave(node, loops)
                continue
            self._count += 1
            kind = type(node)
            if kind is cst.Name:
                assert isinstance(node, cst.Name)
                self._last_use[node.value] = max(self._count, self._last_use.get(node.value, 0))
                if loops:
                    loops[-1].add(node.value)
                self._uses_locals |= node.value in READING_ALL
            elif kind in NESTED:
                self._capture(node)
                continue
            elif _statement_kind(kind):
                self._starts[node] = self._count
                pending.append((node, False))
                if kind in _LOOPS:
                    loops.append(set())
            pending.extend((child, True) for child in reversed(reading_children(node)))

    def _leave(self, node: cst.CSTNode, loops: list[set[str]]) -> None:
        if type(node) in _LOOPS:
            self._count += 1  # after the end of its last statement
        self._ends[node] = self._count
        if type(node) in _LOOPS:
            # The next iteration of a loop may use again what this one uses.
            used = loops.pop()
            for name in used:
                self._last_use[name] = max(self._count, self._last_use[name])
            if loops:
                loops[-1] |= used

    def _capture(self, node: cst.CSTNode) -> None:
        """A nested function may read the names in it at any time."""
        self._starts[node] = self._count
        pending = [node]
        while pending:
            inner = pending.pop()
            pending += reading_children(inner)
            if type(inner) is cst.Name:
                assert isinstance(inner, cst.Name)
                self._last_use[inner.value] = math.inf
                self._uses_locals |= inner.value in READING_ALL

    def start(self, statement: cst.CSTNode) -> int:
        """Where a statement begins in the order of the function."""
        return self._starts.get(statement, 0)

    def end(self, statement: cst.CSTNode) -> int:
        """Where a statement ends in the order of the function."""
        return self._ends.get(statement, self.start(statement))

    def last_use(self, name: str) -> float:
        """Where ``name`` is used last; infinity if a nested function contains it."""
        if self._uses_locals:
            return math.inf
        return self._last_use.get(name, 0)
