"""The view of a model function: its modes, fields, sites and lines."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from estimator_lint.findings import Finding, Step
from estimator_lint.tensorflow_api.modes import Mode


class Occurrence(enum.Enum):
    """On which paths of a mode something holds."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


#: For a notebook: the number, first and last line of each cell that is in the module.
Cells: TypeAlias = "tuple[tuple[int, int, int], ...]"

#: Tests that all have the given outcome.
Condition: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True)
class FieldView:
    """One field of the spec that a mode returns.

    Attributes:
        given: on which paths it is set to something other than None; unknown if it is set, but may
            be None.
        lines: of the sites that set it to something other than None, or may.
        conditions: if it is set on some paths, the alternative conditions for that; empty if no
            short list of them exists.
        required: TensorFlow requires it in this mode.
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
        key: the mode key that it is built with, if known.
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
        checked: the function addresses the mode, and does not reject it.
        spec: whether the mode reaches a spec.
        fields: by name, in the order of the constructor.
        sites: in the order of their places.
        never_run: the lines, in all of ``FunctionView.parts``, that no path reaches.
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
        findings: those that concern it.
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
        cells: for a notebook, whose text is the module of its code cells; else empty.
    """

    path: str
    lines: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    failures: tuple[Finding, ...]
    cells: Cells = ()
