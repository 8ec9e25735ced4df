"""Expressions of the function as ``__init__`` can evaluate them."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import (
    bound_arguments,
    function_of_module,
    receiver_of,
)
from estimator_lint.migration.skeleton.canned_heads import canned_head
from estimator_lint.migration.skeleton.keras_counterparts import (
    GLOBAL_STEPS,
    Counterpart,
    counterpart,
)
from estimator_lint.migration.skeleton.layout import on_one_line
from estimator_lint.migration.skeleton.made_anew import kind_of
from estimator_lint.migration.skeleton.made_at_calls import Walk
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of
from estimator_lint.migration.skeleton.name_rewriting import (
    NameRewriter,
    in_parentheses,
    keyword_arguments,
    with_parentheses,
)
from estimator_lint.migration.skeleton.walk_frames import Context, Frame
from estimator_lint.syntax.local_bindings import comprehension_targets
from estimator_lint.tensorflow_api.symbols import short_name


class NotStaticError(Exception):
    """An expression that ``__init__`` can't evaluate; the message says why."""


def head_dimensions(frame: Frame, names: NamePaths) -> dict[str, str]:
    """For the variables of a function that are canned heads, the last dimension of their logits."""
    found: dict[str, str] = {}
    for name, bindings in frame.bindings.items():
        value = bindings[0].value
        if len(bindings) == 1 and isinstance(value, cst.Call):
            dimension = dimension_of(value, names)
            if dimension is not None:
                found[name] = dimension
    return found


def dimension_of(call: cst.Call, names: NamePaths) -> str | None:
    """The last dimension of the logits of the canned head that a call makes, as text."""
    path = names.path(call.func)
    positional = [each for each in call.args if each.keyword is None]
    keywords = {each.keyword.value: each for each in call.args if each.keyword is not None}
    if path is None or any(each.star for each in call.args):
        return None
    head = canned_head(path, len(positional), list(keywords))
    if head is None:
        return None
    given = positional[0] if positional else keywords.get(head.dimension)
    return "1" if given is None else code_of(given.value)


