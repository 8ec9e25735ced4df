"""The options that say how a command is configured: most are flake8's, which reads their values."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from estimator_lint.flake8_plugin import EstimatorChecker

if TYPE_CHECKING:
    from estimator_lint.configuration.project_settings import Configuration

#: Options that select findings, and mean what they mean to flake8.
_SELECTING = {
    "select": ("CODES", "codes or code prefixes to report"),
    "extend-select": ("CODES", "further codes to report"),
    "ignore": ("CODES", "codes or code prefixes not to report"),
    "extend-ignore": ("CODES", "further codes not to report"),
    "per-file-ignores": ("PATTERN:CODES", "codes not to report in matching files"),
}
#: The same for files.
_OF_FILES = {
    "exclude": ("PATTERNS", "files and folders to skip"),
    "extend-exclude": ("PATTERNS", "further files and folders to skip"),
    "filename": ("PATTERNS", "files to check in folders (default: *.py,*.ipynb)"),
    "stdin-display-name": ("NAME", "file name of what is read from standard input"),
}
_OF_FLAKE8 = "flake8 "


class _PluginOptions:
    """Takes the plugin's options in flake8's place."""

    def __init__(self, group: argparse._ArgumentGroup) -> None:
        self._group = group

    def add_option(self, name: str, *, help: str, default: Any = None, **kwargs: Any) -> None:
        """Add one; its value is left to flake8."""
        taken = {key: kwargs[key] for key in ("action", "choices", "metavar") if key in kwargs}
        shown = help % {"default": str(default).replace("%", "%%")}
        self._group.add_argument(name, dest=_destination(name), help=shown, **taken)


def _destination(name: str) -> str:
    return _OF_FLAKE8 + name.removeprefix("--")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser of a command."""
    parser.add_argument(
        "-j",
        "--jobs",
        dest=_destination("jobs"),
        metavar="N",
        help="number of processes (default: auto)",
    )
    _add_selecting_options(parser.add_argument_group("findings to report"))
    _add_options_of_files(parser.add_argument_group("files to check"))
    add_plugin_options(parser)
    parser.set_defaults(respect_gitignore=None, force_exclude=None, notebooks=None)


def _add_selecting_options(group: argparse._ArgumentGroup) -> None:
    for name, (metavar, text) in _SELECTING.items():
        group.add_argument(f"--{name}", dest=_destination(name), metavar=metavar, help=text)
    group.add_argument(
        "--disable-noqa",
        dest=_destination("disable-noqa"),
        action="store_true",
        help="report findings despite # noqa comments",
    )
    group.add_argument(
        "--certain",
        dest=_destination("estimator-certain"),
        action="store_true",
        help="the same as --estimator-certain",
    )
    group.add_argument(
        "--hints",
        dest=_destination("estimator-hints"),
        action="store_true",
        help="the same as --estimator-hints",
    )


def _add_options_of_files(group: argparse._ArgumentGroup) -> None:
    for name, (metavar, text) in _OF_FILES.items():
        group.add_argument(f"--{name}", dest=_destination(name), metavar=metavar, help=text)
    group.add_argument(
        "--no-respect-gitignore",
        dest="respect_gitignore",
        action="store_false",
        help="also check files that git ignores",
    )
    group.add_argument(
        "--force-exclude",
        action="store_true",
        help="skip excluded files even if they are named as arguments (for pre-commit)",
    )
    group.add_argument(
        "--no-notebooks",
        dest="notebooks",
        action="store_false",
        help="do not check notebooks in folders",
    )


def add_plugin_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that define model functions and locate the configuration."""
    analysis = parser.add_argument_group("analysis, as by flake8")
    EstimatorChecker.add_options(_PluginOptions(analysis))
    files = parser.add_argument_group("configuration files")
    files.add_argument("--config", metavar="FILE", help="read this configuration file and no other")
    files.add_argument(
        "--append-config",
        metavar="FILE",
        action="append",
        default=[],
        help="read this configuration file as well",
    )
    files.add_argument("--isolated", action="store_true", help="read no configuration file")


def configuration_of(options: argparse.Namespace) -> Configuration:
    """The configuration for a command that has these options.

    Raises:
        ConfigurationError: something in it can't be used.
    """
    from estimator_lint.configuration.project_settings import read_configuration

    configuration = read_configuration(
        _overrides(options),
        config=options.config,
        append_config=options.append_config,
        isolated=options.isolated,
    )
    for name in ("respect_gitignore", "force_exclude", "notebooks", "baseline"):
        if getattr(options, name, None) is not None:
            setattr(configuration, name, getattr(options, name))
    return configuration


def _overrides(options: argparse.Namespace) -> list[str]:
    """The options that were given, as flake8's command line has them."""
    overrides = []
    for destination, value in vars(options).items():
        if destination.startswith(_OF_FLAKE8) and value not in (None, False):
            name = destination.removeprefix(_OF_FLAKE8)
            overrides.append(f"--{name}" if value is True else f"--{name}={value}")
    return overrides
