"""TensorFlow objects that are called with tensors: Keras losses and metrics.

``none_arguments.py`` tries them as it tries functions; this file keeps to the syntax of 3.7, too.
Names are those of evaluation: ``keras.losses.Huber()`` is a call of what calling
``keras.losses.Huber`` gives, ``keras.metrics.Mean().update_state`` one of its methods.
"""

import inspect

NAMESPACES = ("keras.losses", "keras.metrics", "losses", "metrics")
#: Arguments that constructors are tried with, one set after the other.
ARGUMENTS = ((), (2,), (0.5,), (2, [0]))


def objects_of(tf):
    """Callable objects: the name, an identity shared by all its names, and a function."""
    for namespace in NAMESPACES:
        module = tf
        for part in namespace.split("."):
            module = getattr(module, part, None)
        for name in sorted(dir(module)):
            made = getattr(module, name)
            if not isinstance(made, type) or name.startswith("_"):
                continue
            given = _taken(tf, made)
            if given is None:
                continue
            for method in ("__call__", "update_state"):
                function = _function(made, given, method)
                if function is not None:
                    suffix = "" if method == "__call__" else "." + method
                    yield namespace + "." + name + "()" + suffix, (made, method), function


def _taken(tf, made):
    """Arguments that a class accepts; None: none of those that are tried."""
    for given in ARGUMENTS:
        with tf.Graph().as_default():
            try:
                made(*given)
            except Exception:
                continue
        return given
    return None


def _function(made, given, method):
    """A function that makes an object and calls it; None if that fails, or it accepts anything."""
    described = "update_state" if hasattr(made, "update_state") else method
    if getattr(made, method, None) is None or method != described == "__call__":
        return None
    parameters = list(inspect.signature(getattr(made, described)).parameters.values())[1:]
    if not parameters or any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return None

    def call(**arguments):
        return getattr(made(*given), method)(**arguments)

    call.__signature__ = inspect.Signature(parameters)
    return call
