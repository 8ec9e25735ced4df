"""Fixes for MFN302 and MFN303: metrics not as pairs, not in a dict, or with a reserved name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.domain.values.values import Constant, TupleValue
from estimator_lint.fixes.dict_entries import DictEntry, entries_of, keys_in
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.rules.train_ops import items_of
from estimator_lint.tensorflow_api.field_checks import RESERVED_METRICS


def _pairs(case: Case) -> Iterator[Proposal]:
    """Replace a value or an update op by the metric that it was taken from."""
    node = case.expression
    if node is None:
        return
    is_shared = _is_used_elsewhere(case, node)
    names = _wrong_entries(case)
    firsts: dict[DictEntry, Proposal] = {}
    for name in names:
        entries = _entries(case, node, name)
        for entry in entries:
            is_safe = not is_shared and _is_entry_of(case, entry, node)
            kind = FixKind.SAFE if is_safe else FixKind.UNSAFE
            for title, edits in _paired(case, entry):
                proposal = Proposal(title, kind, edits)
                firsts.setdefault(entry, proposal)
                if len(names) == 1:
                    yield proposal
        if firsts.keys().isdisjoint(entries):
            return
    if len(firsts) > 1:
        title = f"Make {len(firsts)} metrics (value, update_op) tuples"
        kind = max((each.kind for each in firsts.values()), key=list(FixKind).index)
        together = dict.fromkeys(edit for each in firsts.values() for edit in each.edits)
        yield Proposal(title, kind, tuple(together))


def _is_entry_of(case: Case, entry: DictEntry, node: ast.expr) -> bool:
    """Whether an entry is in a dict display, or is filled into a variable of the function.

    A dict that the function gets from elsewhere, or under another name, may have other readers.
    """
    around = case.index.around(entry.key)
    filled: list[ast.expr] = []
    match next(around, None):
        case ast.Subscript(value=value) | ast.Call(func=ast.Attribute(attr="update", value=value)):
            filled = [value]
        case ast.Dict() | ast.Call() as display:
            if display is node:
                return True
            match next(around, None):
                case ast.Assign(targets=targets):
                    filled = targets
                case ast.Call(func=ast.Attribute(attr="update", value=value)):
                    filled = [value]
    return isinstance(node, ast.Name) and any(
        isinstance(each, ast.Name)
        and each.id == node.id
        and case.index.scope_of(each) is case.index.scope_of(node)
        for each in filled
    )


def _is_used_elsewhere(case: Case, node: ast.expr) -> bool:
    """Whether other code may read the items of the dict, as for summaries."""
    if not isinstance(node, ast.Name):
        return not isinstance(node, ast.Dict)
    filled_in = 0
    scope = case.index.scope_of(node)
    for each in case.index.inside(scope):
        match each:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()) if name == node.id:
                filled_in += 1
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update")):
                filled_in += name == node.id
    return node.id not in _bound_in(scope) or _reads(case, scope, node.id) > filled_in + 1


def _bound_in(scope: ast.AST) -> set[str]:
    """The names that a function assigns to."""
    return {
        node.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _wrong_entries(case: Case) -> list[str]:
    """The names of the metrics that are wrong at the place of the finding."""
    names: dict[str, None] = {}
    for visit in case.analysis.visits():
        for mistyped in visit.mistyped:
            position = (mistyped.place or visit.place_of(mistyped.field)).position()
            if (position.line, position.column) == case.place and mistyped.part.startswith('["'):
                names.setdefault(mistyped.part[2:-2])
    return list(names) or _keys_of(case.expression)


def _keys_of(node: ast.expr | None) -> list[str]:
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return [
        key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]


def _entries(case: Case, node: ast.expr, name: str) -> list[DictEntry]:
    """Where the metric of a name may be put into the dict: near its use, or else anywhere."""
    index = case.index
    return (
        list(entries_of(index, node, name))
        or list(entries_of(index, index.scope_of(node), name))
        or list(entries_of(index, index.source.tree, name))
    )


def _paired(case: Case, entry: DictEntry) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    value = entry.value
    index = case.index
    if _is_half(value):
        yield "Pass the whole (value, update_op) tuple", (_without_index(case, value),)
    elif isinstance(value, ast.List) and len(value.elts) == 2:
        start, end = index.start(value), index.end(value)
        edits = (
            Edit(*start, start[0], start[1] + 1, "("),
            Edit(end[0], end[1] - 1, *end, ")"),
        )
        yield "Turn the list into a tuple", edits
    elif isinstance(value, ast.Name):
        scope = index.scope_of(value)
        for assignment in index.inside(scope):
            if not isinstance(assignment, ast.Assign) or len(assignment.targets) != 1:
                continue
            target = assignment.targets[0]
            if isinstance(target, ast.Tuple) and _names(target)[:2] == _names(target) != []:
                if value.id in _names(target) and _are_bound_there_only(case, target):
                    pair = f"({', '.join(_names(target))})"
                    yield f"Pass the tuple {pair}", (index.replace(value, pair),)
            elif isinstance(target, ast.Name) and target.id == value.id:
                if _is_half(assignment.value) and _reads(case, scope, value.id) == 1:
                    edit = _without_index(case, assignment.value)
                    yield "Keep the whole (value, update_op) tuple", (edit,)


def _are_bound_there_only(case: Case, target: ast.Tuple) -> bool:
    """Whether two names are assigned only there, so that all reads get these values."""
    return len(target.elts) == 2 and all(
        isinstance(name, ast.Name) and case.analysis.is_bound_once(name) for name in target.elts
    )


def _names(target: ast.Tuple) -> list[str]:
    """The names in a target, if it has nothing else."""
    names = [element.id for element in target.elts if isinstance(element, ast.Name)]
    return names if len(names) == len(target.elts) else []


def _is_half(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value in (0, 1)
    )


def _without_index(case: Case, node: ast.expr) -> Edit:
    """Replace ``metric[1]`` by ``metric``."""
    assert isinstance(node, ast.Subscript)
    index = case.index
    line, column = index.start(node.slice)
    while "[" not in index.source.lines[line - 1][:column]:
        line, column = line - 1, len(index.source.lines[line - 2])
    bracket = index.source.lines[line - 1].rindex("[", 0, column)
    return Edit(line, bracket, *index.end(node), "")


def _reads(case: Case, scope: ast.AST, name: str) -> int:
    return sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(scope)
    )


def _dict_of_pairs(case: Case) -> Iterator[Proposal]:
    """Turn a list of names with their metrics into a dict."""
    node = case.expression
    if node is None or not _are_named_pairs(case):
        return
    title = "Turn the pairs into a dict"
    if isinstance(node, ast.List | ast.Tuple):
        edits = _as_dict_display(case, node)
        if edits is not None:
            yield Proposal(title, FixKind.SAFE, edits)
    yield Proposal(title, FixKind.SAFE, case.index.surround(node, "dict(", ")"))


def _are_named_pairs(case: Case) -> bool:
    """Whether all values at the place are lists of pairs that begin with a string."""
    found = False
    for visit, field, _ in case.analysis.visits_with(*case.place):
        items = items_of(visit.fields[field])
        if not items:
            return False
        for item in items:
            if not isinstance(item, TupleValue) or len(item.items) != 2:
                return False
            name = item.items[0]
            if not isinstance(name, Constant) or not isinstance(name.value, str):
                return False
        found = True
    return found


def _as_dict_display(case: Case, node: ast.List | ast.Tuple) -> tuple[Edit, ...] | None:
    """Turn ``[(name, metric)]`` into ``{name: metric}``."""
    index = case.index
    start, end = index.start(node), index.end(node)
    edits = [Edit(*start, start[0], start[1] + 1, "{"), Edit(end[0], end[1] - 1, *end, "}")]
    for pair in node.elts:
        if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
            return None
        key, value = pair.elts
        first, last = index.start(pair), index.end(pair)
        between = index.between(index.end(key), index.start(value))
        if between.strip() != "," or index.between(index.end(value), last).strip(" ") != ")":
            return None
        if index.between(first, index.start(key)) != "(":
            return None
        edits += (
            Edit(*first, *index.start(key), ""),
            Edit(*index.end(key), *index.start(value), between.replace(",", ":")),
            Edit(*index.end(value), *last, ""),
        )
    return tuple(edits)


def _renamed(case: Case) -> Iterator[Proposal]:
    """Rename a metric that has the name of one of the Estimator's own."""
    node = case.expression
    if node is None:
        return
    used = keys_in(case.index, case.index.source.tree)
    for reserved in sorted(RESERVED_METRICS):
        name = f"{reserved}_metric"
        while name in used:
            name += "_"
        for entry in _entries(case, node, reserved):
            edit = entry.rename(case.index, name)
            if edit is not None:
                yield Proposal(f"Rename the metric to '{name}'", FixKind.UNSAFE, (edit,))


METRIC_FIXERS = (
    Fixer("MFN302", _pairs),
    Fixer("MFN302", _dict_of_pairs),
    Fixer("MFN303", _renamed),
)
