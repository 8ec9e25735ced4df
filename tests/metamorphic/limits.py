"""Why some mutants are not judged as the program that they are made of."""

from __future__ import annotations

from typing import Final

from tests.metamorphic.comparison import Disagreement

#: By the beginning of ``FILE: changes``, or a part of it: the documented limit behind it.
LIMITS: Final[dict[str, str]] = {
    "MFN804/bad.py: under_true": "MFN804 goes along statements, whatever their tests are",
    "MFN804/bad.py: assigned_by_lambda": "what a nested function names counts as read",
    "MFN804/bad.py: returned_by_closure": "what a nested function names counts as read",
    "MFN806/bad.py: into_another_file": "a hint is about what this file does with its features",
}


def reason_for(found: Disagreement) -> str:
    """The limit that explains a disagreement; empty where none does."""
    head = str(found).partition(": lost ")[0]
    changes = found.mutant.changes
    alone = [f"{head.partition(': ')[0]}: {change}" for change in changes]
    return next(
        (reason for start, reason in LIMITS.items() if any(start in one for one in (head, *alone))),
        "",
    )
