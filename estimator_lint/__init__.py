"""A linter for TensorFlow Estimator model functions.

What ``__all__`` lists is public: within a major version, nothing of it goes away or
changes its meaning; members may be added.  Everything else is private.

The public names are imported when they are asked for.  ``python -m estimator_lint`` runs
this module while the current folder still is the first to import from, and whatever was
imported here could come from there.
"""

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
    from estimator_lint.revealing.model import Revealed, RevealedExpression, RevealedFunction
    from estimator_lint.settings import Settings
    from estimator_lint.tensorflow_api.modes import Mode

__version__ = "0.1.0"

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
    "revealing.model",
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
