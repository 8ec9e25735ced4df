"""Modes in the editor: code lenses above model functions, inlay hints in them, and commands."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from estimator_lint.language_server.documents import Spot
from estimator_lint.language_server.evaluations import News
from estimator_lint.language_server.jobs import SupersededError
from estimator_lint.language_server.mode_reports import missing_at, summary
from estimator_lint.language_server.registration import handle, offer
from estimator_lint.language_server.worker import WorkerError
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.language_server.diagnostics import Diagnostics
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.outcomes import Outcome
    from estimator_lint.language_server.session import Session

CHOOSE_MODE: Final = "estimator-lint.chooseMode"
SHOW_MODES: Final = "estimator-lint.showModes"

#: The choice that shows all modes again.
ALL: Final = "all"


class ModeFeatures:
    """Code lenses, inlay hints and commands for modes."""

    def __init__(self, session: Session, diagnostics: Diagnostics) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._folder: str | None = None
        session.on_outcome.append(self._evaluated)

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        handle(server, types.TEXT_DOCUMENT_CODE_LENS, self.lenses, types.CodeLensOptions())
        handle(server, types.TEXT_DOCUMENT_INLAY_HINT, self.hints, types.InlayHintOptions())
        offer(server, CHOOSE_MODE, self.choose_mode)
        offer(server, SHOW_MODES, self.show_modes)

    def close(self) -> None:
        """Remove the pages that were shown."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    # Lenses and hints

    def _evaluated(self, module: Module, outcome: Outcome, news: News) -> None:
        if news is News.UNEXPECTED:
            if self._session.abilities.refreshes_lenses:
                refresh = self._session.server.workspace_code_lens_refresh
                self._session.refreshes.soon("lenses", lambda: refresh(None))
            if self._session.mode is not None:
                self._refresh_hints()

    def _refresh_hints(self) -> None:
        if self._session.abilities.refreshes_hints:
            refresh = self._session.server.workspace_inlay_hint_refresh
            self._session.refreshes.soon("hints", lambda: refresh(None))

    async def lenses(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        """A code lens above each model function, with the results of its modes."""
        found = await self._session.outcome(params.text_document.uri)
        return [] if found is None else list(self._lenses(*found, params.text_document.uri))

    def _lenses(self, module: Module, outcome: Outcome, uri: str) -> Iterator[types.CodeLens]:
        for function in outcome.functions:
            spot = module.spot(function.line, function.column, outcome.cells)
            if spot is not None and spot.document.uri == uri:
                place = types.Position(spot.line, spot.character)
                command = types.Command(summary(function), SHOW_MODES, arguments=[module.uri])
                yield types.CodeLens(types.Range(place, place), command)

    async def hints(self, params: types.InlayHintParams) -> list[types.InlayHint]:
        """In the chosen mode, the outcomes of tests and the fields that specs lack."""
        found = await self._session.outcome(params.text_document.uri)
        mode = self._session.mode
        if found is None or mode is None:
            return []
        first, last = params.range.start.line, params.range.end.line
        uri = params.text_document.uri
        shown = [
            types.InlayHint(
                types.Position(spot.line, spot.character),
                label,
                kind=types.InlayHintKind.Type,
                padding_left=True,
            )
            for spot, label in _hints(*found, mode)
            if spot.document.uri == uri and first <= spot.line <= last
        ]
        return sorted(shown, key=lambda hint: (hint.position.line, hint.position.character))

    # Commands

    async def choose_mode(self, *arguments: Any) -> str:
        """Choose the mode to show: ``TRAIN``, ``EVAL``, ``PREDICT`` or ``all``; else ask."""
        if len(arguments) > 1:
            raise JsonRpcInvalidParams(f"{CHOOSE_MODE} takes the name of a mode")
        name = arguments[0] if arguments else await self._asked_for_mode()
        if name is not None:
            self._session.mode = _mode(name)
            self._show_chosen()
        return ALL if self._session.mode is None else self._session.mode.name

    async def _asked_for_mode(self) -> str | None:
        actions = [types.MessageActionItem(name) for name in (*Mode.__members__, ALL)]
        answer = await self._session.server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Info, "Which mode should be shown?", actions
            )
        )
        return None if answer is None else answer.title

    def _show_chosen(self) -> None:
        self._diagnostics.tell_all()
        self._refresh_hints()

    async def show_modes(self, *arguments: Any) -> str:
        """Open the modes view of a file as a page; return its URI."""
        if len(arguments) != 1 or not isinstance(arguments[0], str):
            raise JsonRpcInvalidParams(f"{SHOW_MODES} takes the URI of a file")
        module, page = await self._page(arguments[0])
        uri = self._written(module, page)
        self.open_page(uri, external=True)
        return uri

    async def _page(self, uri: str) -> tuple[Module, str]:
        """An open module, and its modes view."""
        while True:
            found = await self._session.outcome(uri)
            if found is None:
                raise JsonRpcInvalidParams(f"{uri} is not open")
            module, _ = found
            try:
                return module, await self._session.evaluations.ask("page", module)
            except SupersededError:  # the text has changed, or what it depends on
                continue
            except WorkerError as error:
                failed = int(types.LSPErrorCodes.RequestFailed)
                raise JsonRpcException(f"the page cannot be shown: {error}", failed) from error

    def open_page(self, uri: str, *, external: bool) -> None:
        """Ask the client to open a page, if it can."""
        if self._session.abilities.shows_documents:
            self._session.server.window_show_document(
                types.ShowDocumentParams(uri, external=external, take_focus=True)
            )

    def _written(self, module: Module, page: str) -> str:
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="estimator-lint-")
        name = "text" if module.path.startswith("<") else os.path.basename(module.path)
        # Several open files may have this name.
        folder = Path(self._folder, hashlib.sha256(module.uri.encode()).hexdigest()[:8])
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        return path.as_uri()


def _mode(name: object) -> Mode | None:
    if isinstance(name, str):
        if name.lower() == ALL:
            return None
        if name.upper() in Mode.__members__:
            return Mode[name.upper()]
    raise JsonRpcInvalidParams(f"unknown mode {name!r} (TRAIN, EVAL, PREDICT, {ALL})")


def _hints(module: Module, outcome: Outcome, mode: Mode) -> Iterator[tuple[Spot, str]]:
    told: set[tuple[int, int]] = set()
    for test in outcome.tests:
        place = (test.end_line, test.end_column)
        if mode in test.outcomes and place not in told:
            told.add(place)
            spot = module.spot(*place, outcome.cells)
            if spot is not None:
                yield spot, f"{'true' if test.outcomes[mode] else 'false'} in {mode}"
    for function in outcome.functions:
        for site in function.modes[mode].sites:
            missing = missing_at(function, mode, site.line, site.column)
            at = module.document_at(site.last_line, outcome.cells)
            if missing and at is not None and (site.line, site.column) not in told:
                told.add((site.line, site.column))
                document, line = at
                spot = Spot(document, *document.table.end_of_line(line))
                yield spot, f"no {', '.join(missing)} in {mode}"
