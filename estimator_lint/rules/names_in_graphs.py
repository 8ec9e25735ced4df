"""The names in the graph of a mode, as far as known from calls of TensorFlow."""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
    BoundMethod,
    Constant,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.graph_scopes import GraphScope, scope_of_call
from estimator_lint.tensorflow_api.callback_arguments import calls_when_built
from estimator_lint.tensorflow_api.metric_predictions import writes_summary
from estimator_lint.tensorflow_api.name_scopes import (
    GLOBAL_STEP,
    NAME_OF_VARIABLE,
    is_get_variable,
    is_variable_class,
    layer_with_variables,
    makes_no_variables,
    makes_variables,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import Origins
    from estimator_lint.facts.trace import Trace

#: Libraries that know nothing of TensorFlow's variables.
_APART = frozenset({"absl", "numpy", "six"}) | sys.stdlib_module_names
#: The names that TensorFlow gives to the second and further layers of a kind.
_COUNTED = re.compile(r"(.+)_\d+")
#: Methods that only read something, or train.
_LOOKING = frozenset(
    """
    apply_gradients as_list compute_gradients get get_shape items keys lower minimize set_shape
    upper values
    """.split()
)


@dataclass(frozen=True)
class Variables:
    """The variables that a call creates, or reuses.

    Attributes:
        name: the prefix of their names, including scopes.
        reused: the place of the argument that requests reuse; None if they are created.
    """

    name: str
    reused: Place | None


def calls_of(trace: Trace) -> Iterator[CallOf]:
    """All unfollowed calls that some path may make in a mode."""
    return (origin for origin in trace.origins.values() if isinstance(origin, CallOf))


def variables_of(call: CallOf, origins: Origins) -> Variables | None:
    """The variables that a call creates; None if their name, or whether it does, is unknown."""
    scope, name = scope_of_call(call.scopes), _name_of_variables(call, origins)
    if scope is None or name is None:
        return None
    if is_variable_class(call.path or ""):
        return Variables(name, None)
    if not _is_reuse_known(call, scope):
        return None
    return Variables(name, _reused(call, scope, origins))


def _name_of_variables(call: CallOf, origins: Origins) -> str | None:
    """The prefix of the names of the variables that a call creates or reuses, if known."""
    scope = scope_of_call(call.scopes)
    path = call.path or ""
    named = call if call.receiver is None else made_by(call.receiver, origins)
    if scope is None or named is None or not (call.complete and named.complete):
        return None
    if is_variable_class(path):
        unnamed = Constant("Variable") if len(call.arguments) == 1 else None
        name = _text(call.keywords.get("name", unnamed))
        return None if name is None or len(call.arguments) > 2 else "/".join((*scope.names, name))
    if "_scope" in named.keywords or "_reuse" in named.keywords:
        return None
    given = (
        named.argument(*NAME_OF_VARIABLE) if is_get_variable(path) else named.keywords.get("name")
    )
    by_default = given is None or same_as_none(given)
    name = layer_with_variables(path) if by_default else _text(given)
    return None if name is None else "/".join((*scope.variables, name))


def layers_called_again(origins: Origins) -> frozenset[int]:
    """The numbers of the layer objects whose first call, which creates their variables, is unknown.

    They are called in several scopes, or something else is done with them.
    """
    uses: dict[int, set[Hashable]] = {}
    for call in origins.values():
        if isinstance(call, CallOf):
            if isinstance(call.receiver, SymbolicValue):
                scope = scope_of_call(call.scopes)
                use = (call.path, scope and scope.variables)
                uses.setdefault(call.receiver.number, set()).add(use)
            for value in (*call.arguments, *call.keywords.values()):
                if _is_layer(value, origins):
                    uses.setdefault(value.number, set()).add(("given", call.path))
    return frozenset(number for number, found in uses.items() if len(found) > 1)


def _is_layer(value: Value, origins: Origins) -> TypeGuard[SymbolicValue]:
    """Whether a value is a layer object, which creates variables when it is called."""
    made = made_by(value, origins)
    return made is not None and layer_with_variables(f"{made.path}()") is not None


def made_by(value: Value, origins: Origins) -> CallOf | None:
    """The call that returned a value, such as the constructor of a layer."""
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    return origin if isinstance(origin, CallOf) else None


def _is_reuse_known(call: CallOf, scope: GraphScope) -> bool:
    """Whether it is known if variables are reused."""
    given = [call.keywords.get("reuse", NONE), *(value for value, _ in scope.reuse)]
    return TRUE in given or all(
        # AUTO_REUSE creates missing variables.
        value in (NONE, FALSE)
        or (isinstance(value, SymbolicValue) and (value.symbol or "").endswith("AUTO_REUSE"))
        for value in given
    )


def _reused(call: CallOf, scope: GraphScope, origins: Origins) -> Place | None:
    """The place that requests reuse of variables, if any."""
    if call.keywords.get("reuse") == TRUE:
        return call.reuse_place or call.place
    for given, manager in scope.reuse:
        if given == TRUE:
            opened = origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
            return (opened.reuse_place if isinstance(opened, CallOf) else None) or call.place
    return None


def names_of_variables(trace: Trace) -> frozenset[str] | None:
    """The names of the variables that a mode may create; None if unknown code may create others."""
    names = {GLOBAL_STEP}
    if trace.calls_not_followed:
        return None
    for call in calls_of(trace):
        if _is_given_function(call, trace.origins):
            return None
        if makes_variables(call.path or ""):
            made = variables_of(call, trace.origins)
            name = _name_of_variables(call, trace.origins)
            if name is None:
                return None
            if made is None or made.reused is None:
                names.add(name)
        elif not _makes_none(call, trace.origins):
            return None
    return frozenset(names)


def _is_given_function(call: CallOf, origins: Origins) -> bool:
    """Whether a call gets a function or a layer, which it may call to build the graph."""
    return not calls_when_built(call.path or "") and any(
        isinstance(value, FunctionValue | BoundMethod | PartialValue) or _is_layer(value, origins)
        for value in (*call.arguments, *call.keywords.values())
    )


def may_be_named(name: str, names: frozenset[str]) -> bool:
    """Whether variables of a name are among ``names``.

    A layer without a name is counted, and the variables of a layer are named below its own
    name: ``fc/kernel`` is one of the layer ``fc``.
    """
    parts = name.split("/")
    around = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(_is_made(each, names) for each in around) or any(
        made.startswith(name + "/") for made in names
    )


def _is_made(name: str, names: frozenset[str]) -> bool:
    counted = _COUNTED.fullmatch(name)
    return name in names or (counted is not None and counted.group(1) in names)


def _makes_none(call: CallOf, origins: Origins) -> bool:
    """Whether a call creates no variable that would be in a checkpoint."""
    if call.path is None:
        return (
            call.name == "reuse_variables"
            or call.name in _LOOKING
            and (
                call.name in ("apply_gradients", "compute_gradients", "get", "minimize")
                or _comes_of_tensor(call.receiver, origins)
            )
        )
    if not is_tensorflow(call.path):
        return call.path.partition(".")[0] in _APART
    return makes_no_variables(call.path)


def _comes_of_tensor(value: Value | None, origins: Origins) -> bool:
    """Whether a value is a tensor or an input, or an attribute or an item of one."""
    while isinstance(value, SymbolicValue) and not (value.tensor or value.of_input):
        match origins.get(value.number):
            case (
                AttributeOf(base=base)
                | ItemOf(base=base)
                | CallOf(receiver=SymbolicValue() as base)
            ):
                value = base
            case _:
                return False
    return isinstance(value, SymbolicValue)


@dataclass(frozen=True)
class OpNames:
    """The names that calls give to ops in a mode.

    Attributes:
        certain: given as the argument ``name``.
        possible: these, and each string that a call other than of a summary gets.
        summaries: those of summaries.
        closed: unknown code cannot have added others.
    """

    certain: frozenset[str]
    possible: frozenset[str]
    summaries: frozenset[str]
    closed: bool


def op_names(trace: Trace) -> OpNames:
    """The names of ops in a mode."""
    certain: set[str] = set()
    possible: set[str] = set()
    summaries: set[str] = set()
    closed = not trace.calls_not_followed
    for call in calls_of(trace):
        known = is_tensorflow(call.path or "") or _makes_none(call, trace.origins)
        closed &= known and not _is_given_function(call, trace.origins)
        scope = scope_of_call(call.scopes)
        strings = [_text(value) for value in (*call.arguments, *call.keywords.values())]
        if scope is None:
            closed &= not any(strings)
            continue
        names = {"/".join((*scope.names, text)) for text in strings if text is not None}
        if writes_summary(call.path or ""):
            summaries |= names
            continue
        possible |= names
        is_identity = short_name(call.path or "") == "identity"
        given = call.argument(1, "name") if is_identity else call.keywords.get("name")
        name = _text(given)
        if name is not None and is_tensorflow(call.path or ""):
            certain.add("/".join((*scope.names, name)))
    return OpNames(frozenset(certain), frozenset(possible), frozenset(summaries), closed)


def _text(value: Value | None) -> str | None:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
