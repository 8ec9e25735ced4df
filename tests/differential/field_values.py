"""Which values of fields TensorFlow rejects, for the stand-in's objects.

Written from what TensorFlow's constructor does and not from the linter's tables.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping

HOOKS = ("training_hooks", "evaluation_hooks", "prediction_hooks", "training_chief_hooks")

#: In the order in which TensorFlow looks at them.
ORDER = (
    *("train_op", "loss", "predictions", "export_outputs"),
    *HOOKS,
    *("eval_metric_ops", "scaffold"),
)

_NEVER_A_TENSOR = (
    *(bool, int, float, str, bytes, tuple, list, dict, set, frozenset),
    *(types.FunctionType, types.MethodType, types.BuiltinFunctionType, type),
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
        if isinstance(value, _NEVER_A_TENSOR) or (field == "loss" and _is_op(value)):
            yield TypeError
    elif field == "export_outputs":
        if key == "infer":
            yield from _to_outputs(value)
    elif field == "eval_metric_ops":
        yield from _to_metrics(value)
    elif field in HOOKS:
        yield from _to_hooks(value)
    elif isinstance(value, _NEVER_A_TENSOR) and value:
        yield TypeError  # scaffold


def _is_op(value: object) -> bool:
    return getattr(value, "__name__", "") in ("tf.no_op(...)", "tf.group(...)")


def _is_tensor(value: object) -> bool:
    return type(value).__name__ == "Tensor"


def _to_predictions(
    value: object, key: str, fields: Mapping[str, object]
) -> Iterator[type[Exception]]:
    if not isinstance(value, dict):
        if isinstance(value, _NEVER_A_TENSOR) or _is_op(value):
            yield TypeError
        return
    for entry in value.values():
        if entry is None or isinstance(entry, _NEVER_A_TENSOR) or _is_op(entry):
            yield TypeError
    if key == "infer" and fields.get("export_outputs") is None:
        for name in value:
            if not isinstance(name, str):
                yield ValueError


def _to_outputs(value: object) -> Iterator[type[Exception]]:
    if not isinstance(value, dict):
        if isinstance(value, _NEVER_A_TENSOR) or _is_tensor(value):
            yield TypeError
        return
    for entry in value.values():
        if entry is None or isinstance(entry, _NEVER_A_TENSOR) or _is_tensor(entry):
            yield TypeError
    if len(value) > 1 and "serving_default" not in value:
        yield ValueError


def _to_metrics(value: object) -> Iterator[type[Exception]]:
    if not isinstance(value, dict):
        if isinstance(value, _NEVER_A_TENSOR) or _is_tensor(value):
            yield TypeError
        return
    entries = list(value.values())
    for entry in entries:
        if isinstance(entry, tuple):
            if len(entry) != 2:
                yield TypeError
        elif entry is None or isinstance(entry, _NEVER_A_TENSOR) or _is_tensor(entry):
            yield TypeError
    for entry in entries:
        if isinstance(entry, tuple) and any(
            part is None or isinstance(part, bool | int | float | str) for part in entry
        ):
            yield AttributeError


def _to_hooks(value: object) -> Iterator[type[Exception]]:
    if isinstance(value, _NEVER_A_TENSOR) and not value:
        return
    if not isinstance(value, tuple | list | set):
        is_hook = getattr(value, "__name__", "").endswith("Hook(...)")
        if isinstance(value, _NEVER_A_TENSOR) or _is_tensor(value) or is_hook:
            yield TypeError
        return
    for entry in value:
        if entry is None or isinstance(entry, _NEVER_A_TENSOR) or _is_tensor(entry):
            yield TypeError
