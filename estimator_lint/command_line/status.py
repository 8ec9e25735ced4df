"""What the exit status of the program says."""

from __future__ import annotations

import enum


class Status(enum.IntEnum):
    """An exit status, the same for all commands."""

    CLEAN = 0
    FINDINGS = 1
    #: Wrong usage or configuration, or something that was to be looked at could not be.
    COULD_NOT_RUN = 2
