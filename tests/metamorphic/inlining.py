"""Replacing a call of a helper by the expression that it returns."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import libcst as cst

from tests.metamorphic.extraction import BOUND_TO_PLACE, locals_of
from tests.metamorphic.places import contains, in_parentheses, names_in, replaced

_INNER = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.CompFor)


def inlined(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """Inline a call of a top-level function that only returns an expression.

    Its arguments are names and constants, which may be read any number of times.
    """
    helpers = dict(_helpers(module))
    found: list[tuple[cst.Call, cst.BaseExpression]] = []
    for caller in module.body:
        if isinstance(caller, cst.FunctionDef) and not contains(caller.body, *_INNER):
            hidden = locals_of(caller)
            for call in _calls(caller, helpers):
                made = _result(call, helpers[call.func.value], hidden)  # type: ignore[attr-defined]
                if made is not None:
                    found.append((call, made))
    return replaced(module, *chance.choice(found)) if found else None


def _helpers(module: cst.Module) -> Iterator[tuple[str, cst.FunctionDef]]:
    named = [node.name.value for node in module.body if isinstance(node, cst.FunctionDef)]
    for node in module.body:
        if (
            isinstance(node, cst.FunctionDef)
            and named.count(node.name.value) == 1
            and not node.decorators
            and _returned(node) is not None
            and len(node.params.params) == len(names_in(node.params))
            and not contains(node.params, cst.ParamStar, cst.AssignEqual)
        ):
            yield node.name.value, node


def _returned(function: cst.FunctionDef) -> cst.BaseExpression | None:
    *before, last = function.body.body
    line = last.body[0] if isinstance(last, cst.SimpleStatementLine) else last
    if before or not isinstance(line, cst.Return) or line.value is None:
        return None
    return None if contains(line.value, *BOUND_TO_PLACE, *_INNER) else line.value


def _calls(caller: cst.FunctionDef, helpers: Mapping[str, object]) -> Iterator[cst.Call]:
    pending: list[cst.CSTNode] = [caller.body]
    while pending:
        node = pending.pop()
        if (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Name)
            and node.func.value in helpers
            and node.func.value != caller.name.value
        ):
            yield node
        pending += node.children


def _result(call: cst.Call, helper: cst.FunctionDef, hidden: set[str]) -> cst.BaseExpression | None:
    """The result of a call, in parentheses; None if names have another meaning at its place."""
    names = [parameter.name.value for parameter in helper.params.params]
    returned = _returned(helper)
    assert returned is not None
    if (names_in(returned) - set(names)) & hidden or len(call.args) != len(names):
        return None
    given: dict[str, cst.BaseExpression] = {}
    for number, argument in enumerate(call.args):
        is_plain = isinstance(argument.value, cst.Name | cst.Integer | cst.Float | cst.SimpleString)
        name = names[number] if argument.keyword is None else argument.keyword.value
        if argument.star or not is_plain or name in given or name not in names:
            return None
        given[name] = argument.value
    made = returned.visit(_Filling(given))
    assert isinstance(made, cst.BaseExpression)
    return in_parentheses(made)


class _Filling(cst.CSTTransformer):
    """Replaces parameters by arguments."""

    def __init__(self, given: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._given = given

    def leave_Name(  # noqa: N802
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        return self._given.get(original_node.value, updated_node)

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)
