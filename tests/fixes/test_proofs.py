"""The proof decides which fixes are offered, and what they also fix."""

from __future__ import annotations

import pytest

from estimator_lint.fixes import Analyses, Edit, FixKind, fixes_of
from estimator_lint.fixes.fixer import Proposal
from estimator_lint.fixes.proof import is_proved
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

HEAD = "import tensorflow.compat.v1 as tf\n\n\ndef model_fn(features, labels, mode):\n"
SPEC = "    return tf.estimator.EstimatorSpec(mode, loss, loss, {train_op})\n"


def first_fix(text: str, code: str, settings: Settings | None = None) -> str | None:
    """A text after the best fix of the first finding of a code."""
    finding = next(each for each in lint_text(text, "model.py", settings) if each.code == code)
    fixes = fixes_of(text, "model.py", finding, settings)
    best = next((fix for fix in fixes if "noqa" not in fix.title), None)
    return None if best is None else apply_edits(text, best.edits)


def test_fix_that_uncovers_a_fault_mends_that_too() -> None:
    text = HEAD + (
        '    net = tf.layers.batch_normalization(features["x"])\n'
        "    loss = tf.reduce_mean(net)\n"
        "    step = tf.train.get_global_step()\n"
        "    train_op = tf.train.AdamOptimizer().minimize(loss, step)\n"
        + SPEC.format(train_op="train_op")
    )
    training = "mode == tf.estimator.ModeKeys.TRAIN"
    updates = "tf.get_collection(tf.GraphKeys.UPDATE_OPS)"
    assert first_fix(text, "MFN504") == text.replace(
        '"x"])', f'"x"], training={training})'
    ).replace("    train_op =", f"    with tf.control_dependencies({updates}):\n        train_op =")


def test_faults_that_hide_one_another_are_mended_together() -> None:
    """Python names one unknown keyword at a time."""
    text = HEAD + "    return tf.estimator.EstimatorSpec(mode, {})\n"
    wrong = "losss=labels, trainop=tf.no_op(), prediction=features"
    right = "loss=labels, train_op=tf.no_op(), predictions=features"
    assert first_fix(text.format(wrong), "MFN301") == text.format(right)
    assert first_fix(text.format(f"{wrong}, nonsense=1"), "MFN301") is None


def test_fix_that_uncovers_what_cannot_be_mended_is_not_offered() -> None:
    text = HEAD + (
        '    loss = tf.reduce_mean(features["x"])\n'
        '    if mode == "infer":\n'
        "        return tf.estimator.EstimatorSpec(mode, prediction=[loss, loss])\n"
        + SPEC.format(train_op="tf.no_op()")
    )
    assert first_fix(text, "MFN301") is None


METRICS = (
    '    loss = tf.reduce_mean(features["x"])\n'
    '    metrics = {"mean": tf.metrics.mean(loss)[1]}\n'
    "{use}"
    "    return tf.estimator.EstimatorSpec(\n"
    "        mode, loss, loss, tf.no_op(), eval_metric_ops=metrics)\n"
)


def kinds(text: str, code: str) -> list[FixKind]:
    """The kinds of the fixes for the first finding of a code, without comments."""
    finding = next(each for each in lint_text(text) if each.code == code)
    return [fix.kind for fix in fixes_of(text, "model.py", finding) if "noqa" not in fix.title]


def test_metrics_that_others_read_are_not_safe_to_change() -> None:
    text = HEAD + METRICS
    assert kinds(text.replace("{use}", ""), "MFN302") == [FixKind.SAFE]
    more = '    metrics["more"] = tf.metrics.mean(loss)\n'
    assert kinds(text.replace("{use}", more), "MFN302") == [FixKind.SAFE]
    summaries = '    tf.summary.scalar("mean", metrics["mean"])\n'
    assert kinds(text.replace("{use}", summaries), "MFN302") == [FixKind.UNSAFE]


