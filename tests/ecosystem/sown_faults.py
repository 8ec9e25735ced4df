"""Sows faults into published model functions and looks whether each is found.

``python -m tests.ecosystem.sown_faults`` prints a table, and fails where a
fault is missed that is not known to be out of reach, found in another place or
mode, or brings a finding along that is not expected.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from estimator_lint.findings import Finding
from estimator_lint.linting import lint_text
from tests.ecosystem.faults import FAULTS, Fault
from tests.ecosystem.packages import CACHE, pinned, provide, text_of


@dataclass(frozen=True, order=True)
class Found:
    """A finding as ``Fault.expected`` writes it."""

    line: int
    code: str
    modes: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.line} {self.modes}".rstrip()


def found(findings: list[Finding]) -> Counter[Found]:
    """The findings, each without its column and text."""
    return Counter(
        Found(each.line, each.code, ", ".join(str(mode) for mode in each.modes))
        for each in findings
    )


def expected(fault: Fault) -> Counter[Found]:
    """The expected findings."""
    entries: Counter[Found] = Counter()
    for entry in fault.expected.split(";"):
        code, line, *modes = entry.split(maxsplit=2)
        entries[Found(int(line), code, *modes)] += 1
    return entries


@dataclass(frozen=True)
class Outcome:
    """The result for one fault."""

    fault: Fault
    missed: list[Found]
    extra: list[Found]

    @property
    def is_known_miss(self) -> bool:
        """Whether the linter misses the fault, as documented."""
        silent = sum(expected(self.fault).values()) == len(self.missed)
        return bool(self.fault.out_of_reach) and silent and not self.extra

    def __str__(self) -> str:
        state = "found " if not (self.missed or self.extra) else "WRONG "
        if self.is_known_miss:
            state = "silent"
        lines = [f"{state} {self.fault.package}: {self.fault.path}:{self.fault.line}"]
        lines.append(f"         {self.fault.title}")
        lines.append(f"         {self.fault.expected}")
        lines += [f"         missed: {entry}" for entry in sorted(self.missed)]
        lines += [f"         not expected: {entry}" for entry in sorted(self.extra)]
        return "\n".join(lines)


def sow(fault: Fault, file: Path) -> Outcome:
    """Lint a file without and with the fault."""
    text = text_of(file)
    wanted, now = expected(fault), found(lint_text(fault.sown_in(text), str(file)))
    before: Counter[Found] = Counter()
    for entry, count in found(lint_text(text, str(file))).items():
        line = entry.line
        if fault.lines_removed and line > fault.line:
            line -= fault.lines_removed
        before[Found(line, entry.code, entry.modes)] = count
    missed = list((wanted - now).elements())
    return Outcome(fault, missed, list((now - wanted - before).elements()))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only paths with this in it")
    options = parser.parse_args(arguments)
    faults = [fault for fault in FAULTS if options.only in fault.path]
    packages = {package.name: package for package in pinned()}
    provide(list(packages.values()))
    outcomes = []
    for fault in faults:
        outcomes.append(sow(fault, packages[fault.package].folder(CACHE) / fault.path))
        print(outcomes[-1])
    silent = [outcome for outcome in outcomes if outcome.is_known_miss]
    wrong = [
        outcome
        for outcome in outcomes
        if (outcome.missed or outcome.extra) and not outcome.is_known_miss
    ]
    files = {(fault.package, fault.path) for fault in faults}
    codes = Counter(entry.code for fault in faults for entry in expected(fault))
    print(
        f"\n{len(faults)} faults in {len(files)} files of "
        f"{len({package for package, _ in files})} packages: "
        f"{len(faults) - len(wrong) - len(silent)} found, {len(wrong)} not, "
        f"{len(silent)} known to be out of reach"
    )
    print(", ".join(f"{code} {count}" for code, count in sorted(codes.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
