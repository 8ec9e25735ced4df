"""The linted file: its text, its index (``ast``) and its pieces (libcst).

The index is the ``ast`` tree that flake8 has made anyway.  libcst, several times
as slow, sees only the top-level statements that evaluation asks for, and is
imported when the first one is.
"""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

#: Python's line ends; ``str.splitlines`` knows more of them than Python does.
_LINE_END = re.compile(r"\r\n|\r|\n")

_CHANGING_METHODS = frozenset(
    "add append clear discard extend insert pop popitem remove reverse setdefault sort"
    " update".split()
)

#: Levels of ``ast`` nesting past which a statement is not analysed.  A level
#: costs a few interpreter frames, and before 3.11 a frame costs native stack, of
#: which Windows gives least.
MAX_DEPTH = 450 if sys.version_info >= (3, 11) or sys.platform != "win32" else 250

_FRAMES_PER_LEVEL = 16


class NotAnalysable(Exception):
    """A part of a file that the linter can't analyse; the text says why."""


@contextlib.contextmanager
def room_for_recursion(levels: int = MAX_DEPTH) -> Iterator[None]:
    """Within, recursion may go ``levels`` levels of syntax deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 1000 + levels * _FRAMES_PER_LEVEL))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def depth_exceeds(root: ast.AST, limit: int) -> bool:
    """Whether ``root`` is nested more than ``limit`` levels deep."""
    level = [root]
    for _ in range(limit):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


@dataclass(frozen=True)
class Position:
    """Where something starts: ``line`` is 1-based, ``column`` 0-based in code points."""

    line: int
    column: int


class Piece:
    """One top-level statement (or several that share a line), parsed by libcst.

    Attributes:
        module: the piece as a libcst module.
        first_line: the 1-based line of the file on which it begins.
    """

    def __init__(self, text: str, first_line: int, statements: list[ast.stmt]) -> None:
        import libcst as cst

        if any(depth_exceeds(statement, MAX_DEPTH) for statement in statements):
            raise NotAnalysable("it is nested too deeply")
        self.first_line = first_line
        try:
            self.module: cst.Module = cst.parse_module(text)
        except Exception as error:  # libcst raises KeyError, TypeError and others, too
            raise NotAnalysable(f"libcst can't parse it ({type(error).__name__})") from error
        self._statements = statements

    @cached_property
    def _positions(self) -> dict[cst.CSTNode, Position]:
        from libcst.metadata import MetadataWrapper, PositionProvider

        with room_for_recursion():
            ranges = MetadataWrapper(self.module, unsafe_skip_copy=True).resolve(PositionProvider)
        offset = self.first_line - 1
        return {
            node: Position(span.start.line + offset, span.start.column)
            for node, span in ranges.items()
        }

    def position(self, node: cst.CSTNode) -> Position:
        """Where ``node`` of this piece starts in the file."""
        return self._positions[node]

    def lines_of(self, nodes: Collection[cst.CSTNode]) -> set[int]:
        """The lines on which those of ``nodes`` start that are of this piece."""
        return {position.line for node, position in self._positions.items() if node in nodes}

    @cached_property
    def _nodes_by_position(self) -> dict[Position, cst.CSTNode]:
        from estimator_lint.syntax import descendants

        first: dict[Position, cst.CSTNode] = {}
        for node in descendants(self.module):
            if node in self._positions:
                first.setdefault(self._positions[node], node)
        return first

    def node_at(self, position: Position) -> cst.CSTNode | None:
        """The outermost node that starts at a position of the file."""
        return self._nodes_by_position.get(position)

    @cached_property
    def counterparts(self) -> dict[ast.AST, cst.CSTNode]:
        """For each function, lambda and class of the ``ast``, its libcst node.

        Both trees list the nodes of one kind in the order of the source.
        """
        from libcst import ClassDef, FunctionDef, Lambda

        from estimator_lint.syntax import descendants

        of_kind: dict[str, list[cst.CSTNode]] = {"def": [], "lambda": [], "class": []}
        for node in descendants(self.module):
            if isinstance(node, FunctionDef):
                of_kind["def"].append(node)
            elif isinstance(node, Lambda):
                of_kind["lambda"].append(node)
            elif isinstance(node, ClassDef):
                of_kind["class"].append(node)
        indexed: dict[str, list[ast.AST]] = {"def": [], "lambda": [], "class": []}
        for statement in self._statements:
            for child in ast.walk(statement):
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                    indexed["def"].append(child)
                elif isinstance(child, ast.Lambda):
                    indexed["lambda"].append(child)
                elif isinstance(child, ast.ClassDef):
                    indexed["class"].append(child)
        result: dict[ast.AST, cst.CSTNode] = {}
        for kind, nodes in indexed.items():
            if len(nodes) != len(of_kind[kind]):
                raise NotAnalysable("libcst and ast read it differently")
            nodes.sort(key=_start)
            result.update(zip(nodes, of_kind[kind], strict=True))
        return result


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Binding:
    """One place where the module binds a name.

    Attributes:
        kind: ``import``, ``def``, ``class``, ``assign`` (``name = value`` at the
            top level) or ``other``.
        node: the statement.
        path: of an import, what it names, as a dotted path; a relative one
            keeps its leading dots.
    """

    kind: str
    node: ast.AST
    path: str = ""


class SourceFile:
    """The text of one file with its ``ast`` index.

    Args:
        text: the whole text.
        tree: its ``ast``, if the caller has it.
        filename: its path, which tells where its project is; the file is never opened.

    Raises:
        SyntaxError, ValueError: no ``tree`` was given and ``ast`` can't parse the text.
    """

    def __init__(self, text: str, tree: ast.Module | None = None, filename: str = "<text>") -> None:
        self.text = text.removeprefix("\ufeff")
        self.filename = filename
        self.tree = ast.parse(self.text) if tree is None else tree

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return _LINE_END.split(self.text)

    def column(self, line: int, offset: int) -> int:
        """The 0-based column in code points of an offset in UTF-8 bytes, as ``ast`` has it."""
        return len(self.lines[line - 1].encode()[:offset].decode(errors="replace"))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the index."""
        return list(ast.walk(self.tree))

    @cached_property
    def _chunks(self) -> list[tuple[int, int, list[ast.stmt]]]:
        """Top-level statements grouped by the lines they share: first, last, statements."""
        chunks: list[tuple[int, int, list[ast.stmt]]] = []
        for statement in self.tree.body:
            first = min(
                [statement.lineno]
                + [decorator.lineno for decorator in getattr(statement, "decorator_list", ())]
            )
            last = statement.end_lineno or statement.lineno
            if chunks and chunks[-1][1] >= first:
                start, end, statements = chunks[-1]
                chunks[-1] = (start, max(end, last), [*statements, statement])
            else:
                chunks.append((first, last, [statement]))
        return chunks

    @cached_property
    def _pieces(self) -> dict[int, Piece | NotAnalysable]:
        return {}

    @property
    def pieces(self) -> list[Piece]:
        """The pieces that were asked for until now."""
        return [piece for piece in self._pieces.values() if isinstance(piece, Piece)]

    def piece_at(self, line: int) -> Piece:
        """The piece that holds a 1-based line.

        Raises:
            NotAnalysable: libcst can't parse it, or it is nested too deeply.
        """
        low, high = 0, len(self._chunks) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._chunks[middle][0] <= line:
                low = middle
            else:
                high = middle - 1
        if low not in self._pieces:
            first, last, statements = self._chunks[low]
            text = "\n".join(self.lines[first - 1 : last]) + "\n"
            try:
                self._pieces[low] = Piece(text, first, statements)
            except NotAnalysable as failure:
                self._pieces[low] = failure
        piece = self._pieces[low]
        if isinstance(piece, NotAnalysable):
            raise piece
        return piece

    def counterpart(self, node: ast.AST) -> tuple[Piece, cst.CSTNode]:
        """The libcst node of a function, lambda or class of the index.

        Raises:
            NotAnalysable: as ``piece_at``.
        """
        piece = self.piece_at(node.lineno)  # type: ignore[attr-defined]
        return piece, piece.counterparts[node]

    def standing_at(self, node: ast.AST) -> tuple[Piece, cst.CSTNode]:
        """The outermost libcst node that starts where a node of the index does.

        Raises:
            NotAnalysable: as ``piece_at``, or there is none.
        """
        line: int = node.lineno  # type: ignore[attr-defined]
        before = self.lines[line - 1].encode()[: node.col_offset]  # type: ignore[attr-defined]
        piece = self.piece_at(line)
        found = piece.node_at(Position(line, len(before.decode(errors="replace"))))
        if found is None:
            raise NotAnalysable("libcst and ast read it differently")
        return piece, found

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """Every name that the module binds, with all places that do."""
        found = {name: list(bindings) for name, bindings in self.own_bindings.items()}
        for node in self.nodes:
            if isinstance(node, ast.Global):
                for name in node.names:
                    found.setdefault(name, []).append(Binding("other", node))
        return found

    @cached_property
    def own_bindings(self) -> dict[str, list[Binding]]:
        """The names that statements outside of functions and classes bind."""
        found: dict[str, list[Binding]] = {}
        for statement in _module_statements(self.tree.body):
            for name, binding in _bindings_of(statement, top_level=statement in self._top_level):
                found.setdefault(name, []).append(binding)
        return found

    @cached_property
    def stand_ins(self) -> frozenset[ast.AST]:
        """The module's statements that run where an import of it fails."""
        return frozenset(
            inner
            for statement in _module_statements(self.tree.body)
            if isinstance(statement, ast.Try)
            for handler in statement.handlers
            if _catches_import_error(handler)
            for inner in _module_statements(handler.body)
        )

    @cached_property
    def for_type_checkers(self) -> frozenset[ast.AST]:
        """The module's statements under ``if TYPE_CHECKING:``."""
        return frozenset(
            inner
            for statement in _module_statements(self.tree.body)
            if isinstance(statement, ast.If)
            and (
                getattr(statement.test, "id", getattr(statement.test, "attr", ""))
                == "TYPE_CHECKING"
            )
            for inner in _module_statements(statement.body)
        )

    @cached_property
    def imports(self) -> dict[str, list[str]]:
        """For each name that an import binds anywhere in the file, the dotted paths."""
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, binding in _bindings_of(node, top_level=False):
                    found.setdefault(name, []).append(binding.path)
        return found

    @cached_property
    def _top_level(self) -> frozenset[ast.stmt]:
        return frozenset(self.tree.body)

    @cached_property
    def attributes_stored(self) -> frozenset[str]:
        """The names of all attributes that the file assigns to, of whatever object."""
        return frozenset(
            node.attr
            for node in self.nodes
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        )

    @cached_property
    def names_changed(self) -> frozenset[str]:
        """The names whose objects the file changes in place: items stored, methods called."""
        changed: set[str] = set()
        for node in self.nodes:
            base: ast.AST | None = None
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                base = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                base = node.func.value if node.func.attr in _CHANGING_METHODS else None
            elif isinstance(node, ast.AugAssign):
                base = node.target
            if isinstance(base, ast.Name):
                changed.add(base.id)
        return frozenset(changed)

    @cached_property
    def names_not_only_compared(self) -> frozenset[str]:
        """The names that the file reads elsewhere than as an operand of a comparison."""
        compared: set[ast.AST] = set()
        read: list[ast.Name] = []
        for node in self.nodes:
            if isinstance(node, ast.Compare):
                for operand in (node.left, *node.comparators):
                    compared.add(operand)
                    compared.update(getattr(operand, "elts", ()))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.append(node)
        return frozenset(node.id for node in read if node not in compared)

    @cached_property
    def star_imports(self) -> list[str]:
        """The modules of ``from module import *``."""
        return [
            _module_path(node)
            for node in _module_statements(self.tree.body)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]


