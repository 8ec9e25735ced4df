"""The events that explain a finding, mode by mode."""

from __future__ import annotations

import textwrap
from pathlib import Path

from estimator_lint.findings import EventKind, Finding
from estimator_lint.library import check_text
from estimator_lint.linting import lint_text
from estimator_lint.tensorflow_api.modes import Mode

_HEAD = "import tensorflow as tf\nTRAIN, EVAL, PREDICT = 'train', 'eval', 'infer'\n"


def finding(code: str, text: str) -> Finding:
    (found,) = (each for each in lint_text(_HEAD + textwrap.dedent(text)) if each.code == code)
    return found


def told(found: Finding, mode: Mode | None = None) -> list[str]:
    """The events in a mode, the first by default: line (of the text alone), depth, sentence."""
    for witness in found.witnesses:
        if mode in (None, witness.mode):
            assert witness.events[0].text == found.text
            assert witness.events[0].kind is EventKind.FINDING
            return [
                f"{event.line - 2}: {'  ' * event.depth}{event.text}"
                for event in witness.events[1:]
            ]
    raise AssertionError(mode)


def test_what_is_unbound_is_assigned_in_other_modes() -> None:
    found = finding(
        "MFN203",
        """\
        def model_fn(features, labels, mode):
            if mode != PREDICT:
                loss = tf.reduce_mean(labels)
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """,
    )
    assert told(found) == [
        "2: 'mode != PREDICT' is false in PREDICT",
        "3: 'loss' is assigned here in TRAIN and EVAL, not in PREDICT",
    ]
    assert found.witnesses[0].fine_in == (Mode.TRAIN, Mode.EVAL)


def test_what_is_deleted() -> None:
    found = finding(
        "MFN203",
        """\
        def model_fn(features, labels, mode):
            loss = tf.reduce_mean(features)
            if mode == EVAL:
                del loss
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """,
    )
    assert told(found) == ["3: 'mode == EVAL' is true in EVAL", "4: 'loss' is deleted here"]


def test_a_none_is_followed_from_one_variable_to_the_other_and_into_calls() -> None:
    found = finding(
        "MFN103",
        """\
        def loss_of(labels, mode):
            if mode == EVAL:
                return None
            return tf.reduce_mean(labels)

        def model_fn(features, labels, mode):
            error = loss_of(labels, mode)
            loss = error
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """,
    )
    assert told(found) == [
        "2:   'mode == EVAL' is true in EVAL",
        "7: 'error' gets its value here",
        "7: 'loss_of' returns None here",
        "3:   None is returned",
        "8: 'loss' gets its value here",
    ]
    assert found.witnesses[0].fine_in == (Mode.TRAIN,)


def test_a_none_that_another_branch_replaces() -> None:
    found = finding(
        "MFN113",
        """\
        def model_fn(features, labels, mode, params):
            loss = None
            if mode == TRAIN or params["loss"]:
                loss = tf.reduce_mean(labels)
            if mode == PREDICT:
                return tf.estimator.EstimatorSpec(mode, features)
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
        """,
    )
    assert told(found) == [
        "2: 'loss' is set to None",
        "3: 'params[\"loss\"]' is false on this path",
        "5: 'mode == PREDICT' is false in EVAL",
        "3: fine if 'params[\"loss\"]' is true",
    ]
    (witness,) = found.witnesses
    assert [event.outcome for event in witness.events] == [None, None, False, False, True]


def test_calls_are_nested() -> None:
    found = finding(
        "MFN102",
        """\
        def spec(mode, loss):
            if mode == TRAIN:
                return tf.estimator.EstimatorSpec(mode, loss=loss)
            return tf.estimator.EstimatorSpec(mode, loss, loss)

        def head(mode, loss, kind):
            if kind:
                return spec(mode, loss)
            raise ValueError(kind)

        def model_fn(features, labels, mode, params):
            return head(mode, tf.reduce_mean(features), params["kind"])
        """,
    )
    assert told(found) == [
        "12: 'head' is called",
        "8:   'spec' is called",
        "2:     'mode == TRAIN' is true in TRAIN",
    ]
    assert found.witnesses[0].events[0].depth == 2


def test_each_mode_has_its_own() -> None:
    found = finding(
        "MFN203",
        """\
        def model_fn(features, labels, mode):
            if mode != PREDICT:
                loss = tf.reduce_mean(features)
                if mode == TRAIN:
                    train_op = tf.no_op()
            else:
                loss = None
            return tf.estimator.EstimatorSpec(mode, features, loss, train_op)
        """,
    )
    assert found.modes == (Mode.EVAL, Mode.PREDICT)
    assert [witness.mode for witness in found.witnesses] == [Mode.EVAL, Mode.PREDICT]
    assigned = "'train_op' is assigned here in TRAIN, not in"
    assert (
        told(found, Mode.EVAL)
        == [
            "2: 'mode != PREDICT' is true in EVAL",
            "4: 'mode == TRAIN' is false in EVAL",
            f"5: {assigned} EVAL",
        ][1:]
    )
    assert told(found, Mode.PREDICT) == [
        "2: 'mode != PREDICT' is false in PREDICT",
        f"5: {assigned} PREDICT",
    ]


