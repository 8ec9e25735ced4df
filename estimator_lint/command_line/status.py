"""The exit statuses of the program."""

from __future__ import annotations

import enum


class Status(enum.IntEnum):
    """An exit status, the same for all commands."""

    CLEAN = 0
    FINDINGS = 1
    #: Wrong usage or configuration, or a file that could not be checked.
    COULD_NOT_RUN = 2
