"""Fixes for MFN101-104, 201 and 203: missing fields, specs and variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.fixes.added_arguments import add_argument, given
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.known_expressions import expressions_for
from estimator_lint.fixes.source_index import insertion
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.specs import REQUIRED_FIELDS
from estimator_lint.tensorflow_api.symbols import spec_class


def _field_added(code: str, field: str) -> Fixer:
    """A fixer that passes one of the function's expressions for a missing field."""

    def propose(case: Case) -> Iterator[Proposal]:
        for call in case.index.nodes_at(*case.place):
            if isinstance(call, ast.Call):
                present = given(call, field, _position(case, field))
                expressions = expressions_for(case, call, field)
                if field == "train_op":
                    expressions += _in_training_only(case, call, expressions)
                for expression in expressions:
                    edit = _passing(case, call, present, field, expression)
                    if edit is not None:
                        title = f"Pass '{field}={expression}'"
                        yield Proposal(title, FixKind.SHOWN, (edit,), _MAY_HAVE[field])
                return

    return Fixer(code, propose)


#: For each field, the modes whose specs may have it afterwards; None: those that lack it. A
#: training step does not belong in the graphs of other modes.
_MAY_HAVE: Final = {"loss": frozenset(Mode), "predictions": frozenset(Mode), "train_op": None}


def _in_training_only(case: Case, call: ast.Call, expressions: Sequence[str]) -> list[str]:
    """The same for a spec that other modes also build."""
    mode = case.analysis.spelling.mode_at(call)
    if mode is None:
        return []
    key = case.analysis.spelling.key(Mode.TRAIN)
    return [f"{expression} if {mode} == {key} else None" for expression in expressions]


def _position(case: Case, field: str) -> int | None:
    """The position of a field among the arguments of the spec's class."""
    for visit in case.analysis.visits():
        position = visit.place.position()
        if (position.line, position.column) == case.place and field in visit.spec_class.fields:
            return visit.spec_class.fields.index(field)
    return None


def _passing(
    case: Case, call: ast.Call, present: ast.expr | None, field: str, expression: str
) -> Edit | None:
    """An edit that passes an expression as a field; None if another value has to stay there.

    Only one mode needs a training step, so it may replace an existing one.
    """
    if present is None:
        return add_argument(case.index, call, f"{field}={expression}")
    if case.index.text(present) == expression:
        return None
    is_certain = field == "train_op" and not case.finding.is_possible
    if isinstance(present, ast.Constant) or is_certain:
        return case.index.replace(present, expression)
    return None


def _returned(case: Case) -> Iterator[Proposal]:
    """Return a spec with the fields that the modes require, or the one that is already built."""
    for function in case.analysis.functions:
        node = function.function.node
        position = function.name_place.position()
        if (position.line, position.column) == case.place and not isinstance(node, ast.Lambda):
            yield from _built_already(case, node)
            spec = _spec(case, node.body[-1])
            if spec is not None:
                yield from _in_place_of_none(case, node, spec)
                yield from _at_the_end(case, node, f"return {spec}", "Return a spec at the end")


def _built_already(case: Case, function: AnyFunction) -> Iterator[Proposal]:
    """Return a spec that is built but not returned."""
    for each in case.index.inside(function):
        match each:
            case ast.Expr(value=ast.Call() as call) if _builds_spec(case, call):
                edit = case.index.insert_before(each, "return ")
                yield Proposal("Return the spec", FixKind.SHOWN, (edit,))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if _builds_spec(
                case, call
            ):
                yield from _at_the_end(case, function, f"return {name}", f"Return '{name}'")


def _builds_spec(case: Case, call: ast.Call) -> bool:
    path = case.analysis.definitions.path(call.func)
    return path is not None and spec_class(path) is not None


def _spec(case: Case, node: ast.stmt) -> str | None:
    """A spec with the fields that the finding's modes require; None if an expression is lacking."""
    spec = case.analysis.spelling.spec_class()
    mode = case.analysis.spelling.mode_at(node)
    fields = {field: None for each in case.finding.modes for field in REQUIRED_FIELDS[each]}
    values = {field: expressions_for(case, node, field)[:1] for field in fields}
    if spec is None or mode is None or not all(values.values()):
        return None
    return f"{spec}({mode}, {', '.join(f'{field}={one[0]}' for field, one in values.items())})"


def _in_place_of_none(case: Case, function: AnyFunction, spec: str) -> Iterator[Proposal]:
    """Return a spec in a ``return`` without one."""
    for each in case.index.inside(function):
        match each:
            case ast.Return(value=None | ast.Constant(value=None)):
                edit = case.index.replace(each, f"return {spec}")
                title = f"Return a spec in line {each.lineno}"
                yield Proposal(title, FixKind.SHOWN, (edit,))


def _at_the_end(
    case: Case, function: AnyFunction, statement: str, title: str
) -> Iterator[Proposal]:
    """Add a statement after the last one of a function."""
    assert not isinstance(function, ast.Lambda)
    last = function.body[-1]
    indentation = case.index.before(last)
    if not indentation.strip():
        end = last.end_lineno or last.lineno
        place = (end, len(case.index.source.lines[end - 1]))
        edit = insertion(place, f"\n{indentation}{statement}")
        yield Proposal(title, FixKind.SHOWN, (edit,))


def _bound(case: Case) -> Iterator[Proposal]:
    """Assign None to the variable before the code that may bind it."""
    read = case.expression
    scope = None if read is None else case.index.scope_of(read)
    if not isinstance(read, ast.Name) or not isinstance(scope, ast.FunctionDef):
        return
    if not _may_be_none(case, read):
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


def _may_be_none(case: Case, read: ast.Name) -> bool:
    """Whether all uses of a variable work with None."""
    parent = next(case.index.around(read), None)
    if isinstance(parent, ast.keyword):
        parent = next(case.index.around(parent), None)
    match parent:
        case ast.Call():
            return _builds_spec(case, parent)
        case ast.Compare(ops=operators):
            plain = (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)
            return all(isinstance(operator, plain) for operator in operators)
        case ast.BinOp() | ast.Subscript() | ast.Attribute() | ast.Starred() | ast.For():
            return False
    return True


SKELETON_FIXERS = (
    _field_added("MFN101", "loss"),
    _field_added("MFN102", "train_op"),
    _field_added("MFN103", "loss"),
    _field_added("MFN104", "predictions"),
    Fixer("MFN201", _returned),
    Fixer("MFN203", _bound),
)
