"""An Estimator's requirements on a model function's signature.

Sources: ``verify_model_fn_args`` in ``tensorflow_estimator/python/estimator/model_fn.py``,
``Estimator._call_model_fn`` in ``estimator.py``, ``_ModelFnWrapper._call_model_fn`` in
``tpu/tpu_estimator.py`` (TensorFlow 2.15.1 and 1.15.0).
"""

from __future__ import annotations

#: The arguments that an Estimator passes by name; ``features`` regardless of the signature.
MODEL_FN_ARGUMENTS = frozenset({"features", "labels", "mode", "params", "config"})

#: The parameters that a model function may have; nothing fills ``self``.
ACCEPTED_ARGUMENTS = MODEL_FN_ARGUMENTS | {"self"}

#: Required parameters: without them the Estimator raises, at its construction or as soon as an
#: input function returns labels.
NEEDED_ARGUMENTS = frozenset({"features", "labels"})

#: The Estimators whose model functions must take ``params`` even if none are passed.
NEEDING_PARAMS = frozenset({"TPUEstimator"})
