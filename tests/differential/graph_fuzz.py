"""Compares the linter with TensorFlow on random graphs: ``dev.py fuzz --graphs``.

``tests/conformance/graph_programs_run.py`` runs the programs of ``graph_programs.py`` under real
TensorFlow. The exit status is 1 if a finding is wrong, or a fault is missed for no known reason.
``--record`` writes what happened to the first programs of seed 1, which the tests compare.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from tests.differential.graph_programs import graph_program
from tests.differential.graph_truth import Run, difference, faults_of, linted

CONFORMANCE = Path(__file__).resolve().parent.parent / "conformance"
RECORD = CONFORMANCE / "graph-programs-2.15.1.json"
RECORDED_SEED, RECORDED = 1, 40
_AT_A_TIME = 50


def digest(text: str) -> str:
    """Identifies the text of a program."""
    return sha256(text.encode()).hexdigest()[:16]


def runs_under(python: str, texts: list[str]) -> list[list[Run]]:
    """What TensorFlow does with the programs, in the environment of that interpreter."""
    done = subprocess.run(
        [python, str(CONFORMANCE / "graph_programs_run.py")],
        input=json.dumps(texts),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    found: list[list[Run]] = json.loads(done.stdout)
    return found


def _judged(python: str, seed: int, numbers: Iterable[int]) -> Iterator[tuple[int, str, list[Run]]]:
    pending = list(numbers)
    while pending:
        batch, pending = pending[:_AT_A_TIME], pending[_AT_A_TIME:]
        texts = [graph_program(seed, number) for number in batch]
        yield from zip(batch, texts, runs_under(python, texts), strict=True)


def compare(python: str, seed: int, numbers: range) -> bool:
    """Judge programs and print the results; returns whether all agree."""
    faults: Counter[str] = Counter()
    told: Counter[str] = Counter()
    disagreeing = 0
    for number, text, runs in _judged(python, seed, numbers):
        at_fault = {(run["mode"], rule) for run in runs for rule in faults_of(text, run)}
        faults.update(rule for _, rule in at_fault)
        told.update({one.rule for one in linted(text)})
        found = difference(text, runs)
        if found is not None:
            disagreeing += 1
            print(f"--seed {seed} --only {number}\n{found}", flush=True)
    print("modes that TensorFlow finds at fault: ", end="")
    print(", ".join(f"{rule} {count}" for rule, count in sorted(faults.items())))
    print("programs with findings: ", end="")
    print(", ".join(f"{rule} {count}" for rule, count in sorted(told.items())))
    print(f"seed {seed}: {len(numbers)} programs, {disagreeing} disagree")
    return not disagreeing


def write_record(python: str) -> None:
    """Write what TensorFlow does with the recorded programs."""
    lines = [
        json.dumps({"digest": digest(text), "runs": runs}, sort_keys=True)
        for _, text, runs in _judged(python, RECORDED_SEED, range(RECORDED))
    ]
    RECORD.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="dev.py fuzz --graphs", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many programs")
    parser.add_argument("--seed", type=int, default=RECORDED_SEED)
    parser.add_argument("--start", type=int, default=0, help="number of the first program")
    parser.add_argument("--only", type=int, help="judge one program, and print it")
    parser.add_argument("--record", action="store_true", help="write the record for the tests")
    parser.add_argument("python", help="an interpreter that has TensorFlow")
    options = parser.parse_args(arguments)
    if options.record:
        write_record(options.python)
        return 0
    first, count = options.start, options.count
    if options.only is not None:
        print(graph_program(options.seed, options.only))
        first, count = options.only, 1
    return 0 if compare(options.python, options.seed, range(first, first + count)) else 1


if __name__ == "__main__":
    sys.exit(main())
