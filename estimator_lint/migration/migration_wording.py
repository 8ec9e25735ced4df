"""How reports are put into words; the same in text and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from estimator_lint.migration.migration_model import (
    FunctionReport,
    Helper,
    Item,
    MigrationReport,
    ModeReport,
    RemovedName,
    Site,
    WorkItem,
)
from estimator_lint.migration.replacements.estimator_table import SPEC_FIELDS
from estimator_lint.migration.replacements.replacement import Replacement
from estimator_lint.migration.replacements.replacement_lookup import replacement_of_spec_field
from estimator_lint.modes_view.model import Cells, Occurrence
from estimator_lint.modes_view.wording import line_text, lines_text, occurrence_text
from estimator_lint.tensorflow_api.modes import Mode

NO_COUNTERPART: Final = "no counterpart"
NOT_KNOWN: Final = "not known"
_FIELDS: Final = tuple(row.names for row in SPEC_FIELDS)
#: The heading of effects that no line of a model function shows.
BACKGROUND: Final = "what collections do in the background"


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def instead_text(item: Item) -> str:
    """The text of a replacement."""
    if item.replacement is None:
        return "not known; tf.compat.v1 does not have it either"
    text = item.replacement.instead or NO_COUNTERPART
    if item.is_base and text.startswith("tf."):
        text = f"a subclass of {text.partition('(')[0]}"
    if item.only_under_version_1:
        return f"{text} (if it is TensorFlow 1's; TensorFlow 2 has another of this name)"
    return text


def headed(items: Iterable[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Items, which come sorted, under their headings."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        row = item.replacement
        groups.setdefault(NOT_KNOWN if row is None else str(row.topic), []).append(item)
    yield from groups.items()


def fields_of_modes(function: FunctionReport) -> Iterator[tuple[str, Replacement, str]]:
    """The fields that some mode sets, each with its row and the modes that set it."""
    for name in _FIELDS:
        giving = [
            f"{mode.name}{_condition(view, name)}"
            for mode, view in function.modes.items()
            if view.shown and name in view.fields and view.spec is not Occurrence.UNKNOWN
        ]
        if giving:
            yield name, replacement_of_spec_field(name), ", ".join(giving)


def _condition(view: ModeReport, name: str) -> str:
    field = view.fields[name]
    match field.given:
        case Occurrence.ALWAYS:
            return ""
        case Occurrence.SOMETIMES:
            return f" ({occurrence_text(field)})"
    return " (unknown)"


def mode_text(view: ModeReport) -> str:
    """A remark on whether a mode builds a spec, if needed."""
    if view.refused:
        return "the function raises"
    if not view.shown:
        return "the function does not mention this mode"
    return _spec_text(view)


def _spec_text(view: ModeReport) -> str:
    match view.spec:
        case Occurrence.ALWAYS:
            return ""
        case Occurrence.SOMETIMES:
            return "a spec was seen on some paths only; run estimator-lint check first"
        case Occurrence.NEVER:
            return "no spec was seen; run estimator-lint check first"
    return "the returned value is unknown"


def sites_text(
    sites: Mapping[Mode | None, tuple[Site, ...]], cells: Cells = (), most: int | None = None
) -> str:
    """Where a name is used: ``TRAIN 12, 14; EVAL other.py:3``; equal modes are merged."""
    alike: dict[tuple[Site, ...], list[str]] = {}
    for mode, places in sites.items():
        alike.setdefault(places, []).append("" if mode is None else mode.name)
    return "; ".join(
        f"{', '.join(modes)} {places_text(places, cells, most)}".strip()
        for places, modes in alike.items()
    )


def places_text(places: Iterable[Site], cells: Cells = (), most: int | None = None) -> str:
    """Lines, those of the file itself first, and how many were omitted."""
    lines: dict[str, list[int]] = {}
    for place in sorted(places):
        known = lines.setdefault(place.path, [])
        if place.line not in known:
            known.append(place.line)
    texts: list[str] = []
    for path, numbers in lines.items():
        if path:
            texts.append(f"{path}:{lines_text(numbers)}")
        elif cells:
            texts += [line_text(number, cells) for number in numbers]
        else:
            texts += lines_text(numbers).split(", ")
    if most is not None and len(texts) > most:
        texts = [*texts[:most], f"and {len(texts) - most} more"]
    return ", ".join(texts)


def size_text(function: FunctionReport) -> str:
    """How large a function is."""
    helpers = function.helpers
    text = counted(function.lines, "line")
    if not helpers:
        return text
    of_helpers = sum(helper.lines for helper in helpers)
    return f"{text}, and {of_helpers} in {counted(len(helpers), 'helper')}"


def removed_everywhere(report: MigrationReport) -> list[tuple[RemovedName, int]]:
    """The removed names over all files, the most frequent first; and in how many files."""
    found: dict[str, list[RemovedName]] = {}
    for file in report.files:
        for removed in file.removed:
            found.setdefault(removed.name, []).append(removed)
    together: list[tuple[RemovedName, int]] = []
    for each in found.values():
        read: Counter[str] = Counter()
        for one in each:
            read.update(one.read)
        together.append((replace(each[0], read=read, lines=()), len(each)))
    return sorted(together, key=lambda one: (-one[0].count, one[0].name))


def times_text(removed: RemovedName, files: int) -> str:
    """How often a name is read."""
    times = counted(removed.count, "time")
    return times if files == 1 else f"{times} in {counted(files, 'file')}"


def removed_text(removed: RemovedName) -> str:
    """Since when a name is removed, and its remaining form."""
    when = "added later" if removed.since is None else f"removed in {removed.since}"
    left = (
        f"still available as {removed.instead}" if removed.instead else "not in tf.compat.v1 either"
    )
    if removed.name.startswith("tf.compat.v1"):
        left = ""
    return f"{when}; {left}" if left else when


def read_text(removed: RemovedName, most: int | None = None) -> str:
    """The full names read below a name, the most frequent first."""
    read = sorted(removed.read.items(), key=lambda one: (-one[1], one[0]))
    texts = [f"{name} {count}" for name, count in read]
    if most is not None and len(texts) > most:
        texts = [*texts[:most], f"and {len(texts) - most} more"]
    return ", ".join(texts)


def work_text(work: WorkItem) -> str:
    """What a step of the work includes besides the function."""
    parts = [counted(work.lines, "line")]
    if work.moved:
        parts.append(f"with {_names(work.moved)}, also used by later functions")
    if work.ready:
        parts.append(f"{_names(work.ready)} already moved")
    return "; ".join(parts)


def _names(helpers: Sequence[Helper]) -> str:
    """The names of helpers; for several methods of a class, the name of the class."""
    owners = Counter(_owner(helper) for helper in helpers)
    names = (_owner(helper) if owners[_owner(helper)] > 1 else helper.name for helper in helpers)
    return ", ".join(dict.fromkeys(names))


def _owner(helper: Helper) -> str:
    """The class of a method; for another function, the function itself."""
    owner, _, _ = helper.name.rpartition(".")
    return owner if owner.rpartition(".")[2][:1].isupper() else helper.name


def summary_text(report: MigrationReport) -> str:
    """The summary sentence."""
    functions = sum(len(file.functions) for file in report.files)
    if not any(not file.is_empty for file in report.files):
        return f"Found nothing to migrate in {counted(report.looked_at, 'file')}."
    read = f"({counted(report.looked_at, 'file')} read)"
    if not functions:
        return f"No model function {read}."
    holding = sum(bool(file.functions) for file in report.files)
    return f"{counted(functions, 'model function')} in {counted(holding, 'file')} {read}."


class Footnotes:
    """Numbers the notes on what to do by hand, each text once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, row: Replacement) -> int:
        """The number of a row's note."""
        return self._numbers.setdefault((row.by_hand, row.address), len(self._numbers) + 1)

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        for (text, address), number in self._numbers.items():
            yield number, text, address


#: The heading above results that come from the text alone.
NOT_SEEN_TO_RUN: Final = "Found in the source text, not seen to run in a model function"
