"""Running a model function by a real Estimator, for ``record.py``; Python 3.7 and later.

The constructors of Estimators are replaced while a fixture is imported, so that constructing one
has no effect: `Given` records the arguments. `Construction.run` then does with the real class what
the fixture's author would do: construct it, then train, evaluate or predict.

Runs of Estimators by a fixture are only recorded, too; the mode then gets the input of that run.

Differences from the fixture: `model_dir` is a temporary folder, and `config`, if the fixture gives
one, is used with that folder; TPUEstimator runs on the CPU (``use_tpu=False``). The data are three
batches of two examples, ``features`` ``{"x": float32 [2, 4]}`` and ``labels`` int64 ``[2]`` (the
batches have a known size), of which training and evaluation take two. For prediction, there are
only features: on a TPU the model function would get the labels. A model that the fixture exports is
trained and exported. No checkpoints are written, so an evaluated model has not been trained. Where
there are some, the graph is not written as text beside them: that takes longer than its training.

TPUs
    With ``on_tpu``, ``use_tpu`` and ``eval_on_tpu`` are as in the fixture, and so is which batch
    sizes are given. There is no real TPU: a fake one with one core is reported to TensorFlow, which
    then calls the input and the model function, checks the spec and builds the graph, all as for a
    TPU and by its own code. As soon as the graph is built, the run ends and counts as accepted:
    whether a TPU could compile and run that graph is not tested. A mode that TensorFlow runs on the
    CPU, as with ``eval_on_tpu=False``, is run.
"""

from __future__ import print_function

import contextlib
import math
import shutil
import sys
import tempfile

import numpy
import tensorflow as tf
from tensorflow.python.training import training_util
from tensorflow_estimator.python.estimator.tpu import tpu_context

v1 = tf.compat.v1
training_util.write_graph = lambda *args, **kwargs: None  # graph.pbtxt, which nothing reads

STEPS = 2
BATCHES = 3
#: The leading parameters of both classes, in order.
POSITIONAL = ("model_fn", "model_dir", "config", "params")
BATCH_SIZES = ("train_batch_size", "eval_batch_size", "predict_batch_size")


def input_fn(params):
    del params  # TPUEstimator insists on passing them
    numbers = numpy.arange(BATCHES * 2 * 4, dtype=numpy.float32).reshape(BATCHES * 2, 4)
    labels = numpy.arange(BATCHES * 2, dtype=numpy.int64) % 2
    examples = v1.data.Dataset.from_tensor_slices(({"x": numbers / numbers.max()}, labels))
    return examples.batch(2, drop_remainder=True)


def unlabelled_input_fn(params):
    return input_fn(params).map(lambda features, labels: features)


class Params(dict):
    """``params`` whose values are flags, except for the given ones."""

    #: The key that only TPUEstimator may add.
    _RESERVED = ("batch_size", "context")

    def __init__(self, flags, values):
        super(Params, self).__init__(values)
        self._flags = flags

    def __missing__(self, name):
        return self._flags.read(name)

    def __contains__(self, name):
        return name not in self._RESERVED or super(Params, self).__contains__(name)

    def get(self, name, default=None):
        if name in self.keys() or default is None or isinstance(default, bool):
            return self[name]
        return default

    def __deepcopy__(self, memo):
        return Params(self._flags, self)  # the flags are those of the run, not copies


