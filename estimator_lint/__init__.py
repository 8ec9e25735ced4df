"""A linter for TensorFlow Estimator model functions.

The names in ``__all__`` are public: within a major version, none of them is removed or
changes its meaning; members may be added.  Everything else is private.

The public names are imported on first access.  ``python -m estimator_lint`` runs this
module while the current folder is still first on the import path, and anything imported
here could come from there.
"""

from estimator_lint.version import VERSION

TYPE_CHECKING = False  # the one of typing, without an import
if TYPE_CHECKING:
    from estimator_lint.findings import Event, EventKind, Finding, Step, Witness
    from estimator_lint.library import (
        CannotCheckError,
        check_file,
        check_text,
        modes_of,
        reveal,
        reveal_file,
    )
    from estimator_lint.modes_view.model import (
        FieldView,
        FunctionView,
        ModeView,
        Occurrence,
        Part,
        SiteView,
    )
    from estimator_lint.revealing.revealed import Revealed, RevealedExpression, RevealedFunction
    from estimator_lint.settings import Settings
    from estimator_lint.tensorflow_api.modes import Mode

__version__ = VERSION

__all__ = [
    "CannotCheckError",
    "Event",
    "EventKind",
    "FieldView",
    "Finding",
    "FunctionView",
    "Mode",
    "ModeView",
    "Occurrence",
    "Part",
    "Revealed",
    "RevealedExpression",
    "RevealedFunction",
    "Settings",
    "SiteView",
    "Step",
    "Witness",
    "__version__",
    "check_file",
    "check_text",
    "modes_of",
    "reveal",
    "reveal_file",
]

#: The modules that have the public names.
_HOMES = (
    "findings",
    "library",
    "modes_view.model",
    "revealing.revealed",
    "settings",
    "tensorflow_api.modes",
)

if not TYPE_CHECKING:  # to a type checker there would be no unknown names

    def __getattr__(name: str) -> object:
        if name in __all__:
            import importlib

            for home in _HOMES:
                members = vars(importlib.import_module(f"{__name__}.{home}"))
                if name in members:
                    return globals().setdefault(name, members[name])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
