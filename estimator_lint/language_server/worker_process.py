"""The process that evaluates: orders come in by standard input, answers go out by standard output.

An order is a number, a method of ``Analyst`` and its arguments.  The process says when it
begins one; an answer is the number, whether it went well, and what came of it.  When the
server is gone, so is this process.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from typing import IO, Any, Final

from estimator_lint.language_server.orders import BEGUN, LENGTH, packed

_Order = tuple[int, str, tuple[Any, ...]]

#: What an order may ask for.
METHODS: Final = frozenset({"all_fixed", "evaluate", "files", "page", "repairs", "revealed"})


def main() -> None:
    """Answer orders until the server is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed is no answer
    orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=[sys.stdin.buffer, orders], daemon=True)
    reader.start()
    _work(orders, answers)


def _read(pipe: IO[bytes], orders: queue.SimpleQueue[_Order]) -> None:
    """Hand on the orders; at their end the process ends, whatever it is doing."""
    try:
        while header := pipe.read(LENGTH.size):
            orders.put(pickle.loads(pipe.read(LENGTH.unpack(header)[0])))
    finally:
        os._exit(0)


def _work(orders: queue.SimpleQueue[_Order], answers: IO[bytes]) -> None:
    from estimator_lint.language_server.file_analysis import Analyst

    analyst = Analyst()
    _warm_up()
    _answer(answers, (0, True, os.getpid()))
    while True:
        number, method, arguments = orders.get()
        try:
            if method == "open":
                analyst.open(*arguments)
                continue
            if method not in METHODS:
                raise ValueError(f"unknown method {method!r}")
            _answer(answers, (number, BEGUN, None))
            answer = (number, True, getattr(analyst, method)(*arguments))
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
    del sys.path[0]  # the folder that it is started in
    main()
