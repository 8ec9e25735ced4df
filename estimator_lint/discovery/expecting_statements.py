"""Statements of tests that expect an error, and what they enclose.

Blocks of ``with`` expect one by a context manager, which may be in a variable or be entered by an
``ExitStack``; ``try`` statements if the test fails unless a handler is reached.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Final, TypeAlias, TypeGuard

from estimator_lint.discovery.callables import last_name
from estimator_lint.discovery.definitions import Definitions, Scope, look_up_all
from estimator_lint.syntax.index_nodes import index_nodes

#: The first and the last line of a node.
Span: TypeAlias = "tuple[int, int]"

#: The methods that enter a context manager for the rest of a block or a test.
_ENTERING: Final = frozenset({"enter_context", "enterContext"})
#: The assertions of unittest that something was caught, which is given first.
_ASSERTING_THAT_SET: Final = frozenset({"assertTrue", "assertIsNotNone", "assertIsInstance"})

#: What TensorFlow and Python raise for faulty model functions, with what derives from these.
_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)


def expects_error(definitions: Definitions, call: ast.Call) -> bool:
    """Whether a call is of ``assertRaises``, pytest's ``raises``, or ``suppress`` in a test."""
    name = last_name(call.func)
    if name == "suppress":
        return any(map(_is_error, call.args)) and any(
            is_within(call, test) for test in _tests(definitions)
        )
    return name.startswith("assertRaises") or name == "raises"


def enclosed_by_contexts(
    definitions: Definitions, calls: list[tuple[ast.Call, Scope]]
) -> Iterator[Span]:
    """What the contexts that expect an error enclose, made by ``calls``."""
    if not calls:
        return
    starts = {(call.lineno, call.col_offset) for call, _ in calls}
    blocks = [
        node for node in definitions.source.nodes if isinstance(node, ast.With | ast.AsyncWith)
    ]
    for block in blocks:
        entered = [item.context_expr for item in block.items]
        if any(
            _encloses(node, starts) or _is_made_by(definitions, node, starts) for node in entered
        ):
            yield span_of(block)
    for call, scope in definitions.calls:
        if last_name(call.func) in _ENTERING and any(_encloses(one, starts) for one in call.args):
            yield call.lineno, _end_of_stack(call, scope, blocks)


def enclosed_by_try(definitions: Definitions) -> Iterator[Span]:
    """What ``try`` statements of tests enclose if the test fails without an error."""
    tests = list(_tests(definitions))
    for node in definitions.source.nodes if tests else ():
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if not isinstance(block, list):
                continue
            for position, statement in enumerate(block):
                if (
                    isinstance(statement, ast.Try)
                    and _needs_error(statement, block[:position], block[position + 1 :])
                    and any(is_within(statement, test) for test in tests)
                ):
                    yield span_of(statement.body[0])[0], span_of(statement.body[-1])[1]


def _tests(definitions: Definitions) -> Iterator[Span]:
    """The functions that unittest and pytest run, by their names.

    Other code lets errors pass so that it can go on, not because it expects them.
    """
    for function, name in definitions.names.items():
        if name.startswith("test"):
            yield span_of(function)


def span_of(node: ast.AST) -> Span:
    """The first and the last line of a node."""
    return node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]


def is_within(node: ast.AST, span: Span) -> bool:
    """Whether a node is in these lines."""
    first, last = span_of(node)
    return span[0] <= first and last <= span[1]


def _encloses(node: ast.AST, starts: set[tuple[int, int]]) -> bool:
    """Whether something that begins at one of ``starts`` belongs to an expression."""
    assert isinstance(node, ast.expr)
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return any((node.lineno, node.col_offset) <= start <= end for start in starts)


def _is_made_by(definitions: Definitions, node: ast.expr, starts: set[tuple[int, int]]) -> bool:
    """Whether an expression is a name of a context that is made at one of ``starts``.

    It is bound to it, or is a parameter to which a decorator of the test gives it.
    """
    if not isinstance(node, ast.Name):
        return False
    function = _innermost(definitions, node)
    scope = definitions.module if function is None else definitions.scopes[function]
    if any(_encloses(value, starts) for value, _ in look_up_all(scope, node.id)[0]):
        return True
    return (
        isinstance(function, ast.FunctionDef)
        and node.id in {argument.arg for argument in function.args.args}
        and any(_encloses(decorator, starts) for decorator in function.decorator_list)
    )


