"""What a report on leaving ``tf.estimator`` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic
from estimator_lint.modes_view.model import Cells, FieldView, Occurrence
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True, order=True)
class Site:
    """A place that a report names.

    Attributes:
        path: of the file; empty where it is the one that the report is about.
        line: 1-based; in a notebook, of the module that its code cells are.
        column: 0-based, in code points.
    """

    path: str
    line: int
    column: int = 0


@dataclass(frozen=True)
class Item:
    """A name of TensorFlow that is used, and what takes its place.

    Attributes:
        name: as people write it: ``tf.train.AdamOptimizer().minimize``.
        replacement: what takes its place; None where this is not known.
        sites: where it is used: in a model function by mode; elsewhere under None.
        only_under_version_1: TensorFlow 2 has something else of the same name, and which of both
            the file means is not known.
        is_base: it is the base of a class of the project.
    """

    name: str
    replacement: Replacement | None
    sites: Mapping[Mode | None, tuple[Site, ...]]
    only_under_version_1: bool = False
    is_base: bool = False


_TOPICS: Final = tuple(Topic)


def by_topic(item: Item) -> tuple[int, str]:
    """The order of items: by topic, what is not known at the end, and by name."""
    row = item.replacement
    return len(_TOPICS) if row is None else _TOPICS.index(row.topic), item.name


@dataclass(frozen=True)
class Helper:
    """A function of the project that a model function runs.

    Attributes:
        name: its qualified name.
        path: of the file.
        line: of its ``def``, 1-based.
        lines: how many lines it has.
    """

    name: str
    path: str
    line: int
    lines: int


@dataclass(frozen=True)
class ModeReport:
    """What a mode gives to its spec.

    Attributes:
        mode: which.
        shown: the report tells what the mode does: the function says something about it, or
            about none, or returns all that it needs.
        refused: all that the function does in it is to raise.
        spec: whether the mode comes to a spec.
        fields: of its spec by name, but those that it never gives.
        not_followed: functions of the project of which it is not known what they all do in it.
    """

    mode: Mode
    shown: bool
    refused: bool
    spec: Occurrence
    fields: Mapping[str, FieldView]
    not_followed: tuple[str, ...]


@dataclass(frozen=True)
class FunctionReport:
    """A model function.

    Attributes:
        name: its qualified name.
        line, column: of its name in the ``def``; 1-based and 0-based.
        lines: how many lines it has.
        modes: what each gives to its spec.
        items: what its modes use, by topic.
        notes: what collections do in it that no line of it shows.
        helpers: the functions of the project that it runs, in the order in which it comes to them.
    """

    name: str
    line: int
    column: int
    lines: int
    modes: Mapping[Mode, ModeReport]
    items: tuple[Item, ...]
    notes: tuple[Item, ...]
    helpers: tuple[Helper, ...]


@dataclass(frozen=True)
class RemovedName:
    """A name that the version aimed at does not have.

    Attributes:
        name: its shortest part that is missing: ``tf.contrib``.
        since: the first version without it; None where it comes later.
        instead: the name under ``tf.compat.v1`` that the version has for it.
        read: the full names that the file reads, with how often.
        lines: on which they stand.
    """

    name: str
    since: str | None
    instead: str | None
    read: Mapping[str, int]
    lines: tuple[int, ...]

    @property
    def count(self) -> int:
        """How often the file reads it."""
        return sum(self.read.values())


@dataclass(frozen=True)
class Failure:
    """Something that could not be looked at; ``line`` is 1-based, ``column`` 0-based."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class FileReport:
    """A file.

    Attributes:
        path: its name.
        functions: its model functions, in their order.
        rest: what it uses besides, by topic.
        removed: names that the version aimed at does not have, the most frequent first.
        failures: what could not be evaluated.
        cells: of a notebook.
    """

    path: str
    functions: tuple[FunctionReport, ...] = ()
    rest: tuple[Item, ...] = ()
    removed: tuple[RemovedName, ...] = ()
    failures: tuple[Failure, ...] = ()
    cells: Cells = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of what is looked for was found in it."""
        return not (self.functions or self.rest or self.removed)


@dataclass(frozen=True)
class WorkItem:
    """A step of the work: a model function with what it needs.

    Attributes:
        path: of its file.
        function: the report on it.
        lines: that are left to move: its own, and those of helpers that no earlier step moved.
        moved: helpers that are moved with it and that later steps need, too.
        ready: helpers that an earlier step moved.
    """

    path: str
    function: FunctionReport
    lines: int
    moved: tuple[Helper, ...]
    ready: tuple[Helper, ...]


@dataclass(frozen=True)
class MigrationReport:
    """All that a run says.

    Attributes:
        version: of TensorFlow, that is aimed at.
        files: those with something in them, by name.
        order: the steps of the work, the smallest first.
        looked_at: how many files were read.
    """

    version: str
    files: tuple[FileReport, ...]
    order: tuple[WorkItem, ...]
    looked_at: int = field(default=0, compare=False)
