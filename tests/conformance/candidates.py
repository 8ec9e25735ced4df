"""Which functions of a fixture are run, by the rules in ``record.py``; Python 3.7 and later."""

from __future__ import print_function

import ast
import fnmatch
import functools
import inspect
import types

import estimator_runs
import tensorflow as tf
from fixture_flags import fresh

NAMES = ("model_fn", "_model_fn", "*_model_fn", "model_fn_*")
ARGUMENTS = {"features", "labels", "mode", "params", "config"}

v1 = tf.compat.v1


class Candidate(object):
    """Access to one model function, repeatable for each combination of flags.

    ``get`` returns, for flags, the Construction that gets the function, or the function itself.
    """

    def __init__(self, name, get):
        self.name = name
        self.is_given = isinstance(get(fresh()), estimator_runs.Construction)
        self.construction = get if self.is_given else lambda flags: ordinary(get(flags))

    def function(self, flags):
        return self.construction(flags).model_fn

    @property
    def plain(self):
        """The function is passed to an Estimator that does not accept a TPUEstimatorSpec."""
        return self.is_given and not self.construction(fresh()).is_for_tpu


def ordinary(function):
    """The construction of an Estimator for a function that the fixture passes to none."""
    params = {"batch_size": 8} if "params" in arguments(function) else None
    given = {"model_fn": function, "params": params}
    return estimator_runs.Construction(v1.estimator.Estimator, given)


def is_object(function):
    """Whether it is an instance with ``__call__``."""
    plain = (functools.partial, types.FunctionType, types.MethodType)
    return callable(function) and not isinstance(function, plain)


def called(function):
    """The function that a call runs: for an instance, its ``__call__``."""
    is_object = isinstance(vars(type(function)).get("__call__"), types.FunctionType)
    return function.__call__ if is_object else function


def bare(function):
    """The function inside partials, bound methods, instances and wrappers."""
    while True:
        function = called(function)
        if isinstance(function, functools.partial):
            function = function.func
        elif isinstance(function, types.MethodType):
            function = function.__func__
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif callable(function) and inspect.ismethod(function.__call__):
            function = function.__call__
        else:
            return function


def arguments(function):
    """Names of the parameters that a call by keyword can still fill, as TensorFlow counts."""
    if isinstance(function, functools.partial):
        inner = arguments(function.func)
        return [a for a in inner[len(function.args) :] if a not in (function.keywords or {})]
    function = called(function)
    code = bare(function).__code__
    names = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    if isinstance(function, types.MethodType):
        names = names[1:]
    return names


def is_function(value):
    return isinstance(bare(value), types.FunctionType)


def is_model_function(value):
    if not is_function(value):
        return False
    names = set(arguments(value))
    return "features" in names and names <= ARGUMENTS


def is_named_so(name):
    return any(fnmatch.fnmatchcase(name, glob) for glob in NAMES)


def call_without_arguments(function, flags, label):
    """Call a class or a builder; its bool defaults are flags."""
    kwargs = {}
    for parameter in inspect.signature(function).parameters.values():
        if isinstance(parameter.default, bool):
            kwargs[parameter.name] = flags.read(label + "(" + parameter.name + ")")
    return function(**kwargs)


def needs_no_arguments(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return all(p.default is not p.empty or p.kind in optional for p in parameters)


def decorated_names(tree):
    """Names of functions decorated with something called ``model_fn``."""
    names = set()
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(decorator, ast.Call):
                decorator = decorator.func
            if getattr(decorator, "attr", getattr(decorator, "id", None)) == "model_fn":
                names.add(node.name)
    return names


class Finder(object):
    """The candidates of one fixture module."""

    def __init__(self, module, tree, given):
        self.module = module
        self.decorated = decorated_names(tree)
        self.given = given
        self.candidates = []
        self.seen = set()

    def find(self):
        for index, given in enumerate(list(self.given.taken)):
            self._add(self._label(given.model_fn, index), lambda flags, given=given: given)
        owners = list(self._owners())
        for label, get in owners:
            if label.rpartition(".")[2].startswith("make_"):
                self._from_maker(label, get)
        for label, get in owners:
            name = label.rpartition(".")[2]
            if is_named_so(name) or name in self.decorated:
                self._from_name(label, get)
        return self.candidates

    def _owners(self):
        """Everything callable at module level and the methods of its classes."""
        for name, value in vars(self.module).items():
            if inspect.isclass(value):
                if value.__module__ == self.module.__name__ and needs_no_arguments(value):
                    for member in self._methods(value):
                        yield self._method(name, value, member)
            elif is_function(value) and bare(value).__module__ == self.module.__name__:
                yield name, (lambda flags, value=value: value)

    def _methods(self, cls):
        names = []
        for base in cls.__mro__:
            if base.__module__ == self.module.__name__:
                names.extend(n for n, v in vars(base).items() if is_function(getattr(cls, n)))
        return [n for n in dict.fromkeys(names) if not n.startswith("__")]

    @staticmethod
    def _method(name, cls, member):
        def get(flags):
            return getattr(call_without_arguments(cls, flags, name), member)

        return name + "." + member, get

    def _from_maker(self, label, get):
        def taken(flags):
            del self.given.taken[:]
            call_without_arguments(get(flags), flags, label)
            return list(self.given.taken)

        if not needs_no_arguments(get(fresh())):
            return
        for index, given in enumerate(taken(fresh())):
            self._add(
                label + " -> " + self._label(given.model_fn, index),
                lambda flags, index=index: taken(flags)[index],
            )

    def _from_name(self, label, get):
        function = get(fresh())
        if is_model_function(function):
            self._add(label, get)
        elif needs_no_arguments(function):
            built = self._built(get, fresh(), label)
            if is_model_function(built):
                self._add(label + "()", lambda flags: self._built(get, flags, label))

    @staticmethod
    def _built(get, flags, label):
        return call_without_arguments(get(flags), flags, label)

    @staticmethod
    def _label(function, index):
        name = bare(function).__name__
        return name if index == 0 else "%s#%d" % (name, index + 1)

    def _add(self, name, get):
        candidate = Candidate(name, get)
        function = candidate.function(fresh())
        key = bare(function).__code__, type(getattr(function, "__self__", None))
        known = key in self.seen and not isinstance(function, functools.partial)
        if candidate.is_given or not known:
            self.seen.add(key)
            self.candidates.append(candidate)
