"""From the text of a file and a place in it to the possible values there."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

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
from estimator_lint.revealing.watching import Watch, WatchingEvaluator
from estimator_lint.settings import Settings
from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import children, descendants
from estimator_lint.syntax.pieces import NotAnalysable, Piece, Position
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.witnesses.holders import names_in

#: At most this many values of one expression are reported.
_AT_MOST = 6


def reveal_in(
    text: str, filename: str, line: int, column: int | None, settings: Settings
) -> Revealed:
    """The possible values of an expression; without a column, of what the line assigns or uses.

    Model functions that can't be analysed are left out.

    Raises:
        SyntaxError, ValueError, RecursionError: ``ast`` can't parse the text.
    """
    source = SourceFile(text, filename=filename)
    definitions = Definitions(source)
    functions = model_functions_of(definitions, settings)
    if not functions or not source.tree.body or line > len(source.lines):
        return Revealed(line, ())
    try:
        piece = source.piece_at(line)
    except NotAnalysable:
        return Revealed(line, ())
    statement = _statement_at(piece, line, column)
    if statement is None:
        return Revealed(line, ())
    module = ModuleCode(source, Project(source, filename, settings.source_roots))
    found: list[RevealedFunction] = []
    with modules_kept(), no_warnings(), collector_at_rest():
        for function in functions:
            watch = _watch(piece, statement, line, column)
            evaluator = functools.partial(WatchingEvaluator, watch=watch)
            try:
                traces = evaluate_model_function(module, function, make_evaluator=evaluator)
            except NotAnalysable:
                continue
            revealed = _revealed(piece, statement, watch, traces, column)
            if revealed is not None:
                found.append(revealed)
    return Revealed(line, tuple(found))


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


def _watch(piece: Piece, statement: cst.CSTNode, line: int, column: int | None) -> Watch:
    """The nodes to watch: all expressions at the place, or the subjects of the line."""
    targets = _targets(statement)
    if column is None:
        return Watch(frozenset(_subjects(statement)), {statement: targets} if targets else {})
    here = Position(line, column)
    around = [
        node
        for node in _in_head(statement)
        if isinstance(node, cst.BaseExpression) and piece.position(node) <= here <= piece.end(node)
    ]
    named = tuple(name for name in targets if name in around)
    return Watch(frozenset(around), {statement: named} if named else {})


def _targets(statement: cst.CSTNode) -> tuple[cst.Name, ...]:
    """The names that a small statement assigns to."""
    match statement:
        case cst.Assign(targets=targets):
            nodes: list[cst.CSTNode] = [each.target for each in targets]
        case cst.AnnAssign(target=target) | cst.AugAssign(target=target):
            nodes = [target]
        case _:
            return ()
    return tuple(name for node in nodes for name in names_in(node))


def _subjects(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The subjects of a statement that assigns to no name: a test, a value, a call."""
    if _targets(statement):
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


def _revealed(
    piece: Piece,
    statement: cst.CSTNode,
    watch: Watch,
    traces: FunctionTraces,
    column: int | None,
) -> RevealedFunction | None:
    """The recorded values; None if the statement is not part of the model function's run."""
    runs = {mode: _comes_to(piece, statement, trace.ran) for mode, trace in traces.traces.items()}
    is_inside = any(outer is traces.body for outer in piece.around(statement))
    if not is_inside and not any(runs.values()):
        return None
    named = [name for names in watch.targets.values() for name in names]
    shown: list[cst.CSTNode] = list(named) or _in_order(piece, watch.expressions)
    if column is not None and not named:
        seen = [node for node in shown if any((node, mode) in watch.seen for mode in Mode)]
        shown = [min(seen or shown, key=lambda node: _extent(piece, node))] if shown else []
    return RevealedFunction(
        traces.function.name or "<lambda>",
        runs,
        tuple(_expression(piece, node, watch, runs) for node in shown),
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
    piece: Piece, node: cst.CSTNode, watch: Watch, runs: Mapping[Mode, bool]
) -> RevealedExpression:
    start, end = piece.position(node), piece.end(node)
    values = {}
    for mode in Mode:
        seen = list(watch.seen.get((node, mode), ()))
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
