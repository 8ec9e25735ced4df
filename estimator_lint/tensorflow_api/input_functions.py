"""Sources of an Estimator's input: its methods, and functions that make input functions.

Sources: ``tensorflow_estimator/python/estimator/estimator.py``, ``inputs/numpy_io.py``,
``export/export.py`` and ``training.py``, ``tensorflow/python/data/ops/dataset_ops.py`` (2.15.1 and
1.15.0).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow


@dataclass(frozen=True)
class Given:
    """The argument for an input function: its position and its name."""

    position: int
    name: str
    mode: Mode


#: The methods of Estimators that take an input function, or one for serving.
METHODS: Final = {
    "train": Given(0, "input_fn", Mode.TRAIN),
    "evaluate": Given(0, "input_fn", Mode.EVAL),
    "predict": Given(0, "input_fn", Mode.PREDICT),
    "export_saved_model": Given(1, "serving_input_receiver_fn", Mode.PREDICT),
    "export_savedmodel": Given(1, "serving_input_receiver_fn", Mode.PREDICT),
}

#: The methods of an Estimator that call its model function, with the mode in which they do.
METHODS_THAT_RUN: Final = {
    **{name: given.mode for name, given in METHODS.items()},
    "fit": Mode.TRAIN,
    "experimental_export_all_saved_models": Mode.PREDICT,
}

#: Those that export the model, with an input function for serving.
METHODS_THAT_EXPORT: Final = frozenset(name for name in METHODS if name.startswith("export"))

#: The argument of ``export_saved_model`` that has it export another mode than PREDICT.
EXPORTED_MODE: Final = (5, "experimental_mode")

#: What ``train_and_evaluate`` takes besides an Estimator: for each of its arguments the same.
SPECS: Final = {
    "train_spec": Given(1, "input_fn", Mode.TRAIN),
    "eval_spec": Given(2, "input_fn", Mode.EVAL),
}
#: The classes of these; the first argument of each is the input function.
SPEC_CLASSES: Final = frozenset({"TrainSpec", "EvalSpec"})


@dataclass(frozen=True)
class Maker:
    """A function that makes an input function from dicts: its arguments for features and labels."""

    features: tuple[int, str]
    labels: tuple[int, str] | None = None


_MAKERS: Final = {
    "numpy_input_fn": Maker((0, "x"), (1, "y")),
    "build_parsing_serving_input_receiver_fn": Maker((0, "feature_spec")),
    "build_raw_serving_input_receiver_fn": Maker((0, "features")),
}


@functools.lru_cache(maxsize=4096)
def maker_of_input(path: str) -> Maker | None:
    """How ``path`` makes an input function; None if it does not."""
    return _MAKERS.get(path.rpartition(".")[2]) if is_tensorflow(path) else None


#: Methods of datasets that keep the form of the elements.
SAME_ELEMENTS: Final = frozenset(
    """
    batch cache filter padded_batch prefetch repeat shard shuffle skip take with_options
    make_initializable_iterator make_one_shot_iterator
    """.split()
)
#: Methods that apply a function to the elements; for some, the function returns datasets.
MAPPED: Final = frozenset({"map"})
MAPPED_TO_DATASETS: Final = frozenset({"flat_map", "interleave"})
#: Methods and functions that take an element from an iterator.
NEXT_ELEMENT: Final = frozenset({"get_next"})
#: Functions of ``tf.data`` that make an iterator from a dataset.
ITERATORS: Final = frozenset({"make_initializable_iterator", "make_one_shot_iterator"})
#: Functions that parse an example into a dict: the argument with the keys.
PARSING: Final = dict.fromkeys(("parse_example", "parse_single_example"), (1, "features"))
#: The class of serving input receivers: its argument with the features.
RECEIVER: Final = "ServingInputReceiver"


@functools.lru_cache(maxsize=4096)
def makes_dataset(path: str) -> bool:
    """Whether a path is a class of datasets, or a function in one that makes datasets."""
    return is_tensorflow(path) and any(part.endswith("Dataset") for part in path.split("."))
