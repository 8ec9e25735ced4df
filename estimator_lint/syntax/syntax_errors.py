"""The reason for a syntax error, in terms for the user: Python 2 is recognized."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Python 2's statements and literals, by patterns of the line at which Python 3 fails.
_PYTHON_2 = {
    "print statement": re.compile(r"(^|[:;])\s*print\b(?!\s*[(=.,)\]])"),
    "exec statement": re.compile(r"(^|[:;])\s*exec\b(?!\s*[(=.,)\]])"),
    "except clause": re.compile(r"^\s*except\s[^#:]*,\s*\w+\s*:"),
    "raise statement": re.compile(r"(^|[:;])\s*raise\s+[\w.]+\s*,"),
    "octal number": re.compile(r"(?<![\w.])0[0-7]+[lL]?\b"),
    "long integer": re.compile(r"(?<![\w.])(\d+|0[xX][0-9a-fA-F]+)[lL]\b"),
    "string prefix": re.compile(r"(?<!\w)[uU][rR]['\"]"),
    "operator '<>'": re.compile(r"<>"),
    "backquotes": re.compile(r"`[^`]+`"),
}


def syntax_problem(error: SyntaxError, lines: Sequence[str]) -> str:
    """The reason why ``ast`` could not parse ``lines``."""
    if error.lineno is not None and 0 < error.lineno <= len(lines):
        line = lines[error.lineno - 1]
        for name, looks in _PYTHON_2.items():
            if looks.search(line):
                return f"Python 2 {name} (the linter reads Python 3)"
    return f"{type(error).__name__}: {error.msg}"