def _innermost(
    definitions: Definitions, node: ast.AST
) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    around = [
        function
        for function in definitions.names
        if not isinstance(function, ast.Lambda) and is_within(node, span_of(function))
    ]
    return max(around, key=lambda function: function.lineno, default=None)


def _end_of_stack(call: ast.Call, scope: Scope, blocks: list[ast.With | ast.AsyncWith]) -> int:
    """The last line of the block whose stack enters a context, or of the function."""
    stack = last_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    ends = [
        span_of(block)[1]
        for block in blocks
        if is_within(call, span_of(block))
        and any(
            item.optional_vars is not None and last_name(item.optional_vars) == stack
            for item in block.items
        )
    ]
    function = scope.function
    return min(ends, default=call.lineno if function is None else span_of(function)[1])


def _needs_error(node: ast.Try, before: list[ast.stmt], following: list[ast.stmt]) -> bool:
    """Whether a test fails unless a handler of ``node`` is reached.

    ``before`` and ``following`` are the statements of its block around it.
    """
    handlers = node.handlers
    if not any(kind is None or _is_error(kind) for kind in _caught(handlers)):
        return False
    if any(_is_failure(handler.body[-1]) for handler in handlers):
        return False
    ends = [*node.orelse, *(() if _is_handled(node.body[-1], handlers) else node.body[-1:])]
    if any(map(_is_failure, ends)):
        return True
    if all(isinstance(handler.body[-1], ast.Return) for handler in node.handlers):
        return any(map(_is_failure, following[:1]))
    noted = {
        target.id
        for handler in node.handlers
        for statement in handler.body
        if isinstance(statement, ast.Assign)
        if not isinstance(statement.value, ast.Constant) or statement.value.value
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    kept = {
        inner.id
        for statement in (*node.body, *node.orelse)
        for inner in index_nodes([statement])
        if _is_stored(inner)
    }
    return any(
        name in noted - kept and not _is_set(name, before)
        for name in map(_asserted_set, following)
        if name is not None
    )


def _is_set(name: str, statements: list[ast.stmt]) -> bool:
    """Whether a name has a value before a ``try`` that is neither None nor false."""
    is_set = False
    for statement in statements:
        match statement:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if name in {
                inner.id for inner in index_nodes([statement]) if _is_stored(inner)
            }:
                is_set = not isinstance(value, ast.Constant) or bool(value.value)
    return is_set


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_handled(statement: ast.stmt, handlers: list[ast.ExceptHandler]) -> bool:
    """Whether a statement raises, by its name, what one of the handlers catches."""
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = last_name(_called(statement.exc))
    return any(kind is not None and raised == last_name(kind) for kind in _caught(handlers))


def _caught(handlers: list[ast.ExceptHandler]) -> Iterator[ast.expr | None]:
    """Each type that handlers name, and None for a handler that catches everything."""
    for handler in handlers:
        if isinstance(handler.type, ast.Tuple):
            yield from handler.type.elts
        else:
            yield handler.type


def _is_failure(statement: ast.stmt) -> bool:
    """Whether a statement fails a test."""
    match statement:
        case ast.Raise(exc=error):
            return error is None or last_name(_called(error)) != "SystemExit"
        case ast.Assert(test=ast.Constant(value=value)):
            return not value
        case ast.Expr(value=ast.Call(func=called)):
            return last_name(called) == "fail"
    return False


def _asserted_set(statement: ast.stmt) -> str | None:
    """The name that a statement asserts to be true, or something else than None."""
    match statement:
        case (
            ast.Assert(test=ast.Name(id=name))
            | ast.Assert(
                test=ast.Compare(
                    left=ast.Name(id=name),
                    ops=[ast.IsNot()],
                    comparators=[ast.Constant(value=None)],
                )
            )
        ):
            return name
        case ast.Expr(value=ast.Call(func=called, args=[ast.Name(id=name), *_])) if (
            last_name(called) in _ASSERTING_THAT_SET
        ):
            return name
    return None


def _is_error(node: ast.expr) -> bool:
    """Whether exceptions may be what TensorFlow or Python raises for a faulty model function."""
    known = getattr(builtins, last_name(node), None)
    return isinstance(known, type) and (known is Exception or issubclass(known, _ERRORS))


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node
