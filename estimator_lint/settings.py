"""The settings of a run, the same for flake8, the command line, the library and the server."""

from __future__ import annotations

from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode

DEFAULT_MODEL_FN_GLOBS = ("model_fn", "*_model_fn", "_model_fn", "model_fn_*")
DEFAULT_DECORATORS = ("model_fn",)


@dataclass(frozen=True)
class Settings:
    """Options of one run.

    Attributes:
        model_fn_globs: a function whose name matches one of these globs is a
            model function (if it takes ``mode`` or builds a spec).
        decorators: a function with one of these decorators is a model
            function; a dotted decorator counts by its last name.
        require_modes: modes that count as addressed in every model function.
        source_roots: the folders from which absolute imports of the project's own
            modules are resolved; empty: inferred from the path of the file.
        tensorflow_version: the minor version that the code must run with, such as
            ``2.4``, one of those that ``tensorflow_api.exports`` knows; None: any.
        certain_only: report definite findings only.
        hints: also report hints (MFN8xx): code that runs but has no effect.
    """

    model_fn_globs: tuple[str, ...] = DEFAULT_MODEL_FN_GLOBS
    decorators: tuple[str, ...] = DEFAULT_DECORATORS
    require_modes: frozenset[Mode] = frozenset()
    source_roots: tuple[str, ...] = ()
    tensorflow_version: str | None = None
    certain_only: bool = False
    hints: bool = False
