"""Every branch shape with every choice of modes and fields.

A shape gets a test that holds in some modes, and two calls of a spec's constructor: one for when
the test holds, one for when it does not.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

MODES = ("TRAIN", "EVAL", "PREDICT")

#: The arguments of the constructor; their names are bound before the call.
FIELDS = {
    "loss": "loss=loss",
    "train": "loss=loss, train_op=tf.no_op()",
    "predict": "predictions={'p': tf.constant(1.0)}, loss=None",
    "all": "predictions=tf.constant(1.0), loss=loss, train_op=tf.no_op()",
}

SUBSETS = (("TRAIN",), ("EVAL",), ("PREDICT",), ("TRAIN", "EVAL"))


def _key(mode: str) -> str:
    return f"tf.estimator.ModeKeys.{mode}"


def _equal(modes: tuple[str, ...]) -> str:
    return " or ".join(f"mode == {_key(mode)}" for mode in modes)


def _unequal(modes: tuple[str, ...]) -> str:
    return " and ".join(f"mode != {_key(mode)}" for mode in modes)


def _tuple(modes: tuple[str, ...]) -> str:
    return f"({', '.join(_key(mode) for mode in modes)},)"


@dataclass(frozen=True)
class Shape:
    """How a model function chooses between two specs.

    Attributes:
        body: ``{equal}``, ``{unequal}``, ``{tuple}`` and ``{pattern}`` are placeholders for the
            test, ``{a}`` for the spec if it holds, ``{b}`` for the other one.
        before: the module's text above the model function.
        after: the text below.
    """

    body: str
    before: str = ""
    after: str = ""


_MAKE = """
def make(mode, loss, **fields):
    return tf.estimator.EstimatorSpec(mode, loss=loss, **fields)
