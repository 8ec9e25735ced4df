"""Model functions of constructs that are nested in one another, to any depth.

Each level has values that findings depend on, on some paths and not on others: None or not, unbound
or not, a boolean, a spec. They are read after the next level, and so keep paths apart.
"""

from __future__ import annotations

import itertools
import random
import textwrap
from collections.abc import Callable, Sequence
from typing import Final

_HEAD = """\
import tensorflow as tf

"""
_BEGIN = """\
def model_fn(features, labels, mode, params):
    x = features
    if mode != tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(x), predictions=x)
"""
#: This spec has no train_op: MFN102 on every path.
_END = """\
    return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(features))
"""
_SIGNATURE: Final = "features, labels, mode, params"
_ARGUMENTS: Final = "features, params, mode, x"

#: Writes a level: takes its number, the lines of what is nested in it, and where definitions go.
_Writer = Callable[[int, list[str], list[str]], list[str]]


def model_function(body: Sequence[str], definitions: Sequence[str] = ()) -> str:
    """A file with a model function that runs ``body`` and then builds a spec without train_op."""
    inside = textwrap.indent("\n".join(body), "    ") + "\n"
    above = "".join(f"{line}\n" for line in definitions)
    return _HEAD + above + _BEGIN + inside + _END


def nested(kinds: Sequence[str], depth: int) -> str:
    """A file whose model function nests constructs of these kinds, in turn, ``depth`` deep."""
    definitions: list[str] = []
    body = _levels([kinds[level % len(kinds)] for level in range(depth)], 0, definitions)
    # The maximal number of paths reaches the nest, so that it costs the same at every depth.
    outside = range(depth, depth + 4)
    values = [line for number in outside for line in _values(number)]
    reads = [line for number in outside for line in _reads(number)]
    return model_function([*values, *body, *reads], definitions)


def pairs() -> list[tuple[str, ...]]:
    """Every two kinds, and each with itself."""
    return list(itertools.combinations_with_replacement(KINDS, 2))


def triples(count: int) -> list[tuple[str, ...]]:
    """Some three different kinds, in any order; always the same."""
    every = list(itertools.permutations(KINDS, 3))
    return random.Random(13).sample(every, count)


def nested_tests_of_unbound_names(depth: int) -> str:
    """Nested tests; each level reads a name that some paths leave unbound."""
    body: list[str] = []
    for level in reversed(range(depth)):
        body = [
            f"n{level} = features if params['n{level}'] else None",
            f"if params['u{level}']:",
            f"    u{level} = features",
            f"if params['if{level}']:",
            *_indented(body or ["x = None"]),
            f"print(u{level}, n{level})",
        ]
    return model_function(body)


def row_of_tests(count: int) -> str:
    """Undecided tests in a row; each binds a name or sets it to None."""
    body = []
    for number in range(0, count, 2):
        body += [f"n{number} = None", f"if params['n{number}']:", f"    n{number} = features"]
        body += [f"if params['u{number}']:", f"    u{number} = features"]
    names = ", ".join(f"n{number}" for number in range(0, count, 2))
    return model_function([*body, f"print({names})"])


def operands(count: int, operator: str) -> str:
    """A test of many operands; ``operator`` is ``and``, ``or``, or both alternately."""
    words = operator.split()
    test = "params['0']" + "".join(
        f" {words[number % len(words)]} params['{number}']" for number in range(1, count)
    )
    return model_function([f"y = {test}", "if y:", "    x = None", "print(x, y)"])


def nested_whiles(depth: int) -> str:
    """Loops whose tests have the same outcome in each round of the loop around them."""
    lines = ["x = tf.a(x)"]
    for level in range(depth):
        lines = [
            f"while params['{level}']:",
            "    try:",
            *_indented(_indented(lines)),
            "    except KeyError:",
            f"        y{level} = None",
            "        break",
        ]
    return model_function([*lines, "print(x)"])


def helpers_that_call_twice(depth: int) -> str:
    """A tree of helpers, each of which calls the next twice."""
    definitions = []
    for level in range(depth):
        following = f"helper{level + 1}(params, x)"
        definitions += [
            f"def helper{level}(params, x):",
            f"    if params['n{level}']:",
            "        x = None",
            f"    print({following})",
            f"    return {following}",
            "",
        ]
    definitions += [f"def helper{depth}(params, x):", "    return x", ""]
    return model_function(["x = helper0(params, x)"], definitions)


def mutual_recursion(count: int) -> str:
    """Functions that call one another in a cycle, each the next one twice."""
    definitions = []
    for number in range(count):
        following = f"step{(number + 1) % count}(params, x)"
        definitions += [
            f"def step{number}(params, x):",
            f"    if params['stop{number}']:",
            "        return None",
            f"    y = {following}",
            f"    return {following} if params['twice{number}'] else y",
            "",
        ]
    return model_function(["x = step0(params, x)", "print(x)"], definitions)


def returns_with_finally(depth: int) -> str:
    """A helper of nested ``try`` statements with a ``return`` each: the inmost leaves all."""
    lines = ["x = tf.a(x)"]
    for level in range(depth):
        lines = [
            "try:",
            *_indented(_ways_out(level)),
            *_indented(lines),
            "finally:",
            f"    y{level} = params['{level}'] or {level}",
        ]
    return _with_helper(lines)


def finally_in_finally(depth: int) -> str:
    """A helper of ``try`` statements, each in the ``finally`` of another."""
    lines = ["x = tf.a(x)"]
    for level in range(depth):
        lines = ["try:", *_indented(_ways_out(level)), "finally:", *_indented(lines)]
    return _with_helper(lines)


def _ways_out(level: int) -> list[str]:
    return [
        f"if params['return {level}']:",
        f"    return tf.a({level})",
        f"if params['raise {level}']:",
        "    raise ValueError",
    ]


