"""Which of a path's tests are shown as steps."""

from __future__ import annotations

import cProfile

import libcst as cst

from estimator_lint.linting import lint_text
from tests.interpreter.nested_shapes import model_function
from tests.witnesses.test_steps import Told, told

_END = """
            if mode == EVAL:
                return Spec(mode)
            return Spec(mode, features, features, features)
"""
_LAST = ("mode == EVAL", True, True)


def way(text: str) -> Told:
    """The steps that lead to the missing loss of ``text``, without the last one."""
    steps = told(text + _END)["MFN103 EVAL"]
    assert steps[-1] == _LAST
    return steps[:-1]


def test_a_test_that_comes_out_the_same_again_is_told_once() -> None:
    loop = """
        def model_fn(features, labels, mode, params):
            for name in ("a", "b", "c"):
                if name != "d":
                    log()
                if params["stop"]:
                    return Spec(mode, *[features] * 3)
"""
    assert way(loop) == [('name != "d"', True, True), ('params["stop"]', False, False)]


def test_each_outcome_is_told_where_it_is_the_last() -> None:
    """Reading upwards from the finding, the first outcome is the one that counts."""
    calls = """
        def block(x, first):
            if first:
                return (x, None)
            return (x, x)

        def model_fn(features, labels, mode, params):
            block(1, True)
            block(2, False)
            if params["a"]:
                return Spec(mode, *[features] * 3)
            block(3, True)
"""
    assert way(calls) == [
        ("first", False, True),
        ('params["a"]', False, False),
        ("first", True, True),
    ]


def test_a_choice_is_told_where_it_is_made() -> None:
    """Later tests that it decides, and earlier decided ones, are not repeated."""
    calls = """
        def block(flag):
            return None if flag else 1

        def model_fn(features, labels, mode, params):
            a = block(True)
            b = block(params["a"])
            c = block(params["a"])
            if b is None:
                return Spec(mode, *[features] * 3)
            d = block(True)
"""
    assert way(calls) == [
        ("flag", False, False),
        ("b is None", False, True),
        ("flag", True, True),
    ]
    turned = calls.replace("b is None", "b is not None")
    assert way(turned) == [("flag", True, False), ("b is not None", False, True)]


# Details of calls that have returned


def _flags(count: int) -> str:
    """A function whose tests follow from its arguments."""
    return "".join(
        f"\n            log({number} if flag != {number} else 0)" for number in range(count)
    )


_HELPER = """
        def block(x, flag, training, stop):{flags}
            if training:
                log()
            if stop:
                return None
            return x
"""
_CALLED = """
        def model_fn(features, labels, mode, params):
            x = block(features, -1, mode == TRAIN, params["stop"])
            if x is None:
                return Spec(mode, *[features] * 3)
"""
_ALWAYS = [("training", False, True), ("stop", False, False), ("x is None", False, True)]


def test_of_many_tests_those_count_that_are_open_or_go_with_the_mode() -> None:
    assert way(_HELPER.format(flags=_flags(20)) + _CALLED) == _ALWAYS


def test_of_few_tests_all_are_told() -> None:
    flags = [(f"flag != {number}", True, True) for number in range(3)]
    assert way(_HELPER.format(flags=_flags(3)) + _CALLED) == [*flags, *_ALWAYS]


def test_a_function_that_is_still_running_tells_all() -> None:
    """The finding is about its arguments."""
    running = f"""
        def spec(mode, x, flag):{_flags(20)}
            return Spec(mode, predictions=x)

        def model_fn(features, labels, mode):
            if mode == EVAL:
                return spec(mode, features, -1)
            return Spec(mode, features, features, features)
"""
    steps = told(running)["MFN103 EVAL"]
    assert steps == [_LAST, *((f"flag != {number}", True, True) for number in range(20))]


def test_a_call_that_is_remembered_has_details_too() -> None:
    again = _CALLED.replace(
        "            if x", "            x = block(x, -1, mode == TRAIN, 0)\n            if x"
    )
    steps = way(_HELPER.format(flags=_flags(20)) + again)
    assert [test for test, _, _ in steps if test.startswith("flag")] == []


def test_many_steps_of_many_findings_do_not_ask_for_each_node() -> None:
    """The nodes of libcst are hashed in Python, which took a third of the time."""
    tests = [f"if mode == 'no mode {number}':\n    x = {number}" for number in range(150)]
    text = model_function("\n".join(tests).splitlines())
    profile = cProfile.Profile(builtins=False)
    findings = profile.runcall(lint_text, text)
    hash_code = cst.CSTNode.__hash__.__code__
    hashed = sum(entry.callcount for entry in profile.getstats() if entry.code is hash_code)
    assert sum(len(finding.witnesses[0].steps) for finding in findings) > 10_000
    assert hashed < 25_000
