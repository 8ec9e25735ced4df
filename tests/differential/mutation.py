"""The mutation score: ``python -m tests.differential.mutation``.

Model functions of the fixtures that are accepted as they are get damaged; each
mutant that execution shows to fail in an addressed mode must be found.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path

from tests.differential.candidates import Candidate, of_file, of_fixtures, of_packages
from tests.differential.comparison import linted_function, right
from tests.differential.execution import definition
from tests.differential.instrumentation import Unjudgeable
from tests.differential.mutants import Mutant, mutants
from tests.differential.truth import NAMES, Verdict, truth

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


#: Functions whose mutants may survive, and why: what the stand-in does by executing
#: them, nobody can tell who reads the source.
EXPLAINED = {
    "undecidable.py:unknown_keywords_model_fn": "the fields come from a function that is looked up "
    "in a dict of the running program, as the fixture is there to show",
    "undecidable.py:unknown_mode_model_fn": "so does the key; a spec with a key that is not known "
    "has no requirements that are known",
    "decorated.py:dict_model_fn": "a decorator of the file makes the spec of the dict that the "
    "function returns; what a decorator makes of a model function is not evaluated",
    "dicts_of_fields.py:escaped_model_fn": "the dict goes into a function that can't be seen, and "
    "that may have filled it: to say that a field is missing would be a guess",
    "dicts_of_fields.py:stored_elsewhere_model_fn": "the same, with the dict in a list",
}


@dataclass(frozen=True)
class Survivor:
    """A mutant of which linter and truth say different things.

    Attributes:
        origin: the file and the function.
        wrong: what is right and not found, or else found and not right.
    """

    origin: str
    mutant: Mutant
    wrong: frozenset[Verdict]

    def __str__(self) -> str:
        lines = self.mutant.source.splitlines()
        head = f"{self.origin}: {self.mutant.kind}, line {self.mutant.line}"
        wrong = [f"  {it}    {lines[it.line - 1].strip()}" for it in sorted(self.wrong)]
        return "\n".join([head, *wrong])


@dataclass
class Score:
    """What came of the mutants of some functions."""

    functions: int = 0
    mutants: int = 0
    unjudgeable: int = 0
    rejected: int = 0
    unexpected: list[Survivor] = field(default_factory=list)
    survivors: list[Survivor] = field(default_factory=list)
    explained: list[Survivor] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def percent(self) -> float:
        """The share of the failing mutants that were found, without those explained."""
        to_be_found = self.rejected - len(self.explained)
        return 100.0 * (to_be_found - len(self.survivors)) / (to_be_found or 1)

    def __str__(self) -> str:
        return (
            f"{self.functions} functions, {self.mutants} mutants, "
            f"{self.unjudgeable} not judged, {self.rejected} fail, "
            f"{len(self.explained)} of them explained, {len(self.survivors)} survive: "
            f"score {self.percent:.1f} %"
        )


def score_of(candidate: Candidate) -> Score:
    """Damage one function in every way and count what is found."""
    score = Score()
    if candidate.is_accepted():
        score.functions = 1
        for mutant in mutants(candidate.source, candidate.name):
            score.mutants += 1
            _judge(candidate, mutant, score)
    return score


def _judge(candidate: Candidate, mutant: Mutant, score: Score) -> None:
    try:
        judged = [truth(mutant.source, candidate.name, owner) for owner in candidate.owners]
    except (Unjudgeable, RecursionError):
        score.unjudgeable += 1
        return
    entry = definition(ast.parse(mutant.source), candidate.name)
    found = linted_function(mutant.source, entry.lineno)
    # What stands elsewhere others call, too.
    lines = range(entry.lineno, (entry.end_lineno or entry.lineno) + 1)
    own = frozenset(verdict for verdict in found if verdict.line in lines)
    expected = frozenset(verdict for each in judged for verdict in right(each, own))
    if not expected:
        if own and any(each.made_up for each in judged):
            score.unjudgeable += 1
        elif own:
            score.unexpected.append(Survivor(candidate.origin, mutant, own))
        return
    score.rejected += 1
    missed = frozenset(verdict for verdict in expected if not _is_found(verdict, found))
    if missed:
        survivors = score.explained if _explanation(candidate.origin) else score.survivors
        survivors.append(Survivor(candidate.origin, mutant, missed))


def _explanation(origin: str) -> str:
    return next((reason for end, reason in EXPLAINED.items() if end in origin), "")


def _is_found(verdict: Verdict, found: frozenset[Verdict]) -> bool:
    """Whether the same rule speaks there, in those modes, with either certainty."""
    modes = {
        mode
        for other in found
        if (other.line, other.column) == (verdict.line, verdict.column)
        and _rule(other.code) == _rule(verdict.code)
        for mode in other.modes or NAMES.values()
    }
    return set(verdict.modes or NAMES.values()) <= modes


def _rule(code: str) -> str:
    return code[:4] + code[5:]


def report(title: str, candidates: Iterable[Candidate], jobs: int) -> Score:
    """Damage functions, print what came of it."""
    started = time.perf_counter()
    score = Score()
    with multiprocessing.Pool(jobs) as pool:
        for each in pool.imap(score_of, candidates):
            score.add(each)
    for survivor in score.unexpected:
        print(f"found, though it does not fail: {survivor}")
    for origin, count in Counter(survivor.origin for survivor in score.explained).items():
        print(f"not found, {_explanation(origin)}: {origin}, {count} mutants")
    for survivor in score.survivors:
        print(f"not found: {survivor}")
    print(f"{title}: {score}, {time.perf_counter() - started:.1f} s", flush=True)
    return score


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 1 if a mutant survives or is found without need."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m tests.differential.mutation"
    )
    parser.add_argument("files", nargs="*", type=Path, help="instead of all that there is")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args(arguments)
    if options.files:
        chosen = (each for path in options.files for each in of_file(path, str(path)))
        scores = [report("these files", chosen, options.jobs)]
    else:
        scores = [
            report("fixtures", of_fixtures(FIXTURES), options.jobs),
            report("published", of_packages(), options.jobs),
        ]
    return 1 if any(score.survivors or score.unexpected for score in scores) else 0


if __name__ == "__main__":
    sys.exit(main())
