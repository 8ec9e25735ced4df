"""Feature columns and the preprocessing layers of Keras, by the guide's table of equivalents."""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_LOOKUP: Final = "tf.keras.layers.StringLookup or tf.keras.layers.IntegerLookup"
_OUT_OF_VOCABULARY: Final = (
    "By default, the layer has one ID for what is not in the vocabulary, before the others; the"
    " column has num_oov_buckets or default_value."
)
_HASH: Final = "Without salt, it gives the same IDs."
_IDENTITY: Final = "Before an embedding nothing is needed: the IDs are there."
_MASK: Final = "Padded positions need a mask."


def _row(names: str, instead: str, by_hand: str = "") -> Replacement:
    page = "migrating_feature_columns"
    return Replacement(names, Topic.FEATURE_COLUMN, instead, by_hand, page)


FEATURE_COLUMNS: Final = (
    _row(
        "feature_column.bucketized_column",
        "tf.keras.layers.Discretization",
        'Used without an embedding, with output_mode="one_hot".',
    ),
    _row("feature_column.categorical_column_with_hash_bucket", "tf.keras.layers.Hashing", _HASH),
    _row(
        "feature_column.categorical_column_with_identity",
        "tf.keras.layers.CategoryEncoding",
        _IDENTITY,
    ),
    _row("feature_column.categorical_column_with_vocabulary_file", _LOOKUP, _OUT_OF_VOCABULARY),
    _row("feature_column.categorical_column_with_vocabulary_list", _LOOKUP, _OUT_OF_VOCABULARY),
    _row(
        "feature_column.crossed_column",
        "tf.keras.layers.HashedCrossing",
        "It takes one value of each feature, and gives the same IDs.",
    ),
    _row(
        "feature_column.embedding_column",
        "tf.keras.layers.Embedding",
        "There is no combiner: reduce the embeddings of several values yourself (the default is"
        " their mean).",
    ),
    _row(
        "feature_column.shared_embedding_columns feature_column.shared_embeddings",
        "one tf.keras.layers.Embedding, called for each feature",
        "There is no combiner: reduce the embeddings of several values yourself (the default is"
        " their mean).",
    ),
    _row(
        "feature_column.indicator_column",
        'output_mode="one_hot" or output_mode="multi_hot" of the layer before it',
        'What occurs several times counts several times in the column: output_mode="count".',
    ),
    _row(
        "feature_column.numeric_column",
        "tf.keras.Input, and tf.keras.layers.Normalization for a normalizer_fn",
    ),
    _row(
        "feature_column.sequence_categorical_column_with_hash_bucket",
        "tf.keras.layers.Hashing",
        f"{_HASH} {_MASK}",
    ),
    _row(
        "feature_column.sequence_categorical_column_with_identity",
        "tf.keras.layers.CategoryEncoding",
        f"{_IDENTITY} {_MASK}",
    ),
    _row(
        "feature_column.sequence_categorical_column_with_vocabulary_file"
        " feature_column.sequence_categorical_column_with_vocabulary_list",
        "tf.keras.layers.StringLookup, tf.keras.layers.IntegerLookup or"
        " tf.keras.layers.TextVectorization",
        f"{_OUT_OF_VOCABULARY} {_MASK}",
    ),
    _row("feature_column.sequence_numeric_column", "tf.keras.layers.Normalization", _MASK),
    _row(
        "feature_column.weighted_categorical_column",
        "tf.keras.layers.CategoryEncoding",
        'With output_mode="count", called with count_weights.',
    ),
    _row(
        "feature_column.input_layer keras.layers.DenseFeatures",
        "tf.keras.layers.Concatenate",
        "Columns are joined in the order of their names.",
    ),
    _row("feature_column.linear_model", "a Dense layer with one unit over all features"),
    _row(
        "feature_column.make_parse_example_spec",
        "the argument features of tf.io.parse_example",
        "Write the dict of tf.io.FixedLenFeature and tf.io.VarLenFeature out.",
    ),
)
