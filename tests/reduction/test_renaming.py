"""A program's own words are replaced; TensorFlow's, Python's and an Estimator's are not."""

from __future__ import annotations

import pytest

from estimator_lint.reduction.delta_debugging import as_written_by_ast
from estimator_lint.reduction.renaming import renamed
from estimator_lint.settings import Settings


def words_replaced(source: str) -> str:
    """The program with other words, regardless of its findings."""
    return renamed(as_written_by_ast(source), lambda text: True, Settings()).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("acme = 1\nsecret.acme = acme\n", "name_1 = 1\nname_2.name_1 = name_1\n"),
        (
            "def f(acme=1): pass\nf(**{'acme': 2})\n",
            "def function_1(name_1=1):\n    pass\nfunction_1(**{'name_1': 2})\n",
        ),
        ("x = 'gs://acme/bucket', b'acme'\n", "name_1 = ('text_1', b'text_2')\n"),
        ("f(f'acme {x} of acme')\n", "name_1(f'text_1{name_2}text_2')\n"),
        (
            "import acme.secret as a\nfrom .acme import b as c\n",
            "import module_1.module_2 as module_3\nfrom .module_1 import module_4 as module_5\n",
        ),
        ("def acme_model_fn(features): pass\n", "def model_fn(features):\n    pass\n"),
        ("class Acme(Base): pass\n", "class Class_1(name_1):\n    pass\n"),
        (
            "def f():\n    global acme\n    acme = 1\n",
            "def function_1():\n    global name_1\n    name_1 = 1\n",
        ),
        (
            "match acme:\n    case Acme(secret=s) | {'k': s, **r}: pass\n",
            "match name_1:\n    case name_3(name_2=name_4) | {'name_6': name_4, **name_5}:\n"
            "        pass\n",
        ),
    ],
)
def test_own_words(source: str, expected: str) -> None:
    assert words_replaced(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "import tensorflow.compat.v1 as tf\ntf.layers.dense(features['x'.lower()], units=1)\n",
        "from tensorflow import estimator\nestimator.EstimatorSpec(mode, loss=labels)\n",
        "import functools\nfunctools.partial(dict, mode='train')\n",
        "import tensorflow as tf\ntf.flags.FLAGS\n",
        "{}.items(), [].append(len(params)), self, __name__\n",
    ],
)
def test_public_words(source: str) -> None:
    program = as_written_by_ast(source).replace("'x'", "'train'")
    assert words_replaced(program) == program


def test_names_for_what_is_tensorflows() -> None:
    source = "import tensorflow as acme\nfrom tensorflow import estimator as own\nacme.x(own.y)\n"
    assert words_replaced(source) == (
        "import tensorflow as tf\nfrom tensorflow import estimator\ntf.x(estimator.y)\n"
    )
    source = "import tensorflow as tf\nslim = tf.contrib.slim\nslim.conv2d(tf.flags.FLAGS.acme)\n"
    assert words_replaced(source).endswith("slim.conv2d(tf.flags.FLAGS.attribute_1)\n")


def test_words_that_have_to_stay() -> None:
    source = "optimizer.minimize(acme)\nother.apply(secret)\n"
    result = renamed(source, lambda text: "minimize" in text and "secret" in text, Settings())
    assert result.text == "name_1.minimize(name_2)\nname_3.attribute_2(secret)\n"
    assert result.kept == ["minimize", "secret"]