class Progress(v1.train.SessionRunHook):
    """The effect of two training steps: the global step, and the unchanged variables.

    Also whether the loss is always the same for the same batch and variables: active dropout
    changes it.
    """

    _TIMES = 24

    def watch(self, estimator):
        """Record the spec that the Estimator gets from the model function."""
        call_model_fn = estimator._call_model_fn

        def call(*args, **kwargs):
            self._spec = call_model_fn(*args, **kwargs)
            return self._spec

        estimator._call_model_fn = call

    def begin(self):
        self._batch = {
            tensor: opposites(tensor.shape.as_list(), tensor.dtype.as_numpy_dtype)
            for op in v1.get_default_graph().get_operations()
            if op.type == "IteratorGetNext"
            for tensor in op.outputs
        }
        # An average that begins at what is averaged, as at the zeros of inactive units, would not
        # move.
        self._displaced = [
            v1.assign_add(variable, v1.fill(v1.shape(variable), numpy.float32(0.375)))
            for variable in v1.global_variables()
            if "/moving_" in variable.op.name and variable.dtype.base_dtype == tf.float32
        ]
        self._step = v1.train.get_global_step().read_value()
        self._metrics = {v.op.name: v.read_value() for v in metric_variables_read(self._spec)}
        self._variables = {v.op.name: v.read_value() for v in v1.global_variables()}

    def before_run(self, run_context):
        # The runs write no summaries, which would otherwise be run with the first step.
        return v1.train.SessionRunArgs(v1.get_collection(v1.GraphKeys.SUMMARIES))

    def after_run(self, run_context, run_values):
        self.runs += 1

    def after_create_session(self, session, coord):
        self.runs = 0
        session.run(self._displaced)
        self._before = session.run(self._variables)

    def end(self, session):
        after = session.run(self._variables)
        self.step = int(session.run(self._step))
        # Other variables may be moved by a gradient that is zero except for rounding.
        self.unchanged = sorted(
            name
            for name in after
            if "/moving_" in name and numpy.array_equal(self._before[name], after[name])
        )
        self.unmeasured = sorted(
            name for name, values in session.run(self._metrics).items() if not numpy.any(values)
        )
        self.logs_strings = any(
            tensor.dtype == tf.string
            for hook in self._spec.training_hooks
            for tensor in getattr(hook, "_current_tensors", {}).values()
        )
        losses = [session.run(self._spec.loss, self._batch) for _ in range(self._TIMES)]
        self.repeatable = all(numpy.array_equal(losses[0], loss) for loss in losses)


class GivenPredictions(v1.train.SessionRunHook):
    """Whether metrics that compare class ids get predictions that are not whole numbers."""

    _COMPARING = ("accuracy", "mean_iou", "mean_per_class_accuracy", "precision", "recall")

    def __init__(self):
        self.fractions = False
        self._given = []

    @contextlib.contextmanager
    def watching(self):
        """Within, these metrics record their arguments."""
        originals = {name: getattr(v1.metrics, name) for name in self._COMPARING}
        homes = [v1.metrics] + ([tf.metrics] if tf.__version__.startswith("1.") else [])
        for home in homes:
            for name, original in originals.items():
                setattr(home, name, self._noting(original))
        try:
            yield
        finally:
            for home in homes:
                for name, original in originals.items():
                    setattr(home, name, original)

    def _noting(self, original):
        def metric(labels, predictions, *args, **kwargs):
            predictions = tf.convert_to_tensor(predictions)
            self._given.append(predictions)
            return original(labels, predictions, *args, **kwargs)

        return metric

    def before_run(self, run_context):
        return v1.train.SessionRunArgs(list(self._given))

    def after_run(self, run_context, run_values):
        for values in run_values.results:
            self.fractions |= bool(numpy.any(values != numpy.round(values)))


def metric_variables_read(spec):
    """The variables of metrics that summaries, and the hooks that log tensors, read."""
    graph = v1.get_default_graph()
    pending = [summary.op for summary in v1.get_collection(v1.GraphKeys.SUMMARIES)]
    for hook in spec.training_hooks:
        shown = getattr(hook, "_tensors", {}).values()
        pending += [tensor.op for tensor in shown if hasattr(tensor, "op")]
    # Those of Keras metrics in the spec are local variables like others.
    collections = (v1.GraphKeys.METRIC_VARIABLES, v1.GraphKeys.LOCAL_VARIABLES)
    variables = {v.op.name: v for name in collections for v in v1.get_collection(name)}
    seen = set()
    while pending:
        op = pending.pop()
        if op not in seen:
            seen.add(op)
            pending += [tensor.op for tensor in op.inputs]
    assert all(op.graph is graph for op in seen)
    return {variables[op.name] for op in seen if op.name in variables}


class BuiltForTpu(BaseException):
    """Ends a run on the fake TPU; no ``except Exception`` in TensorFlow catches it."""


@contextlib.contextmanager
def made_up_tpu():
    """Within, TensorFlow finds a system with a TPU."""
    system = tpu_context.tpu_system_metadata_lib
    name = "TPUSystemMetadata" if hasattr(system, "TPUSystemMetadata") else "_TPUSystemMetadata"
    found = getattr(system, name)(
        num_cores=1, num_hosts=1, num_of_cores_per_host=1, topology=None, devices=[]
    )
    query = system._query_tpu_system_metadata
    system._query_tpu_system_metadata = lambda *args, **kwargs: found
    try:
        yield
    finally:
        system._query_tpu_system_metadata = query


