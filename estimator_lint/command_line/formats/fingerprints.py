"""Fingerprints: the identity of a finding in a file, independent of its line number."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings

#: A message may say where something else is, and that line may move, too.
_LINES = re.compile(r"\blines? \d+")


def identities(file: FileFindings) -> Iterator[tuple[str, str, str]]:
    """Of each finding the code, what it says and the text of its line."""
    for finding in file.findings:
        yield finding.code, without_lines(finding.text), file.source(finding.line).strip()


def without_lines(text: str) -> str:
    """A message without the numbers of lines."""
    return _LINES.sub("line", text)


def fingerprints(file: FileFindings, path: str = "") -> Iterator[str]:
    """One for each finding; the same in the next run although lines were added above it."""
    seen: Counter[str] = Counter()
    for parts in identities(file):
        identity = "\n".join([path, *parts] if path else parts)
        seen[identity] += 1
        identity += f"\n{seen[identity]}"
        yield hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
