"""A report as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from estimator_lint.migration.migration_model import (
    FileReport,
    FunctionReport,
    Item,
    MigrationReport,
    RemovedName,
)
from estimator_lint.migration.migration_wording import (
    BACKGROUND,
    NOT_SEEN_TO_RUN,
    Footnotes,
    fields_of_modes,
    headed,
    instead_text,
    mode_text,
    read_text,
    removed_everywhere,
    removed_text,
    sites_text,
    size_text,
    summary_text,
    times_text,
    work_text,
)
from estimator_lint.migration.replacements.replacement import Replacement
from estimator_lint.modes_view.model import Cells
from estimator_lint.modes_view.wording import line_text
from estimator_lint.printable import printable

#: Further places of one name are only counted.
_MOST_PLACES: Final = 8
#: Further names below a removed one are only counted.
_MOST_NAMES: Final = 8

_Line = Text | Padding | Table


def as_text(report: MigrationReport) -> Iterator[_Line]:
    """The renderables for a ``rich.console.Console``, in order."""
    footnotes = Footnotes()
    for file in report.files:
        if file.functions or file.rest:
            yield from _file(file, footnotes)
    removed = removed_everywhere(report)
    if removed:
        yield Text(f"Not in TensorFlow {report.version}", "bold underline")
        yield Text()
        for name, files in removed:
            yield from _removed(name, files)
        yield Text()
    if len(report.order) > 1:
        yield Text("Order of work, smallest function first", "bold underline")
        yield Text()
        for number, work in enumerate(report.order, 1):
            function = work.function
            place = f"{printable(work.path)}:{function.line}"
            yield _indented(
                2, f"{number}. ", (function.name, "bold"), f"  {place}  {work_text(work)}"
            )
        yield Text()
    notes = list(footnotes)
    if notes:
        yield Text("To do by hand", "bold underline")
        yield Text()
        yield _numbered(notes)
        yield Text()
    yield Text(summary_text(report))


def _indented(columns: int, *parts: str | tuple[str, str]) -> Padding:
    """Parts of a line, which wraps with a hanging indent."""
    return Padding(Text.assemble(*parts), (0, 0, 0, columns))


def _numbered(notes: Iterable[tuple[int, str, str]]) -> Table:
    """The notes, each with its number before it, and the address of the guide below."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for number, text, address in notes:
        lines = [text, address] if text else [address]
        table.add_row(Text(f"[{number}]"), Text("\n".join(lines)))
    return table


def _file(file: FileReport, footnotes: Footnotes) -> Iterator[_Line]:
    yield Text(printable(file.path), "bold underline")
    yield Text()
    for function in file.functions:
        yield from _function(function, file, footnotes)
    if file.rest:
        yield Text(NOT_SEEN_TO_RUN, "bold")
        yield from _items(file.rest, file.cells, footnotes)
        yield Text()


def _function(function: FunctionReport, file: FileReport, footnotes: Footnotes) -> Iterator[_Line]:
    place = f"{printable(file.path)}:{line_text(function.line, file.cells)}"
    yield Text.assemble((function.name, "bold"), f"  {place}  {size_text(function)}")
    for mode, view in function.modes.items():
        words = mode_text(view)
        if words:
            yield _indented(2, f"{mode.name}: {words}")
        if view.shown and view.not_followed:
            names = ", ".join(view.not_followed)
            yield _indented(2, f"{mode.name}: not fully evaluated: {printable(names)}")
    fields = list(fields_of_modes(function))
    if fields:
        yield _indented(2, ("fields of the spec", "italic"))
    for name, row, modes in fields:
        yield _indented(4, (name, "bold"), f"  {printable(modes)}")
        yield _indented(6, "-> ", row.instead, *_note(footnotes, row))
    yield from _items(function.items, file.cells, footnotes)
    if function.notes:
        yield _indented(2, (BACKGROUND, "italic"))
        for note in function.notes:
            sites = sites_text(note.sites, file.cells, _MOST_PLACES)
            marked = _note(footnotes, note.replacement)
            yield _indented(4, (printable(note.name), "bold"), f"  {printable(sites)}", *marked)
    yield Text()


def _items(items: Iterable[Item], cells: Cells, footnotes: Footnotes) -> Iterator[_Line]:
    for heading, under in headed(items):
        yield _indented(2, (heading, "italic"))
        for item in under:
            sites = sites_text(item.sites, cells, _MOST_PLACES)
            yield _indented(4, (printable(item.name), "bold"), f"  {printable(sites)}")
            yield _indented(6, "-> ", instead_text(item), *_note(footnotes, item.replacement))


def _note(footnotes: Footnotes, row: Replacement | None) -> list[tuple[str, str]]:
    """The number of the note on what to do by hand, or of the page that shows it."""
    return [] if row is None else [(f" [{footnotes.number(row)}]", "cyan")]


def _removed(removed: RemovedName, files: int) -> Iterator[_Line]:
    times = times_text(removed, files)
    yield _indented(2, (removed.name, "bold"), f"  {times}, {removed_text(removed)}")
    if list(removed.read) != [removed.name]:
        yield _indented(4, (read_text(removed, _MOST_NAMES), "dim"))
