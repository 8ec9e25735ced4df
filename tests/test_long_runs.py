"""A run in slices gives what it gives in one go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.long_runs import Counts, added_from, saved, within
from tests.robustness import crashes


@dataclass
class _Results(Counts):
    done: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


FIRST = _Results(2, Counter({"a": 1}), {7: "late"}, ["one"])
SECOND = _Results(3, Counter({"a": 2, "b": 1}), {7: "later", 9: "early"}, ["two"])


def test_results_add_up_in_a_file(tmp_path: Path) -> None:
    results = tmp_path / "folder" / "results.json"
    assert added_from(_Results(), results) == _Results()
    saved(FIRST, results)
    total = added_from(_Results(), results)
    total.add(SECOND)
    saved(total, results)
    both = _Results(5, Counter({"a": 3, "b": 1}), {7: "late", 9: "early"}, ["one", "two"])
    assert added_from(_Results(), results) == both


def test_time_that_is_over_ends_it() -> None:
    assert list(within(0, range(9))) == [0]
    assert list(within(None, range(9))) == list(range(9))


def test_a_run_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crashes, "RESULTS", tmp_path)
    monkeypatch.setattr(crashes, "BATCH", 2)
    numbers: list[int] = []

    def noted(seed: int, number: int) -> str:
        numbers.append(number)
        return "model_fn(" if number % 2 else "x = 1\n"

    monkeypatch.setitem(crashes._KINDS, "code", noted)
    assert crashes.main(["6", "--jobs=1", "--resume", "--minutes=0"]) == 0
    assert numbers == [0, 1]
    assert crashes.main(["6", "--jobs=1", "--resume"]) == 0
    assert numbers == [0, 1, 2, 3, 4, 5]
    printed = capsys.readouterr().out
    assert "6 inputs, 0 findings, 0 exceptions" in printed
    assert "3 SyntaxError (first: number 1)" in printed
