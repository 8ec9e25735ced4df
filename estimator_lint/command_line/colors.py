"""Whether output is in color: by ``--color``, and by the environment as is customary."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from estimator_lint.command_line.output import is_terminal

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

CHOICES = ("auto", "always", "never")


def add_color_option(group: argparse._ActionsContainer) -> None:
    """Add ``--color`` to the parser of a command, or to a group of its options."""
    group.add_argument(
        "--color",
        choices=CHOICES,
        default="auto",
        help="auto: on a terminal unless NO_COLOR is set, or if FORCE_COLOR is set (default: auto)",
    )


def in_color(color: str, stream: TextIO) -> bool:
    """Whether what is written to ``stream`` is in color.

    ``NO_COLOR`` and ``FORCE_COLOR`` count if they are not empty, the first before the second.
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and not is_dumb()


def is_dumb() -> bool:
    """Whether the terminal says that it has neither colors nor a cursor to move."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def console_for(
    stream: TextIO, *, colored: bool, width: int | None = None, soft_wrap: bool = False
) -> Console:
    """A console that writes in color or not, regardless of ``stream`` and the environment."""
    from rich.console import Console

    has_colors = is_terminal(stream) and not is_dumb()
    return Console(
        file=stream,
        width=width,
        soft_wrap=soft_wrap,
        force_terminal=colored,
        no_color=not colored,
        # Only a real terminal reports how many colors it has.
        color_system=("auto" if has_colors else "standard") if colored else None,
        highlight=False,
        emoji=False,
    )