"""

SHAPES = {
    "if-else": Shape("if {equal}:\n    return {a}\nelse:\n    return {b}"),
    "early-return": Shape("if {equal}:\n    return {a}\nreturn {b}"),
    "negation": Shape("if not ({equal}):\n    return {b}\nreturn {a}"),
    "unequal": Shape("if {unequal}:\n    return {b}\nreturn {a}"),
    "elif": Shape(
        "if {first}:\n    return {a}\nelif {equal}:\n    return {a}\nelif not ({equal}):\n"
        "    return {b}"
    ),
    "falls-off": Shape("if {equal}:\n    return {a}\nif params['last']:\n    return {b}"),
    "nested": Shape(
        "if params['outer']:\n    if {equal}:\n        return {a}\n    return {b}\n"
        "elif {unequal}:\n    return {b}\nreturn {a}"
    ),
    "correlated": Shape(
        "if params['f'] and ({equal}):\n    spec = {a}\nelif not params['f']:\n    spec = {b}\n"
        "if params['f'] and {unequal}:\n    spec = {b}\nreturn spec"
    ),
    "conditional-expression": Shape("return {a} if {equal} else {b}"),
    "boolean-operators": Shape("return ({equal}) and {a} or {b}"),
    "in-tuple": Shape("if mode in {tuple}:\n    return {a}\nreturn {b}"),
    "not-in-set": Shape("if mode not in {{*{tuple}}}:\n    return {b}\nreturn {a}"),
    "is-variable": Shape(
        "is_it = {equal}\nif is_it:\n    spec = {a}\nif not is_it:\n    spec = {b}\nreturn spec"
    ),
    "match": Shape(
        "match mode:\n    case {pattern}:\n        return {a}\n    case _:\n        return {b}"
    ),
    "dict-dispatch": Shape(
        "specs = dict.fromkeys({tuple}, lambda: {a})\nreturn specs.get(mode, lambda: {b})()"
    ),
    "dict-literal": Shape("return {{{items}}}.get(mode, lambda: {b})()"),
    "try-finally": Shape(
        "try:\n    if {equal}:\n        return {a}\nfinally:\n    done = True\nreturn {b}"
    ),
    "try-except": Shape(
        "try:\n    if {equal}:\n        raise KeyError(mode)\nexcept KeyError:\n    return {a}\n"
        "else:\n    return {b}"
    ),
    "loop-else": Shape(
        "for key in {tuple}:\n    if mode == key:\n        break\nelse:\n    return {b}\nreturn {a}"
    ),
    "while-break": Shape(
        "while {equal}:\n    if params['f']:\n        return {a}\n    break\nelse:\n"
        "    return {b}\nreturn {a}"
    ),
    "with": Shape(
        "with tf.name_scope('spec'):\n    if {equal}:\n        spec = {a}\n    else:\n"
        "        spec = {b}\nreturn spec"
    ),
    "unbound": Shape("if {equal}:\n    spec = {a}\nelif params['f']:\n    spec = {b}\nreturn spec"),
    "helper": Shape(
        "if {equal}:\n    return made({a_arguments})\nreturn made({b_arguments})",
        after=_MAKE.replace("make", "made"),
    ),
    "helper-or-none": Shape(
        "spec = chosen(mode, loss)\nif spec is not None:\n    return spec\nreturn {b}",
        before="def chosen(mode, loss):\n    if {equal}:\n        return {a}\n",
    ),
    "closure": Shape(
        "def build():\n    if {equal}:\n        return {a}\n    return other()\n"
        "def other():\n    return {b}\nreturn build()"
    ),
    "nonlocal": Shape(
        "spec = None\ndef build():\n    nonlocal spec\n    if {equal}:\n        spec = {a}\n"
        "build()\nif spec is None:\n    spec = {b}\nreturn spec"
    ),
    "keyword-arguments": Shape(
        "fields = dict({b_fields})\nif {equal}:\n    fields = dict({a_fields})\n"
        "return tf.estimator.EstimatorSpec(mode=mode, **fields)"
    ),
    "partial": Shape(
        "make = functools.partial(tf.estimator.EstimatorSpec, mode)\nif {equal}:\n"
        "    return make({a_fields})\nreturn make({b_fields})"
    ),
    "replace": Shape("spec = {b}\nif {equal}:\n    spec = spec._replace({a_fields})\nreturn spec"),
    "raise": Shape("if {unequal}:\n    raise ValueError(mode)\nreturn {a}"),
    "labels": Shape("if labels is None:\n    return {b}\nif {equal}:\n    return {a}\nreturn {b}"),
}


def programs_of(shape: Shape) -> Iterator[str]:
    """The programs of one shape: every choice of modes and of fields."""
    for modes, first, second in itertools.product(SUBSETS, FIELDS, FIELDS):
        if first != second:
            yield program(shape, modes, FIELDS[first], FIELDS[second])


def program(shape: Shape, modes: tuple[str, ...], first: str, second: str) -> str:
    """One program: ``first`` are the fields if the test for ``modes`` holds."""
    spec = "tf.estimator.EstimatorSpec(mode=mode, {})"
    parts = {
        "equal": _equal(modes),
        "first": _equal(modes[:1]),
        "unequal": _unequal(modes),
        "tuple": _tuple(modes),
        "pattern": " | ".join(_key(mode) for mode in modes),
        "items": ", ".join(f"{_key(mode)}: lambda: {spec.format(first)}" for mode in modes),
        "a": spec.format(first),
        "b": spec.format(second),
        "a_fields": first,
        "b_fields": second,
        "a_arguments": f"mode=mode, {first}",
        "b_arguments": f"mode=mode, {second}",
    }
    body = "loss = tf.constant(1.0)\n" + shape.body.format(**parts)
    pieces = [
        "import functools\nimport tensorflow as tf\n",
        shape.before.format(**parts),
        "def model_fn(features, labels, mode, params):\n" + textwrap.indent(body, "    "),
        shape.after,
    ]
    return "\n".join(pieces)
