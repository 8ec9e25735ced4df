"""Evaluating files, without a process of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from estimator_lint import kept_evaluations, reporting
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.interpreter import model_function
from estimator_lint.language_server.file_analysis import Analyst
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.rules import RULES
from estimator_lint.rules.rule import Judgement
from tests.command_line.program import FAULTY, write


def test_files_on_the_disk_do_not_displace_open_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept_evaluations, "_MAX_FILES", 1)
    evaluate = model_function.evaluate_model_function
    evaluated: list[str] = []

    def counting(*args: object, **options: object) -> object:
        evaluated.append("model_fn")
        return evaluate(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(model_function, "evaluate_model_function", counting)
    monkeypatch.chdir(tmp_path)  # an analyst changes it
    analyst, surroundings = Analyst(), Surroundings(str(tmp_path))
    source = Source(str(tmp_path / "open.py"), FAULTY)
    on_disk = Source(str(write(tmp_path / "other.py", FAULTY)))
    for each, count in ((source, 1), (on_disk, 2), (source, 2)):
        assert len(analyst.evaluate(each, surroundings).findings) == 1
        assert len(evaluated) == count


def test_each_function_is_judged_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For the findings of the file, for the views of its functions, and for those in each."""
    counts: Counter[str] = Counter()
    (rule,) = (rule for rule in RULES if rule.code == "MFN103")

    def check(traces: FunctionTraces) -> Iterator[Judgement]:
        counts[traces.function.name] += 1
        return rule.check(traces)

    counted = replace(rule, check=check)
    rules = tuple(counted if each is rule else each for each in RULES)
    monkeypatch.setattr(reporting, "may_be_reported", lambda *_: True)
    monkeypatch.setattr(reporting, "RULES", rules)
    monkeypatch.chdir(tmp_path)
    text = FAULTY + FAULTY.split("\n\n", 1)[1].replace("model_fn", "other_model_fn")
    source = Source(str(tmp_path / "open.py"), text)
    outcome = Analyst().evaluate(source, Surroundings(str(tmp_path)))
    assert [len(function.findings) for function in outcome.functions] == [1, 1]
    assert counts == {"model_fn": 1, "other_model_fn": 1}
