"""Hooks, which run alongside training, evaluation and prediction.

Sources: ``tensorflow/python/training/basic_session_run_hooks.py``,
``tensorflow_estimator/python/estimator/hooks``, ``early_stopping.py`` (2.15), and
``keras/src/callbacks.py``.
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_CALLBACKS: Final = "sessionrunhook_callback"
_STOPPING: Final = "early_stopping"


def _row(names: str, instead: str, by_hand: str, page: str) -> Replacement:
    return Replacement(names, Topic.HOOK, instead, by_hand, page)


HOOKS: Final = (
    _row(
        "estimator.CheckpointSaverHook train.CheckpointSaverHook",
        "tf.keras.callbacks.ModelCheckpoint",
        "save_freq counts batches; nothing saves by seconds. To resume after a failure, there is"
        " tf.keras.callbacks.BackupAndRestore.",
        "checkpoint_saver",
    ),
    _row(
        "estimator.CheckpointSaverListener train.CheckpointSaverListener",
        "",
        "Write a subclass of tf.keras.callbacks.ModelCheckpoint or of tf.keras.callbacks.Callback.",
        "checkpoint_saver",
    ),
    _row(
        "estimator.FeedFnHook train.FeedFnHook",
        "",
        "There is nothing to feed: what it fed belongs into the tf.data pipeline.",
        _CALLBACKS,
    ),
    _row(
        "estimator.FinalOpsHook train.FinalOpsHook",
        "on_train_end of a tf.keras.callbacks.Callback",
        "Compute there what the ops computed.",
        _CALLBACKS,
    ),
    _row(
        "estimator.GlobalStepWaiterHook train.GlobalStepWaiterHook",
        "",
        "Synchronous strategies of tf.distribute start all workers together.",
        "multi_worker_cpu_gpu_training",
    ),
    _row(
        "estimator.LoggingTensorHook train.LoggingTensorHook",
        "a tf.keras.callbacks.Callback of your own",
        "Keras reports the loss and the metrics itself. Tensors can't be fetched by name: return"
        " what is to be logged from train_step, or read it from the model.",
        "logging_stop_hook",
    ),
    _row(
        "estimator.NanTensorHook train.NanTensorHook",
        "tf.keras.callbacks.TerminateOnNaN",
        "It looks at the loss only, and stops without an exception.",
        _CALLBACKS,
    ),
    _row(
        "estimator.NanLossDuringTrainingError train.NanLossDuringTrainingError",
        "",
        "tf.keras.callbacks.TerminateOnNaN stops training without an exception.",
        _CALLBACKS,
    ),
    _row(
        "estimator.ProfilerHook train.ProfilerHook",
        "tf.keras.callbacks.TensorBoard(profile_batch=...)",
        "It profiles one range of batches, not every so many steps or seconds.",
        "tensorboard",
    ),
    _row(
        "estimator.SecondOrStepTimer train.SecondOrStepTimer",
        "",
        "Count batches or seconds in the callback.",
        _CALLBACKS,
    ),
    _row(
        "estimator.SessionRunHook train.SessionRunHook",
        "tf.keras.callbacks.Callback",
        "begin becomes on_train_begin, before_run on_train_batch_begin, after_run"
        " on_train_batch_end, end on_train_end; when evaluating, on_test_begin and so on. A"
        " callback can't ask for tensors: it has the model and the logs that train_step returns.",
        _CALLBACKS,
    ),
    _row(
        "estimator.SessionRunArgs train.SessionRunArgs estimator.SessionRunValues"
        " train.SessionRunValues",
        "the argument logs of a callback's methods",
        "It has what train_step or test_step returns, and no other tensors.",
        _CALLBACKS,
    ),
    _row(
        "estimator.SessionRunContext train.SessionRunContext",
        "self.model of a callback",
        "request_stop() becomes self.model.stop_training = True.",
        _CALLBACKS,
    ),
    _row(
        "estimator.StepCounterHook train.StepCounterHook",
        "tf.keras.callbacks.TensorBoard(write_steps_per_second=True)",
        "",
        "tensorboard",
    ),
    _row(
        "estimator.StopAtStepHook train.StopAtStepHook",
        "the arguments epochs and steps_per_epoch of Model.fit",
        "To stop by the optimizer's count, write a callback that sets self.model.stop_training.",
        "logging_stop_hook",
    ),
    _row(
        "estimator.SummarySaverHook train.SummarySaverHook",
        "tf.keras.callbacks.TensorBoard(update_freq=...)",
        "Summaries of your own are written by tf.summary, each with its step.",
        "tensorboard",
    ),
    _row(
        "estimator.experimental.InMemoryEvaluatorHook contrib.estimator.InMemoryEvaluatorHook",
        "the arguments validation_data and validation_freq of Model.fit",
        "validation_freq counts epochs.",
        "evaluator",
    ),
    _row(
        "estimator.experimental.make_early_stopping_hook"
        " contrib.estimator.make_early_stopping_hook",
        "a tf.keras.callbacks.Callback of your own",
        "It sets self.model.stop_training where should_stop_fn returns True.",
        _STOPPING,
    ),
    _row(
        "estimator.experimental.make_stop_at_checkpoint_step_hook"
        " contrib.estimator.make_stop_at_checkpoint_step_hook",
        "",
        "Read the step from the checkpoint before training, and stop in a callback.",
        _STOPPING,
    ),
    _row(
        "estimator.experimental.stop_if_no_decrease_hook"
        " estimator.experimental.stop_if_no_increase_hook"
        " contrib.estimator.stop_if_no_decrease_hook contrib.estimator.stop_if_no_increase_hook",
        "tf.keras.callbacks.EarlyStopping",
        "patience counts epochs, not steps; the metrics of evaluation begin with val_.",
        _STOPPING,
    ),
    _row(
        "estimator.experimental.stop_if_higher_hook estimator.experimental.stop_if_lower_hook"
        " contrib.estimator.stop_if_higher_hook contrib.estimator.stop_if_lower_hook",
        "a tf.keras.callbacks.Callback of your own",
        "Compare the metric in on_epoch_end and set self.model.stop_training.",
        _STOPPING,
    ),
)
