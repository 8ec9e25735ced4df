"""Fixes for MFN403 and MFN404: parameters for the arguments that an Estimator passes."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from typing import Final

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.source_index import insertion


def _params_added(case: Case) -> Iterator[Proposal]:
    """Add a parameter ``params``; calls without it remain correct."""
    for function in case.analysis.functions:
        node = function.function.node
        edit = _parameter_added(case, node, "params")
        if edit is not None and node in case.analysis.definitions.scopes:
            title = f"Add the parameter 'params' to '{function.function.name}'"
            yield Proposal(title, _kind(case, node, "params"), (edit,))


def _kind(case: Case, function: AnyFunction, name: str) -> FixKind:
    """How safe a new parameter is.

    It is unsafe if it hides a variable of another scope that the function reads, or takes an
    argument that went to ``*args``.
    """
    if function.args.vararg is not None:
        return FixKind.UNSAFE
    reads = (node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name)
    scope = case.analysis.definitions.scopes.get(function)
    is_own = scope is not None and scope.times_bound[name] > 0
    return FixKind.SAFE if is_own or next(reads, None) is None else FixKind.UNSAFE


def _parameter_added(case: Case, function: AnyFunction, name: str) -> Edit | None:
    """An edit that adds a parameter with the default None after the positional ones."""
    arguments = function.args
    taken = [*arguments.posonlyargs, *arguments.args]
    if not taken:
        return None
    last: ast.expr | ast.arg = arguments.defaults[-1] if arguments.defaults else taken[-1]
    end = _end_with_parentheses(case, taken[-1], last)
    indentation = case.index.before(taken[-1])
    separator = " " if indentation.strip() else f"\n{indentation}"
    return insertion(end, f",{separator}{name}=None")


def _end_with_parentheses(
    case: Case, parameter: ast.arg, last: ast.expr | ast.arg
) -> tuple[int, int]:
    """Where a parameter ends with its default; each may be in parentheses."""
    start, end = case.index.start(parameter), case.index.end(last)
    opened = 0
    for token in case.index.tokens:
        if token.start >= end and not opened:
            break
        if token.start >= start and token.string in _BRACKETS:
            opened += _BRACKETS[token.string]
            end = max(end, token.end)
    return end


#: The change of the nesting depth by a bracket.
_BRACKETS: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def _made_fillable(case: Case) -> Iterator[Proposal]:
    """Remove a marker, ``*`` or ``/``, that keeps an Estimator from passing an argument."""
    for node in case.index.nodes_at(*case.place):
        if not isinstance(node, ast.arg):
            continue
        function = next(
            (each for each in case.index.around(node) if isinstance(each, _FUNCTIONS)), None
        )
        if function is None:
            continue
        arguments = function.args
        if node in arguments.kwonlyargs and arguments.vararg is None:
            star = _star_before(case, arguments.kwonlyargs[0])
            yield from _without_marker(case, star, "Allow it to be passed by position")
        elif node in arguments.posonlyargs:
            slash = _slash_behind(case, arguments.posonlyargs[-1])
            yield from _without_marker(case, slash, "Allow it to be passed by name")
        elif node in (arguments.vararg, arguments.kwarg):
            yield from _labels_added(case, function, node)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _without_marker(
    case: Case, marker: tokenize.TokenInfo | None, title: str
) -> Iterator[Proposal]:
    """Remove ``*`` or ``/`` with the comma after it, or else the one before it."""
    if marker is None:
        return
    tokens = [token for token in case.index.tokens if token.type == tokenize.OP]
    at = tokens.index(marker)
    comma, following = tokens[at - 1], tokens[at + 1]
    start, end = marker.start, marker.end
    if following.string == ",":
        line, column = following.end
        rest = case.index.source.lines[line - 1][column:]
        end = (line, column + len(rest) - len(rest.lstrip()))
    elif "#" not in case.index.between(comma.end, start):
        start = comma.start
    yield Proposal(title, FixKind.SAFE, (Edit(*start, *end, ""),))


def _star_before(case: Case, parameter: ast.arg) -> tokenize.TokenInfo | None:
    """The ``*`` before the first keyword-only parameter."""
    start = case.index.start(parameter)
    return next(
        (
            token
            for token in reversed(case.index.tokens)
            if token.end <= start and token.string == "*"
        ),
        None,
    )


def _slash_behind(case: Case, parameter: ast.arg) -> tokenize.TokenInfo | None:
    """The ``/`` after the last positional-only parameter."""
    end = case.index.end(parameter)
    return next(
        (token for token in case.index.tokens if token.start >= end and token.string == "/"), None
    )


def _labels_added(case: Case, function: AnyFunction, stars: ast.arg) -> Iterator[Proposal]:
    """Add a parameter ``labels``, if the function never reads its ``**kwargs``."""
    reads = (
        node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == stars.arg
    )
    edit = _parameter_added(case, function, "labels")
    if next(reads, None) is None and edit is not None:
        yield Proposal("Add the parameter 'labels'", _kind(case, function, "labels"), (edit,))


PARAMETER_FIXERS = (Fixer("MFN403", _params_added), Fixer("MFN404", _made_fillable))
