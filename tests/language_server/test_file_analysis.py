"""Evaluating files, without a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from estimator_lint import kept_evaluations
from estimator_lint.interpreter import model_function
from estimator_lint.language_server.file_analysis import Analyst
from estimator_lint.language_server.orders import Source, Surroundings
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
