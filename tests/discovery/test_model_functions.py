"""Which functions are model functions, and which only look like ones."""

from __future__ import annotations

import textwrap

import hypothesis
import hypothesis.strategies as st
import pytest

from estimator_lint.discovery.model_functions import find_model_functions
from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile

_IMPORT = "import tensorflow as tf\nimport functools\n"


def found(text: str, settings: Settings | None = None) -> list[str]:
    """The names of the model functions of a text that imports TensorFlow."""
    source = SourceFile(_IMPORT + textwrap.dedent(text))
    settings = settings or Settings()
    functions = find_model_functions(source, settings)
    assert not functions or may_hold_model_functions(source.text, settings)
    return [function.name for function in functions]


NAMED = {
    "model_fn": "def model_fn(features, labels, mode): return 1",
    "cnn_model_fn": "def cnn_model_fn(features, labels, mode): return 1",
    "_model_fn": "def _model_fn(features, labels, mode): return 1",
    "model_fn_cnn": "def model_fn_cnn(features, labels, mode, params): return 1",
    "model_fn_": "def model_fn_(features, *, mode): return 1",
    "a_model_fn": "def a_model_fn(mode, /): return 1",
    "<lambda>": "Estimator(model_fn=lambda features, mode: None)",
    "b_model_fn": "b_model_fn = lambda features, labels, mode: None",
    "c_model_fn": "class C:\n    def c_model_fn(self, features, mode): return 1",
    "d_model_fn": "def build():\n    def d_model_fn(mode): return 1\n    return d_model_fn",
    "e_model_fn": """
        def e_model_fn(features, labels):
            return tf.estimator.EstimatorSpec("train")
        """,
    "f_model_fn": """
        class C:
            @staticmethod
            def f_model_fn(features, labels, mode): return 1
        """,
    "g_model_fn": "if True:\n    def g_model_fn(features, mode): return 1",
    "h_model_fn": "try:\n    pass\nexcept E:\n    def h_model_fn(features, mode): return 1",
    "i_model_fn": "def f(x=lambda: 0):\n    i_model_fn: object = lambda mode: None",
}


@pytest.mark.parametrize(("name", "text"), NAMED.items(), ids=NAMED)
def test_by_name(name: str, text: str) -> None:
    assert found(text) == [name]


GIVEN = {
    "by keyword": "tf.estimator.Estimator(model_fn=f)",
    "as the first argument": "tf.estimator.Estimator(f, 'dir')",
    "to a TPUEstimator": "tf.compat.v1.estimator.tpu.TPUEstimator(model_fn=f)",
    "to the contrib TPUEstimator": "tf.contrib.tpu.TPUEstimator(f)",
    "through an alias": "g = f\nh = g\ntf.estimator.Estimator(model_fn=h)",
    "through a partial": "tf.estimator.Estimator(functools.partial(f, x=1))",
    "through an assigned partial": "p = functools.partial(f)\ntf.estimator.Estimator(model_fn=p)",
    "on one side of a condition": "tf.estimator.Estimator(model_fn=f if x else None)",
    "in a function": "def main():\n    return tf.estimator.Estimator(model_fn=f)",
    "to somebody's Estimator": "MyEstimator(model_fn=f)",
    "to super": "class E(B):\n    def __init__(self):\n        super().__init__(model_fn=f)",
    "to a star import": "from tensorflow.estimator import Estimator\nEstimator(f)",
    "under another name": "from tensorflow.estimator import Estimator as E\nE(model_fn=f)",
    "before it is defined": None,
}


@pytest.mark.parametrize("call", GIVEN.values(), ids=GIVEN)
def test_given_to_an_estimator(call: str | None) -> None:
    function = "def f(features, labels): return 1\n"
    text = "tf.estimator.Estimator(f)\n" + function if call is None else function + call
    assert found(text) == ["f"]


def test_methods_and_builders_that_are_given() -> None:
    assert found(
        """
        class A:
            def __init__(self):
                self.e = tf.estimator.Estimator(model_fn=self._f)
            def _f(self, features): return 1
        """
    ) == ["_f"]
    assert found(
        """
        class A:
            def _f(self, features): return 1
        class B(A):
            def run(self):
                tf.estimator.Estimator(self._f)
        """
    ) == ["_f"]
    assert found(
        """
        def build(x):
            def f(features): return 1
            return f
        tf.estimator.Estimator(model_fn=build(1))
        """
    ) == ["f"]
    assert found(
        """
        def outer(x):
            def middle():
                return lambda features: None
            return middle()
        tf.estimator.Estimator(outer(1))
        """
    ) == ["<lambda>"]
    assert found(
        """
        class A:
            def build(self):
                def f(features): return 1
                return functools.partial(f, x=1)
            def run(self):
                tf.estimator.Estimator(model_fn=self.build())
        """
    ) == ["f"]


@pytest.mark.parametrize(
    "decorator", ["model_fn", "lib.model_fn", "model_fn()", "lib.model_fn(1)", "a.b.model_fn"]
)
def test_decorated(decorator: str) -> None:
    assert found(f"@{decorator}\ndef f(x): return 1") == ["f"]


SIGNATURES = {
    "just what is passed": "def f(features, labels, mode, params, config=None):",
    "in any order": "def f(mode, *, labels, features):",
    "a method": "class A:\n  def f(self, features, labels, mode):",
}


