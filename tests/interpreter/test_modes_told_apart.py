"""However a right model function tells its modes apart, nothing is wrong with it."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text

_BEFORE = """\
import collections, dataclasses, enum, itertools, types
from typing import NamedTuple
import phases
import tensorflow.compat.v1 as tf

Mode = tf.estimator.ModeKeys

"""

#: The text of a module that binds FIT, TEST and USE to objects without attributes of their own.
_OBJECTS = {
    "objects": "FIT, TEST, USE = object(), object(), object()",
    "objects one by one": "FIT = object()\nTEST = object()\nUSE = object()",
    "instances": "class Phase:\n    pass\nFIT = Phase()\nTEST = Phase()\nUSE = Phase()",
    "classes": "class FIT:\n    pass\nclass TEST:\n    pass\nclass USE:\n    pass",
    "functions": "def FIT():\n    pass\ndef TEST():\n    pass\ndef USE():\n    pass",
    "lambdas": "FIT = lambda: 1\nTEST = lambda: 2\nUSE = lambda: 3",
    "builtins": "FIT, TEST, USE = int, str, float",
    "library": "FIT, TEST, USE = tf.float32, tf.int32, tf.string",
    "members": "class Phase(enum.Enum):\n    FIT = 1\n    TEST = 2\n    USE = 3\n"
    "FIT, TEST, USE = Phase.FIT, Phase.TEST, Phase.USE",
    "flags": "class Phase(enum.Flag):\n    FIT = enum.auto()\n    TEST = enum.auto()\n"
    "    USE = enum.auto()\nFIT, TEST, USE = Phase.FIT, Phase.TEST, Phase.USE",
    "of a class": "class Phase:\n    FIT = object()\n    TEST = object()\n    USE = object()\n"
    "FIT, TEST, USE = Phase.FIT, Phase.TEST, Phase.USE",
    "counted": "_N = itertools.count()\nFIT, TEST, USE = next(_N), next(_N), next(_N)",
    "words": "FIT, TEST, USE = 'fit test use'.split()",
    "tuples": "FIT, TEST, USE = ('a',), ('b', 1), ()",
    "frozen sets": "FIT, TEST, USE = frozenset('t'), frozenset('e'), frozenset()",
    "of another module": "FIT, TEST, USE = phases.FIT, phases.TEST, phases.USE",
}

#: The same for objects that say of themselves whether they predict and whether they evaluate.
_TELLING = {
    "instances": "class Phase:\n    def __init__(self, name, uses=False, tests=False):\n"
    "        self.name, self.uses, self.tests = name, uses, tests\n"
    "FIT, TEST, USE = Phase('fit'), Phase('test', tests=True), Phase('use', uses=True)",
    "dataclass": "@dataclasses.dataclass\nclass Phase:\n    name: str\n    uses: bool = False\n"
    "    tests: bool = False\n"
    "FIT, TEST, USE = Phase('fit'), Phase('test', tests=True), Phase('use', uses=True)",
    "named tuple": "class Phase(NamedTuple):\n    name: str\n    uses: bool = False\n"
    "    tests: bool = False\n"
    "FIT, TEST, USE = Phase('fit'), Phase('test', tests=True), Phase('use', uses=True)",
    "namespaces": "FIT = types.SimpleNamespace(name='fit', uses=False, tests=False)\n"
    "TEST = types.SimpleNamespace(name='test', uses=False, tests=True)\n"
    "USE = types.SimpleNamespace(name='use', uses=True, tests=False)",
    "classes": "class FIT:\n    name = 'fit'\n    uses = tests = False\n"
    "class TEST(FIT):\n    name, tests = 'test', True\n"
    "class USE(FIT):\n    name, uses = 'use', True",
    "members": "class Phase(enum.Enum):\n    FIT = 'fit'\n    TEST = 'test'\n    USE = 'use'\n"
    "    @property\n    def uses(self):\n        return self is Phase.USE\n"
    "    @property\n    def tests(self):\n        return self == Phase.TEST\n"
    "FIT, TEST, USE = Phase.FIT, Phase.TEST, Phase.USE",
    "of another module": "FIT, TEST, USE = phases.FIT, phases.TEST, phases.USE",
    "made by another module": "FIT, TEST, USE = map(phases.phase_of, ('fit', 'test', 'use'))",
}

#: How the mode becomes one of the three: more text of the module, and an expression.
_CHOICES = [
    ("TAGS = {Mode.TRAIN: FIT, Mode.EVAL: TEST, Mode.PREDICT: USE}", "TAGS[mode]"),
    (
        "def tag_of(mode):\n    if mode == Mode.TRAIN:\n        return FIT\n"
        "    return TEST if mode == Mode.EVAL else USE",
        "tag_of(mode)",
    ),
    ("", "FIT if mode == Mode.TRAIN else TEST if mode == Mode.EVAL else USE"),
]

#: Tests for USE, and for TEST, of objects.
_TESTS_OF_OBJECTS = [
    ("tag == USE", "tag == TEST"),
    ("not tag != USE", "not (tag != TEST)"),
    ("tag in (USE,)", "tag in [TEST]"),
    ("tag not in (FIT, TEST)", "tag not in (FIT, USE)"),
    ("{FIT: 0, TEST: 0, USE: 1}[tag]", "{FIT: 0, USE: 0}.get(tag, 1)"),
    ("id(tag) == id(USE)", "hash(tag) == hash(TEST)"),
]

#: Tests of what the objects say.
_TESTS_OF_ATTRIBUTES = [
    ("tag.uses", "tag.tests"),
    ("getattr(tag, 'uses')", "getattr(tag, 'tests')"),
    ("tag.uses is True", "not tag.tests is False"),
]


def _program(module: str, choice: tuple[str, str], tests: tuple[str, str]) -> str:
    return f"""{_BEFORE}
{module}
{choice[0]}

