"""How long an editor waits for diagnostics after a change, on published model files.

A server has 20 files open.  One after the other is edited, as somebody types: a comment in a
model function grows.  Measured is the time from the change to its diagnostics, and, where the
system tells it, the CPU time that the evaluating process takes for it; beside them, flake8 with
the plugin on the same file.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # behind what is installed

from tests.language_server.raw_client import PUSHED, RawClient, running

EDITS = 7
OPEN = 20

_MODEL_FUNCTION = re.compile(r"^( *)def \w*model_fn\w*\(.*\bmode\b.*\)?.*$", re.MULTILINE)


@dataclass(frozen=True)
class Waits:
    """Seconds for one file.

    Attributes:
        first: from opening it to its first diagnostics.
        edits: from each change to its diagnostics.
        cpu: what the evaluating process took for the changes, on average.
        flake8: what a run of flake8 takes.
    """

    path: Path
    lines: int
    first: float
    edits: list[float]
    cpu: float
    flake8: float


def model_files(folder: Path, count: int) -> list[Path]:
    """Files with model functions, evenly spread over all that there are."""
    found = [
        path
        for path in sorted(folder.rglob("*.py"))
        if "test" not in path.name and _MODEL_FUNCTION.search(_text(path))
    ]
    step = max(1, len(found) // count)
    return found[::step][:count]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def edited(text: str, number: int) -> str:
    """The text with a comment at the end of the line of the first model function's body."""
    found = _MODEL_FUNCTION.search(text)
    assert found is not None
    end = text.index("\n", text.index(":\n", found.start()))
    return f"{text[:end]}  # {'x' * number}{text[end:]}"


def waits(client: RawClient, path: Path, flake8: str) -> Waits:
    """What is measured for a file."""
    text, uri = _text(path), path.as_uri()
    started = time.perf_counter()
    client.open(uri, text)
    client.published(uri, 1)
    first = time.perf_counter() - started
    edits = []
    worker = client.command("status")["worker"]
    cpu = _cpu(worker)
    for number in range(1, EDITS + 1):
        new = edited(text, number)
        started = time.perf_counter()
        client.published(uri, client.change(uri, new))
        edits.append(time.perf_counter() - started)
    cpu = (_cpu(worker) - cpu) / EDITS
    started = time.perf_counter()
    subprocess.run(
        [flake8, "--isolated", "--select=MFN", "-j1", path], stdout=subprocess.PIPE, check=False
    )
    alone = time.perf_counter() - started
    return Waits(path, text.count("\n"), first, edits, cpu, alone)


def _cpu(process: int) -> float:
    """The CPU time of a process so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(files: list[Path], flake8: str) -> Iterator[Waits]:
    """The waits for files, one after the other, with 20 open at a time."""
    with running(files[0].parent, capabilities=PUSHED) as client:
        for number, path in enumerate(files):
            found = waits(client, path, flake8)
            print(f"{number}: {path.name} {statistics.median(found.edits):.2f}", file=sys.stderr)
            yield found
            if number >= OPEN:
                client.close(files[number - OPEN].as_uri())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the packages are unpacked")
    parser.add_argument("--files", type=int, default=50)
    options = parser.parse_args()
    flake8 = str(Path(sys.executable).parent / "flake8")
    rows = list(measured(model_files(options.folder.resolve(), options.files), flake8))
    columns = ["file", "lines", "first", "edit, median", "edit, worst", "CPU", "flake8"]
    print(f"| {' | '.join(columns)} |\n| {' | '.join('---' for _ in columns)} |")
    for row in sorted(rows, key=lambda row: statistics.median(row.edits), reverse=True):
        name = row.path.relative_to(options.folder.resolve()).as_posix()
        numbers = (row.first, statistics.median(row.edits), max(row.edits), row.cpu, row.flake8)
        print(f"| {name} | {row.lines} | {' | '.join(f'{1000 * each:.0f}' for each in numbers)} |")
    edits = sorted(each for row in rows for each in row.edits)
    print(
        f"\n{len(rows)} files, {len(edits)} edits: median {1000 * statistics.median(edits):.0f} ms,"
        f" 95 % {1000 * edits[int(0.95 * len(edits))]:.0f} ms, worst {1000 * edits[-1]:.0f} ms;"
        f" CPU median {1000 * statistics.median(row.cpu for row in rows):.0f} ms"
    )
    if hasattr(os, "getloadavg"):
        print(f"load of the machine: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")


if __name__ == "__main__":
    main()
