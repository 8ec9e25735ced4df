"""Rewriting the lines of the function for the step in which they stand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from estimator_lint.migration.skeleton.canned_heads import PARAMETERS, CannedHead
from estimator_lint.migration.skeleton.folding import Folder, above, header_comment
from estimator_lint.migration.skeleton.keras_counterparts import (
    GLOBAL_STEPS,
    counterpart,
)
from estimator_lint.migration.skeleton.name_paths import NamePaths, chain_of, code_of
from estimator_lint.migration.skeleton.name_rewriting import (
    NameRewriter,
    in_parentheses,
    with_parentheses,
)
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.once_made import Attribute, OnceMade, dimension_of
from estimator_lint.migration.skeleton.sites import (
    GRADIENT_METHODS,
    bound_arguments,
    function_of_module,
    kind_of,
    receiver_of,
)
from estimator_lint.migration.skeleton.step_results import (
    MEAN_LOSS,
    is_none,
    one_line,
    step_result,
)
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
        with_tape: the modes in which it computes gradients.
    """

    names: Mapping[Mode | None, str]
    with_tape: frozenset[Mode]

    def takes_tape(self, mode: Mode | None) -> bool:
        """Whether the method of a mode computes gradients."""
        return bool(self.with_tape) and (mode in self.with_tape or None in self.names)


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
        root: the name of TensorFlow.
        heads: the canned heads whose methods the lines turn out to use.
        uses: what the lines turn out to use: ``mean loss``.
    """

    module: ModuleCode
    names: NamePaths
    made: OnceMade
    methods: Mapping[cst.CSTNode, Method]
    tape: str = "tape"
    receiver: str | None = None
    root: str = "tf"
    heads: list[CannedHead] = field(default_factory=list)
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


def _first_above(result: Any, lines: Sequence[cst.EmptyLine]) -> Any:
    """A statement, or several, below further lines."""
    if not lines:
        return result
    statements = list(result) if isinstance(result, cst.FlattenSentinel) else [result]
    return cst.FlattenSentinel([above(statements[0], lines), *statements[1:]])


def _as_comments(statement: cst.SimpleStatementLine) -> Iterator[cst.EmptyLine]:
    """What made a head, as a remark."""
    yield from statement.leading_lines
    yield from comment_lines(
        "head_losses, head_predictions and head_metrics do what this head did:", "# "
    )
    text = code_of(statement.with_changes(leading_lines=())).strip("\n")
    for line in text.splitlines():
        yield cst.EmptyLine(comment=cst.Comment(f"#   {line}"))


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
        self._code = code
        self._specs = self._specs_of(code)
        self._is_helper = code.node in plan.methods
        self._mode = mode
        self._folder = folder
        self._stack: list[
            tuple[list[str], list[str], list[str], list[cst.EmptyLine]]
        ] = []
        self._remarks: list[str] = []
        self._before: list[str] = []
        self._floating: list[cst.EmptyLine] = []
        self._minimized: dict[cst.CSTNode, tuple[str, str, str]] = {}

    # Statements and what is left to do about them

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Remarks made within a statement go above it."""
        if isinstance(node, cst.BaseStatement):
            self._stack.append((self.todos, self._remarks, self._before, self._floating))
            self.todos, self._remarks, self._before, self._floating = [], [], [], []
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:  # type: ignore[override]
        """As ``on_visit``."""
        result = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseStatement):
            behind = self._floating
            is_gone = isinstance(result, cst.RemovalSentinel)
            if not is_gone:
                result = self._with_remarks(result)
            self.todos, self._remarks, self._before, floating = self._stack.pop()
            if is_gone:
                self._floating = [*floating, *behind]
            else:
                result = _first_above(result, floating)
                self._floating = behind
        return result

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.BaseSuite:
        """Comments of statements that are gone end the block, where none follows."""
        block = updated_node.with_changes(
            indent=None, footer=[*self._floating, *updated_node.footer]
        )
        self._floating = []
        return block if block.body else block.with_changes(body=[cst.parse_statement("pass")])

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
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call):
            if dimension_of(small.value, self.names) is not None:
                self._floating = list(_as_comments(original_node))
                return cst.RemoveFromParent()
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

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> Any:
        """To wait for no updates is not to wait."""
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
        self._floating = list(block.footer)
        return cst.FlattenSentinel([above(first, lines), *rest])

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
        receiver = receiver_of(self._code) if self._is_helper else self._plan.receiver
        if node.value == receiver:
            return "self.owner" if self._is_helper else "owner"
        if node.value in self.shadowed:
            return None
        method = self._plan.method_named(node.value)
        if method is None:
            return None
        name = f"self.{self._name_of(method)}"
        if not method.takes_tape(self._mode):
            return name
        return f"functools.partial({name}, {self._plan.tape})"

    def _name_of(self, method: Method) -> str:
        names = method.names
        return names.get(self._mode) or next(iter(names.values()))

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        """A field of a spec that the step does not have."""
        words = chain_of(original_node) or [""]
        if words[0] in self._specs and len(words) > 1:
            self.todos.append(
                f"'{'.'.join(words)}' is of the spec: use what the step computes for it"
            )
        return super().leave_Attribute(original_node, updated_node)

    def _specs_of(self, code: FunctionCode) -> frozenset[str]:
        """The variables of the function that are specs."""
        makes = {*self.observed.specs, *self.observed.heads}
        return frozenset(
            name
            for name, bindings in code.bindings.items()
            if any(binding.value in makes for binding in bindings)
        )

    # Calls

    def visit_Call(self, node: cst.Call) -> None:
        """What a call calls is not rewritten where the call as a whole is."""
        path = self.path_of(node)
        short = None if path is None else short_name(path)
        if (
            node in self._plan.made.of_site
            or node in self.observed.specs
            or self.observed.heads.get(node) is not None
            or short in GLOBAL_STEPS
            or short in _CALLS
            or _reads_collection(node)
            or self._method_called(node) is not None
        ):
            self.leave_alone(node.func)

    def _method_called(self, node: cst.Call) -> Method | None:
        code = self.observed.function(node)
        if code is not None and code.owner is not None:
            return self._plan.methods.get(code.node)
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
        if original in self.observed.heads:
            return self._head_spec(original, updated)
        attribute = self._plan.made.of_site.get(original)
        if attribute is not None and path is not None:
            return self._made_once(attribute, path, updated)
        if path is not None and kind_of(path) is not None:
            self._not_made_once(original, path)
            return None
        method = self._method_called(original)
        if method is not None:
            arguments = [code_of(argument).rstrip().rstrip(",") for argument in updated.args]
            tape = [self._plan.tape] if method.takes_tape(self._mode) else []
            return f"self.{self._name_of(method)}({', '.join([*tape, *arguments])})"
        if short in GLOBAL_STEPS:
            return f"{self._plan.optimizer}.iterations"
        if short in _CALLS:
            return self._collection(short, updated)
        if _reads_collection(original):
            return self._collection("get_collection", updated)
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

    def _head_spec(self, original: cst.Call, updated: cst.Call) -> str | None:
        """What takes the place of the spec of a canned head."""
        head = self.observed.heads[original]
        given = bound_arguments(updated, PARAMETERS)
        if head is None or given is None or self._mode is None or "logits" not in given:
            self.todos.append(
                f"return in its place what the step returns, with what the head"
                f" computes: {one_line(updated)}"
            )
            return None
        self._plan.heads.append(head)
        logits = self._bound("logits", given["logits"])
        if self._mode is Mode.PREDICT:
            return f"self.head_predictions({logits})"
        labels = self._bound("labels", given["labels"]) if "labels" in given else "None"
        root = self._plan.root
        loss = f"{root}.reduce_mean(self.head_losses({labels}, {logits}))"
        added = given.get("regularization_losses")
        if added is not None and not is_none(added):
            loss = f"{loss} + {root}.add_n({code_of(added)})"
        self._before.append(f"loss = {loss}")
        if self._mode is Mode.EVAL:
            self._plan.uses.add("mean loss")
            return f'{{"loss": self.{MEAN_LOSS}(loss), **self.head_metrics({labels}, {logits})}}'
        written = bound_arguments(original, PARAMETERS) or {}
        self._before += self._step_of_head(written, given)
        return '{"loss": loss}'

    def _bound(self, name: str, value: cst.BaseExpression) -> str:
        """The name of a variable that holds a value, which may be given one first."""
        if isinstance(value, cst.Name):
            return value.value
        self._before.append(f"{name} = {code_of(value)}")
        return name

    def _step_of_head(
        self,
        written: Mapping[str, cst.BaseExpression],
        given: Mapping[str, cst.BaseExpression],
    ) -> list[str]:
        """The statements by which a head trains."""
        train = written.get("train_op_fn")
        if train is not None and not is_none(train):
            if isinstance(train, cst.Lambda) and len(train.params.params) == 1:
                parameter = train.params.params[0].name.value
                body = given["train_op_fn"].body  # type: ignore[attr-defined]
                parts = self._minimized.get(train.body)
                step = self._two_statements(*parts) if parts else [code_of(body)]
                return step if parameter == "loss" else [f"{parameter} = loss", *step]
            code = train.value if isinstance(train, cst.Name) else ""
            method = None if code in self.shadowed else self._plan.method_named(code)
            if method is not None:
                tape = f"{self._plan.tape}, " if method.takes_tape(self._mode) else ""
                return [f"self.{self._name_of(method)}({tape}loss)"]
            return [f"{in_parentheses(code_of(given['train_op_fn']))}(loss)"]
        optimizer = given.get("optimizer")
        if optimizer is None or is_none(optimizer):
            return []
        chosen = given.get("trainable_variables")
        variables = "self.trainable_variables"
        if chosen is not None and not is_none(chosen):
            variables = code_of(chosen)
        return self._two_statements(in_parentheses(code_of(optimizer)), "loss", variables)

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


_WAITING = frozenset(
    {"tensorflow.control_dependencies", "tensorflow.compat.v1.control_dependencies"}
)


def _reads_collection(node: cst.Call) -> bool:
    """Whether a call is that of the method ``get_collection`` of a graph."""
    return isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_collection"


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
