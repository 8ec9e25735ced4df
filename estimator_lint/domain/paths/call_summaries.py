"""Remembering the outcome of a followed call.

Paths that fork before a call mostly agree in everything that the call reads. While a call is
evaluated, all that it reads from outside is logged; on a path on which all of that is the same, the
outcome is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.branch_history import BranchHistory, in_order
from estimator_lint.domain.paths.doubts import Doubts
from estimator_lint.domain.paths.path_facts import TOLD_BY_TESTS
from estimator_lint.domain.paths.state import Entry, Key, Layer, ReadLog, State, written_since

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import libcst as cst

    from estimator_lint.domain.paths.cases import Cases
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.domain.values.values import Value
    from estimator_lint.project.code import ClassCode


#: The outcome of a call: a value, or the class of the exception that it raised.
Ending: TypeAlias = "Value | RaisedInCall"


@dataclass(frozen=True)
class RaisedInCall:
    """An exception that a call raised, as in ``Raised``."""

    kind: str | ClassCode | None
    by: frozenset[cst.CSTNode]


@dataclass(frozen=True)
class _Outcome:
    ending: Ending
    written: Mapping[Key, Entry]
    doubts: Doubts
    passed: tuple[BranchHistory, ...]


@dataclass(frozen=True)
class _Remembered:
    bound: Mapping[str, Value]
    cases: tuple[Cases, ...]
    reads: Mapping[Key, Entry]
    outcomes: tuple[_Outcome, ...]


@dataclass
class CallSummaries:
    """The outcomes of followed calls, by the scope of the call.

    Sibling paths that make the same call share its scope.
    """

    _remembered: dict[Scope, list[_Remembered]] = field(default_factory=dict)

    def recall(
        self,
        scope: Scope,
        bound: Mapping[str, Value],
        state: State,
        new_doubt: Callable[[], int],
    ) -> list[tuple[Ending, State]] | None:
        """The remembered outcome of the call, if it was made under the same circumstances."""
        for known in self._remembered.get(scope, ()):
            if (known.bound, known.cases) == (bound, state.cases) and all(
                state.get(key) == entry for key, entry in known.reads.items()
            ):
                renewed: dict[int, int] = {}
                return [
                    (outcome.ending, _continued(state.fork(), outcome, renewed, new_doubt))
                    for outcome in known.outcomes
                ]
        return None

    def remember(
        self,
        scope: Scope,
        bound: Mapping[str, Value],
        start: Layer,
        cases: tuple[Cases, ...],
        doubts: Doubts,
        passed: BranchHistory | None,
        log: ReadLog,
        endings: list[tuple[Ending, State]],
        is_live: Callable[[Scope, str], bool],
    ) -> None:
        """Remember the outcome of a call that began above the layer ``start``.

        ``cases``, ``doubts`` and ``passed`` are those of the path where the call began. If it has
        other cases behind the call, nothing is remembered.
        """
        if any(state.cases != cases for _, state in endings):
            return
        remembered = self._remembered.setdefault(scope, [])
        if len(remembered) >= bounds.MAX_CIRCUMSTANCES:
            return
        outcomes = tuple(
            _Outcome(
                ending,
                _lasting(start, state, is_live),
                state.doubts - doubts,
                tuple(in_order(state.passed, passed)),
            )
            for ending, state in endings
        )
        remembered.append(_Remembered(dict(bound), cases, log.reads, outcomes))


def _lasting(start: Layer, state: State, is_live: Callable[[Scope, str], bool]) -> dict[Key, Entry]:
    """What the call wrote, except for its own variables."""
    return {
        key: entry
        for key, entry in written_since(start, state).items()
        if key[0] not in ("variable", "register", "handling")
        or (key[0] == "variable" and is_live(key[1], key[2]))  # type: ignore[arg-type]
    }


def _continued(
    state: State, outcome: _Outcome, renewed: dict[int, int], new_doubt: Callable[[], int]
) -> State:
    """``state`` after the call; this path gets fresh doubts for those that arose in the call."""
    state.layer.entries.update(outcome.written)
    for key in outcome.written:
        if key[0] in TOLD_BY_TESTS:
            state.layer.assumed[key[1]] = None  # type: ignore[index]
            state.told |= {key[1]}
    for number, side in sorted(outcome.doubts):
        if number not in renewed:
            renewed[number] = new_doubt() if number > 0 else -new_doubt()
        state.doubts |= {(renewed[number], side)}
    for test in outcome.passed:
        state.passed = test.behind(state.passed)
    return state
