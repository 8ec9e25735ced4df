"""Lints input that was not written for it: ``python dev.py fuzz --crash 10000``.

Exit status 1 where an exception comes out of the linter, or out of a format; each is
printed, reduced, with the seed and number that write its input again (``--only NUMBER``).
Prints why functions were not analysed, and which inputs took most time and memory.
``--resume`` and ``--minutes`` do a long run in slices.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import gc
import multiprocessing
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import FrameType

from estimator_lint.checking import CheckedFile, Checker
from estimator_lint.command_line.formats.as_azure import azure_lines, azure_problem
from estimator_lint.command_line.formats.as_github import github_lines, github_problem
from estimator_lint.command_line.formats.as_gitlab import as_gitlab
from estimator_lint.command_line.formats.as_json import as_json
from estimator_lint.command_line.formats.as_junit import as_junit
from estimator_lint.command_line.formats.as_sarif import as_sarif
from estimator_lint.command_line.formats.as_text import concise, summary, text_of
from estimator_lint.command_line.running import FileFindings, Report
from estimator_lint.configuration.project_settings import read_configuration
from estimator_lint.reduction.delta_debugging import Trials, smallest_lines
from tests.long_runs import RESULTS, Counts, added_from, saved, within
from tests.robustness.arbitrary_code import numbered_input
from tests.robustness.grammar import BATCH, grammar_input

_NAME = "input_{}.py"


class _Timeout(BaseException):
    """Not an ``Exception``, which the linter would report."""


@dataclass(frozen=True)
class Outcome:
    """The result for one input.

    Attributes:
        fault: the exception that left the linter; empty if there was none.
        refused: why Python, or the linter, did not analyse the file or its functions.
        findings: how many others there are.
        seconds: the CPU time.
        kilobytes: the growth of the process.
    """

    number: int
    fault: str = ""
    refused: tuple[str, ...] = ()
    findings: int = 0
    seconds: float = 0.0
    kilobytes: int = 0


def outcome(number: int, source: str, limit: float) -> Outcome:
    """The result of linting a text, and of writing what is found, in at most ``limit`` seconds."""
    checked, result = _linted(number, source, limit)
    return _with_formats([(checked, result)], limit)[0]


def outcomes(inputs: Iterable[tuple[int, str]], limit: float) -> list[Outcome]:
    """The same for several texts; all findings go into one report, as in a run over files."""
    return _with_formats([_linted(number, source, limit) for number, source in inputs], limit)


def _linted(number: int, source: str, limit: float) -> tuple[CheckedFile, Outcome]:
    memory, started = _memory(), time.process_time()
    name = _NAME.format(number)
    checked, fault, refused = CheckedFile(name), "", []
    try:
        with _at_most(limit):
            checked = _checker().check(name, source.encode("utf-8", "surrogatepass"))
        if checked.problem is not None:
            refused.append(checked.problem.text.split(":")[0])
        for located in checked.findings:
            if located.finding.code == "MFN000":
                refused.append(located.finding.text.partition("analysed: ")[2])
        fault = next((each for each in refused if each.startswith("internal error")), "")
    except _Timeout:
        refused.append("took too long")
    except Exception as error:
        fault = _named(error)
    seconds, growth = time.process_time() - started, _memory() - memory
    findings = len(checked.findings)
    return checked, Outcome(number, fault, tuple(refused), findings, seconds, growth)


def _with_formats(results: list[tuple[CheckedFile, Outcome]], limit: float) -> list[Outcome]:
    """The outcomes after the findings were written; if that fails, those of each one alone."""
    fault, refused = "", tuple[str, ...]()
    try:
        with _at_most(limit):
            _write_all([checked for checked, _ in results])
    except _Timeout:
        refused = ("took too long",)
    except Exception as error:
        fault = _named(error)
    if not fault and not refused:
        return [result for _, result in results]
    if len(results) > 1:
        return [_with_formats([each], limit)[0] for each in results]
    result = results[0][1]
    return [replace(result, fault=result.fault or fault, refused=result.refused + refused)]


def _named(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({place.name})"


@functools.cache
def _checker() -> Checker:
    configuration = read_configuration(isolated=True)
    return Checker(configuration.options, configuration.settings)


def _write_all(checked: list[CheckedFile]) -> None:
    problems = [each.problem for each in checked if each.problem is not None]
    files = []
    for each in checked:
        findings = tuple(located.finding for located in each.findings)
        files += [FileFindings(each.path, findings, each.lines)] if findings else []
    report = Report(files, problems, len(checked))
    written = [summary(report)]
    for file in files:
        written += [piece for piece, _ in text_of(file)]
        written += [concise(file), github_lines(file), azure_lines(file)]
    for problem in problems:
        written += [github_problem(problem), azure_problem(problem)]
    written += [form(report) for form in (as_json, as_sarif, as_gitlab, as_junit)]
    for text in written:
        text.encode("utf-8")


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Timeout

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _memory() -> int:
    """The peak memory of this process in kilobytes."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def kind_of(fault: str) -> str:
    """A fault or reason without the details of one input."""
    return re.sub(r"'[^']*'|\d+", "…", fault)


#: The kinds of inputs, and the functions that write them.
_KINDS: dict[str, Callable[[int, int], str]] = {"code": numbered_input, "grammar": grammar_input}


#: How many of the inputs that took most are listed.
_LISTED = 5


