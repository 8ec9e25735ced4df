"""The order of the evaluating process's work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from estimator_lint.language_server.documents import Documents, Module
from estimator_lint.language_server.evaluations import Evaluations, Told
from estimator_lint.language_server.jobs import Jobs, SupersededError, Urgency
from estimator_lint.language_server.orders import Surroundings
from estimator_lint.language_server.outcomes import Outcome
from estimator_lint.language_server.worker import (
    Worker,
    WorkerStoppedError,
    WorkerTimeoutError,
)


class _SlowWorker:
    """A worker that works on an order until it is told to go on, or to stop."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.started = 1
        self._next = asyncio.Event()
        self._is_stopped = False

    async def begin(self) -> None:
        pass

    def tell(self, method: str, *arguments: object) -> None:
        pass

    async def ask(self, seconds: float, method: str, *arguments: object) -> object:
        self.asked.append(method)
        self._next.clear()
        self._is_stopped = False
        await self._next.wait()
        if self._is_stopped:
            raise WorkerStoppedError("it was stopped")
        return Outcome() if method == "evaluate" else method

    def stop(self) -> None:
        self._is_stopped = True
        self._next.set()

    def go_on(self) -> None:
        self._next.set()

    def kill(self) -> None:
        pass


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def _run(play: Callable[[_SlowWorker, Jobs], Awaitable[None]]) -> None:
    async def main() -> None:
        worker = _SlowWorker()
        jobs = Jobs(cast("Worker", worker), lambda: None)
        jobs.start()
        try:
            await play(worker, jobs)
        finally:
            jobs.stop()

    asyncio.run(main())


def test_work_in_the_background_is_put_off_and_done_later() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        later = jobs.submit("a", Urgency.BACKGROUND, "first")
        await _settle()
        soon = jobs.submit("b", Urgency.EDITED, "second")
        await _settle()
        assert worker.asked == ["first", "second"]
        assert not later.done()
        worker.go_on()
        assert await soon == "second"
        await _settle()
        assert worker.asked == ["first", "second", "first"]
        worker.go_on()
        assert await later == "first"

    _run(play)


def test_other_work_is_not_put_off() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        first = jobs.submit("a", Urgency.DEPENDENT, "first")
        await _settle()
        jobs.submit("b", Urgency.ASKED, "second")
        await _settle()
        assert worker.asked == ["first"]
        worker.go_on()
        assert await first == "first"

    _run(play)


def test_what_is_wanted_after_all_is_not_put_off() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        first = jobs.submit("a", Urgency.BACKGROUND, "first")
        await _settle()
        jobs.hurry("a", Urgency.ASKED)
        jobs.submit("b", Urgency.EDITED, "second")
        await _settle()
        assert worker.asked == ["first"]
        worker.go_on()
        assert await first == "first"

    _run(play)


def test_work_that_waits_can_become_urgent() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        jobs.submit("a", Urgency.BACKGROUND, "first")
        await _settle()
        third = jobs.submit("c", Urgency.BACKGROUND, "third")
        jobs.hurry("c", Urgency.ASKED)
        await _settle()
        assert worker.asked == ["first", "third"]
        worker.go_on()
        assert await third == "third"

    _run(play)


def test_put_off_and_replaced() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        first = jobs.submit("a", Urgency.BACKGROUND, "first")
        await _settle()
        jobs.submit("b", Urgency.ASKED, "second")
        again = jobs.submit("a", Urgency.BACKGROUND, "again")
        await _settle()
        assert isinstance(first.exception(), SupersededError)
        worker.go_on()
        await _settle()
        worker.go_on()
        assert await again == "again"
        assert worker.asked == ["first", "second", "again"]

    _run(play)


