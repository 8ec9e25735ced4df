"""The linted file: its text, its index (``ast``) and its pieces (libcst).

The index is the ``ast`` tree that flake8 has made anyway. libcst is several times as slow: it
parses only the top-level statements that evaluation asks for, and is imported with the first one.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from estimator_lint.syntax.attribute_stores import AttributeStores
from estimator_lint.syntax.batch_sizes import makes_batches_of_one
from estimator_lint.syntax.comment_edits import moved_lines
from estimator_lint.syntax.container_methods import CHANGING_METHODS_OF_CONTAINERS
from estimator_lint.syntax.import_effects import ImportEffects
from estimator_lint.syntax.index_nodes import index_nodes
from estimator_lint.syntax.module_bindings import (
    Binding,
    bindings_of,
    catches_import_error,
    module_path,
    module_statements,
)
from estimator_lint.syntax.namespace_stores import NAMESPACE_WORDS, NamespaceStores
from estimator_lint.syntax.parsed_text import module_tree
from estimator_lint.syntax.pieces import NotAnalysable, Piece, Position
from estimator_lint.syntax.reads import Reads

if TYPE_CHECKING:
    import libcst as cst

#: Python's line ends; ``str.splitlines`` splits at more characters than Python does.
_LINE_END = re.compile(r"\r\n|\r|\n")

#: The rest of a line after a statement, if only a backslash continues it.
_CONTINUED = re.compile(rb"[ \t\x0c;]*\\")


class SourceFile:
    """The text of one file with its ``ast`` index.

    Args:
        text: the whole text.
        tree: its ``ast``, if the caller has it.
        filename: its path, from which the project is located; the file is never opened.

    Raises:
        SyntaxError, ValueError: no ``tree`` was given and ``ast`` can't parse the text.
    """

    def __init__(self, text: str, tree: ast.Module | None = None, filename: str = "<text>") -> None:
        self.text = text.removeprefix("\ufeff")
        self.filename = filename
        self.tree = module_tree(self.text) if tree is None else tree
        self._reads: Reads | None = None

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
        return index_nodes([self.tree])

    @cached_property
    def _chunks(self) -> list[tuple[int, int, list[ast.stmt]]]:
        """Top-level statements grouped by shared lines: first line, last line, statements."""
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
        """The pieces requested so far."""
        return [piece for piece in self._pieces.values() if isinstance(piece, Piece)]

    def piece_at(self, line: int) -> Piece:
        """The piece that contains a 1-based line.

        Raises:
            NotAnalysable: libcst can't parse it, or it is nested too deeply.
        """
        number = self._chunk_at(line)
        if number not in self._pieces:
            first, _, statements = self._chunks[number]
            try:
                self._pieces[number] = Piece(self._chunk_text(number), first, statements)
            except NotAnalysable as failure:
                self._pieces[number] = failure
        piece = self._pieces[number]
        if self._reads is not None:
            if isinstance(piece, NotAnalysable):
                self._reads.is_complete = False
            else:
                self._reads.pieces.add(piece)
        if isinstance(piece, NotAnalysable):
            raise piece
        return piece

    def _chunk_at(self, line: int) -> int:
        """The number of the chunk that contains a 1-based line."""
        low, high = 0, len(self._chunks) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._chunks[middle][0] <= line:
                low = middle
            else:
                high = middle - 1
        return low

    @cached_property
    def _chunk_texts(self) -> dict[int, str]:
        return {}

    def _chunk_text(self, number: int) -> str:
        if number not in self._chunk_texts:
            self._chunk_texts[number] = self._text_of_chunk(number)
        return self._chunk_texts[number]

    def _text_of_chunk(self, number: int) -> str:
        first, last, statements = self._chunks[number]
        lines = self.lines[first - 1 : last]
        if _CONTINUED.fullmatch(lines[-1].encode()[statements[-1].end_col_offset or 0 :]):
            lines[-1] = lines[-1][:-1]  # the backslash continues with no statement of this chunk
        return "\n".join(lines) + "\n"

    def content_at(self, line: int) -> str:
        """The chunk that contains a 1-based line, as text that changes only with its content."""
        number = self._chunk_at(line)
        piece = self._pieces.get(number)
        return piece.text if isinstance(piece, Piece) else self._chunk_text(number)

    @contextlib.contextmanager
    def reads_noted(self) -> Iterator[Reads]:
        """Within, reads of the file are recorded, by this recorder and by those around it."""
        before, reads = self._reads, Reads()
        self._reads = reads
        try:
            yield reads
        finally:
            self._reads = before
            if before is not None:
                before.add(reads)

    @property
    def are_reads_noted(self) -> bool:
        """Whether reads of the file are recorded."""
        return self._reads is not None

    def note(self, reads: Reads) -> None:
        """Record a read of something that is known from before."""
        if self._reads is not None:
            self._reads.add(reads)

    def note_question(self, question: str, name: str) -> None:
        """Record a question to the index."""
        if self._reads is not None:
            self._reads.questions.add((question, name))

    def continue_from(self, earlier: SourceFile) -> None:
        """Take over the pieces of an earlier text of the file that are unchanged here.

        They move to their new lines, and so do the places that evaluation has recorded in them.
        ``earlier`` must not be used any more.
        """
        left: dict[str, list[tuple[int, Piece]]] = {}
        for number, piece in sorted(earlier._pieces.items()):
            if isinstance(piece, Piece) and piece.is_whole:
                left.setdefault(earlier._chunk_text(number), []).append((number, piece))
        for number, (first, _, statements) in enumerate(self._chunks):
            same = left.get(self._chunk_text(number))
            if same:
                _, piece = same.pop(0)
                piece.move(first, statements)
                self._pieces[number] = piece
        grown = len(self._chunks) - len(earlier._chunks)
        for text, pieces in left.items():
            for number, piece in pieces:
                for place in dict.fromkeys((number, number + grown)):
                    if self._take_commented(piece, text, place):
                        break

    def _take_commented(self, piece: Piece, text: str, number: int) -> bool:
        """Take over a piece for a chunk that differs only in comments and empty lines."""
        if number in self._pieces or not 0 <= number < len(self._chunks):
            return False
        lines = moved_lines(text, self._chunk_text(number))
        if lines is None:
            return False
        first, _, statements = self._chunks[number]
        piece.move(first, statements, lines)
        self._pieces[number] = piece
        return True

    def counterpart(self, node: ast.AST) -> tuple[Piece, cst.CSTNode]:
        """The libcst node of a function, lambda or class of the index.

        Raises:
            NotAnalysable: as ``piece_at``.
        """
        piece = self.piece_at(node.lineno)  # type: ignore[attr-defined]
        return piece, piece.counterpart(node)

    def standing_at(self, node: ast.AST) -> tuple[Piece, cst.CSTNode]:
        """The outermost libcst node that starts where a node of the index starts.

        Raises:
            NotAnalysable: as ``piece_at``, or there is none.
        """
        line: int = node.lineno  # type: ignore[attr-defined]
        before = self.lines[line - 1].encode()[: node.col_offset]  # type: ignore[attr-defined]
        piece = self.piece_at(line)
        found = piece.node_at(Position(line, len(before.decode(errors="replace"))))
        if found is None:
            raise NotAnalysable("libcst and ast parse it differently")
        return piece, found

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """Every name that the module binds, with all its bindings."""
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
        for statement in module_statements(self.tree.body):
            for name, binding in bindings_of(statement, top_level=statement in self._top_level):
                found.setdefault(name, []).append(binding)
        return found

    @cached_property
    def stand_ins(self) -> frozenset[ast.AST]:
        """The module's statements that run when one of its imports fails."""
        return frozenset(
            inner
            for statement in module_statements(self.tree.body)
            if isinstance(statement, ast.Try)
            for handler in statement.handlers
            if catches_import_error(handler)
            for inner in module_statements(handler.body)
        )

    @cached_property
    def for_type_checkers(self) -> frozenset[ast.AST]:
        """The module's statements under ``if TYPE_CHECKING:``."""
        return frozenset(
            inner
            for statement in module_statements(self.tree.body)
            if isinstance(statement, ast.If)
            and (
                getattr(statement.test, "id", getattr(statement.test, "attr", ""))
                == "TYPE_CHECKING"
            )
            for inner in module_statements(statement.body)
        )

    @cached_property
    def imports(self) -> dict[str, list[str]]:
        """For each name that an import binds anywhere in the file, the dotted paths."""
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name, binding in bindings_of(node, top_level=False):
                    found.setdefault(name, []).append(binding.path)
        return found

    @cached_property
    def _top_level(self) -> frozenset[ast.stmt]:
        return frozenset(self.tree.body)

    @cached_property
    def attributes_stored(self) -> frozenset[str]:
        """The names of all attributes that the file assigns to, on any object."""
        return frozenset(
            node.attr
            for node in self.nodes
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        )

    @cached_property
    def names_changed(self) -> frozenset[str]:
        """The names whose objects the file may mutate: items stored, methods called."""
        changed: set[str] = set()
        for node in self.nodes:
            base: ast.AST | None = None
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                base = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                base = node.func.value if node.func.attr in CHANGING_METHODS_OF_CONTAINERS else None
            elif isinstance(node, ast.AugAssign):
                base = node.target
            if isinstance(base, ast.Name):
                changed.add(base.id)
        return frozenset(changed)

    @cached_property
    def namespace_stores(self) -> NamespaceStores:
        """The names of the module that the file gives values without naming them as targets."""
        may_store = any(word in self.text for word in NAMESPACE_WORDS)
        return NamespaceStores(self.nodes if may_store else [])

    @cached_property
    def makes_batches_of_one(self) -> bool:
        """Whether the batches whose size the file writes are of one example."""
        return "batch" in self.text.lower() and makes_batches_of_one(self.nodes)

    @cached_property
    def names_not_only_compared(self) -> frozenset[str]:
        """The names that the file reads other than as an operand of a comparison."""
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
    def attribute_stores(self) -> AttributeStores:
        """Where the file assigns to attributes."""
        return AttributeStores(self.nodes)

    @cached_property
    def import_effects(self) -> ImportEffects:
        """What importing the file changes."""
        return ImportEffects(self.tree, self.nodes)

    @cached_property
    def star_imports(self) -> list[str]:
        """The modules of ``from module import *``."""
        return [
            module_path(node)
            for node in module_statements(self.tree.body)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]
