"""Model functions that are long in one way: chains, rows and containers of any size.

Each ends in a spec that has no train_op: MFN102 in TRAIN, whatever comes before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Final

from tests.interpreter.nested_shapes import model_function


def _model_function(lines: Iterable[str], definitions: Iterable[str] = ()) -> str:
    body = [line for text in lines for line in text.splitlines()]
    above = [line for text in definitions for line in text.splitlines()]
    return model_function([*body, "print(x)"], above)


def elif_of_mode(count: int) -> str:
    """Branches for values that are no mode."""
    branches = [f"elif mode == 'mode {number}':\n    x = {number}" for number in range(count)]
    return _model_function(["if mode == 'no mode':\n    x = None", *branches])


def elif_of_values(count: int) -> str:
    """Branches for possible values of a parameter, which has another one after the last branch."""
    branches = [
        f"elif params['kind'] == 'kind {number}':\n    x = tf.a({number})"
        for number in range(count)
    ]
    return _model_function(["if params['kind'] is None:\n    x = None", *branches])


def elif_in_doubt(count: int) -> str:
    """Branches with correlated tests."""
    branches = [
        f"elif params['rate'] > {number}:\n    x = tf.a({number})" for number in range(count)
    ]
    return _model_function(["if params['rate'] > -1:\n    x = None", *branches])


def conditional_expressions(count: int) -> str:
    """Conditional expressions, each in the ``else`` of the one before."""
    before = "".join(f"{number} if params['{number}'] else " for number in range(count))
    return _model_function([f"x = {before}None"])


def sums(count: int) -> str:
    """A sum of many terms."""
    return _model_function(
        ["x = " + " + ".join(f"features['{number}']" for number in range(count))]
    )


def residual_layers(count: int) -> str:
    """Layers that are added to what they are given, below a loss."""
    layers = ["x = x + tf.nn.relu(x)"] * count
    spec = "tf.estimator.EstimatorSpec(mode, x, tf.reduce_mean(x, axis=1), tf.a())"
    early = f"if params['early']:\n    return {spec}"
    return _model_function(["x = tf.layers.dense(features['x'], 4)", *layers, early])


def doubled_limits(count: int) -> str:
    """A limit of a range that is added to itself again and again."""
    lines = ["n = params['n']", *["n = n + n"] * count]
    return _model_function([*lines, "for i in range(n - 1):\n    x = tf.a(i)"])


def comparisons(count: int) -> str:
    """A comparison of many operands."""
    compared = " < ".join(f"params['{number}']" for number in range(count))
    return _model_function([f"if {compared}:\n    x = None"])


def cases(count: int) -> str:
    """The cases of a ``match``."""
    patterns = [f"    case {number}:\n        x = tf.a({number})" for number in range(count)]
    return _model_function(["match params['kind']:", *patterns])


def cases_in_a_loop(count: int) -> str:
    """The cases of a ``match`` in a loop, whose further rounds are in doubt."""
    patterns = [
        f"        case 'kind {number}':\n            x = tf.a({number})" for number in range(count)
    ]
    return _model_function(["for kind in params['kinds']:", "    match kind:", *patterns])


def guards(count: int) -> str:
    """The cases of a ``match`` whose guards ask about the same value."""
    patterns = [
        f"    case size if size > {number}:\n        x = tf.a({number})" for number in range(count)
    ]
    return _model_function(["match params['size']:", *patterns])


def classes_in_a_pattern(count: int) -> str:
    """The alternatives of a pattern, none of which can be decided."""
    pattern = " | ".join(f"Kind{number}(size={number})" for number in range(count))
    return _model_function([f"match params['kind']:\n    case {pattern}:\n        x = None"])


def handlers(count: int) -> str:
    """The handlers of a ``try``."""
    each = [f"except tf.errors.E{number}:\n    x = {number}" for number in range(count)]
    return _model_function(["try:\n    x = tf.a()", *each])


def handlers_in_one_another(count: int) -> str:
    """Nested ``try`` statements, some of whose exceptions propagate outwards."""
    text = "x = tf.a()"
    for number in range(count):
        body = "\n".join(f" {line}" for line in text.splitlines())
        text = f"try:\n{body}\nexcept ValueError:\n x = tf.b({number})"
    return _model_function([text])


def tests_in_a_comprehension(count: int) -> str:
    """The conditions of a comprehension."""
    tests = [f" if (params['{number}'] or item[{number}])" for number in range(count)]
    return _model_function([f"x = [item for item in features{''.join(tests)}]"])


def raises(count: int) -> str:
    """Exceptions raised in a ``try``, one after the other."""
    each = [
        f"    if params['{number}']:\n        raise ValueError({number})" for number in range(count)
    ]
    return _model_function(["try:", *each, "except ValueError:\n    x = None"])


def continues(count: int) -> str:
    """A loop with many ``continue`` statements."""
    each = [
        f"    if item == {number}:\n        x = tf.a({number})\n        continue"
        for number in range(count)
    ]
    return _model_function(["for item in params['items']:", *each, "    x = None"])


def returns(count: int) -> str:
    """A helper with many ``return`` statements."""
    each = [f"    if params['{number}']:\n        return tf.a({number})" for number in range(count)]
    return _model_function(["x = helper(params)"], ["def helper(params):", *each, ""])


def searches(count: int) -> str:
    """Loops that look for an item, one after the other; whether it was found is tested later."""
    each = [
        f"for item in params['items {number}']:\n    if item == {number}:\n"
        f"        found{number} = item\n        break\nelse:\n    found{number} = None"
        for number in range(count)
    ]
    tests = [
        f"if found{number} is not None:\n    x = tf.a(found{number})" for number in range(count)
    ]
    return _model_function([*each, *tests])


def successes(count: int) -> str:
    """Flags that are set if nothing raises; all of them are tested later."""
    each = [
        f"ok{number} = False\ntry:\n    x = tf.a{number}()\nexcept ValueError:\n    pass\n"
        f"else:\n    ok{number} = True"
        for number in range(count)
    ]
    tests = [f"if ok{number}:\n    x = tf.b(x)" for number in range(count)]
    return _model_function([*each, *tests])


def attributes(count: int) -> str:
    """Attributes of one object that some paths set."""
    each = [f"if params['{number}']:\n    box.a{number} = tf.a()" for number in range(count)]
    return _model_function(["box = Box()", *each, "x = box"], ["class Box:\n    pass\n"])


def unfollowed_calls(count: int) -> str:
    """Calls of unknown functions, which may change an object with many attributes."""
    stores = [f"box.a{number} = tf.a()" for number in range(4 * count)]
    calls = [f"params['run'](box, {number})" for number in range(count)]
    return _model_function(["box = Box()", *stores, *calls, "x = box"], ["class Box:\n    pass\n"])


def entries(count: int) -> str:
    """Entries of one dict that some paths set."""
    each = [f"if params['{number}']:\n    x['{number}'] = tf.a()" for number in range(count)]
    return _model_function(["x = {}", *each])


def instances(count: int) -> str:
    """Objects of one class; only the last one is still read."""
    each = [
        f"box{number} = Box(x, params['{number}'])\nif box{number}.y():\n    x = box{number}.y()"
        for number in range(count)
    ]
    above = [
        *("class Box:", "    def __init__(self, x, flag):", "        self.x = x"),
        *("        self.flag = flag", "    def y(self):", "        if self.flag:"),
        *("            return tf.a(self.x)", "        return None", ""),
    ]
    return _model_function(["x = features", *each], above)


def lists_of_two_paths(count: int) -> str:
    """Lists whose items differ on two paths that stay apart."""
    each = [
        f"items{number} = []\nfor step in range({number % 7 + 1}):\n"
        f"    items{number}.append(x if params['p'] else None)\nx = items{number}[0]"
        for number in range(count)
    ]
    return _model_function(["x = features", *each])


def families(count: int) -> str:
    """Classes with model functions, each of which inherits from the one before."""
    texts = ["import tensorflow as tf", ""]
    for number in range(count):
        base = f"(Model{number - 1})" if number else ""
        texts += [
            f"class Model{number}{base}:",
            f"    def step{number}(self, x):\n        return x\n",
            "    def model_fn(self, features, labels, mode):",
            f"        loss = self.step{number // 2}(features)",
            "        return tf.estimator.EstimatorSpec(mode, loss=loss)\n",
        ]
    return "\n".join(texts)


def replaced_specs(count: int) -> str:
    """Replacements of the fields of a spec, two of which lead to each further one."""
    each = [
        f"if params['{number}']:\n    spec = spec._replace(loss=tf.a({number}))\n"
        f"else:\n    spec = spec._replace(predictions=tf.b({number}))"
        for number in range(count)
    ]
    spec = "spec = tf.estimator.EstimatorSpec(mode, x, loss=x, train_op=tf.no_op())"
    return _model_function(["x = features", spec, *each, "if params['last']:\n    return spec"])


def items(count: int) -> str:
    """Items of one tuple that some paths add."""
    each = [f"if params['{number}']:\n    x = (*x, tf.a())" for number in range(count)]
    return _model_function(["x = ()", *each])


def runs(count: int) -> str:
    """Runs of an Estimator, each under a test."""
    each = [
        f"    if FLAGS.run{number}:\n        estimator.train(input_fn, steps={number})"
        for number in range(3 * count)
    ]
    main = [
        *("def input_fn():", "    return {'a': tf.ones(1)}, tf.ones(1)", "", "", "def main():"),
        *("    estimator = tf.estimator.Estimator(model_fn)", *each, ""),
    ]
    return "\n".join([_model_function([]), "", "", *main])


def faulty_returns(count: int) -> str:
    """Returns of specs without ``train_op``, each behind the tests of all those before it."""
    spec = "tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(x))"
    return _model_function(f"if params['{number}']:\n    return {spec}" for number in range(count))


def optional_train_ops(count: int) -> str:
    """Specs that may lack ``train_op``: each goes on only with the others' tests passed."""
    train_op = "None if params['{0}'] else tf.no_op()"
    spec = f"tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(x), train_op={train_op})"
    return _model_function(spec.format(number) for number in range(count))


def names_for_names(count: int) -> str:
    """Assignments of names under tests, each of which explains the one behind it."""
    names = ["x", *(f"u{number}" for number in range(count))]
    each = [
        f"if params['{after}']:\n    {after} = {before}"
        for before, after in itertools.pairwise(names)
    ]
    return _model_function([*each, f"print({names[-1]})"])


LONG: Final[dict[str, Callable[[int], str]]] = {
    write.__name__: write
    for write in (
        elif_of_mode,
        elif_of_values,
        elif_in_doubt,
        conditional_expressions,
        sums,
        residual_layers,
        doubled_limits,
        comparisons,
        cases,
        cases_in_a_loop,
        guards,
        classes_in_a_pattern,
        handlers,
        handlers_in_one_another,
        tests_in_a_comprehension,
        raises,
        continues,
        returns,
        searches,
        successes,
        attributes,
        unfollowed_calls,
        entries,
        instances,
        lists_of_two_paths,
        families,
        replaced_specs,
        items,
        runs,
        faulty_returns,
        optional_train_ops,
    )
}
