"""Extracting code of a function into a helper, and moving a helper into another file."""

from __future__ import annotations

import builtins
import random
from typing import Final

import libcst as cst

from tests.metamorphic.places import (
    above_the_definitions,
    contains,
    has_definitions,
    names_in,
    parsed,
    replaced,
    text_of,
)

#: Code that can't move to a helper at the top level.
BOUND_TO_PLACE = (cst.NamedExpr, cst.Await, cst.Yield, cst.Lambda, cst.ListComp, cst.GeneratorExp)
#: The module that a function is moved to.
ELSEWHERE: Final = "written_elsewhere"
_MAKER: Final = "made_elsewhere"
_BUILTINS: Final = frozenset(dir(builtins))
_OF_FRAMES = frozenset({"super", "locals", "vars", "eval", "exec", "__class__"})


def into_a_function(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """Extract the returned value of some top-level function into a top-level helper."""
    return _extracted(module, chance, "made_by_a_helper", "def made_by_a_helper({}):\n    {}")


def into_a_method(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """The same with a static method."""
    text = "class Maker:\n    @staticmethod\n    def make({}):\n        {}"
    return _extracted(module, chance, "Maker.make", text)


def into_another_file(module: cst.Module, chance: random.Random) -> tuple[cst.Module, str] | None:
    """The same with a function of another module; also returns the text of that, ``ELSEWHERE``."""
    imports = [
        node
        for node in module.body
        if isinstance(node, cst.SimpleStatementLine)
        and isinstance(node.body[0], cst.Import | cst.ImportFrom)
        and "__future__" not in text_of(node)
    ]
    there = frozenset().union(*map(names_in, imports))
    taken = _taken_out(module, chance, there)
    if taken is None:
        return None
    _, returned, given, text = taken
    call = cst.parse_expression(f"{_MAKER}({', '.join(given)})")
    changed = replaced(module, returned, returned.with_changes(value=call))
    helper = f"def {_MAKER}({', '.join(given)}):\n    return ({text}\n    )\n"
    line = parsed(f"from {ELSEWHERE} import {_MAKER}")
    return above_the_definitions(changed, [line]), "".join(map(text_of, imports)) + helper


def _extracted(
    module: cst.Module, chance: random.Random, called: str, helper: str
) -> cst.Module | None:
    taken = _taken_out(module, chance)
    if taken is None:
        return None
    _, returned, given, text = taken
    first, *rest = called.split(".")
    again = f"{first}_{module.code.count(first)}"  # another name each time
    called, helper = ".".join([again, *rest]), helper.replace(first, again)
    call = cst.parse_expression(f"{called}({', '.join(given)})")
    changed = replaced(module, returned, returned.with_changes(value=call))
    made = helper.format(", ".join(given), f"return ({text}\n        )")
    return above_the_definitions(changed, [parsed(made)])


def _taken_out(
    module: cst.Module, chance: random.Random, there: frozenset[str] | None = None
) -> tuple[cst.FunctionDef, cst.Return, list[str], str] | None:
    """Some return of some top-level function, the locals that its value reads, and the value.

    With ``there``, the value reads no names of the module except those.
    """
    if not has_definitions(module):
        return None
    found: list[tuple[cst.FunctionDef, cst.Return]] = []
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef) and not contains(
            statement.body, cst.FunctionDef, cst.ClassDef, cst.Global
        ):
            found += [(statement, node) for node in _returns(statement)]
    if there is not None:
        found = [
            (function, node)
            for function, node in found
            if node.value is not None
            and names_in(node.value) <= there | locals_of(function) | _BUILTINS
        ]
    if not found:
        return None
    function, returned = chance.choice(found)
    assert returned.value is not None
    given = sorted(names_in(returned.value) & locals_of(function))
    return function, returned, given, text_of(returned.value)


def _returns(function: cst.FunctionDef) -> list[cst.Return]:
    found = _Returns()
    function.body.visit(found)
    return [
        node
        for node in found.nodes
        if node.value is not None
        and not contains(node.value, *BOUND_TO_PLACE)
        and not names_in(node.value) & _OF_FRAMES
    ]


def locals_of(function: cst.FunctionDef) -> set[str]:
    """The names that the function binds itself."""
    found = _Returns()
    function.body.visit(found)
    return found.bound | names_in(function.params)


class _Returns(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[cst.Return] = []
        self.bound: set[str] = set()

    def visit_Return(self, node: cst.Return) -> None:  # noqa: N802
        self.nodes.append(node)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:  # noqa: N802
        self.bound |= names_in(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:  # noqa: N802
        self.bound |= names_in(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:  # noqa: N802
        self.bound |= names_in(node.target)

    def visit_For(self, node: cst.For) -> None:  # noqa: N802
        self.bound |= names_in(node.target)

    def visit_AsName(self, node: cst.AsName) -> None:  # noqa: N802
        self.bound |= names_in(node.name)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:  # noqa: N802
        self.bound |= names_in(node.target)

    def visit_MatchAs(self, node: cst.MatchAs) -> None:  # noqa: N802
        if node.name is not None:
            self.bound.add(node.name.value)
