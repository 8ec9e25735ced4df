"""How text explains findings: briefly, or in full."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from estimator_lint.command_line.formats.as_text import MAX_LINES, text_of
from estimator_lint.command_line.running import FileFindings
from estimator_lint.findings import Event, EventKind, Witness
from estimator_lint.tensorflow_api.modes import Mode
from tests.command_line.program import run, write
from tests.command_line.test_formats import DEFINITE, EVENTS, LINES, STEPS

LONG = tuple(
    Event(EventKind.TEST, 5, 7, f"'test {number}' is true", outcome=True) for number in range(30)
)


def test_text_has_a_dozen_lines_unless_all_is_asked_for() -> None:
    finding = dataclasses.replace(DEFINITE, witnesses=(Witness(Mode.EVAL, (EVENTS[0], *LONG)),))
    file = FileFindings("a.py", (finding,), LINES)
    lines = "".join(piece for piece, _ in text_of(file)).splitlines()
    assert len(lines) == MAX_LINES + 1  # followed by an empty line
    assert lines[-3:] == [
        "  5 |   'test 7' is true",
        "    |   22 more lines with --explain full",
        "",
    ]
    lines = "".join(piece for piece, _ in text_of(file, full=True)).splitlines()
    assert lines[-2] == "  5 |   'test 29' is true"


def test_text_tells_of_each_mode() -> None:
    eval_, train = (Witness(mode, EVENTS[:2], STEPS) for mode in (Mode.EVAL, Mode.TRAIN))
    predict = Witness(Mode.PREDICT, (EVENTS[0], EVENTS[3]))
    finding = dataclasses.replace(DEFINITE, witnesses=(train, eval_, predict))
    file = FileFindings("a.py", (finding,), LINES)
    assert "".join(piece for piece, _ in text_of(file)).splitlines()[3:] == [
        "    | in TRAIN and EVAL:",
        "  5 |   'a' is true",
        "    | in PREDICT:",
        "  4 |     'loss' is set to None",
        "",
    ]
    assert "".join(piece for piece, _ in text_of(file, full=True)).splitlines()[3:8] == [
        "    | in TRAIN:",
        "  5 |   'a' is true",
        "    | all conditions on this path:",
        "  5 |     mode == tf.estimator.ModeKeys.EVAL  true",
        "  6 |     params['clip']  in clips  false, on this path",
    ]


def test_explain_full(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    assert "all conditions on this path" not in run(tmp_path, "check").output
    assert "all conditions on this path" in run(tmp_path, "check", "--explain=full").output
