"""Obstacles to releasing a checkout, as far as its files show."""

from __future__ import annotations

import configparser
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: The placeholder in addresses until the project has some; the domain is reserved for examples.
PLACEHOLDER: Final = "example.com"


def version_of(root: Path) -> str:
    """The version of the package, which only ``estimator_lint/version.py`` contains.

    Raises:
        ValueError: it is not written there as a string.
    """
    text = (root / "estimator_lint" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'^VERSION = "(\d+\.\d+\.\d+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("estimator_lint/version.py has no VERSION such as '1.2.3'")
    return found[1]


def obstacles(root: Path, tag: str | None = None) -> Iterator[str]:
    """Why the checkout at ``root`` can't be released.

    Args:
        root: the root of the checkout.
        tag: the tag of the release; None if it is still to be made.
    """
    version = version_of(root)
    if tag is not None and tag != f"v{version}":
        yield f"the tag is {tag}, and the version {version}"
    if tag is None and _git(root, "tag", "--list", f"v{version}"):
        yield f"the tag v{version} is there already"
    changed = _git(root, "status", "--porcelain").splitlines()
    if changed:
        yield f"uncommitted changes: {', '.join(line[3:] for line in changed[:5])}"
    yield from _changelog((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    yield from _addresses(root)


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout


def _changelog(text: str, version: str) -> Iterator[str]:
    sections = dict(re.findall(r"^## (.*)\n((?:(?!## ).*\n?)*)", text, re.MULTILINE))
    if sections.pop("Unreleased", "").strip():
        yield "CHANGELOG.md has changes under 'Unreleased'"
    first = next(iter(sections), "")
    if first.split(" ")[0] != version:
        yield f"CHANGELOG.md begins with {first!r}, and the version is {version}"
    elif not sections[first].strip():
        yield f"CHANGELOG.md says nothing about {version}"


def _addresses(root: Path) -> Iterator[str]:
    for name, address in addresses(root).items():
        if PLACEHOLDER in address:
            yield f"setup.cfg has a placeholder for {name}: {address}"


def addresses(root: Path) -> dict[str, str]:
    """The project's URLs, from ``setup.cfg``."""
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    lines = setup["metadata"]["project_urls"].strip().splitlines()
    return {name: address for name, _, address in (line.partition(" = ") for line in lines)}
