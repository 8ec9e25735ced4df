"""A report as one self-contained page.

The page is built as a tree, so that all text from the sources is escaped when it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from xml.etree.ElementTree import Element, SubElement, tostring

from estimator_lint.migration.migration_model import (
    FileReport,
    FunctionReport,
    Item,
    MigrationReport,
)
from estimator_lint.migration.migration_wording import (
    BACKGROUND,
    NOT_SEEN_TO_RUN,
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
from estimator_lint.migration.replacements.replacement import GUIDE, Replacement
from estimator_lint.modes_view.highlighting import visible
from estimator_lint.modes_view.html_tree import add
from estimator_lint.modes_view.model import Cells
from estimator_lint.modes_view.wording import line_text

_TITLE = "Leaving tf.estimator"


def as_html(report: MigrationReport) -> str:
    """The page, with its doctype."""
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", name="color-scheme", content="light dark")
    add(head, "title", _TITLE)
    styles = (
        files("estimator_lint.modes_view") / "page.css",
        files("estimator_lint.migration") / "migration.css",
    )
    add(head, "style", "\n".join(style.read_text("utf-8") for style in styles))
    body = SubElement(html, "body")
    header = SubElement(body, "header")
    add(header, "h1", _TITLE)
    add(header, "p", summary_text(report), "path")
    main = SubElement(body, "main")
    shown = [file for file in report.files if file.functions or file.rest or file.failures]
    ids = {file.path: f"f{number}" for number, file in enumerate(shown)}
    if len(report.order) > 1:
        _order(main, report, ids)
    for file in shown:
        _file(main, file, ids[file.path])
    _removed(main, report)
    return f"<!DOCTYPE html>\n{tostring(html, encoding='unicode', method='html')}\n"


def _order(main: Element, report: MigrationReport, ids: dict[str, str]) -> None:
    section = add(main, "section", id="order")
    add(section, "h2", "Order of work, smallest function first")
    items = SubElement(section, "ol")
    for work in report.order:
        item = SubElement(items, "li")
        function = work.function
        add(item, "a", function.name, href=f"#{ids[work.path]}-{function.line}-{function.column}")
        item[-1].tail = f" {visible(work.path)}: {work_text(work)}"


def _file(main: Element, file: FileReport, name: str) -> None:
    section = add(main, "section", id=name)
    add(section, "h2", visible(file.path))
    for failure in file.failures:
        line = f"Line {line_text(failure.line, file.cells)}: {failure.text}"
        add(section, "p", visible(line), "failure")
    for function in file.functions:
        _function(section, function, file, name)
    if file.rest:
        add(section, "h3", NOT_SEEN_TO_RUN)
        _items(section, file.rest, file.cells)


def _function(parent: Element, function: FunctionReport, file: FileReport, name: str) -> None:
    title = add(parent, "h3", id=f"{name}-{function.line}-{function.column}")
    add(title, "code", function.name)
    line = line_text(function.line, file.cells)
    title[-1].tail = f" line {line}, {size_text(function)}"
    for mode, view in function.modes.items():
        words = mode_text(view)
        if words:
            add(parent, "p", f"{mode.name}: {words}.", "others")
        if view.shown and view.not_followed:
            names = visible(", ".join(view.not_followed))
            add(parent, "p", f"{mode.name}: not fully evaluated: {names}.", "others")
    fields = list(fields_of_modes(function))
    if fields:
        body = _table(parent, "Fields of the spec", "Field", "Given in")
        for field, row, modes in fields:
            _row(body, field, modes, row.instead, row)
    _items(parent, function.items, file.cells)
    if function.notes:
        body = _table(parent, BACKGROUND.capitalize(), "Collection", "Used in")
        for note in function.notes:
            _row(body, note.name, sites_text(note.sites, file.cells), "", note.replacement)


def _items(parent: Element, items: Iterable[Item], cells: Cells) -> None:
    for heading, under in headed(items):
        body = _table(parent, heading.capitalize(), "Name", "Used in")
        for item in under:
            sites = sites_text(item.sites, cells)
            _row(body, item.name, sites, instead_text(item), item.replacement)


def _table(parent: Element, caption: str, *titles: str) -> Element:
    """The body of a new table."""
    scroller = add(parent, "div", css="scroller migration", role="region", tabindex="0")
    scroller.set("aria-label", caption)
    table = SubElement(scroller, "table")
    add(table, "caption", caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for title in (*titles, "What takes its place", "To do by hand"):
        add(row, "th", title, scope="col")
    return SubElement(table, "tbody")


def _row(
    body: Element, name: str, sites: str, instead: str, replacement: Replacement | None
) -> None:
    row = SubElement(body, "tr")
    add(SubElement(row, "th", scope="row"), "code", visible(name))
    add(row, "td", visible(sites))
    add(row, "td", instead, "instead")
    cell = SubElement(row, "td")
    if replacement is not None:
        if replacement.by_hand:
            cell.text = f"{replacement.by_hand} "
        page = replacement.address.removeprefix(GUIDE).removeprefix("https://www.tensorflow.org/")
        add(cell, "a", f"Guide: {page}", href=replacement.address)


def _removed(main: Element, report: MigrationReport) -> None:
    """The removed names, each once for all files."""
    names = removed_everywhere(report)
    if not names:
        return
    section = add(main, "section", id="removed")
    add(section, "h2", f"Not in TensorFlow {report.version}")
    items = SubElement(section, "ul")
    for removed, files_reading in names:
        item = SubElement(items, "li")
        add(item, "code", visible(removed.name))
        item[-1].tail = f" {times_text(removed, files_reading)}, {removed_text(removed)}"
        if list(removed.read) != [removed.name]:
            add(item, "p", visible(read_text(removed)), "others")
