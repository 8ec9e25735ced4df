"""A text and the behaviour of its model functions, for making and proving fixes."""

from __future__ import annotations

import ast
import builtins
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.domain.paths.spec_values import SiteVisit, SpecValue
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.facts.trace import Trace
from estimator_lint.fixes.source_index import SourceIndex
from estimator_lint.fixes.spelling import Spelling
from estimator_lint.linting import evaluate_source, judge, lint_source
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
    from estimator_lint.kept_evaluations import KeptEvaluations


@dataclass(frozen=True)
class Behaviour:
    """The behaviour of a model function in one mode.

    Attributes:
        returns: whether some path returns a spec that TensorFlow does not reject.
        spec: whether some path reaches a spec, even a rejected one.
        fields: the occurrence of each field of the spec.
        lines: the first lines of the statements that run, 1-based.
    """

    returns: bool
    spec: Occurrence
    fields: Mapping[str, Occurrence]
    lines: frozenset[int]


#: How many analyses of a file's texts are kept: of a text, of one with fixes, and of one with more.
_KEPT: Final = 3


class Analyses:
    """The texts that a file has while it is fixed, each evaluated once.

    Args:
        filename: the path of the file, from which the project is located.
        settings: those of the run.
        kept: evaluations of other texts of the file, which the first text continues. After the file
            is evaluated with them again, these analyses must not be used any more.
    """

    def __init__(
        self, filename: str, settings: Settings, kept: KeptEvaluations | None = None
    ) -> None:
        self.filename = filename
        self.settings = settings
        self._kept = kept
        self._fixed: str | None = None
        self._latest: OrderedDict[str, Analysis | None] = OrderedDict()

    def of_fixed(self, text: str) -> Analysis | None:
        """As ``of``, for the text that is fixed from now on: it is kept while fixes are tried."""
        self._fixed = text
        return self.of(text)

    def of(self, text: str) -> Analysis | None:
        """A text of the file, evaluated; None if ``ast`` can't parse it."""
        if text in self._latest:
            self._latest.move_to_end(text)
        else:
            kept, self._kept = self._kept, None
            try:
                self._latest[text] = Analysis(text, self, kept)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._latest[text] = None
            while len(self._latest) > _KEPT:
                del self._latest[next(each for each in self._latest if each != self._fixed)]
        return self._latest[text]

    def find(
        self, tree: ast.Module, lines: list[str], filename: str, settings: Settings
    ) -> list[Finding]:
        """The findings in a text of the file: what a ``Checker`` finds faults with.

        A checker reads every line end as a newline; a text that differs in that is the same.
        """
        text = "".join(lines)
        analysis = self.of(next((each for each in self._latest if _plain(each) == text), text))
        if analysis is None:
            return lint_source(SourceFile(text, tree, filename), settings)
        return analysis.findings


def _plain(text: str) -> str:
    """A text without byte order mark, with newlines for line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


class Analysis:
    """One text, evaluated.

    Args:
        text: the text of a Python file.
        others: provides the analyses of the same file with other texts.
        kept: as in ``Analyses``.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: ``ast`` can't parse the text.
    """

    def __init__(self, text: str, others: Analyses, kept: KeptEvaluations | None = None) -> None:
        filename, settings = others.filename, others.settings
        self.text = text
        self.settings = settings
        self.source = SourceFile(text, filename=filename)
        with modules_kept(), no_warnings():
            evaluated = evaluate_source(self.source, settings, kept)
            self.findings: list[Finding] = judge(self.source, evaluated, settings)
        self.functions: list[FunctionTraces] = evaluated.functions
        self._others = others

    def with_text(self, text: str) -> Analysis | None:
        """The same file with another text; None if ``ast`` can't parse that."""
        return self._others.of(text)

    @cached_property
    def index(self) -> SourceIndex:
        """Its nodes by their places."""
        return SourceIndex(self.source)

    @cached_property
    def definitions(self) -> Definitions:
        """Its functions, classes and calls."""
        return Definitions(self.source)

    @cached_property
    def spelling(self) -> Spelling:
        """The spelling of names for new code in it."""
        version = self.settings.tensorflow_version
        return Spelling(self.source, self.index, self.definitions, version)

    @cached_property
    def behaviour(self) -> list[dict[Mode, Behaviour]]:
        """The behaviour of each model function in each mode."""
        return [
            {mode: self._behaviour(trace) for mode, trace in function.traces.items()}
            for function in self.functions
        ]

    def _behaviour(self, trace: Trace) -> Behaviour:
        ran = (piece.lines_of(trace.ran) for piece in self.source.pieces)
        fields = {name: field.given for name, field in fields_of(trace).items()}
        returns = any(isinstance(returned.value, SpecValue) for returned in trace.returns)
        return Behaviour(returns, spec_of(trace), fields, frozenset().union(*ran))

    @cached_property
    def called_paths(self) -> dict[tuple[int, int, int, int], str]:
        """The called paths of calls that evaluation did not follow, by start and end."""
        found: dict[tuple[int, int, int, int], str] = {}
        for function in self.functions:
            for trace in function.traces.values():
                for origin in trace.origins.values():
                    if isinstance(origin, CallOf) and origin.path and origin.place.via is None:
                        start, end = origin.place.position(), origin.place.end()
                        found[start.line, start.column, end.line, end.column] = origin.path
        return found

    def is_bound_once(self, name: ast.Name) -> bool:
        """Whether a function binds the name of one of its variables at one place only."""
        scope = self.index.scope_of(name)
        if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        return self.definitions.scopes[scope].times_bound[name.id] == 1

    def new_name(self, name: str, others: Set[str] = frozenset()) -> str:
        """A name for a variable that does not occur in the file."""
        taken = {
            word
            for each in self.source.nodes
            if not isinstance(each, ast.keyword)
            for word in (getattr(each, "id", None), getattr(each, "arg", None))
        }
        number, new = 1, name
        while new in taken or new in others:
            number += 1
            new = f"{name}_{number}"
        return new

    def names_without_value(self, names: Set[str]) -> set[str]:
        """Those of some names that the text reads where nothing may bind them."""
        if self.source.star_imports:
            return set()
        known = {*dir(builtins), *self.source.bindings}
        return {
            node.id
            for node in self.source.nodes
            if isinstance(node, ast.Name)
            and node.id in names
            and isinstance(node.ctx, ast.Load)
            and node.id not in known
            and not any(
                self.definitions.scopes[function].times_bound[node.id]
                for function in self.index.functions_around(node)
            )
        }

    def assigned_to(self, name: ast.Name) -> list[ast.expr]:
        """The values assigned to a variable that a function binds once; empty if there are none."""
        if not self.is_bound_once(name):
            return []
        return [
            node.value
            for node in self.index.inside(self.index.scope_of(name))
            if isinstance(node, ast.Assign)
            and [ast.unparse(target) for target in node.targets] == [name.id]
        ]

    def visits(self) -> Iterator[SiteVisit]:
        """The constructions of specs in all functions and modes."""
        for function in self.functions:
            for trace in function.traces.values():
                yield from trace.visits

    def visits_with(self, line: int, column: int) -> Iterator[tuple[SiteVisit, str, Trace]]:
        """The constructions that give a field at a place, with the field."""
        for function in self.functions:
            for trace in function.traces.values():
                for visit in trace.visits:
                    for field, place in visit.field_places.items():
                        position = place.position()
                        if (position.line, position.column) == (line, column):
                            yield visit, field, trace
