"""The truth of the differential test, compared with sources judged by hand.

Each source is the body of a model function; the correct findings are marked on their lines, in the
format of the fixtures.
"""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.differential.truth import Verdict, verdicts
from tests.differential.unjudgeable import Unjudgeable, skipped_without_columns

HEADER = """\
import functools
import tensorflow as tf
TRAIN, EVAL, PREDICT = "train", "eval", "infer"
Spec, T = tf.estimator.EstimatorSpec, tf.constant(1.0)
"""

CASES = {
    "accepted": """
        if mode == tf.estimator.ModeKeys.PREDICT:
            return Spec(mode, predictions={"x": tf.constant(1.0)})
        return Spec(mode=mode, loss=tf.constant(1.0), train_op=tf.no_op())
        """,
    "all fields that are missing": """
        if mode == TRAIN:
            return Spec(mode)  # MFN101 TRAIN col 16; MFN102 TRAIN col 16
        """,
    "possible by a flag": """
        loss = tf.constant(1.0) if params["f0"] else None
        if mode == PREDICT:
            return Spec(mode, tf.constant(1.0))
        return Spec(mode, loss=loss, train_op=tf.no_op())  # MFN111 TRAIN col 12
        """,
    "correlated flags": """
        if params["f0"]:
            loss = tf.constant(1.0)
        if mode == EVAL and params["f0"]:
            return Spec(mode, loss=loss)
        return Spec(mode, T, T, T)
        """,
    "unbound for certain": """
        if mode == TRAIN:
            loss = tf.constant(1.0)
        elif mode == PREDICT:
            return Spec(mode, predictions=T)
        return Spec(mode, loss=loss, train_op=T)  # MFN203 EVAL col 28
        """,
    "unbound in a closure": """
        def build():
            return Spec(mode, loss=loss, train_op=T)  # MFN203 EVAL col 32
        if mode == EVAL:
            return build()
        loss = T
        return Spec(mode, T, loss, T)
        """,
    "unbound, possible, deleted and augmented": """
        if params["f0"]:
            mode_loss = T
        if mode == EVAL:
            mode_loss += T  # MFN213 EVAL col 9
            del mode_loss
            return Spec(mode, loss=mode_loss)  # MFN203 EVAL col 32
        return Spec(mode, T, T, T)
        """,
    "no spec": """
        if mode == TRAIN:
            return Spec(mode, loss=T, train_op=T)
        elif mode in (EVAL,):
            return None
        """,
    "wrong type, possible": """
        result = Spec(mode, T, T, T)
        if mode == EVAL and params["f0"]:
            result = (1, 2)
        return result  # MFN212 EVAL col 12
        """,
    "a caught fault is none": """
        try:
            return Spec(mode)
        except ValueError:
            return Spec(mode, T, T, T)
        """,
    "a fault that a finally replaces is none": """
        try:
            return Spec(mode, loss=unbound)
        finally:
            return Spec(mode, T, T, T)
        unbound = mode == EVAL
        """,
    "a caught fault makes the other one possible": """
        tolerant = params["f0"]
        try:
            spec = Spec(mode, train_op=T)  # MFN111 TRAIN col 16
        except ValueError as error:
            if not tolerant:
                raise error
            spec = Spec(mode, T, T, T)
        return spec
        """,
    "labels address PREDICT": """
        if labels is None:
            return Spec(mode)  # MFN104 PREDICT col 16
        return Spec(mode)
        """,
    "the truth of labels addresses PREDICT": """
        if not labels:
            return Spec(mode)  # MFN104 PREDICT col 16
        return Spec(mode)
        """,
    "both others address": """
        make = {TRAIN: Spec, EVAL: Spec}.get(mode, Spec)
        return make(mode, predictions=None, loss=T, train_op=T)  # MFN104 PREDICT col 12
        """,
    "both others address nothing where nothing predicts": """
        make = {TRAIN: Spec, EVAL: Spec}.get(mode, Spec)
        return make(mode, loss=T, train_op=T)
        """,
    "both others address what returns something": """
        if mode in (TRAIN, EVAL):
            return Spec(mode, loss=T, train_op=T)
        return {"p": T}  # MFN202 PREDICT col 12
        """,
    "a look-up that fails is no fault": """
        make = {TRAIN: Spec, EVAL: Spec}[mode]
        return make(mode, loss=T, train_op=T)
        """,
    "identity and match": """
        if mode is TRAIN:
            return Spec(mode)  # MFN101 TRAIN col 16; MFN102 TRAIN col 16
        match mode:
            case "eval" | "infer":
                return Spec(mode)  # MFN103 EVAL col 20; MFN104 PREDICT col 20
        """,
    "a partial, and _replace": """
        make = functools.partial(Spec, mode=mode, predictions=T)
        spec = make()  # MFN101 TRAIN col 12; MFN102 TRAIN col 12; MFN103 EVAL col 12
        spec = spec._replace(loss=T, train_op=T)
        if mode == EVAL:
            spec = spec._replace(loss=None)
        return spec
        """,
    "_replace that takes a field away": """
        spec = Spec(mode, T, T, T)
        if mode == EVAL:
            spec = spec._replace(loss=None)  # MFN103 EVAL col 16
        return spec
        """,
    "another mode's key": """
        if mode == TRAIN:
            return Spec(mode="eval", loss=T)  # MFN205 TRAIN col 26
        return Spec(EVAL if params["f0"] else mode, T, T, T)
        """,
    "the key that is given tells what is required": """
        if mode == PREDICT:
            return Spec(EVAL)  # MFN205 PREDICT col 21
        return Spec(mode, T, T, T)
        """,
    "a place that is passed well and then badly": """
        for loss in (T, None):
            if mode == EVAL:
                Spec(mode, loss=loss)  # MFN113 EVAL col 13
        return Spec(mode, T, T, T)
        """,
    "a spec of another mode that only some runs return": """
        spec = Spec(EVAL, T, T, T)  # MFN215 TRAIN col 17
        if mode == TRAIN and params["f0"]:
            return spec
        return Spec(mode, T, T, T)
        """,
    "a run that ends before the spec is used tells nothing of it": """
        if mode == TRAIN:
            spec = Spec(EVAL, T, T, T)  # MFN205 TRAIN col 21
            if params["f0"]:
                raise ValueError
            return spec
        return Spec(mode, T, T, T)
        """,
    "a key that no mode equals": """
        if mode == "test" or mode in ("infer", "predict"):  # MFN204 col 16; MFN204 col 44
            return Spec(mode, T)
        return Spec(mode, loss=T, train_op=T)
        """,
    "a TPU spec is judged when it is made": """
        TPUSpec = tf.estimator.tpu.TPUEstimatorSpec
        if mode == EVAL:
            TPUSpec(mode)._replace(loss=T)  # MFN103 EVAL col 9
        return Spec(mode, T, T, T)
        """,
    "a TPU spec that was replaced is judged when it is returned": """
        spec = tf.estimator.tpu.TPUEstimatorSpec(mode, T, T, T)
        if mode == EVAL:
            return spec._replace(loss=None)  # MFN103 EVAL col 16
        spec._replace(loss=None)
        return spec
        """,
    "a TPU spec that was replaced is judged when it is converted": """
        spec = tf.estimator.tpu.TPUEstimatorSpec(mode, T, T, T)
        spec = spec._replace(loss=None)  # MFN103 EVAL col 12
        if mode == EVAL:
            spec.as_estimator_spec()
        return Spec(mode, T, T, T)
        """,
    "a spec of another mode that nobody gets is none of its business": """
        if mode == TRAIN:
            Spec(EVAL, T, T, T)
            return Spec(PREDICT, T, T, T)._replace(loss=T)  # MFN205 TRAIN col 21
        return Spec(mode, T, T, T)
        """,
    "a call that does not fit": """
        def loss_of(x, scale):
            return x * scale
        try:
            loss_of()
        except TypeError:
            pass
        if mode == EVAL:
            return Spec(mode, loss=loss_of(T))  # MFN207 EVAL col 32
        return Spec(mode, T, loss_of(T, 2.0), T)
        """,
    "values that do not fit on some paths": """
        pair = (T, T, T) if params["f0"] else (T, T)
        if mode == EVAL:
            first, second = pair  # MFN217 EVAL col 9
        return Spec(mode, T, T, T)
        """,
    "an operation on None ends the path": """
        loss = None
        if mode == EVAL:
            loss = loss + 1
            return Spec(mode)
        return Spec(mode, T, T, T)
        """,
}

