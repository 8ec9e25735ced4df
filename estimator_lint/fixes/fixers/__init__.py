"""The registry of fixers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from estimator_lint.fixes.fixer import Fixer
from estimator_lint.fixes.fixers.global_steps import TRAIN_STEP_FIXERS
from estimator_lint.fixes.fixers.hoisted_assignments import HOISTED_ASSIGNMENT_FIXERS
from estimator_lint.fixes.fixers.hooks import HOOK_FIXERS
from estimator_lint.fixes.fixers.keys_of_modes import MODE_KEY_FIXERS
from estimator_lint.fixes.fixers.late_labels import LATE_LABEL_FIXERS
from estimator_lint.fixes.fixers.layer_updates import LAYER_UPDATE_FIXERS
from estimator_lint.fixes.fixers.losses import LOSS_FIXERS
from estimator_lint.fixes.fixers.metric_pairs import METRIC_FIXERS
from estimator_lint.fixes.fixers.older_names import OLDER_NAME_FIXERS
from estimator_lint.fixes.fixers.parameters import PARAMETER_FIXERS
from estimator_lint.fixes.fixers.replacements import REPLACEMENT_FIXERS
from estimator_lint.fixes.fixers.returned_specs import RETURNED_SPEC_FIXERS
from estimator_lint.fixes.fixers.served_outputs import SERVED_OUTPUT_FIXERS
from estimator_lint.fixes.fixers.silencing import SILENCING_FIXERS
from estimator_lint.fixes.fixers.skeletons import SKELETON_FIXERS
from estimator_lint.fixes.fixers.spec_fields import SPEC_FIELD_FIXERS
from estimator_lint.fixes.fixers.training_flags import TRAINING_FLAG_FIXERS

_ALL: Final = (
    *SILENCING_FIXERS,
    *RETURNED_SPEC_FIXERS,
    *MODE_KEY_FIXERS,
    *REPLACEMENT_FIXERS,
    *SPEC_FIELD_FIXERS,
    *METRIC_FIXERS,
    *LOSS_FIXERS,
    *TRAIN_STEP_FIXERS,
    *HOOK_FIXERS,
    *PARAMETER_FIXERS,
    *LAYER_UPDATE_FIXERS,
    *TRAINING_FLAG_FIXERS,
    *OLDER_NAME_FIXERS,
    *HOISTED_ASSIGNMENT_FIXERS,
    *SKELETON_FIXERS,
    *SERVED_OUTPUT_FIXERS,
    *LATE_LABEL_FIXERS,
)

#: The fixers by code, the best first for each.
FIXERS: Final[Mapping[str, tuple[Fixer, ...]]] = {
    code: tuple(fixer for fixer in _ALL if fixer.code == code)
    for code in sorted({fixer.code for fixer in _ALL})
}
