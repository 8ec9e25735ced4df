"""Calls that are not followed: of libraries, and of unknown values."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import is_features, is_form_of_features
from estimator_lint.domain.values.lazy_items import iterator_of
from estimator_lint.domain.values.provenance import AttributeOf, ItemOf
from estimator_lint.domain.values.values import (
    FALSE,
    TRUE,
    Argument,
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arg_scopes import NO_DEFAULTS, arg_scope, defaults_of
from estimator_lint.interpreter.arguments import spread
from estimator_lint.interpreter.calls.builtin_functions import call_builtin
from estimator_lint.interpreter.calls.builtin_methods import call_method
from estimator_lint.interpreter.calls.changes_by_calls import note_changes_by_call
from estimator_lint.interpreter.calls.copies import copied
from estimator_lint.interpreter.calls.head_calls import note_head
from estimator_lint.interpreter.calls.history import note_made, note_read, note_watched
from estimator_lint.interpreter.calls.layer_classes import as_applied
from estimator_lint.interpreter.calls.library_objects import make_object
from estimator_lint.interpreter.calls.records import named_tuple_class
from estimator_lint.interpreter.calls.reuse_places import place_of_reuse
from estimator_lint.interpreter.changed_objects import note_renewed
from estimator_lint.interpreter.classes.method_resolution import look_up_member
from estimator_lint.interpreter.conditions.choices_of_mode import note_method_call, note_told_mode
from estimator_lint.interpreter.conditions.correlation import note_method
from estimator_lint.interpreter.conditions.none_uses import none_to_library
from estimator_lint.interpreter.conditions.tensor_uses import tensor_to_library
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.graph_scopes import NO_SCOPES, graph_scopes, reuse_variables
from estimator_lint.interpreter.objects import closures_in, escape, items_of, kept
from estimator_lint.interpreter.provenance_records import control_inputs, note_call
from estimator_lint.interpreter.several_objects import note_result
from estimator_lint.interpreter.specs.construction import construct_spec
from estimator_lint.interpreter.specs.type_inference import is_given_metric_value, is_symbolic
from estimator_lint.project.code import ClassCode
from estimator_lint.tensorflow_api.asked_anew import is_asked_anew
from estimator_lint.tensorflow_api.layer_functions import is_sequential
from estimator_lint.tensorflow_api.metric_predictions import writes_summary
from estimator_lint.tensorflow_api.name_scopes import makes_variables
from estimator_lint.tensorflow_api.results import (
    CHANGING_METHODS,
    method_returns_op,
    returns_not_none,
    returns_tensor,
)
from estimator_lint.tensorflow_api.slim import BATCH_NORM, applied_argument, slim_layer
from estimator_lint.tensorflow_api.symbols import is_tensorflow, spec_class
from estimator_lint.tensorflow_api.tensor_refusals import asks_whether_eager, asks_whether_tensor
from estimator_lint.tensorflow_api.train_op_functions import (
    is_watched,
    reads_collection,
)
from estimator_lint.tensorflow_api.value_types import Kind, calls_layer, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Result


#: Functions that never return, with the exception that they raise; None if any.
EXITS: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(("sys.exit", "os._exit", "os.abort", "exit", "quit"), "SystemExit"),
    "absl.logging.fatal": "SystemExit",
    "argparse.ArgumentParser().error": "SystemExit",
    "argparse.ArgumentParser().exit": "SystemExit",
    "six.raise_from": None,
    "six.reraise": None,
}


_CALLABLES: Final = (FunctionValue, BoundMethod, BoundBuiltin, PartialValue)


def metric_pair(ev: Evaluator, made: SymbolicValue) -> TupleValue:
    """The value and the update op that a function of ``tf.metrics`` (v1) returns."""
    parts = []
    for index in (0, 1):
        key = Constant(index)
        part = ev.derived("item", of=[made, key], not_none=True)
        ev.origins[part.number] = ItemOf(made, key)
        parts.append(part)
    return TupleValue(tuple(parts))


def call_library(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling what a dotted import path names; None if not special."""
    specs = spec_class(path)
    if specs is not None:
        return construct_spec(ev, specs, spread(ev, arguments, state), node, state)
    if asks_whether_eager(path):
        return [(FALSE, state)]
    if asks_whether_tensor(path) and len(arguments) == 1:
        asked = ev.resolve(arguments[0].value, state)
        if is_symbolic(ev, asked):
            return [(TRUE, state)]
        if is_features(asked):  # as ``isinstance`` of it
            form = ev.symbolic_value(
                *("is tensor", ev.identity(asked)),
                not_none=True,
                result_of="builtins.isinstance",
                imprecise=ev.depends_on_mode(asked),
                of_input=True,
            )
            return [(form, state)]
    rejected = none_to_library(ev, path, arguments, node, state)
    if rejected is None:
        rejected = tensor_to_library(ev, path, arguments, state)
    if rejected is not None:
        return rejected
    match path:
        case "functools.partial" | "partial":
            partial = _make_partial(ev, arguments, state)
            return None if partial is None else [(partial, state)]
        case "collections.namedtuple":
            named = named_tuple_class(ev, arguments, state)
            return None if named is None else [(named, state)]
        case "six.iteritems" | "six.iterkeys" | "six.itervalues" if len(arguments) == 1:
            view = path.removeprefix("six.iter")
            receiver = ev.resolve(arguments[0].value, state)
            views = call_method(ev, BoundBuiltin(receiver, view), [], node, state)
            return views and [(iterator_of(one), after) for one, after in views]
        case "collections.OrderedDict":
            return call_builtin(ev, BuiltinValue("dict"), arguments, node, state)
        case "copy.copy" | "copy.deepcopy" if len(arguments) == 1:
            deep = path == "copy.deepcopy"
            return [(copied(ev, node, arguments[0].value, state, deep=deep), state)]
        case "typing.cast" if len(arguments) == 2:
            return [(arguments[1].value, state)]
    return make_object(ev, path, arguments, node, state)


