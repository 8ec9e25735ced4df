"""The model function that a skeleton is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction


class SkeletonError(Exception):
    """There is no skeleton to write; the message says why, on one line."""


def selected(functions: Iterable[ModelFunction], name: str) -> ModelFunction:
    """The model function of that name, qualified name, or ``NAME:LINE``.

    Raises:
        SkeletonError: there is none, or several.
    """
    wanted, _, line = name.partition(":")
    every = list(functions)
    found = [
        function
        for function in every
        if wanted in (function.name, function.qualified_name)
        and (not line or str(function.node.lineno) == line)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{each.qualified_name}:{each.node.lineno}" for each in found)
        raise SkeletonError(f"several model functions are called {name!r}: {listed}")
    if not every:
        raise SkeletonError("the file has no model function")
    listed = ", ".join(dict.fromkeys(each.qualified_name for each in every))
    raise SkeletonError(f"there is no model function {name!r} (there are {listed})")