@pytest.mark.parametrize(
    ("filled", "kind"),
    [
        ("metrics = {'mean': tf.metrics.mean(loss)[1]}", FixKind.SAFE),
        ("metrics = dict(mean=tf.metrics.mean(loss)[1])", FixKind.SAFE),
        ("metrics = {}; metrics['mean'] = tf.metrics.mean(loss)[1]", FixKind.SAFE),
        ("metrics = {}; metrics.update(mean=tf.metrics.mean(loss)[1])", FixKind.SAFE),
        ("metrics = {}; metrics.update({'mean': tf.metrics.mean(loss)[1]})", FixKind.SAFE),
        ("others = {'mean': tf.metrics.mean(loss)[1]}; metrics = others", FixKind.UNSAFE),
        ("metrics = measured(loss)", FixKind.UNSAFE),
    ],
)
def test_metrics_of_a_dict_from_elsewhere_are_not_safe_to_change(
    filled: str, kind: FixKind
) -> None:
    loss, _, *spec = METRICS.replace("{use}", "").splitlines(keepends=True)
    text = "".join([HEAD, loss, f"    {filled}\n", *spec]) + (
        "\n\ndef measured(loss):\n"
        "    metrics = {'mean': tf.metrics.mean(loss)[1]}\n"
        "    tf.summary.scalar('mean', metrics['mean'])\n"
        "    return metrics\n"
    )
    assert kinds(text, "MFN302") == [kind]


@pytest.mark.parametrize(
    ("field", "code", "before", "after"),
    [
        (
            "eval_metric_ops",
            "MFN302",
            "{'a': tf.metrics.mean(loss)[1], 'b': tf.metrics.mean(loss)[0]}",
            "{'a': tf.metrics.mean(loss), 'b': tf.metrics.mean(loss)}",
        ),
        (
            "eval_metric_ops",
            "MFN303",
            "{'loss': tf.metrics.mean(loss), 'global_step': tf.metrics.mean(loss)}",
            "{'loss_metric': tf.metrics.mean(loss), 'global_step_metric': tf.metrics.mean(loss)}",
        ),
        (
            "training_hooks",
            "MFN308",
            "[tf.train.StepCounterHook, tf.train.StepCounterHook]",
            "[tf.train.StepCounterHook(), tf.train.StepCounterHook()]",
        ),
    ],
)
def test_several_faults_of_a_kind_are_mended_together(
    field: str, code: str, before: str, after: str
) -> None:
    text = HEAD + (
        '    loss = tf.reduce_mean(features["x"])\n'
        "    return tf.estimator.EstimatorSpec(\n"
        f"        mode, loss, loss, tf.no_op(), {field}=VALUE)\n"
    )
    assert first_fix(text.replace("VALUE", before), code) == text.replace("VALUE", after)


def test_keys_that_others_may_read_are_not_safe_to_rename() -> None:
    text = HEAD + (
        '    loss = tf.reduce_mean(features["x"])\n'
        "    fields = dict(losses=loss, train_op=tf.no_op(), predictions=loss)\n"
        "    return tf.estimator.EstimatorSpec(mode, **fields)\n"
    )
    assert kinds(text, "MFN301") == [FixKind.UNSAFE]
    assert first_fix(text, "MFN301") == text.replace("losses=", "loss=")


def test_gradients_are_not_grouped() -> None:
    text = HEAD + (
        '    loss = tf.reduce_mean(features["x"])\n'
        "    grads = tf.gradients(loss, tf.trainable_variables())\n"
        + SPEC.format(train_op="[grads]")
    )
    assert first_fix(text, "MFN305") is None


def test_nothing_is_offered_by_a_name_that_means_something_else() -> None:
    text = HEAD.replace("tf\n", "tf\nfrom other import tf\n", 1) + SPEC
    body = (
        '    loss = tf.reduce_mean(features["x"])\n'
        "    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())\n"
    )
    text = HEAD + body + SPEC.format(train_op="[step, step]")
    assert first_fix(text, "MFN305") == text.replace("[step, step]", "tf.group(step, step)")
    shadowed = text + "\n\ndef other(tf):\n    return tf\n"
    assert first_fix(shadowed, "MFN305") is None


def test_names_of_other_functions_are_not_used() -> None:
    other = (
        "def other_model_fn(features, labels, mode):\n"
        "    from tensorflow.estimator import ModeKeys\n"
        "    assert mode == ModeKeys.TRAIN\n"
        "    return tf.estimator.EstimatorSpec(mode, labels, labels, tf.no_op())\n\n\n"
    )
    imports, _, function = HEAD.rpartition("\n\n\n")
    text = f"{imports}\n\n\n{other}{function}" + (
        "    loss = tf.layers.dropout(labels)\n"
        "    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())\n"
        "    return tf.estimator.EstimatorSpec(mode, loss, loss, step)\n"
    )
    fixed = first_fix(text, "MFN504")
    assert fixed is not None
    assert "dropout(labels, training=mode == tf.estimator.ModeKeys.TRAIN)" in fixed


