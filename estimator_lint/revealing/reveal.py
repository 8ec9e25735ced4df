"""From the text of a file and a place in it to the possible values there."""

from __future__ import annotations

import contextlib
import functools
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import model_functions_of
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.process_settings import collector_at_rest, no_warnings
from estimator_lint.project.code import ModuleCode
from estimator_lint.project.imports import Project, modules_kept
from estimator_lint.revealing.revealed import (
    NEVER_RUNS,
    NOT_REACHED,
    Revealed,
    RevealedExpression,
    RevealedFunction,
)
from estimator_lint.revealing.watching import (
    Recording,
    Values,
    WatchingEvaluator,
    assigned_names,
    names_in_head,
)
from estimator_lint.settings import Settings
from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import children, descendants
from estimator_lint.syntax.pieces import NotAnalysable, Piece, Position
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction

#: At most this many values of one expression are reported.
_AT_MOST: Final = 6

#: The values of so many model functions are kept.
_RECORDINGS: Final = 8


def reveal_in(
    text: str, filename: str, line: int, column: int | None, settings: Settings
) -> Revealed:
    """The possible values of an expression; without a column, of what the line assigns or uses.

    Model functions that can't be analysed are left out.

    Raises:
        SyntaxError, ValueError, RecursionError: ``ast`` can't parse the text.
    """
    source = SourceFile(text, filename=filename)
    functions = model_functions_of(Definitions(source), settings)
    asked = _asked(source, line, column) if functions else None
    if asked is None:
        return Revealed(line, ())
    module = ModuleCode(source, Project(source, filename, settings.source_roots))
    found: list[RevealedFunction] = []
    with modules_kept(), no_warnings(), collector_at_rest():
        for function in functions:
            recording = Recording()
            try:
                traces = _recorded(module, function, recording)
            except NotAnalysable:
                continue
            if _is_shown(asked, traces):
                found.append(_revealed(asked, recording, traces))
    return Revealed(line, tuple(found))


def _recorded(module: ModuleCode, function: ModelFunction, recording: Recording) -> FunctionTraces:
    evaluator = functools.partial(WatchingEvaluator, recording=recording)
    return evaluate_model_function(module, function, make_evaluator=evaluator)


class Recordings:
    """The values recorded in model functions whose evaluation is known.

    A function that runs the requested line is evaluated once more, with all its values recorded;
    later requests about it evaluate nothing, as long as its evaluation stays the same object.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[object, Recording]] = OrderedDict()

    def reveal_in(
        self, source: SourceFile, evaluated: Iterable[FunctionTraces], line: int, column: int
    ) -> Revealed:
        """As the function ``reveal_in``, in a file whose model functions are evaluated."""
        asked = _asked(source, line, column)
        if asked is None:
            return Revealed(line, ())
        found: list[RevealedFunction] = []
        with modules_kept(), no_warnings(), collector_at_rest():
            for traces in evaluated:
                if _is_shown(asked, traces):
                    found.append(_revealed(asked, self._recording(asked, traces), traces))
        return Revealed(line, tuple(found))

    def _recording(self, asked: _Asked, traces: FunctionTraces) -> Recording:
        if not any(asked.runs(traces).values()):
            return Recording()
        known, recording = self._kept.pop(id(traces.traces), (None, Recording()))
        if known is not traces.traces:
            recording = Recording()
            with contextlib.suppress(NotAnalysable):
                _recorded(traces.module, traces.function, recording)
        self._kept[id(traces.traces)] = traces.traces, recording
        while len(self._kept) > _RECORDINGS:
            self._kept.popitem(last=False)
        return recording


@dataclass(frozen=True)
class _Asked:
    """The place that is asked about.

    Attributes:
        piece: the part of the file.
        statement: the innermost statement of a block there.
        line, column: the place; column None: the whole line.
    """

    piece: Piece
    statement: cst.CSTNode
    line: int
    column: int | None

    @property
    def in_head(self) -> list[cst.Name]:
        """The name at the place that the head of the statement binds, if it is one."""
        return [name for name in names_in_head(self.statement) if self.is_at(name)]

    @property
    def run_with_it(self) -> cst.CSTNode:
        """A statement that runs if the place does: for a parameter, the first of the function."""
        if isinstance(self.statement, cst.FunctionDef) and self.in_head:
            return next(_statements(self.statement.body))
        return self.statement

    def is_at(self, node: cst.CSTNode) -> bool:
        """Whether a node covers the place."""
        if self.column is None:
            return False
        here = Position(self.line, self.column)
        return self.piece.position(node) <= here <= self.piece.end(node)

    def runs(self, traces: FunctionTraces) -> dict[Mode, bool]:
        """For each mode, whether some path of a model function comes to the statement."""
        return {
            mode: _comes_to(self.piece, self.run_with_it, trace.ran)
            for mode, trace in traces.traces.items()
        }


def _asked(source: SourceFile, line: int, column: int | None) -> _Asked | None:
    """The place, if there is a statement."""
    if not source.tree.body or line > len(source.lines):
        return None
    try:
        piece = source.piece_at(line)
    except NotAnalysable:
        return None
    statement = _statement_at(piece, line, column)
    return None if statement is None else _Asked(piece, statement, line, column)


def _statement_at(piece: Piece, line: int, column: int | None) -> cst.CSTNode | None:
    """The innermost statement of a block that covers a place."""
    found: cst.CSTNode | None = None
    for node in descendants(piece.module):
        if isinstance(node, cst.BaseSuite | cst.Module):
            for statement in _statements(node):
                start, end = piece.position(statement), piece.end(statement)
                after_start = start.line <= line and (
                    column is None or start.line < line or start.column <= column
                )
                before_end = line <= end.line and (
                    column is None or line < end.line or column <= end.column
                )
                if after_start and before_end:
                    found = statement
    return found


def _statements(block: cst.BaseSuite | cst.Module) -> Iterator[cst.CSTNode]:
    """The statements of a block, one by one where several share a line."""
    for statement in block.body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from statement.body
        else:
            yield statement


def _shown(asked: _Asked) -> tuple[list[cst.CSTNode], list[cst.Name]]:
    """The expressions at the place, or the subjects of the line; and the names assigned there."""
    names = assigned_names(asked.statement)
    if asked.column is None:
        return list(_subjects(asked.statement)), list(names)
    around: list[cst.CSTNode] = [
        node
        for node in _in_head(asked.statement)
        if isinstance(node, cst.BaseExpression) and asked.is_at(node)
    ]
    return around, asked.in_head or [name for name in names if name in around]


def _subjects(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The subjects of a statement that assigns to no name: a test, a value, a call."""
    if assigned_names(statement):
        return
    for child in _head(statement):
        if isinstance(child, cst.BaseExpression):
            yield from _operands(child) if hasattr(statement, "test") else [child]
        elif isinstance(child, cst.WithItem):
            yield child.item
        elif isinstance(child, cst.AssignTarget):
            yield child.target


