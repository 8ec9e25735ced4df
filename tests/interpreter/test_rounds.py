"""Loops of unknown length: the known values after them, and the number of evaluated rounds."""

from __future__ import annotations

import pytest

from estimator_lint.tensorflow_api.modes import Mode
from tests.interpreter.nested_shapes import model_function
from tests.interpreter.snippets import UNKNOWN, Snippet
from tests.interpreter.work_counts import linted

_LOOPS = {
    "for": ("for i in features:", ""),
    "while": ("while features.more():", ""),
    "for with a test": ("for i in features:", "    if params['skipped']:\n        continue"),
    "for with a break": ("for i in features:", "    if params['done']:\n        break"),
}


def _behind(loop: str, before: str, body: str, expression: str) -> set[str]:
    """The possible values of an expression after a loop, in TRAIN."""
    header, first = _LOOPS[loop]
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    text = f"{before}\n{header}\n{first}\n{indented}return {expression}\n"
    return Snippet(text).readings(Mode.TRAIN)


@pytest.mark.parametrize("loop", _LOOPS)
def test_what_no_round_changes_stays_known(loop: str) -> None:
    assert _behind(loop, "x = None\ny = 1", "y = y + 1", "x") == {"None"}


@pytest.mark.parametrize("loop", _LOOPS)
def test_what_a_test_of_the_mode_keeps_a_round_from_changing_stays_known(loop: str) -> None:
    body = "if mode == 'eval':\n    x = 1"
    assert _behind(loop, "x = None", body, "x") == {"None"}


@pytest.mark.parametrize("loop", _LOOPS)
def test_what_every_round_leaves_unbound_stays_unbound(loop: str) -> None:
    body = "if mode == 'eval':\n    x = 1\ny = params.get()"
    assert _behind(loop, "", body, "x") == {"unbound x"}


@pytest.mark.parametrize("loop", _LOOPS)
def test_what_a_round_makes_of_the_last_is_not_known(loop: str) -> None:
    readings = _behind(loop, "x = 0", "x = x + 1", "x")
    assert UNKNOWN in readings or "not None" in readings


def test_a_body_that_reads_nothing_of_what_it_changes_is_run_once() -> None:
    once = ["for i in params['items']:", "    y = features", "print(y)"]
    again = ["for i in params['items']:", "    x = tf.identity(x)", "print(x)"]
    literal = ["for i in (1, 2):", "    y = features", "print(y)"]
    assert linted(model_function(once)).work.runs < linted(model_function(again)).work.runs
    assert linted(model_function(once)).work.runs < linted(model_function(literal)).work.runs


@pytest.mark.parametrize("depth", [3, 6])
def test_rounds_of_nested_loops_are_not_multiplied(depth: int) -> None:
    lines = []
    for level in range(depth):
        lines += ["    " * level + f"for i{level} in params['{level}']:"]
        lines += ["    " * (level + 1) + f"x{level} = tf.identity(x)"]
    lines.append("    " * depth + "x = tf.identity(x)")
    assert linted(model_function(lines)).work.runs < 60 * depth


_CHAIN = {
    "elif": [
        "for i in params['items']:",
        "    if i == 'a':",
        "        x = 1",
        "    elif i == 'b':",
    ],
    "ifs": ["for i in params['items']:", "    if i == 'a':", "        x = 1", "    if i == 'b':"],
}


@pytest.mark.parametrize("chain", _CHAIN.values(), ids=_CHAIN)
def test_a_definite_finding_behind_tests_of_each_item_is_found(chain: list[str]) -> None:
    lines = [*chain, "        x = None", "print(x)"]
    assert linted(model_function(lines)).codes == {"MFN102"}


@pytest.mark.parametrize("chain", _CHAIN.values(), ids=_CHAIN)
def test_nothing_is_found_if_only_an_item_that_passes_no_test_is_wrong(chain: list[str]) -> None:
    spec = "return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(features), train_op=x)"
    lines = ["x = None", *chain, "        x = 2", spec]
    assert linted(model_function(lines)).codes == set()


