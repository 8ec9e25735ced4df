"""Fixes for the user to choose, with the result of each."""

from __future__ import annotations

from estimator_lint.fixes import FixKind, fixes_of
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.linting import lint_text
from tests.fixes.fixed_fixtures import without_remarks
from tests.fixture_expectations import FIXTURES

HEAD = "import tensorflow.compat.v1 as tf\n\n\ndef model_fn(features, labels, mode):\n"


def offered(text: str, code: str) -> dict[str, str]:
    """A text after each shown fix of the first finding of a code, by title."""
    finding = next(each for each in lint_text(text) if each.code == code)
    return {
        fix.title: apply_edits(text, fix.edits)
        for fix in fixes_of(text, "model.py", finding)
        if fix.kind is FixKind.SHOWN and "noqa" not in fix.title
    }


def example(code: str) -> str:
    return without_remarks((FIXTURES / code / "bad.py").read_text(encoding="utf-8"))


def test_missing_field_is_taken_from_a_variable() -> None:
    text = example("MFN101")
    assert offered(text, "MFN101") == {
        "Pass 'loss=loss'": text.replace("train_op=train_op)", "train_op=train_op, loss=loss)")
    }


def test_variables_are_a_choice() -> None:
    text = HEAD + (
        '    train_loss = tf.reduce_mean(features["x"])\n'
        "    total_loss = train_loss + 1.0\n"
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode, predictions=total_loss)\n"
        "    return tf.estimator.EstimatorSpec(mode, train_op=tf.no_op())\n"
    )
    assert list(offered(text, "MFN101")) == ["Pass 'loss=total_loss'", "Pass 'loss=train_loss'"]
    text = text.replace("train_op=tf.no_op()", "train_op=tf.no_op(), loss=None")
    assert list(offered(text, "MFN101")) == ["Pass 'loss=total_loss'", "Pass 'loss=train_loss'"]


def test_spec_is_returned_at_the_end() -> None:
    text = HEAD + (
        '    loss = tf.reduce_mean(features["x"])\n'
        '    if mode == "train":\n'
        "        return tf.estimator.EstimatorSpec(mode, loss, loss, tf.no_op())\n"
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode, predictions=loss)\n"
    )
    assert offered(text, "MFN201") == {
        "Return a spec at the end": text
        + "    return tf.estimator.EstimatorSpec(mode, loss=loss)\n"
    }


