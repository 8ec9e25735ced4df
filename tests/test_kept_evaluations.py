"""Kept evaluations, while a file is edited, give the same results as new ones."""

from __future__ import annotations

import gc
import random
import re
import shutil
import weakref
from pathlib import Path
from typing import Final

import pytest

import estimator_lint
from estimator_lint.discovery.model_functions import ModelFunction
from estimator_lint.facts.function_traces import FunctionTraces
from estimator_lint.findings import Finding
from estimator_lint.interpreter import model_function
from estimator_lint.interpreter.budget import (
    EvaluationStoppedError,
    allow_evaluations,
    stop_evaluations,
)
from estimator_lint.kept_evaluations import KeptEvaluations
from estimator_lint.linting import evaluate_source, judge
from estimator_lint.modes_view.building import functions_of
from estimator_lint.modes_view.model import FunctionView
from estimator_lint.project.buffers import buffers_open, real_path
from estimator_lint.project.code import ModuleCode
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode
from tests.program_edits import edited, is_parsable

FIXTURES: Final = Path(__file__).parent / "fixtures"
SETTINGS: Final = Settings(hints=True)


def results(
    text: str, filename: str, kept: KeptEvaluations | None
) -> tuple[list[Finding], list[object], list[FunctionView]]:
    """Everything that an editor shows for a text."""
    source = SourceFile(text, filename=filename)
    evaluated = evaluate_source(source, SETTINGS, kept)
    findings = judge(source, evaluated, SETTINGS)
    shown = list(functions_of(source, evaluated, SETTINGS))
    return findings, [each.witnesses for each in findings], shown


@pytest.mark.parametrize("seed", range(2))
def test_kept_evaluations_come_to_the_same_as_new_ones(seed: int) -> None:
    rng = random.Random(seed)
    files = sorted(path for path in FIXTURES.rglob("*.py") if path.stat().st_size < 6000)
    kept = KeptEvaluations()
    for path in rng.sample(files, 5):
        text = path.read_text(encoding="utf-8")
        for new in (text, *edited(text, rng, 6)):
            assert results(new, str(path), kept) == results(new, str(path), None), new


def test_edits_of_several_files_of_a_project(tmp_path: Path) -> None:
    """In the editor and on the disk; they are closed, deleted, and do not parse at times."""
    rng = random.Random(1)
    root = shutil.copytree(FIXTURES / "projects" / "ratings", tmp_path / "project")
    texts = {path: [path.read_text(encoding="utf-8")] for path in sorted(root.rglob("*.py"))}
    kept = KeptEvaluations()
    buffers: dict[str, str] = {}
    for _ in range(8):
        path = rng.choice(list(texts))
        new = rng.choice([*edited(texts[path][-1], rng, 1), *texts[path], "def ("])
        texts[path].append(new if is_parsable(new) else texts[path][-1])
        match rng.randrange(4):
            case 0:
                path.write_text(new, encoding="utf-8")
                buffers.pop(real_path(str(path)), None)
            case 1:
                path.unlink(missing_ok=True)
            case _:
                buffers[real_path(str(path))] = new
        for each in (path, root / "ratings" / "train.py", rng.choice(list(texts))):
            with buffers_open(buffers):
                found = results(texts[each][-1], str(each), kept)
            with buffers_open(buffers):
                assert found == results(texts[each][-1], str(each), None)


MODULE: Final = """\
import tensorflow as tf

KEY = "eval"
RATE = [0.1]


def loss_of(labels, logits):
    return tf.losses.mean_squared_error(labels, logits)


def other(x):
    return x


def first_model_fn(features, labels, mode):
    loss = loss_of(labels, features) if mode == KEY else None
    return tf.estimator.EstimatorSpec(mode, loss=loss)


def second_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=loss_of(labels, features))
"""


