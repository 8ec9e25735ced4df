"""The documentation's page of each code, for programs to show.

``docs/generate_code_pages.py`` writes them here, too.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from importlib.metadata import PackageNotFoundError, metadata

_COMMENT = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
_LINK_TO_PAGE = re.compile(r"\[([^]]*)\]\([^):]*\.md(#[^)]*)?\)")
_HEADING = re.compile(r"^# (MFN\d{3}): ([\w-]+)$", re.MULTILINE)


@functools.cache
def codes() -> frozenset[str]:
    """All codes.  The registry of rules has them, too, but is slow to import."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return frozenset(name.removesuffix(".md") for name in names if name.endswith(".md"))


@functools.cache
def codes_by_rule() -> dict[str, tuple[str, ...]]:
    """The codes of each rule by its name, the definite one first."""
    by_rule: dict[str, tuple[str, ...]] = {}
    for code in sorted(codes()):
        heading = _HEADING.search(page_of(code))
        assert heading is not None
        by_rule[heading[2]] = (*by_rule.get(heading[2], ()), code)
    return by_rule


def page_of(code: str) -> str:
    """The page of ``code`` in Markdown, without links to other pages: they lead nowhere here."""
    text = (resources.files(__name__) / f"{code}.md").read_text(encoding="utf-8")
    return _LINK_TO_PAGE.sub(r"\1", _COMMENT.sub("", text))


def address_of(code: str) -> str | None:
    """Where the web has the page of ``code``; None: the installed package names no documentation."""
    site = _documentation_site()
    return None if site is None else f"{site.rstrip('/')}/codes/{code}.html"


@functools.cache
def _documentation_site() -> str | None:
    try:
        addresses = metadata("estimator-lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    named = dict(address.split(", ", 1) for address in addresses if ", " in address)
    return named.get("Documentation")
