"""Tests that imply one another: the linter's findings for a name agree with Python.

Each program tests one parameter twice; the first test binds a name, the second guards its use.
Python runs it for every value.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from estimator_lint.linting import lint_text

#: Evaluation derives everything that these imply for one another.
EXACT = (
    "k == 'a'",
    "k != 'b'",
    "k in ('a', 'b')",
    "k not in ('b', 'c')",
    "k in ('a', None)",
    "k in [0, 1]",
    "k == 0",
    "k is None",
    "k is not None",
    "k",
    "not k",
)
#: Also what one of these and one of those above imply for each other.
TYPES = ("isinstance(k, str)", "isinstance(k, int)", "isinstance(k, (str, int))")
#: For these, only that the outcome is unknown.
OTHERS = (
    "k > 0",
    "k >= 1",
    "len(k) > 0",
    "k.startswith('a')",
    "k.upper() == 'A'",
    "str(k) == 'a'",
    "k + 1 > 1",
    "params.get('k')",
    "params.get('k') == 'a'",
    "'k' in params",
)
VALUES = (None, "", "a", "b", "c", "apart", 0, 1, 2, -1, 0.0, 1.0, 0.5)

#: The ways in which a name is bound under the first test and read under the second.
FORMS = {
    "bound under the first": """
if {first}:
    x = features
if {second}:
    y = x
""",
    "bound otherwise": """
if {first}:
    pass
else:
    x = features
if {second}:
    y = x
""",
    "the others end": """
if not ({first}):
    raise ValueError(k)
if {second}:
    x = features
y = x
""",
    "a chain": """
if {first}:
    x = features
elif {second}:
    pass
else:
    x = features
if {first} or {second}:
    y = x
""",
    "both sides": """
if {first}:
    x = features
if {second}:
    y = x
else:
    x = features
    y = x
""",
}


def _program(form: str, first: str, second: str) -> str:
    body = FORMS[form].format(first=first, second=second).strip()
    # Nothing depends on the mode, so one is enough.
    lines = ["if mode != 'train':", "    return spec(mode)"]
    lines += ["k = params['k']", *body.splitlines(), "return spec(mode)"]
    return "\n".join(
        [
            "import tensorflow as tf",
            "def spec(mode):",
            "    t = tf.constant(1.0)",
            "    return tf.estimator.EstimatorSpec(mode, t, t, t)",
            "def model_fn(features, labels, mode, params):",
            *(f"    {line}" for line in lines),
        ]
    )


def _may_be_unbound(source: str) -> bool:
    """Whether some value lets the function read the name before it is bound."""
    namespace: dict[str, object] = {"spec": lambda mode: None}
    exec(re.sub("(?s)^import.*?(?=def model_fn)", "", source), namespace)
    for value in VALUES:
        try:
            namespace["model_fn"](1, 2, "train", {"k": value})  # type: ignore[operator]
        except UnboundLocalError:
            return True
        except (TypeError, AttributeError, ValueError):
            continue
    return False


def _found(source: str) -> bool:
    codes = {finding.code for finding in lint_text(source)}
    assert codes <= {"MFN203", "MFN213"}
    return bool(codes)


@pytest.mark.parametrize("form", FORMS)
def test_what_follows_from_equality_and_truth_is_worked_out(form: str) -> None:
    """Of tests of these, everything is found; of others, nothing that Python does not do."""
    exact = {*itertools.product(EXACT, EXACT + TYPES), *itertools.product(TYPES, EXACT)}
    for first, second in itertools.product(EXACT + TYPES + OTHERS, repeat=2):
        source = _program(form, first, second)
        if (first, second) in exact:
            found = _found(source)
            if found or not _is_left_out(first, second):
                assert found == _may_be_unbound(source), source
        elif _is_needed(form, first, second) and not _may_be_unbound(source):
            assert not _found(source), source


def _is_left_out(*tests: str) -> bool:
    """Whether the linter deliberately finds nothing.

    The linter assumes that a chain of equalities covers all values, and that a value that equals 0
    is an int.
    """
    if "k == 0" in tests and not set(TYPES).isdisjoint(tests):
        return True
    return all("==" in test or "!=" in test for test in tests)


def _is_needed(form: str, first: str, second: str) -> bool:
    """Whether the second test has two possible outcomes when nested in the first.

    The linter assumes so, because the author wrote it.
    """
    where = {"the others end": True, "a chain": False}.get(form)
    return where is None or len(set(_outcomes(second, first, where))) == 2


def _outcomes(test: str, under: str, where: bool) -> Iterator[bool]:
    for value in VALUES:
        names = {"k": value, "params": {"k": value}}
        try:
            if bool(eval(under, names)) is where:
                yield bool(eval(test, names))
        except (TypeError, AttributeError):
            continue
