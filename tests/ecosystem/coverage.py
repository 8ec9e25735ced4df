"""The coverage of published model functions: what the linter evaluates, and what not."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from libcst import CSTNode

from estimator_lint.discovery.model_functions import find_model_functions
from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.domain.values.places import Place
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, Origins
from estimator_lint.domain.values.values import Constant, SymbolicValue, Value, same_as_none
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.project.code import ModuleCode
from estimator_lint.project.imports import Project
from estimator_lint.settings import Settings
from estimator_lint.syntax.pieces import NotAnalysable, Piece
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.specs import SPEC_CLASSES
from estimator_lint.tensorflow_api.symbols import is_tensorflow
from tests.ecosystem.reasons import why_out_of_reach

FIELDS = ("loss", "train_op", "predictions")


@dataclass
class Coverage:
    """The measurements; their sum for several files.

    Attributes:
        counts: the number of each kind of item.
        out_of_reach: how many sites no path of a model function reaches, by reason.
        unknown_because: how many fields of sites are unknown, by reason.
        examples: one place for each reason.
    """

    counts: Counter[str] = field(default_factory=Counter)
    out_of_reach: Counter[str] = field(default_factory=Counter)
    unknown_because: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, other: Coverage) -> None:
        self.counts += other.counts
        self.out_of_reach += other.out_of_reach
        self.unknown_because += other.unknown_because
        for reason, place in other.examples.items():
            self.examples.setdefault(reason, place)


def coverage_of(path: str, file: Path, text: str) -> Coverage:
    """Measure one file; ``path`` is relative to its package."""
    coverage = Coverage()
    coverage.counts["files"] += 1
    if not may_hold_model_functions(text, Settings()):
        return coverage
    try:
        source = SourceFile(text, filename=str(file))
    except (SyntaxError, ValueError):
        coverage.counts["files that do not parse"] += 1
        return coverage
    functions = find_model_functions(source, Settings())
    coverage.counts["model functions"] += len(functions)
    module = ModuleCode(source, Project(source, str(file)))
    visited: dict[Place, dict[Mode, list[SiteVisit]]] = {}
    origins: dict[Place, Origins] = {}
    abroad: set[tuple[Piece, CSTNode]] = set()
    for function in functions:
        try:
            traces = evaluate_model_function(module, function)
        except NotAnalysable:
            coverage.counts["model functions not analysed"] += 1
            continue
        _count_function(coverage, traces)
        for mode, trace in traces.traces.items():
            for visit in trace.visits:
                if visit.place.via is None:
                    origins[visit.place] = trace.origins
                    visited.setdefault(visit.place, {}).setdefault(mode, []).append(visit)
                else:
                    abroad.add((visit.place.piece, visit.place.node))
    coverage.counts["sites reached in other files"] += len(abroad)
    reached = {
        (position.line, position.column)
        for position in (place.position() for place, modes in visited.items() if _is_site(modes))
    }
    _count_sites(coverage, path, source, reached, {function.node for function in functions})
    for place, modes in visited.items():
        for visits in modes.values():
            _count_fields(coverage, f"{path}:{place.position().line}", visits, origins[place])
    return coverage


def _count_function(coverage: Coverage, traces: FunctionTraces) -> None:
    counts = coverage.counts
    all_traces = traces.traces.values()
    if any(trace.visits for trace in all_traces):
        counts["model functions with evaluated sites"] += 1
    elif any(trace.creates_estimator_spec for trace in all_traces):
        counts["model functions whose head makes the spec"] += 1
    counts["modes addressed"] += len(traces.addressed)
    counts["paths merged"] += sum(trace.merged_paths for trace in all_traces)
    counts["calls not followed"] += sum(trace.calls_not_followed for trace in all_traces)


def _is_site(modes: dict[Mode, list[SiteVisit]]) -> bool:
    """Whether the visits belong to a construction, not to a ``_replace``."""
    return any(visit.key_place is not None for visits in modes.values() for visit in visits)


def spec_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of anything named like a spec class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in SPEC_CLASSES:
                yield node


def _count_sites(
    coverage: Coverage,
    path: str,
    source: SourceFile,
    reached: set[tuple[int, int]],
    functions: set[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda],
) -> None:
    for call in spec_calls(source.tree):
        coverage.counts["sites in the text"] += 1
        line = source.lines[call.lineno - 1]
        column = len(line.encode()[: call.col_offset].decode(errors="replace"))
        if (call.lineno, column) in reached:
            coverage.counts["sites evaluated"] += 1
            continue
        reason = why_out_of_reach(path, source, call, functions)
        coverage.out_of_reach[reason] += 1
        coverage.examples.setdefault(reason, f"{path}:{call.lineno}")


def _count_fields(
    coverage: Coverage, place: str, visits: list[SiteVisit], origins: Origins
) -> None:
    """Count the fields of a site in one mode; unknown if unknown on any path."""
    for name in FIELDS:
        values = [visit.fields[name] for visit in visits]
        unknown = [value for value in values if _is_unknown(value)]
        kind = "required" if any(_requires(visit, name) for visit in visits) else "other"
        coverage.counts[f"{kind} fields"] += 1
        if unknown:
            coverage.counts[f"{kind} fields unknown"] += 1
            reason = _why_unknown(unknown[0], origins)
            coverage.unknown_because[reason] += 1
            coverage.examples.setdefault(reason, f"{place} ({name})")


def _requires(visit: SiteVisit, name: str) -> bool:
    required = visit.spec_class.required
    return any(name in required[mode] for mode in Mode if mode.value == visit.key)


def _is_unknown(value: Value) -> bool:
    return isinstance(value, SymbolicValue) and not value.not_none and not same_as_none(value)


def _why_unknown(value: Value, origins: Origins) -> str:
    """The reason, derived from the origin of the value."""
    assert isinstance(value, SymbolicValue) and not isinstance(value, Constant)
    origin = origins.get(value.number)
    if value.result_of is not None:
        if is_tensorflow(value.result_of):
            return "result of a TensorFlow function that may be None, or is in no table"
        return "result of a function of another package"
    if isinstance(origin, ItemOf | AttributeOf) and isinstance(origin.base, SymbolicValue):
        return _why_unknown(origin.base, origins)
    if isinstance(origin, CallOf):
        return "result of an object or function that the file does not tell"
    if value.symbol is not None:
        return "a name of another package"
    if value.imprecise:
        return "paths were merged, or a loop, a handler or other code may have changed it"
    return "an object that is made before the call, or given to what encloses the function"
