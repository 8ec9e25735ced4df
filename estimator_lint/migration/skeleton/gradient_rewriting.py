"""Rewriting the optimizer's steps, and reads of the graph's collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import bound_arguments
from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.migration.skeleton.name_rewriting import in_parentheses
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.remarks import RemarkingRewriter
from estimator_lint.migration.skeleton.skeleton_plan import Method, Plan
from estimator_lint.migration.skeleton.step_results import one_line
from estimator_lint.project.code import FunctionCode
from estimator_lint.tensorflow_api.modes import Mode

#: What is left to do where the global step is read, but not where an optimizer is to count it.
ONE_OPTIMIZER = "this counts the steps of one optimizer: count those of all in a tf.Variable"


class GradientRewriter(RemarkingRewriter):
    """Rewrites what computes gradients.

    Args:
        plan: what is decided about the skeleton.
        observed: what evaluation saw in the mode, or in all of them.
        code: the function that the lines are of.
        mode: the mode; None for lines that several modes share.

    Attributes:
        minimized: for calls that minimize a loss the optimizer, the loss and the variables.
    """

    def __init__(
        self, plan: Plan, observed: Observations, code: FunctionCode, mode: Mode | None
    ) -> None:
        super().__init__(plan.names, observed, code.local_names)
        self.plan = plan
        self.mode = mode
        self.minimized: dict[cst.CSTNode, tuple[str, str, str]] = {}

    def name_of(self, method: Method) -> str:
        """What the mode calls a method that a function of the file becomes."""
        return method.names.get(self.mode) or next(iter(method.names.values()))

    def two_statements(self, receiver: str, loss: str, variables: str) -> list[str]:
        """An optimizer's step: the gradients, then their use."""
        return [
            f"gradients = {self.plan.tape}.gradient({loss}, {variables})",
            f"{receiver}.apply_gradients(zip(gradients, {variables}))",
        ]

    def gradient_text(self, original: cst.Call, updated: cst.Call) -> str | None:
        """The replacement of a call that computes or applies gradients."""
        name = self.observed.method(original)
        receiver = updated.func.value if isinstance(updated.func, cst.Attribute) else None
        if receiver is None:
            return None
        on = in_parentheses(code_of(receiver))
        self.todos = [todo for todo in self.todos if todo != ONE_OPTIMIZER]
        tape = self.plan.tape
        if name == "apply_gradients":
            given = bound_arguments(updated, ("grads_and_vars", "global_step", "name"))
            if given is None or "grads_and_vars" not in given:
                return None
            return f"{on}.apply_gradients({code_of(given['grads_and_vars'])})"
        parameters = _GRADIENT_PARAMETERS[name or ""]
        given = bound_arguments(updated, parameters)
        if given is None or "loss" not in given:
            self.todos.append(f"compute the gradients with a tf.GradientTape: {one_line(updated)}")
            return None
        loss = code_of(given["loss"])
        chosen = given.get("var_list", given.get("params"))
        variables = "self.trainable_variables" if chosen is None else code_of(chosen)
        if "grad_loss" in given:
            self.todos.append(f"grad_loss={one_line(given['grad_loss'])}: output_gradients=")
        gradients = f"{tape}.gradient({loss}, {variables})"
        if name == "compute_gradients":
            return f"list(zip({gradients}, {variables}))"
        self.minimized[original] = (on, loss, variables)
        return f"{on}.apply_gradients(zip({gradients}, {variables}))"

    def collection_text(self, short: str, updated: cst.Call) -> str | None:
        """The replacement of a call that reads a collection of the graph."""
        if short == "trainable_variables" and updated.args:
            self.todos.append("list those of self.trainable_variables that are in the scope")
            return None
        if short != "get_collection":
            text, todo = READS_COLLECTIONS[short]
            if todo:
                self.todos.append(todo)
            return text or None
        key = updated.args[0].value if updated.args else None
        word = "" if key is None else code_of(key).rpartition(".")[2].strip("'\"").upper()
        if word == "UPDATE_OPS":
            self.remarks.append("Layers of Keras run their updates themselves.")
            return "[]"
        if word == "REGULARIZATION_LOSSES":
            return "self.losses"
        if word == "TRAINABLE_VARIABLES" and len(updated.args) == 1:
            return "self.trainable_variables"
        self.todos.append("Keras fills no collections")
        return None


def reads_collection(node: cst.Call) -> bool:
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

#: Calls that read collections of the graph: their replacements, and what is left to do.
READS_COLLECTIONS: Mapping[str, tuple[str, str]] = {
    "get_collection": ("", ""),
    "losses.get_regularization_loss": ("tf.reduce_sum(self.losses)", ""),
    "losses.get_regularization_losses": ("self.losses", ""),
    "losses.get_losses": ("", "Keras fills no collections: list the losses of the step"),
    "losses.get_total_loss": ("", "Keras fills no collections: add up the losses of the step"),
    "trainable_variables": ("self.trainable_variables", ""),
}
