"""Run the programs of ``tests/differential/graph_programs.py`` under real TensorFlow.

    python tests/conformance/graph_programs_run.py < programs.json > runs.json

Reads a JSON list of texts, and writes a list with the runs of each: one for each mode, and for each
value of those of the flags ``f0`` and ``f1`` that the program reads. Needs TensorFlow and nothing
else. A run has
    ``mode``, ``flags``
    ``reached``  the lines of the model function that were run
    ``raised``   the line of the exception that ended it, if any; 0 if it is none of the program
    ``faults``   the codes of what is wrong with it, by the exception:
                 MFN302  metrics that are not pairs
                 MFN601  labels, where there are none
                 MFN406  a key that ``params`` lacks
                 MFN603  a variable that is reused and not there
                 MFN608  an operator that tuples and lists do not have
                 MFN609  a tensor that is used as if it had a value
                 and if the graph could be built:
                 MFN501, MFN506  one run of the train_op leaves the global step at 0, or beyond 1
                 MFN502  there are updates of moving averages, and no average changes
                 MFN509  a summary reads the value of a metric, which is still zero after that run
                 MFN604  a hook does not find the tensor that it names, and another mode has it
                 MFN208  the scaffold's function does not take what it is called with
                 MFN507  the value of a metric is computed from the batch
                 MFN602  there is a variable that TRAIN does not have with the same flags
"""

from __future__ import print_function

import itertools
import json
import linecache
import os
import re
import sys
import types
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import estimator_runs
import numpy
import tensorflow as tf

v1 = tf.compat.v1
FILE = "<program>"
MODES = ("train", "eval", "infer")
#: By code, what exceptions say, after their class and the line of the program, if it raised them.
EXCEPTIONS = (
    ("MFN302", re.compile(r"^TypeError: .*Values of eval_metric_ops must be")),
    ("MFN601", re.compile(r"^\w+: .*(None values not supported|<NOT CONVERTIBLE TO TENSOR>)")),
    ("MFN601", re.compile(r"^\w+: .*'?NoneType'?")),
    ("MFN406", re.compile(r"^KeyError: .*params\[.*: ")),
    ("MFN603", re.compile(r"^ValueError: .*or was not created with tf.get_variable")),
    ("MFN608", re.compile(r"^TypeError: .+: (unsupported|bad) operand type.*'(tuple|list)'")),
    ("MFN608", re.compile(r"^TypeError: .+: can only concatenate (tuple|list) ")),
    ("MFN609", re.compile(r"^\w+: .*([Ss]ymbolic ?`?(tf\.)?Tensor)")),
)


