"""The results of TensorFlow functions, as far as the required fields depend on them.

The tables answer two questions about a call: can its result be None, and is its result a tensor or
an op (so that returning it from a model function is a mistake)? The result of a function that is
not listed is unknown. Names are those of ``short_name`` (below ``tensorflow`` or ``compat.v1``).
"""

from __future__ import annotations

import functools
import re
from typing import Final

from estimator_lint.tensorflow_api.slim import makes_tensor
from estimator_lint.tensorflow_api.symbols import short_name

#: Namespaces whose functions return tensors or ops.
_TENSOR_NAMESPACES = frozenset(
    {"nn", "math", "linalg", "losses", "layers", "image", "signal", "sparse", "strings"}
)

#: Functions that return a tensor or an op.
_TENSOR_FUNCTIONS = frozenset(
    """
    Print abs accumulate_n acos acosh add add_n angle argmax argmin argsort as_string asin asinh
    assign assign_add assign_sub atan atan2 atanh batch_gather batch_to_space batch_to_space_nd
    betainc bincount bitcast boolean_mask broadcast_to cast ceil check_numerics cholesky
    cholesky_solve clip_by_average_norm clip_by_norm clip_by_value complex concat
    confusion_matrix conj constant convert_to_tensor cos cosh count_nonzero cross cumprod cumsum
    depth_to_space diag diag_part digamma div divide dynamic_stitch einsum ensure_shape equal
    erf exp expand_dims expm1 extract_image_patches eye feature_column.input_layer
    feature_column.linear_model fft fill floor floordiv floormod gather gather_nd global_norm
    greater greater_equal group guarantee_const histogram_fixed_width identity ifft igamma
    igammac imag invert_permutation is_finite is_inf is_nan lbeta less less_equal lgamma
    linspace log log1p log_sigmoid logical_and logical_not logical_or logical_xor
    losses.get_regularization_loss losses.get_total_loss matmul matrix_band_part
    matrix_determinant matrix_diag matrix_diag_part matrix_inverse matrix_set_diag matrix_solve
    matrix_transpose maximum minimum mod multinomial multiply negative no_op norm not_equal
    one_hot ones ones_like pad parallel_stack polygamma pow random.categorical random.normal
    random.shuffle random.truncated_normal random.uniform random_gamma random_normal
    random_poisson random_shuffle random_uniform range rank real realdiv reciprocal reduce_all
    reduce_any reduce_join reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod
    reduce_sum regex_replace repeat reshape reverse reverse_sequence rint roll round rsqrt
    saturate_cast scalar_mul scatter_nd searchsorted segment_max segment_mean segment_min
    segment_sum sequence_mask shape sigmoid sign sin sinh size slice softmax sort space_to_batch
    space_to_batch_nd space_to_depth sparse_tensor_to_dense sparse_to_dense sqrt square
    squared_difference squeeze stack stop_gradient strided_slice string_join string_strip
    string_to_number substr subtract tan tanh tensor_scatter_add tensor_scatter_nd_add
    tensor_scatter_nd_max tensor_scatter_nd_min tensor_scatter_nd_sub tensor_scatter_nd_update
    tensor_scatter_sub tensor_scatter_update tensordot tile to_bfloat16 to_complex64 to_double
    to_float to_int32 to_int64 trace transpose truediv truncated_normal truncatediv
    unravel_index unsorted_segment_max unsorted_segment_mean unsorted_segment_min
    unsorted_segment_sum verify_tensor_all_finite where zeros zeros_like zeta
    """.split()
)

#: Functions whose result is not None, but may be something else than a tensor (a tuple, an object,
#: a variable).
_NOT_NONE_NAMESPACES = frozenset({"metrics", "estimator", "feature_column", "initializers"})
#: Modules of Keras in which all functions return something; not so ``losses.get``.
_NOT_NONE_MODULES_OF_KERAS: Final = frozenset({"keras.activations", "keras.layers"})
_NOT_NONE_FUNCTIONS = frozenset(
    """
    Graph Session Variable as_dtype control_dependencies get_variable global_variables placeholder
    name_scope split trainable_variables train.get_or_create_global_step
    train.create_global_step train.SessionRunHook train.LoggingTensorHook train.StepCounterHook
    train.Scaffold train.Saver train.exponential_decay train.polynomial_decay unstack
    keras.regularizers.L1 keras.regularizers.L1L2 keras.regularizers.L2 keras.regularizers.l1
    keras.regularizers.l1_l2 keras.regularizers.l2
    variable_scope gradients contrib.layers.optimize_loss contrib.slim.optimize_loss
    contrib.slim.learning.create_train_op contrib.slim.training.create_train_op
    contrib.training.create_train_op python.ops.control_flow_ops.with_dependencies
    contrib.crf.crf_decode contrib.crf.crf_log_likelihood contrib.seq2seq.sequence_loss foldl foldr
    map_fn numpy_function py_func py_function scan while_loop
    """.split()
)

