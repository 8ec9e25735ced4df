"""Running each model function of a fixture under real TensorFlow.

What a fixture may say about itself
    In its leading comment lines, ``# requires-python: 3.10`` and ``# requires-tensorflow: 1``
    (skipped elsewhere), and ``# not-run: reason`` (never run, for instance because it imports a
    library that is not there).  Files whose name begins with an
    underscore are not fixtures.

Which functions are run
    1. Everything that is passed to an Estimator while the module is imported, or while one of its
       functions or methods named ``make_*`` that can be called without arguments runs. The
       constructors of Estimator and TPUEstimator are replaced by ones that only record their
       arguments.
    2. Functions, partials and lambdas at module level, and methods of classes, whose name is
       ``model_fn``, ``_model_fn``, ``*_model_fn`` or ``model_fn_*``, or that carry a decorator
       called ``model_fn``, if an Estimator would accept them: they take ``features`` and no other
       arguments than ``labels``, ``mode``, ``params`` and ``config``.
    3. The results of other callables with such a name (builders), if an Estimator would accept
       them; other results (a Keras model, None) are ignored.

    Classes and builders are called without arguments.  A parameter of theirs whose default is a
    bool is a flag and tried both ways.  A function reached by rule 1 is not run again by 2 or 3.

How a function is run
    As ``Estimator._call_model_fn`` does, in a fresh graph with a global step, with only the
    arguments it takes: ``features`` is ``{"x": float32 [None, 4]}``, ``labels`` int64 ``[None]``
    (None in PREDICT), ``params`` a dict. ``params["name"]`` and ``params.get("name")`` are flags:
    every combination that the function can tell apart is tried. (``params["batch_size"]`` is 8, and
    ``params.get("name", default)`` is the default unless that is a bool or None.) The result has to
    be an EstimatorSpec. A TPUEstimatorSpec is turned into one, as TPUEstimator does on a CPU,
    unless the function was given to a plain Estimator. A ModelFnOps is accepted as it is. In the
    folders ``EXACT_PARAMS``, the ``params`` that a fixture passes to an Estimator have no other
    keys. Arguments that the fixture passes to an Estimator first go to the constructor of the real
    one.

What is run by a real Estimator
    The functions of the fixtures in the folders ``BY_ESTIMATOR``, whose codes are about an
    Estimator and not about a spec, and of those with ``# judged-by: estimator`` in their leading
    comment lines. It is constructed, as the fixture does (or, if it does not, with ``params`` where
    the function takes them), and trains, evaluates or predicts two steps. In the folders
    ``AFTER_TRAINING`` it trains before it evaluates or predicts, with checkpoints. In the folders
    ``TO_THE_END`` it evaluates all of the input. A TPUEstimator does so on the CPU, except for the
    folders ``ON_TPU`` and fixtures with ``# judged-by: estimator on a TPU``: there it builds its
    graphs as for a TPU, and does not run them. ``estimator_runs.py`` says how.

What is recorded for each file is a digest of its text, to notice that it has changed since, and
for each run
    ``flags``     what each flag was
    ``outcome``   ``accepted``, or the name of the exception
    ``text``      what the exception says (without paths and addresses)
    ``by``        who raised it: ``tensorflow``; ``python`` (an unbound local, a wrong call);
                  ``author`` (``raise``, ``assert`` or ``sys.exit()`` in the fixture)
    ``line``      the line in the fixture of the innermost frame that is in the fixture; for a spec
                  rejected because of what it lacks or of its type, the return statement's line; for
                  a function that the Estimator does not take, the line that constructs it
    ``site``      for a TPUEstimatorSpec that was rejected, or any spec on a TPU, the line of the
                  call that built it last
    ``also_missing``  ``loss``, where TensorFlow names the train_op and would name the loss next
    ``returned``  type of what the model function returned, if it returned
    ``mode``      the mode of the returned spec, where that is not the mode of the run
    ``reached``   those lines that were reached among the ones that carry an expectation
and for a run by a real Estimator
    ``during``    what failed: ``construction``, ``train``, ``evaluate`` or ``predict``
    ``step``      the global step after two steps of training
    ``runs``      how often the train_op was run, where that is less often than the step says:
                  both in lowest terms
    ``unchanged`` the moving averages that training left alone
    ``repeatable`` the loss in training does not depend on chance, as it would with dropout
    ``logs_strings`` a hook that logs tensors in training logs strings
    ``unmeasured`` the variables of metrics that summaries or hooks read, and that are still zero
    ``fractions`` a metric that compares class ids was given predictions that are no whole numbers
    ``built``     the graph was built, for a TPU, and not run
"""

from __future__ import print_function

import ast
import functools
import importlib.util
import linecache
import os
import re
import sys
import tokenize

import tensorflow as tf
from candidates import Finder, arguments, bare
from fixture_flags import Flags, Params, fresh
from watching import Watch, raised_in

