"""The evaluating process, from the server's side: it is started, asked and killed here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from pathlib import Path
from typing import Any, Final

import estimator_lint
from estimator_lint.language_server.orders import BEGUN, LENGTH, STOPPED, packed

#: Seconds that the process may take to start.
_START: Final = 120.0


#: The working folder of the process: Python puts it first on ``sys.path``, and it holds this
#: package.
PACKAGE_FOLDER: Final = Path(estimator_lint.__file__).parent.parent


def worker_command() -> tuple[str, ...]:
    """The command line of the process."""
    return (sys.executable, "-m", "estimator_lint.language_server.worker_process")


class WorkerError(Exception):
    """An order has no result; the text says why."""


class WorkerDiedError(WorkerError):
    """The process ended while it worked on an order."""


class WorkerGoneError(WorkerDiedError):
    """The process ended before it began the order, so the order is not the cause."""


class WorkerStoppedError(WorkerError):
    """The process stopped working on an order, as it was told to."""


class WorkerTimeoutError(WorkerError):
    """An order took too long, and the process was killed."""


class Worker:
    """One process at a time, which works on one order at a time."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0
        self._asked: int | None = None
        #: Whether the process is working on an order.
        self.is_at_work = False
        #: How many processes were started.
        self.started = 0

    @property
    def pid(self) -> int | None:
        """The process ID, if there is a process."""
        return None if self._process is None else self._process.pid

    async def begin(self) -> None:
        """Start the process if there is none, and wait until it is ready.

        Raises:
            WorkerDiedError: the process ended at once.
        """
        if self._process is not None and self._process.returncode is None:
            return
        self._process = await asyncio.create_subprocess_exec(
            *worker_command(),
            cwd=PACKAGE_FOLDER,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self.started += 1
        try:
            await asyncio.wait_for(self._answer(0), _START)
        except (asyncio.TimeoutError, WorkerError, asyncio.CancelledError):
            self.kill()
            raise

    def tell(self, method: str, *arguments: object) -> None:
        """Send an order that has no answer."""
        self._give(0, method, arguments)

    async def ask(self, seconds: float, method: str, *arguments: object) -> Any:
        """Send an order and wait for the answer.

        Raises:
            WorkerGoneError: the process had ended before it could begin.
            WorkerError: there is no answer.
        """
        self._number += 1
        number = self._number
        self._give(number, method, arguments)
        self._asked = number
        try:
            return await asyncio.wait_for(self._answer(number), seconds)
        except asyncio.TimeoutError as error:
            self.kill()
            raise WorkerTimeoutError(f"it took longer than {seconds:g} s") from error
        except asyncio.CancelledError:
            self.kill()  # its answer would be taken for that of the next order
            raise
        finally:
            self._asked = None

    def stop(self) -> None:
        """Make the process stop working on its order, which is still answered."""
        if self._asked is not None:
            self.tell("stop", self._asked)

    def kill(self) -> None:
        """End the process, even while it works."""
        process, self._process = self._process, None
        self.is_at_work = False
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    def _give(self, number: int, method: str, arguments: tuple[object, ...]) -> None:
        if self._process is None or self._process.stdin is None:
            raise WorkerGoneError("the evaluation process is gone")
        # The missing answer shows that the process is gone.
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(packed((number, method, arguments)))

    async def _answer(self, number: int) -> Any:
        process = self._process
        self.is_at_work = False
        if process is None or process.stdout is None:
            raise WorkerGoneError("the evaluation process is gone")
        while True:
            try:
                (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
                data = await process.stdout.readexactly(length)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                kind = WorkerDiedError if self.is_at_work else WorkerGoneError
                if process is self._process:
                    self.kill()
                raise kind("the evaluation process died") from error
            answered, is_fine, value = pickle.loads(data)
            if answered == number:
                if is_fine is BEGUN:
                    self.is_at_work = True
                    continue
                self.is_at_work = False
                if not is_fine and value is STOPPED:
                    raise WorkerStoppedError("it was stopped")
                if not is_fine:
                    raise WorkerError(value)
                return value
