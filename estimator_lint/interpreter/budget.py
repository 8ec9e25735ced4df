"""The limit of work for one model function, counted, not timed."""

from __future__ import annotations

from estimator_lint.domain import bounds


class TooMuchWorkError(Exception):
    """A model function takes more work than its budget."""


class SkimTooLongError(Exception):
    """A function is too long to be run even on one path."""


class CallTooLongError(Exception):
    """A call that leads to another file is not worth following any longer."""


class Budget:
    """The remaining work for one model function, in all modes.

    The unit is one expression evaluated, or one statement run, on one path.

    Args:
        lines: the lines of the function.
    """

    def __init__(self, lines: int = 0) -> None:
        self.left = bounds.MAX_WORK + bounds.WORK_PER_LINE * lines

    def spend(self, work: int) -> None:
        """Spend ``work``.

        Raises:
            TooMuchWorkError: nothing is left.
        """
        self.left -= work
        if self.left < 0:
            raise TooMuchWorkError
