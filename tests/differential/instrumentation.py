"""A copy of a model function's source that records what it does.

Calls, reads of locals, comparisons, look-ups and returns are wrapped in calls of
a ``Recorder``; what the program computes stays the same.
"""

from __future__ import annotations

import ast
from typing import Any

from tests.differential.recording import COMPARISONS
from tests.differential.stand_in import Place
from tests.differential.unjudgeable import Unjudgeable

#: A read is identified by the line on which the copy puts it.
FIRST_READ_LINE = 1_000_000

#: The methods of ``Recorder`` that wrapped expressions call.
HOOKS = (
    *("enter", "done", "read", "read_labels", "augmented", "returned"),
    *("compare", "asked", "matched", "unpacked", "keywords", "item", "lookup", "tick"),
)

_IN_PLACE = {"Add": "iadd", "Sub": "isub", "Mult": "imul", "Div": "itruediv", "BitOr": "ior"}


def start(node: ast.AST) -> Place:
    """The position of a node."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


class Instrumenter(ast.NodeTransformer):
    """Makes the copy.

    Attributes:
        reads: the places of the reads; the first one is on ``FIRST_READ_LINE``.
    """

    def __init__(self, tree: ast.Module, entry: ast.AST | None) -> None:
        self.reads: list[Place] = []
        self._count = 0
        self._entry = entry
        self._locals = _names_bound_in_functions(tree)
        self._functions: list[ast.AST] = []

    def _call(self, hook: str, node: ast.AST, *arguments: object) -> ast.Call:
        values = [_expression(argument) for argument in arguments]
        call = ast.Call(ast.Name(f"__{hook}__", ast.Load()), values, [])
        for made in [call, call.func, *(v for v in values if not hasattr(v, "lineno"))]:
            ast.copy_location(made, node)
        return call

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return super().generic_visit(node)
        self._functions.append(node)
        super().generic_visit(node)
        self._functions.pop()
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        if node.value is not None and self._functions[-1] is self._entry:
            # A wrapped expression keeps the position of what it wraps.
            node.value = self._call("returned", node.value, start(node.value), node.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not (isinstance(node.ctx, ast.Load) and self._functions and node.id in self._locals):
            return node
        return self._read(node)

    def _read(self, node: ast.Name) -> ast.Call:
        place = start(node)
        line = FIRST_READ_LINE + len(self.reads)
        self.reads.append(place)
        marked = ast.Name(node.id, ast.Load(), lineno=line, end_lineno=line, col_offset=0)
        marked.end_col_offset = 1
        return self._call("read_labels" if node.id == "labels" else "read", node, place, marked)

    def visit_Match(self, node: ast.Match) -> ast.AST:
        asks_for_none = any(
            isinstance(pattern, ast.MatchSingleton) and pattern.value is None
            for case in node.cases
            for pattern in ast.walk(case.pattern)
        )
        is_labels = isinstance(node.subject, ast.Name) and node.subject.id == "labels"
        self.generic_visit(node)
        hook = "asked" if asks_for_none and is_labels else "matched"
        node.subject = self._call(hook, node.subject, node.subject)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Name) and self._functions:
                self.reads.append(start(target))
                target.lineno = target.end_lineno = FIRST_READ_LINE + len(self.reads) - 1
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        name = _IN_PLACE.get(type(node.op).__name__)
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name) or name is None:
            return node
        value = self._call("augmented", node, name, self._read(node.target), node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        match node.targets:
            case [ast.Tuple(elts=parts)] if not any(isinstance(it, ast.Starred) for it in parts):
                place = start(node.targets[0])
                node.value = self._call("unpacked", node.value, place, len(parts), node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self._count += 1
        site = (*start(node), self._count)
        is_lookup = (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and not node.keywords
            and not any(isinstance(argument, ast.Starred) for argument in node.args)
        )
        self.generic_visit(node)
        if is_lookup and isinstance(node.func, ast.Attribute) and node.args:
            return self._call("lookup", node, node.func.value, *node.args)
        for word in node.keywords:
            if word.arg is None:
                word.value = self._call("keywords", word.value, start(word.value), word.value)
        return self._call("done", node, self._call("enter", node, site), node)

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        tick = ast.Expr(self._call("tick", node))
        node.body.insert(0, ast.copy_location(tick, node))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or isinstance(node.slice, ast.Slice | ast.Tuple):
            return node
        return self._call("item", node, node.value, node.slice)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        places = start(node.left), start(node.comparators[0]), _elements(node.comparators[0])
        self.generic_visit(node)
        operators = [type(op).__name__ for op in node.ops]
        if len(operators) > 1:
            if set(operators) & {"In", "NotIn", "Is", "IsNot"} and _names_mode(node):
                raise Unjudgeable("a chain with `in` or `is`")
            return node
        if operators[0] not in COMPARISONS:
            return node
        return self._call("compare", node, operators[0], places, node.left, node.comparators[0])


def _names_mode(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "mode" for inner in ast.walk(node))


def _expression(argument: object) -> ast.expr:
    """The argument itself, or a constant: a place, a name, places in tuples."""
    constant: Any = argument
    return argument if isinstance(argument, ast.expr) else ast.Constant(constant)


def _elements(node: ast.expr) -> tuple[Place, ...]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return tuple(start(element) for element in node.elts)
    if isinstance(node, ast.Dict):
        return tuple(start(key) for key in node.keys if key is not None)
    return ()


def _names_bound_in_functions(tree: ast.Module) -> set[str]:
    """Every name that some function binds; a superset of what may be unbound."""
    names: set[str] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            names.update(_names_bound_by(node))
    return names


def _names_bound_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return [name]
        case ast.MatchStar(name=str(name)):
            return [name]
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.alias(name=name, asname=alias):
            return [alias or name.split(".")[0]]
    return []
