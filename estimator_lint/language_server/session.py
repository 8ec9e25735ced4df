"""The state of the server while a client is connected."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from estimator_lint.language_server.client_settings import SECTION, ClientSettings, read_settings
from estimator_lint.language_server.documents import Documents, Module
from estimator_lint.language_server.evaluations import Evaluations, News, Told
from estimator_lint.language_server.jobs import SupersededError, Urgency
from estimator_lint.language_server.orders import Surroundings
from estimator_lint.language_server.outcomes import Outcome
from estimator_lint.language_server.positions import PositionEncoding
from estimator_lint.language_server.refreshes import Refreshes
from estimator_lint.language_server.uris import existing_folder, is_file, path_of

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.tensorflow_api.modes import Mode

#: Seconds to wait for the client's settings before files are checked without them.
_FOR_SETTINGS = 3.0


@dataclass(frozen=True)
class Abilities:
    """What the client can do, as far as the server uses it.

    Attributes:
        pulls: it asks for diagnostics itself.
        refreshes_diagnostics, refreshes_hints, refreshes_lenses: it pulls them again on request.
        tells_settings: it can be asked for its settings.
        watches: it can be asked to watch files.
        registers_settings: it can be asked to report changes of its settings.
        shows_documents: it can be asked to open a page.
        relates: diagnostics may point to other places.
        versions_edits: edits may name the version they are for.
        shows_actions: it asks for actions.
        resolves_edits: it requests the edit of an action when it needs it.
        keeps_data: it keeps the data of diagnostics.
    """

    pulls: bool = False
    refreshes_diagnostics: bool = False
    refreshes_hints: bool = False
    refreshes_lenses: bool = False
    tells_settings: bool = False
    watches: bool = False
    registers_settings: bool = False
    shows_documents: bool = False
    relates: bool = False
    versions_edits: bool = False
    shows_actions: bool = False
    resolves_edits: bool = False
    keeps_data: bool = False


def abilities_of(capabilities: types.ClientCapabilities) -> Abilities:
    """The abilities that a client declares."""

    def has(path: str) -> bool:
        value: Any = capabilities
        for name in path.split("."):
            value = getattr(value, name, None)
        return bool(value)

    action = getattr(capabilities.text_document, "code_action", None)
    resolved = getattr(getattr(action, "resolve_support", None), "properties", None) or ()
    return Abilities(
        pulls=has("text_document.diagnostic"),
        refreshes_diagnostics=has("workspace.diagnostics.refresh_support"),
        refreshes_hints=has("workspace.inlay_hint.refresh_support"),
        refreshes_lenses=has("workspace.code_lens.refresh_support"),
        tells_settings=has("workspace.configuration"),
        watches=has("workspace.did_change_watched_files.dynamic_registration"),
        registers_settings=has("workspace.did_change_configuration.dynamic_registration"),
        shows_documents=has("window.show_document.support"),
        relates=has("text_document.publish_diagnostics.related_information")
        or has("text_document.diagnostic"),
        versions_edits=has("workspace.workspace_edit.document_changes"),
        shows_actions=action is not None,
        resolves_edits="edit" in resolved and has("text_document.code_action.data_support"),
        keeps_data=has("text_document.publish_diagnostics.data_support"),
    )


@dataclass
class Session:
    """One connection.

    Attributes:
        server: sends messages to the client.
        abilities: what the client can do.
        documents: its open documents.
        folders: the paths of its open folders, by URI.
        mode: the mode that the user has chosen; None: all.
        settings: by the URI of a folder; those of files in no folder under the empty URI.
        ready: set when the settings are known.
        on_outcome: called with each evaluated module, its outcome, and what that is to the client.
        pulled: the result ID of the last report on each document that the client asked for.
        generation: goes up when findings in files on the disk may have changed.
        configuration_generation: goes up when the configuration may have changed.
    """

    server: LanguageServer
    abilities: Abilities = field(default_factory=Abilities)
    documents: Documents = field(default_factory=Documents)
    folders: dict[str, str] = field(default_factory=dict)
    mode: Mode | None = None
    settings: dict[str, ClientSettings] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    on_outcome: list[Callable[[Module, Outcome, News], None]] = field(default_factory=list)
    pulled: dict[str, str] = field(default_factory=dict)
    generation: int = 0
    configuration_generation: int = 0

    def __post_init__(self) -> None:
        self._said: set[str] = set()
        self._problems: dict[str, str] = {}
        self._unasked: object = None
        self._times_asked = 0
        self._news = asyncio.Event()
        self.evaluations = Evaluations(
            self.documents, self.surroundings_of, Told(self._evaluated, self._failed)
        )
        #: The requests to the client to ask again.
        self.refreshes = Refreshes(lambda: self.evaluations.jobs.has(Urgency.DEPENDENT))

    # Beginning

    def begin(self, params: types.InitializeParams) -> None:
        """Take what the client declares in ``initialize``."""
        self.abilities = abilities_of(params.capabilities)
        encoding = self.server.workspace.position_encoding
        self.documents.encoding = PositionEncoding(getattr(encoding, "value", encoding))
        for folder in params.workspace_folders or ():
            self.add_folder(folder.uri)
        root = params.root_uri
        if params.workspace_folders is None and root is not None:
            self.add_folder(root)
        self.take_unasked_settings(_section(params.initialization_options))

    def add_folder(self, uri: str) -> None:
        """A folder was opened."""
        if is_file(uri):
            self.folders[uri] = path_of(uri)

    async def learn_settings(self) -> None:
        """Ask the client for its settings, and check all files with them."""
        if self.abilities.tells_settings:
            asked = asyncio.ensure_future(self._ask_for_settings())
            _, late = await asyncio.wait({asked}, timeout=_FOR_SETTINGS)
            if late:
                self.log("the client has not sent its settings: files are checked without them")
                self._check_all()
                await asked
        self._check_all()

    def _check_all(self) -> None:
        """Check all open files, with other settings than before."""
        urgency = Urgency.DEPENDENT if self.ready.is_set() else Urgency.EDITED
        if not self.ready.is_set():
            self.ready.set()
            self.evaluations.jobs.start()
        for module in self.documents:
            self.changed(module, urgency)
        self.configuration_generation += 1
        self.touch()

    async def _ask_for_settings(self) -> None:
        self._times_asked += 1
        number = self._times_asked
        scopes = ["", *self.folders]
        items = [types.ConfigurationItem(scope or None, SECTION) for scope in scopes]
        try:
            answers = await self.server.workspace_configuration_async(
                types.ConfigurationParams(items)
            )
        except Exception as error:  # any error of the client
            self.log(f"the client did not send its settings: {type(error).__name__}: {error}")
            return
        if number != self._times_asked:  # a later answer was faster
            return
        for scope, answer in zip(scopes, answers or (), strict=False):
            if answer is not None:
                self.take_settings(scope, answer)
            elif scope:
                self.settings.pop(scope, None)
            else:
                self.take_settings(scope, self._unasked)

    def take_unasked_settings(self, given: object) -> None:
        """Store the settings that the client sends by itself, in case it answers with none."""
        self._unasked = given
        self.take_settings("", given)

    def take_settings(self, scope: str, given: object) -> None:
        """Store the client's settings for a folder, or for all."""
        settings = read_settings(given)
        self.settings[scope] = settings
        for problem in settings.problems:
            self.warn(f"estimator-lint: {problem}")
        if not scope:
            self.evaluations.jobs.seconds = settings.seconds

    # Asking

    def settings_of(self, path: str) -> ClientSettings:
        """The settings of a file."""
        uri = self._folder_of(path)
        return self.settings.get(uri) or self.settings.get("") or ClientSettings()

    def surroundings_of(self, path: str) -> Surroundings:
        """Where a file is checked, and how."""
        settings = self.settings_of(path)
        root = self.folders.get(self._folder_of(path))
        if root is None:
            root = next(iter(self.folders.values()), os.path.expanduser("~"))
            if not path.startswith("<"):
                root = existing_folder(os.path.dirname(path))
        return Surroundings(root, settings.options, settings.config)

    def _folder_of(self, path: str) -> str:
        """The URI of the innermost open folder that contains a file; empty if there is none."""
        around = [
            uri
            for uri, folder in self.folders.items()
            if path == folder or path.startswith(os.path.join(folder, ""))
        ]
        return max(around, key=lambda uri: len(self.folders[uri]), default="")

    async def outcome(self, uri: str) -> tuple[Module, Outcome] | None:
        """A module with the outcome of its present state; None if it is not open."""
        await self.ready.wait()
        module = self.documents.module_of(uri)
        if module is None:
            return None
        if not self.settings_of(module.path).enabled:
            return module, Outcome()
        try:
            return module, await self.evaluations.outcome(module)
        except SupersededError:  # closed
            return None

    def changed(self, module: Module, urgency: Urgency = Urgency.EDITED) -> None:
        """A module has a new state, or is to be checked in another way."""
        if not self.settings_of(module.path).enabled:
            self.evaluations.closed(module)
            is_own = urgency is Urgency.EDITED
            self._evaluated(module, Outcome(), News.OF_A_CHANGE if is_own else News.UNEXPECTED)
            return
        self.evaluations.changed(module, urgency)

    def status(self) -> dict[str, Any]:
        """The state of the server, for bug reports."""
        return {
            "worker": self.evaluations.worker.pid,
            "workersStarted": self.evaluations.worker.started,
            "idle": self.evaluations.jobs.is_idle,
            "evaluating": self.evaluations.worker.is_at_work,
            "open": len(self.documents.modules),
            "folders": sorted(self.folders.values()),
            "mode": None if self.mode is None else self.mode.name,
            "positionEncoding": self.documents.encoding.value,
        }

    # Telling

    def touch(self) -> None:
        """Note that findings in files on the disk may have changed."""
        self.generation += 1
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def news(self) -> None:
        """Wait until ``touch`` is called."""
        await self._news.wait()

    def warn(self, text: str) -> None:
        """Show a message, the same one only once."""
        if text not in self._said:
            self._said.add(text)
            self.server.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, text)
            )

    def log(self, text: str) -> None:
        """Write a message to the client's log."""
        self.server.window_log_message(types.LogMessageParams(types.MessageType.Info, text))

    def _evaluated(self, module: Module, outcome: Outcome, news: News) -> None:
        self._tell_problem(module, outcome.configuration_problem)
        self._said.discard(self._failure(module))
        for listener in self.on_outcome:
            listener(module, outcome, news)

    def _tell_problem(self, module: Module, problem: str) -> None:
        """Show why a configuration is invalid, and again when it was valid in the meantime."""
        text = f"estimator-lint: {problem}" if problem else ""
        before = self._problems.pop(module.uri, "")
        if before != text:
            self._said.discard(before)
        if text:
            self._problems[module.uri] = text
            self.warn(text)

    def _failed(self, module: Module, reason: str, news: News) -> None:
        text = self._failure(module)
        if text not in self._said:
            self._said.add(text)
            message = f"{text}: {reason}. It will be checked again when it changes."
            self.server.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, message)
            )
        for listener in self.on_outcome:
            listener(module, Outcome(problem=reason), news)

    def _failure(self, module: Module) -> str:
        name = os.path.basename(module.path) if not module.path.startswith("<") else module.uri
        return f"estimator-lint: {name} was not checked"


def _section(options: object) -> object:
    """The settings in a client's initialization options: all of these, or a section."""
    if isinstance(options, dict):
        for key in (SECTION, "settings"):
            if isinstance(options.get(key), dict):
                return _section(options[key])
        return options
    return None
