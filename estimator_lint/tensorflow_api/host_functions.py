"""``eval_metrics`` and ``host_call`` of a TPUEstimatorSpec: a function, and tensors for it.

Source: ``_OutfeedHostCall.validate`` and ``create_cpu_hostcall`` in
``tensorflow_estimator/python/estimator/tpu/tpu_estimator.py`` (TensorFlow 2.15.1 and 1.15.0).  The
constructor of the spec checks that there are two, that the first can be called, that the second is
a list, tuple or dict, and for a list that its length is the number of arguments, those with a
default included.  Whether the names of a dict fit, the call itself tells.

``_replace`` checks nothing.  What it gives to a spec that had none before fails when the spec is
used, in the mode in which a TPU reads it as well: without a TPU ``as_estimator_spec`` raises
(``KeyError`` in 2.15.1, which looks for what the constructor was given; ``ValueError`` and the
like in 1.15.0, which checks it then), on a TPU ``record`` does, unless it is empty.  Of a spec that
had a good one, 2.15.1 goes on with that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from estimator_lint.tensorflow_api.modes import Mode

#: The classes of specs whose constructor checks host calls.
CHECKING = frozenset({"TPUEstimatorSpec"})

#: For each field the mode in which a malformed one that came by ``_replace`` fails everywhere.
FAILS_WHEN_REPLACED: Final[Mapping[str, Mode]] = {
    "eval_metrics": Mode.EVAL,
    "host_call": Mode.TRAIN,
}
