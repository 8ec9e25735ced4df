"""``eval_metrics`` and ``host_call`` of a TPUEstimatorSpec: a function, and tensors for it.

Source: ``_OutfeedHostCall.validate`` and ``create_cpu_hostcall`` in
``tensorflow_estimator/python/estimator/tpu/tpu_estimator.py`` (TensorFlow 2.15.1 and 1.15.0).  The
constructor of the spec checks that there are two, that the first can be called, that the second is
a list, tuple or dict, and for a list that its length is the number of arguments, those with a
default included.  Whether the names of a dict fit, the call itself tells.
"""

from __future__ import annotations

#: The classes of specs whose constructor checks host calls.
CHECKING = frozenset({"TPUEstimatorSpec"})
