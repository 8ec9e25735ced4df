"""Findings for people: with the source, and with the path that leads to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Finding, Step

#: A piece of text and how it is to look, as rich names that.
Piece = tuple[str, str]


def concise(file: FileFindings) -> str:
    """One line each, the same as flake8's."""
    return "".join(
        f"{file.place(finding.line, finding.column)}: {finding.message}\n"
        for finding in file.findings
    )


def text_of(file: FileFindings) -> Iterator[Piece]:
    """The findings of a file in pieces."""
    for finding in file.findings:
        yield from _finding(file, finding)
        yield "\n", ""


def _finding(file: FileFindings, finding: Finding) -> Iterator[Piece]:
    yield file.place(finding.line, finding.column), "bold"
    yield ": ", ""
    yield finding.code, "bold red"
    yield f" {finding.text}\n", ""
    numbers = [finding.line, *(step.line for step in finding.steps)]
    margin = _Margin(max(len(file.line(number)) for number in numbers))
    source = file.source(finding.line)
    yield margin.of(file.line(finding.line))
    yield f"{_shown(source)}\n", ""
    yield margin.of(None)
    yield f"{_blank(source[: finding.column])}", ""
    yield "^\n", "bold red"
    if finding.steps:
        yield margin.of(None)
        where = f" in {finding.modes[0].name}" if finding.modes else ""
        yield f"reached{where} by\n", "dim"
    for step in finding.steps:
        yield margin.of(file.line(step.line))
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

    def of(self, line: str | None) -> Piece:
        return f"  {line or '':>{self._width}} | ", "blue"


def _shown(source: str) -> str:
    return printable(source, keep="\t")


def _blank(source: str) -> str:
    """Room as wide as ``source`` where it is shown."""
    if source.isascii():
        return "".join(each if each == "\t" else " " for each in source)
    from rich.cells import cell_len

    return "".join("\t" if each == "\t" else " " * cell_len(_shown(each)) for each in source)


def summary(report: Report) -> str:
    """How many findings there are, and in how many files something was looked for."""
    whole = [problem for problem in report.failures if problem.cell is None]
    in_part = len(report.failures) - len(whole)
    checked = max(0, report.looked_at - sum(problem.was_read for problem in whole))
    files = _count(checked, "file")
    rest = [f"{_count(len(whole), 'file')} not checked"] if whole else []
    rest += [f"{_count(in_part, 'notebook')} checked in part"] if in_part else []
    if report.count:
        found = f"{_count(report.count, 'finding')} in {_count(len(report.files), 'file')}"
        return f"{found} ({', '.join([f'{files} checked', *rest])}).\n"
    if checked:
        return f"{'; '.join([f'Nothing found in {files}', *rest])}.\n"
    return f"Nothing was checked: {'; '.join(rest) or 'no files were found'}.\n"


def statistics(report: Report) -> str:
    """How many findings there are of each code, a line each."""
    from estimator_lint.command_line.formats.lookup import rules_by_code

    counts = Counter(finding.code for file in report.files for finding in file.findings)
    return "".join(
        f"{count:<7} {code} {rules_by_code()[code].name}\n"
        for code, count in sorted(counts.items())
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
