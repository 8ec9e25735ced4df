"""Values stay small, however they are made; what is lost becomes unknown, not wrong."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.values.constants import arithmetic_result, method_result
from estimator_lint.domain.values.values import (
    NONE,
    Constant,
    DictContents,
    SequenceContents,
    TupleValue,
    Value,
    bounded_contents,
)
from estimator_lint.linting import lint_text

_HEAD = """\
import collections
import functools
import tensorflow as tf

SPEC = dict(loss=tf.a(), train_op=tf.a(), predictions=tf.a())

def model_fn(features, labels, mode):
    x = features
"""
_TAIL = """\
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss={loss})
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features, predictions=features)
"""


def _found(body: str, loss: str = "None") -> list[str]:
    """The codes found if ``body`` runs and ``loss`` is then the loss in EVAL."""
    text = _HEAD + textwrap.indent(body, "    ") + "\n" + _TAIL.format(loss=loss)
    return [finding.code for finding in lint_text(text)]


#: Initial values, and operations on them that are repeated; each at least doubles the value.
DOUBLING = {
    "string": ("x = 'ab'", "x = x + x"),
    "string in place": ("x = 'ab'", "x += x"),
    "f-string": ("x = 'ab'", "x = f'{x}{x}'"),
    "replaced characters": ("x = 'aa'", "x = x.replace('a', x)"),
    "number": ("x = 3", "x = x * x"),
    "tuple in a tuple": ("", "x = (x, x)"),
    "sum of tuples": ("x = (x, x)", "x = x + x"),
    "starred tuple": ("x = (x, x)", "x = (*x, *x)"),
    "sum of lists": ("x = [x]", "x = x + x"),
    "list extended in place": ("x = [x]", "x += x"),
    "list extended": ("x = [x]", "x.extend(x)"),
    "zip": ("x = (x, x)", "x = tuple(zip(x + x, x + x))"),
    "enumerate": ("x = (x, x)", "x = tuple(enumerate(x + x))"),
    "items of a dict": ("x = {'a': x}", "x = {'a': tuple(x.items()), 'b': x.items()}"),
    "arguments": ("def f(*a):\n    return a", "x = f(x, x)"),
    "named tuple": ("T = collections.namedtuple('T', 'a b')", "x = T(x, x)"),
    "defaults": ("", "x = lambda a=x, b=x: a"),
    "partial": ("", "x = functools.partial(x, x)"),
    "spec": ("", "x = tf.estimator.EstimatorSpec(mode, **SPEC, export_outputs=(x, x))"),
    "tuples compared": ("y = x", "x = (x, x)\ny = (y, y)\nx == y"),
}


@pytest.mark.parametrize("name", DOUBLING)
def test_what_is_doubled_stays_small(name: str) -> None:
    start, again = DOUBLING[name]
    found = _found("\n".join([start, *[again] * 40]))
    assert "MFN103" in found and "MFN000" not in found


WITHOUT_END = {
    "repeated string": "x = 'ab' * 100_000_000_000",
    "wide field": "x = '%100000000000d' % 5",
    "characters replaced by many": "x = ('a' * 9_999).replace('a', 'b' * 9_999)",
    "replaced ever so often": "try:\n    'aa'.replace('a', 'b', 10000000000000000000000)\n"
    "except OverflowError:\n    pass",
    "range": "for i in range(100000000000000000000000):\n    x = i",
    "number with too many digits for str": f"x = str(0x{'f' * 9_999})",
    "nested tuples": "x = (x,)\n" * 1_500,
    "many values in a call": "a = [x, x, x, x, x, x, x, x, x]\n"
    + "a = [a, a, a, a, a, a, a, a, a]\n" * 9
    + "x = tf.a(a)",
}


@pytest.mark.parametrize("name", WITHOUT_END)
def test_ends(name: str) -> None:
    found = _found(WITHOUT_END[name])
    assert "MFN103" in found and "MFN000" not in found


@pytest.mark.parametrize(
    ("build", "read"),
    [
        ("x = [{}]", "x[0]"),
        ("x = ({})", "x[0]"),
        ("x = [{}]\ny = []\ny.extend(x)\nx = y", "x[0]"),
        ("x = dict(enumerate([{}]))", "x[0]"),
        ("x = {{'k': [{}]}}", "x['k'][0]"),
    ],
)
def test_items_are_known_up_to_the_bound(build: str, read: str) -> None:
    few, many = (
        build.format(", ".join(["None", *["x"] * count])) for count in (200, bounds.MAX_SIZE)
    )
    assert "MFN103" in _found(few, read)
    assert "MFN103" not in _found(many, read)


def _shared(depth: int) -> Value:
    value: Value = NONE
    for _ in range(depth):
        value = TupleValue((value, value))
    return value


def test_the_size_of_a_value_counts_what_is_in_it_each_time() -> None:
    assert [_shared(depth).size for depth in range(4)] == [1, 3, 7, 15]
    assert [_shared(depth).nesting for depth in range(4)] == [0, 1, 2, 3]


def test_contents_past_the_bound_are_open() -> None:
    items = (NONE,) * (bounds.MAX_SIZE + 1)
    assert bounded_contents(SequenceContents(items[1:])) == SequenceContents(items[1:])
    assert bounded_contents(SequenceContents(items)) == SequenceContents((), open=True)
    entries = DictContents(dict(enumerate(items)))
    state = State.at_bottom(Layer(None, {}))
    state.set_contents(1, entries)
    assert state.contents(1) == DictContents({}, open=True)


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("Multiply", 60 * 60, 24_000, 86_400_000),
        ("Multiply", "ab", 3, "ababab"),
        ("Multiply", 3, "ab", "ababab"),
        ("Multiply", "ab", -1, ""),
        ("Multiply", 1 << 600, 1 << 600, None),
        ("Modulo", "%5d", 1, "    1"),
        ("Modulo", "%50000d", 1, None),
        ("Add", "a" * 9_999, "b", "a" * 9_999 + "b"),
        ("Add", "a" * 9_999, "bc", None),
    ],
)
def test_arithmetic(operator: str, left: object, right: object, result: object) -> None:
    expected = None if result is None else Constant(result)
    assert arithmetic_result(operator, Constant(left), Constant(right)) == expected


def test_methods_of_strings() -> None:
    replaced = [Constant("a"), Constant("b" * 100)]
    assert method_result("a" * 99, "replace", replaced) == Constant("b" * 9_900)
    assert method_result("a" * 101, "replace", replaced) is None
    assert method_result("a", "upper", []) == Constant("A")


@pytest.mark.parametrize(
    ("count", "is_known"),
    [(bounds.MAX_ANCESTORS_IN_LINE, True), (bounds.MAX_ANCESTORS_IN_LINE + 1, False)],
)
def test_ancestors_are_known_up_to_the_bound(count: int, is_known: bool) -> None:
    chain = "".join(f"class C{i}(C{i - 1}):\n    pass\n" for i in range(1, count))
    model = (
        f"class Model(C{count - 1}):\n    def model_fn(self, features, labels, mode):\n"
        "        if mode == tf.estimator.ModeKeys.EVAL:\n"
        "            return tf.estimator.EstimatorSpec(mode, loss=self.loss())\n"
    )
    root = "class C0:\n    def loss(self):\n        return None\n"
    found = lint_text(f"import tensorflow as tf\n{root}{chain}{model}")
    assert ("MFN103" in [finding.code for finding in found]) is is_known


@pytest.mark.parametrize("count", [3, bounds.MAX_ALTERNATIVES + 1])
def test_the_same_test_of_membership_has_the_same_answer(count: int) -> None:
    names = [f"'name{number}'" for number in range(count)]
    body = f"""\
x = tf.a()
first, second = [{", ".join(names)}], ({", ".join(names[::-1])})
if x in first:
    y = x
if x in second:
    x.use(y)
"""
    assert "MFN213" not in _found(body)
    assert "MFN213" in _found(body.replace("if x in second", "if params in second"))
