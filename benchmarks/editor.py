"""How long an editor waits for diagnostics after a change, on published model files.

A server has 20 files open.  One after the other is edited at three places: a comment in a
model function, a statement in another function, and a statement in the model function.  Measured
is the time from the change to its diagnostics, and, where the system tells it, the CPU time that
the evaluating process takes for it; beside it, flake8 with the plugin on the same file.

Then the client asks about the model function that was edited last: for code lenses, for the value
of its mode (twice, at two places), and for the code actions at a comment in it that silences
nothing, for which one fix is to be proved.
"""

from __future__ import annotations

import argparse
import ast
import functools
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # after the installed packages

from tests.language_server.raw_client import PUSHED, Message, RawClient, place, running

OPEN = 20

#: An edit that takes longer disturbs.
LIMIT = 0.5


@dataclass(frozen=True)
class Cost:
    """Seconds that something took: of waiting, and of CPU time."""

    wait: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """The measurements for one file.

    Attributes:
        opened: the time from opening it to its first diagnostics.
        edits: for each kind of edit, the time from the change to its diagnostics.
        questions: for each kind of question, the time to its answer.
        flake8: a run of flake8.
    """

    path: Path
    lines: int
    opened: Cost
    edits: dict[str, Cost]
    questions: dict[str, Cost]
    flake8: Cost


