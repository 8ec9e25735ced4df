"""Calls of Python's builtin functions and types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import is_features
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.constants import as_float
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
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
    same_as_none,
)
from estimator_lint.interpreter.arguments import Arguments, spread
from estimator_lint.interpreter.calls.builtin_containers import CONTAINERS, Handler
from estimator_lint.interpreter.calls.classes_of_values import is_instance_of_one
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
from estimator_lint.interpreter.conditions.passed_params import is_settings_object
from estimator_lint.interpreter.conditions.tensor_uses import (
    are_of_tensors,
    as_bool,
    tensor_to_builtin,
)
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.attributes import read_attribute, write_attribute
from estimator_lint.interpreter.lookup.instances import class_of
from estimator_lint.interpreter.lookup.members import calls_code
from estimator_lint.interpreter.objects import closures_in, escape, items_of, stored_in
from estimator_lint.interpreter.specs.type_inference import is_symbolic

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.interpreter.evaluator import Result

#: Builtins that return an instance of the class that they are.
_CONVERTING = frozenset({"bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"})
#: Builtins whose result is another thing each time.
_MAKING = frozenset({"bytearray", "input", "iter", "object", "open"})

#: Classes of Python's library of which None is an instance.
_OF_ANYTHING = frozenset({"Any", "Hashable", "NoneType"})

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
#: Types of constants.
_SCALARS = frozenset({"str", "bytes", "int", "float", "bool", "complex"})
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
        for value in values[:1]:
            note_change(ev, value, state)
            escape(ev, value, state)
        return [(ev.unknown(imprecise=ev.depends_on_mode(*values)), state)]
    for value in values:
        # Harmless ones change nothing, but may call their arguments.
        if function.name not in _HARMLESS or _may_be_called(value):
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


def _isinstance(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 2:
        return None
    value, kind = (ev.resolve(argument.value, state) for argument in given.positional)
    kinds = kind.items if isinstance(kind, TupleValue) else (kind,)
    if is_symbolic(ev, value):
        told = are_of_tensors(kinds)
        return None if told is None else [(Constant(told), state)]
    if not all(isinstance(one, BuiltinValue) for one in kinds):
        is_none = same_as_none(value) and not any(map(_may_include_none, kinds))
        is_one = False if is_none else is_instance_of_one(ev, value, kinds)
        return None if is_one is None else [(Constant(is_one), state)]
    names = {one.name for one in kinds if isinstance(one, BuiltinValue)}
    name = _type_name(value)
    if name is None:
        is_object = isinstance(value, SymbolicValue) and is_settings_object(ev, value)
        return [(FALSE, state)] if is_object and names <= _SCALARS else None
    is_one = name in names or "object" in names or (name == "bool" and "int" in names)
    return [(TRUE if is_one else FALSE, state)]


def _may_include_none(kind: Value) -> bool:
    """Whether None may be an instance of what ``isinstance`` is given: of ``int | None``, say."""
    if isinstance(kind, SymbolicValue) and kind.symbol is not None:
        return kind.symbol.rpartition(".")[2] in _OF_ANYTHING
    return not isinstance(kind, ClassValue | BuiltinValue)


def _type_name(value: Value) -> str | None:
    match value:
        case Constant():
            return type(value.value).__name__
        case TupleValue() if not isinstance(value, LazyItems):
            return "tuple"
        case Reference():
            return value.kind
        case SymbolicValue(result_of=str() as made_by):
            kind = made_by.removeprefix("builtins.")
            return kind if kind in _CONVERTING else None
        case _:
            return None


def _print(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    return [(NONE, state)]


def _callable(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) == 1 and same_as_none(given.positional[0].value):
        return [(FALSE, state)]
    return None


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


def _extremum(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    values = given.values()
    if given.keywords or not values or not all(map(not_none, values)):
        return None
    return [(ev.derived("extremum", id(node), of=values, not_none=True), state)]


def _hasattr(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [value, Constant(value="numpy")] if is_symbolic(ev, ev.resolve(value, state)):
            return [(FALSE, state)]
        case [value, Constant(value=name)]:
            base = ev.resolve(value, state)
            if isinstance(base, SymbolicValue) and name in stored_in(base, state).attributes:
                return [(TRUE, state)]
    return None


def _asks_own_object(ev: Evaluator, function: str, value: Value) -> bool:
    """Whether the program fixes what a builtin function says of an object that it has made."""
    if function == "hasattr":
        return is_made_here(ev, value)
    return is_told_by_own_method(ev, value, (f"__{function}__", *ITERATION))


_HANDLERS: dict[str, Handler] = {
    **CONTAINERS,
    "all": _any_or_all(ends_on=False),
    "any": _any_or_all(ends_on=True),
    "bool": _bool,
    "callable": _callable,
    "float": _float,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "max": _extremum,
    "min": _extremum,
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
