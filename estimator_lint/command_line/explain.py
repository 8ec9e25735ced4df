"""``estimator-lint explain``: the documentation of a code, in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.command_line.output import is_terminal, print_with, tell, write
from estimator_lint.command_line.status import Status
from estimator_lint.json_output import to_json

if TYPE_CHECKING:
    from estimator_lint.rules import Rule

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "explain",
        help="explain codes, or list them all",
        description="Show the documentation of codes, or a list of all of them.",
    )
    parser.add_argument(
        "codes",
        nargs="*",
        metavar="CODE",
        help="a code such as MFN103, or the name of a rule such as missing-loss-in-eval",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="(default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show the pages that are asked for."""
    from estimator_lint.command_line.formats.lookup import rules_by_code
    from estimator_lint.configuration.codes import UnknownCodeError, code_named
    from estimator_lint.rules import RULES

    is_json = options.format == "json"
    if not options.codes:
        if is_json:
            write(_as_json(list(rules_by_code())))
        else:
            _show(_table(RULES))
        return Status.CLEAN
    status = Status.CLEAN
    codes = []
    for word in options.codes:
        try:
            codes.append(code_named(word))
        except UnknownCodeError as error:
            tell(f"estimator-lint explain: error: {error}")
            status = Status.COULD_NOT_RUN
    if is_json:
        write(_as_json(codes))
    elif codes:
        from estimator_lint.documented_codes import page_of

        _show("\n".join(map(page_of, codes)))
    return status


def _as_json(codes: Sequence[str]) -> str:
    """The documentation of codes as JSON."""
    from estimator_lint.command_line.formats.lookup import is_possible, rules_by_code
    from estimator_lint.documented_codes import page_of

    content = [
        {
            "code": code,
            "rule": rules_by_code()[code].name,
            "certainty": "possible" if is_possible(code) else "definite",
            "summary": rules_by_code()[code].summary,
            "page": page_of(code),
        }
        for code in codes
    ]
    return to_json(content)


def _table(rules: tuple[Rule, ...]) -> str:
    rows = ["| code | name | summary |", "| --- | --- | --- |"]
    rows += [f"| {', '.join(rule.codes)} | {rule.name} | {rule.summary} |" for rule in rules]
    return "\n".join(rows) + "\n"


def _show(markdown: str) -> None:
    """Laid out on a terminal; as it is for anything else."""
    if not is_terminal(sys.stdout):
        write(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    # A theme that leaves the background as it is, dark or light.
    page = Markdown(markdown, code_theme="ansi_dark", hyperlinks=False)
    print_with(Console(), [page])