def test_variable_is_bound_before() -> None:
    text = HEAD + (
        '    logits = features["x"]\n'
        '    if mode != "infer":\n'
        "        loss = tf.reduce_mean(logits)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    lines = text.splitlines(keepends=True)
    assert offered(text, "MFN203") == {
        "Assign 'loss' in every mode, before line 6": "".join(
            [*lines[:5], lines[6][4:], lines[5], "        pass\n", lines[7]]
        ),
        "Set 'loss' to None first": text.replace("    if mode", "    loss = None\n    if mode"),
    }


def test_variable_that_cannot_be_none_is_not_set_to_it() -> None:
    text = HEAD + (
        '    logits = features["x"]\n'
        '    if mode != "infer":\n'
        "        rate = 2.0\n"
        "    loss = {}\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    none = "Set 'rate' to None first"
    for use in ("tf.reduce_mean(logits, rate)", "logits * rate", "logits if 1 in rate else logits"):
        assert none not in offered(text.format(use), "MFN203")


def test_assignment_of_several_lines_moves_before_the_outermost_test() -> None:
    text = HEAD + (
        '    logits = features["x"]\n'
        '    if mode != "infer":\n'
        '        if mode == "train":\n'
        "            loss = tf.reduce_mean(\n"
        "                logits\n"
        "            )  # of all\n"
        "            tf.summary.scalar('loss', loss)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    moved = "    loss = tf.reduce_mean(\n        logits\n    )  # of all\n"
    expected = HEAD + (
        '    logits = features["x"]\n'
        f"{moved}"
        '    if mode != "infer":\n'
        '        if mode == "train":\n'
        "            tf.summary.scalar('loss', loss)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    assert offered(text, "MFN203")["Assign 'loss' in every mode, before line 6"] == expected


STEP = "{}.minimize(error, global_step=tf.train.get_global_step())"


def training(before: str, spec: str) -> str:
    return HEAD + (
        '    error = tf.losses.mean_squared_error(features["y"], features["x"])\n'
        f"{before}"
        '    if mode == "infer":\n'
        '        return tf.estimator.EstimatorSpec(mode, features["x"])\n'
        f"    return tf.estimator.EstimatorSpec({spec})\n"
    )


def test_step_of_training_is_made_of_what_is_there() -> None:
    text = training("", "mode, loss=error, train_op=None")
    step = STEP.format("tf.train.AdamOptimizer()")
    only = f"{step} if mode == tf.estimator.ModeKeys.TRAIN else None"
    assert list(offered(text, "MFN102")) == [f"Pass 'train_op={only}'"]
    text = training("    sgd = tf.train.MomentumOptimizer(0.1, 0.9)\n", "mode, loss=error")
    assert f"Pass 'train_op={STEP.format('sgd')} if mode ==" in str([*offered(text, "MFN102")])


def test_result_of_a_loss_function_is_a_loss() -> None:
    text = training("", "mode, train_op=tf.no_op()")
    assert list(offered(text, "MFN101")) == ["Pass 'loss=error'"]


def test_what_another_spec_binds_on_the_way_is_computed_again() -> None:
    text = HEAD + (
        '    if mode == "eval":\n'
        "        return tf.estimator.EstimatorSpec(mode, loss=(loss := tf.reduce_sum(features)))\n"
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode, predictions=(shown := features))\n"
        "    return tf.estimator.EstimatorSpec(mode, train_op=tf.no_op())\n"
    )
    assert "Pass 'loss=tf.reduce_sum(features)'" in offered(text, "MFN101")


def test_what_another_spec_is_given_comes_first() -> None:
    text = HEAD + (
        '    scores = features["x"]\n'
        "    predictions = tf.nn.softmax(scores)\n"
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode)\n"
        '    return tf.estimator.EstimatorSpec(mode, {"all": scores}, scores, tf.no_op())\n'
    )
    titles = list(offered(text, "MFN104"))
    assert titles == ["Pass 'predictions={\"all\": scores}'", "Pass 'predictions=predictions'"]


def test_spec_that_is_built_is_returned() -> None:
    text = HEAD + (
        '    loss = features["x"]\n'
        '    if mode == "eval":\n'
        "        {}\n"
        "    else:\n"
        "        return tf.estimator.EstimatorSpec(mode, loss, loss, tf.no_op())\n"
    )
    spec = "tf.estimator.EstimatorSpec(mode, loss=loss)"
    bare = text.format(spec)
    assert offered(bare, "MFN201")["Return the spec"] == text.format(f"return {spec}")
    named = text.format(f"spec = {spec}")
    assert offered(named, "MFN201")["Return 'spec'"] == f"{named}    return spec\n"
    none = text.format("return None")
    assert offered(none, "MFN201")["Return a spec in line 7"] == text.format(f"return {spec}")


def test_tensors_are_wrapped_to_be_served() -> None:
    text = HEAD + (
        '    logits = tf.nn.softmax(features["x"])\n'
        '    if mode == "infer":\n'
        '        return tf.estimator.EstimatorSpec(mode, logits, export_outputs={"a": logits})\n'
        "    loss = tf.reduce_mean(logits)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    output = "tf.estimator.export.PredictOutput"
    assert offered(text, "MFN307") == {
        f"Serve it as '{output}'": text.replace('"a": logits', f'"a": {output}(logits)')
    }


def test_each_output_may_be_the_default() -> None:
    output = "tf.estimator.export.PredictOutput"
    text = HEAD + (
        '    logits = features["x"]\n'
        '    if mode == "infer":\n'
        f'        exports = {{"scores": {output}(logits), "classes": {output}(logits)}}\n'
        "        return tf.estimator.EstimatorSpec(mode, logits, export_outputs=exports)\n"
        "    loss = tf.reduce_mean(logits)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
    )
    assert offered(text, "MFN307") == {
        f"Serve '{name}' by default": text.replace(f'"{name}"', '"serving_default"')
        for name in ("scores", "classes")
    }


LATE = (
    '    logits = features["x"]\n'
    "{first}"
    '    if mode == "infer":\n'
    "        return tf.estimator.EstimatorSpec(mode, logits)\n"
    "{then}"
    "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"
)


def test_what_needs_labels_goes_behind_the_return() -> None:
    needing = (
        "    targets = tf.one_hot(\n        labels, 3\n    )  # to compare with\n"
        "    loss = tf.losses.softmax_cross_entropy(targets, logits)\n"
    )
    text = HEAD + LATE.format(first=needing + "    scale = 2.0\n", then="    loss *= scale\n")
    moved = HEAD + LATE.format(first="    scale = 2.0\n", then=needing + "    loss *= scale\n")
    assert offered(text, "MFN601")["Move the statements that need it after line 12"] == moved


def test_what_needs_labels_goes_under_a_test() -> None:
    text = HEAD + LATE.format(
        first="    tf.summary.scalar('mean', tf.reduce_mean(labels))\n",
        then="    loss = tf.reduce_mean(logits)\n",
    )
    fixes = offered(text, "MFN601")
    assert fixes["Run it only if 'labels' is not None"] == text.replace(
        "    tf.summary", "    if labels is not None:\n        tf.summary"
    )


HEAD_OF_SKELETONS = HEAD + '    logits = tf.layers.dense(features["x"], 3)\n'
PREDICTING = (
    "    if mode == tf.estimator.ModeKeys.PREDICT:\n"
    '        return tf.estimator.EstimatorSpec(mode, predictions={"all": tf.nn.softmax(logits)})\n'
)
LOSS = "tf.losses.mean_squared_error(labels, logits)"
ADAM = "tf.train.AdamOptimizer().minimize({}, global_step=tf.train.get_global_step())"


def skeletons(spec: str, before: str = "") -> tuple[str, dict[str, list[str]]]:
    """A function that ends with a spec, and for each fix of MFN101 or MFN102 the lines it adds."""
    text = (
        HEAD_OF_SKELETONS + PREDICTING + before + f"    return tf.estimator.EstimatorSpec({spec})\n"
    )
    code = next(each.code for each in lint_text(text) if each.code in ("MFN101", "MFN102"))
    lines = text.splitlines()
    return code, {
        title: [line.strip() for line in after.splitlines() if line not in lines]
        for title, after in offered(text, code).items()
    }


def test_loss_is_computed_of_labels_and_output_if_nothing_else_is_at_hand() -> None:
    for spec, before, added in (
        (
            "mode, train_op=tf.no_op()",
            "",
            [
                f"loss = {LOSS}",
                "return tf.estimator.EstimatorSpec(mode, train_op=tf.no_op(), loss=loss)",
            ],
        ),
        (
            "mode, loss=None, train_op=tf.no_op()",
            "",
            [
                f"loss = {LOSS}",
                "return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())",
            ],
        ),
        (
            "mode, loss=cost, train_op=tf.no_op()",
            "    cost = None\n",
            ["if cost is None:", f"cost = {LOSS}"],
        ),
    ):
        assert skeletons(spec, before) == (
            "MFN101",
            {f"Set 'loss' to {LOSS}, to be completed": added},
        )


def test_skeleton_of_a_loss_leaves_other_modes_alone() -> None:
    text = HEAD_OF_SKELETONS + (
        "    train_op = tf.no_op() if mode == tf.estimator.ModeKeys.TRAIN else None\n"
        "    if mode == tf.estimator.ModeKeys.PREDICT:\n"
        "        tf.add(logits, 1)\n"
        "    return tf.estimator.EstimatorSpec(mode, logits, train_op=train_op)\n"
    )
    (after,) = offered(text, "MFN101").values()
    assert f"loss = {LOSS} if mode != tf.estimator.ModeKeys.PREDICT else None\n" in after


def test_step_of_training_is_a_skeleton_without_a_loss() -> None:
    text = (
        HEAD_OF_SKELETONS
        + PREDICTING
        + (
            "    if mode == tf.estimator.ModeKeys.TRAIN:\n"
            "        return tf.estimator.EstimatorSpec(mode)\n"
            "    return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_mean(logits))\n"
        )
    )
    assert list(offered(text, "MFN102")) == [
        "Pass 'train_op=" + ADAM.format("tf.reduce_mean(logits)") + "'"
    ]
    text = text.replace(", loss=tf.reduce_mean(logits)", "")
    assert list(offered(text, "MFN102")) == [
        f"Set 'train_op' to {ADAM.format(LOSS)}, to be completed"
    ]


def test_spec_of_nothing_at_hand_is_a_skeleton() -> None:
    before = HEAD_OF_SKELETONS + PREDICTING + "    if mode == 'eval':\n        print(logits)\n"
    title = "Return a spec at the end, to be completed"
    spec = (
        f"    loss = {LOSS}\n"
        f"    return tf.estimator.EstimatorSpec(mode, train_op={ADAM.format('loss')}, loss=loss)\n"
    )
    assert offered(before, "MFN201") == {title: before + spec}
    assert offered(before + "    return None\n", "MFN201") == {
        "Return a spec in line 10, to be completed": before + spec
    }


def test_spec_is_returned_before_a_variable_that_is_none() -> None:
    text = HEAD + (
        '    logits = tf.layers.dense(features["x"], 3)\n'
        "    total_loss = tf.losses.mean_squared_error(features['y'], logits)\n"
        "    spec = None\n"
        "    if mode == tf.estimator.ModeKeys.TRAIN:\n"
        "        spec = tf.estimator.tpu.TPUEstimatorSpec(mode, logits, total_loss, tf.no_op())\n"
        "    elif mode == tf.estimator.ModeKeys.PREDICT:\n"
        "        spec = tf.estimator.tpu.TPUEstimatorSpec(mode, predictions=logits)\n"
        "    return spec\n"
    )
    branch = (
        "    if mode == tf.estimator.ModeKeys.EVAL:\n"
        "        return tf.estimator.tpu.TPUEstimatorSpec(mode, loss=total_loss)\n"
    )
    expected = text.replace("    return spec\n", branch + "    return spec\n")
    title = "Return a spec in EVAL before line 12"
    assert offered(text, "MFN201") == {title: expected}
    narrow = text.replace("    ", "  ")
    assert offered(narrow, "MFN201") == {title: expected.replace("    ", "  ")}


def test_predictions_of_nothing_at_hand_are_a_skeleton() -> None:
    text = HEAD_OF_SKELETONS + (
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode)\n"
        '    return tf.estimator.EstimatorSpec(mode, loss=features["x"], train_op=tf.no_op())\n'
    )
    assert list(offered(text, "MFN104")) == [
        "Set 'predictions' to {\"logits\": logits}, to be completed"
    ]


def test_variables_of_inner_scopes_are_no_choice() -> None:
    text = HEAD + (
        '    nets = [tf.layers.dense(features["x"], 3) for _ in range(2)]\n'
        "    losses = [tf.losses.absolute_difference(nets, logits) for logits in nets]\n"
        "    def inner(total_loss):\n"
        "        part_loss = total_loss\n"
        "        return part_loss\n"
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode)\n"
        "    return tf.estimator.EstimatorSpec(mode, train_op=tf.no_op())\n"
    )
    assert list(offered(text, "MFN104")) == []
    choices = " ".join(offered(text, "MFN101"))
    assert "part_loss" not in choices
    assert "logits" not in choices


def test_variable_that_is_read_as_none_later_is_not_set_to_it() -> None:
    text = HEAD + (
        '    logits = features["x"]\n'
        '    if mode != "infer":\n'
        "        rate = 2.0\n"
        "    chosen = rate\n"
        "{}"
        "    return tf.estimator.EstimatorSpec(mode, logits, logits, tf.no_op())\n"
    )
    none = "Set 'rate' to None first"
    assert none in offered(text.format(""), "MFN203")
    assert none in offered(
        text.format('    if mode == "train":\n        rate * logits\n'), "MFN203"
    )
    assert none not in offered(text.format("    tf.multiply(rate, logits)\n"), "MFN203")


def test_nor_one_that_a_loop_reads_in_its_first_round() -> None:
    text = HEAD + (
        "    for units in (3, 4):\n"
        "        first = net\n"
        "        net = {}\n"
        "    loss = tf.losses.get_total_loss()\n"
        "    return tf.estimator.EstimatorSpec(mode, first, loss, tf.no_op())\n"
    )
    none = "Set 'net' to None first"
    assert none in offered(text.format('tf.layers.dense(features["x"], units)'), "MFN203")
    assert none not in offered(text.format("tf.layers.dense(net, units)"), "MFN203")
