"""Where a path loses a value that it needs: set to None, never assigned, removed, not passed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.findings import EventKind
from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import descendants
from estimator_lint.tensorflow_api.modes import Mode, in_order
from estimator_lint.witnesses.assignments import Assignment, Assignments, parameter_names, ran
from estimator_lint.witnesses.calls import function_around
from estimator_lint.witnesses.holders import Holder, HolderKind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces

#: How many variables are followed from one to the next.
_MAX_HOPS = 5
_SCOPES = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})


@dataclass(frozen=True)
class Told:
    """An event in the history of a value.

    Attributes:
        kind: the kind of the event.
        place: where it happens.
        text: the sentence that describes it.
        level: how many calls deeper than the finding it is; negative if it is further outside.
    """

    kind: EventKind
    place: Place
    text: str
    level: int = 0


@dataclass(frozen=True)
class OnePath:
    """The path of a finding: its mode, its recorded fact, and the tests that it passed."""

    mode: Mode
    traces: FunctionTraces
    tests: Sequence[BranchHistory]
    assignments: Assignments


def assignments_not_made(name: str, place: Place, path: OnePath) -> Iterator[Told]:
    """Where the function assigns a variable on other paths, or deletes it on this one."""
    for assignment in path.assignments.to(Holder.variable(name), place):
        at = replace(place, node=assignment.target)
        if assignment.deletes:
            if _is_before(assignment, place, path):
                yield Told(EventKind.ASSIGNMENT, at, f"'{name}' is deleted here")
        elif path.mode in assignment.modes:
            if not _is_before(assignment, place, path) or assignment.may_be_skipped:
                told = f"'{name}' is assigned here on other paths"
                yield Told(EventKind.ASSIGNMENT, at, told)
        elif assignment.modes:
            yield _in_other_modes(name, at, assignment, path)
        else:
            told = f"'{name}' is assigned here, but no path reaches this line"
            yield Told(EventKind.ASSIGNMENT, at, told)


def _in_other_modes(shown: str, at: Place, assignment: Assignment, path: OnePath) -> Told:
    modes = _listed(assignment.modes)
    told = f"'{shown}' is assigned here in {modes}, not in {path.mode}"
    return Told(EventKind.ASSIGNMENT, at, told)


def none_of(place: Place, path: OnePath) -> Iterator[Told]:
    """The origin of an expression that is None, holder by holder."""
    level = 0
    for _ in range(_MAX_HOPS):
        node = place.node
        if isinstance(node, cst.Call) and (told := list(_none_of_call(place, path, level))):
            yield from told
            return
        holder = Holder.read_by(node, place.piece.module)
        if holder is None:
            return
        last = yield from _lost(holder, place, path, level)
        value = None if last is None else last.value
        if last is None:
            passed = yield from _passed(holder, place, path, level - 1)
            if passed is None:
                return
            place, level = passed, level - 1
        elif last.deletes or value is None or _is_none(value):
            return
        else:
            place = replace(place, node=value)


def never_unpacked(site: Place, field: str, path: OnePath) -> Iterator[Told]:
    """Why the dicts that a call unpacks lack a key."""
    for argument in getattr(site.node, "args", ()):
        if argument.star == "**":
            yield from _not_in(replace(site, node=argument.value), field, path)


def none_of_unpacked(place: Place, field: str, path: OnePath) -> Iterator[Told]:
    """The same for a value that is None, or that a dict unpacked there should have."""
    outer = next(place.piece.around(place.node), None)
    if isinstance(outer, cst.Arg) and outer.star == "**":
        yield from _not_in(place, field, path)
    else:
        yield from none_of(place, path)


def _not_in(dict_place: Place, field: str, path: OnePath) -> Iterator[Told]:
    base = Holder.read_by(dict_place.node, dict_place.piece.module)
    if base is not None:
        yield from _lost(Holder.entry(base.shown, field), dict_place, path, 0)


def _lost(
    holder: Holder, place: Place, path: OnePath, level: int
) -> Generator[Told, None, Assignment | None]:
    """Where a holder gets a value in other modes, and where it gets or loses its value here.

    Returns:
        the last assignment on the path, if it is known.
    """
    shown = holder.shown
    assignments = path.assignments.to(holder, place)
    for other in assignments:
        if other.modes and path.mode not in other.modes and not other.deletes:
            at = replace(place, node=other.target)
            yield replace(_in_other_modes(shown, at, other, path), level=level)
    before = [each for each in assignments if _is_before(each, place, path)]
    if not before:
        return None
    last = before[-1]
    at = replace(place, node=last.target)
    if last.deletes:
        yield Told(EventKind.VALUE, at, _loss_of(holder, last), level)
    elif last.value is not None:
        gets = "is set to None" if _is_none(last.value) else "gets its value here"
        yield Told(EventKind.VALUE, at, f"'{shown}' {gets}", level)
    return last


def _is_none(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _loss_of(holder: Holder, assignment: Assignment) -> str:
    """How a path loses a value, as a sentence."""
    statement = assignment.statement
    if holder.kind is not HolderKind.ENTRY or isinstance(statement, cst.Del | cst.Expr):
        return f"'{holder.shown}' is removed here"
    if isinstance(statement, cst.Assign) and assignment.target is statement.value:
        return f"'{holder.shown}' is removed here"
    return f"'{holder.base}' is created here without '{holder.key}'"


def _passed(
    holder: Holder, place: Place, path: OnePath, level: int
) -> Generator[Told, None, Place | None]:
    """The argument for a parameter of a function, if there is only one call of the function.

    Returns:
        the argument; None if it is a literal None, or not known.
    """
    function = function_around(place.piece, place.node)
    if holder.kind is not HolderKind.VARIABLE or not isinstance(function, cst.FunctionDef):
        return None
    calls = path.traces.traces[path.mode].calls.get(function, {})
    names = parameter_names(function)
    if holder.key not in names or len(calls) != 1:
        return None
    (call,) = calls
    given = _argument(call.node, function, names.index(holder.shown), holder.shown, call)
    if given is None:
        return None
    if given is call.node:
        told = f"'{holder.shown}' is not passed here: it is None by default"
        yield Told(EventKind.VALUE, call, told, level)
        return None
    at = replace(call, node=given)
    if _is_none(given):
        yield Told(EventKind.VALUE, at, f"'{holder.shown}' is passed as None here", level)
        return None
    return at


def _argument(
    call: cst.CSTNode, function: cst.FunctionDef, position: int, name: str, place: Place
) -> cst.CSTNode | None:
    """The argument for a parameter; the call if there is none; None if it is not known."""
    if not isinstance(call, cst.Call) or any(each.star for each in call.args):
        return None
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            return argument.value
    if isinstance(call.func, cst.Attribute):
        outer = next((each for each in place.piece.around(function) if type(each) in _SCOPES), None)
        position -= isinstance(outer, cst.ClassDef)
    by_position = [argument.value for argument in call.args if argument.keyword is None]
    return by_position[position] if position < len(by_position) else call


def _none_of_call(call: Place, path: OnePath, level: int) -> Iterator[Told]:
    """Where a followed function returns None."""
    for function, made in path.traces.traces[path.mode].calls.items():
        if call in made:
            assert isinstance(call.node, cst.Call)
            name = source_of(call.node.func, call.piece.module)
            yield Told(EventKind.VALUE, call, f"'{name}' returns None here", level)
            inside = (call, *(test.place for test in path.tests))
            place = next((each for each in inside if each.piece.holds(function)), None)
            if isinstance(function, cst.FunctionDef) and place is not None:
                yield from _returns_of_none(function, place, path, level + 1)


def _returns_of_none(
    function: cst.FunctionDef, inside: Place, path: OnePath, level: int
) -> Iterator[Told]:
    """The statements by which a function returns a literal None.

    ``inside`` is a place in the same piece of source.
    """
    statements = path.traces.traces[path.mode].ran
    for node in descendants(function.body, _SCOPES):
        if isinstance(node, cst.Return) and ran(node, inside.piece, statements):
            if node.value is None or _is_none(node.value):
                yield Told(EventKind.VALUE, replace(inside, node=node), "None is returned", level)


def _is_before(assignment: Assignment, place: Place, path: OnePath) -> bool:
    """Whether a path passes an assignment on its way to ``place``, according to its tests."""
    if path.mode not in assignment.modes:
        return False
    if assignment.elsewhere:
        return True
    start, here = place.piece.position(assignment.target), place.piece.position(place.node)
    if start >= here or _is_part_of(place, assignment.statement):
        return False
    outcomes = {test.place.node: test.outcome for test in path.tests}
    held = {test.place.node: True for test in path.tests if test.outcome}
    inner = assignment.statement
    for outer in place.piece.around(assignment.statement):
        if isinstance(outer, cst.If) and inner is not outer.test:
            passed = _outcome(outer.test, outcomes)
            if passed is not None and passed is not (outer.body is inner):
                return False
        elif isinstance(outer, cst.While) and inner is outer.body:
            if _outcome(outer.test, outcomes | held) is False:  # it never held
                return False
        elif isinstance(outer, cst.MatchCase | cst.ExceptHandler | cst.ExceptStarHandler):
            if not outcomes.get(outer, False) and inner is outer.body:
                return False
        inner = outer
    return True


def _is_part_of(place: Place, statement: cst.CSTNode) -> bool:
    """Whether an expression is part of an assignment, and so is evaluated before it."""
    return isinstance(statement, cst.BaseSmallStatement | cst.NamedExpr) and (
        place.node is statement or any(each is statement for each in place.piece.around(place.node))
    )


def _outcome(test: cst.BaseExpression, outcomes: Mapping[cst.CSTNode, bool]) -> bool | None:
    """The outcome of a test, from those of its operands; None if they do not decide it."""
    if test in outcomes:
        return outcomes[test]
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=expression):
            inner = _outcome(expression, outcomes)
            return None if inner is None else not inner
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            settling = isinstance(operator, cst.Or)
            sides = [_outcome(left, outcomes), _outcome(right, outcomes)]
            if settling in sides:
                return settling
            return None if None in sides else not settling
    return None


def _listed(modes: frozenset[Mode]) -> str:
    names = [str(mode) for mode in in_order(modes)]
    return " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
