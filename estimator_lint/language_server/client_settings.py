"""The client's settings, as options of flake8's command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

#: The section of the client's settings.
SECTION: Final = "estimator-lint"

#: Options of the command line whose values are lists; the client may give a string as well.
LISTS: Final = (
    "select",
    "extend-select",
    "ignore",
    "extend-ignore",
    "per-file-ignores",
    "exclude",
    "extend-exclude",
    "estimator-model-fns",
    "estimator-decorators",
    "estimator-require-modes",
    "estimator-source-roots",
)
STRINGS: Final = ("estimator-tf-version",)
SWITCHES: Final = ("disable-noqa", "estimator-certain", "estimator-hints")

#: The default limit for checking a file, in seconds.
SECONDS: Final = 10.0

#: Settings in the same section that only the extensions use.
_OF_CLIENTS: Final = frozenset({"path", "trace"})

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX: Final = "estimator-"


@dataclass(frozen=True)
class ClientSettings:
    """The settings of a client.

    Attributes:
        options: options of flake8's command line.
        config: the only configuration file to read; empty: those that are found.
        enabled: whether files are checked at all.
        seconds: the limit for checking a file.
        problems: the invalid settings, with the reasons.
    """

    options: tuple[str, ...] = ()
    config: str = ""
    enabled: bool = True
    seconds: float = SECONDS
    problems: tuple[str, ...] = ()


def key_of(option: str) -> str:
    """The client's name of an option: ``requireModes`` for ``estimator-require-modes``."""
    first, *others = option.removeprefix(_PREFIX).split("-")
    return first + "".join(map(str.capitalize, others))


_OPTIONS: Final = {key_of(option): option for option in (*LISTS, *STRINGS, *SWITCHES)}


def read_settings(given: object) -> ClientSettings:
    """The settings that a client gives as JSON, without the invalid ones."""
    if given is None:
        return ClientSettings()
    if not isinstance(given, Mapping):
        return ClientSettings(problems=(f"'{SECTION}' must be an object",))
    problems: list[str] = []
    settings = ClientSettings()
    options: list[str] = []
    for name, value in given.items():
        key = _camel(str(name))
        try:
            if value is None or key in _OF_CLIENTS:
                continue
            if key in _OPTIONS:
                options += _option(_OPTIONS[key], value)
            elif key == "config":
                settings = replace(settings, config=_string(value))
            elif key == "enabled":
                settings = replace(settings, enabled=_switch(value))
            elif key == "seconds":
                settings = replace(settings, seconds=_seconds(value))
            else:
                raise ValueError("unknown setting")
        except ValueError as error:
            problems.append(f"'{SECTION}.{name}': {error}")
    return replace(settings, options=tuple(options), problems=tuple(problems))


def _camel(name: str) -> str:
    """``requireModes``, however it is written: Emacs and Neovim like dashes and underscores."""
    return key_of("-".join(_HUMP.sub("-", name).replace("_", "-").lower().split("-")))


def _option(option: str, value: Any) -> Iterator[str]:
    if option in SWITCHES:
        if _switch(value):
            yield f"--{option}"
    elif option in STRINGS or isinstance(value, str):
        if _string(value):
            yield f"--{option}={value}"
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        if value:
            yield f"--{option}={','.join(value)}"
    else:
        raise ValueError("must be a list of strings")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string")
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3600:
        raise ValueError("must be a number of seconds, more than 0 and at most 3600")
    return float(value)
