"""An argument parser that helps: it suggests close names, and shows the command's usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from estimator_lint.command_line.output import write
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """An ``argparse`` parser with other messages for unknown arguments.

    Its complaints quote nothing that a terminal would obey.  That its help can't be
    written it reports, as of anything else.
    """

    def error(self, message: str) -> NoReturn:
        """End the program with the usage and a message."""
        super().error(printable(message))

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            write(message)
        else:
            super()._print_message(message, file)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse; what is left over is an error of this command, not of the whole program."""
        known, rest = super().parse_known_args(args, namespace)
        if rest and not any(word.startswith("-") for word in rest):
            # Of paths on both sides of an option, argparse takes the first ones only.
            for action in self._get_positional_actions():
                if action.nargs in (argparse.ZERO_OR_MORE, argparse.ONE_OR_MORE):
                    setattr(known, action.dest, [*getattr(known, action.dest), *rest])
                    return known, []
        if rest:
            self._refuse(rest[0])
        return known, []

    def _refuse(self, word: str) -> NoReturn:
        from estimator_lint.configuration.codes import did_you_mean

        name = word.split("=", 1)[0]
        if not name.startswith("-"):
            self.error(f"unexpected argument {word!r}")
        options = [option for option in self._option_string_actions if option.startswith("--")]
        self.error(f"unknown option {name!r}{did_you_mean(name, options)}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        from estimator_lint.configuration.codes import did_you_mean

        names = list(map(str, action.choices))
        hint = did_you_mean(str(value), names) or f" (choose from {', '.join(names)})"
        if isinstance(action, argparse._SubParsersAction):
            if os.path.exists(str(value)):
                hint = f"; did you mean '{self.prog} check {value}'?"
            self.error(f"unknown command {str(value)!r}{hint}")
        raise argparse.ArgumentError(action, f"unknown choice {str(value)!r}{hint}")

    def _parse_optional(self, arg_string: str) -> Any:
        if arg_string.startswith("-:"):  # standard input, and the name of a function in it
            return None
        return super()._parse_optional(arg_string)
