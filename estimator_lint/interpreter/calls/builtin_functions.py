"""Calls of Python's builtin functions and types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import is_features
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.constants import as_float
from estimator_lint.domain.values.values import (
    NONE,
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    PartialValue,
    Reference,
    SequenceContents,
    SuperValue,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments, spread
from estimator_lint.interpreter.calls.builtin_containers import CONTAINERS, Handler
from estimator_lint.interpreter.calls.builtin_questions import QUESTIONS
from estimator_lint.interpreter.calls.text_run_as_code import run_text
from estimator_lint.interpreter.changed_objects import note_change
from estimator_lint.interpreter.classes.implicit_calls import (
    ITERATION,
    is_made_here,
    is_told_by_own_method,
)
from estimator_lint.interpreter.conditions.branching import split
from estimator_lint.interpreter.conditions.correlation import note_correlation, note_type_test
from estimator_lint.interpreter.conditions.none_uses import none_to_builtin
from estimator_lint.interpreter.conditions.tensor_uses import (
    as_bool,
    tensor_to_builtin,
)
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.attributes import read_attribute, write_attribute
from estimator_lint.interpreter.lookup.instances import class_of
from estimator_lint.interpreter.lookup.members import calls_code
from estimator_lint.interpreter.objects import closures_in, delete_attribute, escape, items_of
from estimator_lint.interpreter.specs.type_inference import is_symbolic

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.interpreter.evaluator import Result

#: Builtins whose result is another thing each time.
_MAKING = frozenset({"bytearray", "input", "iter", "object", "open"})

_CALLABLES = (FunctionValue, BoundMethod, BoundBuiltin, PartialValue)


#: Builtins whose result is never None.
_NEVER_NONE = frozenset(
    """
    abs all any ascii bin bool bytearray bytes callable chr complex dict dir divmod enumerate
    filter float format frozenset hasattr hash hex id int isinstance issubclass iter len list
    map memoryview object oct open ord pow property range repr reversed round set slice sorted
    str sum tuple type zip
    """.split()
)
#: Builtins that ask for the form of their first argument.
_ASKING_FOR_FORM = frozenset(
    {"all", "any", "frozenset", "hasattr", "isinstance", "len", "list", "set", "sorted", "type"}
)
#: Builtins whose result may depend on any variable, some only without arguments.
_READING_VARIABLES = frozenset({"eval", "exec", "globals", "locals"})
_RUNNING_TEXT = frozenset({"eval", "exec"})
_READING_WITHOUT_ARGUMENTS = frozenset({"dir", "vars"})
#: Builtins that do not change their arguments.
_HARMLESS = _NEVER_NONE | {"getattr", "max", "min", "print", "vars"}


def _may_be_called(value: Value) -> bool:
    return isinstance(value, _CALLABLES) or (
        isinstance(value, SymbolicValue) and value.instance_of is not None
    )


def _shows_form(ev: Evaluator, value: Value, state: State) -> bool:
    """Whether what a builtin tells about a value depends on the form of ``features``."""
    contents = state.contents(value.number) if isinstance(value, Reference) else None
    held = contents.items if isinstance(contents, SequenceContents) else ()
    return is_symbolic(ev, value) or any(is_features(one) for one in (value, *held))


def _next_item(ev: Evaluator, values: Sequence[Value], state: State) -> Value:
    """What ``next`` takes from an iterator, or the default that it is given."""
    for value in values[:1]:
        note_change(ev, value, state)
        escape(ev, value, state)
    item = ev.unknown(imprecise=ev.depends_on_mode(*values))
    ev.note_operands(item.number, [*values, ev.unknown()])  # how far it is read is not known
    return item


def call_builtin(
    ev: Evaluator,
    function: BuiltinValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling a builtin."""
    failed = none_to_builtin(ev, function.name, arguments, state)
    if failed is None:
        failed = tensor_to_builtin(ev, function.name, arguments, state)
    if failed is not None:
        return failed
    given = spread(ev, arguments, state)
    for argument in arguments:
        if closures_in(ev, argument.value):  # a generator, say
            escape(ev, argument.value, state)
    handler = _HANDLERS.get(function.name)
    if handler is not None and not given.more_positional:
        results = handler(ev, given, node, state)
        if results is not None:
            return results
    values = [argument.value for argument in arguments]
    if function.name == "next":
        return [(_next_item(ev, values, state), state)]
    # Harmless ones change nothing, but may call an argument, with the items of others.
    may_change = function.name not in _HARMLESS or any(map(_may_be_called, values))
    for value in values:
        if may_change:
            escape(ev, value, state)
    if function.name in _RUNNING_TEXT:
        run_text(ev, values, state)
    reads_variables = function.name in _READING_VARIABLES or (
        function.name in _READING_WITHOUT_ARGUMENTS and not values
    )
    # Each call of these gives another object; other builtins, the same for the same arguments.
    making = (ev.allocate(node, state),) if function.name in _MAKING else ()
    result = ev.symbolic_value(
        *("builtin", function.name, *making),
        *(ev.identity(value) for value in values),
        not_none=function.name in _NEVER_NONE,
        result_of=f"builtins.{function.name}",
        imprecise=reads_variables
        or ev.depends_on_mode(*values)
        or any(_asks_own_object(ev, function.name, value) for value in values[:1]),
        of_mode=reads_variables,
        of_input=function.name in _ASKING_FOR_FORM
        and any(_shows_form(ev, value, state) for value in values[:1]),
    )
    ev.note_operands(result.number, values)
    if function.name == "len" and values and isinstance(values[0], SymbolicValue | Reference):
        ev.lengths[values[0].number] = result
    if function.name == "isinstance" and len(values) == 2:
        types = values[1].items if isinstance(values[1], TupleValue) else (values[1],)
        note_type_test(ev, result, values[0], types)
    of_attribute = function.name in ("hasattr", "getattr") and len(values) > 1
    parts = [(values[0], values[1])] if of_attribute else values
    return [(note_correlation(ev, result, *parts), state)]