class Run(object):
    """One call of the model function of a program."""

    def __init__(self, text, mode, flags):
        self.mode, self.flags = mode, flags
        self.reached = set()
        self.raised = None
        self.faults = set()
        #: Of the graph, if it could be built: variables, ops, and names that hooks do not find.
        self.variables, self.ops, self.not_found = None, set(), set()
        try:
            self.model_fn, self.params = given_to_estimator(text, flags)
            with tf.Graph().as_default():
                self._build()
        except Exception as error:  # not only those of the model function: programs are damaged
            self.raised = line_of(error) or 0
            self.variables, self.ops = None, set()
            self.faults = {code for code, what in EXCEPTIONS if what.search(described(error))}

    def _build(self):
        v1.train.create_global_step()
        features = {"x": v1.placeholder(tf.float32, [None, 4], name="x")}
        labels = v1.placeholder(tf.int64, [None], name="labels") if self.mode != "infer" else None
        sys.settrace(self._trace)
        try:
            spec = self.model_fn(features, labels, self.mode, dict(self.params))
        finally:
            sys.settrace(None)
        if spec.mode != self.mode:
            raise ValueError("the spec is for another mode")
        self.variables = {variable.op.name for variable in v1.global_variables()}
        self.ops = {op.name for op in v1.get_default_graph().get_operations()}
        if self.mode == "train":
            self._train(spec, features["x"], labels)
        if self.mode == "eval":
            if any(reads_batch(value) for value, _ in spec.eval_metric_ops.values()):
                self.faults.add("MFN507")

    def _trace(self, frame, event, argument):
        if frame.f_code is not self.model_fn.__code__:
            return None
        self.reached.add(frame.f_lineno)
        return self._trace

    def _train(self, spec, x, labels):
        """One step of training."""
        for hook in spec.training_hooks:
            try:
                hook.begin()
            except KeyError:
                self.not_found |= {name.partition(":")[0] for name in hook._tensors.values()}
        read = list(estimator_runs.metric_variables_read(spec))
        summaries = v1.get_collection(v1.GraphKeys.SUMMARIES)
        batch = {x: numpy.ones((2, 4), numpy.float32), labels: numpy.array([0, 1])}
        averages = [
            variable.read_value()
            for variable in v1.global_variables()
            if "/moving_" in variable.name
        ]
        with v1.Session() as session:
            session.run([v1.global_variables_initializer(), v1.local_variables_initializer()])
            before = session.run(averages)
            try:
                if spec.scaffold.init_fn is not None:
                    spec.scaffold.init_fn(session)
            except TypeError:
                self.faults.add("MFN208")
            session.run([spec.train_op, *summaries], batch)
            step = session.run(v1.train.get_global_step())
            values = session.run([variable.read_value() for variable in read])
            after = session.run(averages)
        if step != 1:
            self.faults.add("MFN506" if step else "MFN501")
        if not all(numpy.any(value) for value in values):
            self.faults.add("MFN509")
        if v1.get_collection(v1.GraphKeys.UPDATE_OPS) and all(
            map(numpy.array_equal, before, after)
        ):
            self.faults.add("MFN502")

    def compare(self, runs):
        """Note what is wrong with the graph, compared with those of other runs."""
        if self.variables is None:
            return
        alike = [run for run in runs if run.flags == self.flags and run.variables is not None]
        if any(self.variables - run.variables for run in alike if run.mode == "train"):
            self.faults.add("MFN602")
        if any(self.not_found & run.ops for run in runs if run.mode != self.mode):
            self.faults.add("MFN604")

    def record(self):
        """What is written of it."""
        record = {"mode": self.mode, "flags": list(self.flags), "reached": sorted(self.reached)}
        if self.raised is not None:
            record["raised"] = self.raised
        if self.faults:
            record["faults"] = sorted(self.faults)
        return record


def given_to_estimator(text, flags):
    """The model function, and the ``params``, that the program gives to its Estimator."""
    settings = types.ModuleType("settings")
    settings.f0, settings.f1 = flags
    sys.modules["settings"] = settings
    taken = []
    original = v1.estimator.Estimator
    v1.estimator.Estimator = lambda model_fn, params: taken.append((model_fn, params))
    try:
        linecache.cache[FILE] = (len(text), None, text.splitlines(True), FILE)
        exec(compile(text, FILE, "exec"), {"__name__": "program"})
    finally:
        v1.estimator.Estimator = original
    return taken[0]


def line_of(error):
    """The line of the program in which an exception left it last."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def described(error):
    """The class of an exception, the line of the program if that raised it itself, the text."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    here = trace.tb_frame.f_code.co_filename == FILE
    line = linecache.getline(FILE, trace.tb_lineno).strip() if here else ""
    return "%s: %s: %s" % (type(error).__name__, line, str(error).replace("\n", " "))


def reads_batch(tensor):
    """Whether a tensor is computed from an input, and not only from variables."""
    pending, seen = [tensor.op], set()
    while pending:
        op = pending.pop()
        if op.type == "Placeholder":
            return True
        if op not in seen:
            seen.add(op)
            pending += [one.op for one in op.inputs]
    return False


def runs_of(text):
    read = [re.search(r"params\[.%s.\]" % flag, text) for flag in ("f0", "f1")]
    both = [(False, True) if each else (False,) for each in read]
    runs = [Run(text, mode, flags) for mode in MODES for flags in itertools.product(*both)]
    for run in runs:
        run.compare(runs)
    return [run.record() for run in runs]


def main():
    warnings.simplefilter("ignore")
    v1.disable_eager_execution()
    v1.logging.set_verbosity(v1.logging.FATAL)
    disable = getattr(tf.debugging, "disable_traceback_filtering", None)
    if disable:
        disable()
    json.dump([runs_of(text) for text in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
