"""Fixes for MFN101-104, 201 and 203: what is missing, of what the function has at hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from estimator_lint.fixes.added_arguments import add_argument, given
from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.source_index import insertion
from estimator_lint.tensorflow_api.specs import REQUIRED_FIELDS

#: More choices than this are none.
_MOST_CHOICES: Final = 3


def _field_added(code: str, field: str) -> Fixer:
    """A fixer that gives a spec what a variable of the function holds."""

    def propose(case: Case) -> Iterator[Proposal]:
        for call in case.index.nodes_at(*case.place):
            if isinstance(call, ast.Call):
                for name in _variables(case, call, field):
                    present = given(call, field)
                    if present is None:
                        edit = add_argument(case.index, call, f"{field}={name}")
                    elif isinstance(present, ast.Constant):
                        edit = case.index.replace(present, name)
                    else:
                        return
                    yield Proposal(f"Pass '{field}={name}'", FixKind.SHOWN, (edit,))
                return

    return Fixer(code, propose)


def _variables(case: Case, node: ast.AST, field: str) -> Sequence[str]:
    """The variables of a function that are called like a field, the best first."""
    scope = case.index.scope_of(node)
    names = {
        each.id
        for each in case.index.inside(scope)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    part = field.removesuffix("s")
    return sorted((name for name in names if part in name), key=lambda name: (len(name), name))[
        :_MOST_CHOICES
    ]


def _returned(case: Case) -> Iterator[Proposal]:
    """The function ends by returning a spec with what the modes require."""
    spec = case.analysis.spelling.spec_class()
    for function in case.analysis.functions:
        node = function.function.node
        position = function.name_place.position()
        if (position.line, position.column) != case.place or isinstance(node, ast.Lambda):
            continue
        last = node.body[-1]
        indentation = case.index.before(last)
        mode = case.analysis.spelling.mode_at(last)
        fields = {field: None for each in case.finding.modes for field in REQUIRED_FIELDS[each]}
        names = {field: _variables(case, last, field)[:1] for field in fields}
        if spec is None or mode is None or indentation.strip() or not all(names.values()):
            continue
        given_fields = ", ".join(f"{field}={name[0]}" for field, name in names.items())
        end = last.end_lineno or last.lineno
        place = (end, len(case.index.source.lines[end - 1]))
        edit = insertion(place, f"\n{indentation}return {spec}({mode}, {given_fields})")
        yield Proposal("Return a spec at the end", FixKind.SHOWN, (edit,))


def _bound(case: Case) -> Iterator[Proposal]:
    """The variable is None before what may bind it."""
    read = case.expression
    scope = None if read is None else case.index.scope_of(read)
    if not isinstance(read, ast.Name) or not isinstance(scope, ast.FunctionDef):
        return
    for statement in scope.body:
        if any(
            isinstance(node, ast.Name) and node.id == read.id and isinstance(node.ctx, ast.Store)
            for node in case.index.inside(statement)
        ):
            indentation = case.index.before(statement)
            if not indentation.strip():
                edit = insertion((statement.lineno, 0), f"{indentation}{read.id} = None\n")
                yield Proposal(f"Set '{read.id}' to None first", FixKind.SHOWN, (edit,))
            return


SKELETON_FIXERS = (
    _field_added("MFN101", "loss"),
    _field_added("MFN102", "train_op"),
    _field_added("MFN103", "loss"),
    _field_added("MFN104", "predictions"),
    Fixer("MFN201", _returned),
    Fixer("MFN203", _bound),
)
