"""From the text of a file to the views of its model functions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.facts.function_traces import CallsBetween
from estimator_lint.linting import evaluate_source, reported
from estimator_lint.modes_view.fields import fields_of, spec_of
from estimator_lint.modes_view.lines import (
    Function,
    blocks,
    first_line,
    last_line,
    lines_never_run,
)
from estimator_lint.modes_view.model import Cells, FileView, FunctionView, ModeView, Part, SiteView
from estimator_lint.project.imports import modules_kept
from estimator_lint.reporting import findings_of
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace
    from estimator_lint.findings import Finding
    from estimator_lint.kept_evaluations import KeptEvaluations
    from estimator_lint.linting import Evaluated
    from estimator_lint.settings import Settings


def view_file(
    text: str,
    path: str,
    settings: Settings,
    cells: Cells = (),
    kept: KeptEvaluations | None = None,
) -> FileView:
    """The view of a file; ``kept`` provides evaluations of its earlier texts.

    Raises:
        SyntaxError, ValueError, RecursionError: ``ast`` can't parse the text.
    """
    source = SourceFile(text, filename=path)
    if not may_hold_model_functions(text, settings):
        return FileView(path, tuple(source.lines), (), (), cells)
    with modules_kept():
        return _view(source, path, settings, cells, kept)


def _view(
    source: SourceFile,
    path: str,
    settings: Settings,
    cells: Cells,
    kept: KeptEvaluations | None,
) -> FileView:
    evaluated = evaluate_source(source, settings, kept)
    return FileView(
        path,
        tuple(source.lines),
        tuple(
            replace(function, cells=cells) for function in functions_of(source, evaluated, settings)
        ),
        tuple(sorted(evaluated.failures)),
        cells,
    )


def functions_of(
    source: SourceFile, evaluated: Evaluated, settings: Settings
) -> Iterator[FunctionView]:
    """The views of the evaluated model functions of a file."""
    found = findings_of(evaluated.functions, settings, evaluated.judged)
    findings = reported(found, settings)
    index = _Index(source, CallsBetween(evaluated.functions))
    for traces in evaluated.functions:
        yield _function(index, traces, evaluated, findings, settings)


class _Index:
    """Lookups in a file, shared by the views of its model functions."""

    def __init__(self, source: SourceFile, calls: CallsBetween) -> None:
        self.source = source
        self.calls = calls

    @cached_property
    def definitions(self) -> list[tuple[str, Function]]:
        """All functions with their names, outer ones first."""
        return list(_definitions(self.source.tree.body, ""))

    @cached_property
    def ends_of_calls(self) -> dict[tuple[int, int], int]:
        """For each place where calls begin, the line on which the innermost one ends."""
        ends: dict[tuple[int, int], int] = {}
        for node in self.source.nodes:
            if isinstance(node, ast.Call):
                place = (node.lineno, self.source.column(node.lineno, node.col_offset))
                ends[place] = min(last_line(node), ends.get(place, last_line(node)))
        return ends

    def lines_run(self, trace: Trace) -> set[int]:
        """The first lines of the statements that some path reaches."""
        return set().union(*(piece.lines_of(trace.ran) for piece in self.source.pieces))


def _function(
    index: _Index,
    traces: FunctionTraces,
    evaluated: Evaluated,
    findings: list[Finding],
    settings: Settings,
) -> FunctionView:
    position = traces.name_place.position()
    checked = traces.requiring(settings.require_modes, index.calls).checked_modes
    ran = {mode: index.lines_run(trace) for mode, trace in traces.traces.items()}
    functions = list(_functions_shown(index, traces.function, set().union(*ran.values())))
    modes: dict[Mode, ModeView] = {}
    for mode, trace in traces.traces.items():
        read = {node.value for node in trace.bound_reads if isinstance(node, cst.Name)}
        never = (lines_never_run(function, ran[mode], read) for _, function in functions)
        modes[mode] = ModeView(
            mode=mode,
            checked=mode in checked,
            spec=spec_of(trace),
            fields=fields_of(trace),
            sites=tuple(_sites(index, trace)),
            never_run=frozenset(set().union(*never)),
        )
    return FunctionView(
        name=traces.function.qualified_name,
        line=position.line,
        column=position.column,
        modes=modes,
        parts=tuple(_parts(traces.function, functions)),
        findings=tuple(_share(findings, traces, evaluated, settings)),
    )


def _functions_shown(
    index: _Index, function: ModelFunction, ran: set[int]
) -> Iterator[tuple[str, Function]]:
    """The model function, if it has statements, and the functions outside of it that it runs."""
    inside: set[Function] = set()
    if isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef):
        inside = _defined_in(function.node)
        yield function.qualified_name, function.node
    for name, other in index.definitions:
        if other not in inside and any(statement.lineno in ran for statement in other.body):
            inside |= _defined_in(other)
            yield name, other


def _defined_in(function: Function) -> set[Function]:
    return {function, *(inner for _, inner in _definitions(function.body, ""))}


def _definitions(body: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    """All functions in a block with their names, outer ones first."""
    for node in body:
        name = prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{node.name}."
            yield name[:-1], node
        elif isinstance(node, ast.ClassDef):
            name = f"{prefix}{node.name}."
        for block in blocks(node):
            yield from _definitions(block, name)


def _parts(function: ModelFunction, functions: list[tuple[str, Function]]) -> Iterator[Part]:
    if isinstance(function.node, ast.Lambda):
        yield Part(function.qualified_name, function.node.lineno, last_line(function.node))
    for name, shown in functions:
        yield Part(name, first_line(shown), last_line(shown))


def _sites(index: _Index, trace: Trace) -> Iterator[SiteView]:
    visits: dict[tuple[int, int, cst.CSTNode], list[SiteVisit]] = {}
    for visit in trace.visits:
        position = visit.place.position()
        visits.setdefault((position.line, position.column, visit.place.node), []).append(visit)
    for (line, column, _), same in sorted(visits.items(), key=lambda item: item[0][:2]):
        keys = {visit.key for visit in same}
        key = keys.pop() if len(keys) == 1 else None
        yield SiteView(
            line,
            column,
            index.ends_of_calls.get((line, column), line),
            same[0].spec_class.name,
            key if isinstance(key, str) else None,
        )


def _share(
    findings: list[Finding],
    traces: FunctionTraces,
    evaluated: Evaluated,
    settings: Settings,
) -> Iterator[Finding]:
    """The findings of the file that concern this function; those in helpers concern several."""
    if len(evaluated.functions) == 1:
        own = findings
    else:
        own = findings_of([traces], settings, evaluated.judged)
    places = {(each.line, each.column) for each in own}
    for finding in sorted(findings):
        if (finding.line, finding.column) in places:
            yield finding
