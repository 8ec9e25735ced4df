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
    MigrationReport,
)
from estimator_lint.migration.uses_elsewhere import UsesElsewhere, removed_names_of
from estimator_lint.migration.work_order import in_order
from estimator_lint.modes_view.building import qualified_name
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
    """A test of a text that is never wrong when it says no."""
    return "tensorflow" in text or "tf_slim" in text


class Migration:
    """Collects what there is to say of several files.

    Args:
        settings: what the options say.

    Attributes:
        version: the version of TensorFlow that is aimed at.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.version = settings.tensorflow_version or exports().versions[-1]
        self._reporter = Reporter(self.version)
        self._files: list[_File] = []
        self._looked_at = 0

    def add(self, text: str, path: str, cells: Cells = (), *, is_named: bool = True) -> None:
        """Evaluate the model functions of a file; one that is not named may be passed over.

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
        """What there is to say of all files that were added."""
        # Only now is it known what all model functions run.
        seen = {(_absolute(path), line, column) for path, line, column in self._reporter.seen}
        reports: list[FileReport] = []
        for file in self._files:
            path = file.source.filename
            real = _absolute(path)
            here = {(line, column) for name, line, column in seen if name == real}
            reports.append(
                FileReport(
                    path,
                    tuple(file.functions),
                    UsesElsewhere(file.source, file.definitions, here).items(),
                    removed_names_of(file.source, self.version),
                    tuple(file.failures),
                    file.cells,
                )
            )
        kept = tuple(one for one in reports if not one.is_empty or one.failures)
        return MigrationReport(self.version, kept, tuple(in_order(kept)), self._looked_at)

    def _evaluated(
        self, source: SourceFile, definitions: Definitions
    ) -> Iterator[tuple[ModelFunction, FunctionReport | str]]:
        """Each model function with its report, or with the reason why there is none."""
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
                    name = qualified_name(function)
                    yield function, self._reporter.report(name, traces, noted)
                except NotAnalysable as failure:
                    yield function, str(failure)
                except Exception as error:  # whatever it is, the others are reported
                    reason = f"internal error ({type(error).__name__}: {error})"
                    yield function, " ".join(reason.split())


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


def _absolute(path: str) -> str:
    return os.path.realpath(path)


def _failure(source: SourceFile, function: ModelFunction, reason: str) -> Failure:
    node: ast.AST = function.node
    line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
    text = f"'{qualified_name(function)}' could not be evaluated: {reason}"
    return Failure(line, source.column(line, column), text)


def migration_of(texts: Iterable[tuple[str, str]], settings: Settings) -> MigrationReport:
    """The report on files, given by text and path."""
    migration = Migration(settings)
    for text, path in texts:
        migration.add(text, path)
    return migration.report()
