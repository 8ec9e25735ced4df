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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.differential import mended_mutants
from tests.differential.candidates import Candidate, of_file, of_fixtures, of_packages
from tests.differential.comparison import linted_function, right
from tests.differential.execution import definition
from tests.differential.mutants import Mutant, mutants
from tests.differential.truth import NAMES, Verdict, truth
from tests.differential.unjudgeable import Unjudgeable
from tests.long_runs import Counts

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


#: By the function, or the function and the damage: why mutants survive whose fault the source does
#: not show.
EXPLAINED = {
    "dicts_of_fields.py:escaped_model_fn": "the dict goes into a function that can't be seen, and "
    "that may have filled it",
    "dicts_of_fields.py:stored_elsewhere_model_fn": "the same, with the dict in a list",
    "out_of_reach.py:hidden_removal_model_fn": "the same, in one mode",
    "attributes.py:FilledByName.model_fn: drop the return": "which method sets the loss is a "
    "setting; what is left of this one says nothing of those of subclasses",
    "attributes.py:FilledByName.model_fn: delete the assignment": "the same",
    "attributes.py:FilledByName.model_fn: delete the branch": "the same",
    "attributes.py:Hooks.model_fn: drop the return": "a method that does nothing is one that "
    "some subclass defines",
    "attributes.py:FilledByHooks.model_fn: delete the assignment": "the same",
    "classes.py:Stateful.model_fn: delete the assignment": "the same",
    "inputs.py:form_of_features_model_fn": "which form features have in TRAIN, the input function "
    "tells: one of the two never comes to the site",
    "opennmt/estimator.py:make_model_fn._fn: delete": "whether a loss or a train_op is a tuple "
    "may depend on the mode, through code of another file",
}

#: The same for mutants whose fault the source shows, but the linter does not find.
LIMITS = {
    "decorated.py:dict_model_fn": "what a decorator makes of a model function is not evaluated",
    "attributes.py:FilledByHooks.model_fn": "another object's attribute of that name is assigned "
    "to in the file, and it is not followed whose",
    "attributes.py:FilledByName.model_fn: delete the call": "the same",
    "attributes.py:FilledByPart.model_fn": "the same, by an object that was given `self`",
    "attributes.py:FilledInOneGo.model_fn": "an attribute is set under a computed name",
    "attributes.py:Lazy.model_fn": "the same, by a decorator of a property",
    "loops_by_index.py:backwards_model_fn": "which round of a loop of unknown length comes to the "
    "number that is tested for, is not evaluated",
    "extract_features.py:model_fn_builder.model_fn: predictions: None": "what is stored later "
    "under a formatted name might replace it",
    "opennmt/estimator.py:make_model_fn._fn": "more paths in doubt than are kept apart, and "
    "merged ones no longer prove that one of them exists",
}


@dataclass(frozen=True)
class Survivor:
    """A mutant on which linter and truth disagree.

    Attributes:
        origin: the file and the function.
        wrong: the correct findings that are missing, or else the incorrect ones.
    """

    origin: str
    mutant: Mutant
    wrong: frozenset[Verdict]

    @property
    def head(self) -> str:
        return f"{self.origin}: {self.mutant.kind}, line {self.mutant.line}"

    def reason(self, known: Mapping[str, str]) -> str:
        """Why it survives, if known."""
        return next((reason for start, reason in known.items() if start in self.head), "")

    def __str__(self) -> str:
        lines = self.mutant.source.splitlines()
        wrong = [f"  {it}    {lines[it.line - 1].strip()}" for it in sorted(self.wrong)]
        return "\n".join([self.head, *wrong])


@dataclass
class Score(Counts):
    """The results for the mutants of some functions."""

    functions: int = 0
    mutants: int = 0
    unjudgeable: int = 0
    rejected: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    unexpected: list[Survivor] = field(default_factory=list)
    survivors: list[Survivor] = field(default_factory=list)
    explained: list[Survivor] = field(default_factory=list)
    limits: list[Survivor] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """The share of the failing mutants that were found, without those explained."""
        to_be_found = self.rejected - len(self.explained)
        missed = len(self.survivors) + len(self.limits)
        return 100.0 * (to_be_found - missed) / (to_be_found or 1)

    def __str__(self) -> str:
        return (
            f"{self.functions} functions, {self.mutants} mutants, "
            f"{self.unjudgeable} not judged, {self.rejected} fail, "
            f"{len(self.explained)} of them as nobody can tell; {len(self.limits)} survive "
            f"by known limits, {len(self.survivors)} otherwise: score {self.percent:.1f} %"
        )


