"""Rewriting the lines of the function for the step that contains them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import (
    bound_arguments,
    receiver_of,
)
from estimator_lint.migration.skeleton.folding import Folder, above, header_comment
from estimator_lint.migration.skeleton.gradient_rewriting import (
    ONE_OPTIMIZER,
    READS_COLLECTIONS,
    reads_collection,
)
from estimator_lint.migration.skeleton.init_expressions import dimension_of
from estimator_lint.migration.skeleton.keras_counterparts import GLOBAL_STEPS, measures
from estimator_lint.migration.skeleton.made_anew import kind_of, row_of
from estimator_lint.migration.skeleton.made_at_calls import GRADIENT_METHODS
from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.migration.skeleton.name_rewriting import with_parentheses
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.once_made import Attribute
from estimator_lint.migration.skeleton.remarks import comment_lines
from estimator_lint.migration.skeleton.skeleton_plan import Method, Plan
from estimator_lint.migration.skeleton.spec_rewriting import SpecRewriter
from estimator_lint.project.code import FunctionCode
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.results import is_v1_optimizer
from estimator_lint.tensorflow_api.symbols import short_name


def _as_comments(statement: cst.SimpleStatementLine) -> Iterator[cst.EmptyLine]:
    """The construction of a head, as a remark."""
    yield from statement.leading_lines
    yield from comment_lines(
        "head_losses, head_predictions and head_metrics do what this head did:", "# "
    )
    text = code_of(statement.with_changes(leading_lines=())).strip("\n")
    for line in text.splitlines():
        yield cst.EmptyLine(comment=cst.Comment(f"#   {line}"))


class StepRewriter(SpecRewriter):
    """Rewrites lines for a step, or for a method that steps share.

    Args:
        plan: the decisions about the skeleton.
        observed: what evaluation saw in the mode, or in all of them.
        code: the function that the lines are of.
        mode: the mode; None for lines that several modes share.
        folder: what the mode decides.
    """

    def __init__(
        self,
        plan: Plan,
        observed: Observations,
        code: FunctionCode,
        mode: Mode | None,
        folder: Folder | None,
    ) -> None:
        super().__init__(plan, observed, code, mode)
        self._code = code
        self._is_helper = code.node in plan.methods
        self._folder = folder

    def on_visit(self, node: cst.CSTNode) -> bool:
        """What only trains is not looked at in other modes."""
        return node not in self.plan.as_none and super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """It is None there."""
        if original_node in self.plan.as_none:
            return cst.Name("None")
        return super().on_leave(original_node, updated_node)

    # Statements

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        """An optimizer's step at the top of a statement becomes two statements."""
        small, updated = original_node.body[0], updated_node.body[0]
        if isinstance(small, cst.Nonlocal):
            self.todos.append(f"'{code_of(small)}': the model has these variables from __init__")
            return updated_node.with_changes(body=[cst.Pass()])
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call):
            if dimension_of(small.value, self.names) is not None:
                self.floating = list(_as_comments(original_node))
                return cst.RemoveFromParent()
        value = getattr(small, "value", None)
        parts = self.minimized.get(value) if isinstance(value, cst.CSTNode) else None
        if parts is None or not isinstance(small, cst.Assign | cst.Expr | cst.Return):
            return updated_node
        gradients, applied = self.two_statements(*parts)
        first = cst.parse_statement(gradients).with_changes(
            leading_lines=updated_node.leading_lines
        )
        second = updated_node.with_changes(
            leading_lines=(),
            body=[updated.with_changes(value=cst.parse_expression(applied))],
        )
        return cst.FlattenSentinel([first, second])

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        """The value and the update op of a metric are one result."""
        if original_node not in self.observed.metric_items:
            return updated_node
        return with_parentheses(original_node, code_of(updated_node.value))

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.BaseExpression:
        """So are both in a tuple."""
        if original_node not in self.observed.metric_items:
            return updated_node
        return updated_node.elements[0].value

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement:
        """``value, update_op`` of a metric are one result."""
        target = original_node.targets[0].target
        site = self.plan.made.of_site.get(original_node.value)
        if (
            site is None
            or site.kind != "metric"
            or len(original_node.targets) != 1
            or not isinstance(target, cst.Tuple)
        ):
            return updated_node
        targets = [
            cst.AssignTarget(element.value)
            for element in target.elements
            if isinstance(element.value, cst.BaseAssignTargetExpression)
        ]
        return updated_node.with_changes(targets=targets)

    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.BaseStatement:
        """A loop that created layers iterates over them."""
        attributes = self.plan.made.in_loops.get(original_node.iter)
        if not attributes:
            return updated_node
        target = code_of(updated_node.target)
        if isinstance(original_node.target, cst.Tuple) and not original_node.target.lpar:
            target = f"({target})"
        targets = ", ".join([target, *(each.variable for each in attributes)])
        iterated = ", ".join(
            [code_of(updated_node.iter), *(f"self.{each.name}" for each in attributes)]
        )
        return updated_node.with_changes(
            target=cst.parse_expression(f"({targets})").with_changes(lpar=(), rpar=()),
            iter=cst.parse_expression(f"zip({iterated})"),
        )

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> Any:
        """Waiting for no updates is dropped."""
        call = original_node.items[0].item
        waits = isinstance(call, cst.Call) and self.path_of(call) in _WAITING
        item = updated_node.items[0].item
        given = item.args[0].value if waits and isinstance(item, cst.Call) and item.args else None
        block = updated_node.body
        if (
            len(updated_node.items) > 1
            or not isinstance(given, cst.List)
            or given.elements
            or not isinstance(block, cst.IndentedBlock)
        ):
            return updated_node
        first, *rest = block.body
        lines = [*updated_node.leading_lines, *header_comment(block)]
        self.floating = list(block.footer)
        return cst.FlattenSentinel([above(first, lines), *rest])

    # Tests of the mode within expressions

    def leave_IfExp(self, original_node: cst.IfExp, updated_node: cst.IfExp) -> cst.BaseExpression:
        """If the mode decides, only its side remains."""
        outcome = self._folder.decided(original_node.test) if self._folder else None
        if outcome is None:
            return updated_node
        side = updated_node.body if outcome else updated_node.orelse
        return with_parentheses(original_node, code_of(side))

    def leave_Comparison(
        self, original_node: cst.Comparison, updated_node: cst.Comparison
    ) -> cst.BaseExpression:
        """``mode == …`` is True or False."""
        reads_mode = isinstance(original_node.left, cst.Name) and original_node.left.value == "mode"
        if self._folder is None or not reads_mode:
            return updated_node
        truth = self.observed.truth(original_node)
        if truth is None:
            truth = self._folder.decided(original_node)
        return updated_node if truth is None else with_parentheses(original_node, str(truth))

    # Names

    def name_text(self, node: cst.Name) -> str | None:
        """A function that becomes a method; the object that the function is a method of."""
        receiver = receiver_of(self._code) if self._is_helper else self.plan.receiver
        if node.value == receiver:
            return "self.owner" if self._is_helper else "owner"
        if node.value in self.shadowed:
            return None
        method = self.plan.method_named(node.value)
        if method is None:
            return None
        name = f"self.{self.name_of(method)}"
        if not method.takes_tape(self.mode):
            return name
        return f"functools.partial({name}, {self.plan.tape})"

    # Calls

    def visit_Call(self, node: cst.Call) -> None:
        """The callee is not rewritten if the call as a whole is."""
        path = self.path_of(node)
        short = None if path is None else short_name(path)
        if (
            node in self.plan.made.of_site
            or node in self.observed.specs
            or self.observed.heads.get(node) is not None
            or short in GLOBAL_STEPS
            or short in READS_COLLECTIONS
            or reads_collection(node)
            or self._method_called(node) is not None
        ):
            self.leave_alone(node.func)

    def _method_called(self, node: cst.Call) -> Method | None:
        code = self.observed.function(node)
        if code is not None and code.owner is not None:
            return self.plan.methods.get(code.node)
        if not isinstance(node.func, cst.Name) or node.func.value in self.shadowed:
            return None
        return self.plan.method_named(node.func.value)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Calls that created something, took a step, or built a spec."""
        method = self._method_called(original_node)
        if method is not None and original_node not in self.plan.made.of_site:
            return self._method_call(method, updated_node)
        text = self._call_text(original_node, updated_node)
        return updated_node if text is None else with_parentheses(original_node, text)

    def _call_text(self, original: cst.Call, updated: cst.Call) -> str | None:
        path = self.path_of(original)
        short = None if path is None else short_name(path)
        if original in self.observed.specs:
            return self.spec_text(original, updated)
        if original in self.observed.heads:
            return self.head_text(original, updated)
        attribute = self.plan.made.of_site.get(original)
        if attribute is not None and path is not None:
            return self._made_once(attribute, path, updated)
        if path is not None and kind_of(path) is not None:
            self._not_made_once(original, path)
            return None
        if short in GLOBAL_STEPS:
            if len(self.plan.made.of_kind("optimizer")) > 1:
                self.todos.append(ONE_OPTIMIZER)
            return f"{self.plan.optimizer}.iterations"
        if short is not None and short in READS_COLLECTIONS:
            return self.collection_text(short, updated)
        if reads_collection(original):
            return self.collection_text("get_collection", updated)
        if self.observed.method(original) in GRADIENT_METHODS:
            return self.gradient_text(original, updated)
        if short == "gradients" and self.mode is Mode.TRAIN:
            given = bound_arguments(updated, ("ys", "xs"))
            if given is not None and set(given) == {"ys", "xs"}:
                ys, xs = code_of(given["ys"]), code_of(given["xs"])
                return f"{self.plan.tape}.gradient({ys}, {xs})"
        if path is not None and is_v1_optimizer(path):
            self.todos.append(f"no optimizer of Keras is known to compute the same as '{short}'")
        if short is not None and measures(short):
            self.todos.append(f"no metric of Keras is known to be '{short}'")
        return None

    def _method_call(self, method: Method, updated: cst.Call) -> cst.Call:
        """The call of a function of the file that becomes a method; its layout stays."""
        tape = [cst.Arg(cst.Name(self.plan.tape))] if method.takes_tape(self.mode) else []
        function = cst.Attribute(cst.Name("self"), cst.Name(self.name_of(method)))
        return updated.with_changes(func=function, args=[*tape, *updated.args])

    def _made_once(self, attribute: Attribute, path: str, updated: cst.Call) -> str:
        kind = attribute.kind
        this = attribute.variable or f"self.{attribute.name}"
        if kind == "optimizer":
            alone = self.plan.optimizer == "self.optimizer"
            return "self.optimizer" if alone else this
        if kind not in ("layer", "metric"):
            return this
        row = row_of(kind, path)
        assert row is not None
        given = bound_arguments(updated, row.parameters) or {}
        arguments = []
        for name in row.per_call:
            value = code_of(given[name]) if name in given else row.defaults.get(name)
            if value is None:
                continue
            is_first = name in ("inputs", "labels", "values", "predictions")
            keyword = row.renamed.get(name, name)
            if row.deepened and is_first:
                value = f"{self.plan.root}.expand_dims({value}, -1)"
            arguments.append(value if is_first else f"{keyword}={value}")
        return f"{this}({', '.join(arguments)})"

    def _not_made_once(self, original: cst.Call, path: str) -> None:
        reason = self.plan.made.reasons.get(original)
        why = "" if reason is None else f", which the function makes {reason}"
        self.todos.append(f"make '{short_name(path)}' once, in __init__{why}")


_WAITING = frozenset(
    {"tensorflow.control_dependencies", "tensorflow.compat.v1.control_dependencies"}
)
