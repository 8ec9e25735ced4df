"""Calls of Python's library that make simple objects, or functions that read items of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain.values.values import (
    ClassValue,
    Constant,
    Overrides,
    PartialValue,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments, spread
from estimator_lint.interpreter.calls.records import dataclass_fields
from estimator_lint.interpreter.classes.implicit_calls import is_made_here
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.lookup.attributes import read_attribute, read_item
from estimator_lint.interpreter.lookup.instances import made_instance
from estimator_lint.interpreter.objects import kept, stored_in

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.interpreter.evaluator import Evaluator, Result

_Maker: TypeAlias = (
    "Callable[[Evaluator, Arguments, cst.BaseExpression, State], list[Result] | None]"
)
#: Methods by which a class may make other objects than its fields tell.
_MAKING: Final = ("__init__", "__new__", "__post_init__", "__setattr__")
#: What a getter is called by, with what it gets as first arguments.
_CALLED: Final = ".__call__"


def make_object(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of a call of ``path``; None if it is not known what it makes."""
    maker = _MAKERS.get(path)
    if maker is None:
        return None
    given = spread(ev, arguments, state)
    return None if given.more_positional else maker(ev, given, node, state)


def _namespace(path: str) -> _Maker:
    def make(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        if given.positional or ev.compared_modes.is_outside:
            return None  # other code of the file stores in that of a module, too
        number = ev.allocate(node, state)
        made = ev.symbolic_value("namespace", number, not_none=True, result_of=path)
        ev.note_made_here(made.number)
        attributes = {name: kept(ev, each.value) for name, each in given.keywords.items()}
        state.set_contents(made.number, Overrides(attributes, {}, given.more_keywords))
        return [(made, state)]

    return make


def _replaced(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    """``dataclasses.replace``, of an object that is made here, by a class that does no more."""
    base = ev.resolve(given.positional[0].value, state) if given.positional else None
    if not isinstance(base, SymbolicValue) or base.instance_of is None or given.more_keywords:
        return None
    code, stored = base.instance_of, stored_in(base, state)
    fields = dataclass_fields(ev, code)
    if fields is None or stored.open or not is_made_here(ev, base):
        return None
    own = {name: stored.attributes[name] for name in fields if name in stored.attributes}
    changed = {name: kept(ev, argument.value) for name, argument in given.keywords.items()}
    methods = [look_up_member(ev, code, name) for name in _MAKING]
    if (
        len(own) < len(fields)
        or changed.keys() - fields.keys()
        or set(methods) != {Elsewhere.NOWHERE}
    ):
        return None
    made = made_instance(ev, ClassValue(code), ev.allocate(node, state))
    state.set_contents(made.number, replace(stored, attributes={**own, **changed}))
    return [(made, state)]


def _getter(path: str) -> _Maker:
    def make(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        if not given.positional or given.keywords or given.more_keywords:
            return None
        called = ev.symbol(path + _CALLED)
        return [(ev.bounded(PartialValue(called, tuple(given.values()), ())), state)]

    return make


def _get(
    read: Callable[[Evaluator, Value, Value, cst.BaseExpression, State], list[Result]],
) -> _Maker:
    def get(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        *keys, base = given.values()
        if not keys or given.keywords or given.more_keywords:
            return None
        states = [state]
        for key in keys:
            states = [
                onward for after in states for onward in ev.push(read(ev, base, key, node, after))
            ]
        found = [(after.pop_many(len(keys)), after) for after in states]
        return [
            (values[0] if len(values) == 1 else ev.bounded(TupleValue(tuple(values))), after)
            for values, after in found
        ]

    return get


def _read_attributes(
    ev: Evaluator, base: Value, name: Value, node: cst.BaseExpression, state: State
) -> list[Result]:
    names = str(name.value).split(".") if isinstance(name, Constant) else []
    results = [(base if names else ev.unknown(), state)]
    for one in names:
        results = [
            result
            for value, after in results
            for result in read_attribute(ev, value, one, node, after)
        ]
    return results


_MAKERS: Final[dict[str, _Maker]] = {
    "argparse.Namespace": _namespace("argparse.Namespace"),
    "dataclasses.replace": _replaced,
    "operator.attrgetter": _getter("operator.attrgetter"),
    "operator.attrgetter" + _CALLED: _get(_read_attributes),
    "operator.itemgetter": _getter("operator.itemgetter"),
    "operator.itemgetter" + _CALLED: _get(read_item),
    "types.SimpleNamespace": _namespace("types.SimpleNamespace"),
}
