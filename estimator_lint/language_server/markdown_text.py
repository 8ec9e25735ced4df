"""Text of linted files in Markdown: it comes back as it was, and adds no markup."""

from __future__ import annotations

import re

from estimator_lint.printable import printable


def code_span(text: str) -> str:
    """A text as code in a line of Markdown."""
    shown = printable(text)
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    # A space at each end goes away, so that code can begin and end with a backtick.
    pad = " " if not shown.strip(" ") or shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def escaped(text: str) -> str:
    """A text as words in a line, or in the cell of a table."""
    return re.sub(r"([\\`*_{}\[\]<>|#~$&!])", r"\\\1", printable(text))


def in_cell(markdown: str) -> str:
    """A line without unescaped bars, in the cell of a table."""
    return markdown.replace("|", r"\|")
