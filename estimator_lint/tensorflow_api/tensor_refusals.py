"""What Python can't do with a graph tensor, which has no value while the graph is built.

Determined by trying it on a ``tf.Tensor`` in a ``tf.Graph``, under TensorFlow 2.15.1 and 1.15.0;
operations that only one of the two rejects are not listed.
"""

from __future__ import annotations

from typing import Final

#: Functions that raise for a tensor at all of the positions, or at the first.
_AT_ALL_POSITIONS: Final = frozenset({"range", "zip"})
_BEHIND_THE_FIRST: Final = frozenset({"filter", "map"})
_AT_THE_FIRST: Final = frozenset(
    """
    all any bin bool chr complex dict divmod enumerate float frozenset hex int iter len list next
    oct reversed round set sorted sum tuple
    """.split()
)
#: Builtins that compare their arguments, or the items of a single one.
COMPARING_BUILTINS: Final = frozenset({"max", "min", "sorted"})

#: Functions of ``math`` that take arguments other than numbers.
_MATH_OF_OTHERS: Final = frozenset({"prod", "fsum", "dist", "hypot", "sumprod"})

#: Functions of NumPy that need the values of their first argument.
_NUMPY: Final = frozenset(
    """
    abs all any arange argmax array asarray concatenate dot exp expand_dims isnan log max mean min
    ones prod reshape round sqrt squeeze stack std sum tile transpose unique where zeros
    """.split()
)


#: Attributes of arrays (``numpy.ndarray``, NumPy 1.26) that no tensor has in a graph: none of
#: ``dir`` of a ``Tensor``, ``SparseTensor``, ``RaggedTensor``, ``Variable``, ``TensorArray``,
#: ``IndexedSlices`` or ``Operation``. ``numpy`` itself exists only on eager tensors.
ARRAY_ATTRIBUTES: Final = frozenset(
    """
    T all any argmax argmin argpartition argsort astype byteswap choose clip compress conj
    conjugate copy cumprod cumsum diagonal dot dump dumps fill flat flatten imag item itemset
    itemsize max mean min nbytes newbyteorder nonzero numpy partition prod ptp put ravel real repeat
    reshape resize round searchsorted setflags sort squeeze std strides sum swapaxes take tobytes
    tofile tolist tostring trace transpose var view
    """.split()
)
#: Those among them that tensors get by a function of ``tf.experimental.numpy``: the difference that
#: it makes to ``dir`` of a ``Tensor`` in a graph (TensorFlow 2.15.1).
_OF_NUMPY_BEHAVIOR: Final = frozenset(
    "T astype clip flatten max mean min ravel reshape tolist transpose".split()
)
#: The end of the names of that function: ``experimental_enable_numpy_behavior`` is the public one.
ENABLING_NUMPY_BEHAVIOR: Final = "enable_numpy_behavior"
#: Those among them that containers have, too.
_OF_CONTAINERS: Final = frozenset({"copy", "sort"})


def is_array_method(name: str) -> bool:
    """Whether only an array has a method of that name: no tensor, and no container of tensors."""
    return name in ARRAY_ATTRIBUTES and name not in _OF_CONTAINERS


def has_by_numpy_behavior(name: str) -> bool:
    """Whether a tensor has an attribute of arrays if the program has enabled NumPy's behavior."""
    return name in _OF_NUMPY_BEHAVIOR


def positions_refusing_tensor(builtin: str) -> slice | None:
    """The positions at which a builtin raises for a tensor; None if there are none."""
    if builtin in _AT_ALL_POSITIONS:
        return slice(None)
    if builtin in _BEHIND_THE_FIRST:
        return slice(1, None)
    # `max` and `min` compare several arguments, and iterate over a single one.
    return slice(1) if builtin in _AT_THE_FIRST or builtin in COMPARING_BUILTINS else None


def refuses_tensor(path: str) -> bool:
    """Whether a function of ``math`` or NumPy raises if its first argument is a tensor.

    >>> refuses_tensor("numpy.array"), refuses_tensor("numpy.shape")
    (True, False)
    """
    module, _, name = path.rpartition(".")
    if module == "math":
        return name not in _MATH_OF_OTHERS
    return module == "numpy" and name in _NUMPY


#: TensorFlow functions that return whether code runs eagerly: a model function never does.
_ASKING_WHETHER_EAGER: Final = frozenset(
    {"executing_eagerly", "executing_eagerly_outside_functions"}
)


def asks_whether_eager(path: str) -> bool:
    """Whether a TensorFlow function returns whether code runs eagerly."""
    return path.startswith("tensorflow.") and path.rpartition(".")[2] in _ASKING_WHETHER_EAGER


#: Functions that test whether something is a tensor.
_ASKING_WHETHER_TENSOR: Final = frozenset({"is_tensor", "is_tf_type"})


def asks_whether_tensor(path: str) -> bool:
    """Whether a TensorFlow function returns whether its argument is a tensor."""
    return path.startswith("tensorflow.") and path.rpartition(".")[2] in _ASKING_WHETHER_TENSOR


def is_class_of_tensors(path: str) -> bool:
    """Whether a dotted path names ``tf.Tensor``."""
    return path.startswith("tensorflow.") and path.rpartition(".")[2] == "Tensor"


#: The last names of functions and decorators that make AutoGraph convert a function.
CONVERTING_DECORATORS: Final = frozenset({"function", "to_graph", "tf_convert", "convert"})


def converts_to_graph(path: str) -> bool:
    """Whether a function or decorator makes AutoGraph convert its argument.

    Converted code may do more with tensors than Python can: ``if`` becomes ``tf.cond``.
    """
    parts = path.split(".")
    return parts[0] == "tensorflow" and (
        parts[-1] in CONVERTING_DECORATORS and (parts[-1] != "convert" or "autograph" in parts)
    )
