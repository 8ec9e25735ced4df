"""Which calls create an object each time that a model function is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import bound_arguments
from estimator_lint.migration.skeleton.keras_counterparts import (
    Counterpart,
    counterpart,
    is_metric_class,
    keras_class,
)

Kind = Literal["layer", "layer class", "metric", "metric class", "optimizer", "weight"]


def kind_of(path: str) -> Kind | None:
    """The kind of object that a call of that path creates at each call of the model function."""
    for kind, table in _TABLES.items():
        if counterpart(path, table) is not None:
            return kind
    keras = keras_class(path)
    if keras is None:
        return None
    return "metric class" if is_metric_class(keras) else "layer class"


_TABLES: Mapping[Kind, str] = {
    "layer": "layers",
    "metric": "metrics",
    "optimizer": "optimizers",
    "weight": "weights",
}


def row_of(kind: Kind, path: str) -> Counterpart | None:
    """The counterpart of what a call of that path creates, if a table has it."""
    table = _TABLES.get(kind)
    return None if table is None else counterpart(path, table)


def per_call(call: cst.Call, kind: Kind, path: str) -> Iterator[cst.BaseExpression]:
    """The arguments of a site that the created object gets at each call."""
    row = row_of(kind, path)
    if row is not None and row.per_call:
        given = bound_arguments(call, row.parameters)
        if given is None:
            yield from (argument.value for argument in call.args)
            return
        yield from (given[name] for name in row.per_call if name in given)
