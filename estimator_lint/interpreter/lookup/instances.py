"""Instances of classes of the file: their possible classes, and their contents.

The ``self`` of a model function was created before the call, by code the linter cannot see: it may
be an instance of any subclass. Where subclasses in the file override a member, the path splits, one
side for each class. A class that has subclasses, and of which the file never creates an instance,
is a template: nothing is known of its overridden members for the class itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.values.classes import Instance
from estimator_lint.domain.values.provenance import AttributeOf
from estimator_lint.domain.values.values import ClassValue, SymbolicValue, Value
from estimator_lint.interpreter.classes.method_resolution import look_up_member
from estimator_lint.interpreter.conditions.branching import split
from estimator_lint.project.subclasses import subclasses

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode, FunctionCode


def receiver_of(ev: Evaluator, method: FunctionCode) -> SymbolicValue:
    """The ``self`` of a method whose caller is unknown."""
    code = method.owner
    assert code is not None
    receiver = ev.symbolic_value("instance", id(code), method.name, not_none=True, instance_of=code)
    if receiver.number not in ev.instances:
        classes = tuple(
            each
            for each in (code, *subclasses(code))
            if look_up_member(ev, each, method.name) is code
        )
        ev.instances[receiver.number] = Instance(classes or (code,), receiver.number, False)
    return receiver


def made_instance(ev: Evaluator, function: ClassValue, number: int) -> SymbolicValue:
    """An instance that the evaluated code creates; ``number`` identifies it."""
    code = function.code
    made = ev.symbolic_value("instance", id(code), number, not_none=True, instance_of=code)
    like = None if function.of is None else instance(ev, function.of)
    classes = (code,) if like is None else like.classes
    identity = made.number if like is None else like.identity
    ev.instances[made.number] = Instance(classes, identity, True)
    ev.note_made_here(made.number)
    return made


def instance(ev: Evaluator, receiver: SymbolicValue) -> Instance:
    """What is known of a symbolic value that has a class of the file."""
    known = ev.instances.get(receiver.number)
    if known is None:
        assert receiver.instance_of is not None
        known = Instance((receiver.instance_of,), receiver.number, False)
        ev.instances[receiver.number] = known
    return known


def class_of(ev: Evaluator, receiver: SymbolicValue) -> ClassValue:
    """``type(receiver)``."""
    known = instance(ev, receiver)
    of = receiver if len(known.classes) > 1 else None
    return ClassValue(known.classes[0], of)


def by_class(
    ev: Evaluator, receiver: SymbolicValue, state: State, told_by: Callable[[ClassCode], Hashable]
) -> list[tuple[ClassCode | None, State]]:
    """The possible classes of an object, each with its path; None if there are too many.

    If ``told_by`` is the same for all of them, one represents all.
    """
    known = instance(ev, receiver)
    if len(known.classes) == 1 or len(set(map(told_by, known.classes))) == 1:
        return [(known.classes[0], state)]
    if len(known.classes) > bounds.MAX_CLASSES:
        return [(None, state)]
    found: list[tuple[ClassCode | None, State]] = []
    undecided = [state]
    for code in known.classes[1:]:
        test = ev.symbolic_value("of class", known.identity, id(code), not_none=True)
        outcomes = [
            outcome for before in undecided for outcome in split(ev, code.node, test, before)
        ]
        found += [(code, after) for holds, after in outcomes if holds]
        undecided = [after for holds, after in outcomes if not holds]
    if found and _is_never_made(known):
        # It is unknown whether there is anything but the subclasses.
        for after in undecided:
            after.doubts |= {(ev.new_doubt(), True)}
    return found + [(known.classes[0], after) for after in undecided]


def _is_never_made(known: Instance) -> bool:
    """Whether the file creates no instance of the first of the classes itself."""
    code = known.classes[0]
    return not code.module.index.calls(code.name)


def is_template(ev: Evaluator, receiver: SymbolicValue, code: ClassCode, name: str) -> bool:
    """Whether ``code`` has ``name`` only for its subclasses to override it."""
    known = instance(ev, receiver)
    return (
        code is known.classes[0]
        and len(known.classes) > 1
        and _is_never_made(known)
        and len({look_up_member(ev, each, name) for each in known.classes}) > 1
    )


def derived(ev: Evaluator, base: Value, name: str, *, tensor: bool = False) -> SymbolicValue:
    """``base.name``, about which nothing is known, except perhaps that it is a tensor or op."""
    result = ev.derived("attribute", name, of=[base], tensor=tensor)
    ev.origins[result.number] = AttributeOf(base, name)
    return result
