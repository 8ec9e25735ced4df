"""The report and the skeletons name the same counterparts."""

from __future__ import annotations

import pytest

from estimator_lint.migration.replacements.replacement_lookup import replacement_of
from estimator_lint.migration.skeleton.keras_counterparts import (
    LAYERS,
    METRICS,
    OPTIMIZERS,
    SCHEDULES,
)

WRITTEN = {
    name: counterpart.keras
    for table in (LAYERS, METRICS, OPTIMIZERS, SCHEDULES)
    for name, counterpart in table.items()
}


@pytest.mark.parametrize(("name", "keras"), sorted(WRITTEN.items()))
def test_the_report_names_what_the_skeleton_writes(name: str, keras: str) -> None:
    row = replacement_of(f"tensorflow.compat.v1.{name}")
    assert row is not None
    assert f"tf.keras.{keras}" in f"{row.instead} {row.by_hand}"