def score_of(candidate: Candidate) -> Score:
    """Damage one function in every way and count the findings."""
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
    expected = frozenset(verdict for each in judged for verdict in right(each, found))
    extra = frozenset(verdict for verdict in found if not _is_found(verdict, expected))
    missed = frozenset(verdict for verdict in expected if not _is_found(verdict, found))
    if expected:
        score.rejected += 1
        score.codes.update({_rule(verdict.code) for verdict in expected})
    if missed:
        _note_survivor(Survivor(candidate.origin, mutant, missed), score)
    elif extra and any(each.made_up for each in judged):
        score.unjudgeable += not expected
    elif extra:
        score.unexpected.append(Survivor(candidate.origin, mutant, extra))


def _note_survivor(survivor: Survivor, score: Score) -> None:
    if survivor.reason(EXPLAINED):
        score.explained.append(survivor)
    elif survivor.reason(LIMITS):
        score.limits.append(survivor)
    else:
        score.survivors.append(survivor)


def _is_found(verdict: Verdict, found: frozenset[Verdict]) -> bool:
    """Whether the same rule has a finding there, in those modes, with either certainty."""
    modes = {
        mode
        for other in found
        if (other.line, other.column) == (verdict.line, verdict.column)
        and _rule(other.code) == _rule(verdict.code)
        for mode in other.modes or NAMES.values()
    }
    return set(verdict.modes or NAMES.values()) <= modes


def _rule(code: str) -> str:
    return f"{code[:4]}0{code[5:]}"


def report(title: str, candidates: Iterable[Candidate], jobs: int) -> Score:
    """Damage functions, and print the results."""
    started = time.perf_counter()
    score = Score()
    with multiprocessing.Pool(jobs) as pool:
        for each in pool.imap(score_of, candidates):
            score.add(each)
    for survivor in score.unexpected:
        print(f"found, though it does not fail so: {survivor}")
    for survivors, known in ((score.explained, EXPLAINED), (score.limits, LIMITS)):
        for survivor in survivors:
            print(f"not found, {survivor.reason(known)}: {survivor.head}")
    for survivor in score.survivors:
        print(f"not found: {survivor}")
    codes = ", ".join(f"{code} {count}" for code, count in sorted(score.codes.items()))
    print(f"{title}: mutants by what they fail by, possibly or for certain: {codes}")
    print(f"{title}: {score}, {time.perf_counter() - started:.1f} s", flush=True)
    return score


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 1 if a mutant survives or is found without need."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m tests.differential.mutation"
    )
    parser.add_argument("files", nargs="*", type=Path, help="instead of all that there is")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--fix", action="store_true", help="fix the mutants, and run them again")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="fix one mutant of N (default: all)"
    )
    parser.add_argument(
        "--minutes", type=float, help="with --fix: end each part after so much time"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="with --fix: add to the results of earlier runs, which are in .cache/long_runs",
    )
    options = parser.parse_args(arguments)
    if options.fix:
        return _fix(options)
    if options.files:
        chosen = (each for path in options.files for each in of_file(path, str(path)))
        scores = [report("these files", chosen, options.jobs)]
    else:
        scores = [
            report("fixtures", of_fixtures(FIXTURES), options.jobs),
            report("published", of_packages(), options.jobs),
        ]
    return 1 if any(score.survivors or score.unexpected for score in scores) else 0


def _fix(options: argparse.Namespace) -> int:
    """Fix the mutants; exit status 1 if one is worse afterwards."""
    sources: dict[str, Iterable[Candidate]]
    if options.files:
        chosen = (each for path in options.files for each in of_file(path, str(path)))
        sources = {"these files": chosen}
    else:
        sources = {"fixtures": of_fixtures(FIXTURES), "published": of_packages()}
    scores = [
        mended_mutants.report(
            title,
            candidates,
            options.jobs,
            options.every,
            minutes=options.minutes,
            resume=options.resume,
        )
        for title, candidates in sources.items()
    ]
    return 1 if any(score.wrong for score in scores) else 0


if __name__ == "__main__":
    sys.exit(main())
