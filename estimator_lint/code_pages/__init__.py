"""Where the documentation of each code is: its text, its examples, its page on the web.

A checkout has the texts in ``docs/code_texts/``, and the examples are the tested fixtures; an
installed package has copies of both here, made when it is built (``setup.py``).
``documented_codes`` makes a page of them.
"""

from __future__ import annotations

import functools
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

#: Made when the package is built.
_TEXTS: Final = Path(__file__).parent / "texts"
_EXAMPLES: Final = Path(__file__).parent / "examples"
_CHECKOUT: Final = Path(__file__).parents[2]


@functools.cache
def texts() -> Path:
    """The folder of the texts: ``CODE.md`` for each definite code, and those on certainty."""
    return _TEXTS if _TEXTS.is_dir() else _CHECKOUT / "docs" / "code_texts"


@functools.cache
def examples() -> Path:
    """The folder with a folder ``CODE`` for each code, in it ``bad.py`` and ``good.py``."""
    return _EXAMPLES if _EXAMPLES.is_dir() else _CHECKOUT / "tests" / "fixtures"


@functools.cache
def codes() -> frozenset[str]:
    """All codes.  The registry of rules has them, too, but is slow to import."""
    found = [path.stem for path in texts().glob("MFN*.md")]
    found += [path.name for path in examples().glob("MFN*")]
    return frozenset(found)


def text_file(code: str) -> Path:
    """The text about ``code``: its own, or the one of the definite code of its rule."""
    own = texts() / f"{code}.md"
    return own if own.is_file() else texts() / f"{code[:4]}0{code[5:]}.md"


def address_of(code: str) -> str | None:
    """Where the web has the page of ``code``; None: the package names no documentation."""
    site = _documentation_site()
    return None if site is None else f"{site.rstrip('/')}/codes/{code}.html"


@functools.cache
def _documentation_site() -> str | None:
    try:
        addresses = metadata("estimator-lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    named = dict(address.split(", ", 1) for address in addresses if ", " in address)
    site = named.get("Documentation")
    # A placeholder in a reserved domain; setup.cfg says more.
    return None if site is None or urlsplit(site).hostname == "example.com" else site
