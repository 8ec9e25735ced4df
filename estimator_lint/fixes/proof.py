"""The proof of a fix: the text is evaluated with it, and compared with what it did before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    from estimator_lint.fixes.fixer import Proposal

#: Each code with the code that its rule reports definite findings as.
DEFINITE_CODES: Final = {code: rule.code for rule in RULES for code in rule.codes}


@dataclass
class _Reported:
    """What is reported of one rule on one line."""

    count: int = 0
    modes: set[Mode] = field(default_factory=set)
    definite: bool = False


def is_proved(before: Analysis, finding: Finding, proposal: Proposal) -> bool:
    """Whether a change mends a finding and nothing else is worse for it.

    The finding is gone, nothing new is found, and in the modes that the change does not
    concern each function runs the same lines and fills the same fields of its spec.
    """
    after = before.with_text(apply_edits(before.text, proposal.edits))
    if after is None:
        return False
    origins = MovedLines(proposal.edits).origins(len(after.source.lines))
    if not are_mended((finding,), before.findings, after.findings, origins):
        return False
    return _does_the_same(before, after, origins, finding, proposal)


def are_mended(
    targets: Iterable[Finding],
    before: Iterable[Finding],
    after: Iterable[Finding],
    origins: Mapping[int, int],
) -> bool:
    """Whether findings are gone, and nothing is reported that was not reported before."""
    known = _by_rule_and_line(before, None)
    left = _by_rule_and_line(after, origins)
    keys: list[tuple[str, int | None]] = [
        (DEFINITE_CODES[target.code], target.line) for target in targets
    ]
    for key in keys:
        known[key].count -= 1
    for key, reported in left.items():
        if key[0] == UNUSED_NOQA and key not in keys:
            continue  # what was silenced may be what is mended
        was = known[key]
        if reported.count > was.count or not reported.modes <= was.modes:
            return False
        if reported.definite and not was.definite:
            return False
    return True


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
    finding: Finding,
    proposal: Proposal,
) -> bool:
    if len(before.behaviour) != len(after.behaviour):
        return False
    for was, now in zip(before.behaviour, after.behaviour, strict=True):
        for mode in Mode:
            moved = _moved(now[mode], origins)
            if not _is_concerned(mode, was[mode], finding, proposal):
                if moved != was[mode]:
                    return False
            elif proposal.kind is FixKind.SAFE and not _keeps(was[mode], moved):
                return False
    return True


def _is_concerned(mode: Mode, was: Behaviour, finding: Finding, proposal: Proposal) -> bool:
    """Whether a change may let a function do something else in a mode."""
    modes = finding.modes if proposal.changes is None else proposal.changes
    return mode in modes if modes or proposal.changes is not None else _comes_by(was, finding)


def _comes_by(was: Behaviour, finding: Finding) -> bool:
    """Whether a mode may come to the statement in which a finding stands."""
    return any(line <= finding.line for line in was.lines)


def _moved(now: Behaviour, origins: Mapping[int, int]) -> Behaviour:
    """What is done after a change, with the lines that stood there before it."""
    lines = frozenset(origins[line] for line in now.lines if line in origins)
    return Behaviour(now.spec, now.fields, lines)


def _keeps(was: Behaviour, now: Behaviour) -> bool:
    """Whether all that was done is done still; what a fault has cut off may follow."""
    return was.lines <= now.lines and all(
        given in (Occurrence.NEVER, Occurrence.UNKNOWN) or now.fields.get(name) in _NOT_LESS[given]
        for name, given in was.fields.items()
    )


#: What an occurrence may become without anything being lost.
_NOT_LESS: Final = {
    Occurrence.ALWAYS: (Occurrence.ALWAYS,),
    Occurrence.SOMETIMES: (Occurrence.SOMETIMES, Occurrence.ALWAYS),
}
