"""Loops over what the program itself selects: no round, unless a test rules that out."""

from __future__ import annotations

import pytest

from estimator_lint.tensorflow_api.modes import Mode
from tests.interpreter.snippets import Snippet

_HEAD = """\
import copy, itertools, os
import tensorflow as tf
found = [size for size in params['sizes'] if size > 4]
"""


def _may_have_no_round(iterable: str, before: str = "") -> bool:
    text = f"{_HEAD}{before}v = 1\nfor i in {iterable}:\n    v = 2\nreturn v\n"
    readings = Snippet(text).readings(Mode.TRAIN)
    assert "2" in readings
    return "1" in readings


@pytest.mark.parametrize(
    "iterable",
    """
    range(1, params['n'])
    range(params['n'] - 1, 0, -1)
    range(params['n'] % 3)
    range(int(params['n'] / 2))
    range(2 * (params['n'] - 1))
    range(params['n'] >> 1)
    range(1 - params['n'])
    range(-params['n'] + 1)
    range(len(params['sizes'][1:]))
    range(len(found))
    params['sizes'][:-1]
    params['sizes'][:params['n'] - 1]
    params['sizes'][:len(params['sizes']) - 1]
    found[:]
    found[:3]
    [*found]
    (*found,)
    {*found, *[]}
    found + params['sizes'][1:]
    found + []
    2 * found
    sorted(found)
    list(found)
    enumerate(found, 1)
    zip(params['sizes'], found)
    set(found)
    found.copy()
    copy.deepcopy(found)
    map(str, found)
    ','.join(map(str, found))
    dict.fromkeys(found)
    dict(found).items()
    itertools.chain(found, found)
    itertools.chain(found, [])
    itertools.chain(*found)
    itertools.product(found, params['sizes'])
    set(params['a']).difference(params['b'])
    set(params['a']) & set(params['b'])
    set(params['a']) ^ set(params['b'])
    params['a'].keys() - params['b'].keys()
    params.get('sizes', [])
    getattr(params, 'sizes', ())
    os.listdir('x')
    tf.compat.v1.trainable_variables('x')
    tf.compat.v1.global_variables(scope='x')
    tf.contrib.framework.get_variables_by_name('x')
    (y for x in params['sizes'] for y in found)
    """.strip().splitlines(),
)
def test_a_loop_may_have_no_round_if_the_program_itself_leaves_items_out(iterable: str) -> None:
    assert _may_have_no_round(iterable.strip())


@pytest.mark.parametrize(
    "iterable",
    """
    params['sizes']
    range(params['n'])
    range(1, params['n'] + 1)
    range(-1, params['n'])
    range(params['n'], params['n'] + 2)
    range(int(params['n']))
    range(2 * params['n'])
    params['sizes'][:params['n']]
    [0, *found]
    found + [1]
    found + params['sizes']
    itertools.chain(found, params['sizes'])
    set(params['a']) | set(params['b'])
    set(params['a']).union(params['b'])
    tf.compat.v1.trainable_variables()
    tf.compat.v1.global_variables(scope=None)
    map(str, params['sizes'])
    dict(params['sizes']).items()
    """.strip().splitlines(),
)
def test_a_loop_over_anything_else_has_a_round(iterable: str) -> None:
    assert not _may_have_no_round(iterable.strip())


@pytest.mark.parametrize(
    "before",
    [
        "first, *xs = params['sizes']",
        "*xs, last = found",
        "xs = list(params['sizes']); xs.pop(0)",
        "xs = list(params['sizes']); del xs[-1]",
        "xs = params['sizes']; xs.pop()",
        "xs = params['sizes']; del xs[0]",
        "xs = [params['a']]; xs.remove(params['b'])",
        "xs = set(params['sizes']); xs -= {3}",
        "xs = list(params['sizes'])\nif params['a']: xs.clear()",
        "xs = found; xs.append(1); xs.pop()",
        "xs = found; xs.extend(found)",
        "xs = params['sizes'][1:]\nassert len(params['sizes']) > 0",
    ],
)
def test_a_loop_may_have_no_round_where_items_were_taken_out(before: str) -> None:
    assert _may_have_no_round("xs", f"{before}\n")


@pytest.mark.parametrize(
    ("before", "iterable"),
    [
        ("assert found", "found"),
        ("assert found\nfound.sort()", "found"),
        ("assert len(found) >= 1", "found"),
        ("if not len(found): raise ValueError()", "enumerate(found)"),
        ("if len(found) == 0: raise ValueError()", "sorted(found)"),
        ("if len(found) != 2: raise ValueError()", "found[:-1]"),
        ("if not found: found = [1]", "found"),
        ("found.append(1)", "found"),
        ("found += [1]", "found"),
        ("found.extend(params['sizes'])", "found"),
        ("first = found[0]", "found"),
        ("first, second = found", "found"),
        ("xs = params['sizes']\nassert len(xs) > 1", "xs[1:]"),
        ("xs = params['sizes']\nfor x in xs[1:]: pass\nassert len(xs) > 1", "xs[1:]"),
        ("xs = params['sizes']\nif len(xs) < 3: raise ValueError()", "xs[1:-1]"),
        ("assert len(params['sizes']) > 1\nfirst, *xs = params['sizes']", "xs"),
        ("n = params['n']\nassert n > 1", "range(1, n)"),
        ("n = params['n']\nfor i in range(1, n): pass\nassert n > 1", "range(1, n)"),
        ("n = params['n']\nif n < 2: raise ValueError()", "range(n - 1)"),
        ("xs = ['a', 'b', 'c']\nxs.remove('a')\ndel xs[0]", "xs"),
        ("xs = [params['a'], params['b']]\nxs.remove(params['c'])", "xs"),
    ],
)
def test_a_loop_has_a_round_if_a_test_or_statement_shows_it(before: str, iterable: str) -> None:
    assert not _may_have_no_round(iterable, f"{before}\n")


@pytest.mark.parametrize(
    ("body", "yields"),
    [
        ("for x in xs:\n    yield x", True),
        ("for x in xs:\n    if x: yield x", False),
        ("for x in xs:\n    if not x: continue\n    yield x", False),
        ("for x in xs:\n    if x: yield x\nyield 1", True),
        ("if not xs: return\nyield 1", False),
        ("if not xs: raise ValueError()\nyield 1", True),
        ("if xs: yield 1\nelse: y = yield 2", True),
        ("with tf.name_scope('x'):\n    yield from xs", True),
        ("yield from [x for x in xs if x]", False),
        ("for x in xs[1:]:\n    yield x", False),
        ("for i in range(len(xs) - 1):\n    yield xs[i]", False),
        ("yield from xs[1:]", False),
        ("yield xs[1:]", True),
        ("while True:\n    yield 1", True),
        ("while xs:\n    yield xs.pop()", False),
        ("def inner():\n    yield 1\nfor x in xs:\n    if x: yield x", False),
    ],
)
def test_what_a_generator_of_the_file_yields(body: str, yields: bool) -> None:
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    generator = f"def chosen(xs):\n{indented}"
    assert _may_have_no_round("chosen(params['sizes'])", generator) is not yields
    assert _may_have_no_round("chosen(found)", generator)
