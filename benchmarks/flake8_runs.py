"""The cost of flake8 with the plugin and without it, measured alternately.

Machines also do other work, and a slow moment must not affect one side only. So both sides run
alternately, part by part, and medians count.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Folders that are not code, not the library's, or deliberately not Python.
NOT_LINTED = frozenset(
    ["test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages", "turtledemo"]
)
BYTES_IN_PART = 1_000_000

#: The working folder of commands: in the checkout, Python would find the plugin even if it is not
#: installed.
ELSEWHERE = tempfile.gettempdir()

_UNITS_IN_MEGABYTE = 1_000_000 if sys.platform == "darwin" else 1_000


@dataclass(frozen=True)
class Usage:
    """The resources of a command: CPU seconds, and megabytes of memory at the peak."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Limit:
    """The limit of a ratio, and its target."""

    ratio: float
    aim: float | None = None

    def verdict(self, ratio: float) -> str:
        """The limit, and whether ``ratio`` is within it, in words."""
        aim = "" if self.aim is None else f", aim {self.aim}"
        return f"at most {self.ratio}{aim}: {'yes' if ratio <= self.ratio else 'NO'}"


def usage_of(command: Sequence[str]) -> Usage:
    """The resources that ``command`` uses.

    Raises:
        CalledProcessError: the command fails.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ELSEWHERE)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss / _UNITS_IN_MEGABYTE)


def cpu_time_of(command: Sequence[str], cache: str | None = None) -> float:
    """User and system time of ``command`` and its child processes.

    ``cache`` is the folder of the plugin's cache; None: there is none.
    """
    switch = {"ESTIMATOR_LINT_NO_CACHE": "" if cache else "1"}
    environment = {**os.environ, **switch, "ESTIMATOR_LINT_CACHE_DIR": cache or ""}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ELSEWHERE, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def flake8(python: str, files: Sequence[Path]) -> list[str]:
    """The command that lints ``files`` in one process, ignoring all configuration."""
    arguments = ["--isolated", "-j1", "--exit-zero", *map(str, files)]
    return [python, "-m", "flake8", *arguments]


def has_plugin(python: str) -> bool:
    """Whether flake8 has the plugin in an environment."""
    command = [python, "-m", "flake8", "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ELSEWHERE)
    return re.search("estimator[-_]lint", version.stdout) is not None


def linted_files(tree: Path) -> list[Path]:
    """The Python files in ``tree`` that count, always in the same order."""
    paths = sorted(tree.rglob("*.py"))
    return [path for path in paths if not NOT_LINTED.intersection(path.relative_to(tree).parts)]


def parts_of(files: Sequence[Path]) -> list[list[Path]]:
    """``files`` in parts of similar size that take a few seconds each.

    The shorter a part, the less the machine changes between its two measurements. If parts were
    much shorter, starting flake8 would count too much.
    """
    size = sum(path.stat().st_size for path in files)
    number = max(1, round(size / BYTES_IN_PART))
    return [list(files[start::number]) for start in range(number)]


def pairs_of_times(
    files: Sequence[Path], pythons: Sequence[str], repetitions: int
) -> list[tuple[float, float]]:
    """The times with the plugin and without it, measured alternately."""
    cpu_time_of(flake8(pythons[0], files))  # so that files are in the disk cache
    pairs = []
    for repetition in range(repetitions):
        # The first one alternates, so that neither has an advantage.
        order = pythons if repetition % 2 == 0 else pythons[::-1]
        times = {python: cpu_time_of(flake8(python, files)) for python in order}
        pairs.append((times[pythons[0]], times[pythons[1]]))
    return pairs


def times_with_cache(files: Sequence[Path], python: str, repetitions: int) -> list[float]:
    """The times with the plugin, if it was run over the same files before."""
    with tempfile.TemporaryDirectory() as cache:
        command = flake8(python, files)
        cpu_time_of(command, cache)
        return [cpu_time_of(command, cache) for _ in range(repetitions)]


def compare(name: str, tree: Path, pythons: Sequence[str], repetitions: int, limit: Limit) -> bool:
    """Print the ratio of flake8's cost with the plugin to without; whether it is within the limit.

    It is that of a first run. The ratio of a later run, which has the first one's results in the
    cache, is printed, too.

    The medians count. The fastest times show how much of the rest is due to the machine: other work
    makes times longer, never shorter.
    """
    files = linted_files(tree)
    of_files = parts_of(files)
    parts = [pairs_of_times(part, pythons, repetitions) for part in of_files]
    again = sum(
        statistics.median(times_with_cache(part, pythons[0], repetitions)) for part in of_files
    )
    with_plugin, without = (_total(parts, which, statistics.median) for which in (0, 1))
    fastest = _total(parts, 0, min) / _total(parts, 1, min)
    ratio = with_plugin / without
    print(
        f"{name} ({len(files)} files): {ratio:.3f} "
        f"({with_plugin:.2f} s with, {without:.2f} s without; "
        f"{limit.verdict(ratio)}; by the fastest times {fastest:.3f}); "
        f"the next run, with the cache: {again / without:.3f}",
        flush=True,
    )
    return ratio <= limit.ratio


def _total(
    parts: Sequence[Sequence[tuple[float, float]]],
    which: int,
    choose: Callable[[list[float]], float],
) -> float:
    """The time for all parts, each with the time chosen from its repetitions."""
    return sum(choose([pair[which] for pair in pairs]) for pairs in parts)
