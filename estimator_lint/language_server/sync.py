"""Notifications of the client about texts, files, folders and settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from estimator_lint.language_server.client_settings import SECTION
from estimator_lint.language_server.documents import Document, Module
from estimator_lint.language_server.orders import CONFIGURATION_FILES
from estimator_lint.language_server.registration import handle
from estimator_lint.language_server.uris import path_of

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.language_server.session import Session

#: The files that the client watches in its folders.
_WATCHED: Final = ("**/*.py", "**/*.ipynb", *(f"**/{name}" for name in CONFIGURATION_FILES))

_PYTHON: Final = (".py", ".pyi", ".pyw")


def register(server: LanguageServer, session: Session) -> None:
    """Register the handlers."""
    _Texts(session).register(server)
    _Notebooks(session).register(server)
    _Workspace(session).register(server)


class _Texts:
    """Notifications about open files."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        handle(server, types.TEXT_DOCUMENT_DID_OPEN, self.open)
        handle(server, types.TEXT_DOCUMENT_DID_CHANGE, self.change)
        handle(server, types.TEXT_DOCUMENT_DID_SAVE, self.save)
        handle(server, types.TEXT_DOCUMENT_DID_CLOSE, self.close)

    def open(self, params: types.DidOpenTextDocumentParams) -> None:
        """A text was opened; texts in other languages are ignored."""
        item = params.text_document
        if not _is_python(item) and not path_of(item.uri).endswith(_PYTHON):
            return
        if (before := self._session.documents.close(item.uri)) is not None:
            self._session.evaluations.closed(before)
        module = self._session.documents.open(item.uri, item.version, item.text)
        self._session.changed(module)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """A text changed."""
        changes = [
            (getattr(change, "range", None), change.text) for change in params.content_changes
        ]
        identity = params.text_document
        module = self._session.documents.change(identity.uri, identity.version, changes)
        if module is not None:
            self._session.changed(module)

    def save(self, params: types.DidSaveTextDocumentParams) -> None:
        """A text was saved."""
        self._session.touch()

    def close(self, params: types.DidCloseTextDocumentParams) -> None:
        """A text was closed: from now on, the file on the disk counts."""
        module = self._session.documents.close(params.text_document.uri)
        if module is not None:
            _forget(self._session, module)


class _Notebooks:
    """Notifications about open notebooks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        handle(server, types.NOTEBOOK_DOCUMENT_DID_OPEN, self.open)
        handle(server, types.NOTEBOOK_DOCUMENT_DID_CHANGE, self.change)
        handle(server, types.NOTEBOOK_DOCUMENT_DID_SAVE, self.save)
        handle(server, types.NOTEBOOK_DOCUMENT_DID_CLOSE, self.close)

    def open(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook was opened."""
        notebook = params.notebook_document
        if (before := self._session.documents.close(notebook.uri)) is not None:
            _forget(self._session, before)
        module = self._session.documents.open_notebook(notebook.uri, notebook.version)
        self._open_cells(module, params.cell_text_documents)
        module.cells = self._cells(notebook.cells)
        self._session.changed(module)

    def change(self, params: types.DidChangeNotebookDocumentParams) -> None:
        """Cells were added, removed, or changed in kind or text."""
        documents = self._session.documents
        module = documents.modules.get(params.notebook_document.uri)
        if module is None or not module.is_notebook:
            return
        module.version = params.notebook_document.version
        change = params.change.cells
        if change is None:  # metadata
            return
        if change.structure is not None:
            self._restructure(module, change.structure)
        for cell in change.data or ():
            module.cells = [
                (document, _is_code(cell, document) if document.uri == cell.document else is_code)
                for document, is_code in module.cells
            ]
        for content in change.text_content or ():
            changes = [(getattr(each, "range", None), each.text) for each in content.changes]
            documents.change(content.document.uri, content.document.version, changes)
        documents.touch(module)
        self._session.changed(module)

    def save(self, params: types.DidSaveNotebookDocumentParams) -> None:
        """A notebook was saved."""
        self._session.touch()

    def close(self, params: types.DidCloseNotebookDocumentParams) -> None:
        """A notebook was closed."""
        module = self._session.documents.close(params.notebook_document.uri)
        if module is not None:
            _forget(self._session, module)

    def _restructure(self, module: Module, structure: Any) -> None:
        self._open_cells(module, structure.did_open or ())
        array = structure.array
        start = min(array.start, len(module.cells))
        end = min(start + array.delete_count, len(module.cells))
        gone = module.cells[start:end]
        module.cells[start:end] = self._cells(array.cells or ())
        kept = {document.uri for document, _ in module.cells}
        for document, _ in gone:
            if document.uri not in kept:
                self._session.documents.forget_cell(document)
                self._tell_gone(document.uri)

    def _tell_gone(self, uri: str) -> None:
        if self._session.abilities.pulls:
            return
        self._session.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, [])
        )

    def _open_cells(self, module: Module, items: Iterable[types.TextDocumentItem]) -> None:
        for item in items:
            document = self._session.documents.open_cell(module, item.uri, item.version, item.text)
            document.is_python = _is_python(item)

    def _cells(self, cells: Iterable[types.NotebookCell]) -> list[Any]:
        found = ((self._session.documents.get(cell.document), cell) for cell in cells)
        return [
            (document, _is_code(cell, document)) for document, cell in found if document is not None
        ]


