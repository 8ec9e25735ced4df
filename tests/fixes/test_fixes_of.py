"""The fixes of ``fixes_of``: proved, and with places in the given text."""

from __future__ import annotations

import pytest

from estimator_lint.fixes import Edit, Fix, FixKind, fixes_of
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.linting import lint_text

COMMENT = "  # noqa: MFN308"
HOOK = """\
import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    hook = tf.train.LoggingTensorHook({"loss": loss}, every_n_iter=10)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode, predictions=loss, loss=loss, train_op=train_op, training_hooks=hook
    )
"""


def test_fix_is_a_change_of_the_text() -> None:
    (finding,) = lint_text(HOOK)
    fixes = fixes_of(HOOK, "model.py", finding)
    assert fixes == (
        Fix(
            "Put the hook in a list",
            FixKind.SAFE,
            (Edit(9, 77, 9, 77, "["), Edit(9, 81, 9, 81, "]")),
        ),
        Fix("Silence it with '# noqa: MFN308'", FixKind.SHOWN, (Edit(9, 81, 9, 81, COMMENT),)),
    )
    assert apply_edits(HOOK, fixes[0].edits) == HOOK.replace("=hook\n", "=[hook]\n")


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_stay(start: str, end: str) -> None:
    text = start + HOOK.replace("\n", end)
    (finding,) = lint_text(text)
    fix, _ = fixes_of(text, "model.py", finding)
    assert apply_edits(text, fix.edits) == start + HOOK.replace("=hook\n", "=[hook]\n").replace(
        "\n", end
    )


@pytest.mark.parametrize(
    ("hook", "may_be_created"),
    [
        ("tf.train.StepCounterHook", True),
        ("tf.train.LoggingTensorHook", False),
        ("OfCounter", True),
        ("OfNan", False),
        ("OwnConstructor", True),
    ],
)
def test_hooks_are_created_that_need_no_arguments(hook: str, *, may_be_created: bool) -> None:
    classes = """
class OfCounter(tf.train.StepCounterHook):
    pass
class OfNan(tf.train.NanTensorHook):
    pass
class OwnConstructor(tf.train.NanTensorHook):
    def __init__(self):
        super().__init__("loss:0")
"""
    text = HOOK.replace("=hook", f"=[{hook}]") + classes
    (finding,) = lint_text(text)
    texts = [apply_edits(text, fix.edits) for fix in fixes_of(text, "model.py", finding)]
    assert (text.replace(f"[{hook}]", f"[{hook}()]") in texts) is may_be_created


def test_finding_of_another_text_has_no_fix() -> None:
    (finding,) = lint_text("\n" + HOOK)
    assert fixes_of(HOOK, "model.py", finding) == ()


def test_text_that_is_no_python_has_no_fix() -> None:
    (finding,) = lint_text(HOOK)
    assert fixes_of(HOOK + "def", "model.py", finding) == ()
