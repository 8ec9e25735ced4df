"""An object that changes between two tests of it answers the second one otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from estimator_lint.interpreter import changed_objects
from estimator_lint.linting import lint_text

_PROGRAM = """\
import collections, copy, functools, os, pathlib, random, zlib
import config as settings
import tensorflow.compat.v1 as tf
from absl import flags

FLAGS = flags.FLAGS
CACHE, NAMES, COUNT = {{}}, [], 0

class Switch:
    flag, names = False, []
    def turn_on(self):
        self.flag = True

def fill_cache():
    CACHE["k"] = 1

def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 1)
    loss = tf.losses.mean_squared_error(labels, logits) if mode != "infer" else None
    step = tf.train.GradientDescentOptimizer(0.1).minimize
{before}
    u = {made}
    if {first}:
        {change}
    else:
        raise ValueError("never")
    if {second}:
        train_op = step(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, predictions=logits, loss=loss, train_op=train_op)
"""

#: What ``u`` is, a test that is true, a change, and a test that is true then.
_CHANGES = [
    # Containers that the linter does not know.
    ('tf.get_collection("upd")', "not u", "u.append(tf.no_op())", "u"),
    ('list(params["a"])', "not u", "u.append(1)", "u"),
    ('list(params["a"])', "not u", "u.extend([1])", "u"),
    ('list(params["a"])', "len(u) == 3", "u += [1]", "len(u) == 4"),
    ('list(params["a"])', "not u", "u[:] = [1]", "u"),
    ('list(params["a"])', "u", "del u[:]", "not u"),
    ('list(params["a"])', "u[0] == 2", "u.sort()", "u[0] == 1"),
    ('list(params["a"])', "not any(u)", "u.append(True)", "any(u)"),
    ('set(params["a"])', '"k" in u', 'u.discard("k")', '"k" not in u'),
    ("dict(params)", '"k" not in u', 'u["k"] = 1', '"k" in u'),
    ("dict(params)", '"k" in u', 'del u["k"]', '"k" not in u'),
    ("dict(params)", 'str(u) == "{}"', 'u["k"] = 1', 'str(u) != "{}"'),
    ("params", '"k" not in u', "u.update(k=1)", '"k" in u'),
    ("params", '"k" not in u', 'own = copy.copy(u); own["k"] = 1', '"k" not in u'),
    ("params", '"k" not in u', 'u.setdefault("k", 1)', '"k" in u'),
    ("params", 'u.get("k") is None', 'u["k"] = 1', 'u.get("k") is not None'),
    ("params", '"k" not in u', 'u["k"] = 1; u.pop("k")', '"k" not in u'),
    ("params", '"k" not in u', 'u["k"] = 1; u.clear()', '"k" not in u'),
    ('params["a"]', "len(u) == 0", "u.append(1)", "len(u) == 1"),
    ('params["a"]', "u[0] == 1", "random.shuffle(u)", "u[0] == 2"),
    ("collections.defaultdict(list)", 'not u["k"]', 'u["k"].append(1)', 'u["k"]'),
    ("collections.Counter()", 'u["k"] == 0', 'u["k"] += 1', 'u["k"] == 1'),
    # The same object by other names.
    ("params", 'not u["l"]', 'same = u["l"]; same.append(1)', 'u["l"]'),
    ("params", 'not u["l"]', 'same = u.get("l"); same.append(1)', 'u["l"]'),
    ('params["l"]', "not u", "add = u.append; add(1)", "u"),
    ('params["l"]', "not u", "copied = u[:]; copied.append(1); u = copied", "u"),
    # Something is asked for once more.
    ('params["a"]', 'u.pop(0) == "a"', "pass", 'u.pop(0) == "b"'),
    ("collections.deque(params['a'])", 'u.popleft() == "a"', "pass", 'u.popleft() == "b"'),
    ('open("file")', 'u.readline() == "a"', "pass", 'u.readline() == "b"'),
    ("random.Random(1)", "u.random() < 0.5", "pass", "not u.random() < 0.5"),
    ("os.environ", 'not u.get("X")', 'u["X"] = "1"', 'u.get("X")'),
    ('params["dir"]', "not tf.gfile.Exists(u)", "tf.gfile.MakeDirs(u)", "tf.gfile.Exists(u)"),
    ('params["dir"]', "not os.path.exists(u)", "os.makedirs(u)", "os.path.exists(u)"),
    (
        "0",
        "tf.train.get_global_step() is None",
        "tf.train.create_global_step()",
        "tf.train.get_global_step() is not None",
    ),
    (
        "0",
        "len(tf.trainable_variables()) == 2",
        'tf.layers.dense(features["x"], 3)',
        "len(tf.trainable_variables()) == 4",
    ),
    (
        "0",
        "tf.summary.merge_all() is None",
        'tf.summary.scalar("a", logits[0, 0])',
        "tf.summary.merge_all() is not None",
    ),
    ("pathlib.Path('d')", "not u.exists()", "os.makedirs(u)", "u.exists()"),
    ("zlib.decompressobj()", "not u.eof", "text = u.decompress(b'')", "u.eof"),
    # Attributes, of objects, classes, modules and flags.
    ('params["o"]', "not u.flag", "u.flag = True", "u.flag"),
    ('params["o"]', "not u.flag", 'setattr(u, "flag", True)', "u.flag"),
    ('params["o"]', "not u.flag", "u.turn_on()", "u.flag"),
    ('params["o"]', "not u.is_on()", "u.turn_on()", "u.is_on()"),
    ('params["o"]', "not u.flag", "settings.turn_on(u)", "u.flag"),
    ('params["o"]', "not u.built", "built = u(features)", "u.built"),
    ('params["o"]', "not u.losses()", "built = u.build(logits)", "u.losses()"),
    ("tf.keras.layers.Dense(3)", "not u.weights", "built = u(logits)", "u.weights"),
    ("tf.get_default_graph()", "not u.finalized", "u.finalize()", "u.finalized"),
    ("Switch", "not u.flag", "u.flag = True", "u.flag"),
    ("Switch", "not u.flag", 'setattr(Switch, "flag", True)', "u.flag"),
    ("Switch()", "not u.flag", "u.turn_on()", "u.flag"),
    ("Switch()", "not u.names", "u.names.append(1)", "u.names"),
    ("FLAGS", "not u.flag", "FLAGS.flag = True", "u.flag"),
    ("FLAGS", "u.flag is None", 'u.set_default("flag", 3)', "u.flag is not None"),
    ("settings", "not u.flag", "settings.flag = True", "u.flag"),
    ("settings", "not u.flag", "settings.load()", "u.flag"),
    # Global names.
    ("0", "not CACHE", 'CACHE["a"] = 1', "CACHE"),
    ("0", '"k" not in CACHE', "fill_cache()", '"k" in CACHE'),
    ("0", "len(NAMES) == 0", "NAMES.append(1)", "len(NAMES) == 1"),
    # Copies.
    ("params", 'not u["x"]', 'other = copy.deepcopy(u); other["x"] = 1', 'not u["x"]'),
    ("params", "not u.x", "other = copy.copy(u); other.x = 1", "not u.x"),
    ("params", 'not u["x"]', 'other = copy.copy(u); u["x"] = 1', 'not other["x"]'),
    ('params["l"]', "not u", "other = copy.copy(u); other.append(1)", "not u"),
    # Names of Python that are the same.
    ("...", "u is Ellipsis", "pass", "u is ..."),
    ("IOError", "u is OSError", "pass", "EnvironmentError is u"),
]

#: The same with statements before.
_CLOSURES = [
    (
        "    n = 0\n    def bump():\n        global COUNT\n        COUNT += 1",
        ("0", "not COUNT", "bump()", "COUNT"),
    ),
    (
        "    n = 0\n    def numbers():\n        nonlocal n\n        n += 1\n        yield 1",
        ("numbers()", "n == 0", "next(u)", "n == 1"),
    ),
    (
        "    n = 0\n    def numbers():\n        nonlocal n\n        n += 1\n        yield 1",
        ("numbers()", "n == 0", "list(u)", "n == 1"),
    ),
    (
        "    n = 0\n    def counted(f):\n        def count():\n            nonlocal n\n"
        "            n += 1\n        return count\n    @counted\n    def f():\n        pass",
        ("0", "n == 0", "f()", "n == 1"),
    ),
    (
        "    class Positive:\n        n = 0\n        @property\n        def v(self):\n"
        "            return self.n\n        @v.setter\n        def v(self, n):\n"
        "            self.n = abs(n)\n        @v.deleter\n        def v(self):\n            pass",
        ("Positive()", "u.v == 0", "u.v = -3", "u.n == 3"),
    ),
]


@pytest.mark.parametrize(("made", "first", "change", "second"), _CHANGES)
def test_a_change_is_believed(made: str, first: str, change: str, second: str) -> None:
    text = _PROGRAM.format(before="", made=made, first=first, change=change, second=second)
    assert lint_text(text) == []


@pytest.mark.parametrize(("before", "parts"), _CLOSURES)
def test_what_a_function_changes_is_believed(before: str, parts: tuple[str, str, str, str]) -> None:
    made, first, change, second = parts
    text = _PROGRAM.format(before=before, made=made, first=first, change=change, second=second)
    assert lint_text(text) == []


#: The same where the second test cannot be true, whatever the change.
_UNCHANGED = [
    ('params["a"]', "u", 'params["b"] = 1', "not u"),
    ("params", 'u["a"]', 'u["b"] = 1', 'not u["a"]'),
    ("params", 'u.get("a")', 'u["b"] = 1', 'not u.get("a")'),
    ('params["o"]', "u.a", "u.b = 1", "not u.a"),
    ("params", 'u["a"]', 'tf.logging.info("%s", u)', 'not u["a"]'),
    ("params", 'u["a"]', "print(u)", 'not u["a"]'),
    ("params", 'u["a"]', 'u.pop("b")', 'not u["a"]'),
    ("params", 'u["a"]', 'u.setdefault("b", 1)', 'not u["a"]'),
    ('params["o"]', "isinstance(u, str)", "u.turn_on()", "not isinstance(u, str)"),
    ('params["o"]', "u is not None", "u.turn_on()", "u is None"),
    ("FLAGS", "u.a", "FLAGS.b = 1", "not u.a"),
]


@pytest.mark.parametrize(("made", "first", "change", "second"), _UNCHANGED)
def test_what_a_change_does_not_concern_is_still_known(
    made: str, first: str, change: str, second: str
) -> None:
    text = _PROGRAM.format(before="", made=made, first=first, change=change, second=second)
    assert [finding.code for finding in lint_text(text)] == ["MFN203"]


_OF_NONE = """\
import types
import tensorflow.compat.v1 as tf

