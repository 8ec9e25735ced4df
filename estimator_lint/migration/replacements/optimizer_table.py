"""Optimizers, learning rates and the global step.

Sources: ``tensorflow/python/training``, ``keras/src/optimizers`` (2.15) and the guide's table.
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_PAGE: Final = "metrics_optimizers"
_EPSILON: Final = "epsilon is 1e-7 by default, no longer"
_SCHEDULE: Final = (
    "Give it to the optimizer as learning_rate. It takes no global_step: the optimizer counts its"
    " own iterations."
)
_OWN_SCHEDULE: Final = "Write a subclass of tf.keras.optimizers.schedules.LearningRateSchedule. "
_OLD_CHECKPOINTS: Final = "Slot variables of old checkpoints do not fit it."


def _row(names: str, instead: str, by_hand: str = "", page: str = _PAGE) -> Replacement:
    return Replacement(names, Topic.OPTIMIZER, instead, by_hand, page)


OPTIMIZERS: Final = (
    _row(
        "train.AdadeltaOptimizer",
        "tf.keras.optimizers.Adadelta",
        f"{_EPSILON} 1e-8. {_OLD_CHECKPOINTS}",
    ),
    _row("train.AdagradDAOptimizer", "", "No optimizer of Keras does the same."),
    _row("train.AdagradOptimizer", "tf.keras.optimizers.Adagrad", _OLD_CHECKPOINTS),
    _row(
        "train.AdamOptimizer",
        "tf.keras.optimizers.Adam",
        f"beta1 and beta2 are called beta_1 and beta_2; {_EPSILON} 1e-8. {_OLD_CHECKPOINTS}",
    ),
    _row(
        "train.FtrlOptimizer",
        "tf.keras.optimizers.Ftrl",
        f"Leave out accum_name and linear_name. {_OLD_CHECKPOINTS}",
    ),
    _row("train.GradientDescentOptimizer", "tf.keras.optimizers.SGD"),
    _row(
        "train.MomentumOptimizer",
        "tf.keras.optimizers.SGD(momentum=...)",
        "use_nesterov is called nesterov. Keras multiplies by the learning rate inside the"
        f" accumulator: the steps differ while the rate changes. {_OLD_CHECKPOINTS}",
    ),
    _row("train.ProximalAdagradOptimizer", "", "No optimizer of Keras does the same."),
    _row("train.ProximalGradientDescentOptimizer", "", "No optimizer of Keras does the same."),
    _row(
        "train.RMSPropOptimizer",
        "tf.keras.optimizers.RMSprop",
        f"decay is called rho; {_EPSILON} 1e-10. The v1 optimizer starts from a mean square of one,"
        f" Keras from zero: the first steps are larger. {_OLD_CHECKPOINTS}",
    ),
    _row(
        "train.SyncReplicasOptimizer",
        "a strategy of tf.distribute",
        "Under a synchronous strategy, Model.fit sums the gradients of all replicas.",
        "multi_worker_cpu_gpu_training",
    ),
    _row(
        "train.Optimizer",
        "tf.keras.optimizers.Optimizer",
        "A subclass of your own has other methods to override.",
    ),
    _row("contrib.opt.AdaMaxOptimizer", "tf.keras.optimizers.Adamax", "Rename beta1 and beta2."),
    _row("contrib.opt.NadamOptimizer", "tf.keras.optimizers.Nadam", "Rename beta1 and beta2."),
    _row(
        "contrib.opt.AdamWOptimizer",
        "tf.keras.optimizers.AdamW",
        "It scales the weight decay by the learning rate; the v1 optimizer does not.",
    ),
    _row(
        "contrib.opt.LazyAdamOptimizer",
        "",
        "tf.keras.optimizers.Adam updates all rows, those without a gradient too.",
    ),
    _row(
        "contrib.tpu.CrossShardOptimizer tpu.CrossShardOptimizer",
        "the optimizer alone, under tf.distribute.TPUStrategy",
        "The strategy sums the gradients of the replicas. Divide the loss by the global batch"
        " size where compile does not compute it.",
        "tpu_estimator",
    ),
    _row(
        "train.ExponentialMovingAverage",
        "tf.train.ExponentialMovingAverage",
        "Call its apply in train_step, after the optimizer's step. The default train_step of Keras"
        " can do it as well: tf.keras.optimizers.Adam(use_ema=True) and the others.",
    ),
    _row(
        "train.Optimizer().minimize",
        "tf.GradientTape and apply_gradients, in train_step",
        "Model.fit does both where compile has the loss. Which variables are trained is the second"
        " argument of tape.gradient.",
        "migrating_estimator",
    ),
    _row(
        "train.Optimizer().compute_gradients gradients",
        "tf.GradientTape, in train_step",
        "tape.gradient gives the gradients without the variables.",
        "migrating_estimator",
    ),
    _row(
        "train.Optimizer().apply_gradients",
        "apply_gradients of a Keras optimizer, in train_step",
        "It takes no global_step and counts its own iterations.",
        "migrating_estimator",
    ),
    _row(
        "contrib.layers.optimize_loss contrib.training.create_train_op"
        " contrib.slim.learning.create_train_op",
        "tf.GradientTape and apply_gradients, in train_step",
        "Clipping, gradient noise, summaries and UPDATE_OPS, which it did by its arguments or by"
        " itself, have to be written out.",
        "migrating_estimator",
    ),
    _row(
        "train.cosine_decay",
        "tf.keras.optimizers.schedules.CosineDecay",
        _SCHEDULE,
    ),
    _row(
        "train.cosine_decay_restarts",
        "tf.keras.optimizers.schedules.CosineDecayRestarts",
        _SCHEDULE,
    ),
    _row(
        "train.exponential_decay",
        "tf.keras.optimizers.schedules.ExponentialDecay",
        _SCHEDULE,
    ),
    _row(
        "train.inverse_time_decay",
        "tf.keras.optimizers.schedules.InverseTimeDecay",
        _SCHEDULE,
    ),
    _row(
        "train.linear_cosine_decay train.noisy_linear_cosine_decay",
        "",
        _OWN_SCHEDULE.strip(),
    ),
    _row(
        "train.natural_exp_decay",
        "tf.keras.optimizers.schedules.ExponentialDecay",
        f"Its decay_rate is exp(-decay_rate) of the v1 function. {_SCHEDULE}",
    ),
    _row(
        "train.piecewise_constant train.piecewise_constant_decay",
        "tf.keras.optimizers.schedules.PiecewiseConstantDecay",
        _SCHEDULE,
    ),
    _row(
        "train.polynomial_decay",
        "tf.keras.optimizers.schedules.PolynomialDecay",
        _SCHEDULE,
    ),
    Replacement(
        "train.get_global_step train.get_or_create_global_step train.create_global_step"
        " train.global_step train.assert_global_step contrib.framework.get_global_step"
        " contrib.framework.get_or_create_global_step",
        Topic.GLOBAL_STEP,
        "optimizer.iterations",
        "It counts the steps of one optimizer; with several, keep a tf.Variable of your own. A"
        " learning rate computed from it becomes a schedule.",
        "tf1_vs_tf2",
    ),
)
