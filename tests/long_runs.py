"""Runs that take hours: their results add up in a file, from which a later run continues."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

_Counts = TypeVar("_Counts", bound="Counts")

#: Where the results are, one file for each run.
RESULTS = Path(__file__).resolve().parent.parent / ".cache" / "long_runs"


@dataclass
class Counts:
    """Numbers, counters, dicts and lists of JSON's values that add up, field by field.

    Of two values for one key of a dict, the first one stays.
    """

    def add(self: _Counts, other: _Counts) -> None:
        for each in fields(self):
            ours, theirs = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, theirs | ours if type(ours) is dict else ours + theirs)


def saved(counts: Counts, path: Path) -> None:
    """Write counts to a file, at once or not at all."""
    values: dict[str, Any] = {}
    for each in fields(counts):
        value = getattr(counts, each.name)
        values[each.name] = list(value.items()) if isinstance(value, dict) else value
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(json.dumps(values, indent=1), encoding="utf-8")
    os.replace(written, path)


def added_from(counts: _Counts, path: Path) -> _Counts:
    """Add to counts what an earlier run has written to a file, if there is one."""
    if path.exists():
        values = json.loads(path.read_text(encoding="utf-8"))
        earlier = type(counts)()
        for each in fields(earlier):
            kind = type(getattr(earlier, each.name))
            value = values.get(each.name, kind())
            setattr(earlier, each.name, kind(dict(value)) if issubclass(kind, dict) else value)
        counts.add(earlier)
    return counts


_T = TypeVar("_T")


def within(minutes: float | None, results: Iterable[_T]) -> Iterator[_T]:
    """The results that are there before the time is over; None: all."""
    end = None if minutes is None else time.monotonic() + 60 * minutes
    for each in results:
        yield each
        if end is not None and time.monotonic() > end:
            return
