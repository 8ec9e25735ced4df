"""Losses: ``tf.losses`` of TensorFlow 1.

Sources: ``tensorflow/python/ops/losses/losses_impl.py`` and ``keras/src/losses.py`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_PAGE: Final = "migrating_estimator"
_WEIGHTED: Final = (
    "Pass weights as sample_weight. By default, the v1 function divides by the number of nonzero"
    " weights, Keras by the number of losses. The v1 function also adds its result to the"
    " collection LOSSES, which Keras does not have."
)


def _row(names: str, instead: str, by_hand: str = "", page: str = _PAGE) -> Replacement:
    return Replacement(names, Topic.LOSS, instead, by_hand, page)


LOSSES: Final = (
    _row("losses.absolute_difference", "tf.keras.losses.MeanAbsoluteError", _WEIGHTED),
    _row(
        "losses.add_loss",
        "add_loss of a layer or model",
        "Losses that layers add are in model.losses; the default train_step adds them to the loss"
        " of compile, a train_step of your own has to.",
        "tf1_vs_tf2",
    ),
    _row(
        "losses.compute_weighted_loss",
        "tf.reduce_sum and tf.reduce_mean",
        "Write the reduction out: by default the v1 function divides the weighted sum by the"
        " number of nonzero weights.",
    ),
    _row(
        "losses.cosine_distance",
        "tf.keras.losses.CosineSimilarity",
        "The Keras loss is minus the similarity, the v1 loss is 1 minus the similarity; Keras also"
        f" normalizes its inputs. {_WEIGHTED}",
    ),
    _row(
        "losses.get_losses losses.get_total_loss",
        "model.losses",
        "Add the loss of the predictions yourself: model.losses has only what layers added with"
        " add_loss and by their regularizers.",
        "tf1_vs_tf2",
    ),
    _row(
        "losses.get_regularization_loss losses.get_regularization_losses",
        "tf.add_n(model.losses)",
        "The default train_step of Keras adds model.losses to the loss; a train_step of your own"
        " has to.",
        "tf1_vs_tf2",
    ),
    _row("losses.hinge_loss", "tf.keras.losses.Hinge", _WEIGHTED),
    _row("losses.huber_loss", "tf.keras.losses.Huber", _WEIGHTED),
    _row(
        "losses.log_loss",
        "tf.keras.losses.BinaryCrossentropy",
        f"Both take probabilities. Keras clips them instead of adding epsilon. {_WEIGHTED}",
    ),
    _row(
        "losses.mean_pairwise_squared_error",
        "",
        "Write the loss as a function of labels and predictions.",
    ),
    _row("losses.mean_squared_error", "tf.keras.losses.MeanSquaredError", _WEIGHTED),
    _row(
        "losses.Reduction",
        "the argument reduction of Keras losses",
        'Keras has "sum", "sum_over_batch_size" and "none"; there is no counterpart of'
        " SUM_BY_NONZERO_WEIGHTS, the default of v1, nor of MEAN.",
    ),
    _row(
        "losses.sigmoid_cross_entropy",
        "tf.keras.losses.BinaryCrossentropy(from_logits=True)",
        _WEIGHTED,
    ),
    _row(
        "losses.softmax_cross_entropy",
        "tf.keras.losses.CategoricalCrossentropy(from_logits=True)",
        _WEIGHTED,
    ),
    _row(
        "losses.sparse_softmax_cross_entropy",
        "tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        _WEIGHTED,
    ),
    _row(
        "nn.softmax_cross_entropy_with_logits_v2",
        "tf.nn.softmax_cross_entropy_with_logits",
        "",
        "upgrade",
    ),
)
