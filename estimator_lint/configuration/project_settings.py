"""The configuration of a run: from flake8's files, pyproject.toml and the command line.

flake8 itself turns the files into options, so that both programs interpret the same text in the
same way. flake8's other plugins are not loaded: they do not affect this linter's codes, and may be
broken.
"""

from __future__ import annotations

import argparse
import os.path
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flake8 import __version__ as flake8_version
from flake8.main.options import register_default_options, stage1_arg_parser
from flake8.options.manager import Option, OptionManager
from flake8.utils import normalize_path, parse_comma_separated_list

from estimator_lint.configuration.codes import PREFIX as CODES
from estimator_lint.configuration.codes import (
    UnknownCodeError,
    codes_by_rule,
    codes_meant,
    concerns_us,
    did_you_mean,
)
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.configuration.flake8_files import (
    LISTS_OF_CODES,
    check_options,
    options_from_files,
)
from estimator_lint.configuration.reading import is_regular
from estimator_lint.flake8_plugin import EstimatorChecker, OptionError
from estimator_lint.notebooks.naming import SUFFIX
from estimator_lint.settings import Settings

if TYPE_CHECKING:
    from flake8.style_guide import StyleGuideManager

SECTION = "estimator_lint"
PROGRAM = "estimator-lint"
PREFIX = "estimator_"

#: Options that pyproject.toml may set besides the plugin's own; their names and meanings are
#: flake8's.
FLAKE8_KEYS = (
    *LISTS_OF_CODES,
    "exclude",
    "extend_exclude",
    "filename",
    "disable_noqa",
    "jobs",
)

#: Folders, not patterns.
SOURCE_ROOTS = "estimator_source_roots"

#: Switches of pyproject.toml that flake8 does not have.
SWITCHES = ("respect_gitignore", "force_exclude", "notebooks")

#: The copies that Jupyter keeps of notebooks.
_COPIES = (f"*/.ipynb_checkpoints/*{SUFFIX}",)

#: A word of ``--per-file-ignores`` that is no pattern of files.
_WORD = re.compile(r"[^\s,:]+(?!\s*:)(?![^\s,:])")

_KINDS = {
    bool: "true or false",
    list: "a list of strings",
    dict: "a table",
    str: "a string",
}


@dataclass
class Configuration:
    """The configuration of one run.

    Attributes:
        options: flake8's options, as configured.
        settings: the plugin's options.
        ignored_in: patterns of files with the codes that pyproject.toml ignores there.
        respect_gitignore: files that git ignores are not searched for.
        force_exclude: excluded files are not checked even if they are named.
        notebooks: folders are searched for notebooks.
        baseline: the file with the known findings; empty: none.
        flake8_file: the configuration file of flake8 that was read; empty: none.
        pyproject: the pyproject.toml with a section that was read; empty: none.
        cache_folder: where findings are kept for the next run; empty: nowhere.
    """

    options: argparse.Namespace
    settings: Settings
    ignored_in: Mapping[str, list[str]] = field(default_factory=dict)
    respect_gitignore: bool = True
    force_exclude: bool = False
    notebooks: bool = True
    baseline: str = ""
    flake8_file: str = ""
    pyproject: str = ""
    cache_folder: str = ""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Patterns of the excluded paths."""
        return (*self.options.exclude, *self.options.extend_exclude, *_COPIES)

    @property
    def filenames(self) -> tuple[str, ...]:
        """Patterns of the files to search for in folders."""
        is_default = self.options.filename == ["*.py"]
        return (*self.options.filename, *([f"*{SUFFIX}"] if is_default and self.notebooks else []))

    @property
    def jobs(self) -> int:
        """The maximum number of processes."""
        jobs = self.options.jobs
        return os.cpu_count() or 1 if jobs.is_auto else max(1, jobs.n_jobs)

    def style_guide(self) -> StyleGuideManager:
        """flake8's style guide, which decides on each finding."""
        from flake8.formatting.base import BaseFormatter
        from flake8.style_guide import StyleGuideManager

        class Silent(BaseFormatter):  # type: ignore[misc]
            def handle(self, error: object) -> None:
                """Nothing to do: ``handle_error`` returns the decision."""

        guide = StyleGuideManager(self.options, Silent(self.options))
        for pattern, codes in self.ignored_in.items():
            guide.style_guides.append(
                guide.default_style_guide.copy(filename=pattern, extend_ignore_with=codes)
            )
        return guide