def test_where_a_wrong_value_is_made() -> None:
    found = finding(
        "MFN305",
        """\
        def model_fn(features, labels, mode):
            loss = tf.reduce_mean(features)
            optimizer = tf.train.AdamOptimizer()
            step = optimizer.compute_gradients(loss)
            return tf.estimator.EstimatorSpec(mode, features, loss, train_op=step)
        """,
    )
    assert told(found)[-1] == "4: the value of train_op is created here"


def test_what_does_not_matter_is_left_out() -> None:
    found = finding(
        "MFN103",
        """\
        def model_fn(features, labels, mode, params):
            if params["debug"]:
                tf.print(features)
            if not features:
                raise ValueError
            if mode == PREDICT:
                return tf.estimator.EstimatorSpec(mode, features)
            if params["clip"]:
                clip = 1.0
            else:
                clip = 2.0
            if mode == EVAL:
                return tf.estimator.EstimatorSpec(mode)
            loss = tf.reduce_mean(features) * clip
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
        """,
    )
    assert told(found) == ["12: 'mode == EVAL' is true in EVAL"]


def test_patterns_and_handlers() -> None:
    found = finding(
        "MFN102",
        """\
        def model_fn(features, labels, mode, params):
            loss = tf.reduce_mean(features)
            match mode:
                case "train":
                    return tf.estimator.EstimatorSpec(mode, loss=loss)
            return tf.estimator.EstimatorSpec(mode, loss, loss)
        """,
    )
    assert told(found) == ["4: 'case \"train\"' matches in TRAIN"]


def test_in_another_file_the_events_say_in_which_function(tmp_path: Path) -> None:
    (tmp_path / "specs.py").write_text(
        "import tensorflow as tf\n\ndef spec(mode, loss):\n    if mode == 'eval':\n"
        "        loss = None\n    return tf.estimator.EstimatorSpec(mode, loss, loss, loss)\n"
    )
    text = "import specs\n\ndef model_fn(features, labels, mode):\n"
    text += "    return specs.spec(mode, features)\n"
    (found,) = check_text(text, str(tmp_path / "model.py"))
    assert [(event.line, event.text) for event in found.witnesses[0].events[1:]] == [
        (4, "'specs.spec' is called"),
        (4, "'mode == 'eval'' is true in EVAL, in 'specs.spec'"),
        (4, "'loss' is set to None, in 'specs.spec'"),
    ]


def test_what_is_not_about_a_mode_has_one_witness() -> None:
    found = finding(
        "MFN401",
        "def model_fn(labels, mode):\n    return None\n\ntf.estimator.Estimator(model_fn)\n",
    )
    (witness,) = found.witnesses
    assert (witness.mode, [event.text for event in witness.events]) == (None, [found.text])


def test_cases_and_handlers_that_a_path_did_not_enter_assign_nothing() -> None:
    found = finding(
        "MFN111",
        """\
        def model_fn(features, labels, mode, params):
            loss = None
            match params["kind"]:
                case "mean":
                    loss = tf.reduce_mean(features)
                case "sum":
                    loss = tf.reduce_sum(features)
            try:
                rate = int(params["rate"])
            except ValueError:
                loss = tf.zeros([])
            while params["more"]:
                loss = tf.ones([])
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """,
    )
    assert "2: 'loss' is set to None" in told(found)
    assert not any("gets its value" in line for line in told(found))


def test_call_precedes_what_happens_in_it_also_if_the_fault_is_noticed_later() -> None:
    found = finding(
        "MFN511",
        """\
        def step(loss, params):
            if params["fast"]:
                return tf.compat.v1.train.AdamOptimizer().minimize(loss)
            return tf.no_op()
        def model_fn(features, labels, mode, params):
            loss = tf.reduce_mean(features)
            return tf.estimator.EstimatorSpec(mode, features, loss, step(loss, params))
        """,
    )
    assert told(found) == [
        "7: 'step' is called",
        "2:   'params[\"fast\"]' is true on this path",
        "2:   fine if 'params[\"fast\"]' is false",
    ]


def test_no_mode_is_fine_in_which_tensorflow_rejects_the_spec() -> None:
    """Although the function does not address EVAL, and nothing is reported there."""
    text = """\
        def model_fn(features, labels, mode, params):
            loss = tf.reduce_mean(features) if params["loss"] else None
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """
    assert finding("MFN111", text).witnesses[0].fine_in == (Mode.PREDICT,)
