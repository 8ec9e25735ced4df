"""Heads and the estimators that come with TensorFlow.

Sources: ``tensorflow_estimator/python/estimator/head`` and ``canned`` (2.15), and the guide.
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_PAGE: Final = "canned_estimators"
_PREDICTIONS: Final = (
    "The keys of its predictions (logits, probabilities, class_ids ...), the names of its metrics"
    " and its signatures have to be written by hand where something reads them."
)
_KERAS_2: Final = "Keras 2 only (the package tf_keras)."
_DNN: Final = "Dense layers in a tf.keras.Sequential"
_COLUMNS: Final = "Its feature columns become preprocessing layers."


def _head(names: str, instead: str, by_hand: str = _PREDICTIONS) -> Replacement:
    return Replacement(names, Topic.HEAD, instead, by_hand, _PAGE)


def _canned(names: str, instead: str, by_hand: str) -> Replacement:
    return Replacement(names, Topic.CANNED, instead, by_hand, _PAGE)


HEADS: Final = (
    _head(
        "estimator.BinaryClassHead contrib.estimator.binary_classification_head",
        "a layer with one unit and tf.keras.losses.BinaryCrossentropy(from_logits=True)",
    ),
    _head(
        "estimator.LogisticRegressionHead contrib.estimator.logistic_regression_head",
        "a layer with one unit and tf.keras.losses.BinaryCrossentropy(from_logits=True)",
    ),
    _head(
        "estimator.MultiClassHead contrib.estimator.multi_class_head",
        "a layer with a unit for each class and"
        " tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        f"With label_vocabulary, a tf.keras.layers.StringLookup makes IDs of the labels."
        f" {_PREDICTIONS}",
    ),
    _head(
        "estimator.MultiHead contrib.estimator.multi_head",
        "a model with several outputs",
        "compile takes a dict of losses, one for each output, and loss_weights for head_weights.",
    ),
    _head(
        "estimator.MultiLabelHead contrib.estimator.multi_label_head",
        "a layer with a unit for each class and"
        " tf.keras.losses.BinaryCrossentropy(from_logits=True)",
    ),
    _head(
        "estimator.PoissonRegressionHead contrib.estimator.poisson_regression_head",
        "tf.keras.losses.Poisson on the exponential of the logits",
        "With compute_full_loss, the default, the head adds a term that depends on the labels"
        f" alone. {_PREDICTIONS}",
    ),
    _head(
        "estimator.RegressionHead contrib.estimator.regression_head",
        "a layer with label_dimension units and tf.keras.losses.MeanSquaredError",
    ),
    _head(
        "estimator.Head",
        "a tf.keras.Model of your own",
        "What its methods do goes into train_step, test_step and predict_step.",
    ),
    _head(
        "estimator.Head().create_estimator_spec",
        "train_step, test_step and predict_step of the model",
        f"The head adds regularization_losses to the loss, and runs update_ops. {_PREDICTIONS}",
    ),
)

CANNED_ESTIMATORS: Final = (
    _canned(
        "estimator.BaselineClassifier estimator.BaselineEstimator estimator.BaselineRegressor",
        "",
        "It ignores the features: write a model with one trainable bias.",
    ),
    _canned(
        "estimator.BoostedTreesClassifier estimator.BoostedTreesEstimator"
        " estimator.BoostedTreesRegressor",
        "tfdf.keras.GradientBoostedTreesModel",
        "It is in the package tensorflow_decision_forests.",
    ),
    _canned(
        "estimator.DNNClassifier estimator.DNNEstimator estimator.DNNRegressor", _DNN, _COLUMNS
    ),
    _canned(
        "estimator.DNNLinearCombinedClassifier estimator.DNNLinearCombinedEstimator"
        " estimator.DNNLinearCombinedRegressor",
        "tf.keras.experimental.WideDeepModel",
        f"{_KERAS_2} With Keras 3, add the outputs of a linear and a deep part. {_COLUMNS}",
    ),
    _canned(
        "estimator.LinearClassifier estimator.LinearEstimator estimator.LinearRegressor",
        "tf.keras.experimental.LinearModel",
        f"{_KERAS_2} With Keras 3, a Dense layer over all features. {_COLUMNS}",
    ),
    _canned(
        "estimator.experimental.LinearSDCA",
        "",
        "Keras has no dual coordinate ascent; choose another optimizer.",
    ),
    _canned(
        "estimator.experimental.KMeans contrib.factorization.KMeansClustering",
        "",
        "Cluster outside of TensorFlow, or write the two steps as a model.",
    ),
    _canned(
        "estimator.experimental.RNNClassifier estimator.experimental.RNNEstimator"
        " contrib.estimator.RNNClassifier contrib.estimator.RNNEstimator",
        "tf.keras.layers.RNN, tf.keras.layers.LSTM or tf.keras.layers.GRU, and a Dense layer",
        _COLUMNS,
    ),
    _canned(
        "estimator.experimental.dnn_logit_fn_builder contrib.estimator.dnn_logit_fn_builder",
        _DNN,
        _COLUMNS,
    ),
    _canned(
        "estimator.experimental.linear_logit_fn_builder contrib.estimator.linear_logit_fn_builder",
        "tf.keras.experimental.LinearModel",
        f"{_KERAS_2} With Keras 3, a Dense layer over all features.",
    ),
    _canned("estimator.experimental.call_logit_fn", "a call of the model", ""),
    _canned(
        "estimator.classifier_parse_example_spec estimator.regressor_parse_example_spec",
        "the argument features of tf.io.parse_example",
        "Write the dict of tf.io.FixedLenFeature and tf.io.VarLenFeature out.",
    ),
)
