"""Lints input that was not written for it: ``python dev.py fuzz --crash 10000``.

Exit status 1 where an exception comes out of the linter, or out of a format; each is
printed, reduced, with the seed and number that write its input again (``--only NUMBER``).
Prints why functions were not analysed, and which inputs took most time and memory.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import multiprocessing
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from tests.robustness.arbitrary_code import numbered_input
from tests.robustness.grammar import BATCH, grammar_input

_NAME = "input.py"


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
    """The result of linting a text, in at most ``limit`` seconds."""
    memory, started = _memory(), time.process_time()
    fault, refused, findings = "", [], 0
    try:
        with _at_most(limit):
            checked = _checked(source)
            _write_all(checked)
        findings = len(checked.findings)
        if checked.problem is not None:
            refused.append(checked.problem.text.split(":")[0])
        for located in checked.findings:
            if located.finding.code == "MFN000":
                refused.append(located.finding.text.partition("analysed: ")[2])
        fault = next((each for each in refused if each.startswith("internal error")), "")
    except _Timeout:
        refused.append("took too long")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {error} ({place.name})"
    seconds = time.process_time() - started
    return Outcome(number, fault, tuple(refused), findings, seconds, _memory() - memory)


def _checked(source: str) -> CheckedFile:
    configuration = read_configuration(isolated=True)
    checker = Checker(configuration.options, configuration.settings)
    checked = checker.check(_NAME, source.encode("utf-8", "surrogatepass"))
    return checked


def _write_all(checked: CheckedFile) -> None:
    findings = tuple(located.finding for located in checked.findings)
    problems = [] if checked.problem is None else [checked.problem]
    files = [FileFindings(_NAME, findings, checked.lines)] if findings else []
    report = Report(files, problems, 1)
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


def _outcome_of(task: tuple[str, int, int, float]) -> Outcome:
    kind, seed, number, limit = task
    return outcome(number, _KINDS[kind](seed, number), limit)


def run(kind: str, seed: int, numbers: range, jobs: int, limit: float) -> bool:
    """Lint inputs and print the results; returns whether no exception left the linter."""
    started = time.perf_counter()
    with multiprocessing.Pool(jobs) as pool:
        tasks = ((kind, seed, number, limit) for number in numbers)
        outcomes = list(pool.imap_unordered(_outcome_of, tasks, chunksize=BATCH))
    refused = collections.Counter(kind_of(each) for one in outcomes for each in one.refused)
    for reason, count in refused.most_common():
        print(f"{count:6} {reason}")
    print("most seconds:", _list(outcomes, lambda each: each.seconds, "{:.1f} s"))
    print("most memory:", _list(outcomes, lambda each: each.kilobytes / 1024, "{:.0f} MB"))
    faults = [each for each in outcomes if each.fault]
    print(
        f"seed {seed}: {len(outcomes)} inputs, {sum(each.findings for each in outcomes)} findings, "
        f"{len(faults)} exceptions, {time.perf_counter() - started:.0f} s with {jobs} jobs"
    )
    for fault in sorted({kind_of(each.fault) for each in faults}):
        first, *others = sorted(
            (each for each in faults if kind_of(each.fault) == fault), key=lambda each: each.number
        )
        print(f"\n{first.fault}: {1 + len(others)} inputs; --only {first.number}, reduced:")
        print(_reduced(_KINDS[kind](seed, first.number), fault, limit))
    return not faults


def _list(outcomes: list[Outcome], key: Callable[[Outcome], float], form: str) -> str:
    most = sorted(outcomes, key=key, reverse=True)[:5]
    return ", ".join(f"{form.format(key(each))} (number {each.number})" for each in most)


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
    options = parser.parse_args(arguments)
    if options.only is not None:
        source = _KINDS[options.kind](options.seed, options.only)
        result = outcome(options.only, source, options.limit)
        sys.stdout.buffer.write(f"{source}\n{result}\n".encode("utf-8", "backslashreplace"))
        return 1 if result.fault else 0
    numbers = range(options.start, options.start + options.count)
    return 0 if run(options.kind, options.seed, numbers, options.jobs, options.limit) else 1


if __name__ == "__main__":
    sys.exit(main())
