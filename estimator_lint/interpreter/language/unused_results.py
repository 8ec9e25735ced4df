"""Results of calls that are never read: of dropout, and of what reads a collection of ops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.values import SymbolicValue
from estimator_lint.facts.trace import UnusedResult
from estimator_lint.tensorflow_api.layer_functions import dropout
from estimator_lint.tensorflow_api.train_op_functions import reads_collection

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Value
    from estimator_lint.interpreter.evaluator import Evaluator


def note_unused(
    ev: Evaluator, statement: cst.Expr | cst.Assign | cst.AnnAssign, value: Value, state: State
) -> None:
    """Record that a statement drops the result of a call, or binds it to an unread variable."""
    node = statement.value
    if not isinstance(value, SymbolicValue) or value.result_of is None:
        return
    path = value.result_of
    if not isinstance(node, cst.Call) or (dropout(path) is None and not reads_collection(path)):
        return
    unread = ev.frame.code.unread_values
    if isinstance(statement, cst.Expr) or unread.is_never_read(statement):
        unused = UnusedResult(ev.place(node), path, state.doubts, passed=state.passed)
        ev.trace.unused_results.append(unused)
