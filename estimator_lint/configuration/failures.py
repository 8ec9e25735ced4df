"""Errors that end a command: one line on standard error, and exit status 2."""

from __future__ import annotations

#: The maximum length of messages that quote other text.
_LONGEST = 400


class CommandError(Exception):
    """The command fails; the text, on one line, says why."""

    def __init__(self, text: str) -> None:
        line = " ".join(text.split())
        super().__init__(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}...")


class ConfigurationError(CommandError):
    """The configuration is invalid; the text says where and why."""


class OutputError(CommandError):
    """The output can't be written."""
