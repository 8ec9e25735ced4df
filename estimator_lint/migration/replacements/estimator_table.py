"""Estimators, functions that run them, and the fields of specs.

Sources: ``tensorflow_estimator/python/estimator/estimator.py``, ``training.py``,
``model_fn.py`` and ``tpu/tpu_estimator.py`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_PAGE: Final = "migrating_estimator"
_HOOKS: Final = "sessionrunhook_callback"


def _row(names: str, instead: str, by_hand: str = "", page: str = _PAGE) -> Replacement:
    return Replacement(names, Topic.ESTIMATOR, instead, by_hand, page)


def _spec(names: str, instead: str, by_hand: str = "", page: str = _PAGE) -> Replacement:
    return Replacement(names, Topic.SPEC, instead, by_hand, page)


def _field(name: str, instead: str, by_hand: str = "", page: str = _PAGE) -> Replacement:
    return Replacement(name, Topic.SPEC_FIELD, instead, by_hand, page)


ESTIMATORS: Final = (
    _row(
        "estimator.Estimator contrib.learn.Estimator",
        "a tf.keras.Model with train_step, test_step and predict_step",
        "params become arguments of its constructor. An Estimator restores the last checkpoint of"
        " model_dir by itself; Keras restores what tf.keras.callbacks.BackupAndRestore saved, or"
        " what you load.",
    ),
    _row(
        "estimator.tpu.TPUEstimator contrib.tpu.TPUEstimator",
        "a tf.keras.Model made under tf.distribute.TPUStrategy",
        "train_batch_size and the others are global batch sizes: batch the datasets by them."
        ' Nothing passes params["batch_size"] any more.',
        "tpu_estimator",
    ),
    _row(
        "keras.estimator.model_to_estimator",
        "the Keras model itself",
        "It needs no other replacement.",
    ),
    _row(
        "estimator.train_and_evaluate contrib.learn.Experiment",
        "Model.fit with validation_data",
        "fit evaluates after each epoch, an Estimator after checkpoints. A process of its own can"
        " evaluate with tf.keras.utils.SidecarEvaluator (Keras 2 only, the package tf_keras).",
        "evaluator",
    ),
    _row(
        "estimator.TrainSpec",
        "the arguments of Model.fit",
        "max_steps becomes epochs times steps_per_epoch, hooks become callbacks. max_steps includes"
        " the steps of earlier runs, epochs do not.",
        "evaluator",
    ),
    _row(
        "estimator.EvalSpec",
        "validation_data, validation_steps and validation_freq of Model.fit",
        "throttle_secs and start_delay_secs have no counterpart. steps is 100 by default;"
        " validation_steps is the whole dataset.",
        "evaluator",
    ),
    _row(
        "estimator.Estimator().train",
        "Model.fit",
        "steps becomes steps_per_epoch (with epochs=1), hooks become callbacks.",
    ),
    _row(
        "estimator.Estimator().evaluate",
        "Model.evaluate(return_dict=True)",
        "It evaluates the weights that the model has, not those of the last checkpoint. Its result"
        " has no global_step.",
    ),
    _row(
        "estimator.Estimator().predict",
        "Model.predict",
        "It returns arrays for the whole dataset, the Estimator yields one example at a time."
        " predict_keys has no counterpart.",
    ),
    _row(
        "estimator.Estimator().export_saved_model estimator.Estimator().export_savedmodel"
        " estimator.Estimator().experimental_export_all_saved_models",
        "export of the Keras model, or tf.saved_model.save",
        "The serving input function becomes the input_signature of a tf.function. No timestamp is"
        " added to the folder.",
        "saved_model",
    ),
    _row(
        "estimator.Estimator().latest_checkpoint",
        "tf.train.latest_checkpoint",
        "",
        "migrating_checkpoints",
    ),
    _row(
        "estimator.Estimator().get_variable_value estimator.Estimator().get_variable_names",
        "the variables of the model",
        "tf.train.load_variable and tf.train.list_variables still read checkpoints.",
        "migrating_checkpoints",
    ),
    _row(
        "estimator.ModeKeys contrib.learn.ModeKeys",
        "the step that runs, and the argument training of call",
        "What only one mode does goes into train_step, test_step or predict_step.",
    ),
)

SPECS: Final = (
    _spec(
        "estimator.EstimatorSpec contrib.learn.ModelFnOps",
        "what train_step, test_step and predict_step return",
    ),
    _spec(
        "estimator.tpu.TPUEstimatorSpec contrib.tpu.TPUEstimatorSpec",
        "what train_step, test_step and predict_step return",
        page="tpu_estimator",
    ),
)

#: Of ``EstimatorSpec`` and ``TPUEstimatorSpec``, by the name of the field.
SPEC_FIELDS: Final = (
    _field(
        "predictions",
        "what predict_step returns",
        "Model.predict joins the results of all batches.",
    ),
    _field(
        "loss",
        "the loss of compile, or what train_step and test_step compute",
        "An Estimator reports the mean over all batches as loss in EVAL; so does a"
        " tf.keras.metrics.Mean that test_step updates.",
    ),
    _field(
        "train_op",
        "the optimizer's step in train_step",
        "Write everything else that it runs (updates, assignments, grouped ops) there, too.",
    ),
    _field(
        "eval_metric_ops",
        "metrics of compile, or metrics that test_step updates",
        "Name the metrics after today's keys. Metrics of compile are also computed while training.",
        "metrics_optimizers",
    ),
    _field(
        "eval_metrics",
        "metrics of compile, or metrics that test_step updates",
        "Under tf.distribute.TPUStrategy, metrics need no function that runs on the host.",
        "tpu_estimator",
    ),
    _field(
        "export_outputs",
        "the signatures of tf.saved_model.save, or of export of the Keras model",
        "Each entry becomes a tf.function with an input_signature that returns a dict. If there is"
        " a single entry, the Estimator exports it as the default signature as well.",
        "saved_model",
    ),
    _field("training_hooks", "the argument callbacks of Model.fit", "", _HOOKS),
    _field(
        "training_chief_hooks",
        "the argument callbacks of Model.fit",
        "Callbacks run on every worker; one for the chief alone has to check where it runs.",
        _HOOKS,
    ),
    _field("evaluation_hooks", "the argument callbacks of Model.evaluate", "", _HOOKS),
    _field("prediction_hooks", "the argument callbacks of Model.predict", "", _HOOKS),
    _field(
        "scaffold",
        "tf.train.Checkpoint, and code before Model.fit",
        "Initialize before fit, and give the Checkpoint what the scaffold saved.",
        "migrating_checkpoints",
    ),
    _field(
        "scaffold_fn",
        "tf.train.Checkpoint, and code before Model.fit",
        "Restore under the scope of the strategy.",
        "migrating_checkpoints",
    ),
    _field(
        "host_call",
        "tf.summary in train_step, or a callback",
        "The strategy needs no function for the host. A summary in train_step needs its step.",
        "tpu_estimator",
    ),
)
