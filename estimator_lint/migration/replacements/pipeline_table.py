"""Checkpoints, warm start, export, input functions and distribution.

Sources: the guide, ``tensorflow_estimator/python/estimator/exporter.py``, ``export`` and
``inputs`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_SERVING: Final = "Its input_signature is what the requests have."
_TPU: Final = "tpu_estimator"


def _checkpoint(
    names: str, instead: str, by_hand: str = "", page: str = "migrating_checkpoints"
) -> Replacement:
    return Replacement(names, Topic.CHECKPOINT, instead, by_hand, page)


def _export(names: str, instead: str, by_hand: str = "") -> Replacement:
    return Replacement(names, Topic.EXPORT, instead, by_hand, "saved_model")


def _input(
    names: str, instead: str, by_hand: str = "", page: str = "migrating_estimator"
) -> Replacement:
    return Replacement(names, Topic.INPUT, instead, by_hand, page)


def _distribution(names: str, instead: str, by_hand: str = "", page: str = _TPU) -> Replacement:
    return Replacement(names, Topic.DISTRIBUTION, instead, by_hand, page)


CHECKPOINTS: Final = (
    _checkpoint(
        "train.Scaffold",
        "tf.train.Checkpoint, and code before Model.fit",
        "init_fn and init_op become code that runs before fit, saver becomes a tf.train.Checkpoint;"
        " summary_op is not needed, and tables are initialized where they are made.",
    ),
    _checkpoint(
        "train.Saver",
        "tf.train.Checkpoint and tf.train.CheckpointManager",
        "They find variables by the objects that hold them, not by the names in a graph: to read"
        " old checkpoints, keep the names of the variables or map them.",
    ),
    _checkpoint(
        "train.init_from_checkpoint",
        "tf.train.Checkpoint(...).restore, or tf.train.load_checkpoint",
        "It does not work with eager execution. Assign the values to the variables of the model"
        " once they are built; assignment_map says which.",
    ),
    _checkpoint(
        "train.warm_start",
        "tf.train.load_checkpoint",
        "Assign the values to the variables of the model once they are built; vocabularies are"
        " matched by hand.",
    ),
    _checkpoint(
        "estimator.WarmStartSettings estimator.Estimator(warm_start_from)",
        "tf.train.Checkpoint(...).restore, or tf.train.load_checkpoint, before Model.fit",
        "Do it for new runs only: with a checkpoint in model_dir an Estimator goes on from that.",
    ),
    _checkpoint(
        "estimator.VocabInfo train.VocabInfo",
        "",
        "Copy the rows of the old embedding by hand, in the order of the new vocabulary.",
    ),
    _checkpoint("train.NewCheckpointReader", "tf.train.load_checkpoint"),
    _checkpoint(
        "train.MonitoredTrainingSession train.Supervisor",
        "Model.fit with tf.keras.callbacks.BackupAndRestore",
        page="fault_tolerance",
    ),
    _checkpoint(
        "train.MonitoredSession train.SingularMonitoredSession Session InteractiveSession",
        "calls of the model",
        "TensorFlow 2 has no sessions; what a session restored is restored before.",
        "tf1_vs_tf2",
    ),
)

EXPORTS: Final = (
    _export(
        "estimator.BestExporter",
        "tf.keras.callbacks.ModelCheckpoint(save_best_only=True)",
        "Export the best model after fit; compare_fn becomes monitor and mode.",
    ),
    _export(
        "estimator.FinalExporter",
        "export of the Keras model, or tf.saved_model.save, after Model.fit",
    ),
    _export(
        "estimator.LatestExporter estimator.Exporter",
        "a tf.keras.callbacks.Callback that exports the model",
        "Remove old exports yourself.",
    ),
    _export("estimator.export.PredictOutput", "a tf.function that returns a dict", _SERVING),
    _export(
        "estimator.export.ClassificationOutput estimator.export.RegressionOutput",
        "",
        "TensorFlow 2 has no classification and regression signatures. If the server needs them,"
        " tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater writes their names.",
    ),
    _export(
        "estimator.export.EvalOutput estimator.export.ExportOutput",
        "",
        "Write a tf.function for each signature.",
    ),
    _export(
        "estimator.export.ServingInputReceiver estimator.export.TensorServingInputReceiver"
        " estimator.export.build_raw_serving_input_receiver_fn",
        "the input_signature of a tf.function",
        _SERVING,
    ),
    _export(
        "estimator.export.build_parsing_serving_input_receiver_fn",
        "a tf.function that calls tf.io.parse_example",
        "It takes a vector of strings, and calls the model with what is parsed.",
    ),
    _export(
        "estimator.experimental.build_raw_supervised_input_receiver_fn"
        " contrib.estimator.build_raw_supervised_input_receiver_fn",
        "",
        "Graphs for training are not exported: save the whole Keras model.",
    ),
)

INPUT_FUNCTIONS: Final = (
    _input(
        "input_function",
        "the tf.data.Dataset that it returns, given to Model.fit, evaluate or predict",
        "Call the function yourself. A dataset that repeats without end needs steps_per_epoch.",
    ),
    _input(
        "estimator.inputs.numpy_input_fn estimator.inputs.pandas_input_fn"
        " contrib.learn.io.numpy_input_fn contrib.learn.io.pandas_input_fn",
        "tf.data.Dataset.from_tensor_slices",
        "shuffle, num_epochs and batch_size become calls of the dataset, or arguments of fit, which"
        " takes arrays as well.",
    ),
    _input(
        "data.make_one_shot_iterator data.make_initializable_iterator",
        "the dataset itself",
        "Return the tf.data.Dataset: Model.fit iterates over it.",
    ),
    _input(
        "train.batch train.batch_join train.maybe_batch train.maybe_batch_join"
        " train.maybe_shuffle_batch train.maybe_shuffle_batch_join train.shuffle_batch"
        " train.shuffle_batch_join train.input_producer train.range_input_producer"
        " train.slice_input_producer train.string_input_producer train.limit_epochs",
        "a tf.data.Dataset",
        "Queues are gone: read with tf.data.TFRecordDataset or the like, then shuffle and batch.",
    ),
    _input(
        "placeholder placeholder_with_default",
        "an argument of a tf.function, or tf.keras.Input",
        page="tf1_vs_tf2",
    ),
)

DISTRIBUTION: Final = (
    _distribution(
        "contrib.distribute.MirroredStrategy",
        "tf.distribute.MirroredStrategy",
        "Make the model under its scope.",
        "mirrored_strategy",
    ),
    _distribution(
        "contrib.distribute.ParameterServerStrategy",
        "tf.distribute.ParameterServerStrategy",
        "It needs a cluster resolver and a coordinator.",
        "multi_worker_cpu_gpu_training",
    ),
    _distribution(
        "contrib.cluster_resolver.TPUClusterResolver",
        "tf.distribute.cluster_resolver.TPUClusterResolver",
    ),
    _distribution(
        "tpu.cross_replica_sum contrib.tpu.cross_replica_sum",
        "all_reduce of tf.distribute.get_replica_context()",
    ),
    _distribution(
        "tpu.bfloat16_scope contrib.tpu.bfloat16_scope",
        "tf.keras.mixed_precision.set_global_policy",
        'The policy is "mixed_bfloat16".',
    ),
    _distribution(
        "tpu.outside_compilation contrib.tpu.outside_compilation",
        "",
        "Code for the host goes into callbacks; tf.config.set_soft_device_placement moves ops that"
        " a TPU does not have.",
    ),
    _distribution(
        "tpu.rewrite tpu.replicate tpu.shard tpu.batch_parallel contrib.tpu.rewrite"
        " contrib.tpu.replicate contrib.tpu.shard contrib.tpu.batch_parallel",
        "run of tf.distribute.TPUStrategy",
    ),
    _distribution(
        "tpu.experimental.embedding_column tpu.experimental.shared_embedding_columns"
        " estimator.tpu.experimental.EmbeddingConfigSpec",
        "tf.tpu.experimental.embedding.TPUEmbedding",
        "The guide shows the layer of TensorFlow Recommenders.",
        "tpu_embedding",
    ),
    _distribution(
        "train.replica_device_setter",
        "a strategy of tf.distribute",
        "Strategies place variables themselves.",
        "multi_worker_cpu_gpu_training",
    ),
)
