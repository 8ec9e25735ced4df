"""On which paths a field of the spec is set, and under which conditions."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.modes_view.building import view_file
from estimator_lint.modes_view.model import FunctionView, ModeView
from estimator_lint.modes_view.wording import occurrence_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode

HEAD = """\
import tensorflow as tf
TRAIN, EVAL, PREDICT = (
    tf.estimator.ModeKeys.TRAIN, tf.estimator.ModeKeys.EVAL, tf.estimator.ModeKeys.PREDICT)
Spec = tf.estimator.EstimatorSpec
"""
ABOVE = HEAD.count("\n")


def viewed(text: str) -> FunctionView:
    """The only model function of ``text``, whose lines come after ``HEAD``."""
    view = view_file(HEAD + textwrap.dedent(text).lstrip("\n"), "model.py", Settings())
    (function,) = view.functions
    return function


def in_words(view: ModeView) -> dict[str, str]:
    return {
        name: f"{occurrence_text(field)} {[line - ABOVE for line in field.lines]}"
        for name, field in view.fields.items()
        if field.lines or field.required
    }


CASES = {
    "a site for each mode": (
        """
        def model_fn(features, labels, mode, params):
            if mode == PREDICT:
                return Spec(mode, predictions=features)
            if mode == EVAL:
                return Spec(mode, loss=features)
            return Spec(mode, loss=features, train_op=tf.no_op())
        """,
        {
            "TRAIN": {"loss": "always [6]", "train_op": "always [6]"},
            "EVAL": {"loss": "always [5]"},
            "PREDICT": {"predictions": "always [3]"},
        },
    ),
    "conditions that need parentheses": (
        """
        def model_fn(features, labels, mode, params):
            loss = None
            if (rate := params["rate"]) and params["x"]:
                loss = features
            train_op = None if (n := params["n"]) else features
            return Spec(mode, features, loss, train_op)
        """,
        {
            mode: {
                "predictions": "always [6]",
                "loss": 'if (rate := params["rate"]) and params["x"] [6]',
                "train_op": 'if not (n := params["n"]) [6]',
            }
            for mode in ("TRAIN", "EVAL", "PREDICT")
        },
    ),
    "conditions": (
        """
        def model_fn(features, labels, mode, params):
            loss = predictions = train_op = None
            if not params["silent"]:
                predictions = loss = features
            if params["a"]:
                train_op = tf.no_op()
            elif params["b"]:
                train_op = tf.no_op()
            return Spec(mode, predictions, loss, train_op)
        """,
        {
            "TRAIN": {
                "predictions": 'if not params["silent"] [9]',
                "loss": 'if not params["silent"] [9]',
                "train_op": 'if params["a"]; or if params["b"] [9]',
            },
            "EVAL": {
                "predictions": 'if not params["silent"] [9]',
                "loss": 'if not params["silent"] [9]',
                "train_op": 'if params["a"]; or if params["b"] [9]',
            },
            "PREDICT": {
                "predictions": 'if not params["silent"] [9]',
                "loss": 'if not params["silent"] [9]',
                "train_op": 'if params["a"]; or if params["b"] [9]',
            },
        },
    ),
    "two sites": (
        """
        def model_fn(features, labels, mode, params):
            if params["export"] is None:
                return Spec(mode, features, features, features)
            return Spec(mode, features, features, features, export_outputs={})
        """,
        {
            mode.name: {
                "predictions": "always [3, 4]",
                "loss": "always [3, 4]",
                "train_op": "always [3, 4]",
                "export_outputs": 'if not params["export"] is None [4]',
            }
            for mode in Mode
        },
    ),
    "a value of which nothing is known": (
        """
        from project import loss_fn
        def model_fn(features, labels, mode, params):
            if mode == PREDICT:
                return loss_fn(features)
            return Spec(mode, loss=loss_fn(features), train_op=tf.no_op())
        """,
        {
            "TRAIN": {"loss": "unknown [5]", "train_op": "always [5]"},
            "EVAL": {"loss": "unknown [5]", "train_op": "always [5]"},
            "PREDICT": {"predictions": "unknown []"},
        },
    ),
    "a spec that is replaced": (
        """
        def model_fn(features, labels, mode, params):
            spec = Spec(mode, features, features, features)
            if params["hooks"]:
                spec = spec._replace(training_hooks=[features])
            return spec
        """,
        {
            mode.name: {
                "predictions": "always [2, 4]",
                "loss": "always [2, 4]",
                "train_op": "always [2, 4]",
                "training_hooks": 'if params["hooks"] [4]',
            }
            for mode in Mode
        },
    ),
    "a spec that TensorFlow rejects": (
        """
        def model_fn(features, labels, mode, params):
            return Spec(mode, loss=features if params["loss"] else None, train_op=tf.no_op())
        """,
        {
            "TRAIN": {"loss": 'if params["loss"] [2]', "train_op": "always [2]"},
            "EVAL": {"loss": 'if params["loss"] [2]', "train_op": "always [2]"},
            "PREDICT": {
                "loss": 'if params["loss"] [2]',
                "train_op": "always [2]",
                "predictions": "never []",
            },
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_fields(name: str) -> None:
    text, expected = CASES[name]
    function = viewed(text)
    assert {mode.name: in_words(view) for mode, view in function.modes.items()} == expected


def test_whether_a_mode_comes_to_a_spec() -> None:
    function = viewed(
        """
        from project import head
        def model_fn(features, labels, mode, params):
            if mode == TRAIN:
                return head(features)
            if mode == EVAL and params["a"]:
                return Spec(mode, loss=features)
        """
    )
    assert [str(view.spec) for view in function.modes.values()] == ["unknown", "sometimes", "never"]
    assert [view.checked for view in function.modes.values()] == [True, True, False]


def test_findings_are_those_the_function_has_a_share_in() -> None:
    view = view_file(
        HEAD
        + textwrap.dedent(
            """
            def spec(mode, loss):
                return Spec(mode, loss=loss, train_op=tf.no_op())
            def one_model_fn(features, labels, mode):
                return spec(mode, features)
            def other_model_fn(features, labels, mode):
                return spec(mode, None)
            def third_model_fn(features, labels, mode):
                if mode == EVAL:
                    return Spec(mode)
                return Spec(mode, features, features, features)
            """
        ),
        "model.py",
        Settings(),
    )
    assert [[found.code for found in each.findings] for each in view.functions] == [
        [],
        ["MFN111"],
        ["MFN103"],
    ]
    assert [part.name for part in view.functions[1].parts] == ["other_model_fn", "spec"]


def test_names_tell_where_a_function_stands() -> None:
    view = view_file(
        HEAD
        + textwrap.dedent(
            """
            class Model:
                def model_fn(self, features, labels, mode):
                    return Spec(mode, features, features, features)
            def build(flag):
                def model_fn(features, labels, mode):
                    return Spec(mode, features, features, features)
                return model_fn
            small_model_fn = lambda features, labels, mode: Spec(mode, features)
            """
        ),
        "model.py",
        Settings(),
    )
    assert [each.name for each in view.functions] == [
        "Model.model_fn",
        "build.model_fn",
        "small_model_fn",
    ]