def runs_on_cpu(estimator, mode):
    """Whether a TPUEstimator runs a mode on the CPU."""
    with estimator._ctx.with_mode(mode) as context:
        return context._is_running_on_cpu(is_export_mode=False)


def end_when_built(estimator):
    """Make an Estimator end as soon as it has the spec that TPUEstimator makes from the graph."""
    call_model_fn = estimator._call_model_fn

    def call(*args, **kwargs):
        call_model_fn(*args, **kwargs)
        raise BuiltForTpu

    estimator._call_model_fn = call


def start(estimator, mode, hooks=(), steps=STEPS, inputs=()):
    """Train, evaluate or predict for two steps, or export; ``inputs`` are those of the fixture."""
    inputs = dict(inputs)
    if mode == "train":
        estimator.train(inputs.get("train", input_fn), hooks=list(hooks), steps=STEPS)
    elif mode == "eval":
        estimator.evaluate(inputs.get("evaluate", input_fn), hooks=list(hooks), steps=steps)
    elif "export_saved_model" in inputs:
        start(estimator, "train", inputs=inputs)
        with temporary_folder() as folder:
            estimator.export_saved_model(folder, inputs["export_saved_model"])
    else:
        predictions = estimator.predict(inputs.get("predict", unlabelled_input_fn))
        for _ in range(STEPS):
            next(predictions)


def opposites(shape, dtype):
    """Ones; for signed numbers, every second example is negative.

    A unit that is inactive for one example, so that dropout has no effect, is active for the other.
    """
    values = numpy.ones(shape, dtype)
    if numpy.issubdtype(values.dtype, numpy.floating) and values.ndim:
        values[1::2] *= -1
    return values


def unoptimized():
    """A configuration of sessions, for runs of two steps: improving their graphs takes longer."""
    config = v1.ConfigProto(allow_soft_placement=True)
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = v1.OptimizerOptions.L0
    return config


