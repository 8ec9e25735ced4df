"""The evaluating process: it reads orders from standard input, and answers on standard output.

An order is a number, a method of ``Analyst`` and its arguments. The process reports when it begins
one; an answer is the number, whether it went well, and the result. The order ``stop`` takes effect
at once: it aborts the named order if that is running. The process ends with the server.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any, Final

from estimator_lint.interpreter.budget import (
    EvaluationStoppedError,
    allow_evaluations,
    stop_evaluations,
)
from estimator_lint.language_server.idle_collection import IdleCollector
from estimator_lint.language_server.orders import BEGUN, LENGTH, STOPPED, packed

_Order = tuple[int, str, tuple[Any, ...]]

#: The methods that an order may name.
METHODS: Final = frozenset({"all_fixed", "evaluate", "files", "page", "repairs", "revealed"})


def main() -> None:
    """Answer orders until the server ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the program prints must not get among the answers
    orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
    stopping = _Stopping()
    arguments = [sys.stdin.buffer, orders, stopping]
    threading.Thread(target=_read, args=arguments, daemon=True).start()
    _work(orders, answers, stopping)


class _Stopping:
    """Lets one thread stop the work of another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._unwanted = 0

    def stop(self, number: int) -> None:
        """Stop the work on an order, now or as soon as it begins."""
        with self._lock:
            self._unwanted = number
            if number == self._number:
                stop_evaluations()

    @contextlib.contextmanager
    def work_at(self, number: int) -> Iterator[None]:
        """Within, the work on an order can be stopped."""
        with self._lock:
            self._number = number
            if number == self._unwanted:
                stop_evaluations()
        try:
            yield
        finally:
            with self._lock:
                self._number = 0
                allow_evaluations()


def _read(pipe: IO[bytes], orders: queue.SimpleQueue[_Order], stopping: _Stopping) -> None:
    """Pass the orders on; when the input ends, the process ends, even while it works."""
    try:
        while header := pipe.read(LENGTH.size):
            order = pickle.loads(pipe.read(LENGTH.unpack(header)[0]))
            if order[1] == "stop":
                stopping.stop(*order[2])
            else:
                orders.put(order)
    finally:
        os._exit(0)


def _work(orders: queue.SimpleQueue[_Order], answers: IO[bytes], stopping: _Stopping) -> None:
    from estimator_lint.language_server.file_analysis import Analyst

    analyst = Analyst()
    _warm_up()
    collector = IdleCollector()
    _answer(answers, (0, True, os.getpid()))
    while True:
        number, method, arguments = collector.next_order(orders)
        try:
            if method == "open":
                analyst.open(*arguments)
                continue
            if method not in METHODS:
                raise ValueError(f"unknown method {method!r}")
            _answer(answers, (number, BEGUN, None))
            with stopping.work_at(number):
                answer = (number, True, getattr(analyst, method)(*arguments))
        except EvaluationStoppedError:
            answer = (number, False, STOPPED)
        except Exception as error:
            answer = (number, False, " ".join(f"{type(error).__name__}: {error}".split()))
        _answer(answers, answer)


def _answer(answers: IO[bytes], answer: tuple[int, bool | None, object]) -> None:
    answers.write(packed(answer))
    answers.flush()


def _warm_up() -> None:
    """Import what evaluation needs, so that the first order does not wait for it."""
    from estimator_lint import linting, reporting, rules  # noqa: F401
    from estimator_lint.interpreter import model_function  # noqa: F401
    from estimator_lint.modes_view import building  # noqa: F401


if __name__ == "__main__":
    del sys.path[0]  # the folder that the process was started in
    main()
