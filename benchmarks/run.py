"""Measure what the plugin costs flake8, and how its cost grows.

    python benchmarks/run.py PYTHON_WITH PYTHON_WITHOUT [--repetitions N] [--check]

The two are the Pythons of environments that have the same packages but for the
plugin (``dev.py bench`` makes them).  All times are CPU time.  What is compared
is measured in turns within one run, part by part; medians are printed.
"""

from __future__ import annotations

import argparse
import ast
import math
import re
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import generated_code

from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.linting import lint_text

#: Not code, or not the library's, or no Python on purpose.
NOT_LINTED = frozenset(
    ["test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages", "turtledemo"]
)
BYTES_IN_PART = 1_000_000
ESTIMATOR_PACKAGE = "tensorflow-estimator==2.15.0"

#: Where commands are run: in the checkout, Python would find the plugin without installing it.
ELSEWHERE = tempfile.gettempdir()


@dataclass(frozen=True)
class Limit:
    """What a ratio is to stay below."""

    ratio: float
    is_required: bool


#: ``estimator-lint check`` over grep.
GREP_LIMIT = Limit(3.0, True)


def cpu_time_of(command: Sequence[str]) -> float:
    """User and system time of ``command`` and of what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ELSEWHERE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def flake8(python: str, files: Sequence[Path]) -> list[str]:
    """The command that lints ``files`` in one process, whatever configuration is around."""
    arguments = ["--isolated", "-j1", "--exit-zero", *map(str, files)]
    return [python, "-m", "flake8", *arguments]


def linted_files(tree: Path) -> list[Path]:
    """The Python files in ``tree`` that count, always in the same order."""
    paths = sorted(tree.rglob("*.py"))
    return [path for path in paths if not NOT_LINTED.intersection(path.relative_to(tree).parts)]


def parts_of(files: Sequence[Path]) -> list[list[Path]]:
    """``files`` in parts that take a few seconds each, of much the same size.

    The shorter a part, the less the machine has changed between its two
    measurements; much shorter, and starting flake8 would count too much.
    """
    size = sum(path.stat().st_size for path in files)
    number = max(1, round(size / BYTES_IN_PART))
    return [list(files[start::number]) for start in range(number)]


def pairs_of_times(
    files: Sequence[Path], pythons: Sequence[str], repetitions: int
) -> list[tuple[float, float]]:
    """The times with the plugin and without it, measured in turns."""
    cpu_time_of(flake8(pythons[0], files))  # what is read once is read now
    pairs = []
    for repetition in range(repetitions):
        # Which one goes first alternates, so that neither gains by it.
        order = pythons if repetition % 2 == 0 else pythons[::-1]
        times = {python: cpu_time_of(flake8(python, files)) for python in order}
        pairs.append((times[pythons[0]], times[pythons[1]]))
    return pairs


def compare(name: str, tree: Path, pythons: Sequence[str], repetitions: int, limit: Limit) -> bool:
    """Print the cost of flake8 with the plugin over without it; whether it is within the limit.

    The medians count.  The fastest times tell how much of the rest is the
    machine's: other work on it makes times longer and never shorter.
    """
    files = linted_files(tree)
    parts = [pairs_of_times(part, pythons, repetitions) for part in parts_of(files)]
    with_plugin, without = (total(parts, which, statistics.median) for which in (0, 1))
    fastest = total(parts, 0, min) / total(parts, 1, min)
    is_within = with_plugin / without <= limit.ratio
    print(
        f"{name} ({len(files)} files): {with_plugin / without:.3f} "
        f"({with_plugin:.2f} s with, {without:.2f} s without; "
        f"{'at most' if limit.is_required else 'aim'} {limit.ratio}: "
        f"{'yes' if is_within else 'NO'}; by the fastest times {fastest:.3f})",
        flush=True,
    )
    return is_within or not limit.is_required


def total(
    parts: Sequence[Sequence[tuple[float, float]]],
    which: int,
    choose: Callable[[list[float]], float],
) -> float:
    """The time for all parts, of each the one that is chosen from its repetitions."""
    return sum(choose([pair[which] for pair in pairs]) for pairs in parts)


def has_plugin(python: str) -> bool:
    """Whether flake8 has the plugin there."""
    command = [python, "-m", "flake8", "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ELSEWHERE)
    return re.search("estimator[-_]lint", version.stdout) is not None


def compare_trees(pythons: Sequence[str], repetitions: int) -> bool:
    """The cost on code without Estimators, and on code where they are dense."""
    print(f"\nCPU time of flake8 with the plugin over without it ({repetitions} times, median)")
    library = Path(sysconfig.get_path("stdlib"))
    is_good = compare("standard library", library, pythons, repetitions, Limit(1.03, True))
    with tempfile.TemporaryDirectory() as folder:
        package = download(ESTIMATOR_PACKAGE, Path(folder))
        aim = Limit(1.3, False)
        return compare(ESTIMATOR_PACKAGE, package, pythons, repetitions, aim) and is_good


def download(requirement: str, folder: Path) -> Path:
    """A published package, unpacked."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q"]
    subprocess.run([*pip, "--no-deps", "-d", str(folder), requirement], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def time_of(action: Callable[[], object]) -> float:
    """The CPU time that ``action`` takes here: the median of at least three."""
    action()
    times: list[float] = []
    while len(times) < 3 or (sum(times) < 0.5 and len(times) < 25):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times)


