"""Steps of findings and the view of the modes, against plain Python that runs the programs."""

from __future__ import annotations

import pytest

from tests.differential.path_truth import untruths
from tests.differential.programs import numbered_program
from tests.differential.unjudgeable import Unjudgeable

SEED = 6

PROGRAMS = 80


@pytest.mark.parametrize("start", range(0, PROGRAMS, 40))
def test_runs_bear_out_what_is_said_of_paths_from(start: int) -> None:
    wrong = []
    judged = 0
    for number in range(start, start + 40):
        source = numbered_program(SEED, number)
        try:
            found = untruths(source)
        except Unjudgeable:
            continue
        judged += 1
        if found:
            lines = [f"{line:3} {text}" for line, text in enumerate(source.splitlines(), 1)]
            wrong.append("\n".join([f"number {number} of seed {SEED}", *lines, *found]))
    assert judged > 20
    assert not wrong, "\n\n".join(wrong[:2])


LYING = """\
import tensorflow as tf
def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.EVAL and params['a']:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""


def test_the_runs_do_tell_paths_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert untruths(LYING) == []
    monkeypatch.setattr("estimator_lint.steps.Step", _turned_round)
    monkeypatch.setattr("estimator_lint.modes_view.building.lines_never_run", lambda *_: {5})
    found = " ".join(untruths(LYING))
    assert "no run passes" in found
    assert "5: is run in" in found
    assert "loss is sometimes given" in found


def _turned_round(
    line: int, column: int, text: str, outcome: bool, decided: bool, within: str, **end: int
) -> object:
    from estimator_lint.findings import Step

    return Step(line, column, text, not outcome, decided, within, **end)
