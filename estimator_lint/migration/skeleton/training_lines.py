"""Leaving out of evaluation and prediction the lines that only train.

If a function builds the training op in every mode, the Estimator still runs it in one only. A step
has no graph: these lines would run, so they must not be in the other steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from estimator_lint.syntax.local_bindings import names_in_target
from estimator_lint.syntax.nodes import children, descendants


class WithoutTraining:
    """Leaves out statements that compute gradients, and those that use the results.

    Args:
        takes_gradients: whether a call computes gradients.

    Attributes:
        left_out: the statements that were left out.
    """

    def __init__(self, takes_gradients: Callable[[cst.Call], bool]) -> None:
        self._takes_gradients = takes_gradients
        self._of_training: set[str] = set()
        self.left_out: set[cst.CSTNode] = set()

    def block(self, body: cst.IndentedBlock) -> cst.IndentedBlock:
        """A block without the lines that only train."""
        statements = [kept for statement in body.body for kept in self._kept(statement)]
        return body.with_changes(body=statements or [cst.parse_statement("pass")])

    def _kept(self, statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            yield statement
        elif isinstance(statement, cst.SimpleStatementLine):
            if not self._trains(statement):
                yield statement
            else:
                self._leave_out(statement)
        elif isinstance(statement, cst.With | cst.For | cst.While | cst.If):
            yield from self._compound(statement)
        else:
            yield statement

    def _compound(
        self, statement: cst.With | cst.For | cst.While | cst.If
    ) -> Iterator[cst.CSTNode]:
        if any(self._uses_training(part) for part in _head(statement)):
            self._leave_out(statement)
            return
        before = set(self.left_out)
        changed = statement
        assert isinstance(statement.body, cst.IndentedBlock)
        inner = self.block(statement.body)
        changed = changed.with_changes(body=inner)
        orelse = getattr(statement, "orelse", None)
        if isinstance(orelse, cst.Else) and isinstance(orelse.body, cst.IndentedBlock):
            changed = changed.with_changes(orelse=orelse.with_changes(body=self.block(orelse.body)))
        elif isinstance(orelse, cst.If):
            kept = list(self._compound(orelse))
            changed = changed.with_changes(orelse=kept[0] if kept else None)
        if self.left_out == before:
            yield statement
        elif orelse is None and all(_is_pass(each) for each in inner.body):
            self.left_out.add(statement)
        else:
            yield changed

    def _leave_out(self, statement: cst.CSTNode) -> None:
        for node in descendants(statement):
            self.left_out.add(node)
            match node:
                case cst.AssignTarget(target=target):
                    self._of_training.update(names_in_target(target))
                case cst.AnnAssign(target=target) | cst.AugAssign(target=target):
                    self._of_training.update(names_in_target(target))

    def _trains(self, statement: cst.SimpleStatementLine) -> bool:
        small = statement.body[0]
        if isinstance(small, cst.Return | cst.Raise):
            return False
        if self._uses_training(small):
            return True
        if isinstance(small, cst.Assign):
            for each in small.targets:
                self._of_training -= set(names_in_target(each.target))
        return False

    def _uses_training(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.Lambda() | cst.AssignTarget():
                return False
            case cst.Call() if self._takes_gradients(node):
                return True
            case cst.Name(value=name):
                return name in self._of_training
        return any(self._uses_training(child) for child in children(node))


def _head(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions that a compound statement evaluates before its block."""
    for child in children(statement):
        if isinstance(child, cst.BaseSuite):
            return
        yield child


def _is_pass(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(
        statement.body[0], cst.Pass
    )
