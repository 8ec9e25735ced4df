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
_FILES = frozenset("gfile.Glob gfile.ListDirectory gfile.glob gfile.listdir".split())


@functools.lru_cache(maxsize=4096)
def may_find_nothing(path: str) -> bool:
    """Whether what ``path`` returns may well have no items, whatever it is given."""
    if not is_tensorflow(path):
        return path in _OF_PYTHON
    name = (short_name(path) or "").removeprefix("io.")
    return path.rpartition(".")[2] in _COLLECTIONS or name in _FILES
