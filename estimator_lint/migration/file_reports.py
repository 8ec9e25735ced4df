"""From the texts of files to the report on all of them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import model_functions_of
from estimator_lint.migration.function_reports import Reporter
from estimator_lint.migration.migration_model import (
    Failure,
    FileReport,
    FunctionReport,
    Item,
    MigrationReport,
    RemovedName,
)
from estimator_lint.migration.uses_elsewhere import UsesElsewhere, removed_names_of
from estimator_lint.migration.work_order import in_order
from estimator_lint.process_settings import collector_at_rest, no_warnings
from estimator_lint.project.imports import Project, modules_kept
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.exports import exports

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.modes_view.model import Cells
    from estimator_lint.settings import Settings


def may_use_tensorflow(text: str) -> bool:
    """A quick test of a text without false negatives."""
    return "tensorflow" in text or "tf_slim" in text


class Migration:
    """Collects the reports on several files.

    Args:
        settings: the options.

    Attributes:
        version: the targeted version of TensorFlow.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.version = settings.tensorflow_version or exports().versions[-1]
        self._reporter = Reporter(self.version, settings)
        self._files: list[_File] = []
        self._looked_at = 0

    def add(self, text: str, path: str, cells: Cells = (), *, is_named: bool = True) -> None:
        """Evaluate the model functions of a file; a file that was not named may be skipped.

        Raises:
            SyntaxError, ValueError, RecursionError: ``ast`` can't parse the text.
        """
        self._looked_at += 1
        if not is_named and not may_use_tensorflow(text):
            return
        source = SourceFile(text, filename=path)
        functions: list[FunctionReport] = []
        failures: list[Failure] = []
        definitions = Definitions(source)
        with modules_kept(), no_warnings():
            for function, outcome in self._evaluated(source, definitions):
                if isinstance(outcome, FunctionReport):
                    functions.append(outcome)
                else:
                    failures.append(_failure(source, function, outcome))
        self._files.append(_File(source, definitions, functions, failures, cells))

    def report(self) -> MigrationReport:
        """The report on all files that were added."""
        # Only now is it known what the model functions of all files run.
        seen = {(_absolute(path), line, column) for path, line, column in self._reporter.seen}
        reports: list[FileReport] = []
        for file in self._files:
            path = file.source.filename
            real = _absolute(path)
            here = {(line, column) for name, line, column in seen if name == real}
            rest, removed = self._told_by_the_text(file, here)
            reports.append(
                FileReport(
                    path,
                    tuple(file.functions),
                    rest,
                    removed,
                    tuple(file.failures),
                    file.cells,
                )
            )
        kept = tuple(one for one in reports if not one.is_empty or one.failures)
        return MigrationReport(self.version, kept, tuple(in_order(kept)), self._looked_at)

    def _told_by_the_text(
        self, file: _File, seen: set[tuple[int, int]]
    ) -> tuple[tuple[Item, ...], tuple[RemovedName, ...]]:
        try:
            rest = UsesElsewhere(file.source, file.definitions, seen).items()
            return rest, removed_names_of(file.source, self.version)
        except Exception as error:  # any error: the other files are still reported
            file.failures.append(Failure(1, 0, _internal_error(error)))
            return (), ()

    def _evaluated(
        self, source: SourceFile, definitions: Definitions
    ) -> Iterator[tuple[ModelFunction, FunctionReport | str]]:
        """Each model function with its report, or with the reason for having none."""
        functions = model_functions_of(definitions, self._settings)
        if not functions:
            return
        from estimator_lint.migration.recorded_calls import recorded
        from estimator_lint.project.code import ModuleCode

        project = Project(source, source.filename, self._settings.source_roots)
        module = ModuleCode(source, project)
        with collector_at_rest():
            for function in functions:
                try:
                    traces, noted = recorded(module, function)
                    name = function.qualified_name
                    yield function, self._reporter.report(name, traces, noted)
                except NotAnalysable as failure:
                    yield function, str(failure)
                except Exception as error:  # any error: the others are still reported
                    yield function, _internal_error(error)


class _File:
    """A file, evaluated."""

    def __init__(
        self,
        source: SourceFile,
        definitions: Definitions,
        functions: list[FunctionReport],
        failures: list[Failure],
        cells: Cells,
    ) -> None:
        self.source = source
        self.definitions = definitions
        self.functions = functions
        self.failures = failures
        self.cells = cells


def _internal_error(error: Exception) -> str:
    return " ".join(f"internal error ({type(error).__name__}: {error})".split())


def _absolute(path: str) -> str:
    return os.path.realpath(path)


def _failure(source: SourceFile, function: ModelFunction, reason: str) -> Failure:
    node: ast.AST = function.node
    line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
    text = f"'{function.qualified_name}' could not be evaluated: {reason}"
    return Failure(line, source.column(line, column), text)


def migration_of(texts: Iterable[tuple[str, str]], settings: Settings) -> MigrationReport:
    """The report on files, given by text and path."""
    migration = Migration(settings)
    for text, path in texts:
        migration.add(text, path)
    return migration.report()