TENSORFLOW = getattr(tf, "__version__", None) or tf.compat.v1.VERSION
MODES = (("TRAIN", "train"), ("EVAL", "eval"), ("PREDICT", "infer"))
MAX_RUNS = 64
BY_ESTIMATOR = (
    "MFN208",
    "MFN218",
    "MFN303",
    "MFN306",
    "MFN314",
    "MFN316",
    "MFN4",
    "MFN5",
    "MFN602",
    "MFN604",
    "MFN605",
    "MFN703",
)
ON_TPU = ("MFN703",)
EXACT_PARAMS = ("MFN406",)
AFTER_TRAINING = ("MFN602",)
TO_THE_END = ("MFN507", "MFN517")
METHODS = {"train": "train", "eval": "evaluate", "infer": "predict"}

v1 = tf.compat.v1


@functools.lru_cache(maxsize=None)
def run_config():
    return v1.estimator.RunConfig(model_dir="unused")


def call(function, mode, flags):
    """The work of ``Estimator._call_model_fn`` up to the check of the result."""
    v1.train.get_or_create_global_step()
    features = {"x": v1.placeholder(tf.float32, [None, 4], name="x")}
    labels = None if mode == "infer" else v1.placeholder(tf.int64, [None], name="labels")
    every = {"labels": labels, "mode": mode, "params": Params(flags), "config": run_config()}
    names = arguments(function)
    taken = {name: value for name, value in every.items() if name in names}
    if names[1:] and names[1] not in every:  # as the Estimator of tf.contrib.learn does
        return function(features, labels, **taken)
    return function(features=features, **taken)


def accept(result, plain):
    """The Estimator's treatment of the result; returns the spec."""
    name = type(result).__name__
    if name == "TPUEstimatorSpec" and not plain:
        result = result.as_estimator_spec()
    elif name == "ModelFnOps":
        return result
    if not isinstance(result, v1.estimator.EstimatorSpec):
        raise ValueError("model_fn should return an EstimatorSpec.")
    return result


