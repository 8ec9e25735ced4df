"""Values of fields that TensorFlow does not accept in any mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.spec_values import Mistyped
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    holds,
    same_as_none,
)
from estimator_lint.interpreter.specs.batch_dimension import has_row_per_example
from estimator_lint.interpreter.specs.type_inference import is_per_example, kind_of
from estimator_lint.tensorflow_api.field_checks import (
    DEFAULT_SIGNATURE,
    FALSE_IS_NONE,
    TAKEN,
    TAKEN_WITHIN,
    WANTED,
    WANTED_WITHIN,
)
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.interpreter.evaluator import Evaluator

#: Fields whose dicts have names as keys, which messages use for their entries.
_DICTS = frozenset({"predictions", "eval_metric_ops", "export_outputs"})


def mistyped_fields(
    ev: Evaluator, fields: Mapping[str, Value], key: object
) -> tuple[Mistyped, ...]:
    """The wrong values of fields, given as ``Picture``, for a ``mode`` of ``key``."""
    predicts = key == Mode.PREDICT.value
    found: list[Mistyped] = []
    for field, value in fields.items():
        if (
            field not in TAKEN
            or same_as_none(value)
            or (field in FALSE_IS_NONE and _is_false(value))
        ):
            continue
        if field == "export_outputs" and not predicts:
            continue
        found += _mistyped(ev, field, value)
        if field == "loss" and not predicts:
            found += _unreduced(ev, value)
        if field == "predictions" and predicts and same_as_none(fields["export_outputs"]):
            found += _unservable(value)
        elif field == "export_outputs":
            found += _without_default(value)
    return tuple(found)


def _is_false(value: Value) -> bool:
    match value:
        case Constant(value=constant):
            return not constant
        case TupleValue(items=items):
            return not items
        case Picture(contents=DictContents(entries=entries, open=is_open)):
            return not entries or is_open
        case Picture(contents=SequenceContents(items=items, open=is_open)):
            return not items or is_open
    return False


def _mistyped(ev: Evaluator, field: str, value: Value) -> Iterator[Mistyped]:
    kind = kind_of(ev, value)
    if kind is not None and kind not in TAKEN[field]:
        problem = f"is {_called(ev, kind, value)}"
        yield Mistyped(field, "", problem, origin_of(ev, value), wanted=WANTED[field])
    elif field in TAKEN_WITHIN:
        for part, within in _parts(field, value):
            found = _wrong_within(ev, field, within)
            if found is not None:
                origin, wanted = origin_of(ev, within), WANTED_WITHIN[field]
                yield Mistyped(
                    field, part, f"is {found.text}", origin, found.exception, wanted=wanted
                )


def _parts(field: str, value: Value) -> Iterator[tuple[str, Value]]:
    """The values in a container, each with its name in messages: ``["key"]``."""
    match value:
        case Picture(contents=DictContents(entries, is_open, unkeyed)) if field in _DICTS:
            for key, entry in entries.items():
                # Code that is not followed may have stored a None; such an entry is not unkeyed.
                if unkeyed or not (is_open and isinstance(entry, Constant)):
                    yield f"[{_quoted(key)}]", entry
            for entry in unkeyed:
                yield "[...]", entry
        case Picture(contents=SequenceContents(items=items, open=False)) | TupleValue(items=items):
            for index, item in enumerate(items):
                yield f"[{index}]", item


def _quoted(key: object) -> str:
    return f'"{key}"' if isinstance(key, str) else repr(key)


class _Wrong(NamedTuple):
    """How messages describe a wrong value, and what TensorFlow raises for it."""

    text: str
    exception: str = "TypeError"


def _wrong_within(ev: Evaluator, field: str, value: Value) -> _Wrong | None:
    """What is wrong with a value in the container of ``field``; None if nothing is known to be."""
    kind = kind_of(ev, value)
    if kind is None:
        return None
    if kind not in TAKEN_WITHIN[field]:
        return _Wrong(_called(ev, kind, value))
    if field != "eval_metric_ops":
        return None
    if isinstance(value, TupleValue):
        if len(value.items) != 2:
            return _Wrong(f"a tuple of {len(value.items)}")
        for item in value.items:
            if isinstance(item, Constant):
                return _Wrong(
                    f"a tuple with {_called(ev, kind_of(ev, item), item)}", "AttributeError"
                )
    if (
        kind is Kind.KERAS_METRIC
        and isinstance(value, SymbolicValue)
        and not _is_mentioned(ev, value)
    ):
        return _Wrong("a Keras metric that nothing updates", "ValueError")
    return None


def _is_mentioned(ev: Evaluator, metric: SymbolicValue) -> bool:
    """Whether a call that is not followed gets ``metric``, directly or indirectly."""
    return any(
        isinstance(origin, CallOf)
        and any(
            holds(value, {metric.number}, closed=True)
            for value in (origin.receiver, *origin.arguments, *origin.keywords.values())
            if value is not None
        )
        for origin in ev.origins.values()
    )


def _unreduced(ev: Evaluator, value: Value) -> Iterator[Mistyped]:
    """The fault of a loss that can be built, but neither trained on nor evaluated.

    That of a batch of one example is one number.
    """
    if _has_rows(ev, value) and not ev.frame.code.module.index.makes_batches_of_one():
        origin = origin_of(ev, _operand_with_rows(ev, value))
        yield Mistyped("loss", "", "is per-example", origin, exception=None, wanted="a scalar")


def _has_rows(ev: Evaluator, value: Value) -> bool:
    return is_per_example(ev, value) or has_row_per_example(ev, value)


def _operand_with_rows(ev: Evaluator, value: Value) -> Value:
    """The value by which the result of operators is per-example; otherwise ``value`` itself."""
    for _ in range(bounds.MAX_OPERATORS):
        operation = ev.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        operands = operation.operands if isinstance(operation, OperationOn) else ()
        with_rows = [one for one in operands if _has_rows(ev, one)]
        if not with_rows:
            break
        value = with_rows[0]
    return value


def _unservable(value: Value) -> Iterator[Mistyped]:
    """The fault of predictions that can be built, but neither run nor exported on their own."""
    if not isinstance(value, Picture) or not isinstance(value.contents, DictContents):
        return
    if not value.contents.entries and not value.contents.open:
        problem = "is an empty dict: predict() has nothing to run"
        yield Mistyped("predictions", "", problem, None, exception=None, sure=False)
    for key in value.contents.entries:
        parts = key if isinstance(key, tuple) else (key,)
        if not all(isinstance(part, str) for part in parts):
            problem = f"has the key {key!r}, which is not a string"
            yield Mistyped("predictions", "", problem, None, "ValueError")


def _without_default(value: Value) -> Iterator[Mistyped]:
    if not isinstance(value, Picture) or not isinstance(value.contents, DictContents):
        return
    entries = value.contents.entries
    if len(entries) > 1 and not value.contents.open and DEFAULT_SIGNATURE not in entries:
        problem = f'has several entries but none named "{DEFAULT_SIGNATURE}"'
        yield Mistyped("export_outputs", "", problem, None, "ValueError")


def _called(ev: Evaluator, kind: Kind | None, value: Value) -> str:
    """The name of a value in messages."""
    text = "" if kind is None else kind.value
    if isinstance(value, SymbolicValue):
        origin = ev.origins.get(value.number)
        name = origin.name if isinstance(origin, AttributeOf) else value.symbol
        if kind in (Kind.FUNCTION, Kind.CLASS) and name is not None:
            return f"{text} ('{name.rpartition('.')[2]}', not called)"
    return text


def origin_of(ev: Evaluator, value: Value) -> Place | None:
    """The one call that created a value, or the value that contains it."""
    while isinstance(value, SymbolicValue):
        match ev.origins.get(value.number):
            case CallOf(place=place, repeated=repeated):
                return None if repeated else place
            case ItemOf(base=base) | AttributeOf(base=base):
                value = base
            case _:
                return None
    return None