#: Methods of a variable, and functions of variables, that return what changes one: a tensor, an op
#: or the variable.
CHANGING_METHODS = frozenset({"assign", "assign_add", "assign_sub"})

#: The module in which TensorFlow defines a function: ``python.ops.math_ops.add_n``.
_OF_OPS_MODULE: Final = re.compile(r"^python\.ops\.(?!sparse_)\w+_ops\.")

_OPTIMIZER_METHODS_WITH_OPS = frozenset({"minimize", "apply_gradients"})
_OTHER_OPTIMIZERS = (
    "optimizers.",
    "contrib.constrained_optimization.",
    "contrib.linear_optimizer.",
)

#: The attribute of a tensor or variable with the op that computes it (``Tensor.op`` and
#: ``ResourceVariable.op``, 2.15.1).
OP = "op"


@functools.lru_cache(maxsize=4096)
def returns_tensor(path: str) -> bool:
    """Whether calling what ``path`` names returns a tensor or an op."""
    name = short_name(path)
    if name is None:
        return False
    if _OF_OPS_MODULE.sub("", name) in _TENSOR_FUNCTIONS:
        return True
    head, _, tail = name.partition(".")
    # Classes (layers.Dense, losses.Reduction) are not tensors.
    return head in _TENSOR_NAMESPACES and tail[:1].islower() and "get_" not in tail


@functools.lru_cache(maxsize=4096)
def returns_not_none(path: str) -> bool:
    """Whether calling what ``path`` names certainly returns something other than None."""
    name = short_name(path)
    if name is None:
        return False
    return (
        returns_tensor(path)
        or name in _NOT_NONE_FUNCTIONS
        or is_v1_optimizer(path)
        or _makes_layer_or_loss(path)
        or name.partition(".")[0] in _NOT_NONE_NAMESPACES
        and name.rpartition(".")[2] != "train_and_evaluate"
    )


def _makes_layer_or_loss(path: str) -> bool:
    """Whether a function makes a layer of Keras, or a layer or a loss of ``tf.contrib``."""
    if makes_tensor(path):
        return True
    folder, _, last = (short_name(path) or "").rpartition(".")
    if folder in _NOT_NONE_MODULES_OF_KERAS:
        return last[:1].islower()
    return folder in ("contrib.losses", "contrib.slim.losses") and not last.startswith("add_")


@functools.lru_cache(maxsize=4096)
def is_v1_optimizer(path: str) -> bool:
    """Whether ``path`` names an optimizer class of ``tf.compat.v1.train``."""
    name = short_name(path)
    return name is not None and name.startswith("train.") and name.endswith("Optimizer")


@functools.lru_cache(maxsize=4096)
def is_graph_optimizer(path: str) -> bool:
    """Whether ``path`` names a class that derives from ``tf.compat.v1.train.Optimizer``.

    All classes of TensorFlow 1.15.0 and 2.15.1 with such a name do, except for those of Keras and
    of the modules ``_OTHER_OPTIMIZERS``.
    """
    name = short_name(path)
    return (
        name is not None
        and name.rpartition(".")[2][:1].isupper()
        and name.endswith("Optimizer")
        and "keras" not in name
        and not name.startswith(_OTHER_OPTIMIZERS)
    )


def method_returns_op(class_path: str, method: str) -> bool:
    """Whether ``method`` of an instance of ``class_path`` returns an op.

    ``tf.compat.v1.train.Optimizer.minimize`` and ``apply_gradients`` do
    (``tensorflow/python/training/optimizer.py``, 2.15.1); the Keras optimizers'
    ``minimize`` may return None.
    """
    return is_graph_optimizer(class_path) and method in _OPTIMIZER_METHODS_WITH_OPS
