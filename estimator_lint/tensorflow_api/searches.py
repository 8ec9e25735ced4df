"""Functions that return what they find, or what they leave: there may be none.

Names of TensorFlow are those of ``short_name``. Sources: the documentation of Python's library
and of NumPy;
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
    numpy.argwhere numpy.compress numpy.extract numpy.flatnonzero numpy.intersect1d
    numpy.setdiff1d numpy.setxor1d numpy.trim_zeros
    re.findall re.finditer re.compile().findall re.compile().finditer
    six.moves.filter
    """.split()
)
#: Functions that return the positions of what they find, as a tuple with an array for each axis.
_OF_POSITIONS = frozenset({"numpy.nonzero", "numpy.where"})
#: What the names of functions begin with that answer a question about each item of an array.
_ASKING_EACH = ("numpy.equal", "numpy.greater", "numpy.is", "numpy.less", "numpy.logical_")
#: Functions that return items taken together: how many they take, and the argument that says
#: how many more.
_TAKING_TOGETHER: dict[str, tuple[int, int, str | None]] = {
    "itertools.combinations": (1, 1, "r"),
    "itertools.pairwise": (2, 0, None),
    "itertools.permutations": (1, 1, "r"),
    "numpy.diff": (2, 1, "n"),
}
_ROUNDING_DOWN = frozenset(
    """
    builtins.abs builtins.round
    math.floor math.log math.log10 math.log1p math.log2 math.trunc
    numpy.abs numpy.absolute numpy.floor numpy.log numpy.log10 numpy.log1p numpy.log2 numpy.rint
    numpy.round numpy.trunc
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


def finds_positions(path: str) -> bool:
    """Whether ``path`` returns the positions of what it finds, in a tuple."""
    return path in _OF_POSITIONS or path.endswith("().nonzero")


def tells_apart(path: str) -> bool:
    """Whether ``path`` returns a truth value for each item of an array."""
    return path.startswith(_ASKING_EACH)


def items_taken_together(path: str) -> tuple[int, int, str | None] | None:
    """How many items ``path`` takes at once, and the argument that says how many more."""
    return _TAKING_TOGETHER.get(path)


def may_round_to_zero(path: str) -> bool:
    """Whether ``path`` may return 0 for a number above 0."""
    return path in _ROUNDING_DOWN


def selects_by_argument(path: str) -> bool:
    """Whether what ``path`` returns may well have no items if it is given an argument."""
    return is_tensorflow(path) and path.rpartition(".")[2] in _VARIABLES
