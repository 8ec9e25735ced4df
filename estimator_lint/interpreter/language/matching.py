"""``match``: patterns are decided like conditions, if possible."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.values import (
    Argument,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.calls.builtin_functions import call_builtin
from estimator_lint.interpreter.calls.records import dataclass_fields
from estimator_lint.interpreter.conditions.branching import branches, noted, split
from estimator_lint.interpreter.conditions.comparisons import compare
from estimator_lint.interpreter.conditions.correlation import note_correlation
from estimator_lint.interpreter.conditions.mode_tests import Relation
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import statement
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.lookup.attributes import read_attribute
from estimator_lint.interpreter.lookup.instances import derived
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.interpreter.objects import (
    dict_contents,
    escape,
    items_of,
    new_dict,
    new_sequence,
)
from estimator_lint.syntax.nodes import descendants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope

    Outcomes = list[tuple[bool, State]]


#: Classes whose one pattern matches the object itself.
_MATCHED_AS_A_WHOLE: Final = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str"}
    | {"tuple"}
)


@statement(cst.Match)
def _match(ev: Evaluator, node: cst.Match, states: list[State]) -> list[State]:
    reached: list[State] = []
    with ev.register("subject", node) as register:
        pending = []
        for subject, after in ev.evaluate(node.subject, states):
            after.set(register, subject)
            pending.append(after)
        for case in node.cases:
            matching: list[State] = []
            going_on: list[State] = []
            for before in pending:
                value = before.get(register)
                assert isinstance(value, Value)
                for matched, after in _match_case(ev, case, value, node.subject, before):
                    (matching if matched else going_on).append(after)
            if len(matching) > len(pending):  # otherwise, what kept the paths apart still does
                matching = ev.partitioner.meeting(matching)
            reached += ev.run_body(case.body, matching)
            pending = ev.partitioner.bounded(going_on)
        return reached + pending


def _match_case(
    ev: Evaluator,
    case: cst.MatchCase,
    subject: Value,
    subject_node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    captured = {name: scope_of(ev, name) for name in map(_name_of, _captures(case.pattern))}
    before = {
        name: state.variable(scope, name) for name, scope in captured.items() if scope is not None
    }
    outcomes = noted(ev, case, _matches(ev, case.pattern, subject, subject_node, state))
    for matched, after in outcomes:
        if not matched:  # captures are bound once the whole pattern matches
            for name, value in before.items():
                _restore(captured[name], name, value, after)
    if case.guard is None:
        return outcomes
    guarded: Outcomes = []
    for matched, after in outcomes:
        guarded += branches(ev, case.guard, [after]) if matched else [(False, after)]
    return guarded


def _matches(
    ev: Evaluator,
    pattern: cst.MatchPattern,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    """On which paths ``pattern`` matches or not; captures are bound where it does."""
    subject = ev.resolve(subject, state)
    match pattern:
        case cst.MatchValue(value=expected) | cst.MatchSingleton(value=expected):
            relation: Relation = "is" if isinstance(pattern, cst.MatchSingleton) else "=="
            return [
                outcome
                for value, after in ev.evaluate(expected, [state])
                for outcome in split(
                    ev,
                    expected,
                    compare(ev, relation, subject, node, value, expected, after),
                    after,
                )
            ]
        case cst.MatchAs():
            return _match_as(ev, pattern, subject, node, state)
        case cst.MatchOr():
            outcomes: Outcomes = []
            pending = [state]
            for element in pattern.patterns:
                tried = [
                    outcome
                    for before in pending
                    for outcome in _matches(ev, element.pattern, subject, node, before)
                ]
                outcomes += [(True, after) for matched, after in tried if matched]
                pending = ev.partitioner.bounded([after for matched, after in tried if not matched])
            return _few(ev, outcomes + [(False, after) for after in pending])
        case cst.MatchSequence():
            return _match_sequence(ev, pattern, subject, node, state)
        case cst.MatchMapping():
            return _match_mapping(ev, pattern, subject, node, state)
        case cst.MatchClass():
            return _match_class(ev, pattern, subject, node, state)
        case _:
            return _undecided(ev, pattern, subject, state)


def _match_as(
    ev: Evaluator,
    pattern: cst.MatchAs,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    inner: Outcomes = [(True, state)]
    if pattern.pattern is not None:
        inner = _matches(ev, pattern.pattern, subject, node, state)
    if pattern.name is None:
        return inner
    return [
        (matched, bound)
        for matched, after in inner
        for bound in (assign(ev, pattern.name, subject, after) if matched else [after])
    ]


def _match_sequence(
    ev: Evaluator,
    pattern: cst.MatchSequence,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    is_other = isinstance(subject, Constant | LazyItems)
    if is_other or getattr(subject, "kind", "list") != "list":
        return [(False, state)]
    items = items_of(subject, state) if isinstance(subject, TupleValue | Reference) else None
    if items is None:
        return _undecided(ev, pattern, subject, state)
    starred = [isinstance(one, cst.MatchStar) for one in pattern.patterns]
    more = len(items) - len(starred) + 1 if True in starred else 0
    if more < 0 or (True not in starred and len(items) != len(starred)):
        return [(False, state)]
    at = starred.index(True) if True in starred else len(items)
    parts = [
        (element.value, items[index], _element_node(node, index))
        for position, element in enumerate(pattern.patterns)
        if isinstance(element, cst.MatchSequenceElement)
        for index in (position if position < at else position + more - 1,)
    ]
    outcomes = _match_all(ev, parts, state)
    star = pattern.patterns[at] if True in starred else None
    name = star.name if isinstance(star, cst.MatchStar) else None
    rest = SequenceContents(items[at : at + more])
    make = functools.partial(new_sequence, ev, pattern, rest, of_set=False)
    return _with_rest(ev, name, make, outcomes)


def _with_rest(
    ev: Evaluator, name: cst.Name | None, rest: Callable[[State], Value], outcomes: Outcomes
) -> Outcomes:
    """The outcomes, with the rest of a subject assigned to ``name`` where the pattern matches."""
    if name is None:
        return outcomes
    return [
        (matched, bound)
        for matched, after in outcomes
        for bound in (assign(ev, name, rest(after), after) if matched else [after])
    ]


def _match_all(
    ev: Evaluator,
    parts: Sequence[tuple[cst.MatchPattern, Value, cst.BaseExpression]],
    state: State,
) -> Outcomes:
    """Whether each part of a subject matches its pattern."""
    outcomes: Outcomes = []
    pending = [state]
    for pattern, part, node in parts:
        tried = [
            outcome for before in pending for outcome in _matches(ev, pattern, part, node, before)
        ]
        outcomes += [(False, after) for matched, after in tried if not matched]
        pending = ev.partitioner.bounded([after for matched, after in tried if matched])
    return _few(ev, outcomes + [(True, after) for after in pending])


def _few(ev: Evaluator, outcomes: Outcomes) -> Outcomes:
    """The outcomes, merged if there are too many."""
    return [
        (holds, after)
        for holds in (True, False)
        for after in ev.partitioner.bounded(
            [state for matched, state in outcomes if matched is holds]
        )
    ]


def _match_mapping(
    ev: Evaluator,
    pattern: cst.MatchMapping,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    contents = dict_contents(subject, state)
    if contents is None:
        is_other = isinstance(subject, Constant | TupleValue | Reference)
        return [(False, state)] if is_other else _undecided(ev, pattern, subject, state)
    parts = []
    rest = dict(contents.entries)
    for element in pattern.elements:
        keys = ev.evaluate(element.key, [state])
        key = keys[0][0] if len(keys) == 1 else None
        if not isinstance(key, Constant):
            return _undecided(ev, pattern, subject, state)
        if key.value not in contents.entries:
            return _undecided(ev, pattern, subject, state) if contents.open else [(False, state)]
        parts.append((element.pattern, contents.entries[key.value], node))
        rest.pop(key.value, None)
    outcomes = _match_all(ev, parts, state)
    make = functools.partial(new_dict, ev, pattern, DictContents(rest, contents.open))
    return _with_rest(ev, pattern.rest, make, outcomes)


def _match_class(
    ev: Evaluator,
    pattern: cst.MatchClass,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    """``case str():`` is ``isinstance``; patterns within the brackets match attributes."""
    outcomes: Outcomes = []
    for kind, after in ev.evaluate(pattern.cls, [state]):
        arguments = [Argument(subject), Argument(kind)]
        isinstance_ = BuiltinValue("isinstance")
        for value, called in call_builtin(ev, isinstance_, arguments, pattern.cls, after):
            if not isinstance(value, Constant) and _is_known(subject):
                value = _unknown_match(ev, pattern, subject)
            for matched, decided in split(ev, pattern, value, called):
                outcomes += (
                    _match_attributes(ev, pattern, kind, subject, node, decided)
                    if matched
                    else [(False, decided)]
                )
    return outcomes


def _match_attributes(
    ev: Evaluator,
    pattern: cst.MatchClass,
    kind: Value,
    subject: Value,
    node: cst.BaseExpression,
    state: State,
) -> Outcomes:
    """On which paths the attributes of an instance of a class match."""
    positional = [element.value for element in pattern.patterns]
    if isinstance(kind, BuiltinValue) and kind.name in _MATCHED_AS_A_WHOLE and positional:
        return _match_all(ev, [(positional[0], subject, node)], state)
    names = _matched_positions(ev, kind, subject)
    if len(names) < len(positional):
        escape(ev, subject, state)  # properties may be read
        return _undecided(ev, pattern, subject, state)
    patterns = [
        *zip(names, positional, strict=False),
        *((each.key.value, each.pattern) for each in pattern.kwds),
    ]
    outcomes: Outcomes = []
    paths: list[tuple[tuple[Value, ...], State]] = [((), state)]
    with ev.collecting_exits() as exits:
        for name, _ in patterns:
            paths = [
                ((*before, value), after)
                for before, reached in paths
                for value, after in read_attribute(ev, subject, name, node, reached)
            ]
    outcomes += [(False, raised.state) for raised in exits.raises]
    for values, after in paths:
        if _is_known(subject) and any(
            value == derived(ev, subject, name)
            for value, (name, _) in zip(values, patterns, strict=True)
        ):
            outcomes += _undecided(ev, pattern, subject, after)  # there may be no such attribute
            continue
        parts = [(part, value, node) for (_, part), value in zip(patterns, values, strict=True)]
        outcomes += _match_all(ev, parts, after)
    return outcomes


def _matched_positions(ev: Evaluator, kind: Value, subject: Value) -> tuple[str, ...]:
    """The attributes that a class matches by position; none if it is not known which."""
    if isinstance(subject, TupleValue):
        return subject.names
    if isinstance(kind, ClassValue) and "__match_args__" not in kind.code.defined_names:
        return tuple(dataclass_fields(ev, kind.code) or ())
    return ()


def _element_node(node: cst.BaseExpression, index: int) -> cst.BaseExpression:
    """The expression for one element of the subject, if the subject is a display."""
    if isinstance(node, cst.Tuple | cst.List) and index < len(node.elements):
        return node.elements[index].value
    return node


def _undecided(ev: Evaluator, pattern: cst.MatchPattern, subject: Value, state: State) -> Outcomes:
    """The outcomes of a pattern that can't be decided; its captures are unknown."""
    test = _unknown_match(ev, pattern, subject)
    note_correlation(ev, test, subject)
    outcomes: Outcomes = []
    for matched, after in split(ev, pattern, test, state):
        reached = [after]
        if matched:
            for name in _captures(pattern):
                reached = [s for r in reached for s in assign(ev, name, ev.unknown(), r)]
        outcomes += [(matched, s) for s in reached]
    return outcomes


