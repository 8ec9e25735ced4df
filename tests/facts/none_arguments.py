"""Find out which TensorFlow functions raise for None, and in which parameter.

    python tests/facts/none_arguments.py [--resume OUTPUT] [--objects]
    python tests/facts/none_arguments.py --merge

Needs TensorFlow and nothing else, and runs under TensorFlow 2.15.1 with Python 3.11 as
under 1.15.0 with Python 3.7; so this file keeps to the syntax of 3.7.  It writes
``none-arguments-<version>.json`` next to itself, and prints what it finds on the way;
``--resume`` takes up the output of a run that was interrupted.  ``--merge``, which needs no
TensorFlow, makes ``estimator_lint/tensorflow_api/none_arguments.txt`` of the files that are
there.

How a function is tried
    In a graph, as a model function runs. First, calls are searched that TensorFlow accepts, with
    all combinations of a few values for the required parameters (or, if none is required, for two
    optional ones), up to a bound. Then each parameter is None, with the others as in those calls,
    and in further combinations.

    A parameter *rejects* None if some call with another value was accepted and none with None was.
    Parameters that are never accepted, or take functions, are not judged.

    The callable objects of ``called_objects.py`` are tried like functions; with ``--objects``
    nothing else is tried, and the other records are kept.

Which functions are tried
    Those that a model function passes tensors to, in all public namespaces but those named below:
    model functions do not read and write files, or change settings of the process.

What is merged
    The names of ``tf``, ``tf.compat.v1`` of 2.15.1 and ``tf`` of 1.15.0 that are the same below
    these. A parameter's name is in the table if it rejects None wherever a function of that name
    has it; a position if the parameter there rejects None in all of them; with the exception's
    class if all agree.
"""

import argparse
import ast
import inspect
import itertools
import json
import os
import random
import resource
import sys
import tempfile
import types
import warnings

from called_objects import objects_of

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(
    os.path.dirname(os.path.dirname(HERE)),
    *("estimator_lint", "tensorflow_api", "none_arguments.txt"),
)

#: These first, so that their earlier records can be resumed.
FIRST_NAMESPACES = "losses metrics keras.losses keras.metrics layers summary nn".split()

#: Namespaces that are left out, with everything below them: for files, machines, processes, whole
#: models, and graphs as data; `contrib` takes minutes to import; the others are made of `raw_ops`.
LEFT_ALONE = frozenset(
    """
    __internal__ app autodiff autograph builder_graph compat config contrib data debugging
    distribute distributions errors estimator experimental feature_column flags gfile graph_util
    io jit lite logging loader main_op manip mixed_precision mlir profiler python_io raw_ops
    resource_loader saved_model simple_save sysconfig test tpu train types user_ops version
    xla
    """.split()
    + [
        "keras." + name
        for name in (
            "__internal__ applications backend callbacks constraints datasets dtensor estimator "
            "experimental export initializers layers mixed_precision models optimizers "
            "preprocessing regularizers saving utils wrappers"
        ).split()
    ]
)

#: Functions of the process rather than of a graph.
SETTINGS = ("clear_", "disable_", "enable_", "initialize_", "load_", "register_", "reset_", "set_")

#: Calls tried for one function, to find one that works (about); with None in one parameter;
#: and those that work and are kept.
MOST_CALLS = 500
MOST_WITH_NONE = 40
MOST_TAKEN = 12
#: CPU seconds for one function.
MOST_SECONDS = 5


def candidates(tf):
    """The values to try, by name; tensors belong to the current graph."""
    return [
        ("float matrix", lambda: tf.ones([2, 3])),
        ("integers", lambda: tf.constant([1, 0], tf.int64)),
        ("2", lambda: 2),
        ("integer matrix", lambda: tf.ones([2, 3], tf.int64)),
        ("floats", lambda: tf.ones([2])),
        ("name", lambda: "name"),
        ("matrices", lambda: [tf.ones([2, 3]), tf.ones([2, 3])]),
        ("0", lambda: 0),
        ("0.5", lambda: 0.5),
        ("truths", lambda: tf.constant([True, False])),
        ("float32", lambda: tf.float32),
        ("[2, 3]", lambda: [2, 3]),
        ("strings", lambda: tf.constant(["a", "b"])),
        ("int32s", lambda: tf.constant([1, 1], tf.int32)),
        ("images", lambda: tf.ones([2, 4, 4, 3])),
        ("square", lambda: tf.eye(3)),
        ("cube", lambda: tf.ones([2, 3, 4])),
        (
            "sparse",
            lambda: tf.SparseTensor([[0, 0], [1, 1]], tf.constant([1, 2], tf.int64), [2, 3]),
        ),
        ("scalar", lambda: tf.constant(1.0)),
        ("complex", lambda: tf.cast(tf.ones([2, 4]), tf.complex64)),
    ]