class Fixture(object):
    """One file: its text, the lines with expectations, its module.

    ``root`` is the folder of all fixtures.
    """

    def __init__(self, path, root):
        self.path = path
        self.root = root
        with tokenize.open(path) as source:
            self.text = source.read()
        self.source_lines = self.text.split("\n")
        self.expected_lines = {
            number for number, line in enumerate(self.source_lines, 1) if "# MFN" in line
        }
        # Tracing doubles the time, and is not needed for functions without remarks (expectations,
        # `unaddressed:`, `undecided:`).
        self.is_watched = bool(self.expected_lines) or "# un" in self.text
        self.project = project_of(path, root)
        folder = os.path.basename(os.path.dirname(path))
        judges = {value for key, value in self._remarks() if key == "judged-by"}
        self.on_tpu = folder.startswith(ON_TPU) or "estimator on a TPU" in judges
        self.exact_params = folder.startswith(EXACT_PARAMS)
        self.is_trained = folder.startswith(AFTER_TRAINING)
        self.to_the_end = folder.startswith(TO_THE_END)
        self.by_estimator = folder.startswith(BY_ESTIMATOR) or bool(judges)

    def _remarks(self):
        """The leading comment lines, as keys and values."""
        for line in self.source_lines:
            if not line.startswith("#"):
                return
            key, _, value = line.lstrip("# ").partition(":")
            yield key, value.strip()

    def skipped(self):
        """Why this file can't run here, or None."""
        for key, value in self._remarks():
            if key == "not-run":
                return "not-run"
            if key == "requires-tensorflow" and TENSORFLOW.split(".")[0] != value:
                return "requires TensorFlow " + value
            if key == "requires-python":
                if sys.version_info[:2] < tuple(int(part) for part in value.split(".")):
                    return "requires Python " + value
        return None

    def record(self, given):
        del given.taken[:]
        given.fixture = self.path
        given.exact_params = self.exact_params
        self.given = given
        module = self._load()
        candidates = Finder(module, ast.parse(self.text), given).find()
        return [self._function(candidate) for candidate in candidates]

    def _load(self):
        if self.project is not None:
            return self._load_of_project()
        name = "fixture_" + re.sub(r"\W", "_", os.path.relpath(self.path, self.root))
        spec = importlib.util.spec_from_file_location(name, self.path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        with tf.Graph().as_default():
            spec.loader.exec_module(module)
        return module

    def _load_of_project(self):
        if self.project not in sys.path:
            sys.path.insert(0, self.project)
        name = os.path.splitext(os.path.relpath(self.path, self.project))[0].replace(os.sep, ".")
        with tf.Graph().as_default():
            return importlib.import_module(name)

    def _is_ours(self, filename):
        """Whether a file is this one, or another one of its project."""
        return filename == self.path or (
            self.project is not None and filename.startswith(self.project + os.sep)
        )

    def _function(self, candidate):
        code = bare(candidate.function(fresh())).__code__
        if code.co_filename == self.path:
            line = self._def_line(code.co_firstlineno)
        else:  # it is imported: the place where it is passed to an Estimator counts
            line = candidate.construction(fresh()).line
        modes = {}
        for name, key in MODES:
            flags, runs = Flags(), []
            while True:
                flags.begin()
                runs.append(self._run(candidate, key, flags))
                assert len(runs) <= MAX_RUNS, "too many flags in " + self.path
                if not flags.advance():
                    break
            modes[name] = runs
        return {"name": candidate.name, "line": line, "plain": candidate.plain, "modes": modes}

    def _def_line(self, line):
        """From the first decorator, where Python 3.7 counts from, to the ``def``."""
        while not re.search(r"\b(def|lambda)\b", self.source_lines[line - 1]):
            line += 1
        return line

    def _run(self, candidate, mode, flags):
        run = {}
        with tf.Graph().as_default():
            construction = candidate.construction(flags)
            construction.to_the_end = self.to_the_end
            construction.is_trained = self.is_trained
            code = bare(construction.model_fn).__code__
            # Otherwise a spec is checked as it is built, or where the function returns it.
            classes = ("TPUEstimatorSpec",) + (("EstimatorSpec",) if self.on_tpu else ())
            watch = Watch(self.path, self.expected_lines, code, classes)
            if code.co_filename != self.path:  # its path begins where it is passed on
                watch.reach(construction.line)
            try:
                if candidate.is_given or self.by_estimator:
                    self._construct(construction, flags, run)
                if self.by_estimator:
                    spec = self._run_by_estimator(construction, mode, flags, watch, run)
                else:
                    spec = self._call(construction.model_fn, mode, flags, watch)
                    spec = accept(spec, candidate.plain)
                run.update(outcome="accepted", returned=type(watch.returned).__name__)
                if spec.mode != mode:
                    run["mode"] = {key: name for name, key in MODES}.get(spec.mode, "?")
            except (Exception, SystemExit) as error:
                run.update(self._failure(error, watch, construction))
                returned = watch.return_line is not None or code.co_filename != self.path
                if returned and not raised_in(code, error):
                    run["returned"] = type(watch.returned).__name__
        run["flags"] = flags.current()
        if watch.reached:
            run["reached"] = sorted(watch.reached)
        return run

    def _construct(self, construction, flags, run):
        """Pass the function to the constructor of a real Estimator, and drop the Estimator."""
        run["during"] = "construction"
        with self.given.real():
            construction.run(flags, on_tpu=self.on_tpu)
        del run["during"]

    def _run_by_estimator(self, construction, mode, flags, watch, run):
        run["during"] = METHODS[mode]
        with self.given.real():
            sys.settrace(watch)
            try:
                run.update(construction.run(flags, mode, self.on_tpu))
            finally:
                sys.settrace(None)
        del run["during"]
        return watch.returned

    def _call(self, function, mode, flags, watch):
        sys.settrace(watch if self.is_watched else None)
        try:
            watch.returned = call(function, mode, flags)
        finally:
            sys.settrace(None)
        return watch.returned

    def _failure(self, error, watch, construction):
        line, last, last_line, spec, fields = None, None, 0, watch.returned, {}
        traceback = error.__traceback__
        while traceback is not None:
            last, last_line = traceback.tb_frame.f_code, traceback.tb_lineno
            if last.co_filename == self.path:
                line = traceback.tb_lineno
            elif last.co_name == "as_estimator_spec":
                spec = traceback.tb_frame.f_locals["self"]
            elif last.co_name == "__new__":
                fields = traceback.tb_frame.f_locals
            traceback = traceback.tb_next
        failure = {
            "outcome": type(error).__name__,
            "text": tidy(str(error), self.root),
            "by": "tensorflow",
        }
        if isinstance(error, SystemExit):
            failure["by"] = "author"
        elif self._is_ours(last.co_filename):
            statement = linecache.getline(last.co_filename, last_line).split()
            failure["by"] = "author" if statement[0] in ("raise", "assert") else "python"
        failure["line"] = next(
            (known for known in (line, watch.return_line) if known is not None), construction.line
        )
        if failure["text"] == "Missing train_op." and fields["loss"] is None:
            failure["also_missing"] = "loss"
        site = watch.site_of(spec)
        if site is not None:
            failure["site"] = site
        return failure


def project_of(path, root):
    """The root of the project that a fixture belongs to, or None."""
    projects = os.path.join(root, "projects")
    inside = os.path.relpath(path, projects).split(os.sep)
    return None if inside[0] == os.pardir else os.path.join(projects, inside[0])


def tidy(text, root):
    # TensorFlow 2 first reports where the failed node was created.
    text = re.sub(r"(?s)^Graph execution error:\n\n(Detected at .*?\nNode: [^\n]*\n)?", "", text)
    text = re.sub(r"(?s)^.*(assertion failed: \[.*?\]\]?) \[Condition.*", r"\1", text)
    text = text.replace(root, "fixtures")
    text = re.sub(r"0x[0-9a-f]+", "0x0", text)
    # The order of sets is arbitrary.
    text = re.sub(
        r"not expected args: \[(.*)\]",
        lambda found: "not expected args: [%s]" % ", ".join(sorted(found.group(1).split(", "))),
        text,
    )
    return re.sub(r"(/[\w.+-]+)+/", "", text).split("\n")[0]
