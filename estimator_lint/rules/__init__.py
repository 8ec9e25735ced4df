"""The registry of rules.  Rules read traces; they never walk syntax."""

from __future__ import annotations

from estimator_lint.rules.active_layers import ACTIVE_LAYERS
from estimator_lint.rules.argument_mismatches import MISFIT_RULES
from estimator_lint.rules.bindings import BINDING_RULES
from estimator_lint.rules.callbacks import CALLBACK_RULES
from estimator_lint.rules.counted_steps import COUNTED_TWICE
from estimator_lint.rules.field_types import FIELD_TYPE_RULES
from estimator_lint.rules.graph_values import GRAPH_VALUE_RULES
from estimator_lint.rules.graphs import GRAPH_RULES
from estimator_lint.rules.hints import HINT_RULES
from estimator_lint.rules.host_calls import HOST_CALL_RULES
from estimator_lint.rules.labels import LABELS_RULES
from estimator_lint.rules.layer_modes import LAYER_RULES
from estimator_lint.rules.metric_values_in_training import NOT_UPDATED
from estimator_lint.rules.missing_items import MISSING_INPUT_ITEM
from estimator_lint.rules.missing_params import MISSING_PARAM
from estimator_lint.rules.mode_keys import MODE_KEY_RULES
from estimator_lint.rules.model_fn_parameters import SIGNATURE_RULES
from estimator_lint.rules.none_in_mode import NONE_IN_MODE
from estimator_lint.rules.removed_api import REMOVED_API
from estimator_lint.rules.required_fields import REQUIRED_FIELD_RULES
from estimator_lint.rules.returned_values import RETURNED_VALUE_RULES
from estimator_lint.rules.rule import Judgement, Rule, no_check
from estimator_lint.rules.serving_hints import SERVING_HINT_RULES
from estimator_lint.rules.spec_arguments import SPEC_ARGUMENT_RULES
from estimator_lint.rules.tpu_specs import TPU_SPEC
from estimator_lint.rules.train_steps import TRAINING_RULES
from estimator_lint.rules.unmeasured_metrics import METRIC_RULES

ANALYSIS_FAILED = Rule(
    "MFN000",
    None,
    "analysis-failed",
    "The linter could not analyse a function.",
    "'{subject}' could not be analysed: {spec}",
    no_check,
)

UNUSED_NOQA = Rule(
    "MFN002",
    None,
    "unused-noqa",
    "A `# noqa` comment lists a code that is not reported on its line.",
    "unused noqa: {subject}",
    no_check,  # it is about comments, not about model functions
)

#: Every rule, in the order of the codes.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            ANALYSIS_FAILED,
            UNUSED_NOQA,
            *REQUIRED_FIELD_RULES,
            *RETURNED_VALUE_RULES,
            *BINDING_RULES,
            *MODE_KEY_RULES,
            *MISFIT_RULES,
            *CALLBACK_RULES,
            *SPEC_ARGUMENT_RULES,
            *SIGNATURE_RULES,
            *LABELS_RULES,
            *GRAPH_VALUE_RULES,
            NONE_IN_MODE,
            *HOST_CALL_RULES,
            TPU_SPEC,
            MISSING_PARAM,
            MISSING_INPUT_ITEM,
            REMOVED_API,
            *TRAINING_RULES,
            COUNTED_TWICE,
            *METRIC_RULES,
            NOT_UPDATED,
            *GRAPH_RULES,
            *LAYER_RULES,
            *FIELD_TYPE_RULES,
            *HINT_RULES,
            ACTIVE_LAYERS,
            *SERVING_HINT_RULES,
        ),
        key=lambda rule: rule.code,
    )
)

__all__ = ["ANALYSIS_FAILED", "RULES", "UNUSED_NOQA", "Judgement", "Rule"]
