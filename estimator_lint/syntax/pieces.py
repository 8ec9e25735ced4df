"""Pieces of a file: the top-level statements that libcst parses when evaluation asks for them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.process_settings import MAX_DEPTH, MAX_LINKS, room_for_recursion
from estimator_lint.syntax.index_nodes import (
    index_children,
    index_nodes,
    nodes_and_depth,
    statements_below,
)
from estimator_lint.syntax.libcst_limits import too_deep_for_libcst
from estimator_lint.syntax.refused_functions import without_refused

if TYPE_CHECKING:
    import libcst as cst
    from libcst.metadata import CodePosition, CodeRange


#: Nodes that ``Piece.counterpart`` accepts; libcst has one class for both kinds of functions.
_INDEXED: Final = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
_INDEXED_AS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.FunctionDef: ast.FunctionDef,
    ast.AsyncFunctionDef: ast.FunctionDef,
    ast.Lambda: ast.Lambda,
    ast.ClassDef: ast.ClassDef,
}


#: libcst's classes, by the kind of node in the index.
_Definitions: TypeAlias = "dict[type[ast.AST], list[cst.CSTNode]]"


class NotAnalysable(Exception):
    """A part of a file that the linter can't analyse; the text says why."""


def depth_exceeds(root: ast.AST, limit: int) -> bool:
    """Whether ``root`` is nested more than ``limit`` levels deep, or has too long a chain.

    The links of a chain are on one level: the branches of an ``elif``, the operands of
    ``a + b + c``, the conditions of ``a if x else b if y else c``.
    """
    level = [root]
    for _ in range(limit):
        below: list[ast.AST] = []
        for node in level:
            links = _links(node)
            if len(links) > MAX_LINKS:
                return True
            here = set(links)
            for link in links:
                below += [child for child in index_children(link) if child not in here]
        level = below
        if not level:
            return False
    return True


