"""The values that TensorFlow accepts for a field.

Source: ``_validate_estimator_spec_*``, ``_validate_eval_metric_ops`` and
``_validate_scaffold`` of ``tensorflow_estimator/python/estimator/model_fn.py``,
``get_export_outputs`` of ``tensorflow/python/saved_model/model_utils/export_utils.py``
(2.15.1; 1.15.0 checks the same).
"""

from __future__ import annotations

from collections.abc import Mapping

from estimator_lint.tensorflow_api.value_types import TENSOR_LIKE, Kind

#: The fields for hooks, in the order in which TensorFlow checks them.
HOOK_FIELDS = ("training_hooks", "evaluation_hooks", "prediction_hooks", "training_chief_hooks")

#: What TensorFlow makes a tuple of.
ITERABLES = frozenset({Kind.TUPLE, Kind.LIST, Kind.SET, Kind.RANGE, Kind.VIEW, Kind.ITERATOR})

#: The kinds of values that a field accepts, besides None; other kinds are errors.
TAKEN: Mapping[str, frozenset[Kind]] = {
    "train_op": TENSOR_LIKE | {Kind.OP},
    "loss": TENSOR_LIKE,
    "predictions": TENSOR_LIKE | {Kind.DICT},
    "eval_metric_ops": frozenset({Kind.DICT}),
    "export_outputs": frozenset({Kind.DICT}),
    **dict.fromkeys(HOOK_FIELDS, ITERABLES),
    "scaffold": frozenset({Kind.SCAFFOLD}),
}

#: The same for the items of the dict or list that a field accepts.
TAKEN_WITHIN: Mapping[str, frozenset[Kind]] = {
    "predictions": TENSOR_LIKE,
    "eval_metric_ops": frozenset({Kind.METRIC, Kind.TUPLE, Kind.KERAS_METRIC}),
    "export_outputs": frozenset({Kind.EXPORT_OUTPUT}),
    **dict.fromkeys(HOOK_FIELDS, frozenset({Kind.HOOK})),
}

#: The order in which TensorFlow checks the fields: the first wrong one raises.
CHECK_ORDER = (
    "train_op",
    "loss",
    "predictions",
    "export_outputs",
    *HOOK_FIELDS,
    "eval_metric_ops",
    "scaffold",
)

#: The wording of the expected value in messages.
WANTED: Mapping[str, str] = {
    "train_op": "a tensor or op",
    "loss": "a tensor",
    "predictions": "a tensor or a dict of tensors",
    "eval_metric_ops": "a dict",
    "export_outputs": "a dict of ExportOutputs",
    **dict.fromkeys(HOOK_FIELDS, "a list of hooks"),
    "scaffold": "a Scaffold",
}
WANTED_WITHIN: Mapping[str, str] = {
    "predictions": "a tensor",
    "eval_metric_ops": "(value, update_op)",
    "export_outputs": "an ExportOutput",
    **dict.fromkeys(HOOK_FIELDS, "a hook"),
}

#: Fields that treat any false value like None.
FALSE_IS_NONE = frozenset({*HOOK_FIELDS, "scaffold"})

#: One of several export outputs must have this name.
DEFAULT_SIGNATURE = "serving_default"

#: Names of metrics that the Estimator adds itself: ``EstimatorSpec`` accepts them,
#: ``Estimator.evaluate`` raises ("Metric with name ... is not allowed").
RESERVED_METRICS = frozenset({"loss", "global_step"})
