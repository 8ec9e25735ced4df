"""Rewriting constructions of specs into what steps return."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import bound_arguments
from estimator_lint.migration.skeleton.canned_heads import PARAMETERS
from estimator_lint.migration.skeleton.gradient_rewriting import GradientRewriter
from estimator_lint.migration.skeleton.name_paths import code_of, dotted_words
from estimator_lint.migration.skeleton.name_rewriting import in_parentheses
from estimator_lint.migration.skeleton.step_results import (
    MEAN_LOSS,
    is_none,
    one_line,
    step_result,
)
from estimator_lint.tensorflow_api.modes import Mode


class SpecRewriter(GradientRewriter):
    """Rewrites specs, those of canned heads included."""

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        """A field of a spec that the step does not have."""
        words = dotted_words(original_node)
        if words is not None and _root(original_node) in self.observed.spec_names:
            self.todos.append(
                f"'{'.'.join(words)}' is of the spec: use what the step computes for it"
            )
        return super().leave_Attribute(original_node, updated_node)

    def head_text(self, original: cst.Call, updated: cst.Call) -> str | None:
        """The replacement of the spec of a canned head."""
        head = self.observed.heads[original]
        given = bound_arguments(updated, PARAMETERS)
        if head is None or given is None or self.mode is None or "logits" not in given:
            self.todos.append(
                f"return in its place what the step returns, with what the head"
                f" computes: {one_line(updated)}"
            )
            return None
        self.plan.heads.append(head)
        logits = self._bound("logits", given["logits"])
        if self.mode is Mode.PREDICT:
            return f"self.head_predictions({logits})"
        labels = self._bound("labels", given["labels"]) if "labels" in given else "None"
        root = self.plan.root
        loss = f"{root}.reduce_mean(self.head_losses({labels}, {logits}))"
        added = given.get("regularization_losses")
        if added is not None and not is_none(added):
            loss = f"{loss} + {root}.add_n({code_of(added)})"
        self.before.append(f"loss = {loss}")
        if self.mode is Mode.EVAL:
            self.plan.uses.add("mean loss")
            return f'{{"loss": self.{MEAN_LOSS}(loss), **self.head_metrics({labels}, {logits})}}'
        written = bound_arguments(original, PARAMETERS) or {}
        self.before += self._step_of_head(written, given)
        return '{"loss": loss}'

    def _bound(self, name: str, value: cst.BaseExpression) -> str:
        """The name of a variable with the value, assigned first if necessary."""
        if isinstance(value, cst.Name):
            return value.value
        self.before.append(f"{name} = {code_of(value)}")
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
                parts = self.minimized.get(train.body)
                step = self.two_statements(*parts) if parts else [code_of(body)]
                return step if parameter == "loss" else [f"{parameter} = loss", *step]
            code = train.value if isinstance(train, cst.Name) else ""
            method = None if code in self.shadowed else self.plan.method_named(code)
            if method is not None:
                tape = f"{self.plan.tape}, " if method.takes_tape(self.mode) else ""
                return [f"self.{self.name_of(method)}({tape}loss)"]
            return [f"{in_parentheses(code_of(given['train_op_fn']))}(loss)"]
        optimizer = given.get("optimizer")
        if optimizer is None or is_none(optimizer):
            return []
        chosen = given.get("trainable_variables")
        variables = "self.trainable_variables"
        if chosen is not None and not is_none(chosen):
            variables = code_of(chosen)
        return self.two_statements(in_parentheses(code_of(optimizer)), "loss", variables)

    def spec_text(self, original: cst.Call, updated: cst.Call) -> str | None:
        """The replacement of the construction of a spec."""
        spec_class = self.observed.specs[original]
        given = bound_arguments(updated, spec_class.fields)
        if given is None or self.mode is None:
            self.todos.append(f"return in its place what the step returns: {one_line(updated)}")
            return None
        objects = bool(self.plan.made.of_kind("metric class"))
        computed = {
            name: [code_of(line).strip("\n") for line in lines]
            for (call, name), lines in self.plan.with_field.items()
            if call is original
        }
        fields = bound_arguments(original, spec_class.fields) or {}
        metrics = fields.get("eval_metric_ops")
        if metrics in self.observed.nones and not is_none(metrics):
            text = f"({in_parentheses(code_of(given['eval_metric_ops']))} or {{}})"
            given["eval_metric_ops"] = cst.parse_expression(text)
        result = step_result(self.mode, given, computed, metric_objects=objects)
        self.todos += result.todos
        written = fields.get("train_op")
        if written is None or self.mode is not Mode.TRAIN:
            parts = None
        else:
            parts = self.minimized.get(written)
        self.before += result.before if parts is None else self.two_statements(*parts)
        if result.takes_mean_loss:
            self.plan.uses.add("mean loss")
        return result.text


def _root(node: cst.BaseExpression) -> cst.BaseExpression:
    """``a`` of ``a.b.c``."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node