def read_configuration(
    overrides: Sequence[str] = (),
    *,
    config: str | None = None,
    append_config: Sequence[str] = (),
    isolated: bool = False,
) -> Configuration:
    """The configuration for a run in the current folder.

    Args:
        overrides: options of the command line, as flake8 spells them.
        config: the only file to read, instead of those that are found.
        append_config: further files, which are read before it.
        isolated: no file is read.

    Raises:
        ConfigurationError: something in it is invalid.
    """
    manager = _option_manager()
    try:
        options, flake8_file = options_from_files(manager, config, append_config, isolated=isolated)
        section = None if isolated else _pyproject_section(config)
    except OSError as error:  # the current folder is gone
        raise ConfigurationError(f"{error.strerror}: the current folder") from error
    if not concerns_us(options.select or ()):
        # This option selects among flake8's checks; a user of this program has selected this one.
        options.select = None
    result = Configuration(options, Settings())
    result.flake8_file = flake8_file
    if section is not None:
        result.pyproject = str(section[0])
        _Section(section[0], section[1], manager).apply_to(result)
    if any(override.startswith("--per-file-ignores=") for override in overrides):
        result.ignored_in = {}
    try:
        result.options = manager.parse_args(list(map(_with_codes, overrides)), result.options)
        result.settings = check_options(result.options)
    except argparse.ArgumentError as error:
        raise ConfigurationError(str(error)) from error
    except OptionError as error:
        raise ConfigurationError(f"argument --{error.option}: {error}") from error
    selected = [*(result.options.select or ()), *(result.options.extend_select or ())]
    if result.options.select and not concerns_us(selected):
        codes = ", ".join(selected)
        raise ConfigurationError(f"nothing to report: 'select' contains no MFN code ({codes})")
    return result


def _with_codes(override: str) -> str:
    """An option of the command line with names of rules replaced by codes.

    Raises:
        ConfigurationError: there is no such code or rule.
    """
    name, equals, value = override.partition("=")
    if name == "--per-file-ignores":
        return f"{name}={_WORD.sub(lambda word: ','.join(_codes_of(word[0])), value)}"
    if name.removeprefix("--").replace("-", "_") not in LISTS_OF_CODES or not equals:
        return override
    try:
        return f"{name}={','.join(codes_meant(parse_comma_separated_list(value)))}"
    except UnknownCodeError as error:
        raise ConfigurationError(f"argument {name}: {error}") from error


def _codes_of(word: str) -> Sequence[str]:
    """The codes of a rule, or else the word itself."""
    return codes_by_rule().get(word.lower(), (word,))


def _option_manager() -> OptionManager:
    manager = OptionManager(
        version=flake8_version,
        plugin_versions="",
        parents=[stage1_arg_parser()],
        formatter_names=[],
    )
    manager.parser.exit_on_error = False
    register_default_options(manager)
    EstimatorChecker.add_options(manager)
    manager.extend_default_select([CODES])
    return manager


def _pyproject_section(config: str | None) -> tuple[Path, dict[str, Any]] | None:
    """The nearest pyproject.toml that has a section of ours, and that section."""
    if config is not None:
        return None
    folder = Path.cwd()
    for candidate in (folder, *folder.parents):
        path = candidate / "pyproject.toml"
        if not is_regular(str(path)):
            continue
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if not any(name.encode() in text for name in (SECTION, PROGRAM)):
            continue
        tables = _parsed(path, text).get("tool", {})
        if not isinstance(tables, dict):
            raise ConfigurationError(f"{path}: 'tool' is not a table")
        if SECTION in tables:
            return path, tables[SECTION]
        if PROGRAM in tables:
            raise ConfigurationError(f"{path}: [tool.{PROGRAM}] must be [tool.{SECTION}]")
    return None


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        content: dict[str, Any] = tomllib.loads(text.decode("utf-8"))
    except ValueError as error:  # a number with too many digits is one, too
        raise ConfigurationError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: nested too deeply") from error
    return content


