"""Details about codes that formats add to a finding's message."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

from estimator_lint.rules import RULES, Rule

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings
    from estimator_lint.findings import Finding


@functools.cache
def rules_by_code() -> dict[str, Rule]:
    """The rule of each code, in the order of the codes."""
    codes = {code: rule for rule in RULES for code in rule.codes}
    return dict(sorted(codes.items()))


def is_possible(code: str) -> bool:
    """Whether a code says that something holds on some paths only."""
    return code == rules_by_code()[code].possible_code


def slashed(path: str) -> str:
    """A path for programs: with slashes, and without a leading ``./``."""
    return os.path.normpath(path).replace(os.sep, "/")


def raw_line(file: FileFindings, line: int) -> int:
    """A line of the file as it is on the disk; of a notebook that is a line of JSON."""
    return line if file.notebook is None else file.notebook.place(line).raw_line


def text_in_notebook(file: FileFindings, finding: Finding) -> str:
    """The text of a finding; in a notebook with the cell, since lines of JSON mean little."""
    if file.notebook is None:
        return finding.text
    return f"{finding.text} ({file.line(finding.line)}:{finding.column + 1})"