class Counted:
    """Evaluates a text again and again, and records which functions are evaluated.

    Attributes:
        evaluated: the functions evaluated the last time.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, filename: str) -> None:
        self._filename = filename
        self._kept = KeptEvaluations()
        self.evaluated: list[str] = []
        evaluate = model_function.evaluate_model_function

        def counting(
            module: ModuleCode, function: ModelFunction, *args: object, **options: object
        ) -> object:
            self.evaluated.append(function.name)
            return evaluate(module, function, *args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(model_function, "evaluate_model_function", counting)

    def after(self, text: str) -> list[str]:
        """The functions that are evaluated again for another text."""
        self.evaluated = []
        found = results(text, self._filename, self._kept)
        evaluated = list(self.evaluated)
        assert found == results(text, self._filename, None)
        return evaluated


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Counted:
    counted = Counted(monkeypatch, str(tmp_path / "model.py"))
    assert counted.after(MODULE) == ["first_model_fn", "second_model_fn"]
    return counted


@pytest.mark.parametrize(
    ("old", "new", "evaluated"),
    [
        ("import tensorflow as tf", "# lines above\n\nimport tensorflow as tf", []),
        ("= loss_of", "= \\\n        loss_of", ["first_model_fn"]),
        ("mode):\n", "mode):  # the mode\n    # is given\n\n", []),
        ("    loss =", "    # loss\n    loss =", []),
        ("(mode, loss=loss)", "(  # here\n        mode, loss=loss)", ["first_model_fn"]),
        ("return x", "y = 1\n    return y", []),
        ("mode, loss=loss)", "mode, loss=None)", ["first_model_fn"]),
        ("logits)\n\n", "logits + 1)\n\n", ["first_model_fn", "second_model_fn"]),
        ('KEY = "eval"', 'KEY = "train"', ["first_model_fn"]),
        ("return x", "return KEY", []),
        ("def other(x)", "def loss_of(x)", ["first_model_fn", "second_model_fn"]),
        ("RATE = [0.1]", "RATE = 1", []),
        ("RATE = [0.1]", "from tensorflow import *", []),
        ("def other", "@tf.function\ndef other", []),
    ],
)
def test_an_edit_evaluates_what_reads_it(
    counted: Counted, old: str, new: str, evaluated: list[str]
) -> None:
    text = MODULE.replace(old, new, 1)
    assert text != MODULE
    assert counted.after(text) == evaluated


def test_a_name_that_is_read_elsewhere(counted: Counted) -> None:
    text = MODULE.replace('"eval"', '"test"')
    counted.after(text)
    assert counted.after(text.replace("return x", "return KEY is x")) == []
    # It is a key of the project's own now.
    assert counted.after(text.replace("return x", "return KEY")) == ["first_model_fn"]


def test_a_function_that_moves_is_not_evaluated(counted: Counted) -> None:
    start, end = MODULE.index("def first"), MODULE.index("def second")
    moved = f"{MODULE[:start]}{MODULE[end:]}\n\n{MODULE[start:end]}"
    assert counted.after(moved) == []


def test_of_two_texts_alike_each_is_what_it_was(counted: Counted) -> None:
    function = MODULE[MODULE.index("def second") :]
    assert counted.after(f"{MODULE}\n\n{function}") == ["second_model_fn"]
    assert counted.after(f"{MODULE}\n\n\n\n{function}") == []


def test_another_file_that_was_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    helpers = tmp_path / "helpers.py"
    text = MODULE.replace("KEY =", "from helpers import loss_of\nKEY =").replace(
        "def loss_of", "def old_loss_of"
    )
    counted = Counted(monkeypatch, str(tmp_path / "model.py"))
    assert len(counted.after(text)) == 2
    helpers.write_text("def loss_of(labels, logits):\n    return None\n")
    assert len(counted.after(text)) == 2
    assert counted.after(text) == []
    with buffers_open(
        {real_path(str(helpers)): "def loss_of(labels, logits):\n    pass\n"}
    ) as read:
        assert len(counted.after(text)) == 2
        read.clear()
        assert counted.after(f"{text}#") == []
        assert read == {real_path(str(helpers))}
    helpers.unlink()
    assert len(counted.after(text)) == 2


#: Two classes that find 'on' in an ancestor, which one function asks of both, the other of one.
CLASSES: Final = """
import tensorflow as tf

class On:
    on = True

class Off:
    on = None

class Middle(On):
    pass

class Last(Middle):
    pass

