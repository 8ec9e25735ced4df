"""Variables of views and iterators: when their items are read, and by whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.domain.values.lazy_items import LazyItems, Source
from estimator_lint.domain.values.values import Reference, SequenceContents, Value

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Evaluator


def read_later(
    ev: Evaluator, value: LazyItems, scope: Scope, node: cst.Name, state: State
) -> Value:
    """What a variable is that was given a view, or an iterator, which is taken to be read now."""
    unknown = ev.unknown(not_none=True, imprecise=True)
    if value.is_read:
        ((source, _),) = value.sources
        state.set_contents(source.container.number, SequenceContents((), open=True))
        state.bind(scope, node.value, unknown)
        ev.possibly_empty.add(unknown.number)  # the first reader may have left nothing
        return unknown
    items, sources = value.now(state), value.sources
    if not value.is_view:
        again = Source(Reference(ev.allocate(node, state, "read"), "list")), ()
        state.set_contents(again[0].container.number, SequenceContents(()))
        state.bind(scope, node.value, LazyItems((), sources=(again,), is_read=True))
        sources += (again,)
    return unknown if items is None else replace(value, items=items, sources=sources)
