"""Which lines of the training step are under the gradient tape."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst

from estimator_lint.syntax.local_bindings import assigns_within
from estimator_lint.syntax.nodes import children, descendants

_FUNCTIONS = (cst.FunctionDef, cst.Lambda)


def under_tape(
    statements: Sequence[cst.BaseStatement], tape: str, root: str, *, persistent: bool
) -> list[cst.BaseStatement]:
    """``statements`` with those under the tape whose computation gradients are taken of.

    Args:
        statements: of the step, in order.
        tape: the name of the tape.
        root: the name of TensorFlow.
        persistent: gradients are taken more than once.
    """
    users = _users(statements, tape)
    using = [index for index, each in enumerate(statements) if _uses(each, users)]
    if not using:
        return list(statements)
    first, last = using[0], using[-1]
    end = first if first and _only_takes(statements[first], tape, users) else last + 1
    if end == first and any(_uses(each, users) for each in statements[first + 1 :]):
        end = last + 1
    made = f"{root}.GradientTape({'persistent=True' if persistent else ''})"
    inside = list(statements[:end])
    block = cst.With(
        items=[cst.WithItem(cst.parse_expression(made), cst.AsName(cst.Name(tape)))],
        body=cst.IndentedBlock(inside),
    )
    return [block, *statements[end:]]


def _users(statements: Sequence[cst.BaseStatement], tape: str) -> frozenset[str]:
    """The names through which a call takes gradients: the tape, and functions that use it."""
    found = {tape}
    for statement in statements:
        for node in descendants(statement):
            if isinstance(node, cst.FunctionDef) and _names(node.body) & found:
                found.add(node.name.value)
            elif isinstance(node, cst.Assign):
                target = node.targets[0].target
                if isinstance(target, cst.Name) and _lambda_uses(node.value, found):
                    found.add(target.value)
    return frozenset(found)


def _lambda_uses(node: cst.CSTNode, users: Collection[str]) -> bool:
    return any(
        isinstance(each, cst.Lambda) and not _names(each).isdisjoint(users)
        for each in descendants(node)
    )


def _names(node: cst.CSTNode) -> set[str]:
    return {each.value for each in descendants(node) if isinstance(each, cst.Name)}


def _uses(statement: cst.CSTNode, users: frozenset[str]) -> bool:
    """Whether running a statement may take gradients; defining a function does not run it.

    A function that gets a lambda may call it.
    """
    if isinstance(statement, cst.FunctionDef | cst.Lambda):
        return False
    if isinstance(statement, cst.Name):
        return statement.value in users
    if isinstance(statement, cst.AssignTarget):
        return False
    if isinstance(statement, cst.Call) and any(
        _lambda_uses(argument.value, users) for argument in statement.args
    ):
        return True
    return any(_uses(child, users) for child in children(statement))


def _only_takes(statement: cst.CSTNode, tape: str, users: frozenset[str]) -> bool:
    """Whether a statement takes the gradients of a variable and computes nothing before that."""
    if assigns_within(statement):
        return False
    match statement:
        case cst.With(body=body):
            return _only_takes(body.body[0], tape, users)
        case cst.If(body=body, orelse=orelse):
            rest = [] if orelse is None else [orelse]
            return all(
                not _uses(block, users) or _only_takes(block, tape, users)
                for block in (body, *rest)
            )
        case cst.IndentedBlock(body=body):
            return _only_takes(body[0], tape, users)
        case cst.Else(body=body):
            return _only_takes(body, tape, users)
        case cst.SimpleStatementLine():
            return any(
                isinstance(node, cst.Call)
                and isinstance(node.func, cst.Attribute)
                and node.func.attr.value == "gradient"
                and isinstance(node.func.value, cst.Name)
                and node.func.value.value == tape
                and isinstance(node.args[0].value, cst.Name)
                for node in descendants(statement)
            )
        case _:
            return False
