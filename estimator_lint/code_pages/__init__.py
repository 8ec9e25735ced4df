"""The documentation's page of each code, for programs to show.

``docs/generate_code_pages.py`` writes them here, too.
"""

from __future__ import annotations

import re
from importlib import resources

_COMMENT = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
_LINK_TO_PAGE = re.compile(r"\[([^]]*)\]\([^):]*\.md(#[^)]*)?\)")


def page_of(code: str) -> str:
    """The page of ``code`` in Markdown, without links to other pages: they lead nowhere here."""
    text = (resources.files(__name__) / f"{code}.md").read_text(encoding="utf-8")
    return _LINK_TO_PAGE.sub(r"\1", _COMMENT.sub("", text))
