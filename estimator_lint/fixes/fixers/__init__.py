"""The registry of fixers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from estimator_lint.fixes.fixer import Fixer
from estimator_lint.fixes.fixers.hooks import HOOK_FIXERS

_ALL: Final = (*HOOK_FIXERS,)

#: The fixers by their code, for each the best first.
FIXERS: Final[Mapping[str, tuple[Fixer, ...]]] = {
    code: tuple(fixer for fixer in _ALL if fixer.code == code)
    for code in sorted({fixer.code for fixer in _ALL})
}
