"""Moving what a function does into a helper, and a helper into another file."""

from __future__ import annotations

import random

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

#: What a helper at the top level can't do for the function that calls it.
_BOUND_TO_PLACE = (cst.NamedExpr, cst.Await, cst.Yield, cst.Lambda, cst.ListComp, cst.GeneratorExp)
_OF_FRAMES = frozenset({"super", "locals", "vars", "eval", "exec", "__class__"})


def into_a_function(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """A helper at the top level that makes what some function of the top level returns."""
    return _extracted(module, chance, "made_by_a_helper", "def made_by_a_helper({}):\n    {}")


def into_a_method(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """The same by a static method."""
    text = "class Maker:\n    @staticmethod\n    def make({}):\n        {}"
    return _extracted(module, chance, "Maker.make", text)


def _extracted(
    module: cst.Module, chance: random.Random, called: str, helper: str
) -> cst.Module | None:
    if not has_definitions(module):
        return None
    found: list[tuple[cst.FunctionDef, cst.Return]] = []
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef) and not contains(
            statement.body, cst.FunctionDef, cst.ClassDef, cst.Global
        ):
            found += [(statement, node) for node in _returns(statement)]
    if not found:
        return None
    function, returned = chance.choice(found)
    assert returned.value is not None
    text = text_of(returned.value)
    bound = _locals_of(function)
    given = sorted(names_in(returned.value) & bound)
    first, *rest = called.split(".")
    again = f"{first}_{module.code.count(first)}"  # another name each time
    called, helper = ".".join([again, *rest]), helper.replace(first, again)
    call = cst.parse_expression(f"{called}({', '.join(given)})")
    changed = replaced(module, returned, returned.with_changes(value=call))
    made = helper.format(", ".join(given), f"return ({text}\n        )")
    return above_the_definitions(changed, [parsed(made)])


def _returns(function: cst.FunctionDef) -> list[cst.Return]:
    found = _Returns()
    function.body.visit(found)
    return [
        node
        for node in found.nodes
        if node.value is not None
        and not contains(node.value, *_BOUND_TO_PLACE)
        and not names_in(node.value) & _OF_FRAMES
    ]


def _locals_of(function: cst.FunctionDef) -> set[str]:
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
