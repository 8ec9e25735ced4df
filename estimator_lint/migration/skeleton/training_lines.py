"""Leaving out of evaluation and prediction the lines that only train.

If a function builds the training op in every mode, the Estimator still runs it in one only. A step
has no graph: these lines would run, so they must not be in the other steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import libcst as cst

from estimator_lint.syntax.local_bindings import assigns_within, names_in_target
from estimator_lint.syntax.nodes import children, descendants

_Compound = cst.With | cst.For | cst.While | cst.If | cst.Try | cst.TryStar | cst.Match


class Calls(Protocol):
    """What is known about the calls in some lines."""

    def trains(self, call: cst.Call) -> bool:
        """Whether a call does nothing but train."""

    def makes_spec(self, call: cst.Call) -> bool:
        """Whether a call builds a spec, or is one of a function of the file that does."""

    def is_of_library(self, call: cst.Call) -> bool:
        """Whether a call is that of a library function, and builds no spec."""

    def arguments(self, call: cst.Call) -> Sequence[cst.BaseExpression]:
        """The arguments of a call, without those of a spec that the step of the mode drops."""


class WithoutTraining:
    """Leaves out statements that compute gradients, and those that use the results.

    A statement that has something else as well stays. In it, ``None`` takes the place of the
    results.

    Attributes:
        left_out: the statements that were left out.
        as_none: the expressions of other statements for which ``None`` is to be written.
        returns: for each ``return``, whether it has nothing but results of training.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._unread: set[cst.CSTNode] = set()
        self._begin()

    def _begin(self) -> None:
        #: The variables that have results of training.
        self._of_training: set[str] = set()
        #: The nested functions that only train.
        self._functions: set[str] = set()
        self.left_out: set[cst.CSTNode] = set()
        self.as_none: set[cst.CSTNode] = set()
        self.returns: list[bool] = []

    def function_body(self, body: cst.IndentedBlock) -> cst.IndentedBlock:
        """The body of a function without the lines that only train."""
        kept = self._block(body)
        self._unread = self._unread_functions(body, kept)
        if self._unread:
            self._begin()
            kept = self._block(body)
        return kept

    # Statements

    def _block(self, body: cst.BaseSuite) -> cst.IndentedBlock:
        assert isinstance(body, cst.IndentedBlock)
        statements = [kept for statement in body.body for kept in self._kept(statement)]
        return body.with_changes(body=statements or [cst.parse_statement("pass")])

    def _kept(self, statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
        match statement:
            case cst.SimpleStatementLine():
                if self._is_kept(statement.body[0]):
                    yield statement
                else:
                    self._leave_out(statement)
            case cst.FunctionDef():
                yield from self._function(statement)
            case _ if isinstance(statement, _Compound):
                yield from self._compound(statement)
            case _:
                yield statement

    def _function(self, node: cst.FunctionDef) -> Iterator[cst.FunctionDef]:
        if node in self._unread:
            self._functions.add(node.name.value)
            self._leave_out(node)
        elif not self._trains_within(node.body):
            yield node
        else:
            inner = WithoutTraining(self._calls)
            body = inner._block(node.body)
            if all(inner.returns):
                self._functions.add(node.name.value)
                yield node
            else:
                self.left_out |= inner.left_out
                self.as_none |= inner.as_none
                yield node.with_changes(body=body)

    def _compound(self, statement: _Compound) -> Iterator[cst.CSTNode]:
        if any(self._uses_training(part) for part in _head(statement)):
            self._leave_out(statement)
            return
        before = set(self.left_out)
        changed, blocks = self._changed(statement)
        if self.left_out == before:
            yield statement
        elif all(_is_pass(each) for block in blocks for each in block.body):
            self.left_out.add(statement)
        else:
            yield changed

    def _changed(self, statement: _Compound) -> tuple[cst.CSTNode, list[cst.IndentedBlock]]:
        """A compound statement with changed blocks, and these."""
        before, after = set(self._of_training), set(self._of_training)
        blocks: list[cst.IndentedBlock] = []

        def block(body: cst.BaseSuite) -> cst.IndentedBlock:
            self._of_training = set(before)
            blocks.append(self._block(body))
            after.update(self._of_training)
            return blocks[-1]

        def with_block(part: cst.CSTNode) -> cst.CSTNode:
            return part.with_changes(body=block(part.body))  # type: ignore[attr-defined]

        if isinstance(statement, cst.Match):
            return statement.with_changes(cases=list(map(with_block, statement.cases))), blocks
        changed = with_block(statement)
        orelse = getattr(statement, "orelse", None)
        if isinstance(orelse, cst.Else):
            changed = changed.with_changes(orelse=with_block(orelse))
        elif isinstance(orelse, cst.If):
            self._of_training = set(before)
            kept = list(self._compound(orelse))
            after.update(self._of_training)
            changed = changed.with_changes(orelse=kept[0] if kept else None)
            blocks += [cst.IndentedBlock([each]) for each in kept if isinstance(each, cst.If)]
        if isinstance(statement, cst.Try | cst.TryStar):
            handlers = list(map(with_block, statement.handlers))
            changed = changed.with_changes(handlers=handlers)
            if statement.finalbody is not None:
                changed = changed.with_changes(finalbody=with_block(statement.finalbody))
        self._of_training = after
        return changed, blocks

    def _leave_out(self, statement: cst.CSTNode) -> None:
        for node in descendants(statement):
            self.left_out.add(node)
            match node:
                case cst.AssignTarget(target=target):
                    self._of_training.update(names_in_target(target))
                case cst.AnnAssign(target=target) | cst.AugAssign(target=target):
                    self._of_training.update(names_in_target(target))

    def _is_kept(self, small: cst.BaseSmallStatement) -> bool:
        value = getattr(small, "value", None)
        if isinstance(small, cst.Return):
            if value is not None:
                self._mark(value)
            self.returns.append(value is None or self._only_trains(value))
            return True
        if isinstance(small, cst.Raise):
            return True
        if isinstance(small, cst.Assign) and isinstance(value, cst.Lambda):
            if self._trains_within(value):
                self._functions.update(_targets(small))
            return small not in self._unread
        if isinstance(small, cst.AugAssign) and self._uses_training(small.target):
            return False
        if value is not None and not self._has_more(value) and self._uses_training(value):
            return False
        if value is None and self._uses_training(small):
            return False
        if value is not None:
            self._mark(value)
        if isinstance(small, cst.Assign):
            self._of_training.difference_update(_targets(small))
        return True

    # Expressions

    def _has_more(self, value: cst.BaseExpression) -> bool:
        """Whether a value has parts that are no results of training: of a dict, or variables."""
        if assigns_within(value):
            return True
        match value:
            case cst.Dict(elements=parts):
                return any(not self._uses_training(part) for part in parts)
            case cst.Call(func=cst.Name(value="dict"), args=parts):
                return any(not self._uses_training(part) for part in parts)
        return False

    def _uses_training(self, node: cst.CSTNode) -> bool:
        """Whether a value cannot be computed without training."""
        match node:
            case cst.Lambda():
                return False
            case cst.Call() if self._calls.trains(node) or self._runs_training(node):
                return True
            case cst.Call() if self._calls.makes_spec(node):
                return False
            case cst.Arg(value=inner) | cst.Attribute(value=inner):
                return self._uses_training(inner)
            case cst.Name(value=name):
                return name in self._of_training
        return any(self._uses_training(child) for child in children(node))

    def _runs_training(self, call: cst.Call) -> bool:
        """Whether a function of a library, such as ``tf.cond``, gets functions that train."""
        return self._calls.is_of_library(call) and any(
            self._is_step(argument.value) for argument in call.args
        )

    def _is_step(self, value: cst.BaseExpression) -> bool:
        """Whether a value is a function that trains."""
        if isinstance(value, cst.Lambda):
            return self._trains_within(value)
        return isinstance(value, cst.Name) and value.value in self._functions

    def _trains_within(self, node: cst.CSTNode) -> bool:
        return any(
            isinstance(each, cst.Call) and self._calls.trains(each) for each in descendants(node)
        )

    def _mark(self, node: cst.CSTNode) -> None:
        """Note for which parts of an expression ``None`` is to be written."""
        match node:
            case cst.Lambda():
                return
            case cst.Call() if self._calls.trains(node) or self._runs_training(node):
                self.as_none.add(node)
            case cst.Call() if not self._calls.is_of_library(node):
                used = self._calls.arguments(node)
                for argument in node.args:
                    if argument.value in used:
                        self._mark(argument.value)
                    elif self._uses_training(argument.value) or self._is_step(argument.value):
                        self.as_none.add(argument.value)
            case cst.Tuple() | cst.List() | cst.Dict() | cst.IfExp():
                for child in children(node):
                    self._mark(child)
            case cst.BaseExpression() if self._uses_training(node):
                self.as_none.add(node)
            case _:
                for child in children(node):
                    self._mark(child)

    def _only_trains(self, value: cst.BaseExpression) -> bool:
        match value:
            case cst.Name(value="None"):
                return True
            case cst.Tuple(elements=parts) | cst.List(elements=parts):
                return all(self._only_trains(part.value) for part in parts)
        return value in self.as_none

    # Nested functions

    def _unread_functions(
        self, body: cst.IndentedBlock, kept: cst.IndentedBlock
    ) -> set[cst.CSTNode]:
        """The nested functions that only train and that nothing uses any more."""
        found: dict[str, set[cst.CSTNode]] = {}
        for node in descendants(body):
            if isinstance(node, cst.FunctionDef) and node.name.value in self._functions:
                found.setdefault(node.name.value, set()).add(node)
            elif isinstance(node, cst.Assign) and isinstance(node.value, cst.Lambda):
                for name in self._functions.intersection(_targets(node)):
                    found.setdefault(name, set()).add(node)
        unread = set(found)
        grown = True
        while grown:
            closed = {node for name in unread for node in found[name]}
            read = self._read(kept, closed)
            grown = bool(unread & read)
            unread -= read
        return {node for name in unread for node in found[name]}

    def _read(self, node: cst.CSTNode, closed: set[cst.CSTNode]) -> set[str]:
        """The names that are read outside of some functions, and not only to train."""
        names: set[str] = set()
        pending = [node]
        while pending:
            node = pending.pop()
            if node in closed or node in self.as_none:
                continue
            if isinstance(node, cst.Name):
                names.add(node.value)
            elif isinstance(node, cst.Call):
                pending += [node.func, *self._calls.arguments(node)]
            elif isinstance(node, cst.Attribute):
                pending.append(node.value)
            else:
                pending += children(node)
        return names


def _targets(statement: cst.Assign) -> set[str]:
    return {name for each in statement.targets for name in names_in_target(each.target)}


def _head(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions that a compound statement evaluates before its block."""
    if isinstance(statement, cst.Match):
        yield statement.subject
        return
    for child in children(statement):
        if isinstance(child, cst.BaseSuite):
            return
        yield child


def _is_pass(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(
        statement.body[0], cst.Pass
    )
