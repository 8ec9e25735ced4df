"""Arbitrary Python ends no run: 300 inputs of ``dev.py fuzz --crash``."""

from __future__ import annotations

import pytest

from tests.robustness.arbitrary_code import numbered_input
from tests.robustness.crashes import outcome
from tests.robustness.grammar import grammar_input

#: Seconds of CPU for an input, past which it counts as refused.
LIMIT = 20.0


@pytest.mark.parametrize("start", range(0, 300, 20))
def test_no_exception_comes_out(start: int) -> None:
    outcomes = [
        outcome(number, numbered_input(7, number), LIMIT) for number in range(start, start + 20)
    ]
    assert [each for each in outcomes if each.fault] == []


def test_nor_for_programs_drawn_from_the_grammar() -> None:
    pytest.importorskip("hypothesmith")
    texts = {number: grammar_input(7, number) for number in range(50)}
    assert len(set(texts.values())) > 25
    outcomes = [outcome(number, text, LIMIT) for number, text in texts.items()]
    assert [each for each in outcomes if each.fault] == []


def test_an_exception_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise IndexError("oh")

    source = next(
        text
        for text in (numbered_input(7, number) for number in range(1, 99, 2))
        if outcome(0, text, LIMIT).findings
    )
    with monkeypatch.context() as patch:
        patch.setattr("estimator_lint.interpreter.model_function._run", fail)
        assert "internal error (IndexError: oh)" in outcome(0, source, LIMIT).fault
    monkeypatch.setattr("tests.robustness.crashes.as_sarif", fail)
    assert outcome(0, source, LIMIT).fault == "IndexError: oh (fail)"


def test_an_endless_input_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*arguments: object) -> None:
        while True:
            pass

    monkeypatch.setattr("tests.robustness.crashes.as_sarif", hang)
    assert outcome(0, "x = 1\n", 0.2).refused == ("took too long",)