def growth(name: str, generate: Callable[[int], str], sizes: Sequence[int]) -> None:
    """Print the time for each size and the exponent of the growth between neighbours."""
    texts = [generate(size) for size in sizes]
    times = [time_of(lambda text=text: lint_text(text)) for text in texts]  # type: ignore[misc]
    cells = [f"{size:,}: {1000 * taken:.1f} ms" for size, taken in zip(sizes, times, strict=True)]
    exponents = [
        math.log(times[index + 1] / times[index]) / math.log(sizes[index + 1] / sizes[index])
        for index in range(len(sizes) - 1)
    ]
    shown = ", ".join(f"{exponent:.2f}" for exponent in exponents)
    print(f"{name}\n    {';  '.join(cells)}\n    exponents {shown} (1 is linear)", flush=True)


def growth_of_all_kinds() -> None:
    """The time for generated functions by number of tests and by length."""
    print("\nTime for one file with a generated function, by the number of undecided tests")
    tests = [1, 4, 16, 64]
    growth("all change one name", generated_code.undecided_tests_on_one_name, tests)
    growth("each has a name of its own", generated_code.undecided_tests_on_own_names, tests)
    growth("each within a test of the mode", generated_code.undecided_tests_of_the_mode, tests)
    print("\nTime for one file, by the number of lines")
    lines = [100, 1_000, 10_000]
    growth("one long model function", generated_code.one_long_function, lines)
    growth("model functions of ordinary size", generated_code.many_functions, lines)


def cost_of_files_without_model_functions() -> None:
    """The time in the plugin for files that it has nothing to say about."""
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    trees = [ast.parse(text) for text in texts]
    lines = [text.splitlines(keepends=True) for text in texts]

    def check_all() -> None:
        for tree, of_file, path in zip(trees, lines, paths, strict=True):
            for _ in EstimatorChecker(tree, of_file, str(path)).run():
                pass

    def parse_all() -> None:
        for text in texts:
            ast.parse(text)

    checking, parsing = time_of(check_all), time_of(parse_all)
    count = sum(len(of_file) for of_file in lines)
    print(
        "\nFiles without model functions: "
        f"{1e6 * checking / len(paths):.0f} µs a file in the plugin ({len(paths)} files, "
        f"{count:,} lines; ast.parse of them takes {parsing / checking:.0f} times as long)"
    )


def wall_time_of(command: Sequence[str]) -> float:
    """What a clock on the wall shows for ``command``, whatever its exit status."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ELSEWHERE)
    return time.perf_counter() - start


def compare_with_grep(python: str, repetitions: int) -> bool:
    """Print the time of ``estimator-lint check`` over grep's; whether it is within the limit.

    Both go through the standard library and what is installed next to it, where
    hardly any file has a model function, if one does.  grep reads all files, the linter
    those named ``*.py``; the second grep reads these only.
    """
    grep = shutil.which("grep")
    if grep is None:
        print("\ngrep is not here to be compared with")
        return True
    trees = sorted({sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")})
    pattern = [grep, "-rlE", "EstimatorSpec|model_fn"]
    commands = {
        "check": [python, "-m", "estimator_lint", "check", "--isolated", *trees],
        "grep": [*pattern, *trees],
        "grep of *.py": [*pattern, "--include=*.py", *trees],
    }
    for command in commands.values():
        wall_time_of(command)  # what is read once is read now
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(max(3, repetitions)):
        for name, command in commands.items():
            times[name].append(wall_time_of(command))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    ratio, to_python_only = (medians["check"] / medians[name] for name in list(medians)[1:])
    is_within = ratio <= GREP_LIMIT.ratio
    print(
        f"\nWall time of estimator-lint check over grep -rlE in {' and '.join(trees)}: "
        f"{ratio:.2f} ({medians['check']:.2f} s, grep {medians['grep']:.2f} s; at most "
        f"{GREP_LIMIT.ratio}: {'yes' if is_within else 'NO'}); over grep --include=*.py: "
        f"{to_python_only:.2f} ({medians['grep of *.py']:.2f} s)",
        flush=True,
    )
    return is_within


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python_with")
    parser.add_argument("python_without")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="fail where a limit is passed")
    options = parser.parse_args()
    pythons = [options.python_with, options.python_without]
    if [has_plugin(python) for python in pythons] != [True, False]:
        parser.error("only the first of the two is to have the plugin")
    print(f"Python {sys.version.split()[0]}")
    growth_of_all_kinds()
    cost_of_files_without_model_functions()
    is_good = compare_with_grep(pythons[0], options.repetitions)
    is_good = compare_trees(pythons, options.repetitions) and is_good
    return int(options.check and not is_good)


if __name__ == "__main__":
    sys.exit(main())
