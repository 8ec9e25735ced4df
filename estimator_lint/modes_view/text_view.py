"""The view of a file for a terminal: one table for each model function."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from estimator_lint.findings import Finding
from estimator_lint.modes_view.model import (
    Cells,
    FieldView,
    FileView,
    FunctionView,
    ModeView,
    Occurrence,
)
from estimator_lint.modes_view.wording import fields_shown, line_text, lines_text, occurrence_text
from estimator_lint.printable import printable

_STYLES = {
    Occurrence.ALWAYS: "green",
    Occurrence.SOMETIMES: "yellow",
    Occurrence.NEVER: "dim",
    Occurrence.UNKNOWN: "cyan",
}
_STYLE_OF_MISSING = "bold red"


def as_text(view: FileView) -> Iterator[RenderableType]:
    """The items for a ``rich.console.Console`` to print, in order."""
    for number, function in enumerate(view.functions):
        if number:
            yield Text()
        place = f"{printable(view.path)}:{line_text(function.line, view.cells)}"
        yield Text.assemble((function.name, "bold"), f"  {place}")
        yield _table(function)
        yield from _notes(function)


def _table(function: FunctionView) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    table.add_column("", overflow="fold")
    for mode, view in function.modes.items():
        title = Text(mode.name if view.checked else f"{mode.name} (not checked)")
        table.add_column(title, overflow="fold")
    views = list(function.modes.values())
    if any(view.spec is not Occurrence.ALWAYS for view in views):
        table.add_row(Text("a spec"), *(_spec(view) for view in views))
    for name in fields_shown(function)[0]:
        table.add_row(Text(name), *(_field(view, name, function.cells) for view in views))
    if any(view.never_run for view in views):
        table.add_row(
            Text("lines never run", "dim"),
            *(Text(lines_text(view.never_run, function.cells), "dim") for view in views),
        )
    return table


def _spec(view: ModeView) -> Text:
    words = "on some paths" if view.spec is Occurrence.SOMETIMES else str(view.spec)
    missing = view.spec in (Occurrence.NEVER, Occurrence.SOMETIMES) and view.checked
    return Text(words, _STYLE_OF_MISSING if missing else _STYLES[view.spec])


def _field(view: ModeView, name: str, cells: Cells) -> Text:
    field = view.fields.get(name)
    if field is None or view.spec is Occurrence.NEVER:
        return Text("-", "dim")
    text = Text(printable(occurrence_text(field)), _style(view, field))
    if field.required and field.given in (Occurrence.NEVER, Occurrence.SOMETIMES):
        text.append(", but required" if view.checked else "")
    if field.lines:
        text.append(f" ({lines_text(field.lines, cells)})", "dim")
    return text


def _style(view: ModeView, field: FieldView) -> str:
    missing = field.given in (Occurrence.NEVER, Occurrence.SOMETIMES) and field.required
    return _STYLE_OF_MISSING if missing and view.checked else _STYLES[field.given]


def _notes(function: FunctionView) -> Iterator[Text]:
    others = fields_shown(function)[1]
    if others:
        yield Text(f"never set: {', '.join(others)}", "dim")
    for finding in function.findings:
        yield _finding(finding, function.cells)


def _finding(finding: Finding, cells: Cells) -> Text:
    place = f"{line_text(finding.line, cells)}:{finding.column + 1}"
    return Text.assemble((place, "dim"), " ", (finding.code, "bold red"), f" {finding.text}")