@dataclass
class Totals(Counts):
    """The results for many inputs, by their numbers where single ones are told.

    Attributes:
        inputs: how many there were.
        findings: how many findings.
        cpu_seconds: the CPU time for linting and writing, in all.
        refused: why files or functions were not analysed, without details.
        examples: the first input for each of these reasons.
        faults: the exceptions that left the linter.
        slowest: the CPU seconds of the inputs that took most.
        largest: the megabytes by which inputs made the process grow most.
    """

    inputs: int = 0
    findings: int = 0
    cpu_seconds: float = 0.0
    refused: collections.Counter[str] = field(default_factory=collections.Counter)
    examples: dict[str, int] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    slowest: dict[int, float] = field(default_factory=dict)
    largest: dict[int, float] = field(default_factory=dict)

    def add(self, other: Totals) -> None:
        super().add(other)
        self.slowest, self.largest = _most(self.slowest), _most(self.largest)

    def __str__(self) -> str:
        lines = [
            f"{count:6} {reason} (first: number {self.examples.get(reason, '?')})"
            for reason, count in self.refused.most_common()
        ]
        for title, most, form in (
            ("seconds", self.slowest, "{:.1f} s"),
            ("memory", self.largest, "{:.0f} MB"),
        ):
            listed = (f"{form.format(value)} (number {each})" for each, value in most.items())
            lines.append(f"most {title}: {', '.join(listed)}")
        mean = self.cpu_seconds / (self.inputs or 1)
        return "\n".join(
            [
                *lines,
                f"{self.inputs} inputs, {self.findings} findings, {len(self.faults)} exceptions, "
                f"{mean:.3f} s of CPU for an input",
            ]
        )


def _most(values: dict[int, float]) -> dict[int, float]:
    return dict(sorted(values.items(), key=lambda each: -each[1])[:_LISTED])


@dataclass(frozen=True)
class _Task:
    """Inputs that are linted one after the other."""

    kind: str
    seed: int
    numbers: range
    limit: float

    def totals(self) -> Totals:
        started = time.process_time()
        write = _KINDS[self.kind]
        done = outcomes(((number, write(self.seed, number)) for number in self.numbers), self.limit)
        return Totals(
            inputs=len(done),
            findings=sum(each.findings for each in done),
            cpu_seconds=time.process_time() - started,
            refused=collections.Counter(kind_of(each) for one in done for each in one.refused),
            examples={
                kind_of(reason): each.number for each in reversed(done) for reason in each.refused
            },
            faults={each.number: each.fault for each in done if each.fault},
            slowest=_most({each.number: each.seconds for each in done}),
            largest=_most({each.number: each.kilobytes / 1024 for each in done}),
        )


def run(options: argparse.Namespace) -> bool:
    """Lint inputs and print the results; returns whether no exception left the linter."""
    kind, seed, limit = options.kind, options.seed, options.limit
    results = RESULTS / f"crash-{kind}-{seed}-{options.start}.json"
    totals = added_from(Totals(), results) if options.resume else Totals()
    first, end = options.start + totals.inputs, options.start + options.count
    tasks = [
        _Task(kind, seed, range(number, min(number + BATCH, end)), limit)
        for number in range(first, end, BATCH)
    ]
    gc.freeze()  # what is imported is no garbage, and is not looked through again and again
    with contextlib.ExitStack() as stack:
        done: Iterator[Totals] = map(_Task.totals, tasks)
        if options.jobs > 1:
            pool = stack.enter_context(multiprocessing.Pool(options.jobs))
            done = pool.imap(_Task.totals, tasks)
        for each in within(options.minutes, done):
            totals.add(each)
            if options.resume:
                saved(totals, results)
    print(f"seed {seed}, from number {options.start}:\n{totals}")
    kinds = {
        kind_of(fault): number for number, fault in sorted(totals.faults.items(), reverse=True)
    }
    for fault, first in sorted(kinds.items()):
        count = sum(kind_of(each) == fault for each in totals.faults.values())
        print(f"\n{totals.faults[first]}: {count} inputs; --only {first}, reduced:")
        print(_reduced(_KINDS[kind](seed, first), fault, limit))
    return not totals.faults


def _reduced(source: str, fault: str, limit: float) -> str:
    trials = Trials(lambda text: kind_of(outcome(0, text, limit).fault) == fault, limit=2_000)
    return smallest_lines(source, trials)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="dev.py fuzz --crash")
    parser.add_argument("count", type=int, nargs="?", default=1_000, help="how many inputs")
    parser.add_argument(
        "--grammar",
        dest="kind",
        action="store_const",
        const="grammar",
        default="code",
        help="inputs drawn from Python's grammar (needs hypothesmith)",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="number of the first input")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of CPU for an input")
    parser.add_argument("--only", type=int, help="print one input and what comes of it")
    parser.add_argument("--minutes", type=float, help="end after so much time")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="add to the results of earlier runs of this kind, seed and start until there are "
        "COUNT inputs; they are in .cache/long_runs",
    )
    options = parser.parse_args(arguments)
    if options.only is not None:
        source = _KINDS[options.kind](options.seed, options.only)
        result = outcome(options.only, source, options.limit)
        sys.stdout.buffer.write(f"{source}\n{result}\n".encode("utf-8", "backslashreplace"))
        return 1 if result.fault else 0
    return 0 if run(options) else 1


if __name__ == "__main__":
    sys.exit(main())
