"""The outcomes of open modules: each state of a module is evaluated once.

A module is evaluated again when it changes, when a file changes that its evaluation read, and when
the configuration changes. A result that arrives after its state was superseded is dropped.
"""

from __future__ import annotations

import asyncio
import enum
import functools
import itertools
import os
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

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
        serial: the number of the state.
        result: the outcome, or why there is none.
        urgency: EDITED if the module itself changed, not something that it depends on.
        began: the number of changes so far when the worker got it.
        failed: the worker died or took too long: the module is not evaluated until it changes.
    """

    serial: int
    urgency: Urgency
    result: asyncio.Future[Any]
    began: int = 0
    failed: bool = False


@dataclass
class _Asked:
    """A request to the worker about a module.

    Attributes:
        result: the answer.
        waiting: how many wait for it.
    """

    result: asyncio.Future[Any]
    waiting: int = 0


#: The name of such a request: the method, the module's URI, the arguments.
_Name: TypeAlias = "tuple[str, str, tuple[Hashable, ...]]"


class News(enum.Enum):
    """What an outcome is to the client, which asks by itself only about modules that changed."""

    #: The module itself has changed.
    OF_A_CHANGE = enum.auto()
    #: Something that it depends on has changed, and so has the outcome.
    UNEXPECTED = enum.auto()
    #: The outcome is what it was.
    NONE = enum.auto()


@dataclass(frozen=True)
class Told:
    """Callbacks of the rest of the server.

    Attributes:
        outcome: called with a module and the outcome of its present state.
        failure: called with a module that could not be evaluated, and the reason.
    """

    outcome: Callable[[Module, Outcome, News], None]
    failure: Callable[[Module, str, News], None]


class Evaluations:
    """The evaluations of all open modules.

    Args:
        documents: the open documents.
        surroundings_of: returns where and how a file is checked.
        told: the callbacks.
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
        self._asked: dict[_Name, _Asked] = {}
        self._real_paths: dict[str, str] = {}
        self._clock = itertools.count(1)
        self._now = 0
        self._changed: dict[str, int] = {}
        self._sent: dict[str, int] = {}
        self._sent_to = 0

    def changed(self, module: Module, urgency: Urgency = Urgency.EDITED) -> None:
        """A module was opened, has a new state, or is to be evaluated in another way."""
        if not module.path.startswith("<"):
            self.files_changed([module.path], but=module)
        before = self._states.get(module.uri)
        if before is not None:
            before.failed = False  # it may go well this time
        self._evaluate(module, urgency)

    def closed(self, module: Module) -> None:
        """A module was closed: from now on, the file on the disk counts."""
        self._states.pop(module.uri, None)
        self._outcomes.pop(module.uri, None)
        self.jobs.drop(module.uri)
        self._drop_asked(module)
        if not module.path.startswith("<"):
            self.files_changed([module.path])

    def files_changed(self, paths: Iterable[str], but: Module | None = None) -> None:
        """Files or their buffers changed: evaluate what depends on them."""
        self._now = next(self._clock)
        changed = {self._real(path) for path in paths}
        self._changed.update(dict.fromkeys(changed, self._now))
        for module in self._documents:
            outcome = self._outcomes.get(module.uri)
            if module is not but and outcome is not None and outcome.read & changed:
                self._evaluate(module, Urgency.DEPENDENT)

    def everything_changed(self) -> None:
        """The configuration changed, or files were added or removed: evaluate everything again."""
        self._real_paths.clear()
        for module in self._documents:
            if module.uri in self._states:
                self._evaluate(module, Urgency.DEPENDENT)

    async def outcome(self, module: Module) -> Outcome:
        """The outcome of a module, once its latest state is evaluated.

        Raises:
            SupersededError: it was closed, or the server stops.
        """
        while True:
            state = self._states.get(module.uri)
            is_open = self._documents.modules.get(module.uri) is module
            if state is None or not is_open or self.jobs.is_over:
                raise SupersededError
            try:
                outcome: Outcome = await asyncio.shield(state.result)
            except SupersededError:
                if self._states.get(module.uri) is state:  # there will be no other
                    raise
                continue
            except WorkerError as error:
                outcome = Outcome(problem=str(error))
            if self._states.get(module.uri) is state:
                return outcome

    def known(self, module: Module) -> Outcome | None:
        """The outcome of a module's present state, if it is evaluated already."""
        state = self._states.get(module.uri)
        if state is None or state.serial != module.serial or not state.result.done():
            return None
        return self._outcomes.get(module.uri) if state.result.exception() is None else None

    async def ask(
        self,
        method: str,
        module: Module,
        *arguments: Hashable,
        urgency: Urgency = Urgency.ASKED,
    ) -> Any:
        """Make another request about the present state of a module to the worker.

        The same request is made only once at a time. It is dropped when nobody waits for it any
        more, and when the module changes.

        Raises:
            WorkerError, SupersededError: there is no answer.
        """
        name = (method, module.uri, arguments)
        asked = self._asked.get(name)
        if asked is None or asked.result.done():  # dropped in this turn of the event loop
            source, surroundings = self.source(module), self._surroundings_of(module.path)
            result = self.jobs.submit(name, urgency, method, source, surroundings, *arguments)
            asked = self._asked[name] = _Asked(result)
            result.add_done_callback(functools.partial(self._answered, name))
        else:
            self.jobs.hurry(name, urgency)
        asked.waiting += 1
        try:
            return await asyncio.shield(asked.result)
        finally:
            asked.waiting -= 1
            if not asked.waiting and not asked.result.done():
                self.jobs.drop(name)

    def _answered(self, name: _Name, result: asyncio.Future[Any]) -> None:
        asked = self._asked.get(name)
        if asked is not None and asked.result is result:
            del self._asked[name]

    def _drop_asked(self, module: Module) -> None:
        """Drop the requests about a module, whose answers would be about an earlier state."""
        for name in [name for name in self._asked if name[1] == module.uri]:
            self.jobs.drop(name)

    def source(self, module: Module) -> Source:
        """A module as the worker gets it."""
        cells = module.sources
        return Source(module.path, module.text if cells is None else None, cells)

    def _evaluate(self, module: Module, urgency: Urgency) -> None:
        before = self._states.get(module.uri)
        if before is not None and before.failed and before.serial == module.serial:
            return
        self._drop_asked(module)
        if before is not None and not before.result.done():
            urgency = min(urgency, before.urgency)
        result = self.jobs.submit(
            module.uri,
            urgency,
            "evaluate",
            self.source(module),
            self._surroundings_of(module.path),
            on_start=lambda: setattr(state, "began", self._now),
        )
        state = _State(module.serial, urgency, result)
        self._states[module.uri] = state
        result.add_done_callback(lambda result: self._done(module, state))

    def _done(self, module: Module, state: _State) -> None:
        if self._states.get(module.uri) is not state or state.result.cancelled():
            return
        error = state.result.exception()
        before = self._outcomes.get(module.uri)
        news = News.OF_A_CHANGE if state.urgency is Urgency.EDITED else News.UNEXPECTED
        if error is None:
            outcome: Outcome = state.result.result()
            if any(self._changed.get(path, 0) > state.began for path in outcome.read):
                self._evaluate(module, state.urgency)
                return
            self._outcomes[module.uri] = outcome
            if news is News.UNEXPECTED and outcome == before:
                news = News.NONE
            self._told.outcome(module, outcome, news)
        elif isinstance(error, WorkerError):
            self._outcomes.pop(module.uri, None)
            state.failed = isinstance(error, WorkerDiedError | WorkerTimeoutError)
            self._told.failure(module, str(error), news)

    def module_at(self, path: str) -> Module | None:
        """The open module of a file, whatever the client calls it."""
        real = self._real(path)
        for module in self._documents:
            if not module.path.startswith("<") and self._real(module.path) == real:
                return module
        return None

    def stamp_of(self, path: str) -> object:
        """A stamp that changes with the text of a file or of its buffer."""
        module = self.module_at(path)
        if module is not None:
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
        """Send the worker the buffers that changed since it last got them."""
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
