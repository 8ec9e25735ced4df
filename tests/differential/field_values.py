"""Which values of fields TensorFlow rejects, for the stand-in's objects.

Derived from TensorFlow's constructor, not from the linter's tables.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping

from tests.differential.opaque import (
    Foreign,
    Instance,
    Metric,
    Operation,
    Symbol,
    SymbolicValue,
    Tensor,
)

HOOKS = ("training_hooks", "evaluation_hooks", "prediction_hooks", "training_chief_hooks")

#: In the order in which TensorFlow checks them.
ORDER = (
    *("train_op", "loss", "predictions", "export_outputs"),
    *HOOKS,
    *("eval_metric_ops", "scaffold"),
)

#: The name that one of several export outputs must have.
DEFAULT_SIGNATURE = "serving_default"

_OF_PYTHON = (
    *(bool, int, float, str, bytes, tuple, list, dict, set, frozenset, zip, map, filter),
    *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.GeneratorType, type),
)


def wrong_values(key: str, fields: Mapping[str, object]) -> dict[str, type[Exception]]:
    """The fields with a value that the constructor rejects for that key, and how."""
    wrong: dict[str, type[Exception]] = {}
    for field, value in fields.items():
        if value is not None and field in ORDER:
            error = next(_objections(field, value, key, fields), None)
            if error is not None:
                wrong[field] = error
    return wrong


def _objections(
    field: str, value: object, key: str, fields: Mapping[str, object]
) -> Iterator[type[Exception]]:
    if field == "predictions":
        yield from _to_predictions(value, key, fields)
    elif field in ("loss", "train_op"):
        if _is_no_tensor(value) or (field == "loss" and isinstance(value, Operation)):
            yield TypeError
    elif field == "export_outputs":
        if key == "infer":
            yield from _to_outputs(value)
    elif field == "eval_metric_ops":
        yield from _to_metrics(value)
    elif field in HOOKS:
        yield from _to_hooks(value)
    elif _is_other_than(value, "Scaffold") and not _is_false(value):
        yield TypeError


def _is_no_tensor(value: object) -> bool:
    return isinstance(value, (*_OF_PYTHON, Symbol, Instance, Foreign))


def _is_known(value: object) -> bool:
    return isinstance(value, (*_OF_PYTHON, Symbol, Instance, Foreign, Tensor, Operation))


def _is_other_than(value: object, name: str) -> bool:
    """Whether a value is certainly not an instance of a class whose name ends this way."""
    if isinstance(value, Instance | Foreign):
        return not value.made_by.endswith(name)
    return _is_known(value)


def _is_false(value: object) -> bool:
    return isinstance(value, _OF_PYTHON) and not value


def _to_predictions(
    value: object, key: str, fields: Mapping[str, object]
) -> Iterator[type[Exception]]:
    entries = value.values() if isinstance(value, dict) else [value]
    for entry in entries:
        if entry is None or _is_no_tensor(entry) or isinstance(entry, Operation):
            yield TypeError
    if isinstance(value, dict) and key == "infer" and fields.get("export_outputs") is None:
        for name in value:
            if not isinstance(name, str | SymbolicValue):
                yield ValueError


def _to_outputs(value: object) -> Iterator[type[Exception]]:
    if not isinstance(value, dict):
        if _is_known(value):
            yield TypeError
        return
    for entry in value.values():
        if entry is None or _is_other_than(entry, "Output"):
            yield TypeError
    if len(value) > 1 and DEFAULT_SIGNATURE not in value:
        yield ValueError


def _to_metrics(value: object) -> Iterator[type[Exception]]:
    if not isinstance(value, dict):
        if _is_known(value):
            yield TypeError
        return
    entries = list(value.values())
    for entry in entries:
        if isinstance(entry, Metric):
            if not entry.is_updated:
                yield ValueError
        elif isinstance(entry, tuple):
            if len(entry) != 2:
                yield TypeError
        elif entry is None or _is_known(entry):
            yield TypeError
    for entry in entries:
        if isinstance(entry, tuple) and any(
            part is None or isinstance(part, bool | int | float | str) for part in entry
        ):
            yield AttributeError


def _to_hooks(value: object) -> Iterator[type[Exception]]:
    if isinstance(value, SymbolicValue) or not isinstance(value, Iterable):
        if _is_known(value) and not _is_false(value):
            yield TypeError
        return
    for entry in value:
        if entry is None or _is_other_than(entry, "Hook"):
            yield TypeError
