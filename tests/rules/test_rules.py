"""Rules and findings: certainty, modes, order, one finding for each code, place and text."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.reporting import listed
from estimator_lint.rules import RULES
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode

_HEAD = """\
import tensorflow as tf
TRAIN, EVAL, PREDICT = (
    tf.estimator.ModeKeys.TRAIN, tf.estimator.ModeKeys.EVAL, tf.estimator.ModeKeys.PREDICT)
Spec = tf.estimator.EstimatorSpec
LOSS, OP = tf.constant(1.0), tf.no_op()
def model_fn(features, labels, mode, params):
"""


def messages(body: str, settings: Settings | None = None) -> list[str]:
    """The findings for the body of a model function, each with its line in the body."""
    text = _HEAD + textwrap.indent(textwrap.dedent(body).lstrip("\n"), "    ")
    above = _HEAD.count("\n")
    return [f"{f.line - above} {f.message}" for f in lint_text(text, settings=settings)]


CASES = {
    "every missing field": (
        """
        if mode == TRAIN or mode == EVAL:
            pass
        return Spec(mode, predictions=None)
        """,
        [
            "3 MFN101 EstimatorSpec has no loss in TRAIN",
            "3 MFN102 EstimatorSpec has no train_op in TRAIN",
            "3 MFN103 EstimatorSpec has no loss in EVAL",
            "3 MFN104 EstimatorSpec has no predictions in PREDICT",
        ],
    ),
    "a model that holds itself": (
        """
        model = tf.keras.Sequential()
        model.add(model)
        model.add(tf.keras.layers.Dropout(0.5))
        loss = tf.reduce_mean(model(features))
        return Spec(mode, predictions=loss, loss=loss, train_op=OP)
        """,
        ["4 MFN504 'Dropout' is inactive in TRAIN: it is called without training=True"],
    ),
    "definite in one mode and possible in another": (
        """
        if mode == TRAIN or params["x"]:
            del features
        if mode == PREDICT:
            return Spec(mode, features)
        print(features)
        return Spec(mode, loss=LOSS, train_op=OP)
        """,
        [
            "4 MFN213 'features' is unbound on some paths in PREDICT",
            "5 MFN203 'features' is unbound in TRAIN",
            "5 MFN213 'features' is unbound on some paths in EVAL",
        ],
    ),
    "no spec, of three modes": (
        """
        if mode in (TRAIN, EVAL, PREDICT):
            Spec
        Spec(mode, features, loss=LOSS, train_op=OP)
        """,
        ["0 MFN201 'model_fn' returns no spec in TRAIN, EVAL and PREDICT"],
    ),
    "wrong types": (
        """
        if mode == TRAIN:
            return Spec(mode, loss=LOSS, train_op=OP)
        if mode == EVAL:
            return 1, 2
        return tf.constant(1)
        """,
        [
            "4 MFN202 returns a tuple, not an EstimatorSpec, in EVAL",
            "5 MFN202 returns a tensor or op, not an EstimatorSpec, in PREDICT",
        ],
    ),
    "types with their articles": (
        """
        if mode == TRAIN:
            return 1
        return Spec(mode, features, loss=LOSS)
        """,
        ["2 MFN202 returns an int, not an EstimatorSpec, in TRAIN"],
    ),
    "a value with its origin between type and expectation": (
        """
        op = tf.gradients(LOSS, [])
        if mode == TRAIN:
            return Spec(mode, loss=LOSS, train_op=op)
        return Spec(mode, features, loss=LOSS)
        """,
        ["3 MFN305 train_op is a list of tensors (from line 7), not a tensor or op, in TRAIN"],
    ),
    "a value that two calls create": (
        """
        shown = tf.argmax(features)
        found = tf.argmax(features)
        if mode == TRAIN:
            return Spec(mode, loss=LOSS, train_op=OP)
        return Spec(mode, shown, loss=LOSS, eval_metric_ops={"found": found})
        """,
        ['5 MFN302 eval_metric_ops["found"] is a tensor, not (value, update_op), in EVAL'],
    ),
    "unknown keys": (
        """
        if mode == "predict":
            return Spec(mode, features)
        return Spec(mode, loss=LOSS, train_op=OP)
        """,
        [
            "1 MFN204 mode never equals 'predict' (did you mean ModeKeys.PREDICT?): "
            "the keys are 'train', 'eval' and 'infer'"
        ],
    ),
    "a key that contrib.learn does not have": (
        """
        if mode != tf.contrib.learn.ModeKeys.PREDICT:
            return Spec(mode, loss=LOSS, train_op=OP)
        return Spec(mode, features)
        """,
        [
            "1 MFN204 mode never equals ModeKeys.PREDICT (did you mean ModeKeys.INFER?): "
            "the keys are 'train', 'eval' and 'infer'"
        ],
    ),
    "another mode's key": (
        """
        if mode == EVAL:
            return Spec(TRAIN, loss=LOSS, train_op=OP)
        return Spec(mode, features, loss=LOSS, train_op=OP)
        """,
        ["2 MFN205 spec is built with the TRAIN key in EVAL"],
    ),
    "something else in each mode": (
        """
        hooks = {TRAIN: [None], EVAL: 3, PREDICT: [None]}[mode]
        return Spec(mode, features, loss=LOSS, train_op=OP, training_hooks=hooks)
        """,
        [
            "2 MFN308 training_hooks is a Python number, not a list of hooks, in EVAL",
            "2 MFN308 training_hooks[0] is None, not a hook, in TRAIN and PREDICT",
        ],
    ),
    "a replacement that nobody uses": (
        """
        spec = Spec(mode, features, loss=LOSS, train_op=OP)
        spec._replace(loss=LOSS)
        return spec
        """,
        ["2 MFN206 result of '_replace' is not used, and the spec itself is unchanged"],
    ),
    "unknown fields": (
        "return Spec(mode, features, loss=LOSS, trainop=2)\n",
        ["1 MFN301 EstimatorSpec has no field 'trainop'"],
    ),
    "modes that nothing addresses": ("return Spec(mode, loss=LOSS, train_op=OP)\n", []),
    "unknown values": ("return Spec(mode, *params.fields, **params.more)\n", []),
}


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES)
def test_messages(body: str, expected: list[str]) -> None:
    assert messages(body) == expected


def test_required_modes_count_as_addressed() -> None:
    body = "return Spec(mode, loss=LOSS, train_op=OP)\n"
    for mode, expected in ((Mode.PREDICT, ["MFN104"]), (Mode.EVAL, []), (Mode.TRAIN, [])):
        found = messages(body, Settings(require_modes=frozenset({mode})))
        assert [message.split()[1] for message in found] == expected


def test_a_helper_of_two_model_functions_is_judged_once() -> None:
    text = """
