"""The view of a file as one self-contained HTML page.

The page is built as a tree, so that all text from the source is escaped when the tree is
serialized. It has no script: radio buttons and the style sheet choose the mode to show.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from estimator_lint.modes_view.highlighting import Run, highlighted, visible
from estimator_lint.modes_view.html_findings import (
    add_codes,
    add_finding,
    add_marks,
    explanations_of,
    style_of,
)
from estimator_lint.modes_view.html_tree import add
from estimator_lint.modes_view.model import (
    FieldView,
    FileView,
    FunctionView,
    ModeView,
    Occurrence,
    Part,
)
from estimator_lint.modes_view.wording import (
    condition_texts,
    fields_shown,
    line_text,
    lines_text,
    occurrence_text,
    ranges,
)
from estimator_lint.reporting import listed
from estimator_lint.tensorflow_api.modes import Mode

_ALL: Final = "ALL"


def as_html(view: FileView) -> str:
    """The page, with its doctype."""
    html = Element("html", lang="en")
    name = visible(os.path.basename(view.path))
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "meta", name="color-scheme", content="light dark")
    add(head, "title", f"{name}: what runs in which mode")
    style = add(head, "style", (files("estimator_lint.modes_view") / "page.css").read_text("utf-8"))
    body = SubElement(html, "body")
    _header(body, view, name)
    main = SubElement(body, "main")
    lines = highlighted(view.lines)
    for number, function in enumerate(view.functions):
        section = _Section(main, function, f"f{number}", lines)
        section.write()
        style.text = "\n".join([style.text or "", *map(style_of, section.explanations.values())])
    add_codes(main, (finding for function in view.functions for finding in function.findings))
    return f"<!DOCTYPE html>\n{tostring(html, encoding='unicode', method='html')}\n"


def _header(body: Element, view: FileView, name: str) -> None:
    header = SubElement(body, "header")
    add(header, "h1", name)
    add(header, "p", visible(view.path), "path")
    for failure in view.failures:
        line = f"Line {line_text(failure.line, view.cells)}: {failure.message}"
        add(header, "p", visible(line), "failure")
    if not view.functions:
        add(header, "p", "No model function in this file was evaluated.")
    elif len(view.functions) > 1:
        nav = add(header, "nav")
        nav.set("aria-label", "Model functions")
        items = SubElement(nav, "ul")
        for number, function in enumerate(view.functions):
            add(SubElement(items, "li"), "a", function.name, href=f"#f{number}")


class _Section:
    """The section of one model function.

    Args:
        main: the parent element.
        function: the model function.
        prefix: the prefix of its ids.
        lines: the highlighted lines of the file.

    Attributes:
        explanations: the explanations of findings, by their numbers.
    """

    def __init__(
        self, main: Element, function: FunctionView, prefix: str, lines: list[list[Run]]
    ) -> None:
        self._function = function
        self._prefix = prefix
        self._lines = lines
        self._shown = {
            line for part in function.parts for line in range(part.first_line, part.last_line + 1)
        }
        self.explanations = explanations_of(function.findings, prefix)
        self._element = SubElement(main, "section", {"id": prefix})
        self._element.set("aria-labelledby", f"{prefix}-name")

    def write(self) -> None:
        """Fill the section."""
        add(self._element, "h2", self._function.name, id=f"{self._prefix}-name")
        self._choice()
        self._summaries()
        self._table()
        for part in self._function.parts:
            self._part(part)
        for number, finding in enumerate(self._function.findings):
            if finding.line not in self._shown:
                self._finding(self._element, number)

    def _choice(self) -> None:
        fieldset = add(self._element, "fieldset", css="modes")
        add(fieldset, "legend", "Show what runs in")
        choices = [(_ALL, "all modes", "")]
        for mode, view in self._function.modes.items():
            choices.append((mode.name, mode.name, "" if view.checked else "not checked"))
        for value, text, note in choices:
            label = SubElement(fieldset, "label")
            button = add(label, "input", type="radio", name=f"{self._prefix}-mode", value=value)
            if value == _ALL:
                button.set("checked", "checked")
            add(label, "span", text)
            if note:
                add(label, "small", note)

    def _summaries(self) -> None:
        for mode, view in self._function.modes.items():
            add(self._element, "p", _summary(self._function, mode, view), f"summary in-{mode.name}")

    def _scroller(self, css: str, label: str) -> Element:
        """An element that scrolls on narrow screens, also from the keyboard."""
        scroller = add(self._element, "div", css=f"scroller {css}", role="region", tabindex="0")
        scroller.set("aria-label", label)
        return scroller

    def _table(self) -> None:
        name = self._function.name
        table = add(self._scroller("fields", f"Fields of the spec of {name}"), "table")
        add(table, "caption", "Fields of the spec, with the lines that set them")
        row = SubElement(SubElement(table, "thead"), "tr")
        add(row, "td")
        modes = self._function.modes
        for mode in modes:
            add(row, "th", mode.name, f"of-{mode.name}", scope="col")
        body = SubElement(table, "tbody")
        shown, others = fields_shown(self._function)
        if any(view.spec is not Occurrence.ALWAYS for view in modes.values()):
            row = SubElement(body, "tr")
            add(row, "th", "a spec", scope="row")
            for mode, view in modes.items():
                words = "on some paths" if view.spec is Occurrence.SOMETIMES else str(view.spec)
                missing = " missing" if _is_missing(view, view.spec, True) else ""
                add(row, "td", words, f"of-{mode.name} {view.spec}{missing}")
        for field in shown:
            row = SubElement(body, "tr")
            add(SubElement(row, "th", scope="row"), "code", field)
            for view in modes.values():
                self._cell(row, view, view.fields.get(field))
        if others:
            add(self._element, "p", f"Never set: {', '.join(others)}.", "others")

    def _cell(self, row: Element, view: ModeView, field: FieldView | None) -> None:
        css = f"of-{view.mode.name}"
        if field is None or view.spec is Occurrence.NEVER:
            add(row, "td", "\N{EN DASH}", f"{css} never")
            return
        missing = _is_missing(view, field.given, field.required)
        cell = add(row, "td", css=f"{css} {field.given}{' missing' if missing else ''}")
        for number, text in enumerate(condition_texts(field)):
            words = add(cell, "span", "; or if " if number else "if ")
            add(words, "code", visible(text))
        if not field.conditions:
            add(cell, "span", occurrence_text(field))
        if missing:
            add(cell, "span", ", but required")
        if field.lines:
            lines = add(cell, "span", " (", "lines")
            for number, line in enumerate(field.lines):
                self._line_link(lines, line, ", " if number else "")
            lines[-1].tail = ")"

    def _line_link(self, parent: Element, line: int, before: str = "") -> None:
        if before:
            parent[-1].tail = before
        if line in self._shown:
            text = self._number(line)
            link = add(parent, "a", text, href=f"#{self._prefix}-L{line}")
            link.set("aria-label", f"line {text}")
        else:
            add(parent, "span", self._number(line))

    def _number(self, line: int) -> str:
        return line_text(line, self._function.cells)

    def _part(self, part: Part) -> None:
        if part.name != self._function.name:
            add(self._element, "h3", f"{part.name}, which it calls")
        source = self._scroller("source", f"Source of {part.name}")
        code = add(source, "div", css="code")
        announced = {
            mode: dict(ranges(self._never_run(mode, part))) for mode in self._function.modes
        }
        for line in range(part.first_line, part.last_line + 1):
            for mode, starts in announced.items():
                if line in starts:
                    last = self._number(starts[line])
                    text = f"Lines {self._number(line)} to {last} never run in {mode.name}: "
                    add(code, "span", text, f"said in-{mode.name}")
            self._line(code, line)
            for number, finding in enumerate(self._function.findings):
                if finding.line == line:
                    self._finding(code, number)

    def _never_run(self, mode: Mode, part: Part) -> set[int]:
        lines = range(part.first_line, part.last_line + 1)
        return set(lines) & self._function.modes[mode].never_run

    def _line(self, code: Element, line: int) -> None:
        css = ["line"]
        reaching: list[Mode] = []
        starting: list[Mode] = []
        names: list[str] = []
        for mode, view in self._function.modes.items():
            if line in view.never_run:
                css.append(f"not-{mode.name}")
            sites = [site for site in view.sites if site.line <= line <= site.last_line]
            if sites:
                reaching.append(mode)
                names += [site.spec for site in sites if site.line == line]
                if any(site.line == line for site in sites):
                    starting.append(mode)
        css += [f"site-{mode.name}" for mode in reaching]
        element = add(code, "div", css=" ".join(css), id=f"{self._prefix}-L{line}")
        add(element, "span", self._number(line), "number")
        text = add(element, "code")
        for run in self._lines[line - 1]:
            add(text, "span", run.text, run.css)
        if starting:
            css_of_tag = " ".join(["tag", *(f"in-{mode.name}" for mode in starting)])
            words = f"{', '.join(dict.fromkeys(names))} in {listed(tuple(starting))}"
            add(element, "span", words, css_of_tag)
        every = [each for some in self.explanations.values() for each in some]
        lit = add_marks(element, line, every)
        if lit:
            element.set("class", " ".join([*css, *lit]))

    def _finding(self, parent: Element, number: int) -> None:
        finding = self._function.findings[number]
        place = f"{self._number(finding.line)}:{finding.column + 1}"
        add_finding(parent, finding, self.explanations[number], place, self._line_link)


def _is_missing(view: ModeView, given: Occurrence, required: bool) -> bool:
    return view.checked and required and given in (Occurrence.NEVER, Occurrence.SOMETIMES)


def _summary(function: FunctionView, mode: Mode, view: ModeView) -> str:
    return " ".join(_sentences(function, mode, view))


def _sentences(function: FunctionView, mode: Mode, view: ModeView) -> Iterator[str]:
    if not view.checked:
        yield f"The function does not address {mode.name}, so this mode is not checked."
    lines = sorted({site.line for site in view.sites})
    if lines:
        places = lines_text(lines, function.cells)
        yield f"{mode.name} builds a spec at line{'s' * (len(lines) > 1)} {places}."
    else:
        yield f"{mode.name} builds no spec."
    if view.never_run:
        many = len(view.never_run) > 1
        yield f"It never runs line{'s' * many} {lines_text(view.never_run, function.cells)}."
    findings = [each for each in function.findings if not each.modes or mode in each.modes]
    if findings:
        yield f"Findings: {', '.join(dict.fromkeys(each.code for each in findings))}."
