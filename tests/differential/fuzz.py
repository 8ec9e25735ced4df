"""Runs many random programs: ``python -m tests.differential.fuzz --count 20000``.

Exit status 1 where linter and truth disagree; each disagreement is printed with
the seed and number that write its program again (``--only NUMBER``).
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import re
import sys
import time
from dataclasses import dataclass

from estimator_lint.reduction.delta_debugging import (
    Trials,
    as_written_by_ast,
    smallest_program,
)
from tests.differential.comparison import Disagreement, disagreement, same_disagreement
from tests.differential.programs import numbered_program
from tests.differential.truth import verdicts
from tests.differential.unjudgeable import Unjudgeable


@dataclass(frozen=True)
class Outcome:
    """The result for one program: the codes of its findings, or why there is no verdict."""

    number: int
    codes: tuple[str, ...] = ()
    unjudgeable: str = ""
    difference: Disagreement | None = None


def outcome(seed: int, number: int) -> Outcome:
    """Judge one program."""
    source = numbered_program(seed, number)
    try:
        codes = tuple(verdict.code for verdict in verdicts(source))
        return Outcome(number, codes, difference=disagreement(source))
    except Unjudgeable as reason:
        return Outcome(number, unjudgeable=str(reason))


def _outcome_of(task: tuple[int, int]) -> Outcome:
    return outcome(*task)


def _reduced(difference: Disagreement) -> Disagreement:
    signature = difference.signature
    trials = Trials(lambda text: same_disagreement(text, signature), limit=2_000)
    program = as_written_by_ast(difference.source)
    source = smallest_program(program, trials, placeholders=("t", "None"))
    return disagreement(source) or difference


def run(seed: int, numbers: range, jobs: int, show: int) -> bool:
    """Judge programs and print the results; returns whether all agree."""
    started = time.perf_counter()
    codes: collections.Counter[str] = collections.Counter()
    unjudgeable: collections.Counter[str] = collections.Counter()
    groups: dict[str, list[Outcome]] = {}
    judged = 0
    with multiprocessing.Pool(jobs) as pool:
        tasks = ((seed, number) for number in numbers)
        for result in pool.imap_unordered(_outcome_of, tasks, chunksize=50):
            judged += not result.unjudgeable
            if result.unjudgeable:
                unjudgeable[_kind_of_reason(result.unjudgeable)] += 1
            codes.update(result.codes)
            if result.difference is not None:
                groups.setdefault(result.difference.signature, []).append(result)
    disagreeing = sum(map(len, groups.values()))
    print(", ".join(f"{code} {count}" for code, count in sorted(codes.items())))
    print("not judged:", "; ".join(f"{reason} {n}" for reason, n in unjudgeable.most_common()))
    print(
        f"seed {seed}: {len(numbers)} programs, {judged} judged, {disagreeing} disagree, "
        f"{time.perf_counter() - started:.1f} s with {jobs} jobs"
    )
    _show_groups(seed, groups, show)
    return not disagreeing


def _kind_of_reason(text: str) -> str:
    """A reason without the details of one program."""
    return re.sub("'[^']*'|[0-9]+", "…", text.split("<")[0])


def _show_groups(seed: int, groups: dict[str, list[Outcome]], show: int) -> None:
    for signature, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        numbers = sorted(member.number for member in members)
        print(f"\n{signature}: {len(members)} programs, numbers {numbers[:10]}")
        shortest = sorted(members, key=lambda member: len(str(member.difference)))
        for member in shortest[:show]:
            assert member.difference is not None
            print(f"--seed {seed} --only {member.number}, reduced:")
            print(_reduced(member.difference), flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.differential.fuzz")
    parser.add_argument("--count", type=int, default=20_000, help="how many programs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="number of the first program")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--show", type=int, default=1, help="programs to print of each kind")
    parser.add_argument("--only", type=int, help="print one program with its verdicts")
    options = parser.parse_args(arguments)
    if options.only is not None:
        return _print_one(options.seed, options.only)
    numbers = range(options.start, options.start + options.count)
    return 0 if run(options.seed, numbers, options.jobs, options.show) else 1


def _print_one(seed: int, number: int) -> int:
    difference = outcome(seed, number).difference
    print(difference or numbered_program(seed, number))
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