def model_fn(features, labels, mode):
    tag = {choice[1]}
    logits = tf.layers.dense(features["x"], 3)
    if {tests[0]}:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if {tests[1]}:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""


@pytest.mark.parametrize("choice", range(len(_CHOICES)))
@pytest.mark.parametrize("kind", _OBJECTS)
def test_objects_that_stand_for_the_modes(kind: str, choice: int) -> None:
    for tests in _TESTS_OF_OBJECTS:
        text = _program(_OBJECTS[kind], _CHOICES[choice], tests)
        assert [str(finding) for finding in lint_text(text)] == [], tests


@pytest.mark.parametrize("choice", range(len(_CHOICES)))
@pytest.mark.parametrize("kind", _TELLING)
def test_objects_that_tell_the_mode(kind: str, choice: int) -> None:
    for tests in _TESTS_OF_ATTRIBUTES:
        text = _program(_TELLING[kind], _CHOICES[choice], tests)
        assert [str(finding) for finding in lint_text(text)] == [], tests


@pytest.mark.parametrize(
    "test",
    [
        "not isinstance(labels, tf.Tensor)",
        "not hasattr(labels, 'shape')",
        "type(labels) is type(None)",
        "type(labels).__name__ == 'NoneType'",
        "isinstance(labels, type(None))",
        "not tf.is_tensor(labels)",
        "getattr(labels, 'dtype', None) is None",
        "id(labels) == id(None)",
        "str(labels) == 'None'",
        "not tf.nest.flatten([] if labels is None else labels)",
        "collections.defaultdict(lambda: None, y=labels)['y'] is None",
        "not isinstance(labels, (dict, tf.Tensor))",
        "not len([one for one in [labels] if one is not None])",
    ],
)
def test_labels_are_asked_for(test: str) -> None:
    text = _program("", ("", "None"), (test, "mode == Mode.EVAL"))
    assert [str(finding) for finding in lint_text(text)] == []


def test_values_that_are_the_same_in_all_modes_go_both_ways() -> None:
    """The counterpart: a flag of the module is tested, and one way lacks a loss in each run."""
    module = "import settings\nQUIET = settings.load('quiet')"
    text = _program(module, ("", "None"), ("mode == Mode.PREDICT", "mode == Mode.EVAL"))
    text = text.replace(
        "    if mode == Mode.EVAL",
        "    if QUIET == settings.ALWAYS:\n        loss = None\n    if mode == Mode.EVAL",
    )
    found = {(finding.code, *(mode.name for mode in finding.modes)) for finding in lint_text(text)}
    assert ("MFN111", "TRAIN") in found or ("MFN101", "TRAIN") in found, found