def _links(node: ast.AST) -> list[ast.AST]:
    """The chain that begins with ``node``; it may be the only link."""
    links = [node]
    while True:
        match node:
            case ast.If(orelse=[ast.If() as further]):
                node = further
            case ast.IfExp(orelse=ast.IfExp() as further):
                node = further
            case ast.BinOp(left=ast.BinOp() as further):
                node = further
            case ast.BoolOp(values=values):
                # One node here; in libcst, one for each operand.
                return links * (len(values) - 1) if len(values) > MAX_LINKS else links
            case _:
                return links
        links.append(node)


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file: ``line`` is 1-based, ``column`` 0-based in code points."""

    line: int
    column: int


class Piece:
    """One top-level statement (or several that share a line), parsed by libcst.

    Attributes:
        text: its text when it was parsed.
        module: the piece as a libcst module.
        first_line: the 1-based line of the file on which it begins.
        sources: the texts of some nodes, as shown in findings.
    """

    def __init__(self, text: str, first_line: int, statements: list[ast.stmt]) -> None:
        self.text = text
        self.first_line = first_line
        self._statements = statements
        self.sources: dict[cst.CSTNode, str] = {}
        self._lines: dict[int, int] | None = None
        self._left_out: frozenset[ast.AST] = frozenset()
        self._failure: NotAnalysable | None = None
        try:
            self.module, self._shifts = _parsed(text, first_line, statements)
        except NotAnalysable as failure:
            rest = without_refused(text, first_line, statements, _is_refused)
            if rest is None:
                raise
            self.module, self._shifts = _parsed(rest.text, first_line, rest.statements)
            self._left_out = rest.left_out
            self._failure = failure

    @property
    def is_whole(self) -> bool:
        """Whether all its functions are in it."""
        return self._failure is None

    def move(
        self,
        first_line: int,
        statements: list[ast.stmt],
        lines: Mapping[int, int] | None = None,
    ) -> None:
        """Move it to another first line, the one in the new index.

        If comments or empty lines were added or removed, ``lines`` maps the lines with tokens to
        their new lines in the piece; both are 1-based.
        """
        self.first_line = first_line
        self._statements = statements
        if lines is not None and self._lines is None:
            self._lines = dict(lines)
        elif lines is not None and self._lines is not None:
            self._lines = {line: lines[moved] for line, moved in self._lines.items()}
        for of_the_index in ("_counterparts", "_nodes_by_position"):
            self.__dict__.pop(of_the_index, None)

    @cached_property
    def _ranges(self) -> Mapping[cst.CSTNode, CodeRange]:
        from estimator_lint.syntax.ranges import ranges_of

        with room_for_recursion():
            return ranges_of(self.module)

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether ``node`` belongs to this piece."""
        return node in self._ranges

    def position(self, node: cst.CSTNode) -> Position:
        """Where ``node`` of this piece starts in the file."""
        return self._in_file(self._ranges[node].start)

    def end(self, node: cst.CSTNode) -> Position:
        """The place in the file after the last character of ``node`` of this piece."""
        return self._in_file(self._ranges[node].end)

    def end_of_word(self, node: cst.CSTNode, word: str) -> Position:
        """The place after the first word of ``node`` of this piece."""
        start = self.position(node)
        return Position(start.line, start.column + len(word))

    def _in_file(self, place: CodePosition) -> Position:
        line = moved = place.line
        if self._lines is not None:
            moved = self._lines.get(line, 0)  # 0: a line without tokens, which nothing asks for
        return Position(moved + self.first_line - 1, place.column + self._shifts.get(line, 0))

    def lines_of(self, nodes: Collection[cst.CSTNode]) -> set[int]:
        """The first lines of those ``nodes`` that belong to this piece."""
        few, many = sorted((self._ranges, nodes), key=len)
        return {self.position(node).line for node in few if node in many}

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around ``node`` of this piece, the innermost first."""
        parent = self._parents.get(node)
        while parent is not None:
            yield parent
            parent = self._parents.get(parent)

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        from estimator_lint.syntax.nodes import children, descendants

        return {child: node for node in descendants(self.module) for child in children(node)}

    @cached_property
    def raising(self) -> frozenset[cst.CSTNode]:
        """Expressions evaluated only before an exception: of ``raise``, and assert messages."""
        from libcst import Assert, Raise

        from estimator_lint.syntax.nodes import descendants

        roots: list[cst.CSTNode | None] = []
        for node in descendants(self.module):
            if type(node) is Raise:
                roots.append(node)
            elif type(node) is Assert:
                roots.append(node.msg)
        return frozenset(node for root in roots if root is not None for node in descendants(root))

    @cached_property
    def _nodes_by_position(self) -> dict[Position, cst.CSTNode]:
        from estimator_lint.syntax.nodes import descendants

        first: dict[Position, cst.CSTNode] = {}
        for node in descendants(self.module):
            if node in self._ranges:
                first.setdefault(self.position(node), node)
        return first

    def node_at(self, position: Position) -> cst.CSTNode | None:
        """The outermost node that starts at a position of the file."""
        return self._nodes_by_position.get(position)

    def counterpart(self, node: ast.AST) -> cst.CSTNode:
        """The libcst node of a function, lambda or class of the ``ast``.

        Raises:
            NotAnalysable: the function that contains it was removed.
        """
        if self._failure is not None and node in self._left_out:
            raise self._failure
        return self._counterparts[node]

    @cached_property
    def _counterparts(self) -> dict[ast.AST, cst.CSTNode]:
        """For each function, lambda and class of the ``ast``, its libcst node.

        Both trees list the nodes of one kind in source order.
        """
        indexed: dict[type[ast.AST], list[ast.AST]] = {kind: [] for kind in _INDEXED}
        # Lambdas are in expressions, which are most of the tree.
        walk = index_nodes if "lambda" in self.text else statements_below
        for node in walk(self._statements):
            kind = _INDEXED_AS.get(type(node))
            if kind is not None and node not in self._left_out:
                indexed[kind].append(node)
        parsed = self._with_lambdas if indexed[ast.Lambda] else self._without_lambdas
        result: dict[ast.AST, cst.CSTNode] = {}
        for kind, nodes in indexed.items():
            if len(nodes) != len(parsed[kind]):
                raise NotAnalysable("libcst and ast parse it differently")
            nodes.sort(key=_start)
            result.update(zip(nodes, parsed[kind], strict=True))
        return result

    @cached_property
    def _with_lambdas(self) -> _Definitions:
        from estimator_lint.syntax.nodes import descendants

        return _by_kind(descendants(self.module))

    @cached_property
    def _without_lambdas(self) -> _Definitions:
        from estimator_lint.syntax.nodes import definitions

        return _by_kind(definitions(self.module))


def _by_kind(nodes: Iterable[cst.CSTNode]) -> _Definitions:
    """The functions, lambdas and classes among nodes, in their order."""
    from libcst import ClassDef, FunctionDef, Lambda

    found: _Definitions = {kind: [] for kind in _INDEXED}
    kinds: dict[type[cst.CSTNode], list[cst.CSTNode]] = {
        FunctionDef: found[ast.FunctionDef],
        Lambda: found[ast.Lambda],
        ClassDef: found[ast.ClassDef],
    }
    for node in nodes:
        of_kind = kinds.get(type(node))
        if of_kind is not None:
            of_kind.append(node)
    return found


def _parsed(
    text: str, first_line: int, statements: list[ast.stmt]
) -> tuple[cst.Module, dict[int, int]]:
    """A piece parsed by libcst, and by how many columns its lines were shifted left.

    Raises:
        NotAnalysable: libcst can't parse it, or it is nested too deeply.
    """
    from estimator_lint.syntax.long_blocks import parse_module
    from estimator_lint.syntax.plain_layout import plain_layout

    nodes, depth = nodes_and_depth(statements)
    if (
        # What is no deeper has no chain of more than MAX_LINKS, except of `and` and `or`.
        depth > MAX_DEPTH and any(depth_exceeds(statement, MAX_DEPTH) for statement in statements)
    ) or too_deep_for_libcst(text, statements, nodes, depth, MAX_DEPTH):
        raise NotAnalysable("nested too deeply")
    try:
        return parse_module(text, first_line, statements), {}
    except Exception as error:  # libcst raises KeyError, TypeError and others, too
        failure = NotAnalysable(f"libcst can't parse it ({type(error).__name__})")
    try:
        layout = plain_layout(text, first_line, statements)
        return parse_module(layout.text, first_line, statements), layout.shifts
    except Exception:
        raise failure from None


def _is_refused(text: str, first_line: int, statements: list[ast.stmt]) -> bool:
    try:
        _parsed(text, first_line, statements)
    except NotAnalysable:
        return True
    return False


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
