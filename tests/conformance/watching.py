"""Tracing the lines that a model function runs, and the calls that make specs."""

from __future__ import print_function

import functools
import sys

from tensorflow.python.client import session
from tensorflow.python.framework import constant_op, op_def_library, ops
from tensorflow.python.ops import variables
from tensorflow.python.summary.writer import writer_cache
from tensorflow.python.training import optimizer, saver, slot_creator

#: Work of TensorFlow that never calls a fixture, as pairs of an owner and the name of a function:
#: making an op, a constant or a variable that is an optimizer's own, a run of a session, what
#: savers, writers and sessions make of the finished graph.
UNTRACED = (
    (getattr(op_def_library, "OpDefLibrary", op_def_library), "_apply_op_helper"),
    (ops.Graph, "_create_op_internal"),
    (constant_op, "_constant_impl"),
    (slot_creator, "create_slot_with_initializer"),
    (optimizer.Optimizer, "_create_non_slot_variable"),
    (session.BaseSession, "run"),
    (ops.Graph, "_as_graph_def"),
    (writer_cache.FileWriterCache, "get"),
    (saver.BaseSaverBuilder, "_build_internal"),
    (variables, "report_uninitialized_variables"),
)


def leave_untraced():
    """From now on, nothing is traced within ``UNTRACED``: more than half of all calls are there."""
    for owner, name in UNTRACED:
        setattr(owner, name, _untraced(getattr(owner, name)))


def _untraced(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        trace = sys.gettrace()
        if trace is None:
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(trace)

    return run


class Watch(object):
    """A trace function: records reached lines, places of returns, and sites of specs.

    The constructors of ``classes`` and their ``_replace`` are traced up to their return, so that
    ``site_of`` knows which call made the spec at hand.
    """

    def __init__(self, path, lines, code, classes):
        self.path = path
        self.lines = lines
        self.code = code
        self.classes = classes
        self.reached = set()
        self.return_line = None
        self.returned = None
        self._sites = []

    def site_of(self, spec):
        """The line of the call that made this spec, or None."""
        for made, line in reversed(self._sites):
            if made is spec:
                return line
        return None

    def __call__(self, frame, event, arg):
        code = frame.f_code
        if code.co_filename == self.path:
            self.reach(frame.f_lineno)
            return self._local
        if code is self.code:
            return self._imported
        if code.co_name in ("__new__", "_replace") and self._caller(frame) is not None:
            return self._constructor
        return None

    def _imported(self, frame, event, arg):
        """Whether a model function is in another file, so that its lines do not matter here."""
        if event == "return":
            self.returned = arg
        return self._imported

    def _constructor(self, frame, event, arg):
        if event == "return" and type(arg).__name__ in self.classes:
            self._sites.append((arg, self._caller(frame).f_lineno))
        return self._constructor

    def _caller(self, frame):
        """The calling frame of the fixture, perhaps through a decorator of TensorFlow's."""
        for _ in range(4):
            frame = frame.f_back
            if frame is None or frame.f_code.co_filename == self.path:
                return frame
        return None

    def _local(self, frame, event, arg):
        if event == "line":
            self.reach(frame.f_lineno)
        elif event == "return" and frame.f_code is self.code:
            self.return_line = frame.f_lineno
            self.returned = arg
        return self._local

    def reach(self, line):
        if line in self.lines:
            self.reached.add(line)


def raised_in(code, error):
    """Whether an exception left a function, so that it returned nothing."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            return True
        traceback = traceback.tb_next
    return False
