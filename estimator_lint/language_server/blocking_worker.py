"""The evaluating process for synchronous callers: one thread at a time asks it."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import threading
from typing import Any

from estimator_lint.language_server.orders import BEGUN, LENGTH, packed
from estimator_lint.language_server.worker import (
    PACKAGE_FOLDER,
    WorkerDiedError,
    WorkerError,
    worker_command,
)


class BlockingWorker:
    """One process, started again when it died or was too slow."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._number = 0
        atexit.register(self.stop)

    def ask(self, seconds: float, method: str, *arguments: object) -> Any:
        """Send an order and wait for the answer.

        Raises:
            WorkerError: there is none.
        """
        with self._lock:
            watch: threading.Timer | None = None
            try:
                process = self._begun()
                self._number += 1
                watch = threading.Timer(seconds, process.kill)
                watch.start()
                return self._answer(process, (self._number, method, arguments))
            except (OSError, EOFError, ValueError) as error:
                self.stop()
                raise WorkerDiedError("the evaluation process died or was stopped") from error
            finally:
                if watch is not None:
                    watch.cancel()

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                worker_command(),
                cwd=PACKAGE_FOLDER,
                env={**os.environ, "PYTHONUTF8": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._read(self._process)
        return self._process

    def _answer(
        self, process: subprocess.Popen[bytes], order: tuple[int, str, tuple[object, ...]]
    ) -> Any:
        assert process.stdin is not None
        process.stdin.write(packed(order))
        process.stdin.flush()
        is_fine: bool | None = BEGUN
        while is_fine is BEGUN:
            _, is_fine, value = self._read(process)
        if not is_fine:
            raise WorkerError(value)
        return value

    def _read(self, process: subprocess.Popen[bytes]) -> tuple[int, bool | None, Any]:
        assert process.stdout is not None
        header = process.stdout.read(LENGTH.size)
        if len(header) < LENGTH.size:
            raise EOFError
        (length,) = LENGTH.unpack(header)
        data = process.stdout.read(length)
        if len(data) < length:
            raise EOFError
        answer: tuple[int, bool | None, Any] = pickle.loads(data)
        return answer
