"""The repairs of findings in open modules, each proved once for a state of its module.

A repair is offered only when it is proved, and a proof costs an evaluation. So the repairs of a
module with findings are proved ahead, when nothing has changed for a while: a client that asks for
actions then need not wait. This gives way to all other work.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from estimator_lint.language_server.jobs import SupersededError, Urgency
from estimator_lint.language_server.worker import WorkerDiedError, WorkerError, WorkerTimeoutError

if TYPE_CHECKING:
    from estimator_lint.findings import Finding
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.evaluations import News
    from estimator_lint.language_server.outcomes import Change, Outcome, Repair
    from estimator_lint.language_server.session import Session

#: Seconds after an evaluation before its repairs are proved ahead.
CALM: Final = 1.0

#: For at most so many findings of a module, repairs are proved ahead.
_MOST: Final = 50


@dataclass
class KnownRepairs:
    """The repairs of one evaluated state of a module, as far as they are known.

    Attributes:
        state: unique to the state.
        outcome: its evaluation.
        since: the time of the event loop when it was evaluated, in seconds.
        repairs: by the number of a finding.
        all_safe: the changes that make all safe repairs; None: not known yet.
        is_given_up: the worker died or took too long: nothing more is proved.
    """

    state: int
    outcome: Outcome
    since: float
    repairs: dict[int, tuple[Repair, ...]] = field(default_factory=dict)
    all_safe: tuple[Change, ...] | None = None
    is_given_up: bool = False

    @property
    def has_safe(self) -> bool | None:
        """Whether some finding has a safe repair; None: not known yet."""
        if self.all_safe is not None:
            return bool(self.all_safe)
        if any(each.is_safe for some in self.repairs.values() for each in some):
            return True
        return None


class ProvedRepairs:
    """The repairs of all open modules.

    Attributes:
        on_proved: called with a module and its evaluation when all of its repairs are known.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, KnownRepairs] = {}
        self._states = itertools.count(1)
        self._ahead: dict[str, asyncio.TimerHandle | asyncio.Task[None]] = {}
        self.on_proved: list[Callable[[Module, Outcome], None]] = []
        session.on_outcome.append(self._evaluated)

    def known(self, module: Module, outcome: Outcome) -> KnownRepairs:
        """What is known of the repairs of a module with this evaluation."""
        known = self._known.get(module.uri)
        if known is None or known.outcome is not outcome:
            known = self._known[module.uri] = KnownRepairs(
                next(self._states), outcome, asyncio.get_running_loop().time()
            )
        return known

    def in_state(self, uri: str, state: int) -> tuple[Module, KnownRepairs] | None:
        """A module and its repairs, if it still is in a state."""
        module, known = self._session.documents.modules.get(uri), self._known.get(uri)
        if module is None or known is None or known.state != state:
            return None
        return (module, known) if self.is_present(module, known.outcome) else None

    def is_present(self, module: Module, outcome: Outcome) -> bool:
        """Whether an evaluation is that of the present state of a module."""
        return self._session.evaluations.known(module) is outcome

    async def calm(self, module: Module, outcome: Outcome) -> None:
        """Wait until a module has not changed for a while.

        Raises:
            SupersededError: the module has changed.
        """
        end = self.known(module, outcome).since + CALM
        await asyncio.sleep(end - asyncio.get_running_loop().time())
        if not self.is_present(module, outcome):
            raise SupersededError

    async def prove(
        self, module: Module, outcome: Outcome, numbers: Iterable[int], urgency: Urgency
    ) -> None:
        """Learn the repairs of some findings, given by their numbers.

        Raises:
            SupersededError: the module has changed.
        """
        known = self.known(module, outcome)
        for number in numbers:
            if number not in known.repairs:
                finding = outcome.findings[number]
                known.repairs[number] = await self._answer(
                    known, "repairs", module, finding, urgency=urgency
                )

    async def all_safe(
        self, module: Module, outcome: Outcome, urgency: Urgency = Urgency.ASKED
    ) -> tuple[Change, ...]:
        """The changes that make all safe repairs.

        Raises:
            SupersededError: the module has changed.
        """
        known = self.known(module, outcome)
        if known.all_safe is None:
            known.all_safe = await self._answer(known, "all_fixed", module, urgency=urgency)
        return known.all_safe or ()

    async def _answer(
        self,
        known: KnownRepairs,
        method: str,
        module: Module,
        *arguments: Finding,
        urgency: Urgency,
    ) -> tuple[Any, ...]:
        """The worker's answer; nothing if it fails, since another attempt would fail, too."""
        if known.is_given_up:
            return ()
        try:
            answer: tuple[Any, ...] = await self._session.evaluations.ask(
                method, module, *arguments, urgency=urgency
            )
        except WorkerError as error:
            known.is_given_up = isinstance(error, WorkerDiedError | WorkerTimeoutError)
            return ()
        return answer

    # Ahead

    def _evaluated(self, module: Module, outcome: Outcome, news: News) -> None:
        before = self._ahead.pop(module.uri, None)
        if before is not None:
            before.cancel()
        self._forget_closed()
        if outcome.findings and self._session.abilities.shows_actions:
            loop = asyncio.get_running_loop()
            self._ahead[module.uri] = loop.call_later(CALM, self._begin, module, outcome)

    def _begin(self, module: Module, outcome: Outcome) -> None:
        if self.is_present(module, outcome):
            self._ahead[module.uri] = asyncio.ensure_future(self._prove_ahead(module, outcome))

    async def _prove_ahead(self, module: Module, outcome: Outcome) -> None:
        try:
            numbers = range(min(len(outcome.findings), _MOST))
            await self.prove(module, outcome, numbers, Urgency.BACKGROUND)
            await self.all_safe(module, outcome, Urgency.BACKGROUND)
        except SupersededError:
            return
        if self.is_present(module, outcome):
            for listener in self.on_proved:
                listener(module, outcome)

    def _forget_closed(self) -> None:
        for uri in self._known.keys() - self._session.documents.modules.keys():
            del self._known[uri]
        for uri in self._ahead.keys() - self._session.documents.modules.keys():
            self._ahead.pop(uri).cancel()
