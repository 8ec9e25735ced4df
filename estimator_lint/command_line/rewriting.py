"""Changing files that were checked: read in their encoding, changed, and written whole."""

from __future__ import annotations

import io
import os
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.checking import lines_of
from estimator_lint.configuration.reading import read_file
from estimator_lint.file_replacement import replace_file
from estimator_lint.fixes.editable import Editable, NotebookText, PythonText

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings


@dataclass(frozen=True)
class Rewritable:
    """A file that is to be changed.

    Attributes:
        path: of the file.
        editable: its content.
        encoding: of its bytes.
    """

    path: str
    editable: Editable
    encoding: str

    def write(self, editable: Editable) -> None:
        """Give the file new content.

        Raises:
            OSError: it can't be written.
            ValueError: its encoding does not have all characters.
        """
        replace_file(self.path, editable.content.encode(self.encoding))


def rewritable(file: FileFindings) -> Rewritable:
    """The file with findings, if it still has the lines that were checked.

    Raises:
        OSError: it can't be read.
        ValueError: it is no file, or it has changed.
    """
    if file.is_stdin:
        raise ValueError("standard input is not a file")
    if not os.path.isfile(file.path):
        raise ValueError("not a file")
    data = read_file(file.path)
    if file.notebook is not None:
        content = NotebookText(data.decode("utf-8"))
        if content.notebook.lines != list(file.lines):
            raise ValueError("the file changed in the meantime")
        return Rewritable(file.path, content, "utf-8")
    if lines_of(data) != list(file.lines):
        raise ValueError("the file changed in the meantime")
    encoding = _encoding_of(data)
    return Rewritable(file.path, PythonText(data.decode(encoding)), encoding)


def _encoding_of(data: bytes) -> str:
    """The encoding in which ``lines_of`` reads a file."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)
    except (LookupError, SyntaxError, UnicodeError):
        return "latin-1"
    return encoding
