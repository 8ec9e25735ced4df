"""Bindings that nothing reads: ``x = dropped()`` in bodies of functions."""

from __future__ import annotations

import textwrap

import libcst as cst
import pytest

from estimator_lint.syntax.nodes import descendants
from estimator_lint.syntax.unread_values import UnreadValues

UNREAD = {
    "nothing behind it": "x = dropped()",
    "bound anew": "x = dropped()\nx = 1\nreturn x",
    "bound anew in both branches": (
        "x = dropped()\nif c:\n    x = 1\nelse:\n    x, y = 2, 3\nreturn x"
    ),
    "a branch that ends": "if c:\n    x = dropped()\n    return 1\nreturn x",
    "read in the other branch": "if c:\n    x = dropped()\nelse:\n    return x",
    "read before it": "y = x\nx = dropped()",
    "an attribute and a keyword of that name": "x = dropped()\nreturn f(x=1).x",
    "within a block": "with f() as g:\n    x = dropped()\n    x = 1\nreturn x",
    "behind a return": "x = dropped()\nreturn 1\nf(x)",
    "several targets": "x = y = dropped()\nx = 1\nreturn x",
    "a loop that binds another": "for y in z:\n    pass\nx = dropped()",
}
READ = {
    "read behind it": "x = dropped()\nreturn x",
    "on one of two ways": "x = dropped()\nif c:\n    x = 1\nreturn x",
    "in a branch, not at its end": "x = dropped()\nif c:\n    f(x)\n    y = 1",
    "in a block, not at its end": "x = dropped()\nwith c:\n    f(x)\n    y = 1",
    "in a line, not at its end": "x = dropped()\ny = 1; f(x); y = 2",
    "in a branch, before it is bound anew": (
        "x = dropped()\nif c:\n    f(x)\n    x = 1\nelse:\n    x = 2"
    ),
    "in the test": "x = dropped()\nif x:\n    x = 1",
    "to bind it anew": "x = dropped()\nx += 1",
    "in the next round": "for y in z:\n    f(x)\n    x = dropped()",
    "behind a loop that is left": (
        "for y in z:\n    x = dropped()\n    if y:\n        break\n    x = 1\nreturn x"
    ),
    "in a handler": "try:\n    x = dropped()\n    f()\nexcept E:\n    return x",
    "in a nested function": "x = dropped()\ndef g():\n    return x\nx = 1\nreturn g()",
    "by locals()": "x = dropped()\nreturn locals()",
    "an attribute of it is bound": "x = dropped()\nx.y = 1",
    "global": "global x\nx = dropped()",
    "one of several targets": "x = y = dropped()\nreturn y",
    "an item as target": "z[0] = dropped()",
    "deleted": "x = dropped()\ndel x",
}


def _is_unread(body: str) -> bool:
    function = cst.parse_module(f"def f(c, z):\n{textwrap.indent(body, '    ')}\n").body[0]
    assert isinstance(function, cst.FunctionDef)
    (binding,) = (
        node
        for node in descendants(function)
        if isinstance(node, cst.Assign)
        and isinstance(node.value, cst.Call)
        and isinstance(node.value.func, cst.Name)
        and node.value.func.value == "dropped"
    )
    return UnreadValues(function.body).is_never_read(binding)


@pytest.mark.parametrize("body", UNREAD.values(), ids=UNREAD)
def test_unread(body: str) -> None:
    assert _is_unread(body)


@pytest.mark.parametrize("body", READ.values(), ids=READ)
def test_read(body: str) -> None:
    assert not _is_unread(body)
