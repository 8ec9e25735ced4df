"""The data of a report on leaving ``tf.estimator``."""

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
        path: of the file; empty if it is the one that the report is about.
        line: 1-based; in a notebook, a line of the module that its code cells form.
        column: 0-based, in code points.
    """

    path: str
    line: int
    column: int = 0


@dataclass(frozen=True)
class Item:
    """A name of TensorFlow that is used, and its replacement.

    Attributes:
        name: as people write it: ``tf.train.AdamOptimizer().minimize``.
        replacement: what replaces it; None if unknown.
        sites: where it is used: in a model function by mode; elsewhere under None.
        only_under_version_1: TensorFlow 2 has another object with the same name, and it is unknown
            which of them the file means.
        is_base: it is the base of a class of the project.
    """

    name: str
    replacement: Replacement | None
    sites: Mapping[Mode | None, tuple[Site, ...]]
    only_under_version_1: bool = False
    is_base: bool = False


_TOPICS: Final = tuple(Topic)


def by_topic(item: Item) -> tuple[int, str]:
    """The order of items: by topic, unknown ones last, then by name."""
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
    """What a mode sets in its spec.

    Attributes:
        mode: which.
        shown: the report shows the mode: the function addresses it, or addresses none, or returns
            all the fields that it needs.
        refused: the function only raises in it.
        spec: whether the mode reaches a spec.
        fields: those of its spec by name, except those that it never sets.
        not_followed: functions of the project whose behaviour in it is not completely known.
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
        modes: what each sets in its spec.
        items: what its modes use, by topic.
        notes: effects of collections that are not visible in its lines.
        helpers: the functions of the project that it runs, in the order in which it reaches them.
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
    """A name that the targeted version does not have.

    Attributes:
        name: its shortest part that is missing: ``tf.contrib``.
        since: the first version without it; None if only later versions have it.
        instead: its name under ``tf.compat.v1`` in the version.
        read: the full names that the file reads, with their numbers.
        lines: the lines that read them.
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
    """A file or function that could not be analysed; ``line`` is 1-based, ``column`` 0-based."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class FileReport:
    """A file.

    Attributes:
        path: its name.
        functions: its model functions, in their order.
        rest: what it uses elsewhere, by topic.
        removed: names that the targeted version does not have, the most frequent first.
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
        """Whether there is nothing to report."""
        return not (self.functions or self.rest or self.removed)


@dataclass(frozen=True)
class WorkItem:
    """A step of the work: a model function with what it needs.

    Attributes:
        path: of its file.
        function: the report on it.
        lines: the number of lines to move: its own, and those of helpers that no earlier step
            moved.
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
    """The report of a whole run.

    Attributes:
        version: the targeted version of TensorFlow.
        files: those with something to report, by name.
        order: the steps of the work, the smallest first.
        looked_at: the number of files that were read.
    """

    version: str
    files: tuple[FileReport, ...]
    order: tuple[WorkItem, ...]
    looked_at: int = field(default=0, compare=False)
