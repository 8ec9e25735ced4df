"""The members of findings that `check` and `modes` have in common as JSON.

Lines and columns are 1-based there.  Where a line is, and whether in a cell, the caller says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from estimator_lint.findings import Event, Finding, Step, Witness

#: The members with the place of a line: ``line``, and ``cell`` if there may be cells.
Where: TypeAlias = Callable[[int], dict[str, Any]]


def place_as_json(place: Event | Finding | Step, where: Where) -> dict[str, Any]:
    """Where something starts and ends."""
    return {
        **where(place.line),
        "column": place.column + 1,
        "end_line": where(place.end_line)["line"],
        "end_column": place.end_column + 1,
    }


def step_as_json(step: Step, where: Where) -> dict[str, Any]:
    """A test on a path."""
    return {
        **place_as_json(step, where),
        "test": step.text,
        "outcome": step.outcome,
        "decided": step.decided,
        "within": step.within or None,
    }


def witness_as_json(witness: Witness, where: Where) -> dict[str, Any]:
    """Why a finding is true in a mode."""
    return {
        "mode": None if witness.mode is None else witness.mode.name,
        "fine_in": [mode.name for mode in witness.fine_in],
        "events": [_event(event, where) for event in witness.events],
        "steps": [step_as_json(step, where) for step in witness.steps],
    }


def _event(event: Event, where: Where) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        **place_as_json(event, where),
        "text": event.text,
        "depth": event.depth,
        "outcome": event.outcome,
        "within": event.within or None,
    }
