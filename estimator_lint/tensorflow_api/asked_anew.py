"""Functions that give another answer to the same question once other calls have been made.

They read the graph, files, a clock or a source of random numbers. Names of TensorFlow are those of
``short_name``.

Sources: ``tensorflow/python/framework/ops.py``, ``ops/variables.py``, ``training/training_util.py``
and ``lib/io/file_io.py`` of TensorFlow 2.15.1; the documentation of Python's library and of NumPy.
"""

from __future__ import annotations

import functools
import sys

from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name

#: Last names of functions, and of methods of a graph, that read what the graph has.
_READING_GRAPH = frozenset(
    "all_variables get_all_collection_keys get_collection get_collection_ref get_global_step"
    " get_losses get_model_variables get_operations get_regularization_loss"
    " get_regularization_losses get_total_loss get_trainable_variables get_update_ops"
    " get_variables global_variables local_variables merge_all merge_all_summaries"
    " model_variables moving_average_variables"
    " report_uninitialized_variables trainable_variables".split()
)
#: Namespaces of TensorFlow that read files.
_FILES = ("gfile.", "io.gfile.")
#: Functions that look for checkpoints.
_CHECKPOINTS = frozenset(
    f"train.{name}" for name in ("checkpoint_exists", "get_checkpoint_state", "latest_checkpoint")
)
#: Functions of other libraries, and methods of ``pathlib.Path``.
_OF_FILES = frozenset(
    "glob.glob glob.iglob os.path.exists os.path.getmtime os.path.getsize os.path.isdir"
    " os.path.isfile os.path.islink os.path.lexists pathlib.Path().exists pathlib.Path().glob"
    " pathlib.Path().is_dir pathlib.Path().is_file pathlib.Path().iterdir pathlib.Path().stat"
    " shutil.disk_usage".split()
)
#: Modules, and an object, all of whose functions do so.
_MODULES = ("os.environ.", "random.", "numpy.random.", "secrets.", "time.", "uuid.")
#: A module whose functions do so, but not those of the modules in it: ``os.path.join``.
_SYSTEM = "os."
#: What tells of the system and of Python.
_INSTALLATION = ("os.name", "platform.", "six.PY", "sys.platform", "sys.version")
_CLOCKS = frozenset({"now", "today", "utcnow"})
#: Functions of Python's library, and of NumPy, that change what they are given.
_CHANGING_ARGUMENTS = (
    "bisect.insort",
    "heapq.",
    "operator.delitem",
    "operator.i",
    "operator.setitem",
)


def reads_graph(path: str) -> bool:
    """Whether a function of TensorFlow, or a method of a graph, reads what the graph has."""
    return path.rpartition(".")[2] in _READING_GRAPH


@functools.lru_cache(maxsize=4096)
def is_of_installation(path: str) -> bool:
    """Whether a name, or a function, tells which versions or which system a program runs on."""
    return path.startswith(_INSTALLATION) or bool({"__version__", "VERSION"} & {*path.split(".")})


@functools.lru_cache(maxsize=4096)
def is_asked_anew(path: str) -> bool:
    """Whether two calls of ``path`` with the same arguments may return different things."""
    last = path.rpartition(".")[2]
    if is_tensorflow(path):
        name = short_name(path) or ""
        return reads_graph(path) or name in _CHECKPOINTS or name.startswith(_FILES)
    return (
        path in _OF_FILES
        or (path.startswith(_SYSTEM) and path.count(".") == 1)
        or path.startswith(_MODULES)
        or (path.startswith("datetime.") and last in _CLOCKS)
    )


@functools.lru_cache(maxsize=4096)
def changes_no_argument(path: str) -> bool:
    """Whether a function is known, by the library that it is of, to change nothing it is given."""
    if path.startswith(_CHANGING_ARGUMENTS) or path.endswith("random.shuffle"):
        return False
    return is_of_known_library(path)


@functools.lru_cache(maxsize=4096)
def changes_module(path: str) -> bool:
    """Whether a call for its effect may change what its module, or object, has: ``config.load``."""
    return not is_of_known_library(path) or ".FLAGS." in path


def is_of_known_library(path: str) -> bool:
    """Whether a function is of TensorFlow, NumPy, absl or Python's own library."""
    root = path.partition(".")[0]
    return is_tensorflow(path) or root in ("absl", "numpy") or root in sys.stdlib_module_names
