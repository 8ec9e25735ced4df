"""The tests of a witness are sufficient and minimal, compared with executions."""

from __future__ import annotations

import contextlib
import cProfile
from collections import Counter
from collections.abc import Iterator

import pytest

from estimator_lint.findings import EventKind, Finding, Witness
from estimator_lint.linting import lint_text
from tests.differential.candidates import of_file
from tests.differential.mended_mutants import only
from tests.differential.path_truth import PathProgram, Test, path_of
from tests.differential.programs import numbered_program
from tests.differential.recording import Run
from tests.differential.unjudgeable import Unjudgeable
from tests.fixture_expectations import FIXTURES
from tests.interpreter.nested_shapes import model_function

SEED = 6
PROGRAMS = 60

_FIELDS = {101: "loss", 102: "train_op", 103: "loss", 104: "predictions"}

#: Of a merged path, only the common tests of its parts are known.
_AT_MOST_TOO_MANY = 0.07
_AT_MOST_NOT_ENOUGH = 0.04


def _field(finding: Finding) -> str | None:
    return _FIELDS.get(int(finding.code[3:]) - 10 * finding.is_possible)


def _tests(witness: Witness) -> list[Test] | None:
    """The tests of a witness; None: it has some that the runs do not record."""
    tests = [event for event in witness.events if event.kind is EventKind.TEST]
    if any("'case " in event.text or "'except" in event.text for event in tests):
        return None
    return [((event.line, event.column), bool(event.outcome)) for event in tests]


def _passes(run: Run, tests: list[Test]) -> bool:
    return all(test in path_of(run).tests for test in tests)


def _judged(
    source: str, name: str = "model_fn", owner: str | None = None, *, all_known: bool = True
) -> Iterator[str]:
    """For each test of each witness whether it is needed, for each witness whether it is enough.

    If the stand-in lacks something of TensorFlow, execution may not reach a finding.
    """
    runs = PathProgram(source, name, owner).runs()
    for finding in lint_text(source):
        field = _field(finding)
        for witness in finding.witnesses if field is not None else ():
            tests = _tests(witness)
            if tests is None or witness.mode is None:
                continue
            place, mode = (finding.line, finding.column), witness.mode.value

            wrong = [
                run
                for run in runs
                if run.mode == mode
                and any(visit.site[:2] == place and field in visit.missing for visit in run.visits)
            ]
            if not wrong and not all_known:
                continue
            right = [run for run in runs if run not in wrong]
            assert any(_passes(run, tests) for run in wrong)
            others = (run for run in right if run.mode == mode)
            yield "not enough" if any(_passes(run, tests) for run in others) else "enough"
            for test in tests:
                rest = [other for other in tests if other != test]
                needed = any(_passes(run, rest) for run in right)
                yield "needed" if needed else "too many"


def test_taking_a_test_away_leaves_too_little() -> None:
    counts: Counter[str] = Counter()
    for number in range(PROGRAMS):
        try:
            counts.update(_judged(numbered_program(SEED, number)))
        except Unjudgeable:
            continue
    assert counts["needed"] > 50
    assert counts["too many"] <= _AT_MOST_TOO_MANY * counts["needed"], counts
    assert counts["not enough"] <= _AT_MOST_NOT_ENOUGH * counts["enough"], counts


FOLDERS = [f"MFN1{certainty}{rule}" for certainty in "01" for rule in range(1, 5)]


def test_tests_of_fixtures_are_enough_and_needed() -> None:
    counts: Counter[str] = Counter()
    for path in (path for folder in FOLDERS for path in sorted((FIXTURES / folder).glob("*.py"))):
        for each in of_file(path, path.name):
            with only(each.name), contextlib.suppress(Unjudgeable, RecursionError):
                counts.update(_judged(each.source, each.name, each.owners[0], all_known=False))
    assert counts["enough"] > 90
    # Merged paths, and loops whose rounds may differ, are not fully known.
    assert counts["too many"] <= 2, counts
    assert counts["not enough"] <= 1, counts


USUAL = """\
import tensorflow as tf
def model_fn(features, labels, mode, params):
    if params['a']:
        features = features + 1
    if mode == 'infer':
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    loss = tf.reduce_mean(features) if params['b'] or mode == 'train' else None
    if params['c']:
        raise ValueError
    if mode == 'eval':
        if params['d']:
            return tf.estimator.EstimatorSpec(mode, loss=loss)
        return tf.estimator.EstimatorSpec(mode, loss=features)
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""


def test_usual_code_has_none_too_many() -> None:
    counts = Counter(_judged(USUAL))
    assert counts == {"enough": 2, "needed": counts["needed"]}
    assert counts["needed"] >= 3


@pytest.mark.parametrize("loss", ["loss", "None"])
def test_early_returns_are_explained_in_proportion_to_their_number(loss: str) -> None:
    def calls(count: int) -> int:
        spec = f"return tf.estimator.EstimatorSpec(mode, loss={loss}, predictions=x)"
        returns = [
            line for number in range(count) for line in (f"if params['{number}']:", f"    {spec}")
        ]
        profile = cProfile.Profile(builtins=False)
        profile.runcall(lint_text, model_function(["loss = x", *returns]))
        return sum(
            entry.callcount
            for entry in profile.getstats()
            if "witnesses" in getattr(entry.code, "co_filename", "")
        )

    assert calls(60) < 3.5 * calls(30)
