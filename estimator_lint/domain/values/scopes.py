"""Scopes in which variables live."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

from estimator_lint.project.code import FunctionCode


@dataclass(frozen=True, eq=False)
class Scope:
    """A scope in which variables live.

    Attributes:
        identity: distinguishes the scopes of different calls.
        names: its local variables.
        code: the function whose call it is.
        parent: the enclosing function's scope; None for the module.
        is_context: it belongs to a function that encloses the model function: evaluation never runs
            that function, it only looks up names in it.
    """

    identity: Hashable
    names: frozenset[str]
    code: FunctionCode
    parent: Scope | None = None
    is_context: bool = False

    @cached_property
    def variables(self) -> list[tuple[Hashable, ...]]:
        """The keys of its variables in a state, in the order of their names."""
        return [("variable", self, name) for name in sorted(self.names)]

    @cached_property
    def _last_uses(self) -> list[float]:
        """Where each of ``variables`` is used last."""
        liveness = self.code.liveness
        return [liveness.last_use(name) for name in sorted(self.names)]

    def read_after(self, position: float) -> list[tuple[Hashable, ...]]:
        """The keys of the variables that may be read behind a position in the code."""
        return [
            key
            for key, last_use in zip(self.variables, self._last_uses, strict=True)
            if last_use > position
        ]
