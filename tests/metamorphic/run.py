"""The metamorphic test at length: ``python -m tests.metamorphic.run``.

Model functions of the fixtures and of the published packages are written otherwise, by
one change or two that keep their meaning; the linter must say the same of them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.ecosystem.packages import CACHE
from tests.metamorphic.comparison import (
    Disagreement,
    by_file,
    disagreement,
    programs,
    sampled,
)
from tests.metamorphic.limits import reason_for
from tests.metamorphic.mutators import MUTATORS

#: What a file of a package must mention, and its maximal size, to be worth the time.
_MENTIONED = "EstimatorSpec("
_MAX_BYTES = 30_000
#: How many numbers are judged between two counts.
_AT_A_TIME = 4_000


def published() -> list[Path]:
    """The files of the unpacked packages that build specs."""
    folder = CACHE / "unpacked"
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if path.stat().st_size <= _MAX_BYTES
        and _MENTIONED in path.read_text(encoding="utf-8", errors="replace")
    ]


def _judged(number: int, paths: Sequence[Path], seed: int) -> tuple[tuple[str, ...], str, str]:
    """The changes of a mutant, the difference in findings, and the limit that explains it."""
    for mutant in sampled(paths, seed, [number]):
        found: Disagreement | None = disagreement(mutant)
        if found is None:
            return mutant.changes, "", ""
        return mutant.changes, f"number {number}: {found}", reason_for(found)
    return (), "", ""


def main(arguments: Sequence[str]) -> int:
    """Run it; returns 1 if findings differ and no limit explains it."""
    parser = argparse.ArgumentParser(prog="dev.py metamorphic", description=__doc__)
    parser.add_argument("--mutants", type=int, default=5000, help="how many are made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--only", type=int, help="print one mutant, by its number")
    parser.add_argument("-j", type=int, default=multiprocessing.cpu_count(), dest="jobs")
    options = parser.parse_args(arguments)
    paths = [*programs(), *published()]
    if options.only is not None:
        for mutant in sampled(paths, options.seed, [options.only]):
            print(mutant.text)
        return 0
    changes: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    unexplained: Counter[str] = Counter()
    made = 0
    number = options.first
    judge = partial(_judged, paths=paths, seed=options.seed)
    with multiprocessing.Pool(options.jobs) as pool:
        while made < options.mutants:
            # About half of the changes apply.
            count = min(2 * (options.mutants - made), _AT_A_TIME)
            batch = by_file(paths, options.seed, range(number, number + count))
            number += count
            for done, found, reason in pool.imap_unordered(judge, batch, chunksize=10):
                made += bool(done)
                changes.update(done)
                if found and reason:
                    explained[reason] += 1
                elif found:
                    print(found, flush=True)
                    unexplained[" and ".join(done)] += 1
    print(f"{made} mutants, numbers {options.first} to {number - 1}, ", end="")
    print(f"of {len(paths)} files by {len(MUTATORS) + 1} changes")
    for name, count in sorted(changes.items()):
        print(f"{count:6} {name}")
    for title, counted in (("explained", explained), ("not explained", unexplained)):
        print(f"{counted.total()} said otherwise, {title}")
        for name, count in counted.most_common():
            print(f"{count:6} {name}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