#: The findings on the header's ``def`` line, which are at the name.
AT_NAME = {"no spec": {("MFN201", ("EVAL",))}}


def _expected(source: str) -> set[Verdict]:
    found = set()
    for number, line in enumerate(source.splitlines(), start=1):
        for code, modes, column in re.findall(r"(MFN\d+) ?([A-Z, ]*?) col (\d+)", line):
            names = tuple(name.strip() for name in modes.split(",") if name)
            found.add(Verdict(number, int(column) - 1, code, names))
    return found


def _module(body: str) -> str:
    signature = "def model_fn(features, labels, mode, params):\n"
    return HEADER + signature + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


@pytest.mark.parametrize("name", CASES)
def test_truth_of(name: str) -> None:
    source = _module(CASES[name])
    line = source[: source.index("def model_fn")].count("\n") + 1
    at_name = {Verdict(line, 4, code, modes) for code, modes in AT_NAME.get(name, set())}
    with skipped_without_columns():
        assert verdicts(source) == _expected(source) | at_name


def test_every_assignment_of_the_flags_is_run() -> None:
    source = _module(
        """
        if params["f0"] and params["f1"] and not params["f2"]:
            if mode == EVAL:
                return (1, 2)
        return Spec(mode, T, T, T)
        """
    )
    assert {verdict.code for verdict in verdicts(source)} == {"MFN202"}


@pytest.mark.parametrize(
    "body",
    [
        "return 1",
        "while True:\n    len('')\nreturn Spec(mode)",
        "return Spec(mode, loss=bound_nowhere)",
        "return Spec(**{'mode': 'eval' if mode == TRAIN else mode, 'loss': T})",
    ],
)
def test_what_cannot_be_judged_is_refused(body: str) -> None:
    with pytest.raises(Unjudgeable):
        verdicts(_module(body))
