"""Why a command can't do what it was asked to: one line on standard error, and status 2."""

from __future__ import annotations

#: Characters of a message that quotes what someone else wrote.
_LONGEST = 400


class CommandError(Exception):
    """The command ends; the text, on one line, says why."""

    def __init__(self, text: str) -> None:
        line = " ".join(text.split())
        super().__init__(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}...")


class ConfigurationError(CommandError):
    """The configuration can't be used; the text says where and why."""


class OutputError(CommandError):
    """What there is to say can't be written."""