def none_to_object(
    ev: Evaluator,
    function: SymbolicValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling a TensorFlow object, or a method of one, with None.

    None if it accepts None, or is given none.
    """
    path, _ = library_path(ev, function)
    return None if path is None else none_to_library(ev, path, arguments, node, state)


def _make_partial(ev: Evaluator, arguments: Sequence[Argument], state: State) -> Value | None:
    given = spread(ev, arguments, state)
    if not given.positional or given.more_positional or given.more_keywords:
        return None
    function, *rest = (kept(ev, argument.value) for argument in given.positional)
    keywords = tuple((name, kept(ev, each.value)) for name, each in given.keywords.items())
    return ev.bounded(PartialValue(function, tuple(rest), keywords))


def unknown_call(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> SymbolicValue:
    """The result of a call that is not followed; it may change its arguments."""
    path, receiver = library_path(ev, function)
    given = spread(ev, arguments, state)
    if _calls_method(ev, function, "create_estimator_spec"):
        note_head(ev, path, given, state)
    call = _UnknownCall(ev, function, arguments, node, state, path, receiver, given)
    result = call.result()
    call.record(result)
    call.let_escape()
    note_result(ev, result, state)
    if path is not None and is_asked_anew(path):
        note_renewed(ev, result, state)
    return result


@dataclass
class _UnknownCall:
    """A call that is not followed, on one path."""

    ev: Evaluator
    function: Value
    arguments: Sequence[Argument]
    node: cst.BaseExpression
    state: State
    path: str | None
    receiver: Value | None
    given: Arguments

    def __post_init__(self) -> None:
        path = self.path
        self.values = [argument.value for argument in self.arguments]
        self.defaults = arg_scope(self.state) if path is not None and slim_layer(path) else None
        self.scopes = graph_scopes(self.state)

    def result(self) -> SymbolicValue:
        """The result; the same for a call of the same values in the same surroundings."""
        ev, path = self.ev, self.path
        control = control_inputs(self.state)
        is_named = path is not None and ("name" in self.given.keywords or makes_variables(path))
        # Each call creates a new object, which may be filled later.
        making = (ev.allocate(self.node, self.state),) if path and is_sequential(path) else ()
        tensor, sure = _returns(path, self.receiver)
        return ev.symbolic_value(
            "call",
            tuple(argument.keyword or argument.star for argument in self.arguments),
            ev.identity(self.function),
            *(ev.identity(value) for value in self.values),
            *(_held(ev, one, self.state) for one in self.arguments),
            *(("under", ev.identity(value)) for value in control),
            *(("making", number) for number in making),
            *_around("by default", self.defaults, ev),
            *_around("in scopes", self.scopes if is_named else None, ev),
            not_none=sure or tensor,
            result_of=path,
            tensor=tensor,
            imprecise=ev.depends_on_mode(self.function, *self.values),
            of_input=self.receiver is not None and is_form_of_features(self.receiver),
        )

    def record(self, result: SymbolicValue) -> None:
        """Record where the result comes from, and that the path made the call."""
        ev, path, state, function = self.ev, self.path, self.state, self.function
        given = as_applied(ev, path, self.given)
        ev.note_operands(result.number, (function, *self.values))
        called = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
        name = called.name if isinstance(called, AttributeOf) else None
        reuses = name == "reuse_variables" and not self.arguments
        note_call(
            *(ev, result.number, path, self.receiver, given, ev.place(self.node), state),
            defaults=self.defaults,
            name=name,
            scopes=self.scopes,
            reuse_place=ev.place(self.node) if reuses else place_of_reuse(ev, given),
        )
        if reuses and isinstance(called, AttributeOf):
            reuse_variables(ev, called.base, result, state)
        ev.trace.replaces_train_op |= name == "_replace" and "train_op" in given.keywords
        if isinstance(called, AttributeOf):
            note_method(ev, result, called.base, called.name, self.values)
            if isinstance(called.base, SymbolicValue | ClassValue):
                note_method_call(ev, called.base, called.name, self.values)
        elif isinstance(function, SymbolicValue) and function.symbol is not None:
            note_told_mode(ev, function, self.values)
        if path is not None and (
            is_watched(path)
            or _may_normalize(path, given, self.defaults)
            or (writes_summary(path) or kind_of_result(path) is Kind.HOOK)
            and is_given_metric_value(ev, result)
        ):
            note_watched(ev, self.node, result, state)
        if path is not None and reads_collection(path):
            note_read(state)
        if path is not None and makes_variables(path):
            note_made(ev, self.node, result, state)

    def let_escape(self) -> None:
        """Let everything escape that the callee may change."""
        ev, state, receiver = self.ev, self.state, self.receiver
        function = self.function
        note_changes_by_call(ev, function, self.path, self.values, self.node, state)
        of_tensorflow = self.path is not None and is_tensorflow(self.path)
        # TensorFlow's functions do not change containers, but call functions they are given, with
        # what is in the other arguments. So do those that it makes of others, as templates.
        made_of = (
            ev.operands.get(function.number, ()) if isinstance(function, SymbolicValue) else ()
        )
        given = [part for value in self.values for part in (value, *_items(value, state))]
        called_back = any(_can_be_called(ev, value) for value in (*given, *made_of))
        if not of_tensorflow or called_back:
            for value in self.values:
                escape(ev, value, state)
        called = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
        if isinstance(called, AttributeOf) and isinstance(called.base, ClassValue):
            escape(ev, called.base, state)
        if receiver is not None and receiver is not self.function:
            escape(ev, receiver, state)
        elif not isinstance(function, SymbolicValue) or closures_in(ev, function):
            escape(ev, self.function, state)


def _around(what: str, value: Value | None, ev: Evaluator) -> tuple[tuple[str, object], ...]:
    """What enclosing blocks add to the identity of a call's result."""
    return () if value is None or value == NO_SCOPES else ((what, ev.identity(value)),)


def _can_be_called(ev: Evaluator, value: Value) -> bool:
    """Whether a value is a function of the project, or an object like one: a layer, too."""
    if isinstance(value, SymbolicValue) and value.instance_of is not None:
        found = [look_up_member(ev, value.instance_of, name) for name in ("__call__", "call")]
        return any(isinstance(one, ClassCode) for one in found)
    return isinstance(value, _CALLABLES)


def _items(value: Value, state: State) -> tuple[Value, ...]:
    """The items of a list, as of the layers of a model."""
    return (items_of(value, state) or ()) if isinstance(value, Reference) else ()


def _held(ev: Evaluator, argument: Argument, state: State) -> Hashable:
    """What a list, or ``**dict``, holds: with other items, the same one gives other results."""
    value = argument.value
    match state.contents(value.number) if isinstance(value, Reference) else None:
        case SequenceContents(items=items) if len(items) <= bounds.MAX_PICTURED:
            return ("holding", *map(ev.identity, items))
        case DictContents(entries=entries) if argument.star and len(entries) <= bounds.MAX_PICTURED:
            return ("given", *((key, ev.identity(one)) for key, one in entries.items()))
    return None


def _may_normalize(path: str, given: Arguments, defaults: Value | None) -> bool:
    """Whether a layer of slim is, or is followed by, a normalization."""
    layer = slim_layer(path)
    return layer is not None and (
        layer == BATCH_NORM
        or applied_argument(path) is not None
        or "normalizer_fn" in given.keywords
        or "normalizer_fn" in (defaults_of(defaults or NO_DEFAULTS, layer) or {})
    )


def _calls_method(ev: Evaluator, function: Value, name: str) -> bool:
    """Whether ``function`` is an attribute of that name, of an unknown value."""
    origin = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
    return isinstance(origin, AttributeOf) and origin.name == name


def library_path(ev: Evaluator, function: Value) -> tuple[str | None, Value | None]:
    """The callee of a call, as the path of ``CallOf``; for a method, also the object."""
    if not isinstance(function, SymbolicValue):
        return None, None
    if function.symbol is not None:
        return function.symbol, None
    origin = ev.origins.get(function.number)
    if isinstance(origin, AttributeOf):
        made_by = origin.base.result_of if isinstance(origin.base, SymbolicValue) else None
        return None if made_by is None else f"{made_by}().{origin.name}", origin.base
    return None if function.result_of is None else f"{function.result_of}()", function


def _returns(path: str | None, receiver: Value | None) -> tuple[bool, bool]:
    """Whether a call returns a tensor or an op, and whether it never returns None."""
    if path is None:
        return False, False
    kind = kind_of_result(path)
    # There may be no global step, which is a variable.
    sure = kind is not None and kind is not Kind.VARIABLE
    if receiver is None:
        return returns_tensor(path), sure or returns_not_none(path)
    if path.endswith("()"):
        return kind is Kind.TENSOR, sure or calls_layer(path)
    made_by, _, method = path.rpartition("().")
    changes = kind_of_result(made_by) is Kind.VARIABLE and method in CHANGING_METHODS
    return method_returns_op(made_by, method), changes or sure
