"""The defaults of parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def defaults_of(parameters: ast.arguments) -> Iterator[tuple[str, ast.expr, int | None]]:
    """The parameters that have a default: the name, the default, and the position in a call."""
    positional = [*parameters.posonlyargs, *parameters.args]
    for position, default in enumerate(
        parameters.defaults, len(positional) - len(parameters.defaults)
    ):
        yield positional[position].arg, default, position
    for parameter, named in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        if named is not None:
            yield parameter.arg, named, None