def _is_python(item: types.TextDocumentItem) -> bool:
    return "python" in item.language_id.lower()


def _is_code(cell: types.NotebookCell, document: Document) -> bool:
    return cell.kind is types.NotebookCellKind.Code and document.is_python


def _forget(session: Session, module: Module) -> None:
    session.evaluations.closed(module)
    if not session.abilities.pulls:
        for document, _ in module.cells:
            if session.documents.get(document.uri) is None:  # not a cell of another notebook
                session.server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(document.uri, [])
                )
    session.touch()


class _Workspace:
    """Notifications about folders, files on the disk, and settings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        files = types.FileOperationRegistrationOptions(
            [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
        )
        handle(server, types.INITIALIZED, self.initialized)
        handle(server, types.WORKSPACE_DID_CHANGE_CONFIGURATION, self.settings_changed)
        handle(server, types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self.folders_changed)
        handle(server, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self.files_changed)
        handle(server, types.WORKSPACE_DID_CREATE_FILES, self.files_created, files)
        handle(server, types.WORKSPACE_DID_DELETE_FILES, self.files_deleted, files)
        handle(server, types.WORKSPACE_DID_RENAME_FILES, self.files_renamed, files)

    async def initialized(self, params: types.InitializedParams) -> None:
        """The client is ready: ask it to watch files and settings."""
        registrations: list[types.Registration] = []
        if self._session.abilities.watches:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options: Any = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registrations.append(types.Registration("files", method, options))
        if self._session.abilities.registers_settings:
            options = types.DidChangeConfigurationRegistrationOptions(SECTION)
            method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
            registrations.append(types.Registration("settings", method, options))
        if registrations:
            try:
                server = self._session.server
                server.client_register_capability(types.RegistrationParams(registrations))
            except Exception as error:
                self._session.log(f"the client refused to register file watchers: {error}")
        await self._session.learn_settings()

    async def settings_changed(self, params: types.DidChangeConfigurationParams) -> None:
        """The user changed settings."""
        settings = params.settings
        if isinstance(settings, dict) and SECTION in settings:
            self._session.take_unasked_settings(settings[SECTION])
        elif isinstance(settings, dict) and settings and not self._session.abilities.tells_settings:
            self._session.take_unasked_settings(settings)
        await self._session.learn_settings()

    async def folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        """Folders were opened or closed."""
        for folder in params.event.removed:
            self._session.folders.pop(folder.uri, None)
            self._session.settings.pop(folder.uri, None)
        for folder in params.event.added:
            self._session.add_folder(folder.uri)
        await self._session.learn_settings()

    def files_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Files on the disk were written, made or removed."""
        changed: list[str] = []
        everything = False
        for event in params.changes:
            path = path_of(event.uri)
            is_new = event.type is not types.FileChangeType.Changed
            if is_new or os.path.basename(path) in CONFIGURATION_FILES:
                everything = True
            changed.append(path)
        self._changed(changed, everything=everything)

    def files_created(self, params: types.CreateFilesParams) -> None:
        """The user made files in the editor."""
        self._changed([path_of(file.uri) for file in params.files], everything=True)

    def files_deleted(self, params: types.DeleteFilesParams) -> None:
        """The user removed files in the editor."""
        self._changed([path_of(file.uri) for file in params.files], everything=True)

    def files_renamed(self, params: types.RenameFilesParams) -> None:
        """The user renamed files in the editor."""
        paths = [path_of(uri) for file in params.files for uri in (file.old_uri, file.new_uri)]
        self._changed(paths, everything=True)

    def _changed(self, paths: Sequence[str], *, everything: bool) -> None:
        """Evaluate what may have changed: everything if imports may resolve differently."""
        if everything:
            self._session.configuration_generation += 1
            self._session.evaluations.everything_changed()
        elif paths:
            self._session.evaluations.files_changed(paths)
        if paths:
            self._session.touch()