def _shown(value: object) -> str:
    """A value from a file, formatted for a message."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number with too many digits, too deep a list
        return f"this {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:80]}..."


class _Section:
    """``[tool.estimator_lint]`` of a pyproject.toml."""

    def __init__(self, path: Path, values: object, manager: OptionManager) -> None:
        self._path = path
        if not isinstance(values, dict):
            raise ConfigurationError(f"{path}: [tool.{SECTION}] is not a table")
        self._values: dict[str, Any] = values
        self._options: dict[str, Option] = {
            name: manager.config_options_dict[name] for name in FLAKE8_KEYS
        }
        for name, option in manager.config_options_dict.items():
            if name.startswith(PREFIX):
                self._options[name] = self._options[name.removeprefix(PREFIX)] = option

    def apply_to(self, configuration: Configuration) -> None:
        keys = {}
        for key, value in self._values.items():
            name = key.replace("-", "_")
            if name in SWITCHES:
                setattr(configuration, name, self._checked(key, value, bool))
            elif name == "baseline":
                path = self._checked(key, value, str)
                configuration.baseline = os.path.join(self._path.parent, path) if path else ""
            elif name == "per_file_ignores":
                configuration.ignored_in = dict(self._per_file_ignores(key, value))
            elif name in self._options:
                option = self._options[name]
                value = self._value_of(key, value, option)
                setattr(configuration.options, str(option.config_name), value)
                keys[str(option.config_name).replace("_", "-")] = key
            else:
                known = {*self._options, *SWITCHES, "baseline", "per_file_ignores"}
                hint = did_you_mean(key, sorted(each.replace("_", "-") for each in known))
                raise self._error(f"unknown option {_shown(key)}{hint}")
        try:
            check_options(configuration.options)
        except OptionError as error:
            raise self._error(f"{keys[error.option]!r}: {error}") from error

    def _value_of(self, key: str, value: object, option: Option) -> object:
        if option.comma_separated_list:
            names = value if isinstance(value, str) else self._names(key, value)
            names = option.normalize(names, str(self._path.parent))
            if option.config_name == SOURCE_ROOTS:  # flake8 takes names without a slash as they are
                names = [os.path.join(self._path.parent, name) for name in names]
            return self._codes(key, names) if option.config_name in LISTS_OF_CODES else names
        if option.action == "store_true":
            return self._checked(key, value, bool)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise self._error(f"{key!r} must be a string, not {_shown(value)}")
        try:
            text = str(value)
            return option.type(text) if callable(option.type) else text
        except (argparse.ArgumentTypeError, ValueError) as error:
            raise self._error(f"{key!r}: {error}") from error

    def _per_file_ignores(self, key: str, value: object) -> Iterator[tuple[str, list[str]]]:
        for pattern, codes in self._checked(key, value, dict).items():
            names = self._codes(key, self._names(key, codes))
            yield normalize_path(pattern, str(self._path.parent)), names

    def _codes(self, key: str, names: list[str]) -> list[str]:
        try:
            return codes_meant(names)
        except UnknownCodeError as error:
            raise self._error(f"{key!r}: {error}") from error

    def _names(self, key: str, value: object) -> list[str]:
        names: list[str] = self._checked(key, value, list)
        if not all(isinstance(name, str) for name in names):
            raise self._error(f"{key!r} must be a list of strings")
        return names

    def _checked(self, key: str, value: object, kind: type) -> Any:
        if not isinstance(value, kind):
            raise self._error(f"{key!r} must be {_KINDS[kind]}, not {_shown(value)}")
        return value

    def _error(self, text: str) -> ConfigurationError:
        return ConfigurationError(f"{self._path}: [tool.{SECTION}]: {text}")
