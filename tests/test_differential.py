"""The linter against plain Python that executes the same random model functions."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from tests.differential.comparison import disagreement
from tests.differential.programs import model_functions, numbered_program
from tests.differential.truth import verdicts
from tests.differential.unjudgeable import Unjudgeable, skipped_without_columns

SEED = 20

#: The number of programs of the seeded writer in a test run; ``fuzz`` runs many more.
PROGRAMS = 200


@hypothesis.settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
@hypothesis.given(model_functions())
def test_linter_agrees_with_execution_of(source: str) -> None:
    try:
        difference = disagreement(source)
    except Unjudgeable:
        hypothesis.reject()
    assert difference is None, f"\n{difference}"


@pytest.mark.parametrize("start", range(0, PROGRAMS, 50))
def test_linter_agrees_with_execution_of_programs_from(start: int) -> None:
    disagreeing = []
    for number in range(start, start + 50):
        try:
            difference = disagreement(numbered_program(SEED, number))
        except Unjudgeable:
            continue
        if difference is not None:
            disagreeing.append(f"number {number} of seed {SEED}\n{difference}")
    assert not disagreeing, "\n\n".join(disagreeing[:2])


ONCE_WRONG = sorted((Path(__file__).parent / "differential" / "once_wrong").glob("*.py"))


@pytest.mark.parametrize("path", ONCE_WRONG, ids=[path.stem for path in ONCE_WRONG])
def test_linter_agrees_with_execution_where_it_once_did_not(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    code = source[3:9]  # the first word of the docstring
    with skipped_without_columns():
        codes = {verdict.code for verdict in verdicts(source)}
    assert code == "clean:" or code in codes
    difference = disagreement(source)
    assert difference is None, f"\n{difference}"
