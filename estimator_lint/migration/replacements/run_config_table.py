"""Fields of ``RunConfig`` and ``TPUConfig``: constructor arguments, and readable attributes.

Sources: ``tensorflow_estimator/python/estimator/run_config.py`` and ``tpu/tpu_config.py`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_SAVING: Final = "checkpoint_saver"
_WORKERS: Final = "multi_worker_cpu_gpu_training"
_GPUS: Final = "mirrored_strategy"
_TPUS: Final = "tpu_estimator"
_BOARD: Final = "tensorboard"
_RESOLVER: Final = "tf.distribute.cluster_resolver.TFConfigClusterResolver"


def _row(names: str, instead: str, by_hand: str, page: str) -> Replacement:
    return Replacement(names, Topic.RUN_CONFIG, instead, by_hand, page)


#: The classes, below ``tf``.
CONFIGURATIONS: Final = (
    _row(
        "estimator.RunConfig estimator.tpu.RunConfig contrib.tpu.RunConfig contrib.learn.RunConfig",
        "no single object: each field goes where it is used",
        "",
        "migrating_estimator",
    ),
    _row(
        "estimator.tpu.TPUConfig contrib.tpu.TPUConfig",
        "no single object: each field goes where it is used",
        "",
        _TPUS,
    ),
    _row(
        "estimator.tpu.InputPipelineConfig contrib.tpu.InputPipelineConfig",
        "distribute_datasets_from_function of the strategy",
        "It calls a function once for each host.",
        _TPUS,
    ),
)

#: By the name of the field.
RUN_CONFIG_FIELDS: Final = (
    _row(
        "model_dir",
        "the folders given to callbacks",
        "tf.keras.callbacks.ModelCheckpoint, tf.keras.callbacks.TensorBoard and"
        " tf.keras.callbacks.BackupAndRestore each take one.",
        _SAVING,
    ),
    _row(
        "tf_random_seed",
        "tf.random.set_seed",
        "The random numbers are not those of an Estimator with the same seed.",
        "validate_correctness",
    ),
    _row(
        "save_summary_steps",
        "tf.keras.callbacks.TensorBoard(update_freq=...)",
        "For summaries of your own there is tf.summary.record_if.",
        _BOARD,
    ),
    _row(
        "save_checkpoints_steps",
        "tf.keras.callbacks.ModelCheckpoint(save_freq=...)",
        "Without the callback, Keras saves nothing.",
        _SAVING,
    ),
    _row(
        "save_checkpoints_secs",
        "",
        "tf.keras.callbacks.ModelCheckpoint counts batches or epochs; saving by seconds needs a"
        " callback of your own.",
        _SAVING,
    ),
    _row(
        "session_config",
        "functions of tf.config",
        "allow_soft_placement becomes tf.config.set_soft_device_placement, allow_growth"
        " tf.config.experimental.set_memory_growth; the numbers of threads are in"
        " tf.config.threading.",
        _GPUS,
    ),
    _row(
        "keep_checkpoint_max",
        "max_to_keep of tf.train.CheckpointManager",
        "tf.keras.callbacks.ModelCheckpoint removes no old files.",
        _SAVING,
    ),
    _row(
        "keep_checkpoint_every_n_hours",
        "keep_checkpoint_every_n_hours of tf.train.CheckpointManager",
        "",
        _SAVING,
    ),
    _row(
        "log_step_count_steps",
        "tf.keras.callbacks.TensorBoard(write_steps_per_second=True)",
        "",
        _BOARD,
    ),
    _row(
        "train_distribute",
        "the scope of the strategy",
        "Make the model, the optimizer and the metrics under strategy.scope().",
        _GPUS,
    ),
    _row(
        "eval_distribute",
        "the scope of the strategy",
        "Model.evaluate runs under the strategy that the model was made under.",
        _GPUS,
    ),
    _row(
        "experimental_distribute",
        "the scope of the strategy",
        "Make the model, the optimizer and the metrics under strategy.scope().",
        _WORKERS,
    ),
    _row(
        "device_fn",
        "tf.device, or a strategy of tf.distribute",
        "Strategies place variables themselves.",
        _WORKERS,
    ),
    _row("protocol", "rpc_layer of the cluster resolver", "", _WORKERS),
    _row(
        "experimental_max_worker_delay_secs",
        "",
        "Synchronous strategies start all workers together.",
        _WORKERS,
    ),
    _row("session_creation_timeout_secs", "", "There is no session to wait for.", _WORKERS),
    _row("checkpoint_save_graph_def", "", "Checkpoints of TensorFlow 2 hold no graph.", _SAVING),
    _row("cluster_spec", _RESOLVER, "It reads TF_CONFIG, as RunConfig does.", _WORKERS),
    _row("num_ps_replicas num_worker_replicas", _RESOLVER, "Ask its cluster_spec().", _WORKERS),
    _row("task_id task_type", _RESOLVER, "It has the same attributes.", _WORKERS),
    _row("global_id_in_cluster", "", "Count the tasks of the cluster resolver.", _WORKERS),
    _row("is_chief", _RESOLVER, "Compare its task_type and task_id.", _WORKERS),
    _row(
        "master evaluation_master",
        "a cluster resolver",
        f"{_RESOLVER} reads TF_CONFIG; for TPUs it is"
        " tf.distribute.cluster_resolver.TPUClusterResolver(tpu=...).",
        _WORKERS,
    ),
    _row("service", "", "Read your own settings of TF_CONFIG with json.", _WORKERS),
    _row(
        "cluster",
        "tf.distribute.cluster_resolver.TPUClusterResolver",
        "Give it to tf.distribute.TPUStrategy, after tf.config.experimental_connect_to_cluster and"
        " tf.tpu.experimental.initialize_tpu_system.",
        _TPUS,
    ),
    _row("tpu_config", "no single object: each field goes where it is used", "", _TPUS),
)

#: Of ``TPUConfig``, by the name of the field.
TPU_CONFIG_FIELDS: Final = (
    _row(
        "iterations_per_loop",
        "steps_per_execution of Model.compile",
        "Callbacks for batches then run once for so many steps.",
        _TPUS,
    ),
    _row("num_shards", "num_replicas_in_sync of the strategy", "The strategy knows it.", _TPUS),
    _row(
        "num_cores_per_replica input_partition_dims",
        "",
        "Model parallelism needs a device assignment for tf.distribute.TPUStrategy.",
        _TPUS,
    ),
    _row(
        "per_host_input_for_training eval_training_input_configuration",
        "distribute_datasets_from_function of the strategy",
        "Model.fit shards a tf.data.Dataset by itself.",
        _TPUS,
    ),
    _row("tpu_job_name initial_infeed_sleep_secs", "", "There is no infeed to set up.", _TPUS),
    _row(
        "experimental_host_call_every_n_steps",
        "tf.summary.record_if",
        "It was only about host_call.",
        _TPUS,
    ),
    _row(
        "experimental_allow_per_host_v2_parallel_get_next experimental_feed_hook",
        "",
        "There is no infeed to set up.",
        _TPUS,
    ),
)
