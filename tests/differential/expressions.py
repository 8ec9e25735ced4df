"""Random expressions of model functions: tests, field values and specs.

Only code that execution can judge is written: no value of which only TensorFlow knows whether it is
None or true, and, in a ``try`` that handles exceptions, no TensorFlow call, since that might raise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

T = TypeVar("T")

FIELDS = ("loss", "train_op", "predictions")
MODES = ("TRAIN", "EVAL", "PREDICT")
LITERALS = {"TRAIN": "'train'", "EVAL": "'eval'", "PREDICT": "'infer'"}

#: One spelling per flag, so that a flag is one undecided test and not two.
FLAGS = ("params['f0']", "params['f1']", "params.get('f2')", "flag")


class Chooser(Protocol):
    """The source of choices; smaller choices give simpler programs."""

    def below(self, bound: int) -> int:
        """A number from 0 to ``bound - 1``."""


@dataclass(frozen=True)
class Scope:
    """The context in which something is written.

    Attributes:
        depth: how many more blocks may be nested here.
        loop: "for" or "while" in a loop, else empty.
        guarded: in the body of a ``try`` that handles exceptions.
        returns: what this function returns: "spec" or "value".
        entry: directly in the model function, where wrong types may be returned.
        closed: in a nested function, which must not bind the flag again.
    """

    depth: int = 3
    loop: str = ""
    guarded: bool = False
    returns: str = "spec"
    entry: bool = False

    def deeper(self, loop: str | None = None, guarded: bool = False) -> Scope:
        """The scope of a block in this one."""
        return replace(
            self,
            depth=self.depth - 1,
            loop=self.loop if loop is None else loop,
            guarded=self.guarded or guarded,
        )


@dataclass(frozen=True)
class Helper:
    """A function of the module that model functions call.

    Attributes:
        arguments: what to call it with.
        returns: "spec" or "value".
    """

    name: str
    arguments: str
    returns: str
    guarded: bool


class Expressions:
    """Writes expressions."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self.helpers: list[Helper] = []

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self._chooser.below(len(options))]

    def chance(self, percent: int) -> bool:
        """True in the given percentage of cases."""
        return self._chooser.below(100) >= 100 - percent

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of the options, by weight; the first ones are the simplest."""
        number = self._chooser.below(sum(weight for weight, _ in options))
        for weight, option in options:
            if number < weight:
                return option
            number -= weight
        raise AssertionError(number)

    def key(self, mode: str | None = None) -> str:
        """A mode's key."""
        mode = mode or self.pick(MODES)
        return self.weighted([(4, f"tf.estimator.ModeKeys.{mode}"), (1, LITERALS[mode])])

    def keys(self, least: int = 1) -> list[str]:
        """The keys of some modes, in any order."""
        first = self.pick(MODES)
        others = [mode for mode in MODES if mode != first]
        if self.chance(30):
            others.reverse()
        return [self.key(mode) for mode in [first, *others][: least + self._chooser.below(2)]]

    def mode_test(self) -> str:
        """A test that the mode alone decides."""
        mode = self.pick(MODES)
        key = self.key(mode)
        keys = self.keys(least=1)
        listed = ", ".join(keys)
        return self.weighted(
            [
                (12, f"mode == {key}"),
                (4, f"mode != {key}"),
                (2, f"{key} == mode"),
                (2, f"mode is tf.estimator.ModeKeys.{mode}"),
                (1, f"mode is not tf.estimator.ModeKeys.{mode}"),
                (4, f"mode in ({listed},)"),
                (1, f"mode in [{listed}]"),
                (1, f"mode in {{{listed}}}"),
                (2, f"mode not in ({listed},)"),
                (2, " or ".join(f"mode == {key}" for key in keys)),
                (1, f"{{{', '.join(f'{key}: True' for key in keys)}}}.get(mode, False)"),
                (1, f"{{{', '.join(f'{key}: True' for key in keys)}}}.get(mode)"),
                (1, self._wrong_key_test(key)),
            ]
        )

    def _wrong_key_test(self, key: str) -> str:
        if self.chance(70):
            return f"mode == {key}"
        return self.pick(("mode == 'test'", f"mode in ('predict', {key})"))

    def test(self, depth: int = 2) -> str:
        """Any test."""
        options: list[tuple[int, Callable[[], str]]] = [
            (10, self.mode_test),
            (9, lambda: self.pick(FLAGS)),
            (2, lambda: self.pick(("labels is None", "labels is not None", "labels == None"))),
            (1, lambda: "labels"),
            (2, lambda: f"{self.pick(FIELDS)} is {self.pick(('None', 'not None'))}"),
            (2, lambda: self.pick(("is_training", "not is_training"))),
            (1, lambda: self.pick(("True", "False"))),
        ]
        if depth > 0:
            inner = depth - 1
            options += [
                (3, lambda: f"not ({self.test(inner)})"),
                (4, lambda: f"({self.test(inner)}) and ({self.test(inner)})"),
                (3, lambda: f"({self.test(inner)}) or ({self.test(inner)})"),
                (1, lambda: f"({self.test(inner)} if {self.test(inner)} else {self.test(inner)})"),
                (1, lambda: f"bool({self.test(inner)})"),
                (1, lambda: f"(found := {self.test(inner)})"),
            ]
        return self.weighted(options)()

    def tensor(self, scope: Scope) -> str:
        """Something that is certainly not None."""
        if scope.guarded:
            return "t"
        return self.pick(("t", "tf.constant(1.0)", "tf.no_op()", "tf.reduce_mean(t)"))

    def value(self, scope: Scope, depth: int = 2) -> str:
        """The value of a field: a tensor or None."""
        options: list[tuple[int, Callable[[], str]]] = [
            (16, lambda: self.tensor(scope)),
            (4, lambda: "None"),
            (1, lambda: self.pick(FIELDS)),
        ]
        callable_helpers = self._callable(scope, "value")
        if callable_helpers:
            options.append((4, lambda: self._call_of(callable_helpers, scope)))
        if depth > 0:
            options += [
                (5, lambda: self._conditional(scope, depth - 1)),
                (1, lambda: f"(lambda: {self.value(scope, depth - 1)})()"),
                (1, lambda: f"(lambda x=None: x)({self.value(scope, depth - 1)})"),
                (1, lambda: f"{{'x': {self.value(scope, depth - 1)}}}.get('x')"),
                (1, lambda: f"({self.value(scope, 0)}, {self.value(scope, 0)})[{self.pick('01')}]"),
                (1, lambda: f"(walrus := {self.value(scope, depth - 1)})"),
            ]
        return self.weighted(options)()

    def _conditional(self, scope: Scope, depth: int) -> str:
        return f"({self.value(scope, depth)} if {self.test(1)} else {self.value(scope, depth)})"

    def first_value(self, scope: Scope) -> str:
        """A value that reads no field."""
        tensor = self.tensor(scope)
        test = self.weighted([(1, self.mode_test()), (1, self.pick(FLAGS))])
        return self.weighted(
            [
                (6, tensor),
                (3, f"({tensor} if {test} else None)"),
                (1, f"(None if {test} else {tensor})"),
                (2, "None"),
            ]
        )

    def _callable(self, scope: Scope, returns: str) -> list[Helper]:
        return [
            helper
            for helper in self.helpers
            if helper.returns == returns and (helper.guarded or not scope.guarded)
        ]

    def _call_of(self, helpers: list[Helper], scope: Scope) -> str:
        """A call of a helper, sometimes with arguments that it may not accept."""
        helper = self.pick(helpers)
        arguments = helper.arguments
        if not scope.guarded and self.chance(4):
            most, _, last = arguments.rpartition(", ")
            arguments = self.pick(
                (most, f"{arguments}, extra={last[-1]}", f"t, {arguments}", f"{most}, *(t, t)")
            )
        return f"{helper.name}({arguments})"

    def field_value(self, scope: Scope) -> str:
        """The value for a field such as ``loss`` at a site: mostly a variable or a tensor."""
        return self.weighted(
            [(3, self.tensor(scope)), (3, self.pick(FIELDS)), (1, self.value(scope, 1))]
        )

    def some_fields(self, scope: Scope) -> dict[str, str]:
        """Fields for a call of a spec's constructor."""
        most = self.pick(
            (
                FIELDS,
                FIELDS,
                ("loss", "train_op"),
                ("loss",),
                ("predictions",),
                FIELDS,
                ("loss", "train_op"),
            )
        )
        return {
            name: name if self.chance(40) else self.field_value(scope)
            for name in FIELDS
            if name in most
        }

    def typed_fields(self, scope: Scope) -> dict[str, str]:
        """Fields that accept more than tensors, mostly with accepted values."""
        name = self.pick(
            (
                *("predictions", "eval_metric_ops", "export_outputs", "training_hooks"),
                *("train_op", "scaffold"),
            )
        )
        value = self._typed(name, scope)
        if self.chance(25):
            value = f"({value} if {self.test(0)} else {self._typed(name, scope)})"
        return {name: value}

    def _typed(self, name: str, scope: Scope) -> str:
        one = self.tensor(scope)
        if name == "predictions":
            entries = ("'p': {}", "'p': {}, 'q': {}", "'p': {{'q': {}}}", "1: {}", "'p': [{}]", "")
            return f"{{{self.pick(entries).format(one, one)}}}"
        if name == "eval_metric_ops":
            pair = f"({one}, {one})" if scope.guarded else f"tf.metrics.mean({one})"
            metric = self.weighted(
                [(6, pair), (2, f"{pair}[1]"), (1, f"[*{pair}]"), (1, f"(*{pair}, None)"), (1, one)]
            )
            return self.weighted([(8, f"{{'m': {metric}}}"), (1, "{}"), (1, f"[{metric}]")])
        if name == "export_outputs":
            # Its constructor, which the stand-in does not have, only accepts tensors.
            made = "tf.estimator.export.PredictOutput(tf.constant(0.0))"
            output = one if scope.guarded else made
            output = self.weighted([(4, output), (1, one)])
            names = self.pick((("'p'",), ("'p'",), ("'p'", "'q'"), ("'serving_default'", "'q'")))
            return f"{{{', '.join(f'{key}: {output}' for key in names)}}}"
        if name == "train_op":
            return self.weighted([(4, one), (1, f"[{one}]"), (1, f"({one},)"), (1, "'op'")])
        if name == "scaffold":
            scaffold = "None" if scope.guarded else "tf.train.Scaffold()"
            return self.weighted([(4, scaffold), (1, f"[{one}]"), (1, "[]"), (1, "lambda: None")])
        hook = "None" if scope.guarded else "tf.train.StepCounterHook()"
        return self.weighted(
            [(4, f"[{hook}]"), (2, f"({hook},)"), (1, hook), (1, "[]"), (1, f"[{hook}, {one}]")]
        )

    def spec(self, scope: Scope, depth: int = 2) -> str:
        """An expression whose value is a spec, or that raises."""
        options: list[tuple[int, Callable[[], str]]] = [
            (10, lambda: self._direct(scope)),
            (2, lambda: self._positional(scope)),
            (2, lambda: self._unpacked(scope)),
            (1, lambda: self._partial(scope)),
            (1, lambda: self._wrong_key(scope)),
            (1, lambda: f"(lambda: {self._direct(scope)})()"),
            (1, lambda: self._tpu(scope)),
        ]
        callable_helpers = self._callable(scope, "spec")
        if callable_helpers:
            options.append((6, lambda: self._call_of(callable_helpers, scope)))
        if depth > 0:
            options += [
                (1, lambda: self._chosen(scope, depth - 1)),
                (1, lambda: self._replaced(scope, depth - 1)),
                (1, lambda: self._dispatched(scope, depth - 1)),
            ]
        return self.weighted(options)()

    def keywords(self, fields: dict[str, str]) -> str:
        """Fields as keyword arguments."""
        return ", ".join(f"{name}={value}" for name, value in fields.items())

    def _arguments(self, first: str, scope: Scope) -> str:
        rest = self.keywords(self.some_fields(scope))
        return f"{first}, {rest}" if rest else first

    def _direct(self, scope: Scope) -> str:
        first = self.weighted([(4, "mode=mode"), (2, "mode")])
        fields = self.some_fields(scope)
        if self.chance(25):
            fields |= self.typed_fields(scope)
        rest = self.keywords(fields)
        return (
            f"tf.estimator.EstimatorSpec({first}, {rest})"
            if rest
            else (f"tf.estimator.EstimatorSpec({first})")
        )

    def _positional(self, scope: Scope) -> str:
        fields = ["mode", *(self.field_value(scope) for _ in range(self._chooser.below(4)))]
        if self.chance(20):
            return f"tf.estimator.EstimatorSpec(*({', '.join(fields)},))"
        return f"tf.estimator.EstimatorSpec({', '.join(fields)})"

    def _unpacked(self, scope: Scope) -> str:
        fields = self.some_fields(scope)
        if self.chance(20):
            fields |= self.typed_fields(scope)
        items = ", ".join(f"'{name}': {value}" for name, value in fields.items())
        written = self.pick((f"{{{items}}}", f"dict({self.keywords(fields)})"))
        return f"tf.estimator.EstimatorSpec(mode=mode, **{written})"

    def _partial(self, scope: Scope) -> str:
        bound = self.keywords(self.some_fields(scope))
        given = self.keywords(self.some_fields(scope))
        start = "functools.partial(tf.estimator.EstimatorSpec, mode=mode"
        return f"{start}, {bound})({given})" if bound else f"{start})({given})"

    def _wrong_key(self, scope: Scope) -> str:
        fields = {name: self.tensor(scope) for name in FIELDS}
        return f"tf.estimator.EstimatorSpec(mode={self.key()}, {self.keywords(fields)})"

    def _tpu(self, scope: Scope) -> str:
        call = f"tf.estimator.tpu.TPUEstimatorSpec({self._arguments('mode=mode', scope)})"
        return self.pick((call, f"{call}.as_estimator_spec()"))

    def _chosen(self, scope: Scope, depth: int) -> str:
        return f"({self.spec(scope, depth)} if {self.test(1)} else {self.spec(scope, depth)})"

    def _replaced(self, scope: Scope, depth: int) -> str:
        return f"{self.spec(scope, depth)}._replace({self.keywords(self.some_fields(scope))})"

    def _dispatched(self, scope: Scope, depth: int) -> str:
        keys = self.keys(least=2)
        items = ", ".join(f"{key}: lambda: {self.spec(scope, depth)}" for key in keys)
        look_up = self.weighted(
            [(2, "[mode]()"), (1, f".get(mode, lambda: {self._direct(scope)})()")]
        )
        return f"{{{items}}}{look_up}"
