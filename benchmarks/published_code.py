"""The cost of the plugin on published packages: package by package, and file by file.

The packages are those of ``tests/ecosystem``, pinned by hash, downloaded and unpacked but not
installed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import flake8_runs
from flake8_runs import Limit, Usage, flake8, linted_files, usage_of

sys.path.append(str(Path(__file__).resolve().parents[1]))  # after the installed packages

from tests.ecosystem.packages import CACHE, Package, pinned, provide

#: Packages with many Estimators, where a slow linter would be noticed.
DENSE = (
    "tensorflow-estimator",
    "adanet",
    "mesh-tensorflow",
    "OpenNMT-tf",
    "tensor2tensor",
    "bert-tensorflow",
    "tensorflow-gan",
)
RATIO_LIMIT = Limit(1.5, aim=1.15)

#: The seconds that the plugin may add to one file, on a machine where flake8 takes this many for
#: the whole package.
SECONDS_ADDED, PACKAGE_OF_MACHINE, SECONDS_OF_MACHINE = 1.5, "tensorflow-estimator", 9.0
MEGABYTES = 150.0
DEAREST = 20
#: For files with at least this many seconds in the plugin, memory is measured, too.
SECONDS_WORTH_A_LOOK = 0.1

#: A program that prints the seconds that the plugin takes for each file.
_SURVEY = """
import sys, time
from estimator_lint.linting import lint_text
lint_text("def model_fn(features, labels, mode): pass")
for path in sys.stdin.read().splitlines():
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        start = time.process_time()
        lint_text(text, path)
    except (SyntaxError, ValueError):
        continue
    print(time.process_time() - start, path)
"""


@dataclass(frozen=True)
class FileCost:
    """The cost of one file: flake8 with the plugin, and without."""

    name: str
    with_plugin: Usage
    without: Usage

    @property
    def added(self) -> float:
        """The seconds that the plugin adds."""
        return self.with_plugin.seconds - self.without.seconds


def names_of_all() -> list[str]:
    """The names of all pinned packages."""
    return [package.name for package in pinned()]


def packages_named(names: Sequence[str]) -> list[Package]:
    """The pinned packages of these names, on this machine."""
    of_name = {package.name.lower(): package for package in pinned()}
    packages = [of_name[name.lower()] for name in names]
    provide(packages)
    return packages


def compare_packages(names: Sequence[str], pythons: Sequence[str], repetitions: int) -> bool:
    """Print the ratio for each package; whether all are within the limit."""
    print(f"\nCPU time of flake8 with the plugin over without it ({repetitions} times, median)")
    results = [
        flake8_runs.compare(
            f"{package.name} {package.version}",
            package.folder(CACHE),
            pythons,
            repetitions,
            RATIO_LIMIT,
        )
        for package in packages_named(names)
    ]
    return all(results)


def compare_files(
    names: Sequence[str], trees: Sequence[Path], pythons: Sequence[str], repetitions: int
) -> bool:
    """Print the cost of the most expensive files; whether each is within the limits."""
    roots = [package.folder(CACHE) for package in packages_named(names)] + list(trees)
    seconds = _seconds_in_plugin(
        pythons[0], [path for root in roots for path in linted_files(root)]
    )
    by_cost = sorted(seconds, key=lambda path: -seconds[path])
    factor = _speed_of_machine(pythons[1], repetitions)
    limit = SECONDS_ADDED * factor
    print(
        f"\nThe {DEAREST} dearest of {len(seconds)} files: what the plugin adds is at most what "
        f"flake8 needs, and {limit:.2f} s here ({SECONDS_ADDED} s where flake8 needs "
        f"{SECONDS_OF_MACHINE:.0f} s for {PACKAGE_OF_MACHINE})",
        flush=True,
    )
    is_good = True
    for path in by_cost[:DEAREST]:
        cost = _cost_of(path, _name_of(path, roots), pythons, repetitions)
        is_within = cost.added <= min(limit, cost.without.seconds)
        is_good = is_good and is_within
        print(
            f"{'  ' if is_within else 'NO'} {cost.added:6.2f} s added to "
            f"{cost.without.seconds:5.2f} s, {cost.with_plugin.megabytes:4.0f} MB  {cost.name}",
            flush=True,
        )
    worth_a_look = [path for path in by_cost if seconds[path] >= SECONDS_WORTH_A_LOOK]
    return _memory_is_within_limit(pythons[0], worth_a_look, roots) and is_good


def _memory_is_within_limit(python: str, paths: Sequence[Path], roots: Sequence[Path]) -> bool:
    """Print the peak memory of flake8 with the plugin; whether it is within the limit."""
    peaks = {path: usage_of(flake8(python, [path])).megabytes for path in paths}
    above = [path for path in paths if peaks[path] > MEGABYTES]
    highest = max(peaks.values(), default=0.0)
    print(
        f"\nPeak of memory for one file, of {len(paths)} that take the plugin "
        f"{SECONDS_WORTH_A_LOOK} s or more: {highest:.0f} MB (at most {MEGABYTES:.0f}: "
        f"{'NO' if above else 'yes'})"
    )
    for path in sorted(above, key=lambda path: -peaks[path]):
        print(f"NO {peaks[path]:4.0f} MB  {_name_of(path, roots)}")
    return not above


def _seconds_in_plugin(python: str, paths: Sequence[Path]) -> dict[Path, float]:
    """The seconds that the plugin takes for each file, one after the other in one process."""
    listed = "\n".join(map(str, paths))
    finished = subprocess.run(
        [python, "-c", _SURVEY],
        input=listed,
        capture_output=True,
        text=True,
        check=True,
        cwd=flake8_runs.ELSEWHERE,
    )
    seconds: dict[Path, float] = {}
    for line in finished.stdout.splitlines():
        taken, path = line.split(" ", 1)
        seconds[Path(path)] = float(taken)
    return seconds


def _speed_of_machine(python: str, repetitions: int) -> float:
    """How many times slower this machine is than the one that the limit is made for."""
    [package] = packages_named([PACKAGE_OF_MACHINE])
    command = flake8(python, linted_files(package.folder(CACHE)))
    times = [usage_of(command).seconds for _ in range(repetitions)]
    return statistics.median(times) / SECONDS_OF_MACHINE


def _cost_of(path: Path, name: str, pythons: Sequence[str], repetitions: int) -> FileCost:
    usages: list[list[Usage]] = [[], []]
    for repetition in range(repetitions):
        for which in (0, 1) if repetition % 2 == 0 else (1, 0):
            usages[which].append(usage_of(flake8(pythons[which], [path])))
    with_plugin, without = (
        Usage(
            statistics.median(usage.seconds for usage in of_one),
            max(usage.megabytes for usage in of_one),
        )
        for of_one in usages
    )
    return FileCost(name, with_plugin, without)


def _name_of(path: Path, roots: Sequence[Path]) -> str:
    """The name of a file: its package, and its path in that."""
    for root in roots:
        if path.is_relative_to(root):
            return f"{root.name}: {path.relative_to(root).as_posix()}"
    return str(path)
