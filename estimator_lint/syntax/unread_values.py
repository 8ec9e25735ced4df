"""Whether what an assignment binds is certainly never read: live variables of one name.

Unlike ``liveness.py``, which asks for the last read of a name anywhere, this goes along the
statements and stops where the name is bound anew.  What is not followed, as ``try`` and nested
functions, counts as read if the name is in it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

import libcst as cst

from estimator_lint.syntax.nodes import children, descendants

_NESTED = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})
_READING_ALL = frozenset({"locals", "vars", "eval", "exec"})
_LEAVING_LOOPS = (cst.Break, cst.Continue)
_ENDING = (cst.Return, cst.Raise)
#: What paths go through from the beginning to the end, or not at all.
_FOLLOWED = (
    *(cst.If, cst.Else, cst.With),
    *(cst.IndentedBlock, cst.SimpleStatementLine, cst.SimpleStatementSuite),
)


class _Then(enum.Enum):
    """What becomes of a value in a statement: it is read, can't be read any more, or neither."""

    READ = enum.auto()
    GONE = enum.auto()
    KEPT = enum.auto()


def is_never_read(body: cst.CSTNode, binding: cst.Assign | cst.AnnAssign) -> bool:
    """Whether nothing reads what ``binding``, in the body of a function, binds to its names."""
    targets = (
        [one.target for one in binding.targets]
        if isinstance(binding, cst.Assign)
        else [binding.target]
    )
    names = [target.value for target in targets if isinstance(target, cst.Name)]
    if len(names) < len(targets) or _escape(body, names):
        return False
    around = _path_to(body, binding)
    return around is not None and all(_after(around, name) is not _Then.READ for name in names)


def _escape(body: cst.CSTNode, names: Sequence[str]) -> bool:
    """Whether code that is not followed may read a variable: a nested function, ``locals()``."""
    for node in descendants(body):
        if isinstance(node, cst.Name) and node.value in _READING_ALL:
            return True
        if isinstance(node, cst.Global | cst.Nonlocal):
            return True
        if type(node) in _NESTED and any(_mentions(node, name) for name in names):
            return True
    return False


def _mentions(node: cst.CSTNode, name: str) -> bool:
    return any(isinstance(one, cst.Name) and one.value == name for one in descendants(node))


def _path_to(root: cst.CSTNode, wanted: cst.CSTNode) -> list[cst.CSTNode] | None:
    """The nodes from ``root`` down to ``wanted``, both included."""
    path: list[cst.CSTNode] = [root]
    pending = [iter(children(root))]
    while pending:
        child = next(pending[-1], None)
        if child is None:
            pending.pop()
            path.pop()
        elif child is wanted:
            return [*path, child]
        else:
            path.append(child)
            pending.append(iter(children(child)))
    return None


def _after(around: list[cst.CSTNode], name: str) -> _Then:
    """What becomes of the value behind the last of nested nodes, up to the end of the first."""
    pairs = list(zip(around[-2::-1], around[:0:-1], strict=True))
    if any(_may_go_elsewhere(outer, inner, name) for outer, inner in pairs):
        return _Then.READ
    for outer, inner in pairs:
        if isinstance(
            outer, cst.IndentedBlock | cst.SimpleStatementLine | cst.SimpleStatementSuite
        ):
            statements = outer.body
            then = _in_sequence(statements[list(statements).index(inner) + 1 :], name)
            if then is not _Then.KEPT:
                return then
        elif isinstance(outer, cst.For | cst.While) and _reads(outer, name):
            return _Then.READ  # in the next round
    return _Then.KEPT


def _may_go_elsewhere(outer: cst.CSTNode, inner: cst.CSTNode, name: str) -> bool:
    """Whether a path may leave ``inner`` in the midst of its statements, and read the name then."""
    if isinstance(outer, cst.For | cst.While):
        return any(isinstance(one, _LEAVING_LOOPS) for one in descendants(outer))
    return not isinstance(outer, _FOLLOWED) and any(
        _reads(child, name) for child in children(outer) if child is not inner
    )


def _in_sequence(statements: Sequence[cst.CSTNode], name: str) -> _Then:
    for statement in statements:
        then = _in_statement(statement, name)
        if then is not _Then.KEPT:
            return then
    return _Then.KEPT


def _in_statement(node: cst.CSTNode, name: str) -> _Then:
    match node:
        case (
            cst.IndentedBlock(body=statements)
            | cst.SimpleStatementLine(body=statements)
            | cst.SimpleStatementSuite(body=statements)
        ):
            return _in_sequence(statements, name)
        case cst.If(test=test, body=body, orelse=orelse):
            if _reads(test, name):
                return _Then.READ
            return _in_either(body, orelse, name)
        case cst.Else(body=body):
            return _in_statement(body, name)
        case cst.With(items=items, body=body):
            if any(_reads(item, name) for item in items):
                return _Then.READ
            return _in_statement(body, name)
    if _reads(node, name):
        return _Then.READ
    if isinstance(node, _ENDING) or _binds(node, name):
        return _Then.GONE
    return _Then.KEPT


def _in_either(body: cst.CSTNode, orelse: cst.CSTNode | None, name: str) -> _Then:
    one = _in_statement(body, name)
    other = _Then.KEPT if orelse is None else _in_statement(orelse, name)
    if _Then.READ in (one, other):
        return _Then.READ
    return one if one is other else _Then.KEPT


def _binds(node: cst.CSTNode, name: str) -> bool:
    """Whether a simple statement certainly binds the name anew."""
    if not isinstance(node, cst.Assign):
        return False
    return any(_is_bound_in(target.target, name) for target in node.targets)


def _is_bound_in(target: cst.CSTNode, name: str) -> bool:
    if isinstance(target, cst.Tuple | cst.List):
        return any(_is_bound_in(element.value, name) for element in target.elements)
    return isinstance(target, cst.Name) and target.value == name


def _reads(root: cst.CSTNode, name: str) -> bool:
    """Whether a variable of that name may be read, or taken away, somewhere in ``root``."""
    pending = [root]
    while pending:
        node = pending.pop()
        match node:
            case cst.Name(value=value):
                if value == name:
                    return True
            case cst.Attribute(value=child) | cst.Arg(value=child):
                pending.append(child)
            case cst.AssignTarget(target=target):
                pending += _read_in_target(target)
            case cst.For(target=target):
                pending += [child for child in children(node) if child is not target]
                pending += _read_in_target(target)
            case _:
                pending += children(node)
    return False


def _read_in_target(target: cst.CSTNode) -> list[cst.CSTNode]:
    """What an assignment evaluates of its target."""
    if isinstance(target, cst.Name):
        return []
    if isinstance(target, cst.Tuple | cst.List):
        return [one for each in target.elements for one in _read_in_target(each.value)]
    return [target]
