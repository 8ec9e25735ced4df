"""Lints pinned published packages and compares with the findings reviewed by eye.

``python -m tests.ecosystem.check`` prints what is new and what has vanished, and how
much of the packages' model functions the linter sees.  It fails until
``reviewed.json`` has exactly these findings, each judged right, with a reason;
``--update`` rewrites the file, and keeps the verdicts.  It also fails where the
command line and flake8 don't say the same of these packages.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.ecosystem import reviewed
from tests.ecosystem.agreement import disagreements
from tests.ecosystem.coverage import Coverage, coverage_of
from tests.ecosystem.packages import CACHE, Package, pinned, provide, text_of
from tests.ecosystem.reviewed import Reviewed

_SLOW = 1.0


@dataclass
class Result:
    """The result for one file."""

    package: str
    path: str
    seconds: float = 0.0
    findings: list[Reviewed] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)


def check_file(task: tuple[Package, str, Path, frozenset[Mode]]) -> Result:
    """Lint and measure one file."""
    package, path, file, require_modes = task
    text = text_of(file)
    result = Result(package.name, path)
    started = time.process_time()
    try:
        findings = lint_text(text, str(file), Settings(require_modes=require_modes))
    except (SyntaxError, ValueError):
        findings = []
    result.seconds = time.process_time() - started
    result.findings = [
        Reviewed(package.name, path, each.line, each.column + 1, each.code, each.message)
        for each in findings
    ]
    result.coverage = coverage_of(path, file, text)
    return result


def check(packages: list[Package], require_modes: frozenset[Mode], jobs: int) -> list[Result]:
    """Lint all files of ``packages``."""
    tasks = [
        (package, path, file, require_modes)
        for package in packages
        for path, file in package.python_files(CACHE)
    ]
    with multiprocessing.Pool(jobs) as pool:
        return pool.map(check_file, tasks, chunksize=4)


def print_table(title: str, counts: Counter[str], examples: dict[str, str]) -> None:
    """Counts, the highest first, each with the place of one example."""
    print(f"\n{title}:")
    for reason, count in counts.most_common():
        example = f"   e.g. {examples[reason]}" if reason in examples else ""
        print(f"{count:7}  {reason}{example}")
    if not counts:
        print("      0")


def print_coverage(packages: list[Package], results: list[Result]) -> None:
    """The coverage of each package, and the reasons for what is not covered."""
    total = Coverage()
    columns = (
        "files",
        "model functions",
        "model functions with evaluated sites",
        "sites in the text",
        "sites evaluated",
    )
    print(f"{'':32}" + "".join(f"{heading:>12}" for heading in _HEADINGS))
    for package in packages:
        sums = Coverage()
        for result in results:
            if result.package == package.name:
                sums.add(result.coverage)
        total.add(sums)
        numbers = "".join(f"{sums.counts[column]:12}" for column in columns)
        print(f"{package.name + ' ' + package.version:32}{numbers}")
    print(f"{'all':32}" + "".join(f"{total.counts[column]:12}" for column in columns))
    rest = Counter({key: n for key, n in total.counts.items() if key not in columns})
    for kind in ("required", "other"):
        if rest[f"{kind} fields"]:
            share = rest[f"{kind} fields unknown"] / rest[f"{kind} fields"]
            print(f"\n{kind} fields at evaluated sites, site by site and mode by mode: "
                  f"{rest[f'{kind} fields']}, of which unknown {share:.0%}")  # fmt: skip
    print_table("Also counted", rest, {})
    print_table("Fields unknown because", total.unknown_because, total.examples)
    print_table("Sites out of reach because", total.out_of_reach, total.examples)
    seconds = sum(result.seconds for result in results)
    print(f"\nlinted in {seconds:.1f} s of processor time")
    for result in results:
        if result.seconds > _SLOW:
            print(f"  {result.seconds:.1f} s: {result.package}: {result.path}")


_HEADINGS = ("files", "functions", "with sites", "sites", "evaluated")


def report(found: list[Reviewed], known: list[Reviewed]) -> int:
    """Print how ``found`` differs from the reviewed findings; returns the exit status."""
    differences = reviewed.differences(found, known)
    complaints = reviewed.complaints(known)
    print(f"\n{len(found)} findings, {len(known)} reviewed")
    for line in (*differences, *complaints):
        print(line)
    if differences:
        print("Read each new finding; then: python -m tests.ecosystem.check --update")
    return 1 if differences or complaints else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write reviewed.json anew")
    parser.add_argument("--package", action="append", help="only this one (only shown)")
    parser.add_argument("--require-modes", help="only show the findings with these modes required")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args(arguments)
    packages = [
        package for package in pinned() if not options.package or package.name in options.package
    ]
    provide(packages)
    required = frozenset(Mode[name] for name in (options.require_modes or "").split(",") if name)
    results = check(packages, required, options.jobs)
    found = sorted(finding for result in results for finding in result.findings)
    if required or options.package:
        print("\n".join(str(finding) for finding in found))
        print(f"{len(found)} findings")
        return 0
    print_coverage(packages, results)
    known = reviewed.read()
    if options.update:
        known = reviewed.updated(found, known)
        reviewed.write(known)
    status = report(found, known)
    differences = disagreements(packages)
    print("\n".join(differences))
    return 1 if differences else status


if __name__ == "__main__":
    sys.exit(main())
