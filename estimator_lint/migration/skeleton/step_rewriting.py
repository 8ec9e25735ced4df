"""Rewriting the lines of the function for the step in which they stand."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from estimator_lint.migration.skeleton.folding import Folder, above
from estimator_lint.migration.skeleton.keras_counterparts import (
    GLOBAL_STEPS,
    counterpart,
)
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of
from estimator_lint.migration.skeleton.name_rewriting import (
    NameRewriter,
    in_parentheses,
    with_parentheses,
)
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.once_made import Attribute, OnceMade
from estimator_lint.migration.skeleton.sites import (
    GRADIENT_METHODS,
    bound_arguments,
    function_of_module,
    kind_of,
)
from estimator_lint.migration.skeleton.step_results import one_line, step_result
from estimator_lint.project.code import FunctionCode, ModuleCode
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import short_name

#: The columns that a comment may take, its indentation not counted.
_COMMENT_WIDTH = 76


@dataclass
class Method:
    """The method of the model that a function of the file becomes.

    Attributes:
        names: by the mode; under None where all modes share one.
        takes_tape: it computes gradients.
    """

    names: Mapping[Mode | None, str]
    takes_tape: bool


@dataclass
class Plan:
    """What is decided about the whole skeleton before its lines are written.

    Attributes:
        module: the file.
        names: what its names stand for.
        made: what is made once.
        methods: the functions of the file that become methods, by their definitions.
        tape: the name of the tape.
        receiver: of a method, what it calls the object that it is a method of.
        uses: what the lines turn out to use: ``mean loss``, ``functools``.
    """

    module: ModuleCode
    names: NamePaths
    made: OnceMade
    methods: Mapping[cst.CSTNode, Method]
    tape: str = "tape"
    receiver: str | None = None
    uses: set[str] = field(default_factory=set)

    def method_named(self, name: str) -> Method | None:
        """The method that a function of the file becomes."""
        code = function_of_module(self.module, name)
        return None if code is None else self.methods.get(code.node)

    @property
    def optimizer(self) -> str:
        """The optimizer whose steps are counted."""
        optimizers = self.made.of_kind("optimizer")
        if len(optimizers) > 1 or (optimizers and optimizers[0].construction.guards):
            return f"self.{optimizers[0].name}"
        return "self.optimizer"


def comment_lines(text: str, first: str = "# TODO: ") -> list[cst.EmptyLine]:
    """A remark as comment lines."""
    wrapped = textwrap.wrap(
        " ".join(text.split()),
        _COMMENT_WIDTH,
        initial_indent=first,
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [cst.EmptyLine(comment=cst.Comment(line)) for line in wrapped]


class StepRewriter(NameRewriter):
    """Rewrites lines for a step, or for a method that steps share.

    Args:
        plan: what is decided about the skeleton.
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
        super().__init__(plan.names, observed, code.local_names)
        self._plan = plan
        self._mode = mode
        self._folder = folder
        self._stack: list[tuple[list[str], list[str], list[str]]] = []
        self._remarks: list[str] = []
        self._before: list[str] = []
        self._minimized: dict[cst.CSTNode, tuple[str, str, str]] = {}

    # Statements and what is left to do about them

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Remarks made within a statement go above it."""
        if isinstance(node, cst.BaseStatement):
            self._stack.append((self.todos, self._remarks, self._before))
            self.todos, self._remarks, self._before = [], [], []
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:  # type: ignore[override]
        """As ``on_visit``."""
        result = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseStatement):
            result = self._with_remarks(result)
            self.todos, self._remarks, self._before = self._stack.pop()
        return result

    def _with_remarks(self, result: Any) -> Any:
        lines = [
            line for todo in dict.fromkeys(self.todos) for line in comment_lines(todo)
        ] + [line for remark in self._remarks for line in comment_lines(remark, "# ")]
        statements = list(result) if isinstance(result, cst.FlattenSentinel) else [result]
        before = [cst.parse_statement(text) for text in self._before]
        if not lines and not before:
            return result
        # What the file has above the statement stays on top.
        leading = getattr(statements[0], "leading_lines", ())
        if leading:
            statements[0] = statements[0].with_changes(leading_lines=())
        statements = [*before, *statements]
        statements[0] = above(statements[0], [*leading, *lines])
        return cst.FlattenSentinel(statements)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        """An optimizer's step at the top of a statement becomes two statements."""
        small, updated = original_node.body[0], updated_node.body[0]
        if isinstance(small, cst.Nonlocal):
            self.todos.append(f"'{code_of(small)}': the model has these variables from __init__")
            return updated_node.with_changes(body=[cst.Pass()])
        value = getattr(small, "value", None)
        parts = self._minimized.get(value) if isinstance(value, cst.CSTNode) else None
        if parts is None or not isinstance(small, cst.Assign | cst.Expr | cst.Return):
            return updated_node
        gradients, applied = self._two_statements(*parts)
        first = cst.parse_statement(gradients).with_changes(
            leading_lines=updated_node.leading_lines
        )
        second = updated_node.with_changes(
            leading_lines=(),
            body=[updated.with_changes(value=cst.parse_expression(applied))],
        )
        return cst.FlattenSentinel([first, second])

    def _two_statements(self, receiver: str, loss: str, variables: str) -> list[str]:
        """An optimizer's step: the gradients, then their use."""
        return [
            f"gradients = {self._plan.tape}.gradient({loss}, {variables})",
            f"{receiver}.apply_gradients(zip(gradients, {variables}))",
        ]

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        """The value and the update op of a metric are one result."""
        if original_node not in self.observed.metric_items:
            return updated_node
        return with_parentheses(original_node, code_of(updated_node.value))

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement:
        """``value, update_op`` of a metric are one result."""
        target = original_node.targets[0].target
        site = self._plan.made.of_site.get(original_node.value)
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
            if isinstance(element, cst.Element)
        ]
        return updated_node.with_changes(targets=targets)

    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.BaseStatement:
        """A loop that made layers goes over them."""
        attributes = self._plan.made.in_loops.get(original_node.iter)
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

    # Tests of the mode within expressions

    def leave_IfExp(
        self, original_node: cst.IfExp, updated_node: cst.IfExp
    ) -> cst.BaseExpression:
        """Where the mode decides, its side is left."""
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
        if node.value == self._plan.receiver:
            return "owner"
        if node.value in self.shadowed:
            return None
        method = self._plan.method_named(node.value)
        if method is None:
            return None
        name = f"self.{self._name_of(method)}"
        if not method.takes_tape:
            return name
        self._plan.uses.add("functools")
        return f"functools.partial({name}, {self._plan.tape})"

    def _name_of(self, method: Method) -> str:
        names = method.names
        return names.get(self._mode) or next(iter(names.values()))

    # Calls

    def visit_Call(self, node: cst.Call) -> None:
        """What a call calls is not rewritten where the call as a whole is."""
        path = self.path_of(node)
        short = None if path is None else short_name(path)
        if (
            node in self._plan.made.of_site
            or node in self.observed.specs
            or short in GLOBAL_STEPS
            or short in _CALLS
            or self._method_called(node) is not None
        ):
            self.leave_alone(node.func)

    def _method_called(self, node: cst.Call) -> Method | None:
        if not isinstance(node.func, cst.Name) or node.func.value in self.shadowed:
            return None
        return self._plan.method_named(node.func.value)

    def leave_Call(
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        """What made something, took a step, or built a spec."""
        text = self._call_text(original_node, updated_node)
        return updated_node if text is None else with_parentheses(original_node, text)

    def _call_text(self, original: cst.Call, updated: cst.Call) -> str | None:
        path = self.path_of(original)
        short = None if path is None else short_name(path)
        if original in self.observed.specs:
            return self._spec(original, updated)
        attribute = self._plan.made.of_site.get(original)
        if attribute is not None and path is not None:
            return self._made_once(attribute, path, updated)
        if path is not None and kind_of(path) is not None:
            self._not_made_once(original, path)
            return None
        method = self._method_called(original)
        if method is not None:
            arguments = [code_of(argument).rstrip().rstrip(",") for argument in updated.args]
            tape = [self._plan.tape] if method.takes_tape else []
            return f"self.{self._name_of(method)}({', '.join([*tape, *arguments])})"
        if short in GLOBAL_STEPS:
            return f"{self._plan.optimizer}.iterations"
        if short in _CALLS:
            return self._collection(short, updated)
        if self.observed.method(original) in GRADIENT_METHODS:
            return self._gradients(original, updated)
        if short == "gradients":
            given = bound_arguments(updated, ("ys", "xs"))
            if given is not None and set(given) == {"ys", "xs"}:
                ys, xs = code_of(given["ys"]), code_of(given["xs"])
                return f"{self._plan.tape}.gradient({ys}, {xs})"
        return None

    def _made_once(self, attribute: Attribute, path: str, updated: cst.Call) -> str:
        kind = attribute.kind
        this = attribute.variable or f"self.{attribute.name}"
        if kind == "optimizer":
            alone = self._plan.optimizer == "self.optimizer"
            return "self.optimizer" if alone else this
        if kind not in ("layer", "metric"):
            return this
        row = counterpart(path, "layers" if kind == "layer" else "metrics")
        assert row is not None
        given = bound_arguments(updated, row.parameters) or {}
        arguments = []
        for name in row.per_call:
            value = code_of(given[name]) if name in given else row.defaults.get(name)
            if value is None:
                continue
            is_first = name in ("inputs", "labels", "values", "predictions")
            keyword = row.renamed.get(name, name)
            arguments.append(value if is_first else f"{keyword}={value}")
        return f"{this}({', '.join(arguments)})"

    def _not_made_once(self, original: cst.Call, path: str) -> None:
        reason = self._plan.made.reasons.get(original)
        why = "" if reason is None else f", which the function makes {reason}"
        self.todos.append(f"make '{short_name(path)}' once, in __init__{why}")

    # Gradients

    def _gradients(self, original: cst.Call, updated: cst.Call) -> str | None:
        name = self.observed.method(original)
        receiver = updated.func.value if isinstance(updated.func, cst.Attribute) else None
        if receiver is None:
            return None
        on = in_parentheses(code_of(receiver))
        tape = self._plan.tape
        if name == "apply_gradients":
            given = bound_arguments(updated, ("grads_and_vars", "global_step", "name"))
            if given is None or "grads_and_vars" not in given:
                return None
            return f"{on}.apply_gradients({code_of(given['grads_and_vars'])})"
        parameters = _GRADIENT_PARAMETERS[name or ""]
        given = bound_arguments(updated, parameters)
        if given is None or "loss" not in given:
            return None
        loss = code_of(given["loss"])
        chosen = given.get("var_list", given.get("params"))
        variables = "self.trainable_variables" if chosen is None else code_of(chosen)
        if "grad_loss" in given:
            self.todos.append(f"grad_loss={one_line(given['grad_loss'])}: output_gradients=")
        gradients = f"{tape}.gradient({loss}, {variables})"
        if name == "compute_gradients":
            return f"list(zip({gradients}, {variables}))"
        self._minimized[original] = (on, loss, variables)
        return f"{on}.apply_gradients(zip({gradients}, {variables}))"

    def _collection(self, short: str, updated: cst.Call) -> str | None:
        if short != "get_collection":
            text, todo = _CALLS[short]
            if todo:
                self.todos.append(todo)
            return text or None
        key = updated.args[0].value if updated.args else None
        word = "" if key is None else code_of(key).rpartition(".")[2].strip("'\"").upper()
        if word == "UPDATE_OPS":
            self._remarks.append("Layers of Keras run their updates themselves.")
            return "[]"
        if word == "REGULARIZATION_LOSSES":
            return "self.losses"
        if word == "TRAINABLE_VARIABLES" and len(updated.args) == 1:
            return "self.trainable_variables"
        self.todos.append("Keras fills no collections")
        return None

    # Specs

    def _spec(self, original: cst.Call, updated: cst.Call) -> str | None:
        spec_class = self.observed.specs[original]
        given = bound_arguments(updated, spec_class.fields)
        if given is None or self._mode is None:
            self.todos.append(f"return in its place what the step returns: {one_line(updated)}")
            return None
        objects = bool(self._plan.made.of_kind("metric class"))
        result = step_result(self._mode, given, metric_objects=objects)
        self.todos += result.todos
        written = (bound_arguments(original, spec_class.fields) or {}).get("train_op")
        parts = None if written is None else self._minimized.get(written)
        self._before += result.before if parts is None else self._two_statements(*parts)
        if result.takes_mean_loss:
            self._plan.uses.add("mean loss")
        return result.text


_GRADIENT_PARAMETERS: Mapping[str, Sequence[str]] = {
    "minimize": (
        "loss",
        "global_step",
        "var_list",
        "gate_gradients",
        "aggregation_method",
        "colocate_gradients_with_ops",
        "name",
        "grad_loss",
    ),
    "compute_gradients": (
        "loss",
        "var_list",
        "gate_gradients",
        "aggregation_method",
        "colocate_gradients_with_ops",
        "grad_loss",
    ),
    "get_updates": ("loss", "params"),
}

#: Calls that read collections of the graph: what takes their place, and what is left to do.
_CALLS: Mapping[str, tuple[str, str]] = {
    "get_collection": ("", ""),
    "losses.get_regularization_loss": ("tf.reduce_sum(self.losses)", ""),
    "losses.get_regularization_losses": ("self.losses", ""),
    "losses.get_losses": ("", "Keras fills no collections: list the losses of the step"),
    "losses.get_total_loss": ("", "Keras fills no collections: add up the losses of the step"),
    "trainable_variables": ("self.trainable_variables", ""),
}