class Construction(object):
    """The construction of one Estimator by a fixture, or the one that its author could write."""

    #: Evaluation reads the input to its end.
    to_the_end = False
    #: Evaluation and prediction come after training.
    is_trained = False

    def __init__(self, cls, arguments, line=None, exact_params=False):
        self.cls = cls
        self.arguments = arguments
        self.line = line
        self.exact_params = exact_params
        #: By the method that the fixture calls, the input that it passes.
        self.inputs = {}

    @property
    def model_fn(self):
        return self.arguments.get("model_fn")

    @property
    def is_for_tpu(self):
        return self.cls.__name__ == "TPUEstimator"

    @property
    def _is_exported(self):
        return "export_saved_model" in self.inputs

    def construct(self, flags, model_dir, on_tpu=False):
        """A real Estimator."""
        arguments = dict(self.arguments, model_dir=model_dir)
        if isinstance(arguments.get("params"), dict) and not self.exact_params:
            arguments["params"] = Params(flags, arguments["params"])
        arguments["config"] = self._config(arguments.get("config"), model_dir)
        if self.is_for_tpu:
            if not on_tpu:
                arguments["use_tpu"] = False
            for name in BATCH_SIZES:
                if not on_tpu or arguments.get(name) is not None:
                    arguments[name] = 2
        return self.cls(**arguments)

    def _config(self, given, model_dir):
        if given is not None:
            return given.replace(model_dir=model_dir)
        cls = v1.estimator.tpu.RunConfig if self.is_for_tpu else v1.estimator.RunConfig
        return cls(
            model_dir=model_dir,
            tf_random_seed=1,
            save_summary_steps=None,
            save_checkpoints_steps=1 if self.is_trained or self._is_exported else None,
            save_checkpoints_secs=None,
            session_config=unoptimized(),
        )

    def run(self, flags, mode=None, on_tpu=False):
        """Construct the Estimator, and run it if there is a ``mode``; returns facts."""
        with temporary_folder() as model_dir:
            estimator = self.construct(flags, model_dir, on_tpu)
            if mode is None:
                return {}
            if on_tpu and self.is_for_tpu and not runs_on_cpu(estimator, mode):
                return self._build(estimator, mode)
            if mode == "train":
                return self._train(estimator)
            if self.is_trained:
                start(estimator, "train", inputs=self.inputs)
            if mode == "eval":
                return self._evaluate(estimator)
            start(estimator, mode, inputs=self.inputs)
        return {}

    def _evaluate(self, estimator):
        given = GivenPredictions()
        with given.watching():
            steps = None if self.to_the_end else STEPS
            start(estimator, "eval", [given], steps, self.inputs)
        return {"fractions": True} if given.fractions else {}

    def _build(self, estimator, mode):
        end_when_built(estimator)
        with made_up_tpu():
            try:
                start(estimator, mode, inputs=self.inputs)
            except BuiltForTpu:
                return {"built": "for a TPU"}
        raise AssertionError("the graph was built, and the run not ended")

    def _train(self, estimator):
        progress = Progress()
        progress.watch(estimator)
        start(estimator, "train", [progress], inputs=self.inputs)
        facts = {
            "step": progress.step,
            "unchanged": progress.unchanged,
            "repeatable": progress.repeatable,
        }
        if progress.logs_strings:
            facts["logs_strings"] = True
        if progress.unmeasured:
            facts["unmeasured"] = progress.unmeasured
        if progress.runs < progress.step:
            # How many runs there are depends on when the step is read, between two counts or not.
            several = math.gcd(progress.runs, progress.step)
            facts.update(runs=progress.runs // several, step=progress.step // several)
        return facts


@contextlib.contextmanager
def temporary_folder():
    path = tempfile.mkdtemp()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


#: The methods that run an Estimator, with the place and name of the input.
RUNS = (
    ("train", (0, "input_fn")),
    ("evaluate", (0, "input_fn")),
    ("predict", (0, "input_fn")),
    ("export_saved_model", (1, "serving_input_receiver_fn")),
)


def noting(method, given):
    """A method of Estimators that only records the input."""
    position, name = given

    def note(estimator, *args, **kwargs):
        estimator._inputs_taken[method] = kwargs[name] if name in kwargs else args[position]
        return iter(())

    return note


class Given(object):
    """The constructions and runs of Estimators by the fixture at hand."""

    def __init__(self):
        self.taken = []
        self.fixture = None
        self.exact_params = False
        self._originals = []

    def install(self):
        """From now on, constructions are only recorded."""
        for cls in self._classes():
            self._replace(cls, "__init__", self._constructor(cls))
            for name, given in RUNS:
                self._replace(cls, name, noting(name, given))

    def _replace(self, cls, name, replacement):
        self._originals.append((cls, name, vars(cls).get(name)))
        setattr(cls, name, replacement)

    def uninstall(self):
        for cls, name, original in self._originals:
            if original is None:
                delattr(cls, name)
            else:
                setattr(cls, name, original)
        del self._originals[:]

    @contextlib.contextmanager
    def real(self):
        """Within, the classes are TensorFlow's own."""
        self.uninstall()
        try:
            yield
        finally:
            self.install()

    @staticmethod
    def _classes():
        classes = [c for c in v1.estimator.Estimator.__mro__ if c.__name__.startswith("Estimator")]
        classes += [tf.estimator.Estimator, v1.estimator.tpu.TPUEstimator]
        if tf.__version__.startswith("1."):
            classes += [tf.contrib.tpu.TPUEstimator, tf.contrib.learn.Estimator]
        return list(dict.fromkeys(classes))

    def _constructor(self, cls):
        def __init__(estimator, *args, **kwargs):
            # TPUEstimator's constructor never runs, so neither does its call of this one.
            arguments = dict(zip(POSITIONAL, args))
            arguments.update(kwargs)
            line = self._line()
            construction = Construction(cls, arguments, line, self.exact_params)
            self.taken.append(construction)
            estimator._inputs_taken = construction.inputs
            estimator._model_fn = arguments.get("model_fn")

        return __init__

    def _line(self):
        """The line of the fixture that is being executed."""
        frame = sys._getframe()
        while frame is not None and frame.f_code.co_filename != self.fixture:
            frame = frame.f_back
        return None if frame is None else frame.f_lineno