import tensorflow as tf
OP = tf.no_op()
def build(mode, loss):
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=OP)
def a_model_fn(features, labels, mode):
    return build(mode, None)
def b_model_fn(features, labels, mode):
    return build(mode, {})
"""
    both = lint_text(text.replace("{}", "None"))
    assert [(f.line, f.code) for f in both] == [(5, "MFN101")]
    fine = lint_text(text.replace("{}", "tf.constant(1.0)"))
    assert [(f.line, f.code) for f in fine] == [(5, "MFN111")]


def test_findings_are_sorted_and_carry_their_modes() -> None:
    found = lint_text(_HEAD + "    if mode in (TRAIN, EVAL): pass\n    return Spec(mode, None)\n")
    assert found == sorted(found)
    assert [finding.modes for finding in found] == [
        (Mode.TRAIN,),
        (Mode.TRAIN,),
        (Mode.EVAL,),
        (Mode.PREDICT,),
    ]
    assert all("\n" not in finding.message for finding in found)


def test_the_registry_is_in_order_and_unambiguous() -> None:
    codes = [code for rule in RULES for code in rule.codes]
    assert len(set(codes)) == len(codes)
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)
    for rule in RULES:
        if rule.possible_code is not None:
            assert rule.possible_code[:4] == rule.code[:4]
            assert rule.possible_code[4] == "1"
            assert rule.possible_code[5] == rule.code[5]
            assert "{possibly}" in rule.message


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        ((), ""),
        ((Mode.EVAL,), "EVAL"),
        ((Mode.TRAIN, Mode.PREDICT), "TRAIN and PREDICT"),
        ((Mode.TRAIN, Mode.EVAL, Mode.PREDICT), "TRAIN, EVAL and PREDICT"),
    ],
)
def test_modes_in_a_sentence(modes: tuple[Mode, ...], expected: str) -> None:
    assert listed(modes) == expected


def test_a_helper_is_required_in_the_modes_in_which_it_is_called() -> None:
    text = """
import tensorflow as tf
KEYS = tf.estimator.ModeKeys
class Ranker(tf.estimator.Estimator):
    def __init__(self, config):
        super().__init__(model_fn=self._model_fn, config=config, params={})
    def _train_model_fn(self, features, labels):
        loss = tf.reduce_mean(labels)
        return tf.estimator.EstimatorSpec(KEYS.TRAIN, loss=loss, train_op=tf.no_op())
    def _eval_model_fn(self, features, labels, mode):
        return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_mean(labels))
    def _export_model_fn(self, features, mode):
        return tf.estimator.EstimatorSpec(mode, predictions=tf.constant(1.0))
    def _model_fn(self, features, labels, mode, params):
        if mode == KEYS.TRAIN:
            return self._train_model_fn(features, labels)
        if mode == KEYS.EVAL:
            return self._eval_model_fn(features, labels, mode)
        return self._export_model_fn(features, mode)
"""
    required = Settings(require_modes=frozenset(Mode))
    assert lint_text(text, settings=required) == []
    broken = text.replace("predictions=tf.constant(1.0)", "loss=tf.constant(1.0)")
    assert [(f.line, f.code) for f in lint_text(broken, settings=required)] == [(13, "MFN104")]