def model_files(folder: Path, count: int) -> list[Path]:
    """Files with model functions, evenly sampled from all of them."""
    found = [
        path
        for path in sorted(folder.rglob("*.py"))
        if "test" not in path.name and _model_function(_text(path)) is not None
    ]
    step = max(1, len(found) // count)
    files = found[::step][:count]
    random.Random(0).shuffle(files)  # so that the first rows are representative
    return files


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _functions(text: str) -> list[ast.FunctionDef]:
    """The functions with a body on lines of its own."""
    return [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno > node.lineno
    ]


def _model_function(text: str) -> ast.FunctionDef | None:
    """The first function that is named like a model function and takes a mode."""
    if "model_fn" not in text:
        return None
    try:
        functions = _functions(text)
    except SyntaxError:  # in Python 2
        return None
    named = (
        node
        for node in functions
        if "model_fn" in node.name
        and any(argument.arg == "mode" for argument in (*node.args.args, *node.args.kwonlyargs))
    )
    return min(named, key=lambda node: node.lineno, default=None)


def with_comment(text: str, number: int) -> str:
    """The text with a comment at the beginning of the first model function."""
    model = _model_function(text)
    assert model is not None
    return _with_line(text, model.body[0], f"# {'x' * number}")


def with_statement(text: str, number: int) -> str:
    """The text with one more statement at the beginning of the first model function."""
    model = _model_function(text)
    assert model is not None
    return _with_line(text, model.body[0], f"unused = {number}")


def with_unused_comment(text: str) -> str:
    """The text with a comment in the first model function that silences nothing."""
    model = _model_function(text)
    assert model is not None
    return _with_line(text, model.body[0], "unused = 1  # noqa: MFN103")


def with_statement_elsewhere(text: str, number: int) -> str:
    """The text with one more statement in a function that is not around a model function."""
    model = _model_function(text)
    assert model is not None
    others = [
        node
        for node in _functions(text)
        if not node.lineno <= model.lineno <= (node.end_lineno or 0)
        and not model.lineno <= node.lineno <= (model.end_lineno or 0)
    ]
    if not others:
        return f"{text}\nunused = {number}\n"
    return _with_line(text, others[len(others) // 2].body[0], f"unused = {number}")


def _with_line(text: str, before: ast.stmt, statement: str) -> str:
    lines = text.splitlines(keepends=True)
    number = before.lineno - 1
    lines.insert(number, f"{' ' * before.col_offset}{statement}\n")
    return "".join(lines)


#: The kinds of edits.
KINDS: dict[str, Callable[[str, int], str]] = {
    "comment": with_comment,
    "elsewhere": with_statement_elsewhere,
    "model function": with_statement,
}


#: The code for comments that silence nothing.
UNUSED = "MFN002"

#: The kinds of questions.
QUESTIONS = ("lens", "first hover", "next hover", "code actions")


def row_of(client: RawClient, path: Path, flake8: str) -> Row:
    """The measurements for a file."""
    text, uri = _text(path), path.as_uri()
    worker = client.command("status")["worker"]

    def cost(do: Callable[[], object], used: Callable[[], float]) -> Cost:
        started, before = time.perf_counter(), used()
        do()
        return Cost(time.perf_counter() - started, used() - before)

    def of_worker() -> float:
        return _cpu(worker)

    def show() -> None:
        client.open(uri, text)
        client.published(uri, 1)

    def edit(kind: str) -> None:
        client.published(uri, client.change(uri, KINDS[kind](text, 1)))

    def run() -> None:
        command = [flake8, "--isolated", "--select=MFN", "-j1", str(path)]
        subprocess.run(command, stdout=subprocess.PIPE, check=False)

    opened = cost(show, of_worker)
    edits = {kind: cost(functools.partial(edit, kind), of_worker) for kind in KINDS}
    commented = with_unused_comment(text)
    found = client.published(uri, client.change(uri, commented))
    questions = {
        kind: cost(functools.partial(client.request, method, params), of_worker)
        for kind, (method, params) in questions_about(uri, commented, found).items()
    }
    return Row(path, text.count("\n"), opened, edits, questions, cost(run, _cpu_of_children))


def questions_about(uri: str, text: str, found: list[Message]) -> dict[str, tuple[str, Message]]:
    """Requests about a text with these diagnostics: the method and the parameters of each."""
    about = {"textDocument": {"uri": uri}}
    model = _model_function(text)
    assert model is not None
    modes = [
        place(node.lineno - 1, len(_line(text, node).encode()[: node.col_offset].decode()))
        for node in ast.walk(model)
        if isinstance(node, ast.Name) and node.id == "mode"
    ]
    start = place(model.lineno - 1, 0)
    first, second = [*modes, start, start][:2]
    (unused,) = [each for each in found if each["code"] == UNUSED]
    actions = {**about, "range": unused["range"], "context": {"diagnostics": [unused]}}
    return {
        "lens": ("textDocument/codeLens", about),
        "first hover": ("textDocument/hover", {**about, "position": first}),
        "next hover": ("textDocument/hover", {**about, "position": second}),
        "code actions": ("textDocument/codeAction", actions),
    }


def _line(text: str, node: ast.expr) -> str:
    return re.split(r"\r\n|\r|\n", text)[node.lineno - 1]


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _cpu(process: int) -> float:
    """The CPU time of a process so far; 0 if the system does not report it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(files: list[Path], flake8: str) -> Iterator[Row]:
    """The costs for files, one after the other, with 20 open at a time."""
    patient = {"seconds": 60}
    with running(files[0].parent, capabilities=PUSHED, initializationOptions=patient) as client:
        client.open("untitled:first")  # the process has started when this is answered
        client.published("untitled:first")
        for number, path in enumerate(files):
            yield row_of(client, path, flake8)
            if number >= OPEN:
                client.close(files[number - OPEN].as_uri())


def main() -> None:
    """Print the table: CPU time of each file, and both times of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the packages are unpacked")
    parser.add_argument("--files", type=int, default=50)
    options = parser.parse_args()
    flake8 = str(Path(sys.executable).parent / "flake8")
    columns = ["file", "lines", "opened", *KINDS, *QUESTIONS, "flake8"]
    print(f"| {' | '.join(columns)} |\n| {' | '.join('---' for _ in columns)} |")
    rows: list[Row] = []
    for row in measured(model_files(options.folder.resolve(), options.files), flake8):
        rows.append(row)
        name = row.path.relative_to(options.folder.resolve()).as_posix()
        costs = (row.opened, *row.edits.values(), *row.questions.values(), row.flake8)
        numbers = [each.cpu for each in costs]
        print(f"| {name} | {row.lines} | {_milliseconds(numbers)} |", flush=True)
    print("\n| | median | 95 % | worst | CPU: median | 95 % | worst |\n| --- " + "| --- " * 6 + "|")
    _summary("opened", [row.opened for row in rows])
    for kind in KINDS:
        _summary(kind, [row.edits[kind] for row in rows])
    edits = [cost for row in rows for cost in row.edits.values()]
    _summary("all edits", edits)
    for kind in QUESTIONS:
        _summary(kind, [row.questions[kind] for row in rows])
    _summary("flake8", [row.flake8 for row in rows])
    slow = sum(cost.wait > LIMIT for cost in edits)
    print(f"\n{slow} of {len(edits)} edits took longer than {1000 * LIMIT:.0f} ms")
    if hasattr(os, "getloadavg"):
        print(f"\nload of the machine: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")


def _summary(kind: str, costs: list[Cost]) -> None:
    waits = _typical([cost.wait for cost in costs])
    print(
        f"| {kind} | {_milliseconds(waits)} | {_milliseconds(_typical([c.cpu for c in costs]))} |"
    )


def _typical(numbers: list[float]) -> list[float]:
    ordered = sorted(numbers)
    return [statistics.median(ordered), ordered[int(0.95 * len(ordered))], ordered[-1]]


def _milliseconds(seconds: Iterable[float]) -> str:
    return " | ".join(f"{1000 * each:.0f}" for each in seconds)


if __name__ == "__main__":
    main()
