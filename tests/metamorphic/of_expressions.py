"""Meaning-preserving changes of expressions and of whole modules."""

from __future__ import annotations

import random

import libcst as cst

from tests.metamorphic.places import (
    above_the_definitions,
    contains,
    expression,
    has_definitions,
    in_parentheses,
    names_in,
    parsed,
    text_of,
)

_SPEC_CLASSES = ("EstimatorSpec", "TPUEstimatorSpec")


def _is_test_of_mode(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Comparison) and "mode" in names_in(node)


def negated_twice(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``not not`` before a test of the mode."""
    if not _is_test_of_mode(node):
        return None
    inner = cst.UnaryOperation(cst.Not(), in_parentheses(node))
    return in_parentheses(cst.UnaryOperation(cst.Not(), in_parentheses(inner)))


def by_de_morgan(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``not (not a or not b)`` for ``a and b`` of tests."""
    if not isinstance(node, cst.BooleanOperation):
        return None
    if not all(isinstance(side, cst.Comparison) for side in (node.left, node.right)):
        return None
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    left, right = (
        cst.UnaryOperation(cst.Not(), in_parentheses(side)) for side in (node.left, node.right)
    )
    inner = cst.BooleanOperation(left, other, right)
    return in_parentheses(cst.UnaryOperation(cst.Not(), in_parentheses(inner)))


def equality_mirrored(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``b == a`` for ``a == b``."""
    if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
        return None
    target = node.comparisons[0]
    if not isinstance(target.operator, cst.Equal | cst.NotEqual):
        return None
    sides = (node.left, target.comparator)
    if any(contains(side, cst.Call, cst.NamedExpr, cst.Comparison) for side in sides):
        return None
    mirrored = target.with_changes(comparator=node.left)
    return node.with_changes(left=target.comparator, comparisons=[mirrored])


def equality_as_membership(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``mode in (a,)`` for ``mode == a``."""
    if not _is_test_of_mode(node):
        return None
    assert isinstance(node, cst.Comparison)
    target = node.comparisons[0]
    if len(node.comparisons) != 1 or not isinstance(target.operator, cst.Equal):
        return None
    if not isinstance(node.left, cst.Name) or not isinstance(target.comparator, cst.Attribute):
        return None
    return expression(f"({text_of(node.left)} in ({text_of(target.comparator)},))")


def chosen_by_true(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``call() if True else None`` for a call of a spec's class."""
    if not _makes_spec(node):
        return None
    return in_parentheses(cst.IfExp(cst.Name("True"), node, cst.Name("None")))


def _makes_spec(node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call):
        return False
    function = node.func
    name = function.attr if isinstance(function, cst.Attribute) else function
    return isinstance(name, cst.Name) and name.value in _SPEC_CLASSES


def keywords_in_a_dict(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``**{"loss": loss}`` for the keywords of a spec."""
    found = _keywords(node)
    if found is None:
        return None
    call, keywords = found
    entries = ", ".join(f'"{name}": ({text})' for name, text in keywords)
    return _with_spread(call, f"{{{entries}}}")


def keywords_by_dict(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``**dict(loss=loss)`` for the keywords of a spec."""
    found = _keywords(node)
    if found is None:
        return None
    call, keywords = found
    entries = ", ".join(f"{name}=({text})" for name, text in keywords)
    return _with_spread(call, f"dict({entries})")


def _keywords(node: cst.BaseExpression) -> tuple[cst.Call, list[tuple[str, str]]] | None:
    if not _makes_spec(node) or not isinstance(node, cst.Call):
        return None
    if any(argument.star for argument in node.args):
        return None
    keywords = [
        (argument.keyword.value, text_of(argument.value))
        for argument in node.args
        if argument.keyword is not None
    ]
    names = {name for name, _ in keywords}
    # A comment inside would end the line.
    if not keywords or len(names) < len(keywords) or any("#" in text for _, text in keywords):
        return None
    return node, keywords


def _with_spread(call: cst.Call, mapping: str) -> cst.Call:
    positional = [
        argument.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        for argument in call.args
        if argument.keyword is None
    ]
    return call.with_changes(args=[*positional, cst.Arg(expression(mapping), star="**")])


def mode_by_keyword(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """``mode=mode`` for the first argument of a spec, or the other way round."""
    if not _makes_spec(node) or not isinstance(node, cst.Call) or not node.args:
        return None
    first, *others = node.args
    if any(argument.keyword is None for argument in others) or first.star:
        return None
    if first.keyword is None:
        named = cst.Arg(first.value, keyword=cst.Name("mode"))
        return node.with_changes(args=[named, *others] if others else [named])
    if first.keyword.value != "mode":
        return None
    return node.with_changes(args=[cst.Arg(first.value), *others])


def _import_of_tensorflow(module: cst.Module) -> str | None:
    """The name that a module gives to TensorFlow."""
    for name in ("tf",):
        for line in module.body:
            text = text_of(line)
            if text.startswith("import tensorflow") and f" as {name}" in text:
                return name
    return None


class _Renamed(cst.CSTTransformer):
    """Renames a name, but not after a dot and not as a keyword."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self._old, self._new = old, new

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(  # noqa: N802
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        if original_node.value == self._old:
            return updated_node.with_changes(value=self._new)
        return updated_node


def module_by_another_name(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """``tf_again = tf`` above the functions, which use that."""
    name = _import_of_tensorflow(module)
    if name is None or not has_definitions(module):
        return None
    changed = module.with_changes(
        body=[
            statement.visit(_Renamed(name, "tf_again"))
            if isinstance(statement, cst.FunctionDef)
            else statement
            for statement in module.body
        ]
    )
    return above_the_definitions(changed, [parsed(f"tf_again = {name}")])


def local_renamed(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """Another name for a local variable of some function at the top level."""
    choices: list[tuple[int, str]] = []
    for number, statement in enumerate(module.body):
        if isinstance(statement, cst.FunctionDef):
            choices += [(number, name) for name in sorted(_own_locals(statement))]
    elsewhere = [names_in(statement) for statement in module.body]
    choices = [
        (number, name)
        for number, name in choices
        if not any(name in names for at, names in enumerate(elsewhere) if at != number)
    ]
    if not choices:
        return None
    number, name = chance.choice(choices)
    body = list(module.body)
    renamed = body[number].visit(_Renamed(name, f"{name}_renamed"))
    assert isinstance(renamed, cst.FunctionDef)
    body[number] = renamed
    return module.with_changes(body=body)


def _own_locals(function: cst.FunctionDef) -> set[str]:
    """The names that plain assignments of a function bind, if none is looked up by its name."""
    names = names_in(function.body)
    if names & {"locals", "vars", "exec", "eval", "globals"}:
        return set()
    if contains(function.body, cst.Global, cst.Nonlocal, cst.FunctionDef, cst.ClassDef, cst.Lambda):
        return set()
    found = _Bound()
    function.body.visit(found)
    taken = names_in(function.params)
    return found.names - taken


class _Bound(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:  # noqa: N802
        if isinstance(node.target, cst.Name):
            self.names.add(node.target.value)
