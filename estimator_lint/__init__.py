"""A linter for TensorFlow Estimator model functions.

What ``__all__`` lists is public: within a major version, nothing of it goes away or
changes its meaning; members may be added.  Everything else is private.
"""

from estimator_lint.findings import Finding, Step
from estimator_lint.library import CannotCheckError, check_file, check_text, modes_of
from estimator_lint.modes_view.model import (
    FieldView,
    FunctionView,
    ModeView,
    Occurrence,
    Part,
    SiteView,
)
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode

__version__ = "0.1.0"

__all__ = [
    "CannotCheckError",
    "FieldView",
    "Finding",
    "FunctionView",
    "Mode",
    "ModeView",
    "Occurrence",
    "Part",
    "Settings",
    "SiteView",
    "Step",
    "__version__",
    "check_file",
    "check_text",
    "modes_of",
]
