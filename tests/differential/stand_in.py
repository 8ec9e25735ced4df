"""A stand-in for TensorFlow.

Everything is an opaque object that accepts all operations, except for specs: they check required
fields as TensorFlow does, in TensorFlow's order, and know *all* fields that a rejected construction
lacks.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from estimator_lint.tensorflow_api.none_arguments import parameters_rejecting_none
from tests.differential.field_values import DEFAULT_SIGNATURE, ORDER, wrong_values
from tests.differential.opaque import (
    Instance,
    Metric,
    Observed,
    Operation,
    PerExample,
    Symbol,
    SymbolicValue,
    Tensor,
)
from tests.differential.unjudgeable import Unjudgeable

TRAIN, EVAL, PREDICT = "train", "eval", "infer"

#: Line and column of the first character, as ``ast`` counts them.
Place = tuple[int, int]

#: The place of a call, and a number that distinguishes it from others that start there.
Site = tuple[int, int, int]

#: The checks of TensorFlow's constructor, in its order.
REQUIREMENTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("train_op", frozenset({TRAIN})),
    ("loss", frozenset({TRAIN, EVAL})),
    ("predictions", frozenset({PREDICT})),
)


def missing_fields(mode: str, fields: Mapping[str, object]) -> tuple[str, ...]:
    """The fields that ``mode`` requires and that are absent or None."""
    return tuple(name for name, modes in REQUIREMENTS if mode in modes and fields.get(name) is None)


@dataclass(eq=False)
class Visit:
    """One construction of a spec.

    Attributes:
        site: the call.
        mode: the key that the spec was given.
        given: the fields that are not None.
        written: the fields that the call was given.
        missing: the fields that the key requires and that are None.
        wrong: the fields with a value that TensorFlow rejects, and the exceptions.
        nothing_to_predict: ``predict`` fails on it, since it has no predictions to run.
        unreduced: ``train`` and ``evaluate`` fail on it, since its loss is per-example.
        origin: the construction of the spec that was replaced, if it is a ``_replace``.
        rejected: TensorFlow raised on it, or would have when the spec was used.
        used: the Estimator got the spec, or one derived from it, or rejected it.
    """

    site: Site
    mode: str
    given: frozenset[str]
    written: frozenset[str]
    missing: tuple[str, ...]
    wrong: dict[str, type[Exception]]
    nothing_to_predict: bool = False
    unreduced: bool = False
    origin: Visit | None = None
    rejected: bool = False
    used: bool = False

    @property
    def unfit(self) -> bool:
        """Whether a field is missing, or has a value that TensorFlow rejects."""
        return bool(self.missing or self.wrong)

    def use(self) -> None:
        """Record that TensorFlow gets the spec; it rejects the spec if a field is wrong."""
        self.rejected |= self.unfit
        visit: Visit | None = self
        while visit is not None:
            visit.used = True
            visit = visit.origin


class Rejected(Exception):  # noqa: N818
    """TensorFlow's error for a spec with a missing field or one of a wrong type."""

    visit: Visit


def rejected(visit: Visit) -> Rejected:
    """The error for ``visit``: its class depends on the first wrong field."""
    first = next(field for field in ORDER if field in visit.missing or field in visit.wrong)
    kind = ValueError if first in visit.missing else visit.wrong[first]
    error = type(kind.__name__, (Rejected, kind), {})(f"{first} of {visit.site}")
    assert isinstance(error, Rejected)
    visit.use()
    error.visit = visit
    return error


class _Made:
    """The common base of both spec classes."""

    visit: Visit


class _PlainFields(NamedTuple):
    mode: object
    predictions: object = None
    loss: object = None
    train_op: object = None
    eval_metric_ops: object = None
    export_outputs: object = None
    training_chief_hooks: object = None
    training_hooks: object = None
    scaffold: object = None
    evaluation_hooks: object = None
    prediction_hooks: object = None


class _TPUFields(NamedTuple):
    mode: object
    predictions: object = None
    loss: object = None
    train_op: object = None
    eval_metrics: object = None
    export_outputs: object = None
    scaffold_fn: object = None
    host_call: object = None
    training_hooks: object = None
    evaluation_hooks: object = None
    prediction_hooks: object = None


def fields_of(*, call_is_tpu: bool) -> tuple[str, ...]:
    """The fields of a class of specs, in order."""
    return (_TPUFields if call_is_tpu else _PlainFields)._fields


def _visit(spec: Any, written: Iterable[str], origin: Visit | None = None) -> Visit:
    """The record of the construction of a spec by the active call."""
    mode, fields = "" if Observed.takes_all else plain(spec.mode), spec._asdict()
    given = frozenset(name for name, value in fields.items() if value is not None)
    site = Observed.observer.site()
    visit = Visit(
        site,
        mode,
        given,
        frozenset(written),
        missing_fields(mode, fields),
        {} if Observed.takes_all else wrong_values(mode, fields),
        mode == PREDICT and fields["predictions"] == {} and fields["export_outputs"] is None,
        mode != PREDICT and isinstance(fields["loss"], PerExample),
        origin,
    )
    Observed.observer.visited(visit)
    return visit


