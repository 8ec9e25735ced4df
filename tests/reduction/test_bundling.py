"""Imports from the project are bundled with the file into one program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.reduction.bundling import bundled
from estimator_lint.reduction.example import make_example
from estimator_lint.settings import Settings

MODEL = """\
import acme.heads
from acme import heads as h
from acme.heads import Base, spec as build, LIMIT
from acme.values import *
import tensorflow as tf

def model_fn(features, labels, mode):
    spec = 1
    if mode == EVAL_KEY:
        return build(mode)
    from acme.heads import late
    if mode == tf.estimator.ModeKeys.PREDICT:
        return h.predicting(mode, features, LIMIT, h.tf1.shape(labels))
    return acme.heads.spec(mode, features, late(features))

class Model(Base):
    def build(self, h):
        return h, build
"""
HEADS = """\
from __future__ import annotations
import tensorflow.compat.v1 as tf1
from .values import LIMIT, unused

def spec(mode, loss=None, train_op=None):
    return tf1.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

def late(loss, spec=spec):
    global STEPS
    STEPS = loss
    return [LIMIT for LIMIT in loss]

def predicting(mode, predictions, limit):
    return spec(mode, [spec for spec in (limit, LIMIT)])

class Base:
    def spec(self, mode):
        return spec(mode)

STEPS = 0
raise RuntimeError("never run")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"model.py": MODEL, "acme/__init__.py": "", "acme/heads.py": HEADS}
    files["acme/values.py"] = "LIMIT = 3\nEVAL_KEY = 'eval'\nunused = 1\n"
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "model.py"


def test_definitions_are_taken_over_that_are_needed(project: Path) -> None:
    program = bundled(MODEL, str(project), Settings())
    compile(program, "<bundled>", "exec")
    assert set(re.findall("acme.*", program)) <= {"acme.heads", "acme import heads as h"}
    assert "unused" not in program and "RuntimeError" not in program
    for line in (
        "import tensorflow.compat.v1 as tf1_of_heads",
        "LIMIT_of_values = 3",
        "EVAL_KEY_of_values = 'eval'",
        "    return tf1_of_heads.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)",
        "def late_of_heads(loss, spec=spec_of_heads):",
        "    global STEPS_of_heads",
        "    return [LIMIT for LIMIT in loss]",
        "    return spec_of_heads(mode, [spec for spec in (limit, LIMIT_of_values)])",
        "    def spec(self, mode):",
        "        return spec_of_heads(mode)",
        "        return spec_of_heads(mode)",
        "        return predicting_of_heads("
        "mode, features, LIMIT_of_values, tf1_of_heads.shape(labels))",
        "    return spec_of_heads(mode, features, late_of_heads(features))",
        "class Model(Base_of_heads):",
        "        return (h, spec_of_heads)",
    ):
        assert f"\n{line}\n" in f"\n{program}", line
    order = [
        program.index(f"def {name}") for name in ("spec_of_heads", "late_of_heads", "model_fn")
    ]
    assert order == sorted(order)


def test_the_example_of_a_finding_in_another_file(project: Path) -> None:
    findings = lint_text(MODEL, str(project))
    finding = next(each for each in findings if each.code == "MFN103")
    assert "heads.spec" in finding.text
    example = make_example(MODEL, finding, Settings(), filename=str(project))
    assert (example.finding.code, example.finding.modes) == (finding.code, finding.modes)
    assert example.finding in lint_text(example.text)
    assert len(example.text.splitlines()) < 15
    assert "acme" not in example.text and "heads" not in example.text


def test_circles_end(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("from model import f\ndef g():\n    return f()\n")
    text = "from other import g\ndef f():\n    return g()\n"
    (tmp_path / "model.py").write_text(text)
    program = bundled(text, str(tmp_path / "model.py"), Settings())
    assert "def g_of_other():\n    return f()\n" in program
    assert "return g_of_other()" in program
