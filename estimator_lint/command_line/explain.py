"""``estimator-lint explain``: the documentation of a code, in the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from estimator_lint.command_line.output import is_terminal, print_with, tell, write
from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    from estimator_lint.rules import Rule

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "explain",
        help="say what a code is about",
        description="Show the documentation of codes, or a list of all of them.",
    )
    parser.add_argument(
        "codes",
        nargs="*",
        metavar="CODE",
        help="a code such as MFN103, or the name of a rule such as missing-loss-in-eval",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show the pages that are asked for."""
    from estimator_lint.rules import RULES

    if not options.codes:
        _show(_table(RULES))
        return Status.CLEAN
    status = Status.CLEAN
    pages = []
    for word in options.codes:
        code = _code_of(word, RULES)
        if code is None:
            tell(f"estimator-lint explain: {_unknown(word, RULES)}")
            status = Status.COULD_NOT_RUN
        else:
            from estimator_lint.code_pages import page_of

            pages.append(page_of(code))
    if pages:
        _show("\n".join(pages))
    return status


def _code_of(word: str, rules: tuple[Rule, ...]) -> str | None:
    """The code that ``word`` means, as a code or as the name of a rule."""
    for rule in rules:
        if word.upper() in rule.codes:
            return word.upper()
        if word.lower() == rule.name:
            return rule.code
    return None


def _unknown(word: str, rules: tuple[Rule, ...]) -> str:
    import difflib

    words = [name for rule in rules for name in (*rule.codes, rule.name)]
    near = [
        match
        for spelling in (word.upper(), word.lower())
        for match in difflib.get_close_matches(spelling, words)
    ]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no code and no rule {word!r}{hint}"


def _table(rules: tuple[Rule, ...]) -> str:
    rows = ["| code | name | what it tells |", "| --- | --- | --- |"]
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
