"""The parameters of a callable that TensorFlow sees.

``tensorflow.python.util.function_utils.fn_args`` (2.15.1, 1.15.0) lists those that
can be given by position, without what a ``functools.partial`` has filled and
without the receiver of a bound method.  It does not see keyword-only ones, and
does not look behind ``functools.wraps``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["positional-only", "positional", "keyword-only", "*", "**"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function; ``node`` says where it is."""

    name: str
    kind: Kind
    has_default: bool
    node: ast.arg


@dataclass(frozen=True)
class Signature:
    """The parameters that are left for a caller to fill, in order."""

    parameters: tuple[Parameter, ...]

    @property
    def seen(self) -> tuple[Parameter, ...]:
        """The names that ``fn_args`` lists."""
        return tuple(p for p in self.parameters if p.kind.startswith("positional"))

    def of_kind(self, *kinds: Kind) -> tuple[Parameter, ...]:
        """The parameters of certain kinds."""
        return tuple(p for p in self.parameters if p.kind in kinds)

    def named(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((p for p in self.parameters if p.name == name), None)

    def without_first(self, count: int) -> Signature:
        """The rest of the signature after the first arguments are filled."""
        filled = set(self.seen[:count])
        return replace(self, parameters=tuple(p for p in self.parameters if p not in filled))

    def without_names(self, names: frozenset[str]) -> Signature:
        """The rest of the signature after arguments are filled by name."""
        left = tuple(p for p in self.parameters if p.name not in names or p.kind in ("*", "**"))
        return replace(self, parameters=left)


def signature_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Signature:
    """The signature of a function as it is written."""
    return Signature(tuple(_parameters(node.args)))


def _parameters(arguments: ast.arguments) -> Iterator[Parameter]:
    by_position = [*arguments.posonlyargs, *arguments.args]
    first_default = len(by_position) - len(arguments.defaults)
    for index, argument in enumerate(by_position):
        kind: Kind = "positional-only" if index < len(arguments.posonlyargs) else "positional"
        yield Parameter(argument.arg, kind, index >= first_default, argument)
    if arguments.vararg is not None:
        yield Parameter(arguments.vararg.arg, "*", True, arguments.vararg)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(argument.arg, "keyword-only", default is not None, argument)
    if arguments.kwarg is not None:
        yield Parameter(arguments.kwarg.arg, "**", True, arguments.kwarg)