def _module_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run in the module's own scope, nested ones included."""
    pending = list(reversed(body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            children = getattr(statement, field, None)
            if isinstance(children, list):
                pending.extend(
                    inner
                    for child in reversed(children)
                    for inner in (
                        reversed(child.body)
                        if isinstance(child, ast.ExceptHandler | ast.match_case)
                        else [child]
                    )
                )


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None
        or getattr(kind, "id", "")
        in ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
        for kind in kinds
    )


def _module_path(node: ast.ImportFrom) -> str:
    return "." * node.level + (node.module or "")


def import_path(module: str, name: str) -> str:
    """The dotted path of ``name`` in ``module``."""
    return module + name if module.endswith(".") else f"{module}.{name}"


def _bindings_of(statement: ast.stmt, top_level: bool) -> Iterator[tuple[str, Binding]]:
    match statement:
        case ast.Import():
            for alias in statement.names:
                name = alias.asname or alias.name.split(".")[0]
                yield name, Binding("import", statement, alias.name if alias.asname else name)
        case ast.ImportFrom():
            module = _module_path(statement)
            for alias in statement.names:
                path = import_path(module, alias.name)
                yield alias.asname or alias.name, Binding("import", statement, path)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, Binding("def", statement)
        case ast.ClassDef():
            yield statement.name, Binding("class", statement)
        case ast.Assign(targets=targets) if top_level:
            for name in _names_stored(statement):
                yield name, Binding("assign" if len(targets) == 1 else "other", statement)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()) if top_level:
            yield name, Binding("assign", statement)
        case _:
            for name in _names_stored(statement):
                yield name, Binding("other", statement)


def _names_stored(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement itself binds; those of nested statements are not its own."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        pending.extend(
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt | ast.Lambda)
        )
