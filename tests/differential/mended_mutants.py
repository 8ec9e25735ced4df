"""The effect of ``--fix --unsafe-fixes`` on damaged model functions, judged by execution.

``python -m tests.differential.mutation --fix`` fixes the mutants of the mutation score. The
stand-in for TensorFlow runs each one before and after: no run that it accepted may be rejected
afterwards. For the remaining findings, each fix that the user may choose is tried as well.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from unittest import mock

from estimator_lint import linting
from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import ModelFunction, model_functions_of
from estimator_lint.findings import Finding
from estimator_lint.fixes.analysis import Analyses
from estimator_lint.fixes.editable import PythonText
from estimator_lint.fixes.fix import Fix
from estimator_lint.fixes.passes import Fixed, fix_all
from estimator_lint.fixes.proved import FileFixes
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.settings import Settings
from tests.differential.candidates import Candidate, qualified
from tests.differential.execution import Program
from tests.differential.mutants import Mutant, mutants
from tests.differential.recording import MODES, Run
from tests.differential.unjudgeable import Unjudgeable
from tests.long_runs import RESULTS, Counts, added_from, saved, within

_FILE = "model.py"


@dataclass
class Mended:
    """A mutant, and the result of fixing it.

    Attributes:
        origin: the file and the function.
        before: the findings in it.
        fixed: the fixed findings, and their fixes.
        result: the source afterwards.
        settled: another run would change nothing.
        left: the findings in it.
        accepted: in how many more modes all runs accept it.
        harmed: runs that are no longer accepted, or why nothing runs.
    """

    origin: str
    mutant: Mutant
    before: Sequence[Finding]
    fixed: Sequence[tuple[Finding, Fix]]
    result: str
    settled: bool
    left: Sequence[Finding]
    accepted: int
    harmed: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether a fix did harm, or fixing did not end."""
        gains = len(self.left) < len(self.before) if self.fixed else True
        return bool(self.harmed) or not self.settled or not gains

    def __str__(self) -> str:
        head = f"{self.origin}: {self.mutant.kind}, line {self.mutant.line}"
        done = [f"  {finding.code} line {finding.line}: {fix.title}" for finding, fix in self.fixed]
        unsettled = [] if self.settled else ["  one more run would go on"]
        return "\n".join([head, *done, *unsettled, *(f"  {each}" for each in self.harmed)])


@dataclass
class MendingScore(Counts):
    """The results of fixing the mutants of some functions; ``functions`` are those looked at."""

    functions: int = 0
    mutants: int = 0
    unjudgeable: int = 0
    found: int = 0
    mended: int = 0
    choices: int = 0
    chosen: int = 0
    failing: int = 0
    accepted: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    mended_codes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.functions} functions, {self.mutants} mutants with findings, "
            f"{self.unjudgeable} not judged; "
            f"{self.mended} of {self.found} findings mended; {self.accepted} of {self.failing} "
            f"modes that failed are accepted; of the other findings {self.choices} have fixes to "
            f"choose, {self.chosen} in all; {len(self.wrong)} mutants wrongly mended"
        )


def mending_score_of(candidate: Candidate, every: int = 1, first: int = 0) -> MendingScore:
    """Fix the mutants of one function: each ``every``-th, from the one of number ``first``."""
    score = MendingScore(functions=1)
    if candidate.is_accepted():
        for mutant in itertools.islice(
            mutants(candidate.source, candidate.name), first, None, every
        ):
            _mend(candidate, mutant, score)
    return score


def _score_of(job: tuple[Candidate, int, int]) -> MendingScore:
    return mending_score_of(*job)


def _mend(candidate: Candidate, mutant: Mutant, score: MendingScore) -> None:
    with only(candidate.name):
        analyses = Analyses(_FILE, Settings())
        found = _found(analyses, mutant.source)
        if not found:
            return
        score.mutants += 1
        fixed = fix_all(
            PythonText(mutant.source), analyses, functools.partial(_found, analyses), unsafe=True
        )
    score.codes.update(finding.code for finding in found)
    score.found += len(found)
    try:
        before = outcomes(candidate, mutant.source)
    except (Unjudgeable, RecursionError):
        score.unjudgeable += 1
        return
    score.failing += len(failing_modes(before))
    score.mended_codes.update(finding.code for finding, _ in fixed.fixed)
    score.mended += len(found) - len(fixed.left)
    mended = _judged(candidate, mutant, found, fixed, before)
    score.accepted += mended.accepted
    _choose(mended, candidate, score, analyses)
    if mended.is_wrong:
        score.wrong.append(str(mended))


def _judged(
    candidate: Candidate,
    mutant: Mutant,
    found: Sequence[Finding],
    fixed: Fixed,
    before: list[list[Run]],
) -> Mended:
    """The verdict of execution on a fixed mutant."""
    accepted, harmed = _compared(candidate, before, fixed.file.content)
    return Mended(
        origin=candidate.origin,
        mutant=mutant,
        before=found,
        fixed=fixed.fixed,
        result=fixed.file.content,
        settled=fixed.settled,
        left=fixed.left,
        accepted=accepted,
        harmed=harmed,
    )


