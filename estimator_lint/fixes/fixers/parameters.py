"""Fixes for MFN403 and MFN404: parameters that an Estimator passes, and how it can."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.source_index import insertion


def _params_added(case: Case) -> Iterator[Proposal]:
    """A model function takes the params that it is given; who calls it without stays right."""
    for function in case.analysis.functions:
        node = function.function.node
        edit = _parameter_added(case, node, "params")
        if edit is not None and node in case.analysis.definitions.scopes:
            title = f"Add the parameter 'params' to '{function.function.name}'"
            yield Proposal(title, FixKind.SAFE, (edit,))


def _parameter_added(case: Case, function: AnyFunction, name: str) -> Edit | None:
    """An edit that adds a parameter with the default None behind those by position."""
    arguments = function.args
    taken = [*arguments.posonlyargs, *arguments.args]
    if not taken:
        return None
    last: ast.expr | ast.arg = arguments.defaults[-1] if arguments.defaults else taken[-1]
    if not _is_plain(case, last):
        return None
    indentation = case.index.before(taken[-1])
    separator = " " if indentation.strip() else f"\n{indentation}"
    return case.index.insert_after(last, f",{separator}{name}=None")


def _is_plain(case: Case, last: ast.expr | ast.arg) -> bool:
    """Whether nothing but a comma or the end of the parameters follows."""
    line, column = case.index.end(last)
    return case.index.source.lines[line - 1][column : column + 1] in (",", ")", ":", "")


def _made_fillable(case: Case) -> Iterator[Proposal]:
    """What an Estimator can't fill for a marker, ``*`` or ``/``, loses the marker."""
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
            yield from _without_marker(
                case, r"\*\s*,\s*", node, "Allow it to be passed by position"
            )
        elif node in arguments.posonlyargs:
            yield from _without_slash(case, arguments)
        elif node in (arguments.vararg, arguments.kwarg):
            yield from _labels_added(case, function, node)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _without_marker(case: Case, pattern: str, node: ast.arg, title: str) -> Iterator[Proposal]:
    """``*, `` before the first keyword-only parameter is taken out."""
    line, _ = case.index.start(node)
    found = re.search(pattern + r"\Z", case.index.before(node))
    if found is not None:
        edit = Edit(line, found.start(), line, found.end(), "")
        yield Proposal(title, FixKind.SAFE, (edit,))


def _without_slash(case: Case, arguments: ast.arguments) -> Iterator[Proposal]:
    last = arguments.posonlyargs[-1]
    line, column = case.index.end(last)
    found = re.match(r"\s*,\s*/", case.index.source.lines[line - 1][column:])
    if found is not None:
        edit = Edit(line, column, line, column + found.end(), "")
        yield Proposal("Allow it to be passed by name", FixKind.SAFE, (edit,))


def _labels_added(case: Case, function: AnyFunction, stars: ast.arg) -> Iterator[Proposal]:
    """``labels`` is taken by its name, where nothing looks for it among the others."""
    reads = (
        node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == stars.arg
    )
    taken = [*function.args.posonlyargs, *function.args.args]
    if next(reads, None) is None and taken and not function.args.defaults:
        edit = insertion(case.index.end(taken[0]), ", labels")
        yield Proposal("Add the parameter 'labels'", FixKind.SAFE, (edit,))


PARAMETER_FIXERS = (Fixer("MFN403", _params_added), Fixer("MFN404", _made_fillable))
