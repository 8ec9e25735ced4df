"""Finding the row for a name of TensorFlow."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Final

from estimator_lint.migration.replacements.estimator_table import ESTIMATORS, SPEC_FIELDS, SPECS
from estimator_lint.migration.replacements.feature_column_table import FEATURE_COLUMNS
from estimator_lint.migration.replacements.graph_table import BACKGROUND, COLLECTIONS, SUMMARIES
from estimator_lint.migration.replacements.head_table import CANNED_ESTIMATORS, HEADS
from estimator_lint.migration.replacements.hook_table import HOOKS
from estimator_lint.migration.replacements.layer_table import LAYERS
from estimator_lint.migration.replacements.loss_table import LOSSES
from estimator_lint.migration.replacements.metric_table import METRICS
from estimator_lint.migration.replacements.optimizer_table import OPTIMIZERS
from estimator_lint.migration.replacements.pipeline_table import (
    CHECKPOINTS,
    DISTRIBUTION,
    EXPORTS,
    INPUT_FUNCTIONS,
)
from estimator_lint.migration.replacements.replacement import Replacement, Topic
from estimator_lint.migration.replacements.run_config_table import (
    CONFIGURATIONS,
    RUN_CONFIG_FIELDS,
    TPU_CONFIG_FIELDS,
)
from estimator_lint.tensorflow_api.results import is_v1_optimizer
from estimator_lint.tensorflow_api.symbols import short_name

#: All rows about names of TensorFlow.
BY_NAME: Final = (
    *LOSSES,
    *METRICS,
    *OPTIMIZERS,
    *HOOKS,
    *HEADS,
    *CANNED_ESTIMATORS,
    *ESTIMATORS,
    *SPECS,
    *CONFIGURATIONS,
    *CHECKPOINTS,
    *EXPORTS,
    *COLLECTIONS,
    *SUMMARIES,
    *BACKGROUND,
    *LAYERS,
    *INPUT_FUNCTIONS,
    *FEATURE_COLUMNS,
    *DISTRIBUTION,
)

#: The topics of names that have another meaning in TensorFlow 2.
OTHERWISE: Final = frozenset({Topic.LOSS, Topic.METRIC, Topic.SUMMARY})

#: The classes whose methods have rows, by the topics of the rows of the classes.
_METHODS: Final = {
    Topic.HEAD: "estimator.Head",
    Topic.ESTIMATOR: "estimator.Estimator",
    Topic.CANNED: "estimator.Estimator",
}


def rows_by_name(rows: Iterable[Replacement]) -> dict[str, Replacement]:
    """The rows by each of their names."""
    return {name: row for row in rows for name in row.names.split()}


_ROWS: Final = rows_by_name(BY_NAME)
_SPEC_FIELDS: Final = rows_by_name(SPEC_FIELDS)
_RUN_CONFIG_FIELDS: Final = rows_by_name(RUN_CONFIG_FIELDS)
_TPU_CONFIG_FIELDS: Final = rows_by_name(TPU_CONFIG_FIELDS)


def _classes() -> Iterator[tuple[str, Replacement]]:
    """The classes of the Estimator and of training by their last names."""
    for name, row in _ROWS.items():
        folder, _, last = name.rpartition(".")
        if last[:1].isupper() and folder.split(".")[0] in ("estimator", "train"):
            yield last, row


_CLASSES: Final = dict(_classes())


@functools.lru_cache(maxsize=4096)
def replacement_of(path: str) -> Replacement | None:
    """The row for what a dotted import path names, or for a method of its result.

    >>> replacement_of("tensorflow.compat.v1.train.AdamOptimizer").instead
    'tf.keras.optimizers.Adam'
    >>> replacement_of("tensorflow.train.AdamOptimizer().minimize").page
    'migrating_estimator'
    """
    made_by, called, method = path.rpartition("().")
    if called:
        of_the_class = _ROWS.get(f"{short_name(made_by)}().{method}")
        if of_the_class is not None:
            return of_the_class
        owner = _owner_of_method(made_by)
        return None if owner is None else _ROWS.get(f"{owner}().{method}")
    name = short_name(path)
    if name is None:
        return None
    if name in _ROWS:
        row = _ROWS[name]
        return None if row.topic in OTHERWISE and _is_of_version_2(path) else row
    # Modules of the implementation, where the classes are defined.
    is_internal = ".python." in path
    return _CLASSES.get(name.rpartition(".")[2]) if is_internal else None


def _is_of_version_2(path: str) -> bool:
    """Whether a path names an object of TensorFlow 2, wherever it is read."""
    return ".compat.v2." in path and ".compat.v1." not in path


def _owner_of_method(path: str) -> str | None:
    """The class under which the rows list the methods of objects that ``path`` creates."""
    if is_v1_optimizer(path):
        return "train.Optimizer"
    row = replacement_of(path)
    if row is None:
        return None
    if row.topic is Topic.OPTIMIZER:
        return "train.Optimizer" if path.endswith("Optimizer") else None
    return _METHODS.get(row.topic)


def replacement_named(name: str) -> Replacement:
    """The row of that name."""
    return _ROWS[name]


def reads_collection(path: str) -> bool:
    """Whether a dotted import path names a function that reads a collection."""
    return short_name(path) in ("get_collection", "get_collection_ref")


def replacement_of_collection(key: str) -> Replacement | None:
    """The row for reading a collection; ``key`` is its name, or the path of a ``GraphKeys``."""
    return _ROWS.get(f"get_collection({key.rpartition('.')[2].lower()})")


def replacement_of_spec_field(name: str) -> Replacement:
    """The row for a field of specs."""
    return _SPEC_FIELDS[name]


def replacement_of_config_field(configuration: str, name: str) -> Replacement | None:
    """The row for a field of the class of configurations that a dotted path names."""
    if configuration.rpartition(".")[2] == "TPUConfig":
        return _TPU_CONFIG_FIELDS.get(name)
    return _RUN_CONFIG_FIELDS.get(name)


def is_configuration(row: Replacement) -> bool:
    """Whether a row is about a class whose arguments have rows of their own."""
    return row in CONFIGURATIONS
