"""Batches of one example, as a file writes their size."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Final

from estimator_lint.syntax.parameter_defaults import defaults_of

#: Which argument of a method or function that makes batches is their size.
_BATCHING: Final = {"batch": 0, "map_and_batch": 1, "padded_batch": 0}
#: What the names of sizes end with.
_ENDS_OF_SIZES: Final = ("batch", "batch_size", "batchsize")


def makes_batches_of_one(nodes: Collection[ast.AST]) -> bool:
    """Whether all batches whose size a file writes are of one example, and there are some.

    Where others are larger, those of one are mostly for prediction, which has no loss.
    """
    given = list(chain.from_iterable(map(_given, nodes)))
    names = {size.id for size in given if isinstance(size, ast.Name)}
    stored = (size for node in nodes for name, size in _stored(node) if _is_size(name, names))
    sizes = [size.value for size in (*given, *stored) if isinstance(size, ast.Constant)]
    return {size for size in sizes if type(size) is int} == {1}


def _given(node: ast.AST) -> Iterator[ast.expr]:
    """What a call gives as the size of batches."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=arguments):
            position = _BATCHING.get(name)
            if position is not None and position < len(arguments):
                yield arguments[position]
            match arguments:
                case [ast.Constant(value=str() as flag), size, *_] if _is_size(flag):
                    yield size
        case ast.keyword(arg=str() as name, value=size) if _is_size(name):
            yield size


def _stored(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What a statement stores under names, a dict under keys, and parameters have as default."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from zip(map(_name, targets), values, strict=False)
        case ast.Assign(targets=targets, value=value):
            yield from ((_name(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield _name(target), value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.arguments():
            for name, default, _ in defaults_of(node):
                # For other defaults, a call may give another size.
                if isinstance(default, ast.Constant) and default.value == 1:
                    yield name, default


def _is_size(name: str, names: Iterable[str] = ()) -> bool:
    return name.lower().endswith(_ENDS_OF_SIZES) or name in names


def _name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""
