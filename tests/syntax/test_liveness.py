"""Liveness: a variable that is still read later is never considered dead."""

from __future__ import annotations

import ast
import contextlib
import itertools

import libcst as cst
import pytest

from estimator_lint.project.code import FunctionCode, ModuleCode
from estimator_lint.syntax.nodes import descendants
from estimator_lint.syntax.source import SourceFile
from tests.interpreter.random_snippets import FLAGS, SnippetWriter
from tests.interpreter.snippets import Snippet

_BODIES = {
    "straight": "x = 1\ny = x\nz = y\nreturn z\n",
    "branches": "if a:\n    x = 1\nelse:\n    y = 2\nif b:\n    return x\nreturn y\n",
    "closures": "x = 1\ndef f():\n    return x\nx = 2\ny = 3\nreturn f()\n",
    "comprehensions": "x = (1,)\ny = 2\nz = [y for i in x]\nreturn z\n",
    "tries": "try:\n    x = 1\nfinally:\n    y = 2\nz = 3\nreturn x, y\n",
    "matches": "match mode:\n    case 'train':\n        x = 1\n    case z:\n        x = z\nx\n",
}
#: The last statement of the loop forks; the loop then first reads what the fork sets.
_LAST_OF_A_LOOP = {
    "if": "x = y = None\nfor i in (1, 2):\n    y = x\n    if a:\n        x = 1\nreturn y\n",
    "read again in the next iteration": (
        "x = y = None\nfor i in (1, 2):\n    if x:\n        y = 1\n    x = i\n    z = 1\nreturn y\n"
    ),
    "nested loops": (
        "x = None\nwhile x is None:\n    for i in (1, 2):\n        x = i\n    z = 3\nreturn z\n"
    ),
    "while": "x = y = None\nwhile not y:\n    y = x\n    x = 1\nreturn 1\n",
}


class _Marker(ast.NodeTransformer):
    """Makes a function report each read of a variable and each end of a statement."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        report = ast.Call(ast.Name("_read", ast.Load()), [ast.Constant(node.id)], [])
        return ast.BoolOp(ast.And(), [report, node])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        marked: list[ast.stmt] = []
        for statement in body:
            number = next(self._count)
            self.visit(statement)
            call = ast.Call(ast.Name("_end", ast.Load()), [ast.Constant(number)], [])
            marked += [statement, ast.Expr(call)]
        return marked

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                setattr(node, name, self.block(value))
            elif isinstance(value, list):
                setattr(node, name, [self._visited(item) for item in value])
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node

    def _visited(self, item: object) -> object:
        return self.visit(item) if isinstance(item, ast.AST) else item


def _log(body: str, flags: dict[str, bool], mode: str) -> list[int | str]:
    """The log of a running body: numbers of ended statements, names read."""
    tree = ast.parse(body)
    log: list[int | str] = []
    marker = _Marker()
    tree.body = marker.block(tree.body)
    function = ast.parse("def run(mode, a, b, c, labels): pass")
    definition = function.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.body = tree.body

    def read(name: str) -> bool:
        log.append(name)
        return True

    names: dict[str, object] = {"_read": read, "_end": log.append}
    exec(compile(ast.fix_missing_locations(function), "<body>", "exec"), names)
    with contextlib.suppress(KeyError, ValueError, TypeError, NameError):
        names["run"](mode, *(flags[name] for name in FLAGS), None)  # type: ignore[operator]
    return log


def _statements(code: FunctionCode) -> list[cst.CSTNode]:
    nested = frozenset({cst.FunctionDef, cst.ClassDef, cst.Lambda})
    kinds = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
    return [
        node
        for node in descendants(code.node.body, nested)
        if isinstance(node, kinds) and not isinstance(node, cst.BaseSuite)
    ]


def _wrongly_dead(body: str) -> set[str]:
    source = SourceFile(
        "def run(mode, a, b, c, labels):\n" + Snippet(body).source.split("\n", 1)[1]
    )
    code = ModuleCode(source).function(source.tree.body[0])
    statements = _statements(code)
    # The code with which a snippet reads its flags is above the body.
    above = len(statements) - len(_statements_of_index(body))
    wrong = set()
    for answers in itertools.product((True, False), repeat=len(FLAGS)):
        for mode in ("train", "eval"):
            log = _log(body, dict(zip(FLAGS, answers, strict=True)), mode)
            ended: set[int] = set()
            for event in log:
                if isinstance(event, int):
                    ended.add(event)
                    continue
                for number in ended:
                    end = code.liveness.end(statements[above + number])
                    if code.liveness.last_use(event) <= end:
                        wrong.add(f"{event} behind statement {number}")
    return wrong


def _statements_of_index(body: str) -> list[ast.stmt]:
    found: list[ast.stmt] = []

    def walk(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                found.append(child)
            if not isinstance(child, ast.FunctionDef):
                walk(child)

    walk(ast.parse(body))
    return found


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_what_is_read_later_is_live(body: str) -> None:
    assert not _wrongly_dead(body)


@pytest.mark.parametrize("body", _LAST_OF_A_LOOP.values(), ids=_LAST_OF_A_LOOP)
def test_what_the_next_iteration_reads_is_live_at_the_end_of_the_last_statement(body: str) -> None:
    assert not _wrongly_dead(body)


def test_what_is_read_later_is_live_in_random_snippets() -> None:
    for seed in range(40):
        body = SnippetWriter(seed).write()
        assert not _wrongly_dead(body), body


def test_what_nobody_reads_any_more_is_dead() -> None:
    source = SourceFile(
        "def f():\n    x = 1\n    y = x\n    z = lambda: w\n    w = y\n    return z\n"
    )
    code = ModuleCode(source).function(source.tree.body[0])
    first, second, third, fourth, _ = _statements(code)
    liveness = code.liveness
    assert liveness.end(first) < liveness.last_use("x") <= liveness.end(second)
    assert liveness.end(third) < liveness.last_use("y") <= liveness.end(fourth)
    assert liveness.last_use("w") == float("inf")
    assert liveness.last_use("unknown") == 0
