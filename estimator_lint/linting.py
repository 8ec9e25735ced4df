"""From the text of a file to its findings."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.imported_functions import find_imported_functions
from estimator_lint.discovery.model_functions import ModelFunction, model_functions_of
from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.findings import Finding
from estimator_lint.kept_evaluations import Evaluations, KeptEvaluations
from estimator_lint.noqa_comments import may_have_noqa, unused_noqa
from estimator_lint.process_settings import collector_at_rest, no_warnings, raise_interrupt
from estimator_lint.project.imports import Project, modules_kept
from estimator_lint.settings import Settings
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.reporting import Judged


def lint_text(
    text: str, filename: str = "<text>", settings: Settings | None = None
) -> list[Finding]:
    """The findings for the text of a file, sorted by position and code.

    Raises:
        SyntaxError, ValueError: ``ast`` can't parse the text.
    """
    settings = settings or Settings()
    if not may_hold_model_functions(text, settings):
        return []
    return lint_source(SourceFile(text, filename=filename), settings)


@dataclass
class Evaluated:
    """The model functions of a file, evaluated.

    Attributes:
        functions: the traces of each.
        imported: the same for functions of other files that this one passes to Estimators.
        failures: a finding for each that could not be evaluated.
        judged: what rules have said of these functions so far.
    """

    functions: list[FunctionTraces] = field(default_factory=list)
    imported: list[FunctionTraces] = field(default_factory=list)
    failures: list[Finding] = field(default_factory=list)
    judged: Judged = field(default_factory=dict)


def lint_source(source: SourceFile, settings: Settings) -> list[Finding]:
    """The findings for a file, sorted by position and code; never raises."""
    with modules_kept(), no_warnings():
        return _findings(source, settings)


def _findings(source: SourceFile, settings: Settings) -> list[Finding]:
    return judge(source, evaluate_source(source, settings), settings)


def judge(source: SourceFile, evaluated: Evaluated, settings: Settings) -> list[Finding]:
    """The findings for a file with evaluated model functions, sorted."""
    findings = list(evaluated.failures)
    if evaluated.functions or evaluated.imported:
        from estimator_lint.reporting import findings_of

        with collector_at_rest():
            functions = [*evaluated.functions, *evaluated.imported]
            findings += findings_of(functions, settings, evaluated.judged)
    if settings.tensorflow_version is not None:
        findings += _removed_api(source, settings.tensorflow_version)
    if not evaluated.failures and may_have_noqa(source.text):
        lines = [f"{line}\n" for line in source.lines]
        findings += unused_noqa(lines, findings, settings)
    return sorted(reported(findings, settings))


def reported(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """The findings that the settings want."""
    return [each for each in findings if not (settings.certain_only and each.is_possible)]


def evaluate_source(
    source: SourceFile, settings: Settings, kept: KeptEvaluations | None = None
) -> Evaluated:
    """What each model function of a file does in each mode; never raises.

    ``kept`` provides the evaluations of the file's earlier texts, and keeps those of this one.
    """

    def is_of_concern(traces: FunctionTraces) -> bool:
        from estimator_lint.reporting import may_be_reported

        return may_be_reported(traces, settings)

    with modules_kept(), no_warnings():
        if kept is None:
            return _evaluated(source, settings, Evaluations(is_of_concern))
        with kept.continued(source, settings, is_of_concern) as evaluations:
            return _evaluated(source, settings, evaluations)


def _evaluated(source: SourceFile, settings: Settings, evaluations: Evaluations) -> Evaluated:
    evaluated = Evaluated()
    definitions = Definitions(source)
    functions = model_functions_of(definitions, settings)
    project = Project(source, source.filename, settings.source_roots)
    imported = list(find_imported_functions(definitions, settings, project))
    if not functions and not imported:
        return evaluated
    # libcst is imported only here: most files never reach this line.
    from estimator_lint.domain.values.returned import KnownFunctions
    from estimator_lint.project.code import ModuleCode

    module = ModuleCode(source, project)
    known = KnownFunctions()
    with collector_at_rest():
        for function in functions:
            try:
                evaluated.functions.append(evaluations.of_function(module, function, known))
            except NotAnalysable as failure:
                evaluated.failures.append(_analysis_failed(function, source, str(failure)))
            except Exception as error:  # the other functions are still judged
                raise_interrupt(error)
                reason = " ".join(f"internal error ({type(error).__name__}: {error})".split())
                evaluated.failures.append(_analysis_failed(function, source, reason))
        for other in imported:
            # What cannot be analysed is reported in its own file.
            with contextlib.suppress(Exception):
                evaluated.imported.append(evaluations.of_imported(module, other, known))
    return evaluated


def _removed_api(source: SourceFile, version: str) -> Iterator[Finding]:
    """MFN901 for the names of TensorFlow that ``version`` does not have."""
    from estimator_lint.discovery.api_names import api_names
    from estimator_lint.rules.removed_api import REMOVED_API, removed_names
    from estimator_lint.tensorflow_api.exports import exports

    for name, text in removed_names(api_names(source), exports(), version):
        node = name.node
        end_line = node.end_lineno or node.lineno
        yield Finding(
            node.lineno,
            source.column(node.lineno, node.col_offset),
            REMOVED_API.code,
            text,
            end_line=end_line,
            end_column=source.column(end_line, node.end_col_offset or 0),
        )


def _analysis_failed(function: ModelFunction, source: SourceFile, reason: str) -> Finding:
    """MFN000 at the name in the ``def``, found without libcst."""
    from estimator_lint.rules import ANALYSIS_FAILED

    line = function.node.lineno
    column = source.column(line, function.node.col_offset)
    length = len("lambda")
    if isinstance(function.node, ast.FunctionDef):
        named = source.lines[line - 1].find(function.name, column)
        column, length = (named, len(function.name)) if named >= 0 else (column, len("def"))
    message = ANALYSIS_FAILED.message.format(subject=function.name, spec=reason)
    code = ANALYSIS_FAILED.code
    return Finding(line, column, code, message, end_line=line, end_column=column + length)
