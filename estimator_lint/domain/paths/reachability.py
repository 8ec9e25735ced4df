"""Unreachable variables and objects do not keep paths apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.value_numbers import ValueNumbers
from estimator_lint.domain.values.values import Value

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.values.scopes import Scope


class Reachability(ValueNumbers):
    """The identities of one evaluation, and which of them are still reachable.

    Attributes:
        registers: under which keys the statements that are being run keep values.
    """

    def __init__(self) -> None:
        super().__init__()
        self.registers: list[Key] = []
        self._made_in: dict[int, Scope | None] = {}
        self._captured: set[Scope] = set()

    def allocate(self, node: cst.CSTNode, state: State) -> int:
        """A number for the object that ``node`` makes; the same on paths that fork later."""
        where = ("object", id(node), self.scope)
        number = self.number_of((*where, state.next_count(*where)))
        self.note_made_here(number)
        return number

    def note_made_here(self, number: int) -> None:
        """Record that the running function creates the object of that number."""
        self._made_in[number] = self.scope

    def is_made_here(self, number: int) -> bool:
        """Whether the evaluated code created the object of that number."""
        return number in self._made_in

    @contextmanager
    def register(self, what: str, node: cst.CSTNode) -> Iterator[Key]:
        """Inside the block, states may keep a value under the yielded key."""
        key = ("register", what, id(node), self.scope)
        self.registers.append(key)
        try:
            yield key
        finally:
            self.registers.remove(key)

    def capture(self, scope: Scope | None) -> None:
        """Keep the variables of ``scope`` alive after its call."""
        while scope is not None and scope not in self._captured:
            self._captured.add(scope)
            scope = scope.parent

    def is_live(self, scope: Scope, name: str) -> bool:
        """Whether a variable may be read from here on."""
        last_use = scope.code.liveness.last_use(name)
        for frame in reversed(self.frames):
            if frame.scope is scope:
                return last_use > frame.position
        return scope.is_context or (scope in self._captured and last_use == math.inf)

    def may_be_garbage(self, number: int) -> bool:
        """Whether an object was created by a function that has ended."""
        made_in = self._made_in.get(number)
        return (
            made_in is not None
            and made_in not in self._captured
            and all(frame.scope is not made_in for frame in self.frames)
        )

    def roots(self, state: State) -> list[Value]:
        """The values that running functions can still reach."""
        roots: list[Value] = []
        held = state.operands
        while held is not None:
            roots.append(held.value)
            held = held.below
        for key in self.registers:
            kept = state.peek(key)
            if isinstance(kept, Value):
                roots.append(kept)
        seen: set[Scope] = set()
        for frame in self.frames:
            scope = frame.scope
            while scope is not None and scope not in seen:
                seen.add(scope)
                roots += [
                    value for value in map(state.peek, scope.variables) if isinstance(value, Value)
                ]
                scope = scope.parent
        return roots
