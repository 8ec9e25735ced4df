"""Calls of Python's builtin functions and types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.evaluation.calls.arguments import Arguments, spread
from estimator_lint.evaluation.conditions.conditions import split
from estimator_lint.evaluation.conditions.none_uses import none_to_builtin
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.lookup.attributes import read_attribute
from estimator_lint.evaluation.lookup.instances import class_of
from estimator_lint.evaluation.paths.identities import is_features
from estimator_lint.evaluation.paths.joining import not_none
from estimator_lint.evaluation.values.objects import (
    dict_contents,
    escape,
    items_of,
    new_dict,
    new_sequence,
    store_attribute,
    updated,
    with_entry,
)
from estimator_lint.evaluation.values.values import (
    FALSE,
    NONE,
    TRUE,
    UNBOUND,
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    Opaque,
    PartialValue,
    Reference,
    SequenceContents,
    SuperValue,
    TupleValue,
    Value,
    same_as_none,
)

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.evaluation.code.scopes import Scope
    from estimator_lint.evaluation.evaluator import Result
    from estimator_lint.evaluation.paths.state import State
    from estimator_lint.evaluation.values.values import Argument

_CALLABLES = (FunctionValue, BoundMethod, BoundBuiltin, PartialValue)

Handler: TypeAlias = (
    "Callable[[Evaluator, Arguments, cst.BaseExpression, State], list[Result] | None]"
)

#: A range is unrolled up to this length.
_MAX_RANGE: Final = 64

#: Builtins whose result is something other than None, whatever they are given.
_NEVER_NONE = frozenset(
    """
    abs all any ascii bin bool bytearray bytes callable chr complex dict dir divmod enumerate
    filter float format frozenset hasattr hash hex id int isinstance issubclass iter len list
    map memoryview object oct open ord pow property range repr reversed round set slice sorted
    str sum tuple type zip
    """.split()
)
#: Builtins that ask for the form of what they are given.
_ASKING_FOR_FORM = frozenset({"hasattr", "isinstance", "type"})
#: Builtins that change nothing that they are given.
_HARMLESS = _NEVER_NONE | {"getattr", "max", "min", "print", "vars"}


def call_builtin(
    ev: Evaluator,
    function: BuiltinValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling a builtin."""
    failed = none_to_builtin(ev, function.name, arguments, state)
    if failed is not None:
        return failed
    given = spread(ev, arguments, state)
    handler = _HANDLERS.get(function.name)
    if handler is not None and not given.more_positional:
        results = handler(ev, given, node, state)
        if results is not None:
            return results
    values = [argument.value for argument in arguments]
    if function.name == "next":
        return [(ev.unknown(tainted=ev.depends_on_mode(*values)), state)]
    for value in values:
        # Harmless ones change nothing, but may call what they are given.
        if function.name not in _HARMLESS or isinstance(value, _CALLABLES):
            escape(ev, value, state)
    result = ev.opaque(
        "builtin",
        function.name,
        *(ev.identity(value) for value in values),
        not_none=function.name in _NEVER_NONE,
        result_of=f"builtins.{function.name}",
        tainted=ev.depends_on_mode(*values),
        of_input=function.name in _ASKING_FOR_FORM and any(map(is_features, values[:1])),
    )
    return [(result, state)]


def local_variables(ev: Evaluator, scope: Scope, node: cst.BaseExpression, state: State) -> Value:
    """``locals()`` in a function."""
    entries: dict[str, Value] = {}
    for name in sorted(scope.names):
        value = state.variable(scope, name)
        if value is not None and value is not UNBOUND:
            entries[name] = value
    return new_dict(ev, node, DictContents(entries), state)


