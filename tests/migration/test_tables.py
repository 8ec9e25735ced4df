"""The tables have a row for everything, and only name what exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from estimator_lint.migration.replacements.estimator_table import SPEC_FIELDS
from estimator_lint.migration.replacements.replacement import GUIDE, SUMMARY_PAGE, Replacement
from estimator_lint.migration.replacements.replacement_lookup import (
    BY_NAME,
    replacement_of,
    rows_by_name,
)
from estimator_lint.migration.replacements.run_config_table import (
    RUN_CONFIG_FIELDS,
    TPU_CONFIG_FIELDS,
)
from estimator_lint.tensorflow_api.exports import exports

#: The exports of TensorFlow 2.15.1, recorded by ``tests/conformance/estimator_names.py``.
RECORD: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[1] / "conformance" / "names-2.15.1.json").read_text(encoding="utf-8")
)
ALL_ROWS = (*BY_NAME, *SPEC_FIELDS, *RUN_CONFIG_FIELDS, *TPU_CONFIG_FIELDS)
#: The pages of the guide, by its table of contents.
PAGES = set(
    """
    canned_estimators checkpoint_saver early_stopping evaluator fault_tolerance logging_stop_hook
    metrics_optimizers migrate_tf2 migrating_checkpoints migrating_estimator
    migrating_feature_columns migration_debugging mirrored_strategy model_mapping
    multi_worker_cpu_gpu_training saved_model sessionrunhook_callback tensorboard tf1_vs_tf2
    tflite tpu_embedding tpu_estimator upgrade validate_correctness
    """.split()
)
NAME = re.compile(r"\btf\.[A-Za-z_][\w.]*\w")


@pytest.mark.parametrize(
    "kind",
    [
        "hooks",
        "heads",
        "estimators",
        "estimator",
        "metrics",
        "losses",
        "layers",
        "optimizers",
        "feature columns",
    ],
)
def test_every_name_has_a_row(kind: str) -> None:
    assert len(RECORD[kind]) >= 8
    for name in RECORD[kind]:
        assert replacement_of(f"tensorflow.compat.v1.{name}") is not None, name


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("RunConfig", RUN_CONFIG_FIELDS),
        ("TPUConfig", TPU_CONFIG_FIELDS),
        ("EstimatorSpec", SPEC_FIELDS),
        ("TPUEstimatorSpec", SPEC_FIELDS),
    ],
)
def test_every_field_has_a_row(kind: str, rows: tuple[Replacement, ...]) -> None:
    assert set(RECORD[kind]) - {"mode"} <= set(rows_by_name(rows))


def test_no_field_is_made_up() -> None:
    assert set(rows_by_name(RUN_CONFIG_FIELDS)) == set(RECORD["RunConfig"])
    assert set(rows_by_name(TPU_CONFIG_FIELDS)) == set(RECORD["TPUConfig"])


def test_no_name_has_two_rows() -> None:
    names = [name for row in BY_NAME for name in row.names.split()]
    assert len(names) == len(set(names))


def test_the_names_of_rows_are_names_of_some_version() -> None:
    known = set().union(*map(exports().names_of, exports().versions))
    for row in BY_NAME:
        for name in row.names.split():
            plain = name.partition("(")[0]
            # Names of tf.contrib are not in the table of exports.
            if "." in plain and not plain.startswith("contrib."):
                assert plain in known or f"compat.v1.{plain}" in known, name


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.names.split()[0])
def test_a_row_names_what_there_is(row: Replacement) -> None:
    newest = exports().versions[-1]
    for name in NAME.findall(f"{row.instead} {row.by_hand}"):
        # The methods of a class are not in the table of exports.
        having = exports().versions_of(re.sub(r"(\.[A-Z]\w*)\.[a-z_]+$", r"\1", name[3:]))
        assert having, f"{name} is no name of TensorFlow"
        assert newest in having or "Keras 2" in row.by_hand, f"{name} is not in {newest}"


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.names.split()[0])
def test_a_row_says_something_and_where_it_is_from(row: Replacement) -> None:
    assert row.instead or row.by_hand
    assert row.by_hand == "" or row.by_hand.endswith(".")
    assert not row.instead.endswith(".") or row.instead.endswith("...")
    page = row.address.removeprefix(GUIDE)
    assert page in PAGES or row.address == SUMMARY_PAGE


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("tensorflow.train.AdamOptimizer", "tf.keras.optimizers.Adam"),
        ("tensorflow.compat.v1.train.AdamOptimizer", "tf.keras.optimizers.Adam"),
        (
            "tensorflow.python.training.session_run_hook.SessionRunHook",
            "tf.keras.callbacks.Callback",
        ),
        (
            "tensorflow_estimator.python.estimator.exporter.BestExporter",
            "tf.keras.callbacks.ModelCheckpoint(save_best_only=True)",
        ),
        ("tensorflow.estimator.DNNClassifier().train", "Model.fit"),
        (
            "tensorflow.train.MomentumOptimizer().minimize",
            "tf.GradientTape and apply_gradients, in train_step",
        ),
        (
            "tensorflow.compat.v1.tpu.CrossShardOptimizer().apply_gradients",
            "apply_gradients of a Keras optimizer, in train_step",
        ),
        (
            "tensorflow.estimator.BinaryClassHead().create_estimator_spec",
            "train_step, test_step and predict_step of the model",
        ),
        ("tf_slim.batch_norm", "tf.keras.layers.BatchNormalization"),
    ],
)
def test_names_come_by_many_paths(path: str, instead: str) -> None:
    row = replacement_of(path)
    assert row is not None
    assert row.instead == instead


@pytest.mark.parametrize(
    "path",
    [
        "tensorflow.keras.losses.MeanSquaredError",
        "tensorflow.keras.metrics.Accuracy",
        "tensorflow.train.Checkpoint",
        "tensorflow.keras.estimator.Estimator",
        "keras.layers.Dense",
        "mine.train.AdamOptimizer",
        "tensorflow.train.AdamOptimizer().get_slot",
    ],
)
def test_other_names_have_none(path: str) -> None:
    assert replacement_of(path) is None
