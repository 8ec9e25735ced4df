"""Proving a fix: the fixed text is evaluated and compared with the original."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from estimator_lint.fixes.analysis import Behaviour
from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.text_edits import MovedLines, apply_edits
from estimator_lint.modes_view.model import Occurrence
from estimator_lint.noqa_comments import UNUSED_NOQA
from estimator_lint.rules import RULES
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.findings import Finding
    from estimator_lint.fixes.analysis import Analysis
    from estimator_lint.fixes.fix import Edit
    from estimator_lint.fixes.fixer import Proposal

_WORD: Final = re.compile(r"[^\W\d]\w*")

#: For each code, the code of its rule's definite findings.
DEFINITE_CODES: Final = {code: rule.code for rule in RULES for code in rule.codes}


@dataclass
class _Reported:
    """The findings of one rule on one line."""

    count: int = 0
    modes: set[Mode] = field(default_factory=set)
    definite: bool = False


def is_proved(before: Analysis, *changes: tuple[Finding, Proposal]) -> bool:
    """Whether changes, made together, fix their findings and make nothing else worse.

    The findings are gone, there are no new findings, each function runs the same lines and sets the
    same spec fields in the modes that the changes do not concern, and no comment is lost.
    """
    edits = [edit for _, proposal in changes for edit in proposal.edits]
    if not _keeps_comments(before, changes):
        return False
    after = before.with_text(apply_edits(before.text, edits))
    if after is None or _reads_what_is_not_there(before, after, edits):
        return False
    origins = MovedLines(before.text, edits).origins()
    targets = [finding for finding, _ in changes]
    if not are_mended(targets, before.findings, after.findings, origins):
        return False
    return _does_the_same(before, after, origins, changes)


def _reads_what_is_not_there(before: Analysis, after: Analysis, edits: Iterable[Edit]) -> bool:
    """Whether the new text reads a name that is bound elsewhere only, as in another function."""
    brought = {word for edit in edits for word in _WORD.findall(edit.text)}
    return bool(after.names_without_value(brought) - before.names_without_value(brought))


def _keeps_comments(before: Analysis, changes: Sequence[tuple[Finding, Proposal]]) -> bool:
    """Whether the new text contains each comment of the replaced text."""
    for finding, proposal in changes:
        if finding.code == UNUSED_NOQA:
            continue
        brought = "\n".join(edit.text for edit in proposal.edits)
        for edit in proposal.edits:
            for place, text in before.index.comments:
                if edit.start <= place < edit.end and text not in brought:
                    return False
    return True


def are_mended(
    targets: Iterable[Finding],
    before: Iterable[Finding],
    after: Sequence[Finding],
    origins: Mapping[int, int],
) -> bool:
    """Whether findings are gone, and nothing is reported that was not reported before."""
    return not worse(targets, before, after, origins)


def worse(
    targets: Iterable[Finding],
    before: Iterable[Finding],
    after: Sequence[Finding],
    origins: Mapping[int, int],
) -> list[Finding]:
    """The findings that should be fixed but are still there, and the new ones."""
    known = _by_rule_and_line(before, None)
    left = _by_rule_and_line(after, origins)
    keys: list[tuple[str, int | None]] = [
        (DEFINITE_CODES[target.code], target.line) for target in targets
    ]
    for key in keys:
        known[key].count -= 1
    found: set[tuple[str, int | None]] = set()
    for key, reported in left.items():
        if key[0] == UNUSED_NOQA and key not in keys:
            continue  # a silenced finding may be the fixed one
        was = known[key]
        if (
            reported.count > was.count
            or not reported.modes <= was.modes
            or (reported.definite and not was.definite)
        ):
            found.add(key)
    return [each for each in after if (DEFINITE_CODES[each.code], origins.get(each.line)) in found]


def _by_rule_and_line(
    findings: Iterable[Finding], origins: Mapping[int, int] | None
) -> dict[tuple[str, int | None], _Reported]:
    found: dict[tuple[str, int | None], _Reported] = defaultdict(_Reported)
    for each in findings:
        line = each.line if origins is None else origins.get(each.line)
        reported = found[DEFINITE_CODES[each.code], line]
        reported.count += 1
        reported.modes.update(each.modes)
        reported.definite |= not each.is_possible
    return found


def _does_the_same(
    before: Analysis,
    after: Analysis,
    origins: Mapping[int, int],
    changes: Sequence[tuple[Finding, Proposal]],
) -> bool:
    if len(before.behaviour) != len(after.behaviour):
        return False
    kept = frozenset(origins.values())
    for was, now in zip(before.behaviour, after.behaviour, strict=True):
        for mode in Mode:
            then = replace(was[mode], lines=was[mode].lines & kept)
            moved = _moved(now[mode], origins)
            if _is_less_known(then, moved):
                return False
            kinds = {
                proposal.kind
                for finding, proposal in changes
                if _is_concerned(mode, was[mode], before, finding, proposal)
            }
            if not kinds and not _is_unchanged(then, moved):
                return False
            if kinds == {FixKind.SAFE} and not _keeps(then, moved):
                return False
    return True


def _is_unchanged(was: Behaviour, now: Behaviour) -> bool:
    """Whether a mode behaves as before; if it reached no spec before, it may reach one now."""
    return now == was or (not was.returns and _keeps(was, now))


def _is_less_known(was: Behaviour, now: Behaviour) -> bool:
    """Whether something known became unknown, so that findings may have been lost."""
    return (now.spec is Occurrence.UNKNOWN and was.spec is not Occurrence.UNKNOWN) or any(
        now.fields.get(name) is Occurrence.UNKNOWN and given in _NOT_LESS
        for name, given in was.fields.items()
    )


def _is_concerned(
    mode: Mode, was: Behaviour, before: Analysis, finding: Finding, proposal: Proposal
) -> bool:
    """Whether a change may alter a function's behaviour in a mode."""
    if proposal.changes is not None:
        return mode in proposal.changes
    if finding.modes:
        return mode in finding.modes
    # A finding without modes concerns those that reach its statement.
    for node in before.index.nodes_at(finding.line, finding.column):
        statement = before.index.statement_of(node)
        if statement is not None and statement.lineno in was.lines:
            return True
    return False


def _moved(now: Behaviour, origins: Mapping[int, int]) -> Behaviour:
    """The behaviour after a change, with lines as they were numbered before it."""
    lines = frozenset(origins[line] for line in now.lines if line in origins)
    return replace(now, lines=lines)


def _keeps(was: Behaviour, now: Behaviour) -> bool:
    """Whether all earlier behaviour is kept; code that the fault cut off may run in addition."""
    return was.lines <= now.lines and all(
        given in (Occurrence.NEVER, Occurrence.UNKNOWN) or now.fields.get(name) in _NOT_LESS[given]
        for name, given in was.fields.items()
    )


#: What an occurrence may change to without a loss.
_NOT_LESS: Final = {
    Occurrence.ALWAYS: (Occurrence.ALWAYS,),
    Occurrence.SOMETIMES: (Occurrence.SOMETIMES, Occurrence.ALWAYS),
}