class InitExpression(NameRewriter):
    """Rewrites an expression of the function into one that ``__init__`` can evaluate."""

    def __init__(
        self, names: NamePaths, walk: Walk, context: Context, parameters: Collection[str]
    ) -> None:
        frame = context.frame
        super().__init__(names, walk.observed, frame.code.local_names)
        self._walk = walk
        self._context = context
        self._parameters = parameters
        self._bound: list[str] = []
        self.dimensions = head_dimensions(frame, names)

    def text(self, node: cst.BaseExpression) -> str:
        """The text of an expression.

        Raises:
            NotStaticError: it depends on what is known in a step only.
        """
        result = node.visit(self)
        assert isinstance(result, cst.BaseExpression)
        return on_one_line(code_of(result))

    def name_text(self, node: cst.Name) -> str | None:
        """The text for a name in ``__init__``."""
        if node.value in self._bound:
            return None
        frame: Frame | None = self._context.frame
        if node.value in self._context.dynamic:
            raise NotStaticError(f"from '{node.value}'")
        while frame is not None:
            if node.value in frame.code.local_names:
                return self._local(node.value, frame)
            frame = frame.parent
        code = function_of_module(self._walk.frame.code.module, node.value)
        use = None if code is None else self._walk.helpers.get(code.node)
        if use is not None and (use.makes_state or use.takes_gradients or use.makes_spec):
            raise NotStaticError(f"by '{node.value}'")
        return None

    def _local(self, name: str, frame: Frame) -> str | None:
        bindings = frame.bindings.get(name, [])
        if name in frame.changed and name not in (receiver_of(frame.code), self._walk.receiver):
            raise NotStaticError(f"from '{name}', which changes")
        if any(one.name == name for one in frame.code.parameters):
            if bindings:
                raise NotStaticError(f"from '{name}', which changes")
            if frame is self._walk.frame:
                if name == self._walk.receiver:
                    return "owner"
                if name in self._parameters:
                    return None
                raise NotStaticError(f"from '{name}'")
            if name == receiver_of(frame.code):
                return "owner"
            if name not in frame.given:
                raise NotStaticError(f"from the argument '{name}'")
            value, where = frame.given[name]
            return in_parentheses(self._elsewhere(value, where))
        loops = [loop for loop, _ in self._context.loops]
        if bindings and all(binding.node in loops for binding in bindings):
            return None
        if len(bindings) == 1 and bindings[0].value is not None:
            node = bindings[0].node
            target = node.targets[0].target if isinstance(node, cst.Assign) else None
            if isinstance(node, cst.AnnAssign) or isinstance(target, cst.Name):
                return in_parentheses(self._elsewhere(bindings[0].value, frame))
        raise NotStaticError(f"from '{name}'")

    def _elsewhere(self, node: cst.BaseExpression, frame: Frame) -> str:
        context = Context(frame, self._context.loops, (), self._context.dynamic)
        inner = InitExpression(self.names, self._walk, context, self._parameters)
        inner._bound = []
        text = inner.text(node)
        self.todos += inner.todos
        return text

    def visit_Call(self, node: cst.Call) -> bool:
        """A schedule is created from its arguments other than the global step."""
        path = self.path_of(node)
        short = None if path is None else short_name(path)
        if short in GLOBAL_STEPS:
            raise NotStaticError("from the global step")
        if path is None:
            return True
        if kind_of(path) in ("layer", "metric", "optimizer", "weight"):
            raise NotStaticError(f"by '{short}'")
        return counterpart(path, "schedules") is None

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """A schedule of learning rates becomes one of Keras."""
        path = self.path_of(original_node)
        row = None if path is None else counterpart(path, "schedules")
        if row is None:
            return updated_node
        return with_parentheses(original_node, self.construction(original_node, row))

    def construction(self, call: cst.Call, row: Counterpart) -> str:
        """The call that creates the counterpart of what a call creates.

        Raises:
            NotStaticError: it has none, or not from what ``__init__`` has.
        """
        given = bound_arguments(call, row.parameters)
        if given is None:
            raise NotStaticError("with arguments that are not known one by one")
        arguments: dict[str, str] = {}
        for name, value in given.items():
            if name in row.unknown:
                raise NotStaticError(f"with the argument '{name}'")
            if name in row.per_call or name in row.ignored:
                continue
            again = InitExpression(self.names, self._walk, self._context, self._parameters)
            arguments[row.renamed.get(name, name)] = again.text(value)
            self.todos += again.todos
        for name, default in row.defaults.items():
            if name not in row.per_call:
                arguments.setdefault(row.renamed.get(name, name), default)
        if "momentum" in arguments and "schedules." in arguments.get("learning_rate", ""):
            self.todos.append(
                "the momentum of Keras holds steps that are scaled by their own rates: where the"
                " rate changes it is another than that of tf.train.MomentumOptimizer"
            )
        made = f"keras.{row.keras}" if row.keras else "self.add_weight"
        return f"{made}({keyword_arguments(arguments)})"

    # Names that the expression itself binds

    def visit_Lambda(self, node: cst.Lambda) -> None:
        """Its parameters are its own."""
        self._bound += [each.name.value for each in node.params.params]

    def visit_ListComp(self, node: cst.ListComp) -> None:
        """Its loop variables are its own."""
        self._bound += comprehension_targets(node)

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> None:
        """Its loop variables are its own."""
        self._bound += comprehension_targets(node)

    def visit_DictComp(self, node: cst.DictComp) -> None:
        """Its loop variables are its own."""
        self._bound += comprehension_targets(node)

    def visit_Param(self, node: cst.Param) -> bool:
        """The name of a parameter is no variable that is read."""
        return False
