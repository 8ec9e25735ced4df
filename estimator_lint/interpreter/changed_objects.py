"""Objects that change between two tests of them.

The same question about the same object has the same symbolic value, however often it is asked. If
the object has changed in between, the second answer need not be the first: ``if not ops:
ops.append(op)``, and then ``if ops:``.  What a path knows of the answer is in doubt from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import AttributeOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    NONE,
    ClassValue,
    Compound,
    Constant,
    FunctionValue,
    ModuleValue,
    Overrides,
    Reference,
    SymbolicValue,
    Value,
    constant_key,
)
from estimator_lint.syntax.container_methods import (
    CHANGING_METHODS_OF_CONTAINERS,
    FILLING_METHODS_OF_CONTAINERS,
    METHODS_OF_ENTRIES,
    REMOVING_METHODS_OF_CONTAINERS,
)
from estimator_lint.syntax.generators import yields_only
from estimator_lint.tensorflow_api.asked_anew import (
    is_asked_anew,
    is_of_installation,
    reads_graph,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.paths.tested_objects import Source, TestedObjects
    from estimator_lint.interpreter.evaluator import Evaluator


#: Builtins that ask for nothing that changes.
_ASKING_WHAT_STAYS: Final = frozenset(
    f"builtins.{name}" for name in ("callable", "id", "isinstance", "issubclass", "type")
)
#: What the keys of the results of comparisons begin with.
_COMPARING: Final = frozenset({"compare", "contains", "not"})


def note_change(ev: Evaluator, value: Value, state: State, key: Value | None = None) -> None:
    """Record that an object has other contents from now on; with ``key``, only an entry of it."""
    number = _number(ev, value)
    if number is None:
        return
    # The item -1 is also another one.
    of_name = isinstance(key, Constant) and isinstance(key.value, str)
    changed = constant_key(key) if of_name else None  # type: ignore[arg-type]
    tested = _tested_objects(ev, state)
    if changed is None:
        tests = tested.of_object(number)
    else:
        tests = chain(tested.of_entry(number, changed), tested.of_entry(number, None))
    for test in tests:
        _put_in_doubt(ev, test, state, keeps_identity=test == number)
    for base, entry in _entries(ev, number) if changed is None else ():
        # The same object may have been asked for otherwise: ``d["k"]``, ``d.get("k")``.
        for test in tested.of_entry(base, entry):
            if test != number:
                _put_in_doubt(ev, test, state, keeps_identity=True)


def note_left(ev: Evaluator, manager: Value, state: State) -> None:
    """Record that the block of a manager was left: a file is closed, what was read of it stays."""
    number = _number(ev, manager)
    if number is None:
        return
    for test in _tested_objects(ev, state).of_object(number):
        if number in (source for source, _ in _asked_of(ev, test)):
            _put_in_doubt(ev, test, state, keeps_identity=False)


def note_renewed(ev: Evaluator, value: SymbolicValue, state: State) -> None:
    """Record that something of the outside is asked for once more: the answer may be another."""
    for test in _tested_objects(ev, state).of_object(value.number):
        _put_in_doubt(ev, test, state, keeps_identity=False)


def note_assigned(ev: Evaluator, name: SymbolicValue, state: State) -> None:
    """Record that a name outside of the evaluated functions is assigned to.

    ``name`` is what reading it gives, before as well as afterwards: a variable may still hold what
    it was, and any call may assign to it again. So it is not said what it is now.
    """
    note_renewed(ev, name, state)
    state.assume(("correlation lost", name.number), True)


def note_method_change(
    ev: Evaluator,
    base: Value,
    name: str,
    values: Sequence[Value],
    state: State,
    *,
    changes: bool = False,
) -> None:
    """Record what the method ``name`` of an object changes; ``changes`` says that it may do so."""
    key = values[0] if values and name in METHODS_OF_ENTRIES else None
    if changes or name in CHANGING_METHODS_OF_CONTAINERS:
        note_change(ev, base, state, key)
    if name in REMOVING_METHODS_OF_CONTAINERS:
        _forget_items(base, state, key)
        forget_attributes_in(ev, base, state, key)
    elif name in FILLING_METHODS_OF_CONTAINERS and isinstance(base, SymbolicValue):
        # Not that there is something in it: it may be another result of the same call.
        state.assume(("correlation lost", base.number), True)


def is_fixed_by_program(ev: Evaluator, test: SymbolicValue) -> bool:
    """Whether the answer of a test follows from what the evaluated code has built, or runs on.

    It asks for what the graph has, about an object of TensorFlow (``layer.built``,
    ``logits.shape``), for what is installed, for what importing the file has stored, for what a
    generator of the project yields as a context manager, or for what is computed from constants.
    Then it is the same whenever the program runs, though it is not known which.
    """
    for number, _ in _sources(ev, test.number):
        if number in ev.fixed_names:
            return True
        path = ev.made_by(number)
        name = path or ev.symbol_of(number)
        if _is_of_tensor(ev, number) or (name is not None and is_of_installation(name)):
            return True
        if path is None and _is_made_by_generator(ev, number):
            return all(map(_is_given_by_program, ev.operands[number][1:]))
        if path is None or not is_tensorflow(path):
            continue
        if reads_graph(path):
            return True
        if number != test.number and not is_asked_anew(path):
            return all(map(_is_given_by_program, ev.operands.get(number, ())))
    return _is_computed_from_constants(ev, test.number)


def _is_made_by_generator(ev: Evaluator, number: int) -> bool:
    """Whether a value is a context manager made by a generator that yields what it is given."""
    maker, *_ = ev.operands.get(number) or (None,)
    if not isinstance(maker, SymbolicValue):
        return False
    function, *decorators = ev.operands.get(maker.number) or (None,)
    return (
        isinstance(function, FunctionValue)
        and any(
            isinstance(one, SymbolicValue) and one.symbol == "contextlib.contextmanager"
            for one in decorators
        )
        and yields_only(
            function.code.node.body,
            {
                name
                for name, bound in function.code.bindings.items()
                if [one.kind for one in bound] == ["parameter"]
            },
        )
    )


def _is_computed_from_constants(ev: Evaluator, number: int) -> bool:
    """Whether a value is computed from constants by operators alone: ``7 / 2 > 3``."""
    pending, seen = [number], {number}
    while pending:
        operands = [*_operands(ev, pending.pop())]  # none, where they are not kept
        if not operands or len(seen) > bounds.MAX_SOURCES:
            return False
        for operand in operands:
            if isinstance(operand, SymbolicValue):
                if operand.number not in seen:
                    seen.add(operand.number)
                    pending.append(operand.number)
            elif not isinstance(operand, Constant) or operand.role is not None:
                return False
    # Asked last, since it means a search.
    return all(_is_operation(ev, one) for one in seen)


def _is_operation(ev: Evaluator, number: int) -> bool:
    """Whether a value is the result of an operator or a comparison."""
    if isinstance(ev.origins.get(number), OperationOn):
        return True
    return compares(ev, number)


def compares(ev: Evaluator, number: int) -> bool:
    """Whether a value is the result of a comparison; a search, for what is seldom asked."""
    key = ev.key_of(number)
    return isinstance(key, tuple) and key[0] in _COMPARING


def _is_of_tensor(ev: Evaluator, number: int) -> bool:
    """Whether a value is an attribute of a computed tensor, or the result of such a method."""
    asked = [ev.origins.get(number)]
    for operand in ev.operands.get(number, ())[:1]:
        asked.append(ev.origins.get(operand.number) if isinstance(operand, SymbolicValue) else None)
    return any(
        isinstance(one, AttributeOf) and isinstance(one.base, SymbolicValue) and one.base.tensor
        for one in asked
    )


def _is_given_by_program(value: Value) -> bool:
    """Whether a value is a constant, a tensor or a name of a library."""
    return isinstance(value, Constant) or (
        isinstance(value, SymbolicValue)
        and (value.tensor or value.of_input or value.symbol is not None)
    )


def _forget_items(value: Value, state: State, key: Value | None) -> None:
    """Let a path no longer know which items, or which one, the evaluated code stored in a value."""
    if isinstance(value, SymbolicValue):
        stored = state.contents(value.number)
        if isinstance(stored, Overrides) and stored.items:
            items = {
                name: item
                for name, item in stored.items.items()
                if isinstance(key, Constant) and name != key.value
            }
            state.set_contents(value.number, replace(stored, items=items, open=True))


def forget_attributes_in(ev: Evaluator, value: Value, state: State, key: Value | None) -> None:
    """Let a path no longer know the attributes, or one, of an object whose dict loses entries."""
    owner = _owner_of_dict(ev, value) if isinstance(value, SymbolicValue) else None
    stored = state.contents(owner.number) if isinstance(owner, SymbolicValue) else None
    if not isinstance(owner, SymbolicValue) or not isinstance(stored, Overrides):
        return
    left = {
        name: attribute
        for name, attribute in stored.attributes.items()
        if isinstance(key, Constant) and name != key.value
    }
    note_change(ev, owner, state, key)
    state.set_contents(owner.number, replace(stored, attributes=left, open=True))


def _owner_of_dict(ev: Evaluator, value: SymbolicValue) -> Value | None:
    """The object whose ``__dict__`` a value is."""
    origin = ev.origins.get(value.number)
    if isinstance(origin, AttributeOf) and origin.name == "__dict__":
        return origin.base
    operands = ev.operands.get(value.number, ())
    return operands[0] if operands and value.result_of == "builtins.vars" else None


def _tested_objects(ev: Evaluator, state: State) -> TestedObjects:
    """The objects that the values depend on that have been tested until now."""
    known, tested = ev.tested_objects, state.layer.assumed
    if known.count < len(tested):
        for test in islice(tested, known.count, None):
            for source in _sources(ev, test):
                known.note(test, source)
        known.count = len(tested)
    return known


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
        pending += _asked_of(ev, source[0])


def _asked_of(ev: Evaluator, number: int) -> list[Source]:
    """The objects that a value is an answer about."""
    entries = _entries(ev, number)
    if entries:
        return entries
    found: list[Source] = []
    for operand in _operands(ev, number):
        for part in operand.parts if isinstance(operand, Compound) else (operand,):
            of = _number(ev, part)
            if of is not None:
                found.append((of, None))
    return found


def _number(ev: Evaluator, value: Value) -> int | None:
    """The number of an object that may change; of classes and modules, one of their own."""
    if isinstance(value, SymbolicValue):
        return None if value.tensor else value.number
    if isinstance(value, Reference):
        return value.number
    if isinstance(value, ClassValue | ModuleValue):
        return ev.number_of(("object", ev.identity(value)))
    return None


def _entries(ev: Evaluator, number: int) -> list[Source]:
    """The objects of which a value is an item or an attribute, or is computed from one."""
    found: list[tuple[Value, Value]] = []
    match ev.origins.get(number):
        case ItemOf(base=base, key=key):
            found = [(base, key)]
        case AttributeOf(base=base, name=name):
            found = [(base, Constant(name))]
        case _:
            parts = ev.correlations.parts.get(number, ())
            found = [part for part in parts if isinstance(part, tuple)]
    symbol = ev.symbol_of(number)
    if symbol is not None and "." in symbol:
        of, _, name = symbol.rpartition(".")
        found.append((ev.symbol(of), Constant(name)))
    return [
        (base_number, constant_key(key) if isinstance(key, Constant) else None)
        for base, key in found
        if (base_number := _number(ev, base)) is not None
    ]


def _operands(ev: Evaluator, number: int) -> Iterator[Value]:
    """The other values that a value is computed from."""
    if ev.made_by(number) in _ASKING_WHAT_STAYS:
        return
    origin = ev.origins.get(number)
    operands = ev.operands.get(number, ())
    for operand in origin.operands if isinstance(origin, OperationOn) else operands:
        called = ev.origins.get(operand.number) if isinstance(operand, SymbolicValue) else None
        # A method asks its object, not for an attribute of it.
        yield called.base if isinstance(called, AttributeOf) else operand


def _put_in_doubt(ev: Evaluator, number: int, state: State, *, keeps_identity: bool) -> None:
    """Let a path no longer know what tests have shown about a value, only that they have.

    With ``keeps_identity``, it is still the same object, or None.
    """
    told: list[Key] = [("truth", number), ("among", number)]
    told += [("not", number, key) for key in ev.correlations.constants.get(number, ())]
    if not keeps_identity:
        told.append(("not", number, None))
    if not (keeps_identity and state.get(("is", number)) == NONE):
        told.append(("is", number))
    told = [key for key in told if state.get(key) is not None]
    for key in told:
        state.set(key, None)
    if told or state.differs_by_case(number):
        state.assume(("correlation lost", number), True)
