"""What decorators make of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.values import (
    Argument,
    BoundBuiltin,
    BoundMethod,
    ClassValue,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.project.code import FunctionCode
from estimator_lint.syntax.nodes import final_name

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Result

#: Decorators whose result is called like the function itself.
_TRANSPARENT_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cache", "lru_cache", "wraps", "cached_property"}
    | {"abstractmethod", "override", "deprecated", "function"}
)
#: Those with which the function runs once for the same arguments.
_CACHING_DECORATORS = frozenset({"cache", "lru_cache"})


def opaque_decorators(code: FunctionCode) -> bool:
    """Whether a decorator may change the effect of calling the function."""
    if not isinstance(code.node, cst.FunctionDef):
        return False
    return not all(is_transparent(code, decorator.decorator) for decorator in code.node.decorators)


def is_transparent(code: FunctionCode, decorator: cst.BaseExpression) -> bool:
    """Whether what a decorator makes of a function is called like the function itself."""
    name = final_name(decorator)
    if name in _CACHING_DECORATORS and _has_effects(code):
        return False
    return name in _TRANSPARENT_DECORATORS


def _has_effects(code: FunctionCode) -> bool:
    """Whether a function changes more than variables of its own."""
    outside = code.global_names | code.names_rebound_outside
    return bool(outside) or code.may_change_objects


def decorator_names(code: FunctionCode) -> tuple[str, ...]:
    """The last names of the decorators, the called ones included; ``?`` for others."""
    if not isinstance(code.node, cst.FunctionDef):
        return ()
    return tuple(final_name(decorator.decorator) for decorator in code.node.decorators)


def decorated(ev: Evaluator, code: FunctionCode, made: list[Result]) -> list[Result]:
    """What decorators make of a function: those of the project are called, from the last one on.

    What one makes that can't be seen is some object.
    """
    if not opaque_decorators(code):
        return made
    assert isinstance(code.node, cst.FunctionDef)
    nodes = [one.decorator for one in code.node.decorators]
    within = ev.scope and ev.scope.identity  # each call of the enclosing function makes another
    results: list[Result] = []
    for used, before in ev.evaluate_all(nodes, ev.push(made)):
        paths: list[Result] = [(before.pop(), before)]
        for node, decorator in zip(reversed(nodes), reversed(used), strict=True):
            if is_transparent(code, node):
                continue
            if not _is_followed(decorator):
                value = ev.symbolic_value("decorated", id(code), within, not_none=True)
                for function, _ in paths:
                    ev.note_operands(value.number, (function, *used))
                paths = [(value, after) for _, after in paths]
                continue
            paths = [
                result
                for function, after in paths
                for result in ev.call(decorator, [Argument(function)], node, after)
            ]
        results += paths
    return results


def _is_followed(decorator: Value) -> bool:
    """Whether it is known what a call of the decorator does."""
    match decorator:
        case PartialValue():
            return _is_followed(decorator.function)
        case SymbolicValue():
            return decorator.instance_of is not None
    return isinstance(decorator, FunctionValue | BoundMethod | ClassValue | BoundBuiltin)
