"""Walking the index yields the nodes of ``ast.walk`` that have a place, in its order."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from estimator_lint.syntax.index_nodes import (
    index_children,
    index_nodes,
    nodes_and_depth,
    statements_below,
)

_WITHOUT_PLACE = (
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.type_ignore,
)

_EVERY_KIND = """
import a.b as c
from . import d as e
async def f(a, /, b: int = 1, *args, c=2, **kwargs) -> None:
    global g
    async with open(a) as b, c: await d
    async for x in y: yield x
    return (yield from z)
class K(Base, metaclass=M):
    x: int
def outer():
    n = 1
    @decorated(1)
    def inner():
        nonlocal n
        del n
    try:
        raise E from None
    except (A, B) as error: pass
    except: assert a, "text"
    else: x = y = {1: 2, **z}
    finally: x += 1
    lambda p, *q, r=3: [*p, {s for s in t if u}, {k: v for k, v in w}, (i async for i in j)]
    while not a < b <= c or -d and e: continue
    else: n if (m := l) else f"{o!r:>{p}}"
    match value:
        case {"key": 1, **rest} | [a, *b] | C(1, x=None): a[1:2, ...] = b""
        case int() as whole if whole: pass
        case True: pass
        case _: pass
"""


def _with_place(root: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(root) if not isinstance(node, _WITHOUT_PLACE)]


def test_every_kind_of_node() -> None:
    tree = ast.parse(_EVERY_KIND)
    assert index_nodes([tree]) == _with_place(tree)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is that of Python 3.12")
def test_type_parameters() -> None:
    tree = ast.parse("type A[T: int, *U, **V] = list[T]\ndef f[T](): ...\nclass C[T]: ...\n")
    assert index_nodes([tree]) == _with_place(tree)


def test_the_package_itself() -> None:
    for path in Path(__file__).parents[2].glob("estimator_lint/*/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert index_nodes([tree]) == _with_place(tree), path


def test_children_are_the_nodes_right_below() -> None:
    (call,) = (node for node in ast.walk(ast.parse("f(a, *b, c=d)")) if isinstance(node, ast.Call))
    assert index_children(call) == [call.func, *call.args, *call.keywords]


def test_depth() -> None:
    tree = ast.parse("x\nif a:\n    f(b.c)\n")
    nodes, depth = nodes_and_depth(tree.body)
    assert nodes == index_nodes(tree.body)
    assert depth == 5  # if, expression statement, call, attribute, name
    assert nodes_and_depth([]) == ([], 0)


def test_statements_below_have_every_definition_but_lambdas() -> None:
    tree = ast.parse(_EVERY_KIND)
    kinds = (ast.stmt, ast.ExceptHandler, ast.match_case)
    expected = [node for node in index_nodes(tree.body) if isinstance(node, kinds)]
    assert set(statements_below(tree.body)) == set(expected)
