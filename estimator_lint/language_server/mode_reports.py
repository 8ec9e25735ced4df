"""Results by mode for lines, tests and specs, at the client's places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from estimator_lint.modes_view.model import Occurrence
from estimator_lint.modes_view.wording import ranges

if TYPE_CHECKING:
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.outcomes import Outcome
    from estimator_lint.modes_view.model import FunctionView, ModeView
    from estimator_lint.tensorflow_api.modes import Mode

#: Prefixes of the codes for missing fields.
_MISSING: Final = "MFN1"


def dimmed_lines(module: Module, outcome: Outcome, mode: Mode) -> Iterator[tuple[str, types.Range]]:
    """The lines that no model function runs in a mode, by the URI of their document."""
    shown: set[int] = set()
    run: set[int] = set()
    for function in outcome.functions:
        never = function.modes[mode].never_run
        for part in function.parts:
            lines = set(range(part.first_line, part.last_line + 1))
            shown |= lines
            run |= lines - never
    for first, last in ranges(shown - run):
        for start, end in _within_cells(module, outcome, first, last):
            found = module.document_at(start, outcome.cells)
            if found is None:
                continue
            document, own_line = found
            text = document.table.code(own_line - 1)
            indentation = len(text) - len(text.lstrip())
            yield (
                document.uri,
                types.Range(
                    types.Position(*document.table.position(own_line, indentation)),
                    types.Position(*document.table.end_of_line(own_line + end - start)),
                ),
            )


def _within_cells(
    module: Module, outcome: Outcome, first: int, last: int
) -> Iterator[tuple[int, int]]:
    """A range of lines, split by document."""
    if not module.is_notebook:
        yield first, last
        return
    for _, start, end in outcome.cells:
        if start <= last and end >= first:
            yield max(first, start), min(last, end)


def verdict(function: FunctionView, view: ModeView) -> str:
    """The result of a mode in short: ``TRAIN ✓``, ``EVAL ✗ loss``."""
    findings = [each for each in function.findings if view.mode in each.modes]
    if not view.checked and not findings:
        return f"{view.mode} not checked"
    if not findings:
        return f"{view.mode} ✓"
    what: dict[str, None] = {}
    for finding in findings:
        missing = _missing(view) if finding.code.startswith(_MISSING) else []
        what.update(dict.fromkeys(missing or [finding.code]))
    sign = "?" if all(finding.is_possible for finding in findings) else "✗"
    return f"{view.mode} {sign} {', '.join(what)}"


def _missing(view: ModeView) -> list[str]:
    """The required fields that are missing on some path."""
    return [
        name
        for name, field in view.fields.items()
        if field.required and field.given in (Occurrence.NEVER, Occurrence.SOMETIMES)
    ]


def summary(function: FunctionView) -> str:
    """The results of all modes, on one line."""
    return " · ".join(verdict(function, view) for view in function.modes.values())


def missing_at(function: FunctionView, mode: Mode, line: int, column: int) -> list[str]:
    """The required fields that findings report as missing in a mode at a spec."""
    view = function.modes[mode]
    is_told = any(
        finding.line == line and finding.column == column and mode in finding.modes
        for finding in function.findings
    )
    if not is_told:
        return []
    return [
        name
        for name, field in view.fields.items()
        if field.required and line not in field.lines and field.given is not Occurrence.ALWAYS
    ]
