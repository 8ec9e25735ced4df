"""Evaluation stays cheap and finite for functions of any shape.

Cost is counted, not timed: statements run and expressions evaluated, once per path.
"""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from estimator_lint.findings import Finding
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

_HEAD = """\
import tensorflow as tf
def model_fn(features, labels, mode, params):
    x = None
"""
_TAIL = """
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, loss=tf.constant(1.0))
"""
#: The limit of work for any of the shapes; a blow-up takes millions.
_STEPS_AT_MOST = 400_000


def _linted(text: str) -> tuple[list[Finding], int]:
    """The findings, and how many statements and expressions were evaluated for them."""
    steps = 0

    def counting(method: Any) -> Any:
        def counted(ev: Evaluator, node: Any, state: Any) -> Any:
            nonlocal steps
            steps += 1
            return method(ev, node, state)

        return counted

    with mock.patch.multiple(
        Evaluator, run=counting(Evaluator.run), evaluate=counting(Evaluator.evaluate)
    ):
        return lint_text(text), steps


def _independent_ifs(count: int) -> str:
    return "".join(f"    if params['f{i}']:\n        x{i} = {i}\n" for i in range(count))


def _ifs_that_matter(count: int) -> str:
    lines = [f"    if params['f{i}']:\n        x{i} = None\n" for i in range(count)]
    lines += [f"    if params['f{i}']:\n        x{i} = 1\n" for i in range(count)]
    return "".join(lines) + f"    print({', '.join(f'x{i}' for i in range(count))})\n"


def _nested_ifs(depth: int) -> str:
    lines = [f"{'    ' * (i + 1)}if params['f{i}']:\n" for i in range(depth)]
    return "".join(lines) + "    " * (depth + 1) + "x = 1\n"


def _elifs(count: int) -> str:
    lines = ["    if params['n'] == 0:\n        x = 0\n"]
    lines += [f"    elif params['n'] == {i}:\n        x = {i}\n" for i in range(1, count)]
    return "".join(lines)


def _ifs_in_loops(depth: int) -> str:
    lines = []
    for i in range(depth):
        indent = "    " * (i + 1)
        lines.append(f"{indent}for i{i} in range(4):\n")
        lines.append(f"{indent}    if params[i{i}]:\n{indent}        x = i{i}\n")
    return "".join(lines)


def _nested_calls(depth: int) -> str:
    lines = ["    def g0(v):\n        return v if params['g'] else None\n"]
    lines += [
        f"    def g{i}(v):\n        if params['h{i}']:\n            return g{i - 1}(v)\n"
        f"        return g{i - 1}(v) or g{i - 1}(v)\n"
        for i in range(1, depth)
    ]
    return "".join(lines) + f"    x = g{depth - 1}(1)\n"


def _tries(count: int) -> str:
    return "".join(
        f"    try:\n        x = params.f{i}()\n    except ValueError:\n        x = {i}\n"
        for i in range(count)
    )


