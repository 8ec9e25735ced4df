"""Findings for people: with the source, and with the path that leads to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from estimator_lint.findings import EventKind
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Event, Finding, Step, Witness
    from estimator_lint.tensorflow_api.modes import Mode

#: A piece of text and how it is to look, as rich names that.
Piece = tuple[str, str]


#: Lines that an explanation takes at most, unless all of it is asked for.
MAX_LINES = 12


def concise(file: FileFindings) -> str:
    """One line each, the same as flake8's."""
    return "".join(
        f"{file.place(finding.line, finding.column)}: {finding.message}\n"
        for finding in file.findings
    )


def text_of(file: FileFindings, *, full: bool = False) -> Iterator[Piece]:
    """The findings of a file in pieces; ``full`` ones with all tests and without a bound."""
    for finding in file.findings:
        yield from _finding(file, finding, full)
        yield "\n", ""


def _finding(file: FileFindings, finding: Finding, full: bool) -> Iterator[Piece]:
    yield file.place(finding.line, finding.column), "bold"
    yield ": ", ""
    yield finding.code, "bold red"
    yield f" {finding.text}\n", ""
    lines = list(_explanation(finding, full))
    numbers = [finding.line, *(line for line, _ in lines if line is not None)]
    margin = _Margin(max(len(file.line(number)) for number in numbers))
    yield margin.of(file.line(finding.line))
    source = file.source(finding.line)
    yield f"{_shown(source)}\n", ""
    yield margin.of(None)
    yield _blank(source[: finding.column]), ""
    yield f"{_carets(source, finding)}\n", "bold red"
    left = MAX_LINES - 3  # the three lines above
    shown = lines if full or len(lines) <= left else lines[: left - 1]
    for line, pieces in shown:
        yield margin.of(None if line is None else file.line(line))
        yield from pieces
        yield "\n", ""
    if len(shown) < len(lines):
        yield margin.of(None)
        yield f"  {len(lines) - len(shown)} more lines with --explain full\n", "dim"
    if file.fixes:
        yield from _suggestions(file, finding)


def _suggestions(file: FileFindings, finding: Finding) -> Iterator[Piece]:
    """The fixes for a finding, each with the lines that it changes."""
    from estimator_lint.command_line.formats.suggestions import changed_lines, heading

    for fix in (file.fixes or {}).get(finding, ()):
        yield f"  fix: {heading(fix)}\n", "bold"
        changes = list(changed_lines(file, fix))
        margin = _Margin(max((len(file.line(line)) for line, *_ in changes if line), default=0))
        for line, sign, source in changes:
            yield margin.of(None if line is None else file.line(line))
            yield f"{sign} {_shown(source)}\n", "red" if sign == "-" else "green"


def _carets(source: str, finding: Finding) -> str:
    """Marks as wide as the first line of what a finding is about."""
    end = len(source) if finding.end_line > finding.line else finding.end_column
    return "^" * max(1, _width(source[finding.column : end].rstrip()))


#: A line of an explanation: the line of the source that it is about, if any, and what it says.
_Line = tuple[int | None, list[Piece]]


def _explanation(finding: Finding, full: bool) -> Iterator[_Line]:
    """Why a finding is true, mode by mode, a line for each event."""
    told: dict[tuple[object, ...], Witness] = {}
    for witness in finding.witnesses:
        identity = tuple((event.kind, event.line, event.column) for event in witness.events)
        same = told.setdefault(identity, witness)
        if same is not witness and not full:
            continue
        if len(finding.witnesses) > 1 and len(witness.events) > 1:
            yield None, [(f"in {_modes_told_alike(finding, witness, full)}:", "dim")]
        for event in witness.events[1:]:
            yield event.line, list(_event(event))
        if full and witness.steps:
            yield None, [("all conditions on this path:", "dim")]
            for step in witness.steps:
                yield step.line, list(_step(step))
    fine = [witness.fine_in for witness in finding.witnesses]
    if fine and fine[0] and set(fine) == {fine[0]}:
        yield None, [(f"fine in {_listed(fine[0])}", "green")]


def _modes_told_alike(finding: Finding, witness: Witness, full: bool) -> str:
    """The mode of a witness, and those whose events are at the same places."""
    places = [(event.kind, event.line, event.column) for event in witness.events]
    alike = [
        other.mode
        for other in finding.witnesses
        if other.mode is not None
        and (other is witness or not full)
        and [(event.kind, event.line, event.column) for event in other.events] == places
    ]
    return _listed(alike)


def _listed(modes: Sequence[Mode]) -> str:
    names = [mode.name for mode in modes]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _event(event: Event) -> Iterator[Piece]:
    style = {EventKind.CONTRAST: "green", EventKind.TEST: ""}.get(event.kind, "cyan")
    yield f"  {'  ' * event.depth}{event.text}", style


def _step(step: Step) -> Iterator[Piece]:
    yield f"    {_shown(step.text)}", ""
    yield (f"  in {step.within}" if step.within else ""), "dim"
    yield "  ", ""
    answer = "true" if step.outcome else "false"
    yield (answer, "green" if step.outcome else "magenta")
    yield ("" if step.decided else ", on this path"), "dim"


class _Margin:
    """The margin to the left of the source: a number, or blanks."""

    def __init__(self, width: int) -> None:
        self._width = width

    def of(self, line: str | None) -> Piece:
        return f"  {line or '':>{self._width}} | ", "blue"


def _shown(source: str) -> str:
    return printable(source, keep="\t")


def _blank(source: str) -> str:
    """Room as wide as ``source`` where it is shown."""
    return "".join("\t" if each == "\t" else " " * _width(each) for each in source)


def _width(source: str) -> int:
    """How many columns ``source`` takes where it is shown."""
    if source.isascii():
        return len(_shown(source))
    from rich.cells import cell_len

    return cell_len(_shown(source))


def summary(report: Report) -> str:
    """The number of findings, and the numbers of files with findings and of checked ones."""
    unchecked = [problem for problem in report.failures if not problem.was_checked]
    whole = [problem for problem in unchecked if problem.cell is None]
    in_part = len(unchecked) - len(whole)
    checked = max(0, report.looked_at - sum(problem.was_read for problem in whole))
    files = _count(checked, "file")
    rest = [f"{_count(len(whole), 'file')} not checked"] if whole else []
    rest += [f"{_count(in_part, 'notebook')} checked in part"] if in_part else []
    if report.known:
        rest.append(f"{_count(report.known, 'finding')} in the baseline")
    if report.count:
        found = f"{_count(report.count, 'finding')} in {_count(len(report.files), 'file')}"
        return f"{found} ({', '.join([f'{files} checked', *rest])}).\n"
    if checked:
        nothing = "Nothing new" if report.known else "Nothing"
        return f"{'; '.join([f'{nothing} found in {files}', *rest])}.\n"
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