def _dict(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    contents = DictContents({})
    if given.positional:
        contents = mapping_of(ev, given.positional[0].value, state)
    for name, argument in given.keywords.items():
        contents = with_entry(contents, Constant(name), argument.value)
    if given.more_keywords:
        contents = DictContents(contents.entries, open=True)
    return [(new_dict(ev, node, contents, state), state)]


def _dict_from_keys(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if not given.positional:
        return None
    keys, *rest = given.values()
    items = items_of(ev.resolve(keys, state), state)
    contents = DictContents({}, open=items is None)
    for key in items or ():
        contents = with_entry(contents, key, rest[0] if rest else NONE)
    return [(new_dict(ev, node, contents, state), state)]


def mapping_of(ev: Evaluator, value: Value, state: State) -> DictContents:
    """The entries that ``dict(value)`` has: of a dict or an iterable of pairs."""
    value = ev.resolve(value, state)
    entries = dict_contents(value, state)
    if entries is not None:
        return updated(DictContents({}), entries)
    pairs = items_of(value, state)
    contents = DictContents({})
    if pairs is None:
        return DictContents({}, open=True)
    for pair in pairs:
        parts = items_of(pair, state)
        if parts is None or len(parts) != 2:
            return DictContents({}, open=True)
        contents = with_entry(contents, parts[0], parts[1])
    return contents


def _sequence(kind: str) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        items: tuple[Value, ...] | None = ()
        if given.positional:
            items = items_of(ev.resolve(given.positional[0].value, state), state)
        if kind == "tuple":
            return None if items is None else [(TupleValue(items), state)]
        contents = SequenceContents(items or (), open=items is None)
        value = new_sequence(ev, node, contents, state, of_set=kind == "set")
        return [(value, state)]

    return handle


def _bool(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    outcomes = split(ev, given.positional[0].value, state)
    return [(Constant(holds), after) for holds, after in outcomes]


def _len(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    items = items_of(ev.resolve(given.positional[0].value, state), state)
    return None if items is None else [(Constant(len(items)), state)]


def _range(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    bounds = [ev.resolve(argument.value, state) for argument in given.positional]
    numbers = [
        bound.value
        for bound in bounds
        if isinstance(bound, Constant) and isinstance(bound.value, int)
    ]
    if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3:
        return None
    try:
        span = range(*numbers)
    except ValueError:
        return ev.fails(state, "ValueError")
    if len(span) > _MAX_RANGE:
        return None
    return [(TupleValue(tuple(map(Constant, span))), state)]


def _enumerate(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1 or given.keywords:
        return None
    items = items_of(ev.resolve(given.positional[0].value, state), state)
    if items is None:
        return None
    pairs = (TupleValue((Constant(index), item)) for index, item in enumerate(items))
    return [(TupleValue(tuple(pairs)), state)]


def _zip(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    columns = [items_of(ev.resolve(arg.value, state), state) for arg in given.positional]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns) or given.keywords:
        return None
    return [(TupleValue(tuple(map(TupleValue, zip(*known, strict=False)))), state)]


def _any_or_all(ends_on: bool) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        items = items_of(given.positional[0].value, state) if given.positional else None
        if items is None or len(items) > _MAX_RANGE:
            return None
        going_on = [state]
        results: list[Result] = []
        for item in items:
            outcomes = [outcome for before in going_on for outcome in split(ev, item, before)]
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
    if isinstance(base, Opaque) and isinstance(name, Constant) and isinstance(name.value, str):
        store_attribute(ev, base, name.value, value, state)
        return [(NONE, state)]
    return None


def _isinstance(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 2:
        return None
    value, kind = (ev.resolve(argument.value, state) for argument in given.positional)
    kinds = kind.items if isinstance(kind, TupleValue) else (kind,)
    if not all(isinstance(one, BuiltinValue) for one in kinds):
        return [(FALSE, state)] if same_as_none(value) else None
    names = {one.name for one in kinds if isinstance(one, BuiltinValue)}
    name = _type_name(value)
    if name is None:
        return None
    is_one = name in names or "object" in names or (name == "bool" and "int" in names)
    return [(TRUE if is_one else FALSE, state)]


def _type_name(value: Value) -> str | None:
    match value:
        case Constant():
            return type(value.value).__name__
        case TupleValue():
            return "tuple"
        case Reference():
            return value.kind
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


def _super(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [ClassValue(code=code), Opaque() | ClassValue() as receiver]:
            return [(SuperValue(code, receiver), state)]
        case _:
            return None


def _type(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [Opaque(instance_of=code) as receiver] if code is not None:
            return [(class_of(ev, receiver), state)]
        case _:
            return None


def _vars(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    for value in given.values():
        escape(ev, value, state)  # what is stored in the result is stored in attributes
    return None


def _staticmethod(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    # Like a partial, and unlike a function, it takes no receiver.
    return [(PartialValue(given.positional[0].value, (), ()), state)]


def _extremum(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    values = given.values()
    if given.keywords or not values or not all(map(not_none, values)):
        return None
    return [(ev.derived("extremum", id(node), of=values, not_none=True), state)]


_HANDLERS: dict[str, Handler] = {
    "all": _any_or_all(ends_on=False),
    "any": _any_or_all(ends_on=True),
    "bool": _bool,
    "callable": _callable,
    "dict": _dict,
    "dict.fromkeys": _dict_from_keys,
    "enumerate": _enumerate,
    "frozenset": _sequence("set"),
    "getattr": _getattr,
    "isinstance": _isinstance,
    "len": _len,
    "list": _sequence("list"),
    "max": _extremum,
    "min": _extremum,
    "object.__init__": _print,
    "object.__setattr__": _setattr,
    "print": _print,
    "range": _range,
    "set": _sequence("set"),
    "setattr": _setattr,
    "staticmethod": _staticmethod,
    "str": _str,
    "super": _super,
    "tuple": _sequence("tuple"),
    "type": _type,
    "vars": _vars,
    "zip": _zip,
}
