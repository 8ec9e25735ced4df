"""Parameters that keep their defaults in every call of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from estimator_lint.discovery.definitions import AnyFunction


def defaults_kept(
    function: AnyFunction, calls: Mapping[str, Sequence[ast.Call]], *, is_method: bool
) -> Iterator[tuple[str, bool]]:
    """The parameters with constant defaults that no call gives, and whether the default is true.

    ``calls`` are those of the file, by the last names of what is called.
    """
    name = getattr(function, "name", None)
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    positional = positional[1:] if is_method else positional
    first = len(positional) - len(arguments.defaults)
    with_defaults = [
        *zip(positional[first:], arguments.defaults, range(first, len(positional)), strict=True),
        *(
            (parameter, default, None)
            for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ),
    ]
    for parameter, default, position in with_defaults:
        if isinstance(default, ast.Constant) and not any(
            _may_give(call, parameter.arg, position) for call in calls.get(name or "", ())
        ):
            yield parameter.arg, bool(default.value)


def _may_give(call: ast.Call, name: str, position: int | None) -> bool:
    """Whether a call gives an argument for a parameter, or may do so."""
    if any(keyword.arg in (None, name) for keyword in call.keywords):
        return True
    return position is not None and (
        len(call.args) > position or any(isinstance(one, ast.Starred) for one in call.args)
    )
