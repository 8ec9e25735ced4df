"""Functions that TensorFlow calls: with how many arguments, and in which modes.

Sources: ``tensorflow/python/training/monitored_session.py`` (``Scaffold.__init__``),
``basic_session_run_hooks.py`` beside it, ``tensorflow/python/ops/cond.py``, ``map_fn.py``,
``functional_ops.py``, ``while_loop.py`` and ``script_ops.py``,
``tensorflow_estimator/python/estimator/head/base_head.py`` (2.15.1; the arguments are the same in
1.15.0).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name


@dataclass(frozen=True)
class Callback:
    """A function that is passed to a call.

    Attributes:
        position, name: the argument.
        given: the number of positional arguments it is called with, if that is always the same.
        given_items_of: the argument, by position and name, whose items are its arguments.
        modes: the modes in which it is called.
        in_spec: the spec field through which it is called, if that is the only way.
    """

    position: int
    name: str
    given: int | None
    modes: frozenset[Mode] = frozenset(Mode)
    in_spec: str | None = None
    given_items_of: tuple[int, str] | None = None


_IN_TRAINING = frozenset({Mode.TRAIN})

_OF_FUNCTIONS = {
    # In other modes, a checkpoint is restored and nothing is initialized.
    "train.Scaffold": (Callback(2, "init_fn", 2, _IN_TRAINING, "scaffold"),),
    "cond": (Callback(1, "true_fn", 0), Callback(2, "false_fn", 0)),
    "map_fn": (Callback(0, "fn", 1),),
    "scan": (Callback(0, "fn", 2),),
    "foldl": (Callback(0, "fn", 2),),
    "foldr": (Callback(0, "fn", 2),),
    "while_loop": (
        Callback(0, "cond", None, given_items_of=(2, "loop_vars")),
        Callback(1, "body", None, given_items_of=(2, "loop_vars")),
    ),
    **dict.fromkeys(
        ("py_func", "py_function", "numpy_function"),
        (Callback(0, "func", None, given_items_of=(1, "inp")),),
    ),
}
#: The argument of ``map_fn`` and the like whose parts they pass on.
SLICED = (1, "elems")
#: Functions that build a part of the graph with their callbacks.
_BUILDING = frozenset({"cond", "map_fn", "scan", "foldl", "foldr", "while_loop"})
#: The field of a ``TPUEstimatorSpec`` for a function that is called without arguments.
SCAFFOLD_FN = "scaffold_fn"
_OF_HEADS = (Callback(6, "train_op_fn", 1, _IN_TRAINING),)
#: The last names of paths that take callbacks.
TAKING_CALLBACKS = frozenset(path.rpartition(".")[2] for path in _OF_FUNCTIONS)


@functools.lru_cache(maxsize=4096)
def callbacks(path: str) -> tuple[Callback, ...]:
    """The callbacks that a call of ``path`` may take."""
    if is_tensorflow(path) and path.endswith("Head().create_estimator_spec"):
        return _OF_HEADS
    return _OF_FUNCTIONS.get(short_name(path) or "", ())


@functools.lru_cache(maxsize=4096)
def calls_at_once(path: str) -> tuple[Callback, ...]:
    """The callbacks of ``path``, if it calls each of them once, and builds the graph with them.

    What is in the graph then need not run: that depends on values, or on the number of rounds.
    """
    name = short_name(path) or ""
    return _OF_FUNCTIONS[name] if name in _BUILDING else ()


@functools.lru_cache(maxsize=4096)
def chooses(path: str) -> bool:
    """Whether the result of ``path`` is that of one of its callbacks, as a tensor."""
    return short_name(path) == "cond"


@functools.lru_cache(maxsize=4096)
def converts_callbacks(path: str) -> bool:
    """Whether AutoGraph converts the callbacks of ``path``: it does for ``map_fn`` in 2.15.1."""
    return short_name(path) == "map_fn"


@functools.lru_cache(maxsize=4096)
def calls_when_built(path: str) -> bool:
    """Whether the callbacks of ``path`` are called only when the graph is complete."""
    return short_name(path) == "train.Scaffold"


@functools.lru_cache(maxsize=4096)
def takes_session(path: str) -> bool:
    """Whether ``path`` returns a function of the session only, as those of slim do.

    ``tensorflow/contrib/framework/python/ops/variables.py`` of TensorFlow 1.15.0.
    """
    is_known = is_tensorflow(path) or path.startswith("tf_slim.")
    return is_known and path.rpartition(".")[2] == "assign_from_checkpoint_fn"
