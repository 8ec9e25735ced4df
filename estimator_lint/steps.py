"""From the tests that a path passed to the steps that the user sees."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import libcst as cst

from estimator_lint.findings import Step

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.values.places import Place

#: Tokens that are no part of an expression.
_LAYOUT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER})

#: Of more tests than this, the details of calls are left out.
_MANY: Final = 12
#: Of more tests than this, only the first ones are shown.
_AT_MOST: Final = 100
#: So many tests are looked at for that, the last ones: each of the findings in a long function
#: has a path of its own, and all of them together would take the square of its length.
_LOOKED_AT: Final = 2 * _AT_MOST


class _Fact(Protocol):
    @property
    def doubts(self) -> Doubts: ...

    @property
    def passed(self) -> BranchHistory | None: ...


_AnyFact = TypeVar("_AnyFact", bound=_Fact)


def clearest(facts: Iterable[_AnyFact]) -> _AnyFact:
    """The first of the facts whose path exists for certain, or else the first."""
    return min(facts, key=lambda fact: bool(fact.doubts))


class Steps:
    """Makes the steps of the findings of one file; those that pass the same tests share them.

    Args:
        of_mode: tests with different outcomes in different modes.
    """

    def __init__(self, of_mode: Set[cst.CSTNode]) -> None:
        self._of_mode = of_mode
        self._made: dict[tuple[Place, bool, bool], Step] = {}
        self._steps: dict[BranchHistory, Step] = {}

    def of(self, tests: Sequence[BranchHistory]) -> tuple[Step, ...]:
        """The ``telling_tests`` of a path as steps, without uninformative ones."""
        if len(tests) > _MANY:
            tests = [
                test
                for test in tests
                if not (test.aside and test.decided and self._follows_from_call(test))
            ]
        shown, made = tests[-_AT_MOST:], self._steps
        for test in shown:
            if test not in made:
                made[test] = self._step_of(test)
        return tuple([made[test] for test in shown])

    def _follows_from_call(self, test: BranchHistory) -> bool:
        """Whether a decided test is none of the mode, so only of how a function was called."""
        return test.place.node not in self._of_mode

    def _step_of(self, test: BranchHistory) -> Step:
        key = test.place, test.outcome, test.decided
        if key not in self._made:
            self._made[key] = step_of(test)
        return self._made[key]


def telling_tests(passed: BranchHistory | None) -> list[BranchHistory]:
    """The tests of a path in order, without those whose outcome is the same as before."""
    tests: list[BranchHistory] = []
    for _ in range(_LOOKED_AT):
        if passed is None:
            break
        tests.append(passed)
        passed = passed.before
    tests.reverse()
    if len(set(map(id, [test.place.node for test in tests]))) == len(tests):
        return tests
    return _last_changes(_changes(tests))


def _changes(tests: Iterable[BranchHistory]) -> list[BranchHistory]:
    """``tests`` without those with the same outcome as when the path passed them before."""
    last: dict[int, BranchHistory] = {}
    changes: list[BranchHistory] = []
    for test in tests:
        node = id(test.place.node)
        before = last.get(node)
        is_choice = before is not None and before.decided and not test.decided
        if before is None or before.outcome is not test.outcome or is_choice:
            changes.append(test)
            last[node] = test
    return changes


def _last_changes(changes: list[BranchHistory]) -> list[BranchHistory]:
    """``changes`` without the decided ones that have the same outcome later on.

    Of a test that goes back and forth, as in a loop or in a function that is called
    again and again, each outcome stays where the path has it last.
    """
    later: set[tuple[int, bool]] = set()
    last: list[BranchHistory] = []
    for test in reversed(changes):
        identity = id(test.place.node), test.outcome
        if not test.decided or identity not in later:
            last.append(test)
        later.add(identity)
    last.reverse()
    return last


def step_of(test: BranchHistory) -> Step:
    """One test as a step, where it is now."""
    place = test.place
    start, end = place.position(), place.end()
    text = source_at(place)
    return Step(
        start.line,
        start.column,
        text,
        test.outcome,
        test.decided,
        place.within,
        end_line=end.line,
        end_column=end.column,
    )


def source_at(place: Place) -> str:
    """The source of the test at a place, which many findings show; kept with its piece."""
    sources = place.piece.sources
    if place.node not in sources:
        sources[place.node] = source_of(place.node, place.piece.module)
    return sources[place.node]


def source_of(node: cst.CSTNode, module: cst.Module) -> str:
    """The source of a test on one line, without the parentheses and comments around it."""
    match node:
        case cst.MatchCase():
            return f"case {source_of(node.pattern, module)}"
        case cst.MatchValue() | cst.MatchSingleton():
            return source_of(node.value, module)
        case cst.ExceptHandler(type=None):
            return "except"
        case cst.ExceptHandler() | cst.ExceptStarHandler():
            assert node.type is not None
            star = "*" if isinstance(node, cst.ExceptStarHandler) else ""
            return f"except{star} {source_of(node.type, module)}"
    if getattr(node, "lpar", ()) and not isinstance(node, cst.Tuple | cst.MatchTuple):
        node = node.with_changes(lpar=(), rpar=())
    return _on_one_line(module.code_for_node(node).strip())


def _on_one_line(code: str) -> str:
    if "\n" not in code and "\r" not in code:
        return code
    parts: list[str] = []
    end = (1, 0)
    broken = False
    # Without parentheses around it, the tokens of an expression end at the first line's end.
    for token in tokenize.generate_tokens(io.StringIO(f"(\n{code}\n)", newline=None).readline):
        if token.type in _LAYOUT:
            broken = True
            continue
        opens = bool(parts) and parts[-1][-1] in "([{"
        if broken or token.start[0] != end[0]:
            apart = not opens and token.string not in tuple(")]},.")
        else:
            apart = token.start[1] > end[1]
        parts.append(" " * apart + token.string)
        end, broken = token.end, False
    return " ".join("".join(parts)[1:-1].splitlines())