def test_fix_that_reads_a_name_without_a_value_is_not_proved() -> None:
    text = HEAD + SPEC.format(train_op="[features]").replace("loss", "features")
    analysis = Analyses("model.py", Settings()).of(text)
    assert analysis is not None
    (finding,) = analysis.findings
    line, column = finding.line, finding.column
    for name, is_there in (("features", True), ("len", True), ("fine", False)):
        edit = Edit(line, column, line, column + len("[features]"), f"tf.identity({name})")
        proposal = Proposal("", FixKind.UNSAFE, (edit,))
        assert is_proved(analysis, (finding, proposal)) is is_there


def test_names_are_written_as_the_file_imports_them() -> None:
    text = (
        "import tensorflow as tf\n\n\ndef model_fn(features, labels, mode):\n"
        '    loss = tf.reduce_mean(features["x"])\n'
        "    step = tf.compat.v1.train.AdamOptimizer().minimize(loss)\n"
        + SPEC.format(train_op="step")
    )
    fixed = first_fix(text, "MFN501")
    assert fixed == text.replace(
        "(loss)\n    return", "(loss, global_step=tf.compat.v1.train.get_global_step())\n    return"
    )


def test_strings_of_several_lines_keep_their_text() -> None:
    text = HEAD + (
        "\tnet = tf.layers.batch_normalization(\n"
        '\t\tfeatures["x"], training=mode == tf.estimator.ModeKeys.TRAIN)\n'
        "\tloss = tf.reduce_mean(net)\n"
        "\ttrain_op = tf.train.AdamOptimizer().minimize(\n"
        '\t\tloss, tf.train.get_global_step(), name="""a\n'
        '  b""")\n' + SPEC.format(train_op="train_op").replace("    ", "\t")
    )
    fixed = first_fix(text, "MFN502")
    assert fixed is not None
    assert "\t\ttrain_op = tf.train.AdamOptimizer().minimize(\n\t\t\tloss," in fixed
    assert 'name="""a\n  b""")\n' in fixed


def test_step_that_is_made_later_is_left_alone() -> None:
    text = HEAD + (
        '    loss = tf.layers.batch_normalization(features["x"], training=mode == "train")\n'
        "    step = lambda: tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())\n"
        "    return tf.estimator.EstimatorSpec(mode, loss, loss, step())\n"
    )
    assert first_fix(text, "MFN502") is None
    assert first_fix(text.replace("lambda: ", "").replace("step()", "step"), "MFN502") is not None


def test_statement_that_shares_its_line_is_left_alone() -> None:
    text = HEAD + (
        "    net = tf.layers.batch_normalization(\n"
        '        features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)\n'
        "    loss = tf.reduce_mean(net); step = tf.train.get_global_step()\n"
        "    a = 1; train_op = tf.train.AdamOptimizer().minimize(loss, step)\n"
        + SPEC.format(train_op="train_op")
    )
    assert first_fix(text, "MFN502") is None


def test_unused_codes_are_removed_from_comments() -> None:
    line = "    loss = tf.reduce_mean(features)"
    text = HEAD + f"{line}{{}}\n" + SPEC.format(train_op="tf.no_op()")
    for before, after in (
        ("  # noqa: MFN103", ""),
        ("  # noqa: MFN103, E501", "  # noqa: E501"),
        ("  # noqa: E501,MFN103,W1", "  # noqa: E501,W1"),
        ("  # why  # noqa: MFN103", "  # why"),
        ("  # noqa: MFN103 since", "  # since"),
        ("  # noqa: MFN103  # why", "  # why"),
    ):
        assert first_fix(text.format(before), "MFN002") == text.format(after)
    alone = text.format("\n    # noqa: MFN103")
    assert first_fix(alone, "MFN002") == text.format("")


def test_import_is_rewritten_for_a_version() -> None:
    text = (
        "from tensorflow.train import (  # optimizers\n    AdamOptimizer,\n)\n"
        "import tensorflow as tf\n\n\ndef model_fn(features, labels, mode):\n"
        '    loss = tf.reduce_mean(features["x"])\n' + SPEC.format(train_op="tf.group()")
    )
    fixed = first_fix(text, "MFN901", Settings(tensorflow_version="2.4"))
    assert fixed == text.replace("tensorflow.train", "tensorflow.compat.v1.train")
