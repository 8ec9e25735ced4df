"""Random programs that build graphs, compared with what TensorFlow did with them."""

from __future__ import annotations

import json

import pytest

from tests.differential.graph_fuzz import RECORD, RECORDED_SEED, digest
from tests.differential.graph_programs import graph_program
from tests.differential.graph_truth import JUDGED, difference

PROGRAMS = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_the_linter_agrees_with_tensorflow(number: int) -> None:
    text = graph_program(RECORDED_SEED, number)
    assert digest(text) == PROGRAMS[number]["digest"], "record again: dev.py fuzz --graphs --record"
    assert str(difference(text, PROGRAMS[number]["runs"]) or "") == ""


def test_each_rule_is_broken_by_some_program() -> None:
    broken = {
        rule for program in PROGRAMS for run in program["runs"] for rule in run.get("faults", ())
    }
    assert broken == JUDGED
