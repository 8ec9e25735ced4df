"""Fixes for MFN101-104, 201 and 203: missing fields, specs and variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.fixes.added_arguments import add_argument, given
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.indenting import indentation_unit
from estimator_lint.fixes.known_expressions import expressions_for, skeletons_for, steps_of
from estimator_lint.fixes.source_index import insertion
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.reporting import listed
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
                yield from _skeletons(case, call, present, field)
                return

    return Fixer(code, propose)


#: For each field, the modes whose specs may have it afterwards; None: those that lack it. A
#: training step does not belong in the graphs of other modes.
_MAY_HAVE: Final = {"loss": frozenset(Mode), "predictions": frozenset(Mode), "train_op": None}


def _skeletons(
    case: Case, call: ast.Call, present: ast.expr | None, field: str
) -> Iterator[Proposal]:
    """Bind a variable to an expression that the user completes, and pass it."""
    mode = case.analysis.spelling.mode_at(call)
    only = _ONLY_IN.get(field)
    tests = [""]
    if mode is not None and only is not None and len(_modes_building(case)) > 1:
        operator, key = only
        tests.append(f"{mode} {operator} {case.analysis.spelling.key(key)}")
    for expression in skeletons_for(case, call, field):
        for test in tests:
            edits = _binding(case, call, present, field, expression, test)
            if edits:
                title = f"Set '{field}' to {expression}, to be completed"
                changes = _MAY_HAVE[field]
                yield Proposal(title, FixKind.SHOWN, edits, changes, is_last_resort=True)


#: The modes in which a field is needed, if not in all, as a comparison with a mode.
_ONLY_IN: Final = {"loss": ("!=", Mode.PREDICT), "train_op": ("==", Mode.TRAIN)}


def _binding(
    case: Case,
    call: ast.Call,
    present: ast.expr | None,
    field: str,
    expression: str,
    test: str,
) -> tuple[Edit, ...]:
    """Edits that bind and pass a variable, under a test; a value that is not None is kept."""
    statement = case.index.statement_of(call)
    indentation = "" if statement is None else case.index.before(statement)
    if statement is None or indentation.strip():
        return ()
    if present is None or isinstance(present, ast.Constant):
        name = case.analysis.new_name(field)
        value = f"{expression} if {test} else None" if test else expression
        passed = _passing(case, call, present, field, name)
        edits = [insertion((statement.lineno, 0), f"{indentation}{name} = {value}\n"), passed]
        return tuple(each for each in edits if each is not None)
    if not isinstance(present, ast.Name):
        return ()
    inner = indentation + indentation_unit(case.index, statement)
    head = f"if {present.id} is None" + (f" and {test}" if test else "")
    text = f"{indentation}{head}:\n{inner}{present.id} = {expression}\n"
    return (insertion((statement.lineno, 0), text),)


def _in_training_only(case: Case, call: ast.Call, expressions: Sequence[str]) -> list[str]:
    """The same for a spec that other modes also build."""
    mode = case.analysis.spelling.mode_at(call)
    if mode is None or _modes_building(case) <= {Mode.TRAIN}:
        return []
    key = case.analysis.spelling.key(Mode.TRAIN)
    return [f"{expression} if {mode} == {key} else None" for expression in expressions]


def _modes_building(case: Case) -> set[Mode]:
    """The modes that build the spec of the finding."""
    return {
        mode
        for function in case.analysis.functions
        for mode, trace in function.traces.items()
        for visit in trace.visits
        if (visit.place.position().line, visit.place.position().column) == case.place
    }


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
            fields = dict.fromkeys(
                it for mode in case.finding.modes for it in REQUIRED_FIELDS[mode]
            )
            values = {field: expressions_for(case, node.body[-1], field) for field in fields}
            yield from _new_spec(case, node, {name: some[:1] for name, some in values.items()}, [])
            skeleton, bindings = _completed(case, node.body[-1], values)
            for proposal in _new_spec(case, node, skeleton, bindings):
                title = f"{proposal.title}, to be completed"
                yield replace(proposal, title=title, is_last_resort=True)


def _completed(
    case: Case, node: ast.stmt, values: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    """Values for fields that lack them, which the user completes, and what binds the loss."""
    found = {field: list(some[:1]) for field, some in values.items()}
    bindings: list[str] = []
    if found.get("loss") == []:
        name = case.analysis.new_name("loss")
        for expression in skeletons_for(case, node, "loss")[:1]:
            bindings.append(f"{name} = {expression}")
            found["loss"] = [name]
            if found.get("train_op") == []:
                found["train_op"] = list(steps_of(case, node, name))[:1]
    for field, some in found.items():
        if not some:
            found[field] = skeletons_for(case, node, field)[:1]
    return found, bindings


def _new_spec(
    case: Case, function: AnyFunction, values: Mapping[str, Sequence[str]], bindings: list[str]
) -> Iterator[Proposal]:
    """Return a spec with the first of each field's values, after statements that bind variables."""
    assert not isinstance(function, ast.Lambda)
    spec = _spec_class(case, function)
    mode = case.analysis.spelling.mode_at(function.body[-1])
    if spec is None or mode is None or not all(values.values()):
        return
    given = ", ".join(f"{field}={some[0]}" for field, some in values.items())
    lines = [*bindings, f"return {spec}({mode}, {given})"]
    yield from _in_place_of_none(case, function, lines)
    yield from _at_the_end(case, function, lines, "Return a spec at the end")
    yield from _in_a_branch(case, function, lines, mode)


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
                yield from _at_the_end(case, function, [f"return {name}"], f"Return '{name}'")


