"""What can go wrong with native modules only: ``dev.py compiled`` runs this with them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from estimator_lint.interpreter import evaluator
from estimator_lint.version import VERSION, is_compiled, shown_version
from tests.fixture_expectations import fixture_paths

ROOT = Path(__file__).parent.parent
#: The stack of a program's first thread, and of most threads, on Linux.
STACK = 8 << 20
IN_A_THREAD = f"""
import sys, threading
from estimator_lint.linting import lint_text
text = sys.stdin.read()
def run():
    print(*(finding.code for finding in lint_text(text)))
threading.stack_size({STACK * 3 // 4})
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""

#: Also of programs that were once judged wrongly.
FINDINGS_OF_RANDOM_PROGRAMS = f"""
import sys
sys.path.append({str(ROOT)!r})
from pathlib import Path
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.version import is_compiled
from tests.differential.programs import numbered_program
folder = Path({str(ROOT)!r}, "tests", "differential", "once_wrong")
texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
texts += [numbered_program(20_000, number) for number in range(30)]
print("compiled" if is_compiled() else "interpreted")
for text in texts:
    print(*lint_text(text, settings=Settings(require_modes=frozenset(Mode))), sep="\\n")
"""


def in_another_process(folder: Path, *arguments: str, text: str = "") -> str:
    """The output of Python where no checkout is: that of the installed package."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        input=text,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=300,
        check=True,
    ).stdout


def test_evaluation_is_compiled_where_that_was_asked_for(tmp_path: Path) -> None:
    assert is_compiled() is (os.environ.get("ESTIMATOR_LINT_COMPILED", "0") not in ("", "0"))
    assert str(evaluator.__file__).endswith(".py") is not is_compiled()
    shown = in_another_process(tmp_path, "-m", "estimator_lint", "--version")
    assert shown == f"estimator-lint {shown_version()}\n"
    assert shown_version() == (f"{VERSION} (compiled)" if is_compiled() else VERSION)


@pytest.mark.skipif(not is_compiled(), reason="there is nothing to compare")
def test_findings_and_their_explanations_are_those_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = in_another_process(tmp_path, "-c", FINDINGS_OF_RANDOM_PROGRAMS).splitlines()
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    source = in_another_process(tmp_path, "-c", FINDINGS_OF_RANDOM_PROGRAMS).splitlines()
    assert (native[0], source[0]) == ("compiled", "interpreted")
    assert native[1:] == source[1:]
    assert sum(line.startswith("Finding(") for line in native) > 100


def helpers(body: Callable[[int], list[str]]) -> str:
    """A model function and helpers that call one another, with these lines of ``body``."""
    lines = ["import tensorflow as tf", "def kept(x):", " return x"]
    for number in range(14):
        called = f"helper{number + 1}(x, loss)" if number < 13 else "loss"
        lines += [f"def helper{number}(x, loss):", *body(number), f" return {called}"]
    return "\n".join(
        [*lines, "def model_fn(features, labels, mode, params):",
         " loss = helper0(params, labels)",
         " return tf.estimator.EstimatorSpec(mode, loss=loss)", ""]
    )  # fmt: skip


def _statements(headers: list[str], ends: list[str], number: int) -> list[str]:
    """Statements nested as deeply as Python's indentation may be, a call in the innermost."""
    depth = 95
    lines = [" " * (d + 1) + headers[d % len(headers)] for d in range(depth)]
    called = f"helper{number + 1}(x, loss)" if number < 13 else "loss"
    lines.append(" " * (depth + 1) + f"loss = kept({called})")
    for d in reversed(range(depth)):
        lines += [" " * (d + 1) + ends[d % len(ends)]] if ends else []
    return lines


def _expressions(form: str, number: int) -> list[str]:
    """A call that is nested in expressions."""
    text = f"helper{number + 1}(x, loss)" if number < 13 else "loss"
    for _ in range(60):
        text = form.format(text)
    return [f" loss = {text}"]


DEEP: dict[str, Callable[[int], list[str]]] = {
    "finally": lambda number: _statements(["try:"], ["finally: x.end()"], number),
    "all kinds": lambda number: _statements(
        ["for _ in x.a:", "with x.a:", "while x.a:", "if x.b:"], [], number
    ),
    "calls": lambda number: _expressions("kept({})", number),
    "closures": lambda number: _expressions("(lambda: {})()", number),
}


@pytest.mark.skipif(sys.platform != "linux", reason="threads of another size elsewhere")
@pytest.mark.skipif(not is_compiled(), reason="Python code takes no native stack")
@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_deep_programs_fit_on_the_stack(tmp_path: Path, body: Callable[[int], list[str]]) -> None:
    """With a quarter to spare."""
    codes = in_another_process(tmp_path, "-c", IN_A_THREAD, text=helpers(body)).split()
    assert "MFN102" in codes
    assert "MFN000" not in codes


def test_findings_are_the_same_from_several_processes_and_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, path in enumerate(fixture_paths()[:16]):
        (tmp_path / f"model_{number}.py").write_bytes(path.read_bytes())
    monkeypatch.delenv("ESTIMATOR_LINT_NO_CACHE")
    monkeypatch.setenv("ESTIMATOR_LINT_CACHE_DIR", str(tmp_path / "cache"))
    flake8 = ["-m", "flake8", "--isolated", "--select=MFN", "--exit-zero"]
    first = in_another_process(tmp_path, *flake8, "-j2", ".")
    assert len(first.splitlines()) > 16
    assert in_another_process(tmp_path, *flake8, "-j1", ".") == first