SHAPES = {
    "60 ifs": _independent_ifs(60),
    "40 ifs that matter": _ifs_that_matter(40),
    "30 nested ifs": _nested_ifs(30),
    "100 elifs": _elifs(100),
    "4 nested loops with ifs": _ifs_in_loops(4),
    "7 nested calls": _nested_calls(7),
    "60 tries": _tries(60),
    "160 chained calls": f"    x = features{'.map(x)' * 160}\n",
    "160 nested calls": f"    x = {'abs(' * 90}1{')' * 90}\n",
    "a long sum": f"    x = {' + '.join(['params'] * 300)}\n",
    "a long and": f"    x = {' and '.join(f'params[{i}]' for i in range(60))}\n",
    "60 conditional arguments": "    x = dict({})\n".format(
        ", ".join(f"k{i}={i} if params[{i}] else None" for i in range(60))
    ),
    "60 conditional items": "    x = [{}]\n".format(
        ", ".join(f"params[{i}] or None" for i in range(60))
    ),
    "a long chained comparison": f"    x = {' < '.join(f'params[{i}]' for i in range(60))}\n",
    "60 withs": "".join(f"    with params.w{i}() as x{i}:\n        pass\n" for i in range(60)),
    "60 whiles": "".join(f"    while params['w{i}']:\n        x = {i}\n" for i in range(60)),
    "60 matches": "".join(
        f"    match params['m{i}']:\n        case {i}:\n            x = {i}\n"
        f"        case [x, *_] | {{'k': x}}:\n            pass\n"
        for i in range(60)
    ),
    "4 nested loops of 16 iterations": "".join(
        "{0}for i{1} in range(16):\n{0}    if f{1}(i{1}):\n{0}        break\n".format(
            "    " * (i + 1), i
        )
        for i in range(4)
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_takes_few_steps(shape: str) -> None:
    findings, steps = _linted(_HEAD + shape + _TAIL)
    assert steps < _STEPS_AT_MOST
    codes = [finding.code for finding in findings]
    assert "MFN102" in codes
    assert "MFN000" not in codes


def test_nested_loops_that_are_left_by_an_exception_take_few_steps() -> None:
    shape = "".join(
        "{0}while True:\n{0}    try:\n{0}        x = f{1}(params)\n"
        "{0}    except OSError:\n{0}        break\n".format("    " * (i + 1), i)
        for i in range(4)
    )
    findings, steps = _linted(_HEAD + shape + _TAIL)
    # The code after them is reached only if something raises, which is unknown.
    assert not findings
    assert steps < _STEPS_AT_MOST


def test_what_is_nested_too_deeply_is_reported() -> None:
    text = _HEAD + f"    x = {'(' * 150}1,{')' * 150}\n    x = {'-' * 600}1\n" + _TAIL
    assert [finding.code for finding in lint_text(text)] == ["MFN000"]


def test_calls_are_followed_to_a_bounded_number() -> None:
    lines = ["    def g0():\n        return 1\n"]
    lines += [
        f"    def g{i}():\n        return [{', '.join([f'g{i - 1}()'] * 4)}]\n"
        for i in range(1, 11)
    ]
    _, steps = _linted(_HEAD + "".join(lines) + "    g10()\n" + _TAIL)
    assert steps < _STEPS_AT_MOST


_LIBRARY = Path(sysconfig.get_path("stdlib"))
_MODULES = """
argparse ast bisect calendar code codecs collections/__init__ configparser contextlib copy csv
dataclasses datetime difflib dis doctest enum fractions ftplib functools getopt gettext heapq
inspect ipaddress json/decoder linecache locale logging/__init__ mailbox netrc ntpath optparse
pdb pickle platform plistlib pprint queue random reprlib sched shelve shlex shutil smtplib socket
ssl statistics string subprocess tarfile textwrap threading timeit tokenize trace traceback types
typing uuid warnings weakref asyncio/base_events
""".split()


@pytest.mark.parametrize("name", _MODULES[::8])
def test_no_function_of_the_standard_library_is_too_much(name: str) -> None:
    path = _LIBRARY / f"{name}.py"
    if not path.exists():
        pytest.skip("this Python has no such module")
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and not _takes_mode(node):
            node.args.kwonlyargs.append(ast.arg("mode"))
            node.args.kw_defaults.append(None)
    findings = lint_text(ast.unparse(tree), settings=Settings(model_fn_globs=("*",)))
    assert not [finding for finding in findings if finding.code == "MFN000"]


def _takes_mode(node: ast.FunctionDef | ast.Lambda) -> bool:
    return any(isinstance(inner, ast.arg) and inner.arg == "mode" for inner in ast.walk(node.args))


def test_a_fault_in_what_is_returned_takes_no_second_run() -> None:
    """Behind it, there is nothing that shows what the function is meant to do."""
    spec = "return tf.estimator.EstimatorSpec(mode, loss=x{})\n"
    text = f"{_HEAD}    for i in features:\n        x = tf.identity(i)\n    {spec}"
    (missing, few), (valid, as_few) = (
        _linted(text.format(more)) for more in ("", ", predictions=x, train_op=tf.no_op()")
    )
    assert [finding.code for finding in missing] == ["MFN102"]
    assert not valid
    assert few < as_few  # nothing but the keywords
