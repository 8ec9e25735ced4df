"""The limit of work for one model function, counted, not timed."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from estimator_lint.domain import bounds


class TooMuchWorkError(Exception):
    """A model function takes more work than its budget."""


class SkimTooLongError(Exception):
    """A function is too long to be run even on one path."""


class CallTooLongError(Exception):
    """A call that leads to another file is not worth following any longer."""


class EvaluationStoppedError(BaseException):
    """The result of the evaluation is no longer needed."""


@dataclass(frozen=True)
class VainAttempt:
    """An attempt to follow a call that gained nothing.

    Attributes:
        limit: how many steps it was allowed; with more it might gain something.
        steps: how many it took.
    """

    limit: int
    steps: int


class Budget:
    """The remaining work for one model function, in all modes.

    The unit is one expression evaluated, or one statement run, on one path.

    Args:
        lines: the lines of the function.

    Attributes:
        in_vain: work that gained nothing, and need not be done again, by its circumstances.
    """

    #: What has to be left for any evaluation of the process to go on.
    reserve: ClassVar[float] = 0

    def __init__(self, lines: int = 0) -> None:
        self.in_vain: dict[Hashable, VainAttempt] = {}
        self.left = bounds.MAX_WORK + bounds.WORK_PER_LINE * lines

    def spend(self, work: int) -> None:
        """Spend ``work``.

        Raises:
            TooMuchWorkError: nothing is left.
            EvaluationStoppedError: another thread has called ``stop_evaluations``.
        """
        self.left -= work
        if self.left < self.reserve:
            if self.reserve:
                raise EvaluationStoppedError
            raise TooMuchWorkError


def stop_evaluations() -> None:
    """Let all evaluations of the process end as soon as they do anything."""
    Budget.reserve = math.inf


def allow_evaluations() -> None:
    """Let evaluations be made again."""
    Budget.reserve = 0
