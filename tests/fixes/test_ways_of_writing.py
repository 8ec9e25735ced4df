"""Fixes of code that is written in unusual ways: comments, parentheses, markers, several lines."""

from __future__ import annotations

import pytest

from estimator_lint.fixes import FixKind, fixes_of
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

HEAD = "import tensorflow.compat.v1 as tf\n\n\n"
BODY = (
    '    loss = tf.reduce_mean(features["x"])\n'
    "    return tf.estimator.EstimatorSpec(mode, loss, loss, tf.no_op())\n"
)
ESTIMATOR = "\n\ntf.estimator.Estimator(model_fn, params={'rate': 1})\n"


def first_fix(text: str, code: str, settings: Settings | None = None) -> tuple[str, FixKind] | None:
    """A text after the best fix of the first finding of a code, and the kind of the fix."""
    finding = next(each for each in lint_text(text, "model.py", settings) if each.code == code)
    fixes = fixes_of(text, "model.py", finding, settings)
    best = next((fix for fix in fixes if "noqa" not in fix.title), None)
    return None if best is None else (apply_edits(text, best.edits), best.kind)


def with_parameters(parameters: str, body: str = BODY) -> str:
    return f"{HEAD}def model_fn({parameters}):\n{body}{ESTIMATOR}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("features, labels, mode", "features, labels, mode, params=None"),
        ("features, labels, mode: (str)", "features, labels, mode: (str), params=None"),
        ("features, labels, mode=((None))", "features, labels, mode=((None)), params=None"),
        ("\n    features,\n    mode  # k\n", "\n    features,\n    mode,\n    params=None  # k\n"),
        ("features, mode, *, config=None", "features, mode, params=None, *, config=None"),
    ],
)  # fmt: skip
def test_params_are_added_behind_the_others(before: str, after: str) -> None:
    assert first_fix(with_parameters(before), "MFN403") == (with_parameters(after), FixKind.SAFE)


@pytest.mark.parametrize(
    ("before", "body", "kind"),
    [
        ("features, labels, mode", "    print(params)\n" + BODY, FixKind.UNSAFE),
        ("features, labels, mode", "    params = {}\n    print(params)\n" + BODY, FixKind.SAFE),
        ("features, labels, mode, *args", BODY, FixKind.UNSAFE),
    ],
)
def test_parameter_that_takes_what_was_something_else_is_not_safe(
    before: str, body: str, kind: FixKind
) -> None:
    fixed = first_fix(with_parameters(before, body), "MFN403")
    assert fixed is not None
    assert fixed[1] is kind


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("features, *, labels, mode, params", "features, labels, mode, params"),
        ("features,\n    *,  # name\n    mode, params", "features,\n    # name\n    mode, params"),
        ("features, /, mode, params", "features, mode, params"),
        ("features, mode, params,\n    /", "features, mode, params"),
        ("features, mode, params,  # all\n    /", "features, mode, params,  # all\n    "),
        ("features, mode, params, **others", "features, mode, params, labels=None, **others"),
    ],
)  # fmt: skip
def test_what_estimators_cannot_pass_is_made_fillable(before: str, after: str) -> None:
    assert first_fix(with_parameters(before), "MFN404") == (with_parameters(after), FixKind.SAFE)


FUNCTION = HEAD + "def model_fn(features, labels, mode):\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mode='eval', loss=loss", "loss=loss"),
        ("mode='eval',  # why\n        loss=loss", "# why\n        loss=loss"),
        ("loss=loss,  # why\n        mode='eval'", "loss=loss,  # why\n        "),
        ("loss=loss, mode='eval'", "loss=loss"),
    ],
)
def test_comments_near_an_argument_that_goes_stay(before: str, after: str) -> None:
    text = FUNCTION + BODY.replace("return", "spec =") + "    return spec._replace({})\n"
    fixed = first_fix(text.format(before), "MFN206")
    assert fixed is not None
    after_first, _, rest = fixed[0].partition("_replace(")
    assert after_first + "_replace(" + rest.replace("  # why", "# why") == text.format(
        after
    ).replace("  # why", "# why")


def test_fix_that_would_lose_a_comment_is_not_offered() -> None:
    text = FUNCTION + BODY.replace("return", "spec =")
    text += "    return (spec  # why\n        ._replace(mode='eval'))\n"
    assert first_fix(text, "MFN206") is None
    assert first_fix(text.replace("  # why", ""), "MFN206") is not None


@pytest.mark.parametrize(
    ("lines", "after"),
    [
        (["specs = [{}]", "return specs"], "return specs[0]"),
        (["specs = {},", "return specs"], "return specs[0]"),
        (["return [{}]"], "return {}"),
        (["specs = [{}, {}]", "return specs"], None),
        (["specs = []", "specs.append({})", "specs.append({})", "return specs"], None),
        (["specs = [{}]", "specs.insert(0, {})", "return specs"], None),
        (["specs = [{}]", "return [*specs]"], None),
    ],
)
def test_of_several_specs_none_is_chosen(lines: list[str], after: str | None) -> None:
    spec = "tf.estimator.EstimatorSpec(mode, labels, tf.reduce_mean(labels), tf.no_op())"
    text = FUNCTION + "".join(f"    {line.replace('{}', spec)}\n" for line in lines)
    expected = [*lines[:-1], after or ""]
    fixed = FUNCTION + "".join(f"    {line.replace('{}', spec)}\n" for line in expected)
    assert first_fix(text, "MFN202") == (after and (fixed, FixKind.SAFE))


def test_update_op_that_is_bound_again_is_not_paired() -> None:
    text = FUNCTION + (
        '    loss = tf.reduce_mean(features["x"])\n'
        "    first, update = tf.metrics.mean(loss)\n"
        "    second, {} = tf.metrics.mean(loss)\n"
        '    metrics = {{"first": first, "second": second}}\n'
        "    return tf.estimator.EstimatorSpec(\n"
        "        mode, loss, loss, tf.no_op(), eval_metric_ops=metrics)\n"
    )
    assert first_fix(text.format("update"), "MFN302") is None
    fixed = first_fix(text.format("other").replace('"second": second', ""), "MFN302")
    assert fixed is not None
    assert "(first, update)" in fixed[0]


def test_nearest_name_comes_first() -> None:
    text = FUNCTION + BODY.replace("tf.no_op()", "tf.no_op(), hooks=[]")
    fixed = first_fix(text, "MFN301")
    assert fixed == (text.replace("hooks=", "training_hooks="), FixKind.UNSAFE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from tensorflow import logging, keras\n",
            "from tensorflow.compat.v1 import logging\nfrom tensorflow import keras\n",
        ),
        (
            "import os; from tensorflow import keras, logging as log, layers\n",
            "import os; from tensorflow.compat.v1 import logging as log, layers; "
            "from tensorflow import keras\n",
        ),
        (
            "from tensorflow import (\n    logging,\n    keras,  # of 2.0\n)\n",
            "from tensorflow.compat.v1 import logging\n"
            "from tensorflow import (\n    keras,  # of 2.0\n)\n",
        ),
        (
            "from tensorflow import logging, layers\n",
            "from tensorflow.compat.v1 import logging, layers\n",
        ),
    ],
)
def test_only_names_that_are_gone_are_imported_from_v1(before: str, after: str) -> None:
    version = Settings(tensorflow_version="2.4")
    text = FUNCTION + BODY
    fixed = first_fix(before + text, "MFN901", version)
    assert fixed == (after + text, FixKind.SAFE)