class EstimatorSpec(_PlainFields, _Made):
    """``tf.estimator.EstimatorSpec``: every construction validates it."""

    def __new__(cls, *args: object, **kwargs: object) -> EstimatorSpec:
        fields: Any = _PlainFields.__new__(cls, *args, **kwargs)
        written = (*cls._fields[: len(args)], *kwargs)
        return cls._validated(fields, _visit(fields, written))

    @classmethod
    def _validated(cls, fields: _PlainFields, visit: Visit) -> EstimatorSpec:
        if visit.unfit:
            raise rejected(visit)
        predictions = {} if fields.predictions is None else fields.predictions
        values = fields._asdict() | {"predictions": predictions}
        spec: EstimatorSpec = _PlainFields.__new__(cls, **values)
        spec.visit = visit
        return spec

    def _replace(self, **kwargs: Any) -> EstimatorSpec:
        if "mode" in kwargs and plain(kwargs["mode"]) != plain(self.mode):
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        written = list(kwargs)
        fields = _PlainFields(*map(kwargs.pop, self._fields, list(self)))
        return EstimatorSpec._validated(fields, _visit(fields, written, self.visit))


class TPUEstimatorSpec(_TPUFields, _Made):
    """``tf.estimator.tpu.TPUEstimatorSpec``: its ``_replace`` validates nothing."""

    def __new__(cls, *args: object, **kwargs: object) -> TPUEstimatorSpec:
        spec: Any = _TPUFields.__new__(cls, *args, **kwargs)
        spec.visit = _visit(spec, (*cls._fields[: len(args)], *kwargs))
        if spec.visit.unfit:
            raise rejected(spec.visit)
        made: TPUEstimatorSpec = spec
        return made

    def _replace(self, **kwargs: Any) -> TPUEstimatorSpec:
        spec = super()._replace(**kwargs)
        spec.visit = _visit(spec, kwargs, self.visit)
        return spec

    def as_estimator_spec(self) -> EstimatorSpec:
        """The plain spec, made with TensorFlow's checks."""
        fields = self._asdict()
        shared = {name: fields[name] for name in _PlainFields._fields if name in fields}
        return EstimatorSpec._validated(_PlainFields(**shared), self.visit)


def plain(mode: object) -> str:
    """A mode without the wrapper that records its comparisons."""
    return str.__str__(mode) if isinstance(mode, str) else ""


class ModeKeys:
    """``tf.estimator.ModeKeys``."""

    TRAIN, EVAL, PREDICT = TRAIN, EVAL, PREDICT


class TensorFlow(Symbol):
    """The module ``tensorflow``, its modules, and their members."""

    @staticmethod
    def _made(name: str) -> SymbolicValue:
        return TensorFlow(name)

    def __getattr__(self, name: str) -> Any:
        return _NAMED[name] if name in _NAMED else super().__getattr__(name)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        rejecting = parameters_rejecting_none(f"tensorflow.{self.__name__.removeprefix('tf.')}")
        given: list[tuple[int | str, object]] = [*enumerate(args), *kwargs.items()]
        for parameter, value in given:
            if value is None and rejecting is not None and parameter in rejecting:
                raise _exception(rejecting[parameter])("None values not supported.")
        return _result_of(self.__name__)


def _exception(name: str | None) -> type[Exception]:
    """The class of a recorded exception."""
    if name is None:
        raise Unjudgeable("versions of TensorFlow raise different exceptions")
    kind: type[Exception] = getattr(builtins, name)
    return kind


def _result_of(path: str) -> object:
    """The result of calling a class or function of TensorFlow."""
    folder, _, name = path.rpartition(".")
    result = f"{path}(...)"
    if name[:1].isupper() or name.endswith("hook"):
        is_metric = folder.endswith("keras.metrics")
        # Some versions and fields accept a variable as a tensor.
        return (
            Metric(path)
            if is_metric
            else SymbolicValue(result)
            if name == "Variable"
            else Instance(path)
        )
    if folder.endswith(".metrics") and "keras" not in folder:
        return (Tensor(f"{result}[0]"), Tensor(f"{result}[1]"))
    if name in ("no_op", "group"):
        return Operation(result)
    if name == "gradients":
        return [Tensor(result), Tensor(result)]
    if name.endswith(("_with_logits", "_with_logits_v2")):
        return PerExample(result)
    return Tensor(result)


_NAMED = {
    "EstimatorSpec": EstimatorSpec,
    "TPUEstimatorSpec": TPUEstimatorSpec,
    "ModeKeys": ModeKeys,
    "DEFAULT_SERVING_SIGNATURE_DEF_KEY": DEFAULT_SIGNATURE,
}

tensorflow = TensorFlow("tf")


def imported(name: str, fromlist: tuple[str, ...] = ()) -> object:
    """The result of ``__import__`` for ``tensorflow`` or a module of it."""
    found: object = tensorflow
    if fromlist:
        for part in name.split(".")[1:]:
            found = getattr(found, part)
    return found
