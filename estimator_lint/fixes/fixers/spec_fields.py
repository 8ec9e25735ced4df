"""Fixes for MFN301: names that a spec does not have, and a missing mode."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from estimator_lint.fixes.added_arguments import add_first_argument
from estimator_lint.fixes.dict_entries import entries_of
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.field_checks import TAKEN

if TYPE_CHECKING:
    from estimator_lint.facts.trace import RejectedCall

#: The least similarity of names that may mean the same, from 0 to 1.
_ALIKE: Final = 0.75
#: Names within this distance of the best similarity are further choices.
_AS_GOOD: Final = 0.05
#: Shorter words are part of too many names.
_SHORTEST_PART: Final = 4


def _rejected(case: Case) -> Iterator[RejectedCall]:
    """The recorded facts at the place of the finding."""
    for function in case.analysis.functions:
        for trace in function.traces.values():
            for rejected in trace.rejected_calls:
                position = rejected.place.position()
                if (position.line, position.column) == case.place:
                    yield rejected


def _renamed(case: Case) -> Iterator[Proposal]:
    """Correct a field name that is nearly right."""
    for rejected in _rejected(case):
        if rejected.problem == "unknown field":
            names = _near(rejected)
            kind = FixKind.SAFE if len(names) == 1 else FixKind.UNSAFE
            for name in names:
                title = f"Rename '{rejected.name}' to '{name}'"
                keyword = _keyword(case, rejected.name, name)
                if keyword is not None:
                    yield Proposal(title, kind, (keyword,))
                for edit in _entry_keys(case, rejected.name, name) if keyword is None else ():
                    yield Proposal(title, FixKind.UNSAFE, (edit,))  # other code may read the dict


def _near(rejected: RejectedCall) -> list[str]:
    """The fields that a name may mean, the most similar first.

    Those with a similar name, or else those whose name contains it.
    """
    given = _plain(rejected.name)
    fields = rejected.spec_class.fields[1:]
    compatibility = {
        field: difflib.SequenceMatcher(None, given, _plain(field)).ratio() for field in fields
    }
    best = max(compatibility.values())
    alike = [field for field in fields if compatibility[field] >= max(_ALIKE, best - _AS_GOOD)]
    part = given.rstrip("s")
    if not alike and len(part) >= _SHORTEST_PART:
        alike = [field for field in fields if part in _plain(field)]
    return sorted(alike, key=compatibility.__getitem__, reverse=True)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _keyword(case: Case, old: str, new: str) -> Edit | None:
    """An edit that renames a keyword; None if the field is not given by keyword."""
    for node in case.index.nodes_at(*case.place):
        if isinstance(node, ast.keyword) and node.arg == old:
            if new not in TAKEN and isinstance(node.value, ast.Dict | ast.List | ast.Set):
                return None  # no rule checks whether the field accepts it
            line, column = case.place
            return Edit(line, column, line, column + len(old), new)
    return None


def _entry_keys(case: Case, old: str, new: str) -> Iterator[Edit]:
    """Edits that rename keys in dicts: one of the dicts may be unpacked."""
    site = case.expression
    if site is not None:
        for entry in entries_of(case.index, case.index.scope_of(site), old):
            edit = entry.rename(case.index, new)
            if edit is not None:
                yield edit


def _mode_for_another(case: Case) -> Iterator[Proposal]:
    """Replace ``labels=labels`` by the mode, if no mode is given."""
    for node in case.index.nodes_at(*case.place):
        call = next(iter(case.index.around(node)), None)
        if not isinstance(node, ast.keyword) or not isinstance(call, ast.Call):
            continue
        mode = case.analysis.spelling.mode_at(node)
        names = {keyword.arg for keyword in call.keywords}
        is_name_of_itself = isinstance(node.value, ast.Name) and node.value.id == node.arg
        if (
            mode is not None
            and is_name_of_itself
            and not call.args
            and names.isdisjoint({"mode", None})
        ):
            title = f"Pass the mode in place of '{node.arg}'"
            yield Proposal(title, FixKind.SAFE, (case.index.replace(node, f"mode={mode}"),))


def _mode_added(case: Case) -> Iterator[Proposal]:
    """Pass the mode to a spec that is built without it."""
    if not any(rejected.problem == "no mode" for rejected in _rejected(case)):
        return
    for call in case.index.nodes_at(*case.place):
        mode = case.analysis.spelling.mode_at(call)
        if isinstance(call, ast.Call) and mode is not None:
            edit = add_first_argument(case.index, call, f"mode={mode}")
            yield Proposal("Pass the mode", FixKind.SAFE, (edit,))


SPEC_FIELD_FIXERS = (
    Fixer("MFN301", _mode_for_another),
    Fixer("MFN301", _renamed),
    Fixer("MFN301", _mode_added),
)
