"""Which public names each version of TensorFlow exports.

``tests/facts/exports.py`` records the table from the wheels of every minor version. Its first line
lists the versions. A line that begins with ``tf`` is a module; the lines below it are its names,
grouped by the versions that have them: ``1.15,2.4-2.9: name name``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

TABLE: Final = files(__package__) / "exports.txt"

_ROOT: Final = "tensorflow"


@dataclass(frozen=True)
class Missing:
    """A name that a version does not have.

    Attributes:
        name: the shortest part of a dotted path that is missing: ``tf.contrib``.
        since: the first version without it; None if only later versions have it.
        until: the first later version that has it; None if none does.
        instead: the version's replacement under ``tf.compat.v1``.
    """

    name: str
    since: str | None
    until: str | None
    instead: str | None


class Exports:
    """The public names, below ``tf``, of several versions.

    Args:
        versions: in order.
        masks: for each name, the versions that have it, as bits.
    """

    def __init__(self, versions: tuple[str, ...], masks: Mapping[str, int]) -> None:
        self.versions = versions
        self._masks = masks

    @classmethod
    def parsed(cls, text: str) -> Exports:
        """The names of a table's text."""
        first, *lines = text.splitlines()
        versions = tuple(first.split(" "))
        masks: dict[str, int] = {}
        module = ""
        for line in lines:
            if line.startswith("tf"):
                module = line.removeprefix("tf").removeprefix(".")
                continue
            ranges, _, names = line.strip().partition(": ")
            mask = _mask(versions, ranges)
            masks.update((f"{module}.{name}" if module else name, mask) for name in names.split())
        return cls(versions, masks)

    def names_of(self, version: str) -> set[str]:
        """All names that a version has."""
        bit = 1 << self.versions.index(version)
        return {name for name, mask in self._masks.items() if mask & bit}

    def versions_of(self, name: str) -> list[str]:
        """The versions that have a name, given without ``tf.``; none if it is not public."""
        mask = self._masks.get(name, 0)
        return [version for at, version in enumerate(self.versions) if mask & (1 << at)]

    def missing(self, path: str, version: str) -> Missing | None:
        """The part of a dotted import path that the version lacks, if some version has it."""
        at = self.versions.index(version)
        for name in _prefixes(path):
            mask = self._masks.get(name)
            if mask is None:  # in a class, or not public
                return None
            if not mask & (1 << at):
                before = [i for i in range(at) if mask & (1 << i)]
                after = [i for i in range(at + 1, len(self.versions)) if mask & (1 << i)]
                return Missing(
                    f"tf.{name}",
                    self.versions[before[-1] + 1] if before else None,
                    self.versions[after[0]] if after else None,
                    self._instead(name, 1 << at),
                )
        return None

    def _instead(self, name: str, bit: int) -> str | None:
        older = f"compat.v1.{name}"
        return f"tf.{older}" if self._masks.get(older, 0) & bit else None


@functools.cache
def exports() -> Exports:
    """The table; read on first use."""
    return Exports.parsed(TABLE.read_text(encoding="utf-8"))


def _mask(versions: tuple[str, ...], ranges: str) -> int:
    mask = 0
    for span in ranges.split(","):
        first, _, last = span.partition("-")
        start, end = versions.index(first), versions.index(last or first)
        mask |= (1 << end + 1) - (1 << start)
    return mask


def _prefixes(path: str) -> Iterator[str]:
    """``contrib``, ``contrib.layers`` ... for ``tensorflow.contrib.layers``."""
    root, *parts = path.split(".")
    if root == _ROOT:
        for length in range(1, len(parts) + 1):
            yield ".".join(parts[:length])
