"""flake8's configuration files: which ones count, and which option in which file is invalid.

flake8 turns their content into options. The files are found and read here, since flake8 ends with a
traceback if a value is invalid, and waits forever for a pipe.
"""

from __future__ import annotations

import argparse
import configparser
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flake8.exceptions import ExecutionError
from flake8.options.aggregator import aggregate_options
from flake8.options.manager import OptionManager
from flake8.utils import parse_files_to_codes_mapping

from estimator_lint.configuration.codes import PREFIX, UnknownCodeError, codes_meant
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.configuration.reading import is_regular
from estimator_lint.flake8_plugin import OptionError, settings_from
from estimator_lint.settings import Settings

#: The files in which flake8 looks for its section, in this order.
_NAMES = ("setup.cfg", "tox.ini", ".flake8")
_SECTIONS = ("flake8", "flake8:local-plugins")

LISTS_OF_CODES = ("select", "extend_select", "ignore", "extend_ignore")


@dataclass
class _Files:
    """Configuration files that were read.

    Attributes:
        folder: the folder that paths in them are relative to.
        merged: all of them; later ones override earlier ones.
        parsers: each by itself.
    """

    folder: str
    merged: configparser.RawConfigParser = field(default_factory=configparser.RawConfigParser)
    parsers: dict[str, configparser.RawConfigParser] = field(default_factory=dict)

    def add(self, path: str) -> None:
        text = _text_of(path)
        self.parsers[path] = configparser.RawConfigParser()
        for parser in (self.parsers[path], self.merged):
            try:
                parser.read_string(text, path)
            except configparser.Error as error:
                raise ConfigurationError(str(error)) from error  # it names the file

    def values(self) -> list[tuple[str, str]]:
        """The options in flake8's section."""
        return self.merged.items("flake8") if self.merged.has_section("flake8") else []

    def origin_of(self, name: str) -> str:
        """The file whose value of an option counts."""
        spellings = (name, name.replace("_", "-"), name.replace("-", "_"))
        for path, parser in reversed(self.parsers.items()):
            if any(parser.has_option("flake8", spelling) for spelling in spellings):
                return path
        return "flake8's configuration"


def options_from_files(
    manager: OptionManager, config: str | None, append: Sequence[str], *, isolated: bool
) -> tuple[argparse.Namespace, str]:
    """flake8's options from its files, and the file that was found or is ``config``.

    Args:
        manager: defines the options.
        config: the one file to read in place of what is found.
        append: further files.
        isolated: no file is read.

    Raises:
        ConfigurationError: a file can't be read, or a value is invalid.
    """
    found = None if isolated else config or _discovered()
    files = _Files(os.path.abspath(".") if found is None else os.path.dirname(found))
    if not isolated:
        for path in (*([] if found is None else [found]), *append):
            files.add(path)
    try:
        return _options(manager, files.merged, files.folder), found or ""
    except (ConfigurationError, OptionError) as error:
        raise _with_origin(error, manager, files) from error


def check_options(options: argparse.Namespace) -> Settings:
    """The plugin's settings; flake8's own options are validated, too.

    Raises:
        OptionError: an option has an invalid value.
    """
    for name in LISTS_OF_CODES:
        _check_codes(name, getattr(options, name) or ())
    try:
        ignored_in = parse_files_to_codes_mapping(options.per_file_ignores)
    except ExecutionError as error:
        raise OptionError("per-file-ignores", str(error)) from error
    _check_codes("per_file_ignores", [code for _, codes in ignored_in for code in codes])
    return settings_from(options)


def _check_codes(name: str, codes: Iterable[str]) -> None:
    """Reject unknown codes that have this linter's prefix; others belong to other linters."""
    try:
        codes_meant(code for code in codes if code.startswith(PREFIX))
    except UnknownCodeError as error:
        raise OptionError(name.replace("_", "-"), str(error)) from error


def _options(
    manager: OptionManager, parser: configparser.RawConfigParser, folder: str
) -> argparse.Namespace:
    try:
        options: argparse.Namespace = aggregate_options(manager, parser, folder, [])
    except argparse.ArgumentError as error:
        raise ConfigurationError(error.message) from error
    except (ExecutionError, ValueError) as error:
        raise ConfigurationError(str(error)) from error
    check_options(options)
    return options


def _with_origin(
    failure: ConfigurationError | OptionError, manager: OptionManager, files: _Files
) -> ConfigurationError:
    """The error with the option and its file, which flake8 does not always name."""
    for name, value in files.values():
        alone = configparser.RawConfigParser()
        alone["flake8"] = {name: value}
        try:
            _options(manager, alone, files.folder)
        except (ConfigurationError, OptionError) as error:
            return ConfigurationError(f"{files.origin_of(name)}: [flake8]: {name!r}: {error}")
    return ConfigurationError(f"flake8's configuration: {failure}")


def _discovered() -> str | None:
    """The file that flake8 would find, but only regular files count."""
    folder = os.path.abspath(".")
    home = os.path.expanduser("~")
    while True:
        for name in _NAMES:
            path = os.path.join(folder, name)
            if is_regular(path) and _has_section(path):
                return path
        parent = os.path.dirname(folder)
        if _is_same(parent, folder) or _is_same(parent, home):
            return None
        folder = parent


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _has_section(path: str) -> bool:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (UnicodeDecodeError, configparser.ParsingError):
        return False  # flake8 passes over it, too
    except configparser.Error as error:
        raise ConfigurationError(str(error)) from error
    return any(section in parser for section in _SECTIONS)


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(f"{path}: {reason}") from error