class Trial(object):
    """One function of one API.

    Args:
        tf: the API.
        function: the function to call.
    """

    def __init__(self, tf, name, function):
        self.tf = tf
        self.function = function
        self.values = candidates(tf)
        self.chance = random.Random(name)
        parameters = list(inspect.signature(function).parameters.values())
        self.names = [one.name for one in parameters]
        variadic = [one for one in parameters if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
        self.judgeable = not variadic
        self.positional = [
            one.name
            for one in parameters
            if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
        self.required = [one.name for one in parameters if one.default is one.empty]
        self.optional = [
            one.name
            for one in parameters
            if one.default is None and one.name != "name" and not one.name.startswith("_")
        ]
        self.exceptions = set()

    def call(self, chosen):
        """Call the function with the candidates of these numbers: None, or the exception."""
        with self.tf.Graph().as_default():
            given = {
                name: None if number is None else self.values[number][1]()
                for name, number in chosen.items()
            }
            try:
                self.function(**given)
            except Exception as error:
                return error
        return None

    def choices(self, names, most):
        """Choices of candidates for the parameters: all, or ``most`` random ones."""
        count = len(self.values)
        if count ** len(names) <= most:
            for numbers in itertools.product(range(count), repeat=len(names)):
                yield dict(zip(names, numbers))
            return
        for _ in range(most):
            yield {name: int(count * self.chance.random() ** 1.5) for name in names}

    def taken(self):
        """Some calls that work: with the required arguments or, if that fails, with more."""
        left = MOST_CALLS
        for more in range(3):
            sets = [
                self.required + list(optional)
                for optional in itertools.combinations(self.optional[:4], more)
                if self.required or optional
            ]
            found = []
            for names in sets:
                count = len(found)
                for chosen in self.choices(names, max(left // len(sets), len(self.values))):
                    left -= 1
                    if self.call(chosen) is None:
                        found.append(chosen)
                        if len(found) - count >= MOST_TAKEN:
                            break
            if found:
                return found
        return []

    def rejected(self):
        """The parameters that reject None, each with the class of the exception, if it is one."""
        taken = self.taken()
        found = {}
        for name in self.names:
            of_name = [chosen for chosen in taken if name in chosen]
            if not of_name or any(name not in chosen for chosen in taken):
                continue
            others = [other for other in of_name[0] if other != name]
            tried = of_name + list(self.choices(others, MOST_WITH_NONE))
            # Optional parameters are None in some of the calls, too.
            tried += [dict(chosen, **{other: None}) for chosen in of_name for other in others]
            classes = set()
            for chosen in tried:
                error = self.call(dict(chosen, **{name: None}))
                if error is None:
                    break
                if chosen in of_name:
                    classes.add(type(error).__name__)
            else:
                found[name] = classes.pop() if len(classes) == 1 else None
        return found


def namespaces_of(tf):
    """The public namespaces to be tried, by their dotted names."""
    found = []
    pending = [("", tf)]
    for above, module in pending:
        for name in sorted(dir(module)):
            inner = getattr(module, name, None) if not name.startswith("_") else None
            dotted = ".".join(filter(None, (above, name)))
            is_namespace = isinstance(inner, types.ModuleType) and "api" in inner.__name__
            if is_namespace and dotted not in LEFT_ALONE and above.count(".") < 2:
                found.append(dotted)
                pending.append((dotted, inner))
    return FIRST_NAMESPACES + [name for name in found if name not in FIRST_NAMESPACES]


def functions_of(tf):
    """Every function to be tried, with its dotted name."""
    for namespace in ["", *namespaces_of(tf)]:
        module = tf
        for part in filter(None, namespace.split(".")):
            module = getattr(module, part, None)
        if module is None:
            continue
        for name in sorted(dir(module)):
            if name.startswith(("_",) + SETTINGS):
                continue
            try:
                function = getattr(module, name)
            except Exception:  # some names raise on access
                continue
            if callable(function) and not isinstance(function, (type, types.ModuleType)):
                yield ".".join(filter(None, (namespace, name))), function


def in_child(task):
    """The result of a task, run in a process of its own; {} if that dies or takes too long.

    Some of the shapes make TensorFlow abort.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (used() + MOST_SECONDS,) * 2)
        with os.fdopen(writing, "w") as stream:
            json.dump(task(), stream)
            stream.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return json.loads(text or "{}")


def used():
    """The CPU seconds that this process has used, as an integer."""
    return int(sum(os.times()[:2])) + 1


def printed(path):
    """The output of a run: names in order, each with its result."""
    found = []
    with open(path) as stream:
        for line in stream:
            name, _, judged = line.partition(" ")
            if judged.startswith("{"):  # TensorFlow prints other lines in between
                found.append((name, ast.literal_eval(judged.strip())))
    return found


def record(tf, known, before):
    """The results for the functions of one API.

    ``known`` has the results for other names of a function; ``before`` has the output of an earlier
    run, from which used entries are removed.
    """
    found = {}
    for name, function in functions_of(tf):
        try:
            trial = Trial(tf, name, function)
        except (TypeError, ValueError):
            continue
        names = [printed_name for printed_name, _ in before]
        if function not in known and name in names:
            known[function] = before[names.index(name)][1]
            del before[: names.index(name) + 1]
            print(name, known[function], flush=True)
        if function not in known:
            known[function] = in_child(trial.rejected) if trial.judgeable else {}
            print(name, known[function], flush=True)
        judged = known[function]
        found[name] = {"parameters": trial.positional, "all": trial.names, "rejects": judged}
    return found


def record_objects(tf, known, before):
    """The results for the callable objects of one API; as in ``record``."""
    found = {}
    for name, same, function in objects_of(tf):
        trial = Trial(tf, name, function)
        if same not in known and name in before:
            known[same] = before[name]
            print(name, known[same], flush=True)
        if same not in known:
            known[same] = in_child(trial.rejected) if trial.judgeable else {}
            print(name, known[same], flush=True)
        found[name] = {"parameters": trial.positional, "all": trial.names, "rejects": known[same]}
    return found


def merged(recorded):
    """The lines of the table, merged from the records of several APIs."""
    lines = []
    for name in sorted(set().union(*recorded)):
        having = [api[name] for api in recorded if name in api]
        most = max(len(one["parameters"]) for one in having)
        parts = [
            rejecting("@%d" % at, [one["parameters"][at : at + 1] for one in having], having)
            for at in range(most)
        ]
        for parameter in sorted(set().union(*(one["rejects"] for one in having))):
            with_it = [one for one in having if parameter in one["all"]]
            parts.append(rejecting(parameter, [[parameter]] * len(with_it), with_it))
        if any(parts):
            lines.append(" ".join([name, *filter(None, parts)]))
    return lines


def rejecting(written, parameters, functions):
    """The table's entry for a parameter of all functions; None: not all reject None.

    The list of a function without such a parameter is empty.
    """
    if not all(
        one and one[0] in function["rejects"] for one, function in zip(parameters, functions)
    ):
        return None
    classes = {function["rejects"][name] for (name,), function in zip(parameters, functions)}
    exception = classes.pop() if len(classes) == 1 else None
    return "%s:%s" % (written, exception or "?")


def main():
    """Record under the installed TensorFlow, or merge the records."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("--resume", metavar="OUTPUT")
    parser.add_argument("--objects", action="store_true")
    options = parser.parse_args()
    if options.merge:
        recorded = []
        for file in sorted(os.listdir(HERE)):
            if file.startswith("none-arguments-") and file.endswith(".json"):
                with open(os.path.join(HERE, file)) as stream:
                    recorded += json.load(stream).values()
        with open(TABLE, "w") as stream:
            stream.write("\n".join(merged(recorded)) + "\n")
        return
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    warnings.simplefilter("ignore")
    import tensorflow

    tensorflow.get_logger().setLevel("ERROR")
    apis = {"tf": tensorflow}
    if not tensorflow.__version__.startswith("1."):
        apis["tf.compat.v1"] = tensorflow.compat.v1
    os.chdir(tempfile.mkdtemp())
    known = {}
    before = printed(options.resume) if options.resume else []
    path = os.path.join(HERE, "none-arguments-%s.json" % tensorflow.__version__)
    if options.objects:
        with open(path) as stream:
            found = json.load(stream)
    else:
        found = {api: record(tf, known, before) for api, tf in sorted(apis.items())}
    for api, tf in sorted(apis.items()):
        found[api].update(record_objects(tf, known, dict(before)))
    with open(path, "w") as stream:
        json.dump(found, stream, indent=0, sort_keys=True)
        stream.write("\n")


if __name__ == "__main__":
    sys.exit(main())
