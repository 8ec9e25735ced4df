"""The queue of the evaluating process: which job is next, and which ones are dropped.

There is at most one job of a name: a newer one replaces a waiting one, and a running one is
stopped. If the process does not stop soon, it is killed, and its kept evaluations are lost.

Work that nobody waits for gives way: it is put off as soon as there is other work, and done again
later.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from estimator_lint.language_server.worker import (
    Worker,
    WorkerDiedError,
    WorkerError,
    WorkerGoneError,
    WorkerStoppedError,
)

#: Seconds that superseded work may take to stop. Starting a new process takes about one, and then
#: everything has to be evaluated again.
PATIENCE: Final = 2.0

#: How often a job is retried if its worker had ended, for another reason, before it began.
MOST_TIMES_LOST: Final = 3


class SupersededError(Exception):
    """A newer job replaced this one before it was done."""


class Urgency(enum.IntEnum):
    """The priority of a job."""

    ASKED = 0
    EDITED = 1
    DEPENDENT = 2
    BACKGROUND = 3


@dataclass(eq=False)
class Job:
    """A request to the worker.

    Attributes:
        name: a newer job of the same name replaces this one.
        method, arguments: the request.
        result: a value, a WorkerError or a SupersededError.
        on_start: called when the worker gets it.
        times_lost: how often the worker had ended before it began it.
        is_put_off: it was stopped because there is more urgent work.
    """

    name: object
    urgency: Urgency
    method: str
    arguments: tuple[object, ...]
    result: asyncio.Future[Any]
    on_start: Callable[[], None]
    order: int = field(default_factory=itertools.count().__next__)
    times_lost: int = 0
    is_put_off: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """The sort key: the job with the smallest one is next."""
        return self.urgency, self.order


class Jobs:
    """The waiting jobs and the running one.

    Args:
        worker: the worker that does them.
        before: called before each request, when the worker has been started.
    """

    def __init__(self, worker: Worker, before: Callable[[], None]) -> None:
        self._worker = worker
        self._before = before
        self._waiting: dict[object, Job] = {}
        self._running: Job | None = None
        self._there_is_work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        #: Whether the server stops: every job is dropped.
        self.is_over = False
        self.seconds = 10.0

    @property
    def is_idle(self) -> bool:
        """Whether no job runs or waits."""
        return self._running is None and not self._waiting

    def has(self, urgency: Urgency) -> bool:
        """Whether a job of this urgency runs or waits."""
        running = [] if self._running is None else [self._running]
        return any(job.urgency is urgency for job in (*self._waiting.values(), *running))

    def start(self) -> None:
        """Start working on jobs."""
        if self.is_over:
            return
        self._task = asyncio.ensure_future(self._work())

    def stop(self) -> None:
        """End at once, and accept no more jobs."""
        self.is_over = True
        if self._task is not None:
            self._task.cancel()
        for job in [*self._waiting.values(), *([self._running] if self._running else [])]:
            _fail(job, SupersededError())
        self._waiting.clear()
        self._worker.kill()

    def submit(
        self,
        name: object,
        urgency: Urgency,
        method: str,
        *arguments: object,
        on_start: Callable[[], None] = lambda: None,
    ) -> asyncio.Future[Any]:
        """Add a job, which replaces one of the same name."""
        self.drop(name)
        result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        result.add_done_callback(_looked_at)
        job = Job(name, urgency, method, arguments, result, on_start)
        if self.is_over:
            _fail(job, SupersededError())
            return result
        self._waiting[name] = job
        self._there_is_work.set()
        self._put_off_background(urgency)
        return result

    def hurry(self, name: object, urgency: Urgency) -> None:
        """Make the job of a name more urgent."""
        waiting = self._waiting.get(name)
        if waiting is not None:
            waiting.urgency = min(urgency, waiting.urgency)
            self._put_off_background(urgency)
        elif self._running is not None and self._running.name == name:
            self._running.urgency = min(urgency, self._running.urgency)

    def _put_off_background(self, urgency: Urgency) -> None:
        """Stop work in the background, since there is more urgent work."""
        running = self._running
        if running is not None and urgency < running.urgency is Urgency.BACKGROUND:
            running.is_put_off = True
            self._worker.stop()

    def drop(self, name: object) -> None:
        """Drop the job of a name."""
        waiting = self._waiting.pop(name, None)
        if waiting is not None:
            _fail(waiting, SupersededError())
        running = self._running
        if running is not None and running.name == name and not running.result.done():
            _fail(running, SupersededError())
            self._worker.stop()
            asyncio.get_running_loop().call_later(PATIENCE, self._stop_if_running, running)

    def _stop_if_running(self, job: Job) -> None:
        if self._running is job:
            self._worker.kill()

    async def _work(self) -> None:
        while True:
            if not self._waiting:
                self._there_is_work.clear()
                await self._there_is_work.wait()
            try:
                await self._worker.begin()
            except (WorkerError, OSError, asyncio.TimeoutError) as error:
                self._fail_all(WorkerDiedError(f"the evaluation process cannot start: {error}"))
                continue
            if not self._waiting:  # dropped in the meantime
                continue
            job = min(self._waiting.values(), key=lambda waiting: waiting.rank)
            del self._waiting[job.name]
            if job.result.done():  # nobody waits for it any more
                continue
            self._running = job
            try:
                await self._run(job)
            finally:
                self._running = None

    async def _run(self, job: Job) -> None:
        job.is_put_off = False
        try:
            self._before()
            job.on_start()
            value = await self._worker.ask(self.seconds, job.method, *job.arguments)
        except WorkerGoneError as error:
            job.times_lost += 1
            if job.times_lost > MOST_TIMES_LOST or job.name in self._waiting:
                _fail(job, error)
            elif not job.result.done():
                self._waiting[job.name] = job
        except WorkerStoppedError as error:
            if not job.is_put_off or job.name in self._waiting:
                _fail(job, error)
            elif not job.result.done():
                self._waiting[job.name] = job
        except WorkerError as error:
            _fail(job, error)
        except Exception as error:  # arguments that can't be pickled
            _fail(job, WorkerError(f"{type(error).__name__}: {error}"))
        else:
            if not job.result.done():
                job.result.set_result(value)

    def _fail_all(self, error: WorkerError) -> None:
        for job in self._waiting.values():
            _fail(job, error)
        self._waiting.clear()


def _fail(job: Job, error: Exception) -> None:
    if not job.result.done():
        job.result.set_exception(error)


def _looked_at(result: asyncio.Future[Any]) -> None:
    """Retrieve the exception, so that asyncio does not warn if nobody awaits the job."""
    with contextlib.suppress(asyncio.CancelledError):
        result.exception()
