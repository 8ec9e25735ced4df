"""What is known of each open module: evaluated once for each of its states.

A module is evaluated anew when it changes, when a file changes that it was evaluated with,
and when the configuration does.  What comes too late for the state it was made of is dropped.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from estimator_lint.language_server.documents import Documents, Module
from estimator_lint.language_server.jobs import Jobs, SupersededError, Urgency
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.language_server.outcomes import Outcome
from estimator_lint.language_server.worker import (
    Worker,
    WorkerDiedError,
    WorkerError,
    WorkerTimeoutError,
)
from estimator_lint.project.buffers import real_path


@dataclass
class _State:
    """The evaluation of one state of a module.

    Attributes:
        serial: of the state.
        result: the outcome, or why there is none.
        began: what the clock of changes showed when the worker got it.
        failed: the worker died of it, or took too long: it is left alone until it changes.
        is_own: the module itself changed, not something else.
    """

    serial: int
    is_own: bool
    result: asyncio.Future[Any]
    began: int = 0
    failed: bool = False


@dataclass(frozen=True)
class Told:
    """What the rest of the server wants to know.

    Attributes:
        outcome: called with a module, what came of its present state, and whether it was
            the module itself that changed.
        failure: called with a module that could not be evaluated, and the reason.
    """

    outcome: Callable[[Module, Outcome, bool], None]
    failure: Callable[[Module, str], None]


class Evaluations:
    """The evaluations of all open modules.

    Args:
        documents: what is open.
        surroundings_of: where and how a file is checked.
        told: whom to tell.
    """

    def __init__(
        self, documents: Documents, surroundings_of: Callable[[str], Surroundings], told: Told
    ) -> None:
        self._documents = documents
        self._surroundings_of = surroundings_of
        self._told = told
        self.worker = Worker()
        self.jobs = Jobs(self.worker, self._send_buffers)
        self._states: dict[str, _State] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._real_paths: dict[str, str] = {}
        self._clock = itertools.count(1)
        self._now = 0
        self._changed: dict[str, int] = {}
        self._sent: dict[str, int] = {}
        self._sent_to = 0

    def changed(self, module: Module) -> None:
        """A module is open in a state that was not evaluated yet."""
        if not module.path.startswith("<"):
            self.files_changed([module.path], but=module)
        self._evaluate(module, Urgency.EDITED)

    def closed(self, module: Module) -> None:
        """A module is not open any more; what is on the disk counts."""
        self._states.pop(module.uri, None)
        self._outcomes.pop(module.uri, None)
        self.jobs.drop(module.uri)
        if not module.path.startswith("<"):
            self.files_changed([module.path])

    def files_changed(self, paths: Iterable[str], but: Module | None = None) -> None:
        """Files have another text, or buffers: evaluate what depends on them."""
        self._now = next(self._clock)
        changed = {self._real(path) for path in paths}
        self._changed.update(dict.fromkeys(changed, self._now))
        for module in self._documents:
            outcome = self._outcomes.get(module.uri)
            if module is not but and outcome is not None and outcome.read & changed:
                self._evaluate(module, Urgency.DEPENDENT)

    def everything_changed(self) -> None:
        """The configuration is another one, or files came or went: evaluate all anew."""
        for module in self._documents:
            if module.uri in self._states:
                self._evaluate(module, Urgency.DEPENDENT)

    async def outcome(self, module: Module) -> Outcome:
        """What there is to say of the state that a module has in the end.

        Raises:
            SupersededError: it was closed.
        """
        while True:
            state = self._states.get(module.uri)
            if state is None or self._documents.modules.get(module.uri) is not module:
                raise SupersededError
            try:
                outcome: Outcome = await asyncio.shield(state.result)
            except SupersededError:
                continue
            except WorkerError as error:
                outcome = Outcome(problem=str(error))
            if self._states.get(module.uri) is state:
                return outcome

    def known(self, module: Module) -> Outcome | None:
        """What there is to say of the present state of a module, if that is known already."""
        state = self._states.get(module.uri)
        if state is None or state.serial != module.serial or not state.result.done():
            return None
        return self._outcomes.get(module.uri) if state.result.exception() is None else None

    async def ask(self, name: object, method: str, module: Module, *arguments: object) -> Any:
        """Ask the worker for something else about a module.

        Raises:
            WorkerError, SupersededError: there is no answer.
        """
        source, surroundings = self.source(module), self._surroundings_of(module.path)
        return await self.jobs.submit(name, Urgency.ASKED, method, source, surroundings, *arguments)

    def source(self, module: Module) -> Source:
        """What the worker is given of a module."""
        cells = module.sources
        return Source(module.path, module.text if cells is None else None, cells)

    def _evaluate(self, module: Module, urgency: Urgency) -> None:
        before = self._states.get(module.uri)
        if before is not None and before.failed and before.serial == module.serial:
            return
        result = self.jobs.submit(
            module.uri,
            urgency,
            "evaluate",
            self.source(module),
            self._surroundings_of(module.path),
            on_start=lambda: setattr(state, "began", self._now),
        )
        state = _State(module.serial, urgency is Urgency.EDITED, result)
        self._states[module.uri] = state
        result.add_done_callback(lambda result: self._done(module, state))

    def _done(self, module: Module, state: _State) -> None:
        if self._states.get(module.uri) is not state or state.result.cancelled():
            return
        error = state.result.exception()
        if error is None:
            outcome: Outcome = state.result.result()
            self._outcomes[module.uri] = outcome
            if any(self._changed.get(path, 0) > state.began for path in outcome.read):
                self._evaluate(module, Urgency.DEPENDENT)
                return
            self._told.outcome(module, outcome, state.is_own)
        elif isinstance(error, WorkerError):
            self._outcomes.pop(module.uri, None)
            state.failed = isinstance(error, WorkerDiedError | WorkerTimeoutError)
            self._told.failure(module, str(error))

    def stamp_of(self, path: str) -> object:
        """Another one whenever a file, or the buffer that it is open in, has another text."""
        real = self._real(path)
        for module in self._documents:
            if not module.path.startswith("<") and self._real(module.path) == real:
                return module.serial
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_size

    def _real(self, path: str) -> str:
        if path not in self._real_paths:
            if len(self._real_paths) > 10_000:
                self._real_paths.clear()
            self._real_paths[path] = real_path(path)
        return self._real_paths[path]

    def _send_buffers(self) -> None:
        """Give the worker the texts that changed since it got them last."""
        if self._sent_to != self.worker.started:
            self._sent_to = self.worker.started
            self._sent.clear()
        present = {
            self._real(module.path): module
            for module in self._documents
            if not module.is_notebook and not module.path.startswith("<")
        }
        news: dict[str, str | None] = {path: None for path in self._sent if path not in present}
        for path, module in present.items():
            if self._sent.get(path) != module.serial:
                news[path] = module.text
        if news:
            self.worker.tell("open", news)
            self._sent = {path: module.serial for path, module in present.items()}
