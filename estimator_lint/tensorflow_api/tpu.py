"""Which modes a TPUEstimator runs on a TPU, and its requirements on a spec there.

Sources: ``_InternalTPUContext._is_running_on_cpu`` and ``_validate_tpu_configuration`` in
``tensorflow_estimator/python/estimator/tpu/tpu_context.py``; ``_ModelFnWrapper`` (the
``convert_to_single_tpu_..._step`` of each mode and what they call) in ``tpu_estimator.py``
(TensorFlow 2.15.1 and 1.15.0). A mode that runs on the CPU accepts either class of specs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class OnTpu:
    """A mode on a TPU.

    Attributes:
        switches: arguments of the TPUEstimator, True by default, without which the mode
            runs on the CPU.
        batch_size: the argument that it needs to run on a TPU.
        asks_for_tpu_spec: it accepts only TPU specs.
        refused: the fields that must be empty in any other spec.
        dicts: the fields that must be dicts in a TPU spec.
        exported: the fields of a spec that is made for ``export_saved_model``, which calls
            the function on the CPU with the same key.
    """

    switches: tuple[str, ...]
    batch_size: str
    asks_for_tpu_spec: bool = True
    refused: tuple[str, ...] = ()
    dicts: tuple[str, ...] = ()
    exported: tuple[str, ...] = ()


ON_TPU: Mapping[Mode, OnTpu] = {
    Mode.TRAIN: OnTpu(
        switches=("use_tpu",),
        batch_size="train_batch_size",
        asks_for_tpu_spec=False,
        refused=("training_chief_hooks",),
    ),
    Mode.EVAL: OnTpu(
        switches=("use_tpu", "eval_on_tpu"),
        batch_size="eval_batch_size",
    ),
    Mode.PREDICT: OnTpu(
        switches=("use_tpu",),
        batch_size="predict_batch_size",
        dicts=("predictions",),
        exported=("export_outputs",),
    ),
}

#: The keys that an Estimator adds to the ``params`` that it passes (``tpu_estimator.py``).
PARAMS_OF_ITS_OWN: Mapping[str, frozenset[str]] = {
    "TPUEstimator": frozenset({"batch_size", "context", "use_tpu"})
}