def _bool(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    outcomes = split(ev, node, given.positional[0].value, state)
    return [(Constant(holds), after) for holds, after in outcomes]


def _any_or_all(ends_on: bool) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        items = items_of(given.positional[0].value, state) if given.positional else None
        if items is None or len(items) > bounds.MAX_RANGE:
            return None
        going_on = [state]
        results: list[Result] = []
        for item in items:
            outcomes = [
                outcome
                for before in going_on
                for onward in as_bool(ev, item, node, before)
                for outcome in split(ev, node, item, onward)
            ]
            results += [(Constant(holds), after) for holds, after in outcomes if holds is ends_on]
            going_on = [after for holds, after in outcomes if holds is not ends_on]
        return results + [(Constant(not ends_on), after) for after in going_on]

    return handle


def _getattr(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) >= 2:
        base, name = (argument.value for argument in given.positional[:2])
        if not isinstance(name, Constant) or not isinstance(name.value, str):
            escape(ev, base, state)  # it may be a method of it, and called
        elif len(given.positional) == 2:
            return read_attribute(ev, base, name.value, node, state)
    return None


def _setattr(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 3:
        return None
    base, name, value = (argument.value for argument in given.positional)
    if isinstance(name, Constant) and isinstance(name.value, str):
        base = ev.resolve(base, state)
        if isinstance(base, SymbolicValue) and calls_code(ev, base, name.value, "__set__"):
            escape(ev, base, state)
        else:
            write_attribute(ev, base, name.value, value, state)
        if isinstance(base, SymbolicValue):
            return [(NONE, state)]
    else:
        note_change(ev, base, state)
    return None


def _delattr(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 2:
        return None
    match [ev.resolve(value, state) for value in given.values()]:
        case [SymbolicValue() as base, Constant(value=str() as name)]:
            if calls_code(ev, base, name, "__delete__"):
                escape(ev, base, state)
            else:
                delete_attribute(ev, base, name, state)
            return [(NONE, state)]
    note_change(ev, given.positional[0].value, state)
    return None


def _print(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    return [(NONE, state)]


def _str(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    value = ev.resolve(given.positional[0].value, state)
    if isinstance(value, Constant) and isinstance(value.value, str | int | bool):
        return [(Constant(str(value.value)), state)]
    return None


def _float(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    values = [ev.resolve(value, state) for value in given.values()]
    result = as_float(values[0]) if len(values) == 1 else None
    return None if result is None else [(result, state)]


def _super(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [ClassValue(code=code), SymbolicValue() | ClassValue() as receiver]:
            return [(SuperValue(code, receiver), state)]
        case _:
            return None


def _type(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [SymbolicValue(instance_of=code) as receiver] if code is not None:
            return [(class_of(ev, receiver), state)]
        case _:
            return None


def _vars(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    for value in given.values():
        escape(ev, value, state)  # storing items in the result stores attributes
    return None


def _staticmethod(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    # Like a partial, and unlike a function, it takes no receiver.
    return [(ev.bounded(PartialValue(given.positional[0].value, (), ())), state)]


def _extremum(name: str) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        values = given.values()
        if given.keywords or not values or not all(map(not_none, values)):
            return None
        return [(ev.derived("extremum", name, id(node), of=values, not_none=True), state)]

    return handle


def _asks_own_object(ev: Evaluator, function: str, value: Value) -> bool:
    """Whether the program fixes what a builtin function says of an object that it has made."""
    if function == "hasattr":
        is_library_object = isinstance(value, SymbolicValue) and ev.is_made_here(value.number)
        return is_made_here(ev, value) or is_library_object
    return is_told_by_own_method(ev, value, (f"__{function}__", *ITERATION))


_HANDLERS: dict[str, Handler] = {
    **CONTAINERS,
    **QUESTIONS,
    "all": _any_or_all(ends_on=False),
    "any": _any_or_all(ends_on=True),
    "bool": _bool,
    "delattr": _delattr,
    "float": _float,
    "getattr": _getattr,
    "max": _extremum("max"),
    "min": _extremum("min"),
    "object.__init__": _print,
    "object.__setattr__": _setattr,
    "print": _print,
    "setattr": _setattr,
    "staticmethod": _staticmethod,
    "str": _str,
    "super": _super,
    "type": _type,
    "vars": _vars,
}