def first_model_fn(features, labels, mode):
    loss = features if Middle().on and Last().on else None
    return tf.estimator.EstimatorSpec(mode, features, loss, features)

def second_model_fn(features, labels, mode):
    loss = features if Last().on else None
    return tf.estimator.EstimatorSpec(mode, features, loss, features)
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Middle(On)", "Middle(Off)"),
        ("Last(Middle)", "Last(Off)"),
        ("class Middle(On):", "On = Off\nclass Middle(On):"),
        ("\nclass Last", "\nMiddle = Off\n\nclass Last"),
        ("\nclass Last", "\nfrom elsewhere import Middle\n\nclass Last"),
    ],
)
def test_another_order_of_classes(tmp_path: Path, old: str, new: str) -> None:
    kept, filename = KeptEvaluations(), str(tmp_path / "model.py")
    for text in (CLASSES, CLASSES.replace(old, new), CLASSES):
        assert results(text, filename, kept) == results(text, filename, None), text


def test_memory_is_bounded(tmp_path: Path) -> None:
    kept = KeptEvaluations()
    counts: list[int] = []
    for number in range(60):
        text = MODULE.replace("return x", f"return {number}").replace(
            "mode, loss=loss)", f"mode, loss=loss, a{number}=1)"
        )
        results(text, str(tmp_path / "model.py"), kept)
        if number % 20 == 19:
            gc.collect()
            counts.append(len(gc.get_objects()))
    assert counts[2] - counts[1] < 200


def test_other_settings(tmp_path: Path) -> None:
    kept = KeptEvaluations()
    filename = str(tmp_path / "model.py")
    for settings in (Settings(), Settings(require_modes=frozenset(Mode)), Settings()):
        source = SourceFile(MODULE, filename=filename)
        evaluated = evaluate_source(source, settings, kept)
        fresh = evaluate_source(SourceFile(MODULE, filename=filename), settings)
        assert judge(source, evaluated, settings) == judge(
            SourceFile(MODULE, filename=filename), fresh, settings
        )


def test_what_is_stopped_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    evaluate = model_function.evaluate_model_function

    def stopping(module: ModuleCode, function: ModelFunction, *args: object, **options: object):  # type: ignore[no-untyped-def]
        if function.name == "second_model_fn":
            stop_evaluations()
        return evaluate(module, function, *args, **options)  # type: ignore[arg-type]

    text = MODULE.replace("return tf.est", "print()\n    return tf.est")
    with monkeypatch.context() as patches:
        patches.setattr(model_function, "evaluate_model_function", stopping)
        with pytest.raises(EvaluationStoppedError):
            counted.after(text)
        allow_evaluations()
    assert counted.after(text) == ["second_model_fn"]


def test_what_is_stopped_again_and_again_keeps_no_old_evaluations(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    evaluate = model_function.evaluate_model_function
    made: list[weakref.ref[FunctionTraces]] = []

    def stopping(module: ModuleCode, function: ModelFunction, *args: object, **options: object):  # type: ignore[no-untyped-def]
        if function.name == "second_model_fn":
            stop_evaluations()
        traces = evaluate(module, function, *args, **options)  # type: ignore[arg-type]
        made.append(weakref.ref(traces))
        return traces

    monkeypatch.setattr(model_function, "evaluate_model_function", stopping)
    kept = KeptEvaluations()
    for number in range(4):
        text = MODULE.replace("mode == KEY", f"mode == KEY or {number}")
        with pytest.raises(EvaluationStoppedError):
            evaluate_source(SourceFile(text, filename=str(tmp_path / "model.py")), SETTINGS, kept)
        allow_evaluations()
    gc.collect()
    assert [traces() is not None for traces in made] == [False, False, False, True]


def test_evaluation_asks_nothing_of_a_text_that_is_not_noted() -> None:
    package = Path(estimator_lint.__file__).parent
    not_noted = re.compile(r"\w+\.source\b(?!\.(piece_at|counterpart|standing_at)\()")
    found = [
        f"{path.name}: {line.strip()}"
        for folder in ("interpreter", "domain")
        for path in sorted((package / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if not_noted.search(line) and "import" not in line
    ]
    assert found == []
