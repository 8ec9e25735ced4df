"""What calls that are not followed may change: their objects, and what they are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import AttributeOf
from estimator_lint.domain.values.values import SymbolicValue, Value
from estimator_lint.interpreter.changed_objects import note_change, note_method_change
from estimator_lint.interpreter.lookup.possibly_empty import note_entry_taken
from estimator_lint.syntax.container_methods import REMOVING_METHODS_OF_CONTAINERS
from estimator_lint.tensorflow_api.asked_anew import changes_module, changes_no_argument
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def note_changes_by_call(
    ev: Evaluator,
    function: Value,
    path: str | None,
    values: Sequence[Value],
    node: cst.CSTNode,
    state: State,
) -> None:
    """Record what a call that is not followed may change.

    It changes its object if that is what its name says, if the evaluated code has made the object,
    if the object is given tensors, as a layer is, or if nothing is done with its result: then also
    what it is given, unless it is known from a library.

    ``path`` is the dotted path of ``function``, if it is of a library, ``values`` are the
    arguments.
    """
    for_effect = ev.frame.statement is node
    called = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
    is_built = any(map(_is_of_graph, values))
    if isinstance(called, AttributeOf):
        changes = for_effect or (
            not _is_setting(ev, called.base) and (is_built or _is_made(ev, called.base))
        )
        note_method_change(ev, called.base, called.name, values, state, changes=changes)
        if called.name in REMOVING_METHODS_OF_CONTAINERS:
            note_entry_taken(ev, called.base, values[0] if values else None, state)
    elif is_built and isinstance(function, SymbolicValue) and function.symbol is None:
        note_change(ev, function, state)
    elif for_effect and path is not None and changes_module(path):
        note_change(ev, ev.symbol(path.rpartition(".")[0]), state)
    if for_effect and not (path is not None and changes_no_argument(path)):
        for value in values:
            note_change(ev, value, state)


def _is_of_graph(value: Value) -> bool:
    """Whether a value is a tensor, or an input."""
    return isinstance(value, SymbolicValue) and (value.tensor or value.of_input)


def _is_made(ev: Evaluator, value: Value) -> bool:
    """Whether the evaluated code has made an object, other than of TensorFlow's."""
    if not isinstance(value, SymbolicValue):
        return False
    made_by = value.result_of
    return ev.is_made_here(value.number) or (made_by is not None and not is_tensorflow(made_by))


def _is_setting(ev: Evaluator, value: Value) -> bool:
    """Whether a value is an object of the project, or an argument with settings."""
    return isinstance(value, SymbolicValue) and (
        (value.instance_of is not None and not ev.is_made_here(value.number))
        or ev.is_settings_object(value)
    )
