"""Findings for people: with the source, and with the path that leads to each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Finding, Step

#: A piece of text and how it is to look, as rich names that.
Piece = tuple[str, str]


def concise(report: Report) -> str:
    """One line each, the same as flake8's."""
    return "".join(
        f"{printable(file.path)}:{finding.line}:{finding.column + 1}: {finding.message}\n"
        for file in report.files
        for finding in file.findings
    )


def text(report: Report) -> Iterator[Piece]:
    """The whole report in pieces."""
    for file in report.files:
        for finding in file.findings:
            yield from _finding(file, finding)
            yield "\n", ""
    yield _summary(report), ""


def _finding(file: FileFindings, finding: Finding) -> Iterator[Piece]:
    yield f"{printable(file.path)}:{finding.line}:{finding.column + 1}", "bold"
    yield ": ", ""
    yield finding.code, "bold red"
    yield f" {finding.text}\n", ""
    numbers = [finding.line, *(step.line for step in finding.steps)]
    margin = _Margin(len(str(max(numbers))))
    source = file.lines[finding.line - 1].rstrip("\n") if finding.line <= len(file.lines) else ""
    yield margin.of(finding.line)
    yield f"{_shown(source)}\n", ""
    yield margin.of(None)
    yield f"{_blank(source[: finding.column])}", ""
    yield "^\n", "bold red"
    if finding.steps:
        yield margin.of(None)
        where = f" in {finding.modes[0].name}" if finding.modes else ""
        yield f"reached{where} by\n", "dim"
    for step in finding.steps:
        yield margin.of(step.line)
        yield from _step(step)


def _step(step: Step) -> Iterator[Piece]:
    yield f"  {_shown(step.text)}", ""
    yield (f"  in {step.within}" if step.within else ""), "dim"
    yield "  ", ""
    answer = "true" if step.outcome else "false"
    yield (answer, "green" if step.outcome else "magenta")
    yield ("\n" if step.decided else ", on this path\n"), "dim"


class _Margin:
    """What stands to the left of the source: a number, or its room."""

    def __init__(self, width: int) -> None:
        self._width = width

    def of(self, line: int | None) -> Piece:
        return f"  {'' if line is None else line:>{self._width}} | ", "blue"


def _shown(source: str) -> str:
    return printable(source, keep="\t")


def _blank(source: str) -> str:
    """Room as wide as ``source`` where it is shown."""
    if source.isascii():
        return "".join(each if each == "\t" else " " for each in source)
    from rich.cells import cell_len

    return "".join("\t" if each == "\t" else " " * cell_len(_shown(each)) for each in source)


def _summary(report: Report) -> str:
    looked_at = _count(report.looked_at, "file")
    if not report.count:
        return f"Nothing found in {looked_at}.\n"
    return (
        f"{_count(report.count, 'finding')} in {_count(len(report.files), 'file')}"
        f" of {report.looked_at}.\n"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
