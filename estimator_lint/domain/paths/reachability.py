"""Unreachable variables and objects do not keep paths apart."""

from __future__ import annotations

import math
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.paths.value_numbers import ValueNumbers

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.values.scopes import Scope


#: Behind every statement of a function: what is read later is read by functions in it.
_BEHIND_ITS_END: Final = sys.float_info.max


class Reachability(ValueNumbers):
    """The identities of one evaluation, and which of them are still reachable.

    Args:
        numbers: as in ``ValueNumbers``.

    Attributes:
        registers: under which keys the statements that are being run keep values.
    """

    def __init__(self, numbers: dict[Hashable, int] | None = None) -> None:
        super().__init__(numbers)
        self.registers: list[Key] = []
        self._made_in: dict[int, Scope | None] = {}
        self._captured: set[Scope] = set()

    def allocate(self, node: cst.CSTNode, state: State, kind: str = "") -> int:
        """A number for the object that ``node`` makes; the same on paths that fork later.

        A node may make a container of another ``kind`` on each path.
        """
        where = ("object", id(node), kind, self.scope and self.scope.identity)
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

    def root_keys(self) -> list[Key]:
        """The keys of the entries from which running functions can still reach values."""
        return [*self.registers, *self._read_variables()]

    def _read_variables(self) -> Iterator[Key]:
        """The keys of the variables that may still be read: see ``is_live``."""
        running = {frame.scope for frame in self.frames}
        around: set[Scope] = set()
        for frame in self.frames:
            if frame.scope is None:  # the top of a module
                continue
            yield from frame.scope.read_after(frame.position)
            outer = frame.scope.parent
            while outer is not None:
                if outer in running or outer in around:
                    break
                around.add(outer)
                yield from self._read_later(outer)
                outer = outer.parent

    def _read_later(self, scope: Scope) -> list[Key]:
        """The keys of the variables of a scope that may be read when its function has ended."""
        if scope.is_context:
            return scope.variables
        return scope.read_after(_BEHIND_ITS_END) if scope in self._captured else []
