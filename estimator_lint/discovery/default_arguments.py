"""Parameters that keep their defaults in every call of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.syntax.parameter_defaults import defaults_of


def defaults_kept(
    function: AnyFunction, calls: Mapping[str, Sequence[ast.Call]], *, is_method: bool
) -> Iterator[tuple[str, bool]]:
    """The parameters with constant defaults that every call keeps, and whether they are true.

    ``calls`` are those of the file, by the last names of what is called.
    """
    name = getattr(function, "name", None)
    for parameter, default, position in defaults_of(function.args):
        if is_method and position is not None:
            position -= 1  # a call does not give the object
        if isinstance(default, ast.Constant) and not any(
            _may_give_other(call, parameter, position, default)
            for call in calls.get(name or "", ())
        ):
            yield parameter, bool(default.value)


def _may_give_other(call: ast.Call, name: str, position: int | None, default: ast.Constant) -> bool:
    """Whether a call may give a parameter an argument that is true where the default is not."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == name]
    if position is not None:
        given += call.args[position : position + 1]
        if any(isinstance(one, ast.Starred) for one in call.args):
            return True
    return any(keyword.arg is None for keyword in call.keywords) or any(
        not isinstance(one, ast.Constant) or bool(one.value) != bool(default.value) for one in given
    )
