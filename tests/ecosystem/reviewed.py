"""The reviewed findings on the published packages, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

REVIEWED = Path(__file__).with_name("reviewed.json")

RIGHT = "right"
UNREVIEWED = "unreviewed"
VERDICTS = (RIGHT, "wrong", UNREVIEWED)


@dataclass(frozen=True, order=True)
class Reviewed:
    """A finding, and the verdict of someone who read the code.

    ``column`` is 1-based, as flake8 prints it.
    """

    package: str
    path: str
    line: int
    column: int
    code: str
    message: str
    verdict: str = field(default=UNREVIEWED, compare=False)
    reason: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.package}: {self.path}:{self.line}:{self.column}: {self.message}"

    @property
    def without_position(self) -> tuple[str, str, str, str]:
        """The part of a finding that does not depend on its place."""
        return self.package, self.path, self.code, self.message


def read() -> list[Reviewed]:
    """The findings of ``reviewed.json``."""
    if not REVIEWED.exists():
        return []
    entries = [Reviewed(**entry) for entry in json.loads(REVIEWED.read_text(encoding="utf-8"))]
    for entry in entries:
        if entry.verdict not in VERDICTS:
            raise ValueError(f"{REVIEWED.name}: {entry.verdict!r} is none of {VERDICTS}")
    return sorted(entries)


def write(entries: Iterable[Reviewed]) -> None:
    """Make ``entries`` the reviewed findings."""
    dicts = [asdict(entry) for entry in sorted(entries)]
    REVIEWED.write_text(json.dumps(dicts, indent=2) + "\n", encoding="utf-8")


def updated(found: Iterable[Reviewed], reviewed: Iterable[Reviewed]) -> list[Reviewed]:
    """``found`` with the verdicts given before, those that only moved included."""
    exact = {entry: entry for entry in reviewed}
    found = sorted(found)
    moved: dict[tuple[str, str, str, str], list[Reviewed]] = {}
    for entry in sorted(exact.keys() - set(found)):
        moved.setdefault(entry.without_position, []).append(entry)
    result = []
    for finding in found:
        known = exact.get(finding)
        if known is None:
            candidates = moved.get(finding.without_position)
            known = candidates.pop(0) if candidates else finding
        result.append(replace(finding, verdict=known.verdict, reason=known.reason))
    return result


def differences(found: Iterable[Reviewed], reviewed: Iterable[Reviewed]) -> list[str]:
    """New findings with ``+``, vanished ones with ``-``."""
    new, old = set(found), set(reviewed)
    return [f"{'+' if entry in new else '-'} {entry}" for entry in sorted(new ^ old)]


def complaints(reviewed: Iterable[Reviewed]) -> list[str]:
    """The findings without a verdict, or with the verdict "wrong"."""
    return [f"{entry.verdict}: {entry}" for entry in reviewed if entry.verdict != RIGHT] + [
        f"no reason given: {entry}" for entry in reviewed if not entry.reason
    ]