def _evaluations(play: Callable[[_SlowWorker, Evaluations, Module], Awaitable[None]]) -> None:
    async def main() -> None:
        documents = Documents()
        told = Told(lambda *_: None, lambda *_: None)
        evaluations = Evaluations(documents, lambda _: Surroundings(""), told)
        worker = _SlowWorker()
        evaluations.worker = cast("Worker", worker)
        evaluations.jobs = Jobs(cast("Worker", worker), lambda: None)
        evaluations.jobs.start()
        module = documents.open("untitled:1", 1, "")
        evaluations.changed(module)
        await _settle()
        worker.go_on()
        await evaluations.outcome(module)
        worker.asked.clear()
        try:
            await play(worker, evaluations, module)
        finally:
            evaluations.jobs.stop()

    asyncio.run(main())


def test_the_same_question_is_asked_once() -> None:
    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        asked = [asyncio.ensure_future(evaluations.ask("repairs", module, 1)) for _ in "abc"]
        await _settle()
        asked[0].cancel()
        await _settle()
        worker.go_on()
        assert await asyncio.gather(*asked[1:]) == ["repairs"] * 2
        assert worker.asked == ["repairs"]

    _evaluations(play)


def test_what_nobody_waits_for_is_stopped() -> None:
    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        asked: asyncio.Future[Any] = asyncio.ensure_future(evaluations.ask("repairs", module))
        await _settle()
        asked.cancel()
        await _settle()
        assert evaluations.jobs.is_idle
        again = asyncio.ensure_future(evaluations.ask("repairs", module))
        await _settle()
        worker.go_on()
        assert await again == "repairs"

    _evaluations(play)


def test_a_change_drops_what_is_asked_about_the_state_before() -> None:
    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        asked = asyncio.ensure_future(evaluations.ask("repairs", module))
        await _settle()
        module.serial += 1
        evaluations.changed(module)
        await _settle()
        assert isinstance(asked.exception(), SupersededError)
        assert worker.asked == ["repairs", "evaluate"]

    _evaluations(play)


def test_an_outcome_that_will_never_come_is_not_waited_for() -> None:
    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        evaluations.changed(module)
        waiting = asyncio.ensure_future(evaluations.outcome(module))
        await _settle()
        evaluations.jobs.stop()
        await _settle()
        assert isinstance(waiting.exception(), SupersededError)

    _evaluations(play)


def test_what_is_asked_in_the_turn_in_which_it_is_dropped() -> None:
    """A client that cancels a request and sends it again, in one packet."""

    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        asked: asyncio.Future[Any] = asyncio.ensure_future(evaluations.ask("repairs", module))
        await _settle()
        asked.cancel()
        again = asyncio.ensure_future(evaluations.ask("repairs", module))
        await _settle()
        worker.go_on()
        assert await again == "repairs"

    _evaluations(play)


def test_when_the_server_stops_even_known_outcomes_are_gone() -> None:
    """Otherwise, who asks again after each SupersededError would ask forever."""

    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        evaluations.jobs.stop()
        with pytest.raises(SupersededError):
            await evaluations.outcome(module)

    _evaluations(play)


def test_what_took_too_long_is_tried_again_with_other_settings() -> None:
    async def play(worker: _SlowWorker, evaluations: Evaluations, module: Module) -> None:
        async def too_long(seconds: float, method: str, *arguments: object) -> object:
            worker.asked.append(method)
            raise WorkerTimeoutError("it took too long")

        worker.ask = too_long  # type: ignore[method-assign]
        evaluations.changed(module, Urgency.DEPENDENT)
        await _settle()
        evaluations.everything_changed()
        await _settle()
        assert worker.asked == ["evaluate"]
        evaluations.changed(module, Urgency.DEPENDENT)
        await _settle()
        assert worker.asked == ["evaluate"] * 2

    _evaluations(play)


def test_what_is_cancelled_while_it_waits_is_not_begun() -> None:
    async def play(worker: _SlowWorker, jobs: Jobs) -> None:
        first = jobs.submit("a", Urgency.ASKED, "first")
        second = jobs.submit("b", Urgency.ASKED, "second")
        await _settle()
        second.cancel()
        third = jobs.submit("c", Urgency.ASKED, "third")
        worker.go_on()
        await first
        await _settle()
        worker.go_on()
        assert await third == "third"
        assert worker.asked == ["first", "third"]

    _run(play)
