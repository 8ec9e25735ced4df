"""Holds the skeletons of five model functions against the Estimators that the functions are of.

``dev.py migration`` runs it with two Pythons, one that has TensorFlow 2.15.1 with Keras 2 and one
that has a current TensorFlow with Keras 3.  For each function of ``cases.py``

- the skeleton is as in ``skeletons/`` (``--write`` writes it there),
- the completed one in ``completed/`` differs from it at TODOs only,
- and it computes what the Estimator computed: the losses of 20 steps, the metrics and the
  predictions, from the same variables, within 1e-5 (``estimator_record.json``, which ``--record``
  writes).

Before that, ``compare_counterparts.py`` holds the tables of what takes the place of what against
TensorFlow 2.15.1, and every function of the fixtures is written as a skeleton: it compiles, and
each of its statements is in some step or named in a TODO.
"""

from __future__ import annotations

import argparse
import difflib
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from estimator_lint.migration.skeleton.writing import skeleton_of
from tests.migration.accounting import every_statement_is_there
from tests.migration.cases import CASES, TESTS, Case

HERE = Path(__file__).parent
RECORD = HERE / "estimator_record.json"
TOLERANCE = 1e-5


def skeleton(case: Case) -> str:
    source = TESTS / case.source
    return skeleton_of(source.read_text(encoding="utf-8"), str(source), case.function)


def differences_without_todo(case: Case) -> Iterator[str]:
    """The changes in the completed skeleton that no TODO asked for."""
    before = (HERE / "skeletons" / f"{case.name}.py").read_text(encoding="utf-8").splitlines()
    after = (HERE / "completed" / f"{case.name}.py").read_text(encoding="utf-8").splitlines()
    for tag, start, end, first, last in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal" and not any("# TODO:" in line for line in before[start:end]):
            yield "\n".join([*before[start:end], "->", *after[first:last]])


def distance(one: Any, other: Any) -> float:
    """The largest difference between numbers; infinite if anything else differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return math.inf
        return max((distance(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return math.inf
        return max(map(distance, one, other), default=0.0)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other)
    return 0.0 if one == other else math.inf


def problems(case: Case) -> Iterator[str]:
    """The problems of the files of a case."""
    if (HERE / "skeletons" / f"{case.name}.py").read_text(encoding="utf-8") != skeleton(case):
        yield f"{case.name}: the skeleton is another one than in skeletons/"
    for difference in differences_without_todo(case):
        yield f"{case.name}: completed otherwise than at a TODO:\n{difference}"


def trained(python: str) -> dict[str, Any]:
    """The results of the completed skeletons with the Keras of an interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "results.json"
        run(python, "train_models.py", str(RECORD), str(output))
        results: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return results


def run(python: str, script: str, *arguments: str) -> None:
    finished = subprocess.run(
        [python, str(HERE / script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if finished.returncode:
        sys.exit(f"{finished.stdout}\n{script} failed under {python}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py migration", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the skeletons anew")
    parser.add_argument("--record", action="store_true", help="record the Estimators anew")
    parser.add_argument("estimators", help="a Python with TensorFlow 2.15.1")
    parser.add_argument("current", help="a Python with a current TensorFlow")
    options = parser.parse_args()
    if options.write:
        for case in CASES:
            path = HERE / "skeletons" / f"{case.name}.py"
            path.write_text(skeleton(case), encoding="utf-8")
    if options.record:
        run(options.estimators, "record_estimators.py", str(RECORD))
    run(options.estimators, "compare_counterparts.py")
    wrong = [problem for case in CASES for problem in problems(case)]
    wrong += every_statement_is_there(sorted((TESTS / "fixtures").rglob("*.py")))
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    for python in (options.estimators, options.current):
        for name, result in trained(python).items():
            for part in ("losses", "metrics", "predictions"):
                apart = distance(record[name][part], result[part])
                print(f"{name}: {part} within {apart:.1e}")
                if not apart <= TOLERANCE:
                    wrong.append(f"{name}: {part} differ by {apart} under {python}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
