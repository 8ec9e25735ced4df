"""Forms that Python accepts and libcst rejects are still analysed, at their own places."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from tests.flake8_program import position

TEXT = """\
import tensorflow as tf


class Model:
    def model_fn(self, features, labels, mode):
{lines}
        loss = features["x"]
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=features)

    def eval_model_fn(self, features, labels, mode):
        if mode == tf.estimator.ModeKeys.EVAL:
            return tf.estimator.EstimatorSpec(mode)
        raise ValueError(mode)
"""
#: Each reads ``unbound_yet`` before anything binds it.
FORMS = {
    "name in parentheses": "        (x): int = 1; x = unbound_yet",
    "more parentheses": "        ( (x) ) : int = unbound_yet",
    "attribute in parentheses": "        (self.x): int = unbound_yet",
    "item in parentheses": "        (self.x[0]): 'naïve' = unbound_yet",
    "after other characters": "        'é'; (x): int = unbound_yet",
    "form feed": "\x0c        x = unbound_yet",
    "form feed within": "        if labels is None or True:\n  \x0c            x = unbound_yet",
    "form feed before a comment": "        if mode:\n\x0c# é\n\x0c\n            x = unbound_yet",
    "backslash alone": "        if mode:\n            \\\n              x = unbound_yet",
    "backslashes alone": "        if mode:\n            \\\n  \\\n   \\\n x = unbound_yet",
    "backslashes in the first column": "\\\n        if mode:\n\\\n\\\n            x = unbound_yet",
    "the same before handlers": "        try:\n            pass\n\\\n"
    "        except ValueError: pass\n"
    "\\\n        x = '''\n\\\n'''; x = unbound_yet",
    "tabs after spaces": "        if mode:\n        \tx = 1\n        \tx = unbound_yet",
    "text over lines": "\x0c        x = '''\n\x0c  \\\n  ''', (\n  1,\n # c\n); x = unbound_yet",
}


@pytest.mark.parametrize("form", FORMS)
def test_what_libcst_refuses_is_analysed(form: str) -> None:
    text = TEXT.format(lines=f"{FORMS[form]}\n        unbound_yet = 1")
    found = [f"{finding.line}:{finding.column + 1}: {finding.code}" for finding in lint_text(text)]
    assert found == [
        f"{position(text, 'unbound_yet')} MFN203",
        f"{position(text, 'tf.estimator.EstimatorSpec(mode)')} MFN103",
    ]


@pytest.mark.parametrize("end", ["\\", ";\\", " ; \\", "  # \\"])
@pytest.mark.parametrize("after", ["", "    "])
def test_a_backslash_behind_a_function(end: str, after: str) -> None:
    lines = TEXT.format(lines="        'é'; unbound_yet; unbound_yet = 1").split("\n")
    *lines, last, _ = ["import x" + end, after, *lines]
    text = "\n".join([*lines, last + end, after, ""])
    assert [finding.code for finding in lint_text(text)] == ["MFN203", "MFN103"]


#: Code that libcst rejects, and code that is nested too deeply.
REFUSED = {
    "star behind a keyword": "class Inner(object, a=1, *x): pass",
    "too deep": "x = 1" + " + 1" * 2000,
}
FOUND = ("MFN103", "tf.estimator.EstimatorSpec(mode)")


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint_text(text)]


@pytest.mark.parametrize("form", REFUSED)
def test_only_the_function_that_holds_it_is_not_analysed(form: str) -> None:
    text = TEXT.format(lines=f"        {REFUSED[form]}")
    (failed, found) = lint_text(text)
    assert (failed.line, failed.column, failed.code) == (5, 8, "MFN000")
    assert f"{found.line}:{found.column + 1}: {found.code}" == (
        f"{position(text, FOUND[1])} {FOUND[0]}"
    )


HELPER = """
    @staticmethod
    def helper(mode):
        {form}
        return x
"""
INNER = """\
        def inner():
            {form}
            return x
        if inner(): features = inner()
"""


@pytest.mark.parametrize("form", REFUSED)
def test_a_method_that_is_not_analysed_may_do_anything(form: str) -> None:
    helper = HELPER.format(form=REFUSED[form])
    text = TEXT.format(lines="        if self.helper(mode): x = 1\n        y = self.helper(mode)")
    assert codes(text + helper) == ["MFN103"]
    spec = "tf.estimator.EstimatorSpec(mode, loss="
    assert codes(text.replace(spec, "self.helper(mode, x=") + helper) == ["MFN103"]


@pytest.mark.parametrize("form", REFUSED)
def test_so_may_a_function_within(form: str) -> None:
    inner = INNER.format(form=REFUSED[form])
    assert codes(TEXT.format(lines=inner)) == ["MFN103"]
    rebinding = inner.replace("inner():\n", "inner():\n            nonlocal features\n", 1)
    assert codes(TEXT.format(lines=rebinding)) == ["MFN000", "MFN103"]


@pytest.mark.parametrize("form", REFUSED)
def test_where_no_function_holds_it_nothing_of_the_statement_is_analysed(form: str) -> None:
    text = TEXT.format(lines="        pass") + f"\n    {REFUSED[form]}\n"
    assert codes(text) == ["MFN000", "MFN000"]