def _with_helper(lines: Sequence[str]) -> str:
    definition = ["def helper(params, x):", *_indented(lines), "    return x", ""]
    return model_function(["x = helper(params, x)", "print(x)"], definition)


def handed_on(count: int) -> str:
    """A model function that delegates to another, each with so many tests."""
    inside = row_of_tests(count)
    first = inside.replace("def model_fn(", "def other_model_fn(")
    lines = inside.removeprefix(_HEAD).splitlines()
    return first + "\n" + "\n".join([*lines[:-1], f"    return other_model_fn({_SIGNATURE})", ""])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _levels(kinds: Sequence[str], level: int, definitions: list[str]) -> list[str]:
    """The lines of a level and of those in it."""
    if level == len(kinds):
        return ["x = features"]
    last = level
    if kinds[level] in _EXPRESSIONS:
        # Nested expressions, without statements between them.
        while last + 1 < len(kinds) and kinds[last + 1] in _EXPRESSIONS:
            last += 1
        construct = _expression(kinds, level, last, definitions)
    else:
        construct = KINDS[kinds[level]](level, _levels(kinds, level + 1, definitions), definitions)
    values = [line for number in range(level, last + 1) for line in _values(number)]
    reads = [line for number in range(level, last + 1) for line in _reads(number)]
    return values + construct + reads


#: The second value at a level, besides one that may be None, alternately: how it is made and read.
_BY_TURNS: Final = (
    (
        ["if params['u{0}']:", "    u{0} = features"],
        ["if params['u{0}']:", "    print(u{0})"],
    ),
    (
        ["b{0} = False", "if params['b{0}']:", "    b{0} = True"],
        ["print(b{0})"],
    ),
    (
        [
            "s{0} = None",
            "if params['s{0}']:",
            "    s{0} = tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)",
        ],
        ["print(s{0})"],
    ),
)


def _values(level: int) -> list[str]:
    """None or not; and unbound or not, a boolean, or a spec."""
    written, _ = _BY_TURNS[level % len(_BY_TURNS)]
    first = [f"n{level} = None", f"if params['n{level}']:", f"    n{level} = features"]
    return [*first, *(line.format(level) for line in written)]


def _reads(level: int) -> list[str]:
    _, read = _BY_TURNS[level % len(_BY_TURNS)]
    return [*(line.format(level) for line in read), f"print(n{level})"]


def _expression(kinds: Sequence[str], level: int, last: int, definitions: list[str]) -> list[str]:
    """Expressions from one level to another; statements in the last one need a function."""
    above: list[str] = []
    value = "features"
    if last + 1 < len(kinds):
        inner = _levels(kinds, last + 1, definitions)
        above = [f"def inner{last}(x):", *_indented(inner), "    return x"]
        value = f"inner{last}(x)"
    for number in range(last, level - 1, -1):
        value = _EXPRESSIONS[kinds[number]].format(value, number)
    return [*above, f"x = {value}"]


def _if(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [f"if params['if{level}']:", *_indented(inner)]


def _elif(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [
        f"if params['kind{level}'] == 'a':",
        f"    n{level} = None",
        f"elif params['kind{level}'] == 'b':",
        *_indented(inner),
        f"elif params['kind{level}'] == 'c':",
        f"    n{level} = features",
        "else:",
        f"    n{level} = x",
    ]


def _for_over_unknown(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [f"for item{level} in params['items{level}']:", *_indented(inner)]


def _for_over_literal(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [f"for item{level} in (1, None):", *_indented(inner)]


def _while(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [f"while tf.again{level}(x):", *_indented(inner)]


def _with(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [f"with tf.variable_scope(params['scope{level}']):", *_indented(inner)]


def _try(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [
        "try:",
        *_indented(inner),
        "except ValueError:",
        f"    n{level} = None",
        "finally:",
        f"    print(n{level})",
    ]


def _match(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [
        f"match params['subject{level}']:",
        "    case None:",
        f"        n{level} = None",
        "    case 1 | 2:",
        *_indented(_indented(inner)),
        f"    case [first{level}, *_]:",
        f"        n{level} = first{level}",
    ]


def _call(level: int, inner: list[str], definitions: list[str]) -> list[str]:
    definitions += [f"def helper{level}({_ARGUMENTS}):", *_indented(inner), "    return x", ""]
    return [f"x = helper{level}({_ARGUMENTS})"]


def _method(level: int, inner: list[str], definitions: list[str]) -> list[str]:
    definitions += [
        f"class Network{level}:",
        f"    def build(self, {_ARGUMENTS}):",
        *_indented(_indented(inner)),
        "        return x",
        "",
    ]
    return [f"x = Network{level}().build({_ARGUMENTS})"]


def _closure(level: int, inner: list[str], _: list[str]) -> list[str]:
    return [
        f"def closure{level}(x):",
        f"    print(n{level})",
        *_indented(inner),
        "    return x",
        f"x = closure{level}(x)",
    ]


def _no_statement(level: int, inner: list[str], _: list[str]) -> list[str]:
    raise AssertionError("an expression is written with what it stands in")


_EXPRESSIONS: Final = {
    "conditional expression": "({0} if params['c{1}'] else None)",
    "comprehension": "[{0} for item{1} in params['items{1}']]",
}

KINDS: Final[dict[str, _Writer]] = {
    "if": _if,
    "elif": _elif,
    "for over unknown": _for_over_unknown,
    "for over literal": _for_over_literal,
    "while": _while,
    "with": _with,
    "try": _try,
    "match": _match,
    **dict.fromkeys(_EXPRESSIONS, _no_statement),
    "call": _call,
    "method": _method,
    "closure": _closure,
}
