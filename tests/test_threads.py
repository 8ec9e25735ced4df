"""Concurrent threads find the same as a single one, and restore the state of the process."""

from __future__ import annotations

import ast
import contextlib
import gc
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libcst as cst
import pytest

import estimator_lint
from estimator_lint.checking import Checker
from estimator_lint.configuration.project_settings import read_configuration
from estimator_lint.findings import Finding
from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.linting import lint_text
from estimator_lint.modes_view.building import view_file
from estimator_lint.modes_view.json_view import as_json
from estimator_lint.process_settings import (
    collector_at_rest,
    no_warnings,
    parsed,
    room_for_recursion,
)
from estimator_lint.project import imports as project
from estimator_lint.settings import Settings
from estimator_lint.syntax.nodes import literal_value
from tests.project.trees import write_tree

THREADS = 8
PACKAGE = Path(estimator_lint.__file__).parent

HEAD = "import tensorflow as tf\n\n\ndef model_fn(features, labels, mode):\n"
TAIL = "    return tf.estimator.EstimatorSpec(mode, loss=features)\n"


def deep(number: int) -> str:
    """Nested so deeply that the interpreter's default limit is too low."""
    return HEAD + ("    x = features" + ".a()" * 200 + "\n") * number + TAIL


MODEL = """\
import tensorflow as tf
from shared import head_{number} as head, is_training
import shared


def model_fn(features, labels, mode):
    if is_training(mode):
        return head(mode, "\\d")
    return shared.Heads().spec(mode)
"""
SHARED = """\
import tensorflow as tf


def is_training(mode):
    return mode == tf.estimator.ModeKeys.TRAIN


class Heads:
    def spec(self, mode):
        return tf.estimator.EstimatorSpec(mode, predictions={{"a": 1}})


""" + "".join(
    f"def head_{number}(mode, name):\n    return tf.estimator.EstimatorSpec(mode, loss=1.0)\n\n\n"
    for number in range(THREADS)
)


def settings_of_the_process() -> tuple[object, ...]:
    return sys.getrecursionlimit(), gc.isenabled(), list(warnings.filters)


@pytest.fixture(autouse=True)
def _left_as_it_was() -> Iterator[None]:
    interval = sys.getswitchinterval()
    lint_text(HEAD + TAIL)  # imports
    before = settings_of_the_process()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(interval)
    assert settings_of_the_process() == before


def together(count: int, run: Callable[[int], object]) -> list[object]:
    """The results of ``run`` in threads that start at the same time."""
    barrier = threading.Barrier(count)

    def start(number: int) -> object:
        barrier.wait()
        return run(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(start, range(count)))


def test_deep_code() -> None:
    texts = [deep(1 + number % 3) for number in range(THREADS)]
    alone = [lint_text(text) for text in texts]
    assert all(found for found in alone)
    assert "MFN000" not in str(alone)
    assert together(THREADS, lambda number: lint_text(texts[number])) == alone


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files that all import from the same other file."""
    write_tree(tmp_path, {"shared.py": SHARED.replace("{{", "{").replace("}}", "}")})
    names = [f"model_{number}.py" for number in range(THREADS)]
    texts = [MODEL.replace("{number}", str(number)) for number in range(THREADS)]
    write_tree(tmp_path, dict(zip(names, texts, strict=True)))
    return [tmp_path / name for name in names]


def test_modules_of_one_project(files: list[Path]) -> None:
    def lint(number: int) -> list[Finding]:
        return lint_text(files[number].read_text(), str(files[number]))

    alone = [lint(number) for number in range(THREADS)]
    assert all("MFN102" in str(found) for found in alone)
    for _ in range(3):
        project._kept.clear()
        assert together(THREADS, lint) == alone
        assert together(THREADS, lint) == alone
    assert len(project._kept) == 1


class Garbage:
    """In a circle; Python finds it in the midst of making a tree, and lets other threads go on."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        sum(range(300))


@pytest.fixture
def _much_garbage() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(5)
    sys.setswitchinterval(1e-6)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_much_garbage")
def test_trees_that_threads_make_in_turns() -> None:
    text = ("x = " + "[" * 30 + "1" + "]" * 30 + "\n") * 20
    done = threading.Event()

    def make_trees_without_lock() -> None:
        while not done.is_set():
            Garbage()
            with contextlib.suppress(SystemError):
                ast.parse(text)

    def make_trees(number: int) -> object:
        for _ in range(10):
            Garbage()
            assert len(parsed(lambda: ast.parse(text)).body) == 20
            assert literal_value(cst.SimpleString(f"'{number}'")) == str(number)
        return number

    other = threading.Thread(target=make_trees_without_lock)
    other.start()
    try:
        assert together(THREADS, make_trees) == list(range(THREADS))
    finally:
        done.set()
        other.join()


#: What has ``ast`` make a tree; ``evaluated_value`` is of libcst.
MAKES_TREES = frozenset({"parse", "literal_eval", "evaluated_value", "string_build"})


def _calls_of_parsed(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "parsed":
                yield node


def _makes_tree(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="ast"), attr=name):
            return name in MAKES_TREES
        case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name in MAKES_TREES - {"parse"}
    return False


def test_all_trees_are_made_in_turns() -> None:
    made = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name != "reduction":  # a tool of its own, with a single thread
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inside = {id(node) for call in _calls_of_parsed(tree) for node in ast.walk(call)}
            made += [
                f"{path.name}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.expr) and _makes_tree(node) and id(node) not in inside
            ]
    assert made == []


def test_the_checker_and_the_view(files: list[Path]) -> None:
    configuration = read_configuration(isolated=True)
    checker = Checker(configuration.options, configuration.settings)

    def check(number: int) -> object:
        path = files[number]
        view = view_file(path.read_text(), str(path), Settings())
        return checker.check(str(path), path.read_bytes()), as_json(view)

    alone = [check(number) for number in range(THREADS)]
    assert together(THREADS, check) == alone
    EstimatorChecker.settings = Settings()


@pytest.mark.parametrize("use", [room_for_recursion, collector_at_rest, no_warnings])
def test_who_ends_first_takes_nothing_from_the_others(use: Callable[[], object]) -> None:
    first, second = use(), use()
    before = settings_of_the_process()
    first.__enter__()  # type: ignore[attr-defined]
    changed = settings_of_the_process()
    assert changed != before
    second.__enter__()  # type: ignore[attr-defined]
    first.__exit__(None, None, None)  # type: ignore[attr-defined]
    assert settings_of_the_process() == changed
    second.__exit__(None, None, None)  # type: ignore[attr-defined]
    assert settings_of_the_process() == before


def test_what_others_set_meanwhile_stays() -> None:
    limit = sys.getrecursionlimit()
    with room_for_recursion(), collector_at_rest():
        sys.setrecursionlimit(20_000)
        gc.enable()
    assert (sys.getrecursionlimit(), gc.isenabled()) == (20_000, True)
    sys.setrecursionlimit(limit)


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        lint_text(HEAD + TAIL)
        assert not gc.isenabled()
    finally:
        gc.enable()
