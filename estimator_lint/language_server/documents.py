"""The open documents of the client: files, and notebooks with their cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from estimator_lint.language_server.positions import LineTable, PositionEncoding
from estimator_lint.language_server.uris import path_of
from estimator_lint.modes_view.model import Cells


class _Position(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def character(self) -> int: ...


class _Range(Protocol):
    @property
    def start(self) -> _Position: ...
    @property
    def end(self) -> _Position: ...


class Document:
    """An open text: a file, or a cell of a notebook.

    Attributes:
        uri: the client's name for it.
        version: the client's version number; None if it has none.
        text: its content.
        table: its lines.
        is_python: whether it is code in Python.
    """

    is_python = True

    def __init__(
        self, uri: str, text: str, version: int | None, encoding: PositionEncoding
    ) -> None:
        self.uri = uri
        self.version = version
        self._encoding = encoding
        self._set(text)

    def _set(self, text: str) -> None:
        self.text = text
        self.table = LineTable(text, self._encoding)

    def change(self, where: _Range | None, text: str) -> None:
        """Replace a range, or the whole text."""
        if where is not None:
            one = self.table.offset(where.start.line, where.start.character)
            other = self.table.offset(where.end.line, where.end.character)
            start, end = min(one, other), max(one, other)
            text = self.text[:start] + text + self.text[end:]
        self._set(text)


@dataclass(frozen=True)
class Spot:
    """A place in a document, in the client's units."""

    document: Document
    line: int
    character: int


@dataclass
class Module:
    """A file or a notebook, which is evaluated as one module.

    Attributes:
        uri: of the file or notebook.
        path: the path of the file; ``<…>`` if there is none.
        serial: unique to each state of each module.
        version: the client's version number; None if it has none.
        cells: the cells of a notebook in order, each with whether it is code.
    """

    uri: str
    path: str
    serial: int = 0
    version: int | None = None
    is_notebook: bool = False
    cells: list[tuple[Document, bool]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of a file."""
        return self.cells[0][0].text

    @property
    def documents(self) -> list[Document]:
        """The documents with its code."""
        return [document for document, is_code in self.cells if is_code]

    @property
    def sources(self) -> tuple[tuple[int, str], ...] | None:
        """The text of each code cell of a notebook with its number; None for a file."""
        if not self.is_notebook:
            return None
        numbered = enumerate(self.cells, start=1)
        return tuple((number, document.text) for number, (document, code) in numbered if code)

    def document_at(self, line: int, cells: Cells) -> tuple[Document, int] | None:
        """The document that contains a 1-based line of the module, and the line in it."""
        if not self.is_notebook:
            return self.cells[0][0], line
        for number, first, last in cells:
            if first <= line <= last and number <= len(self.cells):
                return self.cells[number - 1][0], line - first + 1
        return None

    def spot(self, line: int, column: int, cells: Cells) -> Spot | None:
        """The client's place for a line and a column of the module."""
        found = self.document_at(line, cells)
        if found is None:
            return None
        document, own_line = found
        return Spot(document, *document.table.position(own_line, column))

    def line_of(self, document: Document, line: int, cells: Cells) -> int | None:
        """The 1-based line of the module for a 1-based line of one of its documents."""
        if not self.is_notebook:
            return line
        for number, first, last in cells:
            if number <= len(self.cells) and self.cells[number - 1][0] is document:
                return first + line - 1 if first + line - 1 <= last else None
        return None


class Documents:
    """All open documents."""

    def __init__(self) -> None:
        self.encoding = PositionEncoding.UTF16
        self.modules: dict[str, Module] = {}
        self._texts: dict[str, Document] = {}
        self._module_of: dict[str, str] = {}
        self._serials = itertools.count(1)

    def __iter__(self) -> Iterator[Module]:
        return iter(list(self.modules.values()))

    def get(self, uri: str) -> Document | None:
        """The document of a file or a cell, if it is open."""
        return self._texts.get(uri)

    def module_of(self, uri: str) -> Module | None:
        """The module that a file, a notebook or a cell belongs to, if it is open."""
        return self.modules.get(self._module_of.get(uri, uri))

    def open(self, uri: str, version: int | None, text: str) -> Module:
        """Add a file; it replaces what was open under its name."""
        document = Document(uri, text, version, self.encoding)
        module = Module(uri, path_of(uri), version=version, cells=[(document, True)])
        self.modules[uri] = module
        self.touch(module)
        self._texts[uri] = document
        self._module_of[uri] = uri
        return module

    def change(
        self, uri: str, version: int | None, changes: Sequence[tuple[_Range | None, str]]
    ) -> Module | None:
        """Change a file or the text of a cell; None if it is not open."""
        document, module = self.get(uri), self.module_of(uri)
        if document is None or module is None:
            return None
        for where, text in changes:
            document.change(where, text)
        document.version = version
        if not module.is_notebook:
            module.version = version
        self.touch(module)
        return module

    def touch(self, module: Module) -> None:
        """Give a module a new state, for which nothing is known yet."""
        module.serial = next(self._serials)

    def close(self, uri: str) -> Module | None:
        """Forget a file or a notebook; None if it is not open."""
        module = self.modules.pop(uri, None)
        if module is not None:
            for document, _ in module.cells:
                self.forget_cell(document)
        return module

    def open_notebook(self, uri: str, version: int | None) -> Module:
        """Add a notebook, as yet without cells."""
        self.close(uri)
        module = Module(uri, path_of(uri), version=version, is_notebook=True)
        self.modules[uri] = module
        self.touch(module)
        return module

    def open_cell(self, module: Module, uri: str, version: int | None, text: str) -> Document:
        """Add the text of a cell, whatever its position in the notebook."""
        document = self._texts[uri] = Document(uri, text, version, self.encoding)
        self._module_of[uri] = module.uri
        return document

    def forget_cell(self, document: Document) -> None:
        """Forget the text of a cell, unless another one was opened under its name."""
        if self._texts.get(document.uri) is document:
            del self._texts[document.uri]
            self._module_of.pop(document.uri, None)
