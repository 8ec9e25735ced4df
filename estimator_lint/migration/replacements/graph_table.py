"""What a graph of TensorFlow 1 contains besides the model: collections and summaries.

Sources: the guide, and ``tensorflow/python/summary/summary.py`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import SUMMARY_PAGE, Replacement, Topic

_COLLECTIONS: Final = "tf1_vs_tf2"
_STEP: Final = (
    "In TensorFlow 2 a summary needs a default writer and a step: no hook writes it in the"
    " background."
)


def _collection(names: str, instead: str, by_hand: str = "") -> Replacement:
    return Replacement(names, Topic.COLLECTION, instead, by_hand, _COLLECTIONS)


def _summary(names: str, instead: str, by_hand: str = _STEP) -> Replacement:
    return Replacement(names, Topic.SUMMARY, instead, by_hand, SUMMARY_PAGE)


#: Reading a known collection, by its key: ``get_collection(UPDATE_OPS)``.
COLLECTIONS: Final = (
    _collection(
        "trainable_variables get_collection(trainable_variables)", "model.trainable_variables"
    ),
    _collection(
        "global_variables all_variables local_variables model_variables get_collection(variables)"
        " get_collection(global_variables)"
        " get_collection(local_variables) get_collection(model_variables)",
        "model.variables",
        "The variables of metrics and of the optimizer belong to them.",
    ),
    _collection(
        "get_collection(update_ops)",
        "not needed",
        "Layers of Keras update their variables when they are called with training=True, and"
        " train_step runs in the order of the code.",
    ),
    _collection(
        "get_collection(regularization_losses)",
        "model.losses",
        "The default train_step of Keras adds them to the loss; a train_step of your own has to.",
    ),
    _collection(
        "get_collection(losses)",
        "model.losses",
        "It has only what layers added with add_loss and by their regularizers.",
    ),
    _collection(
        "get_collection(summaries)",
        "not needed",
        "Summaries are written where they are made.",
    ),
    _collection(
        "get_collection get_collection_ref add_to_collection add_to_collections",
        "an attribute of the model, or a return value",
        "TensorFlow 2 has no collections.",
    ),
    _collection(
        "global_variables_initializer local_variables_initializer tables_initializer"
        " variables_initializer initialize_all_variables",
        "not needed",
        "Variables and tables are initialized where they are made.",
    ),
)

SUMMARIES: Final = (
    _summary("summary.scalar contrib.summary.scalar", "tf.summary.scalar"),
    _summary("summary.histogram contrib.summary.histogram", "tf.summary.histogram"),
    _summary("summary.image contrib.summary.image", "tf.summary.image"),
    _summary("summary.audio contrib.summary.audio", "tf.summary.audio"),
    _summary("summary.text", "tf.summary.text"),
    _summary("summary.tensor_summary", "tf.summary.write"),
    _summary(
        "summary.merge summary.merge_all contrib.summary.all_summary_ops contrib.summary.flush",
        "not needed",
        "Summaries are written where they are made.",
    ),
    _summary(
        "summary.FileWriter summary.FileWriterCache contrib.summary.create_file_writer",
        "tf.summary.create_file_writer",
        "It is the default within a block: with writer.as_default(step).",
    ),
    _summary(
        "contrib.summary.always_record_summaries contrib.summary.never_record_summaries"
        " contrib.summary.record_summaries_every_n_global_steps",
        "tf.summary.record_if",
        "",
    ),
)

#: Effects that no line of a model function shows.
BACKGROUND: Final = (
    _collection(
        "unread_regularization_losses",
        "",
        "Regularizers put their losses into the collection REGULARIZATION_LOSSES, and this mode was"
        " not seen to add them to its loss. The default train_step and test_step of Keras add"
        " model.losses: leave the regularizers out to compute the same loss.",
    ),
    _collection(
        "unread_update_ops",
        "",
        "This step does not run UPDATE_OPS (see MFN502): the moving averages of batch normalization"
        " stay as they were initialized. Those of Keras change with training=True.",
    ),
    Replacement(
        "background_summaries",
        Topic.SUMMARY,
        "tf.keras.callbacks.TensorBoard, and tf.summary with a writer of your own",
        "An Estimator writes all summaries of the graph while it trains, every save_summary_steps"
        " steps, and its loss. When it evaluates it writes only the results (unless"
        " evaluation_hooks write more), and when it predicts nothing.",
        SUMMARY_PAGE,
    ),
)
