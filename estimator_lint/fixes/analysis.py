"""A text, and what its model functions do: what fixes are made from and proved by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.facts.trace import Trace
from estimator_lint.fixes.source_index import SourceIndex
from estimator_lint.linting import evaluate_source, judge
from estimator_lint.modes_view.fields import fields_of, spec_of
from estimator_lint.modes_view.model import Occurrence
from estimator_lint.process_settings import no_warnings
from estimator_lint.project.imports import modules_kept
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.findings import Finding


@dataclass(frozen=True)
class Behaviour:
    """What a model function does in one mode.

    Attributes:
        spec: whether it comes to a spec.
        fields: whether the spec has them.
        lines: those on which the statements start that run, 1-based.
    """

    spec: Occurrence
    fields: Mapping[str, Occurrence]
    lines: frozenset[int]


class Analysis:
    """One text, evaluated.

    Args:
        text: of a Python file.
        filename: its path, which tells where its project is.
        settings: those of the run.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: ``ast`` can't parse the text.
    """

    def __init__(self, text: str, filename: str, settings: Settings) -> None:
        self.text = text
        self.filename = filename
        self.settings = settings
        self.source = SourceFile(text, filename=filename)
        with modules_kept(), no_warnings():
            evaluated = evaluate_source(self.source, settings)
            self.findings: list[Finding] = judge(self.source, evaluated, settings)
        self.functions: list[FunctionTraces] = evaluated.functions

    def with_text(self, text: str) -> Analysis | None:
        """The same file with another text; None where ``ast`` can't parse that."""
        try:
            return Analysis(text, self.filename, self.settings)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def index(self) -> SourceIndex:
        """Its nodes by their places."""
        return SourceIndex(self.source)

    @cached_property
    def definitions(self) -> Definitions:
        """Its functions, classes and calls."""
        return Definitions(self.source)

    @cached_property
    def behaviour(self) -> list[dict[Mode, Behaviour]]:
        """What each model function does in each mode."""
        return [
            {mode: self._behaviour(trace) for mode, trace in function.traces.items()}
            for function in self.functions
        ]

    def _behaviour(self, trace: Trace) -> Behaviour:
        ran = (piece.lines_of(trace.ran) for piece in self.source.pieces)
        fields = {name: field.given for name, field in fields_of(trace).items()}
        return Behaviour(spec_of(trace), fields, frozenset().union(*ran))

    def visits(self) -> Iterator[SiteVisit]:
        """The constructions of specs in all functions and modes."""
        for function in self.functions:
            for trace in function.traces.values():
                yield from trace.visits

    def visits_with(self, line: int, column: int) -> Iterator[tuple[SiteVisit, str, Trace]]:
        """The constructions that give some field at a place, with the field."""
        for function in self.functions:
            for trace in function.traces.values():
                for visit in trace.visits:
                    for field, place in visit.field_places.items():
                        position = place.position()
                        if (position.line, position.column) == (line, column):
                            yield visit, field, trace
