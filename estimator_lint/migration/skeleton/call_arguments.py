"""The arguments of calls for the parameters of functions, from the syntax alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.project.code import FunctionCode, ModuleCode
from estimator_lint.syntax.pieces import NotAnalysable


def function_of_module(module: ModuleCode, name: str) -> FunctionCode | None:
    """The function that a module defines under a name, if that is certain."""
    binding = module.binding(name)
    if binding is None or binding.kind != "def":
        return None
    try:
        return module.function(binding.node)
    except NotAnalysable:
        return None


def parameter_names(parameters: cst.Parameters) -> Iterator[str]:
    """The names of the parameters of a function or lambda."""
    for group in (parameters.posonly_params, parameters.params, parameters.kwonly_params):
        for parameter in group:
            yield parameter.name.value
    for star in (parameters.star_arg, parameters.star_kwarg):
        if isinstance(star, cst.Param):
            yield star.name.value


def bound_arguments(
    call: cst.Call, parameters: Sequence[str]
) -> dict[str, cst.BaseExpression] | None:
    """The arguments of a call by the names of its parameters; None if it has starred ones."""
    found: dict[str, cst.BaseExpression] = {}
    for index, argument in enumerate(call.args):
        if argument.star:
            return None
        if argument.keyword is not None:
            found[argument.keyword.value] = argument.value
        elif index < len(parameters):
            found[parameters[index]] = argument.value
        else:
            return None
    return found


def receiver_of(code: FunctionCode) -> str | None:
    """The name of a method's first parameter, usually ``self``."""
    if code.owner is None or not isinstance(code.node, cst.FunctionDef):
        return None
    decorators = {code_of(each.decorator) for each in code.node.decorators}
    if "staticmethod" in decorators or not code.parameters:
        return None
    return code.parameters[0].name


def arguments_of(call: cst.Call, code: FunctionCode) -> dict[str, cst.BaseExpression] | None:
    """The values that a call gives to the parameters of a function, including defaults."""
    if any(one.kind in ("*", "**") for one in code.parameters):
        return None
    receiver = receiver_of(code)
    names = [
        one.name
        for one in code.parameters
        if one.kind.startswith("positional") and one.name != receiver
    ]
    given = bound_arguments(call, names)
    if given is None:
        return None
    defaults = {one.name: one.default for one in code.parameters if one.default is not None}
    return {**defaults, **given}
