"""MFN703: its place and its message, and when there is no finding."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text

_HEAD = """\
import elsewhere
import tensorflow as tf
EVAL, PREDICT = tf.estimator.ModeKeys.EVAL, tf.estimator.ModeKeys.PREDICT
Spec, ModelFnOps = tf.estimator.EstimatorSpec, tf.contrib.learn.ModelFnOps
TPUSpec = tf.estimator.tpu.TPUEstimatorSpec
LOSS, OP, HOOK = tf.constant(1.0), tf.no_op(), tf.train.StepCounterHook()
{decorators}
def model_fn(features, labels, mode, params):
"""

_GIVEN = """
estimator = tf.estimator.tpu.TPUEstimator({model_fn}, config=CONFIG, params=P, {arguments})
"""
_SIZES = "train_batch_size=8, eval_batch_size=8, predict_batch_size=8"


def lint(
    body: str, model_fn: str = "model_fn", arguments: str = _SIZES, decorators: str = ""
) -> list[str]:
    """The findings for a function on a TPU, each with its line in the body."""
    head = _HEAD.format(decorators=decorators)
    body = textwrap.indent(textwrap.dedent(body).lstrip("\n"), "    ")
    text = head + body + _GIVEN.format(model_fn=model_fn, arguments=arguments)
    above = head.count("\n")
    return [f"{f.line - above}:{f.column} {f.message}" for f in lint_text(text)]


_PLAIN = "MFN703 EstimatorSpec is not a TPUEstimatorSpec, which a TPU requires"
_HOOKS = "MFN703 EstimatorSpec has training_chief_hooks, which a TPU does not support"
_TENSOR = "MFN703 predictions is a tensor, but a TPU requires a dict"

FOUND = {
    "one spec for several modes": (
        """
        if mode in (EVAL, PREDICT):
            return Spec(mode, {"loss": LOSS}, LOSS)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
        [f"2:15 {_PLAIN}, in EVAL and PREDICT"],
    ),
    "what _replace makes stands where it was constructed": (
        """
        spec = TPUSpec(mode, loss=LOSS, train_op=OP)
        if mode == EVAL:
            spec = Spec(mode, loss=LOSS)
            spec = spec._replace(loss=LOSS + 1.0)._replace(loss=LOSS)
        return spec
        """,
        [f"3:15 {_PLAIN}, in EVAL"],
    ),
    "what as_estimator_spec makes stands where it is returned": (
        """
        spec = TPUSpec(mode, loss=LOSS, train_op=OP)
        if mode == EVAL:
            spec = spec.as_estimator_spec()
        return spec
        """,
        [f"4:11 {_PLAIN}, in EVAL"],
    ),
    "the fields that _replace gives, or the construction": (
        """
        if mode == PREDICT:
            spec = TPUSpec(mode, {"loss": LOSS})
            return spec._replace(predictions=LOSS)
        spec = Spec(mode, loss=LOSS, train_op=OP, training_chief_hooks=[HOOK])
        return spec._replace(loss=LOSS + 1.0)
        """,
        [f"3:41 {_TENSOR}, in PREDICT", f"4:67 {_HOOKS}, in TRAIN"],
    ),
    "several sites, each of which some path comes to": (
        """
        if mode != EVAL:
            return TPUSpec(mode, loss=LOSS, train_op=OP)
        if params["metrics"]:
            return Spec(mode, loss=LOSS, eval_metric_ops={})
        return Spec(mode, loss=LOSS)
        """,
        [f"4:15 {_PLAIN}, in EVAL", f"5:11 {_PLAIN}, in EVAL"],
    ),
    "a path without a spec is another matter": (
        """
        if mode != EVAL:
            return TPUSpec(mode, loss=LOSS, train_op=OP)
        if params["metrics"]:
            return Spec(mode, loss=LOSS)
        """,
        [
            "0:4 MFN211 'model_fn' returns no spec on some paths in EVAL",
            f"4:15 {_PLAIN}, in EVAL",
        ],
    ),
    "two faults at one place: what the first mode has is said": (
        """
        import functools
        construct = functools.partial(Spec, training_chief_hooks=[HOOK])
        if mode == EVAL:
            LOSS
        return construct(mode, loss=LOSS, train_op=OP)
        """,
        [f"5:11 {_HOOKS}, in TRAIN"],
    ),
    "the specs of contrib.learn": (
        """
        if mode == EVAL:
            return ModelFnOps(mode, LOSS, LOSS)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
        [
            "2:15 MFN703 ModelFnOps is not a TPUEstimatorSpec, which a TPU requires, in EVAL",
        ],
    ),
}


@pytest.mark.parametrize(("body", "expected"), FOUND.values(), ids=FOUND)
def test_found(body: str, expected: list[str]) -> None:
    assert lint(body) == expected


SILENT = {
    "modes that nothing addresses": "return Spec(mode, loss=LOSS, train_op=OP)",
    "a path whose value is not known": """
        if mode == EVAL:
            if params["x"]:
                return elsewhere.spec(mode)
            return Spec(mode, loss=LOSS)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
    "a path with a TPU spec": """
        if mode == EVAL and not params.get("use_tpu"):
            return Spec(mode, loss=LOSS)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
    "a class that is chosen": """
        Chosen = TPUSpec if params["use_tpu"] else Spec
        if mode == EVAL:
            return Chosen(mode, loss=LOSS)
        return Chosen(mode, loss=LOSS, train_op=OP)
        """,
    "one path with a plain spec, the other with wrong predictions": """
        if mode == PREDICT:
            if params["x"]:
                return Spec(mode, {"loss": LOSS})
            return TPUSpec(mode, LOSS)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
    "a path that may not exist": """
        if mode == EVAL and elsewhere.is_plain(mode):
            return Spec(mode, loss=LOSS)
        elif mode == EVAL:
            return elsewhere.spec(mode)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
    "an export, perhaps": """
        if mode == PREDICT:
            return Spec(mode, {"loss": LOSS}, **params.more)
        return TPUSpec(mode, loss=LOSS, train_op=OP)
        """,
    "predictions and hooks that are not known": """
        if mode == PREDICT:
            return TPUSpec(mode, elsewhere.predictions(features))
        return Spec(mode, loss=LOSS, train_op=OP, training_chief_hooks=params.hooks)
        """,
    "hooks that may be empty": """
        hooks = [HOOK] if params["hooked"] else []
        return Spec(mode, loss=LOSS, train_op=OP, training_chief_hooks=hooks)
        """,
}


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
def test_silent(body: str) -> None:
    assert lint(body) == []


_EVALUATED = """
    if mode == EVAL:
        return Spec(mode, loss=LOSS)
    return Spec(mode, loss=LOSS, train_op=OP)
    """

HANDED_OVER = {
    "as it is": ({}, True),
    "in a partial": ({"model_fn": "functools.partial(model_fn)"}, False),
    "in a partial that is imported": (
        {"model_fn": "functools.partial(model_fn)", "decorators": "import functools"},
        True,
    ),
    "or something else": ({"model_fn": "model_fn if elsewhere.x else elsewhere.model_fn"}, True),
    "in a decorator from elsewhere": ({"decorators": "@elsewhere.for_tpu"}, False),
    "in a wrapper of the file": (
        {
            "decorators": "def wrap(f):\n"
            "    def wrapper(features, labels, mode, params): return elsewhere.spec(f)\n"
            "    return wrapper\n@wrap"
        },
        False,
    ),
    "to another Estimator, too": (
        {"arguments": f"{_SIZES})\nother = tf.estimator.Estimator(model_fn, params={{}}"},
        False,
    ),
    "to an Estimator from elsewhere, too": (
        {"arguments": f"{_SIZES})\nother = elsewhere.TPUEstimator(model_fn=model_fn"},
        False,
    ),
    "twice to TPUs": (
        {
            "arguments": f"{_SIZES})\n"
            "other = tf.estimator.tpu.TPUEstimator(model_fn, config=CONFIG, eval_batch_size=8"
        },
        True,
    ),
}


@pytest.mark.parametrize(("how", "found"), HANDED_OVER.values(), ids=HANDED_OVER)
def test_how_it_is_handed_over(how: dict[str, str], found: bool) -> None:
    assert lint(_EVALUATED, **how) == ([f"2:15 {_PLAIN}, in EVAL"] if found else [])
