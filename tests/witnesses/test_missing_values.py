"""Events about values that a path lost: in attributes, entries, parameters, calls."""

from __future__ import annotations

import textwrap

import pytest

from tests.witnesses.test_events import finding, told

HEAD = """\
def model_fn(features, labels, mode):
"""
ELSEWHERE = "assigned here in TRAIN and PREDICT, not in EVAL"


def events(body: str, site: str) -> list[str]:
    """The events for a missing loss, without tests; lines are those of the body."""
    text = f"{HEAD}{textwrap.indent(textwrap.dedent(body), '    ')}    return {site}\n"
    found = told(finding("MFN103", text))
    return [
        f"{int(line) - 1}:{rest}"
        for line, rest in (event.split(":", 1) for event in found)
        if "EVAL' is" not in rest
    ]


SPEC = "tf.estimator.EstimatorSpec(mode, features, {}, tf.no_op())"


@pytest.mark.parametrize(
    ("body", "loss", "expected"),
    [
        (
            """\
            box = type("Box", (), {})()
            box.loss = None
            if mode != EVAL:
                box.loss = tf.reduce_mean(features)
            """,
            "box.loss",
            ["2: 'box.loss' is set to None", f"4: 'box.loss' is {ELSEWHERE}"],
        ),
        (
            """\
            fields = {"loss": None}
            if mode != EVAL:
                fields["loss"] = tf.reduce_mean(features)
            """,
            "fields['loss']",
            ["1: 'fields[\"loss\"]' is set to None", f"3: 'fields[\"loss\"]' is {ELSEWHERE}"],
        ),
        (
            """\
            fields = {}
            if mode != EVAL:
                fields.update({"loss": tf.reduce_mean(features)})
            """,
            "fields.get('loss')",
            [
                "1: 'fields' is created here without 'loss'",
                f"3: 'fields[\"loss\"]' is {ELSEWHERE}",
            ],
        ),
        (
            """\
            losses = [tf.reduce_mean(features), None]
            loss = losses[0]
            if mode == EVAL:
                loss = losses[1]
            """,
            "loss",
            ["1: 'losses[1]' is set to None", "4: 'loss' gets its value here"],
        ),
        (
            """\
            loss, other = tf.reduce_mean(features), None
            if mode == EVAL:
                loss, other = other, loss
            """,
            "loss",
            ["1: 'other' is set to None", "3: 'loss' gets its value here"],
        ),
    ],
)
def test_value_of_a_field_is_followed(body: str, loss: str, expected: list[str]) -> None:
    assert events(body, SPEC.format(loss)) == expected


UNPACKED = "tf.estimator.EstimatorSpec(mode, features, **fields)"


@pytest.mark.parametrize(
    ("loses", "expected"),
    [
        ("fields.pop('loss')", "'fields[\"loss\"]' is removed here"),
        ("del fields['loss']", "'fields[\"loss\"]' is removed here"),
        ("fields.clear()", "'fields[\"loss\"]' is removed here"),
        ("fields = {'train_op': tf.no_op()}", "'fields' is created here without 'loss'"),
        ("fields['loss'] = None", "'fields[\"loss\"]' is set to None"),
        ("fields.update(loss=None)", "'fields[\"loss\"]' is set to None"),
    ],
)
def test_entry_of_an_unpacked_dict_is_followed(loses: str, expected: str) -> None:
    body = f"""\
        fields = dict(loss=tf.reduce_mean(features), train_op=tf.no_op())
        if mode == EVAL:
            {loses}
        """
    assert events(body, UNPACKED) == [f"3: {expected}"]


def test_entry_that_another_mode_stores() -> None:
    body = """\
        fields = dict(train_op=tf.no_op())
        if mode != EVAL:
            fields["loss"] = tf.reduce_mean(features)
        """
    assert events(body, UNPACKED) == [
        "1: 'fields' is created here without 'loss'",
        f"3: 'fields[\"loss\"]' is {ELSEWHERE}",
    ]


def test_attribute_that_another_method_stores() -> None:
    found = finding(
        "MFN103",
        """\
        class Model:
            def build(self, features, mode):
                self.loss = None
                if mode != EVAL:
                    self.loss = tf.reduce_mean(features)

            def model_fn(self, features, labels, mode):
                self.build(features, mode)
                return tf.estimator.EstimatorSpec(mode, features, self.loss, tf.no_op())
        """,
    )
    assert told(found) == [
        "4:   'mode != EVAL' is false in EVAL",
        "3: 'self.loss' is set to None",
        f"5: 'self.loss' is {ELSEWHERE}",
    ]


def test_parameter_is_followed_to_the_call() -> None:
    text = """\
        def spec_of(mode, features, loss=None):
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())

        def model_fn(features, labels, mode):
            missing = None
            if mode == EVAL:
                return spec_of(mode, features{})
            return spec_of(mode, features, tf.reduce_mean(features))
        """
    calls = ["6: 'mode == EVAL' is true in EVAL", "7: 'spec_of' is called"]
    assert told(finding("MFN103", text.format(""))) == [
        *calls,
        "7: 'loss' is not passed here: it is None by default",
    ]
    assert told(finding("MFN103", text.format(", loss=None"))) == [
        *calls,
        "7: 'loss' is passed as None here",
    ]
    assert told(finding("MFN103", text.format(", missing"))) == [
        "5: 'missing' is set to None",
        *calls,
    ]


def test_return_of_none_is_shown_in_the_function() -> None:
    found = finding(
        "MFN103",
        """\
        def loss_of(features, mode):
            if mode != EVAL:
                return tf.reduce_mean(features)
            return None

        def model_fn(features, labels, mode):
            loss = loss_of(features, mode)
            return tf.estimator.EstimatorSpec(mode, features, loss, tf.no_op())
        """,
    )
    assert told(found) == [
        "2:   'mode != EVAL' is false in EVAL",
        "7: 'loss' gets its value here",
        "7: 'loss_of' returns None here",
        "4:   None is returned",
    ]
