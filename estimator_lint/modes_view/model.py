"""What there is to see of a model function: modes, fields, sites, lines."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from estimator_lint.findings import Finding, Step
from estimator_lint.tensorflow_api.modes import Mode


class Occurrence(enum.Enum):
    """On which of the paths of a mode something is so."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


#: Of a notebook: for each cell that is in the module its number, first and last line there.
Cells: TypeAlias = "tuple[tuple[int, int, int], ...]"

#: Tests that come out so, all of them.
Condition: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True)
class FieldView:
    """One field of the spec that a mode returns.

    Attributes:
        given: whether it is something other than None; unknown: it is given, and
            whether that is None can't be told.
        lines: of the sites that give it something other than None, or may.
        conditions: where it is given sometimes, each a way for it to be; empty
            where that is no short answer.
        required: TensorFlow demands it in this mode.
    """

    given: Occurrence
    lines: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class SiteView:
    """A construction of a spec, or a ``_replace``, that a mode reaches.

    Attributes:
        line, column: its first character; 1-based and 0-based.
        last_line: the line on which it ends.
        spec: the name of the class.
        key: the key that it is built with, where that is known.
    """

    line: int
    column: int
    last_line: int
    spec: str
    key: str | None


@dataclass(frozen=True)
class ModeView:
    """What a model function does in one mode.

    Attributes:
        checked: the function says something about the mode, and does not refuse it.
        spec: whether the mode comes to a spec.
        fields: by name, in the order of the constructor.
        sites: in the order of their places.
        never_run: the lines, in all of ``FunctionView.parts``, that no path comes to.
    """

    mode: Mode
    checked: bool
    spec: Occurrence
    fields: Mapping[str, FieldView]
    sites: tuple[SiteView, ...]
    never_run: frozenset[int]


@dataclass(frozen=True)
class Part:
    """A function whose source is shown: 1-based lines, both included."""

    name: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class FunctionView:
    """A model function.

    Attributes:
        name: with the classes and functions around it, as in ``__qualname__``
            without ``<locals>``.
        line, column: of its name in the ``def``.
        modes: all three, in order.
        parts: its source, and that of the other functions of the file that it runs.
        findings: those that it has a share in.
        cells: those of the file.
    """

    name: str
    line: int
    column: int
    modes: Mapping[Mode, ModeView]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    cells: Cells = ()


@dataclass(frozen=True)
class FileView:
    """The model functions of a file.

    Attributes:
        path: its name.
        lines: its text.
        functions: in the order of the file.
        failures: what could not be evaluated.
        cells: of a notebook, whose text is the module that its code cells are; else empty.
    """

    path: str
    lines: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    failures: tuple[Finding, ...]
    cells: Cells = ()
