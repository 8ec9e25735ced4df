"""The syntax of a file is walked through once, however much is asked about it."""

from __future__ import annotations

import ast
from unittest import mock

import libcst as cst

from estimator_lint.project import code as project_code
from estimator_lint.project.code import ModuleCode
from estimator_lint.syntax import index_nodes, nodes
from estimator_lint.syntax.local_bindings import own_nodes
from estimator_lint.syntax.pieces import Piece
from estimator_lint.syntax.source import SourceFile

_TEXT = """\
def f(a, *b):
    global c
    c = [d for d in a if (e := d)]
    if a:
        return lambda: (yield)
    return {**b, 'x': -a.real[1:2]}
"""


def test_a_function_is_walked_through_once() -> None:
    source = SourceFile(_TEXT)
    (definition,) = source.tree.body
    code = ModuleCode(source).function(definition)
    with mock.patch.object(project_code, "own_nodes", side_effect=own_nodes) as walks:
        assert code.local_names == {"a", "b", "e"}
        assert code.global_names == {"c"}
        assert code.runs_when_called
    assert walks.call_count == 1


def test_a_piece_is_measured_in_one_walk() -> None:
    statements = ast.parse(_TEXT).body
    count = len(index_nodes.index_nodes(statements))
    with mock.patch.object(
        index_nodes, "index_children", side_effect=index_nodes.index_children
    ) as walked:
        Piece(_TEXT, 1, statements)
    assert walked.call_count == count


def test_leaves_have_no_children() -> None:
    for node in (cst.Name("a"), cst.Integer("1"), cst.Float("1.0"), cst.SimpleString("''")):
        assert nodes.children(node) == []