def test_parameters_of_the_modes_go_both_ways() -> None:
    """What an Estimator is given differs from run to run, also where each mode reads another."""
    text = _program(
        "",
        ("", "None"),
        ("mode == Mode.PREDICT", "mode == Mode.EVAL"),
    )
    text = text.replace(
        "(features, labels, mode):\n    tag", "(features, labels, mode, params):\n    tag"
    )
    text = text.replace(
        "    if mode == Mode.EVAL",
        "    quiet = params['train'] if mode == Mode.TRAIN else params['eval']\n"
        "    if quiet:\n        loss = None\n    if mode == Mode.EVAL",
    )
    found = {finding.code for finding in lint_text(text)}
    assert found & {"MFN101", "MFN111"}, found
    assert found & {"MFN103", "MFN113"}, found


@pytest.mark.parametrize(("one", "other"), [("int", "str"), ("lambda: 0", "lambda: 1")])
def test_what_is_equal_to_itself_only_decides_a_test(one: str, other: str) -> None:
    """TRAIN always returns the spec for EVAL."""
    module = f"ONE = {one}\nOTHER = {other}"
    text = _program(module, ("", "ONE"), ("mode == Mode.PREDICT", "tag is not OTHER"))
    assert [finding.code for finding in lint_text(text)] == ["MFN102"]


#: Ways to an object that is not known, or of which nothing is.
_UNKNOWN_OBJECTS = {
    "made": "phases.Phase()",
    "popped": "[phases.Phase() for _ in features].pop()",
    "spread": "(*phases.all_of_them(), 1)[0]",
    "next": "next(iter(phases.all_of_them()))",
    "class": "Phase",
    "global": "PHASE",
}


@pytest.mark.parametrize("told", ["tag.enter(mode)", "tag.mode = mode"])
@pytest.mark.parametrize("kind", _UNKNOWN_OBJECTS)
def test_unknown_objects_are_told_the_mode(kind: str, told: str) -> None:
    module = "class Phase(phases.Phase):\n    pass\nPHASE = phases.Phase()"
    text = _program(module, ("", _UNKNOWN_OBJECTS[kind]), ("tag.uses", "tag.tests()"))
    text = text.replace("    logits", f"    {told}\n    logits")
    assert [str(finding) for finding in lint_text(text)] == []


def test_a_package_that_is_told_the_mode_tells_it_again() -> None:
    text = _program(
        "import helper", ("", "helper.enter(mode)"), ("helper.predicting()", "helper.state.tests")
    )
    assert [str(finding) for finding in lint_text(text)] == []


#: Model functions whose network is told the mode, and asked for it behind that only.
_TOLD_FIRST = """\
import tensorflow as tf


def loop_model_fn(features, labels, mode, params):
    network = params["network"]
    built = False
    for part in (features["a"], features["b"]):
        if built and not network.is_training:
            return tf.estimator.EstimatorSpec(mode, predictions=part)
        network.build(part, mode)
        built = True
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def unknown_loop_model_fn(features, labels, mode, params):
    network = params["network"]
    built = False
    for part in params["parts"]:
        if built and not network.is_training:
            return tf.estimator.EstimatorSpec(mode, predictions=part)
        network.build(part, mode)
        built = True
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def is_inference(network):
    if network.is_training:
        return False
    return True


def called_twice_model_fn(features, labels, mode, params):
    network = params["network"]
    is_inference(network)
    network.build(features, mode)
    if is_inference(network):
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def while_model_fn(features, labels, mode, params):
    network = params["network"]
    rounds = 0
    while rounds < 3:
        if rounds and not network.is_training:
            return tf.estimator.EstimatorSpec(mode, predictions=features)
        network.build(features, mode)
        rounds += 1
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def made_by_mode_model_fn(features, labels, mode, params):
    network = params["builder"](mode)
    if isinstance(network, dict):
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def closure_model_fn(features, labels, mode, params):
    network = params["network"]

    def asks():
        return network.is_training

    def tells():
        network.build(features, mode)

    asks()
    tells()
    if not asks():
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    loss = tf.reduce_mean(features["a"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))


def part_model_fn(features, labels, mode, params):
    network = params["network"]
    network.build(features, mode)
    if isinstance(network.head, tf.keras.layers.Dropout):
        loss = tf.reduce_mean(features["a"])
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=network.train(loss))
    return tf.estimator.EstimatorSpec(mode, predictions=features)
"""


def test_what_is_asked_again_may_have_been_told_the_mode() -> None:
    assert [str(finding) for finding in lint_text(_TOLD_FIRST)] == []
