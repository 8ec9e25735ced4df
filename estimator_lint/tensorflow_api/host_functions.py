"""``eval_metrics`` and ``host_call`` of a TPUEstimatorSpec: a function, and tensors for it.

Source: ``_OutfeedHostCall.validate`` and ``create_cpu_hostcall`` in
``tensorflow_estimator/python/estimator/tpu/tpu_estimator.py`` (TensorFlow 2.15.1 and 1.15.0). The
constructor of the spec checks that there are two, that the first is callable, that the second is a
list, tuple or dict, and that a list has as many items as the function has parameters, those with a
default included. The names in a dict are only checked by the call itself.

``_replace`` checks nothing. If it gives a wrong host call to a spec without one, the spec fails
when it is used, in the mode in which a TPU reads it: without a TPU, ``as_estimator_spec`` raises
(``KeyError`` in 2.15.1, which looks up the constructor's argument; ``ValueError`` and the like in
1.15.0, which only checks then); on a TPU, ``record`` raises unless the host call is empty. If the
spec had a valid one, 2.15.1 continues to use that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from estimator_lint.tensorflow_api.modes import Mode

#: The classes of specs whose constructor checks host calls.
CHECKING = frozenset({"TPUEstimatorSpec"})

#: For each field, the mode in which a malformed one from ``_replace`` fails with and without TPU.
FAILS_WHEN_REPLACED: Final[Mapping[str, Mode]] = {
    "eval_metrics": Mode.EVAL,
    "host_call": Mode.TRAIN,
}
