"""Functions that are passed to Estimators, and their arguments as TensorFlow sees them."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.discovery.estimator_uses import EstimatorUse
from estimator_lint.discovery.model_functions import find_model_functions
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import in_order

_HEAD = """
import functools
import elsewhere
import tensorflow as tf
from tensorflow.estimator import Estimator
"""


def estimator_uses(text: str) -> list[EstimatorUse]:
    source = SourceFile(_HEAD + textwrap.dedent(text))
    functions = find_model_functions(source, Settings())
    return [estimator_use for function in functions for estimator_use in function.estimator_uses]


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint_text(_HEAD + textwrap.dedent(text))]


def names(text: str) -> str | None:
    """The argument names that TensorFlow sees for the one function passed; None if unknown."""
    (estimator_use,) = estimator_uses(text)
    given = estimator_use.given
    if not given.certain or given.signature is None:
        return None
    return " ".join(parameter.name for parameter in given.signature.seen)


SEEN = {
    "a function": ("def f(a, b=1, *c, d, **e): return 1\nEstimator(f)", "a b"),
    "a lambda": ("Estimator(lambda a, *, b: 1)", "a"),
    "a partial": (
        "def f(a, b, c, d): return 1\nEstimator(functools.partial(f, 1, c=1))",
        "b d",
    ),
    "a partial of unknown arguments": (
        "def f(a, b): return 1\nEstimator(functools.partial(f, **options))",
        None,
    ),
    "a partial of unknown number": (
        "def f(a, b): return 1\nEstimator(functools.partial(f, *values))",
        None,
    ),
    "an instance": (
        "class C:\n    def __call__(self, a): return 1\nc = C(1)\nEstimator(c)",
        "a",
    ),
    "a method of self": (
        """
        class C:
            def f(this, a): return 1
            def g(self): Estimator(self.f)
        """,
        "a",
    ),
    "an inherited method": (
        "class B:\n    def f(self, a): return 1\nclass C(B): pass\nEstimator(C().f)",
        "a",
    ),
    "a method of a class": ("class C:\n    def f(self, a): return 1\nEstimator(C.f)", "self a"),
    "a class method": (
        "class C:\n    @classmethod\n    def f(cls, a): return 1\nEstimator(C.f)",
        "a",
    ),
    "a static method": (
        "class C:\n    @staticmethod\n    def f(a, b): return 1\nEstimator(C().f)",
        "a b",
    ),
    "a method that an instance may replace": (
        """
        class C:
            def __init__(self, f): self.f = f
            def f(self, a): return 1
            def g(self): Estimator(self.f)
        """,
        None,
    ),
    "a method to be overridden": (
        """
        class C:
            def f(self, a):
                raise NotImplementedError
            def g(self): Estimator(self.f)
        """,
        None,
    ),
    "a property": (
        """
        class C:
            @property
            def f(self):
                def inner(a): return 1
                return inner
        Estimator(C().f)
        """,
        "a",
    ),
    "what a builder returns": (
        "def build(x):\n    def f(a): return x\n    return f\nEstimator(build(1))",
        "a",
    ),
    "what a decorator from elsewhere makes": (
        "@elsewhere.wrap\ndef f(a): return 1\nEstimator(f)",
        None,
    ),
    "what an unknown decorator makes": ("@wrap\ndef f(a): return 1\nEstimator(f)", None),
    "what functools.wraps makes": (
        "@functools.wraps(g)\ndef f(a): return 1\nEstimator(f)",
        "a",
    ),
    "what a decorating class makes": (
        "class D:\n    def __init__(self, f): pass\n@D\ndef f(a): return 1\nEstimator(f)",
        None,
    ),
    "what a registering decorator returns": (
        "def d(g):\n    return g\n@d\ndef f(a): return 1\nEstimator(f)",
        "a",
    ),
    "what a decorator returns for another name": (
        "def d(g):\n    g = h(g)\n    return g\n@d\ndef f(a): return 1\nEstimator(f)",
        None,
    ),
    "a wrapper": (
        "def d(g):\n    def w(b, c): return 1\n    return w\n@d\ndef f(a): return 1\nEstimator(f)",
        "b c",
    ),
    "one of two wrappers": (
        """
        def d(g):
            def w(b): return 1
            if x:
                return g
            return w
        @d
        def f(a): return 1
        Estimator(f)
        """,
        None,
    ),
    "a name that is bound twice": (
        "def f(a): return 1\nif x:\n    def g(b): return 1\ng = f\nEstimator(f)",
        "a",
    ),
    "a name that a loop binds, too": (
        "def f(a): return 1\nfor f in functions: pass\nEstimator(f)",
        None,
    ),
    "a name that a function may rebind": (
        "def f(a): return 1\ndef g():\n    global f\n    f = None\nEstimator(f)",
        None,
    ),
}


@pytest.mark.parametrize(("text", "seen"), SEEN.values(), ids=SEEN)
def test_what_tensorflow_sees(text: str, seen: str | None) -> None:
    assert names(text) == seen


NOT_GIVEN = {
    "a parameter of the same name": """
        def model(features, labels): return 1
        def make(model): return Estimator(model)
        """,
    "an import of the same name": """
        def make():
            from elsewhere import model
            return Estimator(model)
        def model(features, labels): return 1
        """,
}


@pytest.mark.parametrize("text", NOT_GIVEN.values(), ids=NOT_GIVEN)
def test_not_given(text: str) -> None:
    assert estimator_uses(text) == []


PARAMS = {
    "": False,
    "params=None": False,
    "params={}": True,
    "None, None, {'rate': 1}": True,
    "'dir', None, None": False,
    "*rest": None,
    "**rest": None,
    "params=unknown": None,
    "params=FLAGS.params": None,
    "params=dict(rate=1)": True,
    "params=PARAMS": True,
    "params=TWICE": None,
    "params=Params()": True,
    "params=load()": None,
}


@pytest.mark.parametrize(("arguments", "given"), PARAMS.items())
def test_whether_params_are_given(arguments: str, given: bool | None) -> None:
    text = f"""
        PARAMS = {{'rate': 1}}
        TWICE = {{}}
        TWICE = None
        class Params: pass
        def f(features, labels): return 1
        Estimator(f, {arguments})
        """
    (estimator_use,) = estimator_uses(text)
    assert estimator_use.gives_params is given


ON_TPU = {
    "": "",
    "train_batch_size=8": "TRAIN",
    "train_batch_size=8, eval_batch_size=FLAGS.size": "TRAIN EVAL",
    "eval_batch_size=8, predict_batch_size=8": "EVAL PREDICT",
    "predict_batch_size=8, eval_on_tpu=False": "PREDICT",
    "train_batch_size=8, eval_batch_size=8, eval_on_tpu=False": "TRAIN",
    "train_batch_size=8, eval_batch_size=8, eval_on_tpu=FLAGS.x": "TRAIN",
    "train_batch_size=8, eval_batch_size=None": "TRAIN",
    "train_batch_size=8, use_tpu=True": "TRAIN",
    "train_batch_size=8, use_tpu=False": "",
    "train_batch_size=8, use_tpu=FLAGS.use_tpu": "",
    "train_batch_size=8, use_tpu=USE_TPU": "",
    "train_batch_size=8, **rest": "",
    "train_batch_size=8, use_tpu=True, eval_batch_size=8, **rest": "TRAIN",
    "*rest, train_batch_size=8, use_tpu=True": "TRAIN",
    "None, None, None, True, 8, 8, 8": "TRAIN EVAL PREDICT",
    "None, None, None, False, 8, 8, 8": "",
    "None, None, None, True, 8, 8, 8, None, False": "TRAIN PREDICT",
}


@pytest.mark.parametrize(("arguments", "modes"), ON_TPU.items())
def test_which_modes_a_tpu_runs(arguments: str, modes: str) -> None:
    text = "USE_TPU = True\ndef f(features, params): return 1\n{}(f, " + arguments + ")"
    (estimator_use,) = estimator_uses(text.format("tf.compat.v1.estimator.tpu.TPUEstimator"))
    assert " ".join(str(mode) for mode in in_order(estimator_use.on_tpu)) == modes
    (estimator_use,) = estimator_uses(text.format("Estimator"))
    assert not estimator_use.on_tpu


ALIASES = {
    "E = tf.estimator.tpu.TPUEstimator": "TPUEstimator",
    "tpu = tf.estimator.tpu\nT = tpu.TPUEstimator\nE = T": "TPUEstimator",
    "E: type = Estimator": "Estimator",
    "if x:\n    E = Estimator\nelse:\n    E = None": None,
    "E = Estimator\ndef g():\n    global E\n    E = None": None,
    "E = Estimator or elsewhere.E": None,
    "E = F\nF = E": None,
}


@pytest.mark.parametrize(("aliases", "estimator"), ALIASES.items())
def test_classes_by_another_name(aliases: str, estimator: str | None) -> None:
    found = estimator_uses(f"{aliases}\nE(lambda features, labels: 1)")
    assert [estimator_use.estimator for estimator_use in found] == (
        [estimator] if estimator else []
    )


def test_an_alias_of_a_function_hides_that_of_the_module() -> None:
    text = """
        E = elsewhere.E
        def make():
            E = Estimator
            return E(lambda features: 1)
        E(lambda features: 1)
        """
    assert len(estimator_uses(text)) == 1


def test_a_spec_by_another_name_tells_a_model_function() -> None:
    text = """
        Spec = tf.estimator.EstimatorSpec
        def make(features, labels, mode):
            return Spec(mode, loss=tf.reduce_mean(features["x"]))
        """
    assert codes(text) == ["MFN102"]


def test_the_base_class_of_an_estimator() -> None:
    text = """
        class Line({}):
            def __init__(self):
                super().__init__(model_fn=lambda features, labels: 1)
        """
    for base, estimator in (
        ("Estimator", "Estimator"),
        ("elsewhere.E", "?"),
        ("A, Estimator", "?"),
    ):
        (estimator_use,) = estimator_uses(text.format(base))
        assert estimator_use.estimator == estimator


def test_a_class_that_is_constructed_as_an_estimator_is() -> None:
    text = """
        class Line(Estimator):
            {}
        class Longer(Line):
            pass
        Longer(lambda features, labels: 1, params=dict(a=1))
        """
    (estimator_use,) = estimator_uses(text.format("def train(self): pass"))
    assert estimator_use.estimator == "Estimator"
    assert estimator_use.params_keys == frozenset({"a"})
    assert estimator_uses(text.format("def __init__(self, model_fn, params): pass")) == []


SILENT = {
    "an Estimator from elsewhere": """
        def f(x, mode): return 1
        elsewhere.Estimator(model_fn=f)
        """,
    "a builder by name": "def build_model_fn(units, mode): return lambda features, mode: 1",
    "a helper by name": "def _model_fn(inputs, labels, mode, units): return 1",
    "no labels": "Estimator(lambda features: 1)",
    "anything besides labels": "Estimator(lambda features, labels, **others: 1)",
    "params with a default, by keyword only": "Estimator(lambda features, *, params=None: 1)",
    "config by keyword only": "Estimator(lambda features, *, config=None: 1)",
    "a wrapper that fills an argument": """
        def d(g):
            def w(features, labels, mode, **others): return g(features, labels, mode, 1, **others)
            return w
        @d
        def f(features, labels, mode, units): return 1
        Estimator(f)
        """,
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent(text: str) -> None:
    assert codes(text) == []


FOUND = {
    "the wrapper's own argument": (
        """
        def d(g):
            def w(features, labels, mode, units): return g(features, labels, mode)
            return w
        @d
        def f(features, labels, mode): return 1
        Estimator(f)
        """,
        ["MFN402"],
    ),
    "a wrapper without functools.wraps": (
        """
        def d(g):
            def w(*args, **kwargs): return g(*args, **kwargs)
            return w
        @d
        def f(features, labels, mode): return 1
        Estimator(f)
        """,
        ["MFN405"],
    ),
    "both branches": ("Estimator((lambda x: 1) if y else (lambda z: 1))", ["MFN401", "MFN401"]),
    "given twice": ("f = lambda x: 1\nEstimator(f)\nEstimator(f)", ["MFN401"]),
    "marked by the decorator": ("@elsewhere.model_fn\ndef f(x): return 1", ["MFN401"]),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_found(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_finding_stands_behind_wide_characters() -> None:
    text = "x = 'äöü𝄞'; Estimator(model_fn=lambda features, 单位: 1)\n"
    (finding,) = lint_text(_HEAD + text)
    assert finding.code == "MFN402"
    assert finding.column == text.index("单位")
