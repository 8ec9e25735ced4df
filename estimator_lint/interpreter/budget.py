"""The work that one model function is worth, counted and not timed."""

from __future__ import annotations

from estimator_lint.domain import bounds


class TooMuchWorkError(Exception):
    """A model function takes more work than it is worth."""


class Budget:
    """The work that is left for one model function, in all modes.

    Its unit is an expression that is evaluated, or a statement that is run, on one path.

    Args:
        lines: the lines of the function.
    """

    def __init__(self, lines: int = 0) -> None:
        self.left = bounds.MAX_WORK + bounds.WORK_PER_LINE * lines

    def spend(self, work: int) -> None:
        """Take ``work`` off what is left.

        Raises:
            TooMuchWorkError: nothing is left.
        """
        self.left -= work
        if self.left < 0:
            raise TooMuchWorkError
