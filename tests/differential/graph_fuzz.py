"""Compares the linter with TensorFlow on random graphs: ``dev.py fuzz --graphs``.

``tests/conformance/graph_programs_run.py`` runs the programs of ``graph_programs.py`` under real
TensorFlow. The exit status is 1 if a finding is wrong, or a fault is missed for no known reason.
``--record`` writes what happened to the first programs of seed 1, which the tests compare.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.differential.graph_programs import graph_program
from tests.differential.graph_truth import Run, difference, linted
from tests.differential.mutants import mutants, normalized

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


@dataclass(frozen=True)
class Program:
    """A program, and how to ask for it."""

    name: str
    text: str


def programs(seed: int, numbers: Iterable[int], damaged: int = 0) -> Iterator[Program]:
    """The programs of these numbers; or of each, as many as asked for with some damage."""
    for number in numbers:
        name, text = f"--seed {seed} --only {number}", graph_program(seed, number)
        if not damaged:
            yield Program(name, text)
            continue
        made = list(mutants(normalized(text), "model_fn"))
        for mutant in random.Random(f"{seed} {number}").sample(made, min(damaged, len(made))):
            yield Program(f"{name}: {mutant.kind}, line {mutant.line}", mutant.source)


def _judged(python: str, chosen: Iterable[Program]) -> Iterator[tuple[Program, list[Run]]]:
    pending = list(chosen)
    while pending:
        batch, pending = pending[:_AT_A_TIME], pending[_AT_A_TIME:]
        yield from zip(batch, runs_under(python, [one.text for one in batch]), strict=True)


def compare(python: str, chosen: list[Program]) -> bool:
    """Judge programs and print the results; returns whether all agree."""
    faults: Counter[str] = Counter()
    told: Counter[str] = Counter()
    disagreeing = 0
    for program, runs in _judged(python, chosen):
        at_fault = {(run["mode"], rule) for run in runs for rule in run.get("faults", ())}
        faults.update(rule for _, rule in at_fault)
        told.update({one.rule for one in linted(program.text)})
        found = difference(program.text, runs)
        if found is not None:
            disagreeing += 1
            print(f"{program.name}\n{found}", flush=True)
    print("modes that TensorFlow finds at fault: ", end="")
    print(", ".join(f"{rule} {count}" for rule, count in sorted(faults.items())))
    print("programs with findings: ", end="")
    print(", ".join(f"{rule} {count}" for rule, count in sorted(told.items())))
    print(f"{len(chosen)} programs, {disagreeing} disagree")
    return not disagreeing


def write_record(python: str) -> None:
    """Write what TensorFlow does with the recorded programs."""
    lines = [
        json.dumps({"digest": digest(program.text), "runs": runs}, sort_keys=True)
        for program, runs in _judged(python, programs(RECORDED_SEED, range(RECORDED)))
    ]
    RECORD.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="dev.py fuzz --graphs", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many programs")
    parser.add_argument("--seed", type=int, default=RECORDED_SEED)
    parser.add_argument("--start", type=int, default=0, help="number of the first program")
    parser.add_argument("--only", type=int, help="judge one program, and print it")
    parser.add_argument(
        "--damaged", type=int, default=0, metavar="N", help="damage each in N ways instead"
    )
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
    chosen = list(programs(options.seed, range(first, first + count), options.damaged))
    return 0 if compare(options.python, chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
