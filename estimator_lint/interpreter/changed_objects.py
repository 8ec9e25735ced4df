"""Objects that change between two tests of them.

The same question about the same object has the same symbolic value, however often it is asked. If
the object has changed in between, the second answer need not be the first: ``if not ops:
ops.append(op)``, and then ``if ops:``.  What a path knows of the answer is in doubt from then on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeGuard

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import AttributeOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Compound,
    Constant,
    Reference,
    SymbolicValue,
    Value,
    constant_key,
)
from estimator_lint.syntax.container_methods import CHANGING_METHODS_OF_CONTAINERS
from estimator_lint.tensorflow_api.asked_anew import changes_no_argument

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.paths.tested_objects import Source
    from estimator_lint.domain.values.provenance import Origin
    from estimator_lint.interpreter.evaluator import Evaluator


def note_change(ev: Evaluator, value: Value, state: State, key: Value | None = None) -> None:
    """Record that an object has other contents from now on; with ``key``, only an entry of it."""
    if not isinstance(value, SymbolicValue | Reference):
        return
    # The item -1 is also another one.
    of_name = isinstance(key, Constant) and isinstance(key.value, str)
    changed = constant_key(key) if of_name else None  # type: ignore[arg-type]
    for test, asked in _tests_of(ev, value.number, state):
        if changed is None or asked is None or asked == changed:
            _put_in_doubt(ev, test, state, keeps_identity=test == value.number)


def note_renewed(ev: Evaluator, value: SymbolicValue, state: State) -> None:
    """Record that something of the outside is asked for once more: the answer may be another."""
    for test, _ in _tests_of(ev, value.number, state):
        _put_in_doubt(ev, test, state, keeps_identity=False)


def note_changes_by_call(
    ev: Evaluator,
    path: str | None,
    called: Origin | None,
    values: Sequence[Value],
    node: cst.CSTNode,
    state: State,
) -> None:
    """Record what a call that is not followed may change.

    It changes its object if that is what its name says, or if nothing is done with its result: then
    also what it is given, unless it is known from a library.

    ``path`` is the dotted path of the callee, if it is of a library, ``called`` where the callee
    comes from, ``values`` are the arguments.
    """
    for_effect = ev.frame.statement is node
    if isinstance(called, AttributeOf):
        if for_effect or called.name in CHANGING_METHODS_OF_CONTAINERS:
            note_change(ev, called.base, state)
    if for_effect and not (path is not None and changes_no_argument(path)):
        for value in values:
            note_change(ev, value, state)


def _tests_of(ev: Evaluator, number: int, state: State) -> tuple[Source, ...]:
    """The tested values that depend on an object, itself among them, with keys as above."""
    known, tested = ev.tested_objects, state.layer.assumed
    if known.count < len(tested):
        for test in islice(tested, known.count, None):
            for source, key in _sources(ev, test):
                known.tests.setdefault(source, {})[test, key] = None
        known.count = len(tested)
    return tuple(known.tests.get(number, ()))


def _sources(ev: Evaluator, number: int) -> Iterator[Source]:
    """What a value depends on, itself included; not what tensors do, which never change."""
    pending: list[Source] = [(number, None)]
    seen: set[Source] = set()
    while pending and len(seen) < bounds.MAX_SOURCES:
        source = pending.pop()
        if source in seen:
            continue
        seen.add(source)
        yield source
        for value, key in _parts(ev, source[0]):
            if isinstance(value, Compound):
                pending += [(part.number, None) for part in value.parts if _may_change(part)]
            elif _may_change(value):
                pending.append((value.number, key))


def _may_change(value: Value) -> TypeGuard[SymbolicValue | Reference]:
    return isinstance(value, Reference) or (isinstance(value, SymbolicValue) and not value.tensor)


def _parts(ev: Evaluator, number: int) -> Iterator[tuple[Value, Hashable]]:
    """The values that a value is an answer about, with the keys of items asked for."""
    operands: Sequence[Value] = ev.operands.get(number, ())
    match ev.origins.get(number):
        case ItemOf(base=base, key=Constant() as item):
            yield base, constant_key(item)
            return
        case AttributeOf(base=base, name=name):
            yield base, constant_key(Constant(name))
            return
        case OperationOn(operands=of_operator):
            operands = of_operator
    entries = [one for one in ev.correlations.parts.get(number, ()) if isinstance(one, tuple)]
    for base, key in entries:
        yield base, constant_key(key) if isinstance(key, Constant) else None
    for operand in () if entries else operands:
        called = ev.origins.get(operand.number) if isinstance(operand, SymbolicValue) else None
        # A method asks its object, not for an attribute of it.
        yield (called.base if isinstance(called, AttributeOf) else operand), None


def _put_in_doubt(ev: Evaluator, number: int, state: State, *, keeps_identity: bool) -> None:
    """Let a path no longer know what tests have shown about a value, only that they have.

    With ``keeps_identity``, it is still the same object, or None.
    """
    told: list[Key] = [("truth", number)]
    if not keeps_identity:
        told += [("is", number), ("among", number), ("not", number, None)]
        told += [("not", number, key) for key in ev.correlations.constants.get(number, ())]
    told = [key for key in told if state.get(key) is not None]
    for key in told:
        state.set(key, None)
    if told:
        state.assume(("correlation lost", number), True)
