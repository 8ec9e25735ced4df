"""Findings on the page: messages, explanations, and numbered marks in the source.

There is no script: the style sheet shows the marks of a witness while its ``<details>`` is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from estimator_lint.code_pages import address_of
from estimator_lint.findings import Event, EventKind, Finding, Witness
from estimator_lint.modes_view.highlighting import visible
from estimator_lint.modes_view.html_tree import add
from estimator_lint.rules import RULES
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class Explanation:
    """A witness as the page shows it.

    Attributes:
        name: the class of its marks and the id of its ``<details>``.
        witness: the witness.
    """

    name: str
    witness: Witness

    @property
    def css(self) -> str:
        """The CSS classes for the modes in which an element is shown."""
        modes = tuple(Mode) if self.witness.mode is None else (self.witness.mode,)
        return " ".join(f"in-{mode.name}" for mode in modes)

    def numbered(self) -> Iterator[tuple[int, Event]]:
        """The events in the order in which they happen, the finding itself last."""
        first, *others = self.witness.events
        happened = [event for event in others if event.kind is not EventKind.CONTRAST]
        yield from enumerate([*happened, first], 1)


def explanations_of(findings: Iterable[Finding], prefix: str) -> dict[int, list[Explanation]]:
    """By the number of a finding, the witnesses with more events than the finding itself."""
    return {
        number: [
            Explanation(f"{prefix}-w{number}-{index}", witness)
            for index, witness in enumerate(finding.witnesses)
            if len(witness.events) > 1
        ]
        for number, finding in enumerate(findings)
    }


def style_of(explanations: Iterable[Explanation]) -> str:
    """The CSS rules that highlight the marks of the unfolded witness."""
    return "\n".join(
        f":where(section:has(#{each.name}[open])) .mark.{each.name} {{ display: inline-block; }}\n"
        f":where(section:has(#{each.name}[open])) .line.lit-{each.name}"
        " { background: var(--lit); }"
        for each in explanations
    )


def add_marks(element: Element, line: int, explanations: Iterable[Explanation]) -> list[str]:
    """Add the marks of a line of the source; return the classes of the line."""
    css: list[str] = []
    marks = Element("span", {"class": "marks"})
    for each in explanations:
        numbers = [number for number, event in each.numbered() if event.line == line]
        if numbers:
            css.append(f"lit-{each.name}")
        for number in numbers:
            mark = add(marks, "span", str(number), f"mark {each.name} {each.css}")
            mark.set("aria-hidden", "true")  # screen readers read the list of events instead
    if css:
        element.append(marks)
    return css


def add_finding(
    parent: Element,
    finding: Finding,
    explanations: Iterable[Explanation],
    place: str,
    link: Callable[[Element, int], None],
) -> None:
    """Add a finding with its explanation; ``link`` adds a link to a line."""
    modes = finding.modes or tuple(Mode)
    certainty = "possible" if finding.is_possible else "definite"
    css = " ".join(["finding", certainty, *(f"in-{mode.name}" for mode in modes)])
    note = add(parent, "div", css=css, role="note")
    note.set("aria-label", f"{finding.code} at line {place.rpartition(':')[0]}")
    words = add(note, "p")
    code = SubElement(add(words, "strong"), "a", {"href": f"#about-{finding.code}"})
    code.text = finding.code
    add(words, "span", certainty, "certainty")
    words[0].tail = " "
    words[-1].tail = f" {visible(finding.text)} "
    add(words, "small", place)
    for each in explanations:
        _add_explanation(note, each, link)


def _add_explanation(
    note: Element, explanation: Explanation, link: Callable[[Element, int], None]
) -> None:
    witness = explanation.witness
    details = add(note, "details", css=f"why {explanation.css}", id=explanation.name)
    details.set("name", explanation.name.partition("-")[0])  # at most one per section is open
    where = "" if witness.mode is None else f" in {witness.mode}"
    add(details, "summary", f"Why{where}")
    steps = add(details, "ol")
    for _, event in explanation.numbered():
        item = add(steps, "li", css=f"depth-{min(event.depth, 5)}")
        link(item, event.line)
        item[-1].tail = f": {visible(event.text)}"
    for event in witness.events:
        if event.kind is EventKind.CONTRAST:
            words = add(details, "p", css="fine")
            link(words, event.line)
            words[-1].tail = f": {visible(event.text)}"
    if witness.fine_in:
        fine = ", ".join(mode.name for mode in witness.fine_in)
        add(details, "p", f"The same place is fine in {fine}.", "fine")


def add_codes(body: Element, findings: Iterable[Finding]) -> None:
    """Add the meanings of the codes on the page, which the findings link to."""
    summaries = {code: rule.summary for rule in RULES for code in rule.codes}
    codes = sorted({finding.code for finding in findings})
    if not codes:
        return
    section = add(body, "section", css="codes")
    section.set("aria-labelledby", "codes")
    add(section, "h2", "Codes", id="codes")
    entries = add(section, "dl")
    for code in codes:
        term = add(entries, "dt", id=f"about-{code}")
        address = address_of(code)
        if address is None:
            add(term, "strong", code)
        else:
            add(add(term, "strong"), "a", code, href=address)
        text = add(entries, "dd")
        summary = f"{summaries[code]} For more, run `estimator-lint explain {code}`."
        text.text, *parts = summary.split("`")
        for quoted, rest in zip(parts[::2], parts[1::2], strict=True):
            add(text, "code", quoted).tail = rest
