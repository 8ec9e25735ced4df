"""Layers and variables: functions that create variables by name, and objects that own them.

Sources: the guide, ``keras/src/legacy_tf_layers`` (2.15), and ``tensorflow/contrib/layers``
(1.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_NAMES: Final = (
    "Create it once, in the constructor of the model, and use it in call. To read old checkpoints,"
    " map the names of its variables."
)


def _row(names: str, instead: str, by_hand: str = _NAMES) -> Replacement:
    return Replacement(names, Topic.LAYER, instead, by_hand, "model_mapping")


LAYERS: Final = (
    _row(
        "layers.batch_normalization layers.BatchNormalization",
        "tf.keras.layers.BatchNormalization",
        "It updates its moving averages when it is called with training=True; nothing has to run"
        f" UPDATE_OPS. {_NAMES}",
    ),
    _row(
        "contrib.layers.batch_norm contrib.slim.batch_norm contrib.slim.layers.batch_norm",
        "tf.keras.layers.BatchNormalization",
        "decay is called momentum; it is 0.999 by default in v1 and 0.99 in Keras. The v1 layer has"
        " no scale by default. Nothing has to run UPDATE_OPS."
        f" {_NAMES}",
    ),
    _row("layers.dense layers.Dense", "tf.keras.layers.Dense"),
    _row(
        "contrib.layers.fully_connected contrib.slim.fully_connected"
        " contrib.slim.layers.fully_connected contrib.layers.linear",
        "tf.keras.layers.Dense",
        "fully_connected applies relu by default. A normalizer_fn becomes a layer of its own, and"
        f" takes the place of the bias. {_NAMES}",
    ),
    _row(
        "layers.dropout layers.Dropout",
        "tf.keras.layers.Dropout",
        "training becomes the argument training of call.",
    ),
    _row(
        "contrib.layers.dropout contrib.slim.dropout contrib.slim.layers.dropout",
        "tf.keras.layers.Dropout",
        "keep_prob becomes rate = 1 - keep_prob, is_training the argument training of call.",
    ),
    _row("layers.flatten layers.Flatten", "tf.keras.layers.Flatten", ""),
    _row("layers.conv1d layers.Conv1D", "tf.keras.layers.Conv1D"),
    _row("layers.conv2d layers.Conv2D", "tf.keras.layers.Conv2D"),
    _row("layers.conv3d layers.Conv3D", "tf.keras.layers.Conv3D"),
    _row("layers.conv2d_transpose layers.Conv2DTranspose", "tf.keras.layers.Conv2DTranspose"),
    _row("layers.conv3d_transpose layers.Conv3DTranspose", "tf.keras.layers.Conv3DTranspose"),
    _row("layers.separable_conv1d layers.SeparableConv1D", "tf.keras.layers.SeparableConv1D"),
    _row("layers.separable_conv2d layers.SeparableConv2D", "tf.keras.layers.SeparableConv2D"),
    _row(
        "contrib.layers.conv2d contrib.layers.convolution2d contrib.slim.conv2d"
        " contrib.slim.layers.conv2d",
        "tf.keras.layers.Conv2D",
        "The v1 function applies relu and SAME padding by default. A normalizer_fn becomes a layer"
        f" of its own, and takes the place of the bias. {_NAMES}",
    ),
    _row(
        "layers.average_pooling1d layers.AveragePooling1D", "tf.keras.layers.AveragePooling1D", ""
    ),
    _row(
        "layers.average_pooling2d layers.AveragePooling2D", "tf.keras.layers.AveragePooling2D", ""
    ),
    _row(
        "layers.average_pooling3d layers.AveragePooling3D", "tf.keras.layers.AveragePooling3D", ""
    ),
    _row("layers.max_pooling1d layers.MaxPooling1D", "tf.keras.layers.MaxPooling1D", ""),
    _row("layers.max_pooling2d layers.MaxPooling2D", "tf.keras.layers.MaxPooling2D", ""),
    _row("layers.max_pooling3d layers.MaxPooling3D", "tf.keras.layers.MaxPooling3D", ""),
    _row("layers.Layer", "tf.keras.layers.Layer", ""),
    _row("layers.InputSpec", "tf.keras.layers.InputSpec", ""),
    _row(
        "contrib.layers.layer_norm",
        "tf.keras.layers.LayerNormalization",
        "The v1 function normalizes over all dimensions but the first, with epsilon 1e-12; Keras"
        f" over the last one, with 1e-3. {_NAMES}",
    ),
    _row(
        "contrib.layers.l1_regularizer contrib.slim.l1_regularizer",
        "tf.keras.regularizers.L1",
        "",
    ),
    _row(
        "contrib.layers.l2_regularizer contrib.slim.l2_regularizer",
        "tf.keras.regularizers.L2",
        "Give it half the scale: the v1 function divides the sum of squares by two.",
    ),
    _row(
        "contrib.layers.xavier_initializer contrib.layers.xavier_initializer_conv2d",
        "tf.keras.initializers.GlorotUniform",
        "With uniform=False it is tf.keras.initializers.GlorotNormal.",
    ),
    _row(
        "contrib.layers.variance_scaling_initializer",
        "tf.keras.initializers.VarianceScaling",
        "The factor of the v1 function is 2.0 by default, the scale of Keras 1.0.",
    ),
    _row(
        "contrib.slim.arg_scope contrib.framework.arg_scope",
        "",
        "Write the arguments at each layer, or use functools.partial.",
    ),
    _row(
        "get_variable get_local_variable",
        "add_weight of a layer or model, or tf.Variable",
        "Create it once, in the constructor or in build. Keep the object where get_variable shared"
        " the variable by its name.",
    ),
    _row(
        "variable_scope get_variable_scope",
        "layers and models as attributes",
        "Objects take the place of scopes; to reuse variables, call the same layer again.",
    ),
    _row(
        "nn.dynamic_rnn nn.static_rnn nn.raw_rnn",
        "tf.keras.layers.RNN",
        "sequence_length becomes a mask.",
    ),
    _row(
        "nn.bidirectional_dynamic_rnn nn.static_bidirectional_rnn",
        "tf.keras.layers.Bidirectional",
        "sequence_length becomes a mask.",
    ),
    _row(
        "nn.rnn_cell.LSTMCell nn.rnn_cell.BasicLSTMCell contrib.rnn.LSTMCell"
        " contrib.rnn.BasicLSTMCell contrib.rnn.LSTMBlockCell",
        "tf.keras.layers.LSTMCell or tf.keras.layers.LSTM",
        "The gates are in another order, and forget_bias is part of the weights: convert the"
        " kernels of old checkpoints.",
    ),
    _row(
        "nn.rnn_cell.GRUCell contrib.rnn.GRUCell",
        "tf.keras.layers.GRUCell or tf.keras.layers.GRU",
        "Only with reset_after=False it computes the same.",
    ),
    _row(
        "nn.rnn_cell.BasicRNNCell contrib.rnn.BasicRNNCell",
        "tf.keras.layers.SimpleRNNCell or tf.keras.layers.SimpleRNN",
        "Inputs and state have a kernel each: split the kernel of old checkpoints.",
    ),
    _row(
        "nn.rnn_cell.RNNCell contrib.rnn.RNNCell",
        "a tf.keras.layers.Layer with state_size and call(inputs, states)",
        "tf.keras.layers.RNN runs it over the steps.",
    ),
    _row(
        "nn.rnn_cell.LSTMStateTuple contrib.rnn.LSTMStateTuple",
        "the list of states",
        "Keras has h before c.",
    ),
    _row(
        "nn.rnn_cell.DropoutWrapper contrib.rnn.DropoutWrapper",
        "the arguments dropout and recurrent_dropout of the Keras layer or cell",
        "A rate is 1 minus the keep probability. Keras keeps one mask for all steps, as"
        " variational_recurrent does. Dropout of outputs is a tf.keras.layers.Dropout behind it.",
    ),
    _row(
        "nn.rnn_cell.MultiRNNCell contrib.rnn.MultiRNNCell", "tf.keras.layers.StackedRNNCells", ""
    ),
)
