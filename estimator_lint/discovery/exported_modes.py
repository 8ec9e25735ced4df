"""Exports of other modes than PREDICT, for which a TPUEstimator builds the model on the CPU."""

from __future__ import annotations

import ast
from collections.abc import Set
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.discovery.callables import argument_of, is_closed, last_name
from estimator_lint.discovery.definitions import Definitions
from estimator_lint.tensorflow_api.input_functions import EXPORTED_MODE, METHODS_THAT_EXPORT
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.discovery.estimator_uses import EstimatorUse

#: The method that exports several modes at once.
_EXPORTS_SEVERAL = "experimental_export_all_saved_models"


def exports_other_mode(call: ast.Call) -> bool:
    """Whether a call may export another mode than PREDICT."""
    if last_name(call.func) not in METHODS_THAT_EXPORT:
        return False
    return not is_closed(call) or argument_of(call, *EXPORTED_MODE) is not None


def other_modes_exported(definitions: Definitions) -> frozenset[Mode]:
    """The modes besides PREDICT that a file may export."""
    for call, _ in definitions.calls:
        if last_name(call.func) == _EXPORTS_SEVERAL or exports_other_mode(call):
            return frozenset(Mode) - {Mode.PREDICT}
    return frozenset()


def not_on_tpu(use: EstimatorUse, modes: Set[Mode]) -> EstimatorUse:
    """A use of a function of which ``modes`` may be built on the CPU, too."""
    return replace(use, on_tpu=use.on_tpu - modes) if use.on_tpu & modes else use