_LEFT_IN_ANY_ROUND = {
    "break": "        break",
    "return": "        return tf.estimator.EstimatorSpec(mode, loss=x, train_op=tf.no_op())",
}


@pytest.mark.parametrize("leaving", _LEFT_IN_ANY_ROUND.values(), ids=_LEFT_IN_ANY_ROUND)
def test_a_loop_that_may_be_left_in_any_round_is_not_unrolled(leaving: str) -> None:
    lines = [
        *("q = [features]", "while True:", "    found = []", "    for u in q:"),
        *("        if params.has(u):", "            x = tf.identity(u)", "        found.append(x)"),
        *("    if params['done']:", leaving, "    q = found"),
    ]
    done = linted(model_function(lines))
    assert done.codes == ({"MFN102"} if leaving.endswith("break") else set())
    assert done.work.runs < 400


def test_a_loop_that_each_path_leaves_in_a_round_of_its_own_is_unrolled() -> None:
    lines = ["n = 3 if params['few'] else 5", "m = 0", "while True:", "    n -= 1", "    m += 2"]
    text = "\n".join([*lines, "    if n == 0:", "        break", "return m"])
    assert Snippet(text).readings(Mode.TRAIN) == {"6", "10"}


_GIVES_X = "return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(features), train_op=x)"
_LEAVABLE = {
    "by the first round only": ["while n < 3:", "    assert params['a']"],
    "by any round": ["while n < 3:", "    assert params.has(n)"],
    "by a return in any round": [
        "while n < 3:",
        "    if params.has(n):",
        "        return params()",
    ],
    "by an exception, or a break in the end": [
        *("while True:", "    assert params.has(n)", "    if n == 9:", "        x = None"),
        "        break",
    ],
    "by its test after the first round": [
        *("while n < 1:", "    assert params['a']", "    if n == 2:", "        raise KeyError")
    ],
}


@pytest.mark.parametrize("loop", _LEAVABLE.values(), ids=_LEAVABLE)
def test_what_every_end_of_a_loop_shares_is_definite(loop: list[str]) -> None:
    lines = ["n = 0", "x = features", loop[0], "    n += 1", *loop[1:], "    x = None"]
    assert "MFN102" in linted(model_function([*lines, _GIVES_X])).codes


def test_what_only_a_later_round_of_a_leavable_loop_reaches_is_not_definite() -> None:
    lines = ["n = 0", "x = features", "while n < 9:", "    n += 1", "    if n > 5:"]
    lines += ["        x = None", "    if params.has(n):", "        break"]
    assert "MFN102" not in linted(model_function([*lines, _GIVES_X])).codes


def _nested(depth: int, *header: str) -> str:
    lines = ["x = tf.a(x)"]
    for level in range(depth):
        inside = [*(line.format(level) for line in header), *lines]
        loop = next(number for number, line in enumerate(inside) if line.endswith(":"))
        lines = [*inside[: loop + 1], *(f"    {line}" for line in inside[loop + 1 :])]
    return model_function([*lines, "print(x)"])


@pytest.mark.parametrize(
    "header",
    [
        ("while True:", "if tf.b(x):", "    break"),
        ("n{0} = 0", "while n{0} < 3:", "n{0} += 1"),
        ("n{0} = 0", "while n{0} < 3:", "n{0} += 1", "if tf.a(x):", "    break"),
    ],
    ids=["while True", "counted", "counted and left"],
)
def test_nested_loops_are_unrolled_for_a_few_levels_only(header: tuple[str, ...]) -> None:
    small, large = linted(_nested(12, *header)), linted(_nested(24, *header))
    assert "MFN102" in large.codes
    # The inner 9 and 21 levels are run as often.
    assert large.work.runs < 2.5 * small.work.runs
