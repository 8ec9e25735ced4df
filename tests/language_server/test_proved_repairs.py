"""Repairs are proved once, and not at the cost of other work."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from estimator_lint.fixes import analysis
from estimator_lint.language_server import proved_repairs
from estimator_lint.language_server.documents import Documents, Module
from estimator_lint.language_server.file_analysis import Analyst
from estimator_lint.language_server.jobs import Urgency
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.language_server.outcomes import Outcome, Repair
from estimator_lint.language_server.proved_repairs import ProvedRepairs
from estimator_lint.language_server.session import Session
from estimator_lint.language_server.worker import WorkerError, WorkerTimeoutError
from estimator_lint.library import check_text
from tests.command_line.program import inside
from tests.language_server.test_actions import HOOK

_FUNCTION = HOOK.split("\n\n\n")[1]

#: Five findings, each with a fix.
TEXT = HOOK + "".join(
    f"\n\n{_FUNCTION.replace('model_fn', f'model_fn_{number}')}" for number in range(4)
)


def test_the_text_is_evaluated_once_for_all_of_its_repairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: Counter[str] = Counter()
    begin = analysis.Analysis.__init__

    def counted(self: analysis.Analysis, text: str, *arguments: Any) -> None:
        evaluated[text] += 1
        begin(self, text, *arguments)

    monkeypatch.setattr(analysis.Analysis, "__init__", counted)
    source, surroundings = Source(str(tmp_path / "model.py"), TEXT), Surroundings(str(tmp_path))
    with inside(Path.cwd()):
        analyst = Analyst()
        findings = analyst.evaluate(source, surroundings).findings
        assert len(findings) == 5
        for finding in findings:
            (repair,) = analyst.repairs(source, surroundings, finding)
            assert repair.is_safe
        assert analyst.all_fixed(source, surroundings)
        assert set(evaluated.values()) == {1}
        # Another evaluation of the file takes over what was evaluated before.
        longer = Source(source.path, f"# more\n{TEXT}")
        moved = analyst.evaluate(longer, surroundings).findings
        (repair,) = analyst.repairs(longer, surroundings, moved[0])
        assert repair.changes[0].start_line == moved[0].line


class _Evaluations:
    """Evaluations of a module, and what is asked about it."""

    def __init__(self, outcome: Outcome, error: WorkerError | None = None) -> None:
        self.outcome: Outcome | None = outcome
        self.error = error
        self.asked: list[tuple[str, Urgency]] = []

    def known(self, module: Module) -> Outcome | None:
        return self.outcome

    async def ask(
        self, method: str, module: Module, *arguments: object, urgency: Urgency
    ) -> tuple[Repair, ...]:
        self.asked.append((method, urgency))
        if self.error is not None:
            raise self.error
        return ()


def _play(
    play: Callable[[ProvedRepairs, Module, Outcome, _Evaluations], Awaitable[None]],
    error: WorkerError | None = None,
    *,
    shows_actions: bool = True,
) -> None:
    async def main() -> None:
        outcome = Outcome(findings=tuple(check_text(TEXT)))
        documents = Documents()
        evaluations = _Evaluations(outcome, error)
        session = SimpleNamespace(
            documents=documents,
            evaluations=evaluations,
            abilities=SimpleNamespace(shows_actions=shows_actions),
            on_outcome=[],
        )
        repairs = ProvedRepairs(cast("Session", session))
        module = documents.open("untitled:1", 1, TEXT)
        for listener in session.on_outcome:
            listener(module, outcome, True)
        await play(repairs, module, outcome, evaluations)

    asyncio.run(main())


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proved_repairs, "CALM", 0.01)


@pytest.mark.usefixtures("_soon")
def test_repairs_are_proved_ahead() -> None:
    async def play(
        repairs: ProvedRepairs, module: Module, outcome: Outcome, evaluations: _Evaluations
    ) -> None:
        proved: list[Outcome] = []
        repairs.on_proved.append(lambda _, outcome: proved.append(outcome))
        await asyncio.sleep(0.2)
        assert proved == [outcome]
        asked = [*["repairs"] * 5, "all_fixed"]
        assert evaluations.asked == [(method, Urgency.BACKGROUND) for method in asked]
        await repairs.prove(module, outcome, [0, 4], Urgency.ASKED)
        assert len(evaluations.asked) == 6

    _play(play)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("reason", ["changed", "no actions"])
def test_nothing_is_proved_for_nothing(reason: str) -> None:
    async def play(
        repairs: ProvedRepairs, module: Module, outcome: Outcome, evaluations: _Evaluations
    ) -> None:
        if reason != "no actions":
            evaluations.outcome = None
        await asyncio.sleep(0.1)
        assert evaluations.asked == []

    _play(play, shows_actions=reason != "no actions")


@pytest.mark.parametrize(
    ("error", "times"), [(WorkerTimeoutError("slow"), 1), (WorkerError("wrong"), 5)]
)
def test_after_a_proof_that_takes_too_long_there_is_no_other(
    error: WorkerError, times: int
) -> None:
    """Each one would end the process, and with it what it keeps."""

    async def play(
        repairs: ProvedRepairs, module: Module, outcome: Outcome, evaluations: _Evaluations
    ) -> None:
        await repairs.prove(module, outcome, range(5), Urgency.ASKED)
        assert len(evaluations.asked) == times

    _play(play, error)