def _builds_spec(case: Case, call: ast.Call) -> bool:
    path = case.analysis.definitions.path(call.func)
    return path is not None and spec_class(path) is not None


def _spec_class(case: Case, function: AnyFunction) -> str | None:
    """The class of the function's other specs, or else ``EstimatorSpec``."""
    for each in case.index.inside(function):
        if isinstance(each, ast.Call) and _builds_spec(case, each):
            return ast.unparse(each.func)
    return case.analysis.spelling.spec_class()


def _in_a_branch(
    case: Case, function: AnyFunction, lines: list[str], mode: str
) -> Iterator[Proposal]:
    """Return a spec before the modes that lack one return a variable that is None in them."""
    keys = [case.analysis.spelling.key(each) for each in case.finding.modes]
    test = f"== {keys[0]}" if len(keys) == 1 else f"in ({', '.join(keys)})"
    for each in case.index.inside(function):
        if isinstance(each, ast.Return) and isinstance(each.value, ast.Name):
            indentation = case.index.before(each)
            if case.index.scope_of(each) is function and not indentation.strip():
                inner = indentation + indentation_unit(case.index, each)
                branch = [f"{indentation}if {mode} {test}:", *(inner + line for line in lines)]
                text = "".join(f"{line}\n" for line in branch)
                title = f"Return a spec in {listed(case.finding.modes)} before line {each.lineno}"
                edit = insertion((each.lineno, 0), text)
                yield Proposal(title, FixKind.SHOWN, (edit,))


def _in_place_of_none(case: Case, function: AnyFunction, lines: list[str]) -> Iterator[Proposal]:
    """Return a spec in a ``return`` without one."""
    for each in case.index.inside(function):
        match each:
            case ast.Return(value=None | ast.Constant(value=None)):
                indentation = case.index.before(each)
                if len(lines) == 1 or not indentation.strip():
                    edit = case.index.replace(each, f"\n{indentation}".join(lines))
                    title = f"Return a spec in line {each.lineno}"
                    yield Proposal(title, FixKind.SHOWN, (edit,))


def _at_the_end(
    case: Case, function: AnyFunction, lines: list[str], title: str
) -> Iterator[Proposal]:
    """Add statements after the last one of a function."""
    assert not isinstance(function, ast.Lambda)
    last = function.body[-1]
    indentation = case.index.before(last)
    if not indentation.strip():
        end = last.end_lineno or last.lineno
        place = (end, len(case.index.source.lines[end - 1]))
        edit = insertion(place, "".join(f"\n{indentation}{line}" for line in lines))
        yield Proposal(title, FixKind.SHOWN, (edit,))


def _bound(case: Case) -> Iterator[Proposal]:
    """Assign None to the variable before the code that may bind it."""
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
            edit = insertion((statement.lineno, 0), f"{indentation}{read.id} = None\n")
            if not indentation.strip() and all(
                _may_be_none(case, each) for each in _read_as_none(case, read.id, statement, edit)
            ):
                yield Proposal(f"Set '{read.id}' to None first", FixKind.SHOWN, (edit,))
            return


def _read_as_none(case: Case, name: str, binding: ast.stmt, edit: Edit) -> Iterator[ast.Name]:
    """The reads of a variable that may find the None of an edit, in the modes of the finding.

    A statement reads what it has bound itself, unless it is a loop, in its first round.
    """
    after = case.analysis.with_text(apply_edits(case.analysis.text, (edit,)))
    ran = set[int]()
    for behaviour in after.behaviour if after is not None else ():
        for mode in case.finding.modes or Mode:
            ran |= behaviour[mode].lines
    is_loop = isinstance(binding, ast.For | ast.AsyncFor | ast.While)
    for node in case.index.inside(case.index.scope_of(binding)):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            statement = case.index.statement_of(node)
            first = binding.lineno if is_loop else (binding.end_lineno or binding.lineno) + 1
            line = 0 if statement is None else statement.lineno
            # The edit moved it by a line.
            if line >= first and (after is None or line + edit.text.count("\n") in ran):
                yield node


def _may_be_none(case: Case, read: ast.Name) -> bool:
    """Whether what reads a variable works with None."""
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
