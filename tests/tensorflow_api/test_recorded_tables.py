"""Settings, the tables of TensorFlow's facts, and walking syntax."""

from __future__ import annotations

import re

import libcst as cst
import pytest

from estimator_lint.settings import Settings
from estimator_lint.syntax.nodes import children, descendants
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode, in_order
from estimator_lint.tensorflow_api.results import (
    is_v1_optimizer,
    method_returns_op,
    returns_not_none,
    returns_tensor,
)
from estimator_lint.tensorflow_api.specs import ESTIMATOR_SPEC, SPEC_CLASSES, TPU_ESTIMATOR_SPEC
from estimator_lint.tensorflow_api.symbols import (
    estimator_class,
    is_tensorflow,
    mode_keys,
    short_name,
    spec_class,
)
from estimator_lint.tensorflow_api.tpu import ON_TPU


def test_settings_can_be_compared_and_kept_in_sets() -> None:
    assert Settings() == Settings()
    assert len({Settings(), Settings(), Settings(decorators=())}) == 2


def test_modes() -> None:
    assert {key: str(mode) for key, mode in MODE_OF_KEY.items()} == {
        "train": "TRAIN",
        "eval": "EVAL",
        "infer": "PREDICT",
    }
    assert in_order({Mode.PREDICT, Mode.TRAIN}) == (Mode.TRAIN, Mode.PREDICT)
    assert in_order(frozenset()) == ()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tensorflow.losses.log_loss", "losses.log_loss"),
        ("tensorflow.compat.v1.losses.log_loss", "losses.log_loss"),
        ("tensorflow.compat.v1.compat.v2.nn.relu", "nn.relu"),
        ("tensorflow", ""),
        ("tensorflowx.losses", None),
        ("torch.nn", None),
    ],
)
def test_short_name(path: str, name: str | None) -> None:
    assert short_name(path) == name
    assert is_tensorflow(path) is (name is not None)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tensorflow.estimator.EstimatorSpec", "EstimatorSpec"),
        ("tensorflow.compat.v1.estimator.EstimatorSpec", "EstimatorSpec"),
        ("tensorflow.python.estimator.model_fn.EstimatorSpec", "EstimatorSpec"),
        ("tensorflow_estimator.python.estimator.model_fn.EstimatorSpec", "EstimatorSpec"),
        ("tensorflow.contrib.tpu.TPUEstimatorSpec", "TPUEstimatorSpec"),
        ("tensorflow.compat.v1.estimator.tpu.TPUEstimatorSpec", "TPUEstimatorSpec"),
        ("tensorflow.contrib.learn.ModelFnOps", "ModelFnOps"),
        ("other.EstimatorSpec", None),
        ("tensorflow.estimator.EstimatorSpec.loss", None),
        ("tensorflow.estimator", None),
    ],
)
def test_spec_classes_by_path(path: str, name: str | None) -> None:
    found = spec_class(path)
    assert (found.name if found else None) == name


def test_spec_classes_are_consistent() -> None:
    for spec in SPEC_CLASSES.values():
        assert spec.fields[0] == "mode"
        assert len(set(spec.fields)) == len(spec.fields)
        assert set(spec.required) == set(Mode)
        for required in (*spec.required.values(), spec.empty_when_none):
            assert set(required) <= set(spec.fields)
    assert not TPU_ESTIMATOR_SPEC.validates_replace


def test_what_a_tpu_asks_for_is_about_fields() -> None:
    assert {spec.name for spec in SPEC_CLASSES.values() if spec.for_tpu} == {
        "TPUEstimatorSpec",
        "_TPUEstimatorSpec",
    }
    assert set(ON_TPU) == set(Mode)
    for on_tpu in ON_TPU.values():
        assert {*on_tpu.dicts, *on_tpu.exported} <= set(TPU_ESTIMATOR_SPEC.fields)
        assert {*on_tpu.refused, *on_tpu.exported} <= set(ESTIMATOR_SPEC.fields)


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("tensorflow.estimator.ModeKeys", {"TRAIN", "EVAL", "PREDICT"}),
        ("tensorflow.compat.v1.estimator.ModeKeys", {"TRAIN", "EVAL", "PREDICT"}),
        ("tensorflow.contrib.learn.ModeKeys", {"TRAIN", "EVAL", "INFER"}),
        ("tensorflow.keras.ModeKeys", None),
        ("mine.ModeKeys", None),
    ],
)
def test_mode_keys(path: str, keys: set[str] | None) -> None:
    found = mode_keys(path)
    assert (None if found is None else set(found)) == keys


def test_estimator_classes() -> None:
    assert estimator_class("tensorflow.estimator.Estimator") == "Estimator"
    assert estimator_class("tensorflow.contrib.tpu.TPUEstimator") == "TPUEstimator"
    assert estimator_class("tensorflow.contrib.learn.Estimator") is None
    assert estimator_class("tensorflow.estimator.DNNClassifier") is None
    assert estimator_class("sklearn.Estimator") is None


@pytest.mark.parametrize(
    ("path", "tensor", "sure"),
    [
        ("tensorflow.constant", True, True),
        ("tensorflow.nn.softmax", True, True),
        ("tensorflow.compat.v1.losses.mean_squared_error", True, True),
        ("tensorflow.compat.v1.losses.get_losses", False, False),
        ("tensorflow.layers.Dense", False, False),
        ("tensorflow.metrics.accuracy", False, True),
        ("tensorflow.estimator.train_and_evaluate", False, False),
        ("tensorflow.train.AdamOptimizer", False, True),
        ("tensorflow.something_new", False, False),
        ("numpy.constant", False, False),
    ],
)
def test_results(path: str, tensor: bool, sure: bool) -> None:
    assert returns_tensor(path) is tensor
    assert returns_not_none(path) is sure


def test_optimizers() -> None:
    path = "tensorflow.compat.v1.train.AdamOptimizer"
    assert is_v1_optimizer(path)
    assert method_returns_op(path, "minimize")
    assert not method_returns_op(path, "compute_gradients")
    assert not is_v1_optimizer("tensorflow.keras.optimizers.Adam")


_CODE = """
@d(1)
def f(a: int = 2, *b, c=3, **e) -> int:
    x = 4 if y else 5
    for i in z: pass
    else: w
    match m:
        case [p, *q] if g: r
    return lambda s=6: t
class C(B, metaclass=M): u = {**v, k: l}
"""


def test_descendants_are_in_the_order_of_the_source() -> None:
    module = cst.parse_module(_CODE)
    names = [node.value for node in descendants(module) if isinstance(node, cst.Name)]
    in_text = [word for word in _words(_CODE) if word in names]
    assert names == in_text


def test_nothing_below_a_closed_class_of_nodes_is_given() -> None:
    module = cst.parse_module(_CODE)
    closed = frozenset({cst.FunctionDef, cst.ClassDef})
    kinds = [type(node) for node in descendants(module, closed)]
    assert kinds.count(cst.FunctionDef) == kinds.count(cst.ClassDef) == 1
    assert cst.Lambda not in kinds
    function = module.body[0]
    assert cst.Lambda in [type(node) for node in descendants(function, closed)]


def test_children_are_no_layout() -> None:
    names = {type(node).__name__ for node in descendants(cst.parse_module(_CODE))}
    assert not names & {"Comma", "Newline", "EmptyLine", "TrailingWhitespace", "Semicolon"}
    assert children(cst.Name("x")) == []


def _words(text: str) -> list[str]:
    """The words of the text, in order."""
    return re.findall(r"\w+", text)
