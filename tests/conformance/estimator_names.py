"""Write down which hooks, heads, metrics, RunConfig fields ... TensorFlow exports.

    python tests/conformance/estimator_names.py [--check]

Needs TensorFlow and nothing else, as ``record.py`` does; writes ``names-<version>.json`` next to
itself, or compares with it. ``tests/migration/test_tables.py`` reports, without TensorFlow, the
names without a row in the tables of ``estimator_lint/migration``.
"""

import inspect
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow as tf

v1 = tf.compat.v1
HERE = os.path.dirname(os.path.abspath(__file__))


def public(module):
    """The public names of a module, with their objects."""
    found = {}
    for name in dir(module):
        if not name.startswith("_"):
            found[name] = getattr(module, name)
    return found


def members(prefix, module):
    """The public names of a module and of the modules of the API in it."""
    found = {}
    for name, value in public(module).items():
        if inspect.ismodule(value):
            if "api" in value.__name__:
                found.update(members(prefix + name + ".", value))
        else:
            found[prefix + name] = value
    return found


def subclasses(base, names):
    """The names of a class and its subclasses."""
    return sorted(
        name for name, value in names.items() if inspect.isclass(value) and issubclass(value, base)
    )


def callables(prefix, module):
    """The names of a module that can be called."""
    return sorted(prefix + name for name, value in public(module).items() if callable(value))


def fields_of_class(kind):
    """The parameters of the constructor, and the readable attributes of an instance."""
    parameters = [
        name
        for name, one in inspect.signature(kind.__init__).parameters.items()
        if name != "self" and one.kind is not one.VAR_KEYWORD
    ]
    properties = [name for name, one in public(kind).items() if isinstance(one, property)]
    return sorted(set(parameters) | set(properties))


def names():
    """The names to record, by kind, without the prefix ``tf`` or ``tf.compat.v1``."""
    estimator = members("estimator.", tf.estimator)
    estimator.update(members("estimator.", v1.estimator))
    train = {"train." + name: value for name, value in public(v1.train).items()}
    both = dict(estimator)
    both.update(train)
    makers = [name for name in both if name.endswith("_hook") and callable(both[name])]
    return {
        "hooks": sorted(subclasses(v1.train.SessionRunHook, both) + makers),
        "heads": subclasses(tf.estimator.Head, estimator),
        "estimators": subclasses(v1.estimator.Estimator, estimator),
        "estimator": sorted(estimator),
        "metrics": callables("metrics.", v1.metrics),
        "losses": callables("losses.", v1.losses),
        "layers": callables("layers.", v1.layers),
        "optimizers": subclasses(v1.train.Optimizer, train),
        "feature columns": sorted(
            set(callables("feature_column.", tf.feature_column))
            | set(callables("feature_column.", v1.feature_column))
        ),
        "RunConfig": sorted(
            set(fields_of_class(v1.estimator.RunConfig))
            | set(fields_of_class(v1.estimator.tpu.RunConfig))
        ),
        "TPUConfig": sorted(v1.estimator.tpu.TPUConfig._fields),
        "EstimatorSpec": sorted(v1.estimator.EstimatorSpec._fields),
        "TPUEstimatorSpec": sorted(v1.estimator.tpu.TPUEstimatorSpec._fields),
    }


def main(argv):
    """Write the record, or compare with it."""
    path = os.path.join(HERE, "names-%s.json" % tf.__version__)
    text = json.dumps(names(), indent=1, sort_keys=True) + "\n"
    if "--check" not in argv:
        with open(path, "w") as file:
            file.write(text)
        return 0
    with open(path) as file:
        known = json.load(file)
    found = json.loads(text)
    status = 0
    for kind in sorted(set(known) | set(found)):
        for name in sorted(set(known.get(kind, [])) ^ set(found.get(kind, []))):
            print("%s: %s is in one of record and TensorFlow only" % (kind, name))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
