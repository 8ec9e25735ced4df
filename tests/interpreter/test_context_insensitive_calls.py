"""The summary of a function that is not followed holds for any arguments.

``test_paths.py`` compares those of random functions with what these return.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from estimator_lint.discovery.model_functions import find_model_functions
from estimator_lint.domain import bounds
from estimator_lint.domain.values.returned import Returned
from estimator_lint.interpreter.calls.context_insensitive import returned_by
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.interpreter.snippets import Snippet


def skimmed(snippet: Snippet) -> Returned:
    """The summary of the snippet's function."""
    ev = snippet.probes[Mode.TRAIN]
    (function,) = find_model_functions(ev.own_module.source, Settings(model_fn_globs=("model_fn",)))
    return returned_by(ev, ev.own_module.function(function.node, function.owner))


def may_return(returned: Returned, value: Any) -> bool:
    if returned.items is None:
        return not (returned.not_none and value is None)
    return (
        isinstance(value, tuple)
        and len(value) == len(returned.items)
        and all(itertools.starmap(may_return, zip(returned.items, value, strict=True)))
    )


NOT_NONE = Returned(not_none=True)

CASES = {
    "on both sides": ("return -features if a else [1]", NOT_NONE),
    "None on one side": ("return None if a else [1]", Returned()),
    "the end": ("if a:\n    return 1", Returned()),
    "a raise": ("if a:\n    return -features\nraise ValueError", NOT_NONE),
    "behind a loop": (
        "for i in features:\n    x = None\nx = -features\nreturn x",
        NOT_NONE,
    ),
    "of a loop": ("x = None\nwhile params:\n    x = -features\nreturn x", Returned()),
    "a tuple": ("return -features, None", Returned(True, items=(NOT_NONE, Returned()))),
    "a call": ("def f(): return -features\nreturn f()", NOT_NONE),
    "itself": ("return model_fn(features, labels, mode, params)", Returned()),
    "not there yet": ("raise NotImplementedError", Returned()),
    "too long": ("x = 1\n" * bounds.MAX_STEPS_SKIMMED + "return -features", Returned()),
}


@pytest.mark.parametrize(("body", "returned"), CASES.values(), ids=CASES)
def test_what_skimming_tells(body: str, returned: Returned) -> None:
    assert skimmed(Snippet(body)) == returned


SOURCE = """
import tensorflow as tf
def make(loss, params):
    train_op = None
    if params["clip"]:
        train_op = tf.no_op()
    return loss, tf.group(train_op, tf.no_op())
def later(loss):
    yield tf.no_op()
def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    loss, train_op = make(loss, params)
    return tf.estimator.EstimatorSpec(mode, loss={loss}, train_op=train_op, predictions={loss})
"""


def test_what_is_not_followed_has_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_STEPS_IN_CALLS", 0)
    assert lint_text(SOURCE.format(loss="loss")) == []
    findings = lint_text(SOURCE.format(loss="train_op"))
    assert [finding.code for finding in findings] == ["MFN304", "MFN306"]


def test_generators_are_not_skimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_STEPS_IN_CALLS", 0)
    findings = lint_text(SOURCE.format(loss="later(loss)"))
    assert [finding.text.partition(",")[0] for finding in findings] == [
        "loss is an iterator",
        "predictions is an iterator",
    ]
