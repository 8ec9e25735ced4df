"""The code being evaluated, and how paths leave a block other than by its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.handled_exceptions import Handled

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from estimator_lint.domain.paths.faults import Fault
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.domain.values.values import Value
    from estimator_lint.project.code import ClassCode, FunctionCode


@dataclass(frozen=True)
class Raised:
    """A path that ends by an exception.

    Attributes:
        state: the path.
        exception: the exception's class: a name of ``builtins``, a class of the file, or None if it
            is unknown.
        faults: the recorded faults that caused the exception, if any.
        by: the ``raise`` and ``assert`` statements that raise it, if any.
    """

    state: State
    exception: str | ClassCode | None
    faults: frozenset[Fault] = frozenset()
    by: frozenset[cst.CSTNode] = frozenset()

    def handled(self, outer: Handled | None) -> Handled:
        """The exception as kept in the state of a path that runs a handler inside ``outer``'s."""
        return Handled(self.exception, self.faults, self.by, outer)


@dataclass
class Exits:
    """The paths that leave a block other than by its end."""

    returns: list[tuple[Value, State, Place | None]] = field(default_factory=list)
    raises: list[Raised] = field(default_factory=list)
    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)

    def states(self) -> Iterator[State]:
        """All of these paths."""
        for _, state, _ in self.returns:
            yield state
        for raised in self.raises:
            yield raised.state
        yield from self.breaks
        yield from self.continues

    def add(self, others: Exits) -> None:
        """Take the paths of ``others`` in."""
        self.returns += others.returns
        self.raises += others.raises
        self.breaks += others.breaks
        self.continues += others.continues


@dataclass
class Frame:
    """The function that is being evaluated.

    Attributes:
        scope: its variables; None at module level.
        code: its text.
        position: how far evaluation has come, in the order of ``code.liveness``.
        called_by: the expression that calls it, if the caller is evaluated code.
        height: the height of its caller's operand stack; for a comprehension, that of the enclosing
            function.
        depth: the number of enclosing calls, not counting comprehensions.
        returned: the expression of the ``return`` statement that is being run.
        statement: the expression that is, or was last, run for its effect alone.
        is_skimmed: it is run once for any arguments, so that no call leads here.
    """

    scope: Scope | None
    code: FunctionCode
    position: int = 0
    called_by: cst.CSTNode | None = None
    height: int = 0
    depth: int = 0
    returned: cst.BaseExpression | None = None
    statement: cst.BaseExpression | None = None
    is_skimmed: bool = False
