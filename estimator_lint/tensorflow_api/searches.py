"""Functions that return what they find, or what they leave: there may be none.

Names of TensorFlow are those of ``short_name``. Sources: the documentation of Python's library;
``tensorflow/python/framework/ops.py``, ``ops/losses/util.py`` and ``lib/io/file_io.py`` of
TensorFlow 2.15.1.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name

_OF_PYTHON = frozenset(
    """
    builtins.filter
    fnmatch.filter
    glob.glob glob.iglob os.listdir os.scandir pathlib.Path().glob pathlib.Path().iterdir
    itertools.compress itertools.dropwhile itertools.filterfalse itertools.islice
    itertools.takewhile
    re.findall re.finditer re.compile().findall re.compile().finditer
    six.moves.filter
    """.split()
)
#: Last names of functions, and of methods of a graph, that read a collection.
_COLLECTIONS = frozenset(
    "get_collection get_collection_ref get_losses get_regularization_losses get_update_ops".split()
)
#: Functions that return the variables, or those in a scope or under a name.
_VARIABLES = frozenset(
    """
    all_variables get_local_variables get_model_variables get_trainable_variables get_variables
    get_variables_to_restore global_variables local_variables model_variables
    moving_average_variables trainable_variables
    """.split()
)
_VARIABLES_BY_NAME = frozenset({"get_variables_by_name", "get_variables_by_suffix"})
_FILES = frozenset("gfile.Glob gfile.ListDirectory gfile.glob gfile.listdir".split())


@functools.lru_cache(maxsize=4096)
def may_find_nothing(path: str) -> bool:
    """Whether what ``path`` returns may well have no items, whatever it is given."""
    if not is_tensorflow(path):
        return path in _OF_PYTHON
    name = (short_name(path) or "").removeprefix("io.")
    last = path.rpartition(".")[2]
    return last in _COLLECTIONS or last in _VARIABLES_BY_NAME or name in _FILES


def selects_by_argument(path: str) -> bool:
    """Whether what ``path`` returns may well have no items if it is given an argument."""
    return is_tensorflow(path) and path.rpartition(".")[2] in _VARIABLES
