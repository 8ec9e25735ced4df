"""Literals, f-strings, and displays of tuples, lists, sets and dicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.constants import bounded_constant, joined_texts
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    SequenceContents,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, TEXT, note_implicit_call
from estimator_lint.interpreter.conditions.formatting import field_of_tensor
from estimator_lint.interpreter.conditions.none_uses import spread_none
from estimator_lint.interpreter.conditions.tensor_uses import spread_tensor
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.lookup.possibly_empty import note_joined
from estimator_lint.interpreter.objects import (
    dict_contents,
    items_of,
    kept,
    new_dict,
    new_sequence,
    updated,
    with_entries,
)
from estimator_lint.interpreter.specs.type_inference import unknown_of
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result


@expression(
    cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis
)
def _literal(ev: Evaluator, node: cst.CSTNode, states: list[State]) -> list[Result]:
    literal = ... if type(node) is cst.Ellipsis else ev.frame.code.module.literal(node)
    value = None if literal is None else bounded_constant(literal)
    return [(value or ev.unknown(not_none=True), state) for state in states]


@expression(cst.FormattedString)
def _formatted_string(
    ev: Evaluator, node: cst.FormattedString, states: list[State]
) -> list[Result]:
    fields = [part for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
    results: list[Result] = []
    for values, after in ev.evaluate_all([field.expression for field in fields], states):
        for value in values:
            note_implicit_call(ev, value, TEXT, after)
        failed = field_of_tensor(ev, fields, values, after)
        if failed is not None:
            results += failed
            continue
        plain = all(
            isinstance(value, Constant) and isinstance(value.value, str | int) for value in values
        ) and not any(field.conversion or field.format_spec or field.equal for field in fields)
        plain = plain and not any(
            set(part.value) & set("{}\\")
            for part in node.parts
            if isinstance(part, cst.FormattedStringText)
        )
        text = _joined(node, values) if plain else None
        value = text or ev.derived("format", id(node), of=values, not_none=True)
        results.append((value, after))
    return results


def _joined(node: cst.FormattedString, values: Sequence[Value]) -> Constant | None:
    """The text of an f-string all of whose fields are known; None if it is too long."""
    fields = iter(values)
    return joined_texts(
        [
            part.value
            if isinstance(part, cst.FormattedStringText)
            else str(getattr(next(fields), "value", ""))
            for part in node.parts
        ]
    )


@expression(cst.Tuple, cst.List, cst.Set)
def _display(
    ev: Evaluator, node: cst.Tuple | cst.List | cst.Set, states: list[State]
) -> list[Result]:
    results: list[Result] = []
    for values, after in ev.evaluate_all([element.value for element in node.elements], states):
        starred = [
            (value, element, "*")
            for value, element in zip(values, node.elements, strict=True)
            if type(element) is cst.StarredElement
        ]
        for spread_out, *_ in starred:
            note_implicit_call(ev, spread_out, ITERATION, after)
        failed = spread_none(ev, starred, after)
        if failed is None:
            failed = spread_tensor(ev, starred, after)
        if failed is not None:
            results += failed
            continue
        items = _spread(values, node.elements, after)
        if type(node) is cst.Tuple:
            value = unknown_of(ev, Kind.TUPLE) if items is None else ev.bounded(TupleValue(items))
        else:
            held = tuple(kept(ev, item) for item in items or ())
            contents = SequenceContents(held, open=items is None)
            value = new_sequence(ev, node, contents, after, of_set=type(node) is cst.Set)
        if items is None and len(starred) == len(node.elements):
            note_joined(ev, value, values, after)
        results.append((value, after))
    return results


def _spread(
    values: Sequence[Value], elements: Sequence[cst.BaseElement], state: State
) -> tuple[Value, ...] | None:
    """The items of a display, starred ones spread out; None if one is unknown."""
    items: list[Value] = []
    for value, element in zip(values, elements, strict=True):
        if type(element) is cst.StarredElement:
            inner = items_of(value, state)
            if inner is None:
                return None
            items.extend(inner)
        else:
            items.append(value)
    return tuple(items)


@expression(cst.Dict)
def _dict(ev: Evaluator, node: cst.Dict, states: list[State]) -> list[Result]:
    parts: list[cst.BaseExpression] = []
    starred: list[int] = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            parts += [element.key, element.value]
        else:
            starred.append(len(parts))
            parts.append(element.value)
    results: list[Result] = []
    for values, after in ev.evaluate_all(parts, states):
        failed = spread_none(ev, ((values[at], parts[at], "**") for at in starred), after)
        if failed is not None:
            results += failed
            continue
        made = new_dict(ev, node, _dict_display(ev, node, values, after), after)
        if starred and len(starred) == len(node.elements):
            note_joined(ev, made, values, after)
        results.append((made, after))
    return results


def _dict_display(
    ev: Evaluator, node: cst.Dict, values: Sequence[Value], state: State
) -> DictContents:
    contents = DictContents({})
    pairs: list[tuple[Value, Value]] = []
    remaining = iter(values)
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            pairs.append((next(remaining), kept(ev, next(remaining))))
        else:
            contents = with_entries(contents, pairs)
            contents = updated(contents, dict_contents(next(remaining), state))
            pairs = []
    return with_entries(contents, pairs)
