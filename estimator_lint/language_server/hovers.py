"""Hovers: the page of a code, the fields of a model function, the values of an expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from estimator_lint.code_pages import codes
from estimator_lint.documented_codes import page_of
from estimator_lint.language_server.jobs import SupersededError
from estimator_lint.language_server.markdown_text import code_span, escaped, in_cell
from estimator_lint.language_server.registration import handle
from estimator_lint.language_server.worker import WorkerError
from estimator_lint.modes_view.wording import fields_shown, lines_text, occurrence_text

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.language_server.documents import Document, Module
    from estimator_lint.language_server.outcomes import Outcome
    from estimator_lint.language_server.session import Session
    from estimator_lint.modes_view.model import FunctionView
    from estimator_lint.revealing.revealed import Revealed, RevealedExpression, RevealedFunction

_WORD: Final = re.compile(r"\w+")


class Hovers:
    """Answers hover requests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        handle(server, types.TEXT_DOCUMENT_HOVER, self.hover)

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """The hover of a word."""
        uri, position = params.text_document.uri, params.position
        document = self._session.documents.get(uri)
        if document is None:
            return None
        page = page_at(document, position)
        if page is not None:
            return page
        while True:
            found = await self._session.outcome(uri)
            if found is None or self._session.documents.get(uri) is not document:
                return None
            module, outcome = found
            table = function_at(module, outcome, document, position)
            if table is not None:
                return table
            place = place_in_function(module, outcome, document, position)
            if place is None:
                return None
            revealed: Revealed | None
            try:
                revealed = await self._session.evaluations.ask("revealed", module, *place)
            except SupersededError:  # the text has changed, or what it depends on
                continue
            except WorkerError:
                return None
            return None if revealed is None else values_of(module, outcome, revealed)


def page_at(document: Document, position: types.Position) -> types.Hover | None:
    """The page of a code, at its name."""
    line, word = _word(document, position)
    if word is None or word.group().upper() not in codes():
        return None
    return _hover(document, line, word, page_of(word.group().upper()))


def function_at(
    module: Module, outcome: Outcome, document: Document, position: types.Position
) -> types.Hover | None:
    """The fields of a model function's specs, at its name."""
    line, word = _word(document, position)
    own_line = module.line_of(document, line, outcome.cells)
    for function in outcome.functions:
        if word is not None and (function.line, function.column) == (own_line, word.start()):
            return _hover(document, line, word, fields_table(function))
    return None


def place_in_function(
    module: Module, outcome: Outcome, document: Document, position: types.Position
) -> tuple[int, int] | None:
    """The module's line and column of a word, if some model function runs that line."""
    line, word = _word(document, position)
    own_line = module.line_of(document, line, outcome.cells)
    parts = (part for function in outcome.functions for part in function.parts)
    if own_line is None or word is None:
        return None
    is_inside = any(part.first_line <= own_line <= part.last_line for part in parts)
    return (own_line, word.start()) if is_inside else None


def values_of(module: Module, outcome: Outcome, revealed: Revealed) -> types.Hover | None:
    """The possible values of an expression, by model function and mode."""
    found = [
        (values_table(function, expression), expression)
        for function in revealed.functions
        for expression in function.expressions
    ]
    if not found:
        return None
    expression = found[0][1]
    text = "\n\n".join(dict.fromkeys(table for table, _ in found))
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    start = module.spot(expression.line, expression.column, outcome.cells)
    end = module.spot(expression.end_line, expression.end_column, outcome.cells)
    if start is None or end is None or start.document is not end.document:
        return types.Hover(content)
    first = types.Position(start.line, start.character)
    return types.Hover(content, types.Range(first, types.Position(end.line, end.character)))


def _word(document: Document, position: types.Position) -> tuple[int, re.Match[str] | None]:
    """The word at a position, and its 1-based line."""
    line, column = document.table.place(position.line, position.character)
    return line, word_at(document.table.code(line - 1), column)


def values_table(function: RevealedFunction, expression: RevealedExpression) -> str:
    """The possible values of an expression in each mode of a model function, in Markdown."""
    title = f"{code_span(expression.source)} in {code_span(function.name)}"
    rows = [title, "", "| mode | value |", "| --- | --- |"]
    for mode, value in expression.values.items():
        rows.append(f"| {mode} | {escaped(value)} |")
    return "\n".join(rows)


def word_at(line: str, column: int) -> re.Match[str] | None:
    """The word that contains a 0-based column, or ends there."""
    words = (word for word in _WORD.finditer(line) if word.start() <= column <= word.end())
    return next(words, None)


def fields_table(function: FunctionView) -> str:
    """Which spec fields each mode sets, in Markdown."""
    shown, _ = fields_shown(function)
    modes = list(function.modes.values())
    rows = [
        code_span(function.name),
        "",
        f"| | {' | '.join(str(view.mode) for view in modes)} |",
        f"| --- | {' | '.join('---' for _ in modes)} |",
    ]
    for name in shown:
        cells = []
        for view in modes:
            field = view.fields.get(name)
            if field is None:
                cells.append("")
                continue
            lines = f" ({lines_text(field.lines, function.cells)})" if field.lines else ""
            text = f"{occurrence_text(field)}{lines}".replace("|", "\\|")
            is_missing = field.required and view.checked and not field.lines
            cells.append(f"**{text}**, but required" if is_missing else text)
        rows.append(f"| {in_cell(code_span(name))} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _hover(document: Document, line: int, word: re.Match[str], text: str) -> types.Hover:
    start = types.Position(*document.table.position(line, word.start()))
    end = types.Position(*document.table.position(line, word.end()))
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, types.Range(start, end))
