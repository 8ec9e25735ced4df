"""Whether the value of an assignment is certainly never read: live variables of one name.

Unlike ``liveness.py``, which finds the last read of a name anywhere, this follows the statements
and stops where the name is rebound. Code that is not followed, such as ``try`` and nested
functions, counts as a read if the name occurs in it.
"""

from __future__ import annotations

import enum
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import libcst as cst

from estimator_lint.syntax.liveness import NESTED, READING_ALL, reading_children
from estimator_lint.syntax.nodes import descendants

_LEAVING_LOOPS = frozenset({cst.Break, cst.Continue})
_ENDING = (cst.Return, cst.Raise)
_BLOCKS = (cst.IndentedBlock, cst.SimpleStatementLine, cst.SimpleStatementSuite)
#: Nodes that a path runs from the beginning to the end, or not at all.
_FOLLOWED = (cst.If, cst.Else, cst.With, *_BLOCKS)


class _Then(enum.Enum):
    """What happens to a value in a statement: it is read, can't be read any more, or neither."""

    READ = enum.auto()
    GONE = enum.auto()
    KEPT = enum.auto()


class UnreadValues:
    """Where a function's body reads and binds its variables.

    Args:
        body: the body of the function.
    """

    def __init__(self, body: cst.CSTNode) -> None:
        self._body = body
        #: By the ``id`` of a node: its parent, and the positions in it.
        self._parents: dict[int, cst.CSTNode] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        #: By name, ordered positions: where it is read, and where it is read or bound.
        self._reads: dict[str, list[int]] = {}
        self._occurrences: dict[str, list[int]] = {}
        self._jumps: list[int] = []
        #: The names that nested functions and classes mention; and whether any name may be read
        #: anywhere.
        self._captured: set[str] = set()
        self._all_escape = False
        #: The starts of the reachable statements of a block, by its ``id``.
        self._starts: dict[int, list[int]] = {}
        self._walk()

    def is_never_read(self, binding: cst.Assign | cst.AnnAssign) -> bool:
        """Whether nothing reads the values that ``binding``, a statement of the body, binds."""
        targets = (
            [one.target for one in binding.targets]
            if isinstance(binding, cst.Assign)
            else [binding.target]
        )
        names = [target.value for target in targets if isinstance(target, cst.Name)]
        if len(names) < len(targets) or self._all_escape or not self._captured.isdisjoint(names):
            return False
        return id(binding) in self._spans and all(
            self._after(binding, name) is not _Then.READ for name in names
        )

    def _walk(self) -> None:
        position = 0
        pending: list[tuple[cst.CSTNode, bool]] = [(self._body, True)]
        while pending:
            node, entering = pending.pop()
            if not entering:
                self._spans[id(node)] = (self._spans[id(node)][0], position)
                continue
            position += 1
            self._spans[id(node)] = (position, position)
            pending.append((node, False))
            self._note(node, position)
            for child in reversed(reading_children(node)):
                self._parents[id(child)] = node
                pending.append((child, True))
            for name in _bound_by(node):
                self._occurrences.setdefault(name, []).append(position)

    def _note(self, node: cst.CSTNode, position: int) -> None:
        kind = type(node)
        if isinstance(node, cst.Name):
            self._reads.setdefault(node.value, []).append(position)
            self._occurrences.setdefault(node.value, []).append(position)
            self._all_escape |= node.value in READING_ALL
        elif kind is cst.Global or kind is cst.Nonlocal:
            self._all_escape = True
        elif kind in _LEAVING_LOOPS:
            self._jumps.append(position)
        elif kind in NESTED:
            self._captured |= {one.value for one in descendants(node) if isinstance(one, cst.Name)}

    def _after(self, binding: cst.CSTNode, name: str) -> _Then:
        """What happens to the value after ``binding``, up to the end of the body."""
        around = list(self._around(binding))
        if any(self._may_go_elsewhere(outer, inner, name) for outer, inner in around):
            return _Then.READ
        for outer, inner in around:
            if isinstance(outer, _BLOCKS):
                then = self._in_block(outer, name, self._spans[id(inner)][1] + 1)
                if then is not _Then.KEPT:
                    return then
            elif isinstance(outer, cst.For | cst.While) and self._count(self._reads, name, outer):
                return _Then.READ  # in the next iteration
        return _Then.KEPT

    def _around(self, node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
        """The nodes around ``node``, the innermost first, each with its child on the way."""
        while node is not self._body:
            outer = self._parents[id(node)]
            yield outer, node
            node = outer

    def _may_go_elsewhere(self, outer: cst.CSTNode, inner: cst.CSTNode, name: str) -> bool:
        """Whether a path may leave ``inner`` before its end, and then read the name."""
        if isinstance(outer, cst.For | cst.While):
            return self._count_in(self._jumps, outer) > 0
        return not isinstance(outer, _FOLLOWED) and (
            self._count(self._reads, name, outer) > self._count(self._reads, name, inner)
        )

    def _count(self, positions: dict[str, list[int]], name: str, node: cst.CSTNode) -> int:
        return self._count_in(positions.get(name, ()), node)

    def _count_in(self, positions: Sequence[int], node: cst.CSTNode) -> int:
        """How many of the ordered positions are in ``node``."""
        first, last = self._spans[id(node)]
        return bisect_right(positions, last) - bisect_left(positions, first)

    def _in_block(self, block: cst.CSTNode, name: str, position: int) -> _Then:
        """What happens to the value in the statements of a block from a position on."""
        assert isinstance(block, _BLOCKS)
        starts, occurrences = self._starts_in(block), self._occurrences.get(name, ())
        end = self._spans[id(block.body[len(starts) - 1])][1] if starts else 0
        ends = len(starts) < len(block.body) or (starts and self._ends(block.body[-1]))
        while True:
            index = bisect_left(occurrences, position)
            if index == len(occurrences) or occurrences[index] > end:
                return _Then.GONE if ends and position <= end else _Then.KEPT
            statement = block.body[bisect_right(starts, occurrences[index]) - 1]
            then = self._in_statement(statement, name)
            if then is not _Then.KEPT:
                return then
            position = self._spans[id(statement)][1] + 1

    def _starts_in(self, block: cst.CSTNode) -> list[int]:
        """Where the statements of a block begin, up to the first that ends all paths."""
        assert isinstance(block, _BLOCKS)
        if id(block) not in self._starts:
            starts = self._starts[id(block)] = []
            for statement in block.body:
                starts.append(self._spans[id(statement)][0])
                if self._ends(statement):
                    break
        return self._starts[id(block)]

    def _ends(self, node: cst.CSTNode | None) -> bool:
        """Whether all paths end in a statement."""
        match node:
            case cst.If(body=body, orelse=orelse):
                return self._ends(body) and self._ends(orelse)
            case cst.Else(body=body) | cst.With(body=body):
                return self._ends(body)
            case cst.IndentedBlock() | cst.SimpleStatementLine() | cst.SimpleStatementSuite():
                reached = self._starts_in(node)
                return bool(reached) and self._ends(node.body[len(reached) - 1])
        return isinstance(node, _ENDING)

    def _in_statement(self, node: cst.CSTNode, name: str) -> _Then:
        match node:
            case cst.IndentedBlock() | cst.SimpleStatementLine() | cst.SimpleStatementSuite():
                return self._in_block(node, name, self._spans[id(node)][0])
            case cst.If(test=test, body=body, orelse=orelse):
                if self._count(self._reads, name, test):
                    return _Then.READ
                return self._in_either(body, orelse, name)
            case cst.Else(body=body):
                return self._in_statement(body, name)
            case cst.With(items=items, body=body):
                if any(self._count(self._reads, name, item) for item in items):
                    return _Then.READ
                return self._in_statement(body, name)
        if self._count(self._reads, name, node):
            return _Then.READ
        if isinstance(node, _ENDING) or name in _certainly_bound_by(node):
            return _Then.GONE
        return _Then.KEPT

    def _in_either(self, body: cst.CSTNode, orelse: cst.CSTNode | None, name: str) -> _Then:
        one = self._in_statement(body, name)
        other = _Then.KEPT if orelse is None else self._in_statement(orelse, name)
        if _Then.READ in (one, other):
            return _Then.READ
        return one if one is other else _Then.KEPT


def _certainly_bound_by(node: cst.CSTNode) -> list[str]:
    """The names that a simple statement certainly binds."""
    if not isinstance(node, cst.Assign):
        return []
    return [name for target in node.targets for name in _bound_in(target.target)]


def _bound_by(node: cst.CSTNode) -> list[str]:
    """The names that the targets of ``node`` itself bind."""
    return _bound_in(node.target) if isinstance(node, cst.AssignTarget | cst.For) else []


def _bound_in(target: cst.CSTNode) -> list[str]:
    if isinstance(target, cst.Tuple | cst.List):
        return [name for element in target.elements for name in _bound_in(element.value)]
    return [target.value] if isinstance(target, cst.Name) else []
