"""MFN901: names that the target version does not have."""

from __future__ import annotations

import subprocess
import sys

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.exports import Exports, Missing, exports

_MODEL_FUNCTION = """
def model_fn(features, labels, mode):
    return 'Estimator tensorflow'
"""


def found(text: str, version: str = "2.4") -> list[str]:
    """The findings for a text with a model function, each with its place."""
    return [
        f"{finding.line}:{finding.column} {finding.text}"
        for finding in lint_text(
            text + _MODEL_FUNCTION, settings=Settings(tensorflow_version=version)
        )
        if finding.code == "MFN901"
    ]


def test_without_the_option_nothing_is_said() -> None:
    assert lint_text("import tensorflow as tf\ntf.contrib\n" + _MODEL_FUNCTION) == []


REPORTED = {
    "an attribute": (
        "import tensorflow as tf\nx = tf.contrib.layers.l2_regularizer(1)\n",
        ["2:4 'tf.contrib' is not in TensorFlow 2.4: removed in 2.0"],
    ),
    "one that compat.v1 has": (
        "import tensorflow\ntensorflow.Session()\n",
        ["2:0 'tf.Session' is not in TensorFlow 2.4: removed in 2.0; use 'tf.compat.v1.Session'"],
    ),
    "an import, and nothing of what is read of it": (
        "from tensorflow.contrib import slim, layers as l\nslim.conv2d\nl.dense\n",
        [
            "1:31 'tf.contrib' is not in TensorFlow 2.4: removed in 2.0",
            "1:37 'tf.contrib' is not in TensorFlow 2.4: removed in 2.0",
        ],
    ),
    "an import of a module": (
        "import os, tensorflow.contrib.slim as slim\n",
        ["1:11 'tf.contrib' is not in TensorFlow 2.4: removed in 2.0"],
    ),
    "one that comes later": (
        "import tensorflow as tf\ntf.keras.ops.abs\n",
        ["2:0 'tf.keras.ops' is not in TensorFlow 2.4: added in 2.16"],
    ),
    "a column in code points": (
        "import tensorflow as tf\ng = 'é', tf.Session\n",
        ["2:9 'tf.Session' is not in TensorFlow 2.4: removed in 2.0; use 'tf.compat.v1.Session'"],
    ),
    "read of what is called": (
        "import tensorflow as tf\ntf.abs(tf.Session().graph)\n",
        ["2:7 'tf.Session' is not in TensorFlow 2.4: removed in 2.0; use 'tf.compat.v1.Session'"],
    ),
}


@pytest.mark.parametrize("name", REPORTED)
def test_reported(name: str) -> None:
    text, expected = REPORTED[name]
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow.compat.v1 as tf\ntf.Session, tf.layers.dense, tf.estimator\n",
        "import tensorflow as tf\ntf.estimator.ModeKeys.NOTHING, tf.float32.nothing\n",
        "import tensorflow as tf\ntf = tf.compat.v1\ntf.Session\n",
        "import other as tf\ntf.Session\n",
        "def f(tf):\n    tf.Session\nimport tensorflow as tf\n",
        "from tensorflow.python.ops import nothing\nfrom . import tensorflow\n",
        "import tensorflow as tf\nif tf.__version__ < '2':\n    tf.Session\n",
        "import tensorflow as tf\nx = tf.Session if hasattr(tf, 'Session') else None\n",
        "import tensorflow as tf\nx = hasattr(tf, 'Session') and tf.Session\n",
        "import tensorflow as tf\nV = tf.__version__\nOLD = V < '2'\nif OLD:\n    tf.Session\n",
        "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n"
        "    import tensorflow as tf\ntf.Session\n",
        "import tensorflow as tf\ntry:\n    tf.Session\nexcept AttributeError:\n    pass\n",
    ],
)
def test_silent(text: str) -> None:
    assert found(text) == []


def test_estimators_end_with_2_15() -> None:
    text = "import tensorflow as tf\nimport tensorflow.compat.v1.estimator as e\ntf.estimator\n"
    assert found(text, "2.15") == []
    assert [line.split(":")[-1] for line in found(text, "2.16")] == [" removed in 2.16"] * 2


def test_a_handler_of_something_else_is_none() -> None:
    text = "import tensorflow as tf\ntry:\n    tf.Session\nexcept ValueError:\n    pass\n"
    assert len(found(text)) == 1


def test_a_name_that_went_and_came_back() -> None:
    table = Exports.parsed("1.15 2.0 2.1 2.2\ntf\n 1.15,2.1-2.2: a\n 1.15-2.2: b\ntf.b\n 2.0: c\n")
    assert table.missing("tensorflow.a.x", "2.0") == Missing("tf.a", "2.0", "2.1", None)
    assert table.missing("tensorflow.a.x", "2.2") is None
    assert table.missing("tensorflow.b.c", "1.15") == Missing("tf.b.c", None, "2.0", None)
    assert table.missing("tensorflow.b.c", "2.2") == Missing("tf.b.c", "2.1", None, None)
    assert table.missing("tensorflow.b.d", "2.2") is None


def test_the_table_has_every_version_since_1_15() -> None:
    table = exports()
    assert table.versions == ("1.15", *(f"2.{minor}" for minor in range(22)))
    for version in table.versions:
        assert len(table.names_of(version)) > 4_500


def test_the_table_is_read_only_when_it_is_asked_for() -> None:
    code = (
        "import sys\nfrom estimator_lint.linting import lint_text\n"
        f"lint_text('import tensorflow as tf\\n' + {_MODEL_FUNCTION!r})\n"
        "from estimator_lint.tensorflow_api.exports import exports\n"
        "sys.exit(exports.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
