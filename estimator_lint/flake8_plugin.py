"""The flake8 plugin: translates flake8's terms to ours and back.

Only this module and what it imports here is loaded in a run that meets no
model function; libcst is not among that.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.findings import Finding
from estimator_lint.process_settings import raise_interrupt
from estimator_lint.settings import DEFAULT_DECORATORS, DEFAULT_MODEL_FN_GLOBS, Settings
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.version import VERSION

if TYPE_CHECKING:
    import ast

    from flake8.options.manager import OptionManager


class EstimatorChecker:
    """Checks the model functions of one file.

    Args:
        tree: the file's ``ast``, made by flake8.
        lines: its lines; the file itself is never opened.
        filename: its name.
    """

    name = "estimator-lint"
    version = VERSION
    settings: ClassVar[Settings] = Settings()

    def __init__(self, tree: ast.Module, lines: list[str], filename: str = "<unknown>") -> None:
        self._tree = tree
        self._lines = lines
        self._filename = filename

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Register the plugin's options."""
        manager.add_option(
            "--estimator-model-fns",
            default=",".join(DEFAULT_MODEL_FN_GLOBS),
            comma_separated_list=True,
            parse_from_config=True,
            metavar="GLOBS",
            help="Names of model functions, as globs. (Default: %(default)s)",
        )
        manager.add_option(
            "--estimator-decorators",
            default=",".join(DEFAULT_DECORATORS),
            comma_separated_list=True,
            parse_from_config=True,
            metavar="NAMES",
            help="Decorators that mark model functions. (Default: %(default)s)",
        )
        manager.add_option(
            "--estimator-require-modes",
            default="",
            comma_separated_list=True,
            parse_from_config=True,
            metavar="MODES",
            help="Modes that every model function must handle: TRAIN, EVAL, PREDICT.",
        )
        manager.add_option(
            "--estimator-source-roots",
            default="",
            comma_separated_list=True,
            normalize_paths=True,
            parse_from_config=True,
            metavar="FOLDERS",
            help="Folders from which imports of the project's own modules are resolved."
            " (Default: inferred from the path of each file.)",
        )
        manager.add_option(
            "--estimator-tf-version",
            default="",
            parse_from_config=True,
            metavar="X.Y",
            help="Report names that this version of TensorFlow does not have (MFN901).",
        )
        manager.add_option(
            "--estimator-certain",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Report definite findings only: faults on every path.",
        )
        manager.add_option(
            "--estimator-hints",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Also report hints (MFN8): code that runs but has no effect.",
        )

    @classmethod
    def parse_options(
        cls, manager: OptionManager, options: argparse.Namespace, args: list[str]
    ) -> None:
        """Take the options' values, from wherever flake8 read them."""
        try:
            cls.settings = settings_from(options)
        except OptionError as error:
            manager.parser.error(f"argument --{error.option}: {error}")

    def findings(self) -> list[Finding]:
        """The findings, sorted."""
        return findings_in(self._tree, self._lines, self._filename, self.settings)

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """The findings as flake8 takes them: 1-based line, 0-based column, message.

        Those of an earlier run are taken from the cache.
        """
        for finding in self._kept_findings():
            yield finding.line, finding.column, finding.message, type(self)

    def _kept_findings(self) -> list[Finding]:
        text = "".join(self._lines)
        if not may_hold_model_functions(text, self.settings):
            return []
        from estimator_lint.kept_findings import cache_for_flake8

        cache = cache_for_flake8(self.settings)
        if cache is None:
            return self.findings()
        data = text.encode("utf-8", "surrogatepass")
        return cache.findings(self._filename, data, self.findings)


class OptionError(Exception):
    """An option has a value that can't be used; the text says why.

    Attributes:
        option: its name without the dashes before it.
    """

    def __init__(self, option: str, text: str) -> None:
        super().__init__(text)
        self.option = option


def settings_from(options: argparse.Namespace) -> Settings:
    """The plugin's settings, of options that flake8 has parsed.

    Raises:
        OptionError: an option has a value that can't be used.
    """
    modes = set()
    for name in options.estimator_require_modes:
        if name.upper() not in Mode.__members__:
            choice = f"(choose from {', '.join(Mode.__members__)})"
            raise OptionError("estimator-require-modes", f"unknown mode {name!r} {choice}")
        modes.add(Mode[name.upper()])
    return Settings(
        model_fn_globs=tuple(options.estimator_model_fns),
        decorators=tuple(options.estimator_decorators),
        require_modes=frozenset(modes),
        source_roots=tuple(options.estimator_source_roots),
        tensorflow_version=_known_version(options.estimator_tf_version.strip()),
        certain_only=options.estimator_certain,
        hints=options.estimator_hints,
    )


def _known_version(given: str) -> str | None:
    """The minor version that the user means."""
    if not given:
        return None
    from estimator_lint.tensorflow_api.exports import exports

    version = ".".join(given.split(".")[:2])
    known = exports().versions
    if version not in known:
        choice = f"(choose from {', '.join(known)})"
        raise OptionError("estimator-tf-version", f"unknown version {given!r} {choice}")
    return version


def findings_in(
    tree: ast.Module, lines: list[str], filename: str, settings: Settings
) -> list[Finding]:
    """The findings in one file, sorted.

    Every error becomes a finding, since an exception would end flake8.
    """
    try:
        text = "".join(lines)
        if not may_hold_model_functions(text, settings):
            return []
        # The analysis is imported only here: most files never reach this line.
        from estimator_lint.linting import lint_source
        from estimator_lint.syntax.source import SourceFile

        return lint_source(SourceFile(text, tree, filename), settings)
    except Exception as error:
        raise_interrupt(error)
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return [Finding(1, 0, "MFN000", f"file could not be analysed: {reason}")]