def _operands(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The operands of a test, which are decided one after the other."""
    match test:
        case cst.BooleanOperation(left=left, right=right):
            yield from _operands(left)
            yield from _operands(right)
        case cst.UnaryOperation(operator=cst.Not(), expression=expression):
            yield from _operands(expression)
        case _:
            yield test


def _head(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The children of a statement before its block."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return
    for child in children(statement):
        if isinstance(child, cst.BaseSuite | cst.MatchCase):
            return
        yield child


def _in_head(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for child in _head(statement):
        yield from descendants(child)


def _is_shown(asked: _Asked, traces: FunctionTraces) -> bool:
    """Whether the statement is part of a model function, or of its run."""
    is_inside = any(outer is traces.body for outer in asked.piece.around(asked.run_with_it))
    return is_inside or any(asked.runs(traces).values())


def _revealed(asked: _Asked, recording: Recording, traces: FunctionTraces) -> RevealedFunction:
    piece, runs = asked.piece, asked.runs(traces)
    expressions, names = _shown(asked)
    values = recording.assigned if names else recording.evaluated
    shown: list[cst.CSTNode] = list(names) or _in_order(piece, expressions)
    if asked.column is not None and not names:
        seen = [node for node in shown if any((node, mode) in values for mode in Mode)]
        shown = [min(seen or shown, key=lambda node: _extent(piece, node))] if shown else []
    return RevealedFunction(
        traces.function.name or "<lambda>",
        runs,
        tuple(_expression(piece, node, values, runs) for node in shown),
    )


def _comes_to(piece: Piece, statement: cst.CSTNode, ran: set[cst.CSTNode]) -> bool:
    if statement in ran:
        return True
    outer = next(iter(piece.around(statement)), None)
    return isinstance(outer, cst.SimpleStatementLine) and outer in ran


def _in_order(piece: Piece, nodes: Iterable[cst.CSTNode]) -> list[cst.CSTNode]:
    return sorted(nodes, key=piece.position)


def _extent(piece: Piece, node: cst.CSTNode) -> tuple[int, int]:
    start, end = piece.position(node), piece.end(node)
    return end.line - start.line, end.column - start.column


def _expression(
    piece: Piece, node: cst.CSTNode, recorded: Values, runs: Mapping[Mode, bool]
) -> RevealedExpression:
    start, end = piece.position(node), piece.end(node)
    values = {}
    for mode in Mode:
        seen = list(recorded.get((node, mode), ()))
        more = ["…"] if len(seen) > _AT_MOST else []
        told = " or ".join([*seen[:_AT_MOST], *more])
        values[mode] = told or (NOT_REACHED if runs[mode] else NEVER_RUNS)
    return RevealedExpression(
        source_of(node, piece.module),
        start.line,
        start.column,
        end.line,
        end.column,
        values,
    )
