"""What the linter says."""

from __future__ import annotations

from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True, order=True)
class Finding:
    """One code at one place.

    Attributes:
        line: 1-based.
        column: 0-based, in code points.
        code: ``MFN`` and three digits.
        text: one line, without the code; names the modes concerned.
        modes: the modes concerned, in the order TRAIN, EVAL, PREDICT; empty
            where the finding is not about a mode.
    """

    line: int
    column: int
    code: str
    text: str
    modes: tuple[Mode, ...] = ()

    @property
    def message(self) -> str:
        """What flake8 prints after the position."""
        return f"{self.code} {self.text}"
