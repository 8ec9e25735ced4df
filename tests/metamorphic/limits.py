"""Why some mutants have other findings than the original program."""

from __future__ import annotations

from typing import Final

from tests.fixture_expectations import FIXTURES
from tests.metamorphic.comparison import Disagreement

#: By the beginning of ``FILE: changes``, or a part of it: the documented limit that explains it.
LIMITS: Final[dict[str, str]] = {
    "MFN804/bad.py: under_true": "MFN804 goes along statements, whatever their tests are",
    "MFN804/bad.py: in_try_finally": "MFN804 does not follow `try`",
    **{
        f"{code}/{path.name}: unrelated_test": "names in graphs are compared if all calls are known"
        for code in ("MFN602", "MFN603", "MFN604")
        for path in (FIXTURES / code).glob("*.py")
    },
    "MFN804/bad.py: assigned_by_lambda": "what a nested function names counts as read",
    "MFN804/bad.py: returned_by_closure": "what a nested function names counts as read",
    "MFN806/bad.py: into_another_file": "a hint is about what this file does with its features",
}


def reason_for(found: Disagreement) -> str:
    """The limit that explains a disagreement; empty if none does."""
    head = str(found).partition(": lost ")[0]
    changes = found.mutant.changes
    alone = [f"{head.partition(': ')[0]}: {change}" for change in changes]
    return next(
        (reason for start, reason in LIMITS.items() if any(start in one for one in (head, *alone))),
        "",
    )