LABELS = (type(None), tf.Tensor)

def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if isinstance(labels, {classes}):
        loss = tf.reduce_mean(logits)
    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())
"""


@pytest.mark.parametrize(
    "classes", ["tf.Tensor | None", "LABELS", "(tf.Tensor, types.NoneType)", "object"]
)
def test_none_may_be_an_instance_of_several_classes(classes: str) -> None:
    assert lint_text(_OF_NONE.format(classes=classes)) == []


@pytest.mark.parametrize("changed", ["fill(params)", "params.run()", 'params["k"] = 1', "u.run()"])
def test_cost_grows_with_the_length(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tests of one object, and as many changes of it."""
    looked_at = 0
    put_in_doubt = changed_objects._put_in_doubt

    def counting(*arguments: Any, **keywords: Any) -> None:
        nonlocal looked_at
        looked_at += 1
        put_in_doubt(*arguments, **keywords)

    monkeypatch.setattr(changed_objects, "_put_in_doubt", counting)
    costs = []
    for count in (100, 200):
        looked_at = 0
        tests = "".join(
            f"    if params['f{number}'] or u.f{number}:\n        print()\n    {changed}\n"
            for number in range(count)
        )
        lint_text(
            f"import tensorflow as tf\ndef model_fn(mode, params):\n    u = params['o']\n{tests}"
            "    return tf.estimator.EstimatorSpec(mode)\n"
        )
        costs.append(looked_at)
    assert costs[1] <= 2.2 * costs[0]
