"""Rewriting expressions so that they use the names of a current TensorFlow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import libcst as cst

from estimator_lint.migration.skeleton.keras_counterparts import keras_class
from estimator_lint.migration.skeleton.layout import on_one_line
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of, dotted_words
from estimator_lint.migration.skeleton.observations import Observations

#: Expressions that bind more tightly than any operator, and need no parentheses in others.
_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.SimpleString,
    cst.Integer,
    cst.Float,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.ListComp,
    cst.DictComp,
    cst.SetComp,
)


def in_parentheses(text: str) -> str:
    """The text of an expression, in parentheses unless it needs none inside another one."""
    node = cst.parse_expression(text)
    return text if isinstance(node, _ATOMS) or bool(getattr(node, "lpar", ())) else f"({text})"


def with_parentheses(original: cst.BaseExpression, text: str) -> cst.BaseExpression:
    """An expression that takes the place of another, in the parentheses of that one."""
    node = cst.parse_expression(on_one_line(text))
    outer = getattr(original, "lpar", ())
    if outer and not bool(getattr(node, "lpar", ())):
        node = node.with_changes(lpar=outer, rpar=original.rpar)
    return node


class NameRewriter(cst.CSTTransformer):
    """Replaces keys of modes by their values, and removed names by current ones.

    Args:
        names: what the names of the file refer to.
        observed: what evaluation saw; empty for code that it does not run.
        shadowed: the local variables.

    Attributes:
        todos: what is left to do about the current statement, in words.
        dimensions: for variables that are canned heads, the last dimension of their logits.
    """

    def __init__(
        self, names: NamePaths, observed: Observations, shadowed: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.names = names
        self.observed = observed
        self.shadowed = shadowed
        self.todos: list[str] = []
        self.dimensions: dict[str, str] = {}
        self._labels = 0
        self._left_alone: set[cst.CSTNode] = set()

    def leave_alone(self, node: cst.CSTNode) -> None:
        """Do not rewrite a name that is replaced otherwise."""
        self._left_alone.add(node)

    def name_text(self, node: cst.Name) -> str | None:
        """The replacement of a name; None if it stays."""
        return None

    def path_of(self, call: cst.Call) -> str | None:
        """The path of a callee, from evaluation or else from its name."""
        return self.observed.path(call) or self.names.path(call.func, self.shadowed)

    # Words that are not variables

    def visit_Arg_keyword(self, node: cst.Arg) -> None:
        """A keyword is no variable."""
        self._labels += 1

    def leave_Arg_keyword(self, node: cst.Arg) -> None:
        """Behind it, names are variables again."""
        self._labels -= 1

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:
        """The name of an attribute is no variable."""
        self._labels += 1

    def leave_Attribute_attr(self, node: cst.Attribute) -> None:
        """Behind it, names are variables again."""
        self._labels -= 1

    def visit_FunctionDef_name(self, node: cst.FunctionDef) -> None:
        """The name in a ``def`` is not read."""
        self._labels += 1

    def leave_FunctionDef_name(self, node: cst.FunctionDef) -> None:
        """Behind it, names are variables again."""
        self._labels -= 1

    # Names

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        """A chain of names is rewritten as a whole."""
        return dotted_words(node) is None

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        """``tf.estimator.ModeKeys.TRAIN``, ``tf.losses.…`` and the like."""
        words = dotted_words(original_node)
        if words is None or original_node in self._left_alone:
            return updated_node
        path = self.names.path(original_node, self.shadowed)
        if path is not None:
            return self._current(original_node, updated_node, path)
        if words[1:] == ["logits_dimension"] and words[0] in self.dimensions:
            return with_parentheses(original_node, self.dimensions[words[0]])
        root: cst.BaseExpression = original_node
        while isinstance(root, cst.Attribute):
            root = root.value
        assert isinstance(root, cst.Name)
        text = self.name_text(root)
        if text is None:
            return updated_node
        return with_parentheses(original_node, ".".join([in_parentheses(text), *words[1:]]))

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        """A variable, or a name that was imported."""
        if self._labels or original_node in self._left_alone:
            return updated_node
        path = self.names.path(original_node, self.shadowed)
        if path is not None and path != original_node.value:
            return self._current(original_node, updated_node, path)
        text = self.name_text(original_node)
        return updated_node if text is None else with_parentheses(original_node, text)

    def _current(
        self, original: cst.BaseExpression, updated: cst.BaseExpression, path: str
    ) -> cst.BaseExpression:
        key = self.names.mode_key(path)
        if key is not None:
            return with_parentheses(original, f'"{key}"')
        keras = keras_class(path)
        if keras is not None:
            return with_parentheses(original, f"keras.{keras}")
        written = ".".join(dotted_words(original) or ())
        renamed = self.names.in_current_version(path, written)
        if renamed.gone is not None:
            self.todos.append(f"'{renamed.gone}' is gone")
        return updated if renamed.text is None else with_parentheses(original, renamed.text)

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.BaseSuite:
        """Blocks are indented by four spaces, regardless of the file's style."""
        return updated_node.with_changes(indent=None)


def keyword_arguments(arguments: Mapping[str, str]) -> str:
    """Arguments as the text of a call."""
    return ", ".join(f"{name}={value}" for name, value in arguments.items())


def dict_entries(node: cst.BaseExpression) -> Iterator[str]:
    """The entries of a dict display as text; of another expression ``**expression``.

    A display with comments in it stays whole.
    """
    if isinstance(node, cst.Dict) and "\n" not in on_one_line(code_of(node)):
        for element in node.elements:
            yield code_of(element.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip()
    else:
        yield f"**{in_parentheses(code_of(node))}"