def _unknown_match(ev: Evaluator, pattern: cst.MatchPattern, subject: Value) -> SymbolicValue:
    """Whether a pattern matches; the program fixes it for an object that it makes itself."""
    if isinstance(pattern, cst.MatchClass) and _is_known(subject):
        key = ("match", id(pattern), ev.identity(subject))
        return ev.symbolic_value(*key, not_none=True, imprecise=True)
    return ev.derived("match", id(pattern), of=[subject], not_none=True)


def _is_known(subject: Value) -> bool:
    """Whether the path has made a subject."""
    match subject:
        case SymbolicValue():
            return subject.instance_of is not None or subject.result_of is not None
    return isinstance(subject, TupleValue | Reference)


def _name_of(capture: cst.Name) -> str:
    return capture.value


def _restore(scope: Scope | None, name: str, value: Value | None, state: State) -> None:
    """Let a variable be what it was, if it is something else now."""
    if scope is not None and state.variable(scope, name) is not value:
        state.set(("variable", scope, name), value)


def _captures(pattern: cst.CSTNode) -> list[cst.Name]:
    names = []
    for node in descendants(pattern):
        captured = getattr(node, "rest" if isinstance(node, cst.MatchMapping) else "name", None)
        if isinstance(node, cst.MatchAs | cst.MatchStar | cst.MatchMapping) and captured:
            names.append(captured)
    return names
