"""What an Estimator asks of a model function's arguments.

Sources: ``verify_model_fn_args`` in ``tensorflow_estimator/python/estimator/model_fn.py``,
``Estimator._call_model_fn`` in ``estimator.py``, ``_ModelFnWrapper._call_model_fn`` in
``tpu/tpu_estimator.py`` (TensorFlow 2.15.1 and 1.15.0).
"""

from __future__ import annotations

#: What an Estimator passes, always by name; ``features`` whatever the function takes.
MODEL_FN_ARGUMENTS = frozenset({"features", "labels", "mode", "params", "config"})

#: What a model function may have in its signature; nothing fills ``self``.
ACCEPTED_ARGUMENTS = MODEL_FN_ARGUMENTS | {"self"}

#: Without these the Estimator raises: at its construction, or as soon as an input function
#: returns labels.
NEEDED_ARGUMENTS = frozenset({"features", "labels"})

#: The Estimators whose model functions must take ``params``, whether any are given or not.
NEEDING_PARAMS = frozenset({"TPUEstimator"})
