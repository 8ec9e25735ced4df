"""The expectations of the fixtures under ``tests/fixtures``, in their comments.

Expected findings are on their line, with columns counted from 1, as flake8 prints them::

    return tf.estimator.EstimatorSpec(mode)  # MFN101 TRAIN col 12; MFN103 EVAL col 12

On the line of a ``def``, two remarks name modes in which TensorFlow rejects the function and the
linter deliberately reports nothing: ``# unaddressed: PREDICT``, because the function does not
address the mode, and ``# undecided: PREDICT``, because the source does not decide it. Expectations
and remarks can be on one line, separated by ``;``.

``# estimator-tf-version: 2.4`` and ``# estimator-hints: true`` on a line of its own set these
options for the file.

The folders under ``tests/fixtures/projects`` are whole projects, whose files import one another.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from estimator_lint.findings import Finding, Step
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

FIXTURES = Path(__file__).parent / "fixtures"

_FINDING = re.compile(
    r"(?P<code>MFN\d{3})"
    r"(?P<modes>(?: (?:TRAIN|EVAL|PREDICT),?)*)"
    r" col (?P<column>\d+)"
)
_SILENT = re.compile(r"(?:unaddressed|undecided): (?P<modes>(?:TRAIN|EVAL|PREDICT)(?:, \w+)*)")
_VERSION = re.compile(r"^# estimator-tf-version: (\S+)$", re.MULTILINE)
_REMARK = re.compile(r"# ((?:MFN\d{3} |unaddressed:|undecided:).*)")


@dataclass(frozen=True, order=True)
class Expectation:
    """A finding that a fixture expects; ``column`` is 0-based like ``Finding.column``."""

    line: int
    column: int
    code: str
    modes: tuple[Mode, ...]

    def __str__(self) -> str:
        names = ", ".join(mode.name for mode in self.modes)
        return f"{self.line}:{self.column + 1}: {self.code} {names}".rstrip()


@dataclass(frozen=True)
class Expectations:
    """The content of the comments of one fixture.

    Attributes:
        findings: the expected findings, in the order in which the linter reports.
        silent: for the line of a ``def``, the failing modes that are not reported.
    """

    findings: tuple[Expectation, ...]
    silent: dict[int, frozenset[Mode]]


def fixture_paths() -> list[Path]:
    """Every fixture file, in a fixed order."""
    return sorted(path for path in FIXTURES.rglob("*.py") if not path.name.startswith("_"))


def files_of(path: Path) -> list[Path]:
    """The files of a fixture: one file, or all files of its project."""
    inside = path.relative_to(FIXTURES).parts
    if inside[0] != "projects":
        return [path]
    return sorted(FIXTURES.joinpath(*inside[:2]).rglob("*.py"), key=Path.as_posix)


def fixture_name(path: Path) -> str:
    """The name of a fixture in records and test ids, for instance ``MFN103/bad.py``."""
    return path.relative_to(FIXTURES).as_posix()


def read_expectations(path: Path) -> Expectations:
    """The expectations of one fixture file."""
    return parse_expectations(path.read_text(encoding="utf-8"))


def settings_of(text: str) -> Settings:
    """The settings with which a fixture is linted."""
    version = _VERSION.search(text)
    return Settings(
        tensorflow_version=version[1] if version else None,
        hints="# estimator-hints: true\n" in text,
    )


def parse_expectations(text: str) -> Expectations:
    """The expectations in the comments of a source text.

    Raises:
        ValueError: a comment begins like an expectation, but can't be parsed as one.
    """
    findings: list[Expectation] = []
    silent: dict[int, set[Mode]] = {}
    for line, remark in _remarks(text):
        for item in remark.split(";"):
            item = item.strip()
            if match := _FINDING.fullmatch(item):
                findings.append(_finding(line, match))
            elif match := _SILENT.fullmatch(item):
                silent.setdefault(line, set()).update(_modes(match["modes"]))
            else:
                raise ValueError(f"line {line}: not an expectation: {item!r}")
    return Expectations(
        tuple(sorted(findings, key=report_order)),
        {line: frozenset(modes) for line, modes in silent.items()},
    )


def report_order(expectation: Expectation) -> tuple[int, int, str]:
    """The order in which the linter reports: by position, then by code."""
    return expectation.line, expectation.column, expectation.code


def _remarks(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := _REMARK.search(token.string)):
            yield token.start[0], match[1]


def _finding(line: int, match: re.Match[str]) -> Expectation:
    return Expectation(line, int(match["column"]) - 1, match["code"], _modes(match["modes"]))


def _modes(names: str) -> tuple[Mode, ...]:
    return tuple(Mode[name] for name in re.findall(r"\w+", names))


def covered(text: str, place: Finding | Step) -> str:
    """The text range of a finding or step."""
    lines = SourceFile(text).lines[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column]
    lines[0] = lines[0][place.column :]
    return "\n".join(lines)
