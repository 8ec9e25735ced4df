"""Measure what the plugin costs flake8, and how its cost grows.

    python benchmarks/run.py PYTHON_WITH PYTHON_WITHOUT [--repetitions N] [--check]
        [--package NAME …] [--files] [--tree FOLDER …]

The two are the Pythons of environments with the same packages, except for the plugin (``dev.py
bench`` makes them). All times are CPU time. Both sides are measured alternately within one run,
part by part; medians are printed.
"""

from __future__ import annotations

import argparse
import ast
import math
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import generated_code
import published_code
from flake8_runs import ELSEWHERE, Limit, compare, has_plugin

from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.linting import lint_text

#: The ratio of ``estimator-lint check`` to grep.
GREP_LIMIT = Limit(3.0)
#: The ratio of flake8 with the plugin to without, on the standard library.
LIBRARY_LIMIT = Limit(1.02)


def compare_library(pythons: Sequence[str], repetitions: int) -> bool:
    """The cost on code without Estimators."""
    print(f"\nCPU time of flake8 with the plugin over without it ({repetitions} times, median)")
    library = Path(sysconfig.get_path("stdlib"))
    return compare("standard library", library, pythons, repetitions, LIBRARY_LIMIT)


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
    """The time in the plugin for files without model functions."""
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
    """The wall time of ``command``, with any exit status."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ELSEWHERE)
    return time.perf_counter() - start


def compare_with_grep(python: str, repetitions: int) -> bool:
    """Print the ratio of ``estimator-lint check``'s time to grep's; whether it is within the limit.

    Both search the standard library and the installed packages, where hardly any file has a model
    function. grep reads all files, the linter those named ``*.py``; the second grep reads only
    these.
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
    """Measure everything, or what the options select."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("python_with")
    parser.add_argument("python_without")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="fail where a limit is passed")
    parser.add_argument(
        "--package",
        action="append",
        choices=published_code.names_of_all(),
        metavar="NAME",
        help="only published packages: this one, and others of the same option",
    )
    parser.add_argument(
        "--files", action="store_true", help="only published code: its dearest files, one by one"
    )
    parser.add_argument(
        "--tree",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="for --files: look in this folder, too",
    )
    options = parser.parse_args()
    pythons = [options.python_with, options.python_without]
    if [has_plugin(python) for python in pythons] != [True, False]:
        parser.error("only the first of the two is to have the plugin")
    print(f"Python {sys.version.split()[0]}")
    results: list[bool] = []
    if not (options.package or options.files):
        growth_of_all_kinds()
        cost_of_files_without_model_functions()
        results.append(compare_with_grep(pythons[0], options.repetitions))
        results.append(compare_library(pythons, options.repetitions))
    if not options.files:
        names = options.package or published_code.DENSE
        results.append(published_code.compare_packages(names, pythons, options.repetitions))
    if options.files or not options.package:
        names = options.package or published_code.names_of_all()
        trees = [tree.resolve() for tree in options.tree]
        results.append(published_code.compare_files(names, trees, pythons, options.repetitions))
    return int(options.check and not all(results))


if __name__ == "__main__":
    sys.exit(main())
