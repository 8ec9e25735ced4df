"""Findings as JUnit's XML, which most services show as failed tests: one test for each file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from estimator_lint.command_line.formats.lookup import slashed
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import Report

#: Characters that XML 1.0 can't represent, such as U+FFFE, though they may be printable.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    """The whole report: a suite whose tests are the files that could hold a model function."""
    whole = {
        problem.path
        for problem in report.failures
        if problem.cell is None and not problem.was_checked
    }
    names = {*report.checked, *(file.path for file in report.files)} - whole
    suite = ElementTree.Element(
        "testsuite",
        name="estimator-lint",
        tests=str(len(names) + len(report.failures)),
        failures=str(len(report.files)),
        errors=str(len(report.failures)),
    )
    cases = {name: _case(suite, slashed(name)) for name in sorted(names)}
    for file in report.files:
        lines = [
            f"{file.place(finding.line, finding.column)}: {finding.message}"
            for finding in file.findings
        ]
        number = f"{len(lines)} finding{'s' * (len(lines) > 1)}"
        failure = ElementTree.SubElement(cases[file.path], "failure", message=number)
        failure.text = _text("\n".join(lines))
    for problem in report.failures:
        case = _case(suite, f"{slashed(problem.path)} ({problem.summary})")
        error = ElementTree.SubElement(case, "error", message=_text(problem.text))
        error.text = _text(problem.place)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", name=_text(name), classname="estimator_lint")


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", printable(text, keep="\n"))