@pytest.mark.parametrize("definition", SIGNATURES.values(), ids=SIGNATURES)
def test_by_its_arguments_and_a_spec(definition: str) -> None:
    body = "\n    return tf.estimator.EstimatorSpec(mode)\n"
    assert found(definition + body) == ["f"]
    assert found(definition + "\n    return 1\n") == []
    assert found(definition.replace("labels", "labels, more") + body) == []


STATIC = {
    "by name": "def model_fn(mode, features): return 1",
    "by arguments": "def f(features, labels, mode): return tf.estimator.EstimatorSpec(mode)",
    "by name and spec": "def a_model_fn(features): return tf.estimator.EstimatorSpec('train')",
}


@pytest.mark.parametrize("definition", STATIC.values(), ids=STATIC)
def test_static_methods(definition: str) -> None:
    assert len(found(f"class A:\n    @staticmethod\n    {definition}\n")) == 1


NEAR_MISSES = {
    "a stub": "def model_fn(features, labels, mode):\n    'Made by subclasses.'\n    pass",
    "another stub": "def model_fn(features, labels, mode): ...",
    "a builder": "def model_fn(params):\n    def g(mode): return 1\n    return g",
    "a builder of a model function": """
        def cnn_model_fn(hparams):
            def g(features, mode): return tf.estimator.EstimatorSpec(mode)
            return g
        """,
    "a Keras factory": "def model_fn():\n    return tf.keras.Model()",
    "a call of a spec's namesake": """
        from other import EstimatorSpec
        def model_fn(features):
            return EstimatorSpec(features)
        """,
    "a coroutine": "async def model_fn(features, labels, mode): return 1",
    "a generator": "def model_fn(features, labels, mode):\n    yield 1",
    "another name": "def my_model(features, labels, mode): return 1",
    "a name that only holds it": "def model_fns(features, labels, mode): return 1",
    "a name in capitals": "def MODEL_FN(features, labels, mode): return 1",
    "called, not given": "def f(features): return 1\ntf.estimator.Estimator(model_fn=f())",
    "another argument": "def f(features): return 1\ntf.estimator.Estimator(g, config=f)",
    "given to something else": "def f(features): return 1\nrun(model_fn=f)",
    "given to the namesake": """
        from other import Estimator
        def f(features): return 1
        Estimator(f)
        """,
    "decorated otherwise": "@model_fn.register\ndef f(x): return 1",
    "a text": "'''def model_fn(features, labels, mode): pass'''",
    "a method without arguments": """
        class A:
            def model_fn(self):
                return tf.estimator.EstimatorSpec("train")
        """,
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_near_miss(text: str) -> None:
    assert found(text) == []


def test_globs_and_decorators_can_be_set() -> None:
    text = """
        def build_net(features, mode): return 1
        def model_fn(features, mode): return 1
        @estimator.main
        def f(x): return 1
        """
    assert found(text, Settings(model_fn_globs=("build_*",), decorators=("main",))) == [
        "build_net",
        "f",
    ]
    assert found(text, Settings(model_fn_globs=(), decorators=())) == []
    assert found(text, Settings(model_fn_globs=("*",), decorators=())) == ["build_net", "model_fn"]
    assert found(text, Settings(model_fn_globs=("[bm]*_[!n]*",))) == ["model_fn"]


def test_what_is_told_of_a_model_function() -> None:
    source = SourceFile(
        _IMPORT
        + textwrap.dedent(
            """
            class A:
                def build(self):
                    @model_fn
                    def f(mode): return 1
                    tf.estimator.Estimator(f)
                    Other_Estimator(model_fn=f)
                def model_fn(self, mode): return 1
            """
        )
    )
    inner, method = find_model_functions(source, Settings())
    assert (inner.name, inner.decorated, inner.given_to) == (
        "f",
        True,
        frozenset({"Estimator", "?"}),
    )
    assert [(getattr(node, "name", ""), owner is not None) for node, owner in inner.enclosing] == [
        ("build", True)
    ]
    assert inner.owner is None
    assert method.owner is not None
    assert method.owner.name == "A"


_WORDS = ["model_fn", "f", "my_fn", "x_model_fn", "Estimator", "tensorflow", "tf", "mode"]
_GLOBS = ["model_fn", "*_fn", "*", "?_*", "[fg]", "[!f]*", "f", "*el_f*", "[*]", "x*[_]model_fn"]
_LINES = [
    "def {0}(mode): return 1",
    "@{0}\ndef {1}(x): return 1",
    "import {1} as {0}",
    "from {1} import {0}",
    "from {1}.estimator import Estimator as {0}",
    "{0}(model_fn={1})",
    "{0}({1})",
    "{0}.Estimator({1})",
    "{0} = lambda mode: None",
    "super().__init__(model_fn={0})",
]


@hypothesis.settings(max_examples=300, deadline=None, derandomize=True, database=None)
@hypothesis.given(
    st.lists(
        st.tuples(st.sampled_from(_LINES), st.sampled_from(_WORDS), st.sampled_from(_WORDS)),
        max_size=6,
    ),
    st.lists(st.sampled_from(_GLOBS), max_size=2),
    st.lists(st.sampled_from(_WORDS), max_size=1),
)
def test_the_test_of_the_bare_text_never_says_no_wrongly(
    lines: list[tuple[str, str, str]], globs: list[str], decorators: list[str]
) -> None:
    text = "".join(line.format(one, other) + "\n" for line, one, other in lines)
    settings = Settings(tuple(globs), tuple(decorators))
    if not may_hold_model_functions(text, settings):
        assert not find_model_functions(SourceFile(text), settings)