def _compared(
    candidate: Candidate, before: list[list[Run]], source: str
) -> tuple[int, tuple[str, ...]]:
    """In how many more modes a source is accepted, and the runs in which it no longer is."""
    try:
        after = outcomes(candidate, source)
    except (Unjudgeable, RecursionError) as error:
        return 0, (f"cannot be run any more: {error}",)
    gained = failing_modes(before) - failing_modes(after)
    return len(gained), tuple(harmed_runs(before, after))


def _choose(mended: Mended, candidate: Candidate, score: MendingScore, analyses: Analyses) -> None:
    """Try each fix of the remaining findings alone; harm is recorded for the mutant."""
    with only(candidate.name):
        fixes = FileFixes(mended.result, analyses)
        offered = [(finding, list(fixes.proved(finding))) for finding in mended.left]
    before = outcomes(candidate, mended.result) if any(some for _, some in offered) else []
    for finding, some in offered:
        score.choices += bool(some)
        score.chosen += len(some)
        for fix in some:
            _, harmed = _compared(candidate, before, apply_edits(mended.result, fix.edits))
            mended.harmed += tuple(f"{finding.code}: {fix.title}: {each}" for each in harmed)


def _found(analyses: Analyses, text: str) -> Sequence[Finding]:
    analysis = analyses.of(text)
    assert analysis is not None
    return analysis.findings


@contextlib.contextmanager
def only(name: str) -> Iterator[None]:
    """Let the linter see only one model function of a file: the last one of its name."""

    def the_one(definitions: Definitions, settings: Settings) -> list[ModelFunction]:
        functions = model_functions_of(definitions, settings)
        return [function for function in functions if qualified(function) == name][-1:]

    with mock.patch.object(linting, "model_functions_of", the_one):
        yield


@functools.lru_cache(maxsize=3)
def outcomes(candidate: Candidate, source: str) -> list[list[Run]]:
    """The runs of a function, with each of its owners."""
    return [Program(source, candidate.name, owner).runs() for owner in candidate.owners]


def _is_accepted(run: Run) -> bool:
    spec = run.returned
    return run.end == "accepted" and not (spec and (spec.nothing_to_predict or spec.unreduced))


def failing_modes(outcomes: list[list[Run]]) -> set[tuple[int, str]]:
    """The modes in which some run fails, with the number of the owner."""
    return {
        (number, run.mode)
        for number, runs in enumerate(outcomes)
        for run in runs
        if not _is_accepted(run)
    }


def harmed_runs(before: list[list[Run]], after: list[list[Run]]) -> Iterator[str]:
    """The rejected runs for which a run with the same flags was accepted."""
    for then, now in zip(before, after, strict=True):
        for mode in MODES:
            for run in now:
                if run.mode != mode or _is_accepted(run):
                    continue
                alike = [each for each in then if each.mode == mode and _agree(each, run)]
                if alike and all(map(_is_accepted, alike)):
                    yield f"{mode} is {run.end} now, with {run.params.decisions}"


def _agree(one: Run, other: Run) -> bool:
    """Whether two runs may be the same: no flag is decided differently."""
    ours, theirs = one.params.decisions, other.params.decisions
    return all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())


def report(
    title: str,
    candidates: Iterable[Candidate],
    jobs: int,
    every: int,
    *,
    minutes: float | None = None,
    resume: bool = False,
) -> MendingScore:
    """Fix mutants of functions, and print the results.

    ``resume`` leaves out the functions of earlier runs and adds to their results; the run ends
    after so many ``minutes``.
    """
    started = time.perf_counter()
    results = RESULTS / f"mended-{title.replace(' ', '-')}-{every}.json"
    score = added_from(MendingScore(), results) if resume else MendingScore()
    # The first mutants of all functions are alike, so each function begins with another one.
    numbered = ((each, every, number % every) for number, each in enumerate(candidates))
    chosen = itertools.islice(numbered, score.functions, None)
    with contextlib.ExitStack() as stack:
        scores: Iterator[MendingScore] = map(_score_of, chosen)
        if jobs > 1:
            scores = stack.enter_context(multiprocessing.Pool(jobs)).imap(_score_of, chosen)
        for each in within(minutes, scores):
            score.add(each)
            if resume:
                saved(score, results)
    for mended in score.wrong:
        print(f"wrongly mended: {mended}")
    for code, count in sorted(score.codes.items()):
        print(f"{title}: {code}: {score.mended_codes[code]} of {count} mended")
    sample = "" if every == 1 else f", one mutant of {every}"
    print(f"{title}: {score}{sample}, {time.perf_counter() - started:.1f} s", flush=True)
    return score
