"""Batches of one example, as a file writes their size."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

#: Methods of datasets that make batches, and what the names of sizes end with.
_BATCHING = frozenset({"batch", "padded_batch"})
_ENDS_OF_SIZES = ("batch", "batch_size", "batchsize")


def makes_batches_of_one(nodes: Iterable[ast.AST]) -> bool:
    """Whether all batches whose size a file writes are of one example, and there are some.

    Where others are larger, those of one are mostly for prediction, which has no loss.
    """
    sizes = [
        size.value for node in nodes for size in _sizes(node) if isinstance(size, ast.Constant)
    ]
    return {size for size in sizes if type(size) is int} == {1}


def _sizes(node: ast.AST) -> Iterator[ast.AST | None]:
    """What a node gives names of sizes, or a method that makes batches."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[size, *_]) if name in _BATCHING:
            yield size
        case ast.Call(args=[ast.Constant(value=str() as name), size, *_]) if _is_size(name):
            yield size  # of a flag
        case ast.keyword(arg=str() as name, value=size) if _is_size(name):
            yield size
        case ast.Assign(targets=targets, value=size):
            if any(_is_size(_name(target)) for target in targets):
                yield size
        case ast.AnnAssign(target=target, value=size) if _is_size(_name(target)):
            yield size
        case ast.Dict(keys=keys, values=values):
            for key, size in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield size if _is_size(key.value) else None
        case ast.arguments(posonlyargs=first, args=others, kwonlyargs=named):
            positional = [*first, *others][::-1]
            for parameter, size in (
                *zip(positional, node.defaults[::-1], strict=False),
                *zip(named, node.kw_defaults, strict=True),
            ):
                # A call may give another size than the default.
                is_one = isinstance(size, ast.Constant) and size.value == 1
                yield size if is_one and _is_size(parameter.arg) else None


def _is_size(name: str) -> bool:
    return name.lower().endswith(_ENDS_OF_SIZES)


def _name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""
