"""The subclasses of a class in its own file."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from estimator_lint.syntax.pieces import NotAnalysable

if TYPE_CHECKING:
    from estimator_lint.project.code import ClassCode


def subclasses(code: ClassCode) -> tuple[ClassCode, ...]:
    """The top-level classes of the module that inherit from a class, by the bases' names."""
    if code.is_nested:
        return ()
    return code.module.known.answer(("subclasses", code), partial(_find, code))


def _find(code: ClassCode) -> tuple[ClassCode, ...]:
    found: dict[ClassCode, None] = {}
    pending = [code.name]
    while pending:
        for node in code.module.index.direct_subclasses(pending.pop()):
            with contextlib.suppress(NotAnalysable):
                subclass = code.module.class_(node)
                if subclass is not code and subclass not in found:
                    found[subclass] = None
                    pending.append(node.name)
    return tuple(found)
