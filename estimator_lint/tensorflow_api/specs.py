"""The spec classes: their fields, what each mode requires, what they validate.

Sources: ``tensorflow_estimator/python/estimator/model_fn.py`` (``EstimatorSpec``,
``_TPUEstimatorSpec``) and ``tensorflow_estimator/python/estimator/tpu/tpu_estimator.py``
(``TPUEstimatorSpec``) of TensorFlow 2.15.1;
``tensorflow/contrib/learn/python/learn/estimators/model_fn.py`` (``ModelFnOps``) of 1.15.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from estimator_lint.tensorflow_api.modes import Mode

REQUIRED_FIELDS: Mapping[Mode, tuple[str, ...]] = {
    Mode.TRAIN: ("train_op", "loss"),
    Mode.EVAL: ("loss",),
    Mode.PREDICT: ("predictions",),
}


@dataclass(frozen=True)
class SpecClass:
    """One class of specs.

    Attributes:
        name: the public name, used in messages.
        fields: the constructor's parameters in order; the first is ``mode``.
        required: for each mode, the fields that must not be None, in the order in which TensorFlow
            checks them.
        validates_replace: ``_replace`` runs the constructor again. If it does not, TensorFlow fails
            later on a missing field.
        ignores_unknown_replacements: ``_replace`` silently drops unknown names; a namedtuple
            raises.
        checks_types: it accepts only values of certain types (``field_types``).
        empty_when_none: the value that replaces a field's None.
        accepted_by: the classes of Estimators whose model functions may
            return it.
        for_tpu: a TPUEstimator accepts it as a TPU spec.
    """

    name: str
    fields: tuple[str, ...]
    required: Mapping[Mode, tuple[str, ...]] = field(default_factory=lambda: REQUIRED_FIELDS)
    validates_replace: bool = True
    ignores_unknown_replacements: bool = False
    checks_types: bool = True
    empty_when_none: Mapping[str, str] = field(default_factory=dict)
    accepted_by: frozenset[str] = frozenset()
    for_tpu: bool = False


_HOOKS_BECOME_TUPLES = {
    "training_hooks": "tuple",
    "evaluation_hooks": "tuple",
    "prediction_hooks": "tuple",
}

_TPU_FIELDS = (
    "mode",
    "predictions",
    "loss",
    "train_op",
    "eval_metrics",
    "export_outputs",
    "scaffold_fn",
    "host_call",
    "training_hooks",
    "evaluation_hooks",
    "prediction_hooks",
)

ESTIMATOR_SPEC = SpecClass(
    name="EstimatorSpec",
    fields=(
        "mode",
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "export_outputs",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
        "evaluation_hooks",
        "prediction_hooks",
    ),
    ignores_unknown_replacements=True,
    empty_when_none={
        "predictions": "dict",
        "eval_metric_ops": "dict",
        "training_chief_hooks": "tuple",
        **_HOOKS_BECOME_TUPLES,
    },
    accepted_by=frozenset({"Estimator", "TPUEstimator"}),
)

TPU_ESTIMATOR_SPEC = SpecClass(
    name="TPUEstimatorSpec",
    fields=_TPU_FIELDS,
    validates_replace=False,
    empty_when_none={"predictions": "dict", **_HOOKS_BECOME_TUPLES},
    accepted_by=frozenset({"TPUEstimator"}),
    for_tpu=True,
)

#: The private variant with which tensorflow_estimator's own heads make TPU specs.
HEAD_TPU_ESTIMATOR_SPEC = SpecClass(
    name="_TPUEstimatorSpec",
    fields=_TPU_FIELDS,
    validates_replace=False,
    empty_when_none={"predictions": "dict", **_HOOKS_BECOME_TUPLES},
    accepted_by=frozenset({"TPUEstimator"}),
    for_tpu=True,
)

MODEL_FN_OPS = SpecClass(
    name="ModelFnOps",
    fields=(
        "mode",
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "output_alternatives",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
    ),
    required={
        Mode.TRAIN: ("train_op", "loss"),
        Mode.EVAL: ("loss", "predictions"),
        Mode.PREDICT: ("predictions",),
    },
    validates_replace=False,
    checks_types=False,
    accepted_by=frozenset({"Estimator"}),
)

SPEC_CLASSES: Mapping[str, SpecClass] = {
    spec.name: spec
    for spec in (ESTIMATOR_SPEC, TPU_ESTIMATOR_SPEC, HEAD_TPU_ESTIMATOR_SPEC, MODEL_FN_OPS)
}

#: Classes that call a model function; each takes it as ``model_fn``, first.
ESTIMATOR_CLASSES = frozenset({"Estimator", "TPUEstimator"})
