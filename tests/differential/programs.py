"""Random model functions.

``program`` writes one from a stream of choices: Hypothesis's (``model_functions``),
which shrinks, or a seeded one (``numbered_program``), which is faster.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.differential.expressions import FIELDS, FLAGS, Chooser, Helper, Scope
from tests.differential.idioms import Idioms, Lines, indented

#: Signatures of helpers, each with arguments for calls.
_SIGNATURES = (
    ("labels, mode, params, t", "labels, mode, params, t"),
    ("mode, params, labels=None, t=None", "mode, params, labels, t"),
    ("mode, params, labels=None, t=None", "mode, params, t=t, labels=labels"),
    ("mode, labels, *, params, t", "mode, labels, params=params, t=t"),
    ("*args, **kwargs", "mode, labels, params=params, t=t"),
    ("labels, t, **rest", "labels, t, mode=mode, params=params"),
)

_UNPACKING = {
    "*args, **kwargs": ["mode, labels = args", "params, t = kwargs['params'], kwargs['t']"],
    "labels, t, **rest": ["mode = rest['mode']", "params = rest.get('params')"],
}

#: An operation on ``labels`` that fails for None.
LABELS_USES = (
    "labels['y']",
    "labels.shape",
    "labels - t",
    "t * labels",
    "-labels",
    "labels > 0",
    "labels['y'].name",
    "tf.one_hot(labels, 3)",
    "tf.cast(x=labels, dtype=tf.float32)",
    "tf.losses.mean_squared_error(labels, t)",
    "tf.metrics.accuracy(labels=labels, predictions=t)",
)

_EXCEPTIONS = (
    "ValueError",
    "KeyError",
    "Exception",
    "NameError",
    "UnboundLocalError",
    "(ValueError, KeyError)",
    "(NameError, LookupError)",
)


@dataclass
class _SeededChooser:
    numbers: random.Random

    def below(self, bound: int) -> int:
        return self.numbers.randrange(bound)


@dataclass
class _DrawingChooser:
    draw: st.DrawFn

    def below(self, bound: int) -> int:
        return self.draw(st.integers(0, bound - 1))


class Writer(Idioms):
    """Writes statements."""

    def __init__(self, chooser: Chooser) -> None:
        super().__init__(chooser)
        self._statements_left = 22
        self._names = 0
        self.module: dict[str, Lines] = {"above": [], "below": []}

    def fresh(self, stem: str) -> str:
        """A new name."""
        self._names += 1
        return f"{stem}_{self._names}"

    def block(self, scope: Scope, most: int = 3) -> Lines:
        """One or more statements; one that ends the path comes last."""
        lines: Lines = []
        for _ in range(1 + self._chooser.below(most)):
            lines += self.statement(scope)
        endings: list[tuple[int, Callable[[Scope], Lines]]] = [
            (13, lambda scope: []),
            (6, self._return),
            (1, lambda scope: self._raise(scope)[1:]),
        ]
        return lines + [line.strip() for line in self.weighted(endings)(scope)]

    def statement(self, scope: Scope) -> Lines:
        """Any statement."""
        self._statements_left -= 1
        options: list[tuple[int, Callable[[Scope], Lines]]] = [
            (10, self._assignment),
            (1, self._unpacking),
            (1, self._argument_mismatch),
            (1, self._deletion),
            (1, self._on_none),
            (1, self._raise),
            (1, self._assertion),
            (2, self._training_flag),
            (4, self.plain_idiom),
            (1, self._use_of_labels),
        ]
        if scope.loop:
            options.append((2, self._leave_loop))
        if scope.depth > 0 and self._statements_left > 0:
            options += [
                (12, self._if),
                (2, self._for),
                (1, self._while),
                (3, self._try),
                (1, self._with),
                (2, self._match),
                (2, self._closure),
                (1, self._state),
                (8, self.idiom),
            ]
            if scope.returns == "spec":
                options += [(2, self._keyword_arguments), (2, self._replacement)]
        return self.weighted(options)(scope)

    def _assignment(self, scope: Scope) -> Lines:
        return [f"{self.pick(FIELDS)} = {self.value(scope)}"]

    def _unpacking(self, scope: Scope) -> Lines:
        first, second = self.pick(FIELDS), self.pick(FIELDS)
        values = f"{self.value(scope, 1)}, {self.value(scope, 1)}"
        return [
            self.pick(
                (
                    f"{first}, {second} = {values}",
                    f"{first} = {second} = {self.value(scope, 1)}",
                    f"{first}, *rest = {values}, t",
                    f"*rest, {first} = ({values})",
                    f"[{first}, ({second}, _)] = {self.tensor(scope)}, ({values})",
                )
            )
        ]

    def _argument_mismatch(self, scope: Scope) -> Lines:
        """A call or an unpacking that may have a wrong number of arguments or names."""
        if scope.guarded:
            return self._unpacking(scope)
        function, name = self.fresh("plain"), self.fresh("made")
        self.module["above"] += self.pick(
            (
                [f"class {function}:", "    units = 3"],
                [f"def {function}(value=None):", "    return value"],
                [f"def {function}(*, value):", "    return value"],
                [f"{function} = lambda value: value"],
                [f"{function} = functools.partial(dict, units=3)"],
                [f"{function} = collections.namedtuple('{function}', 'value')"],
            )
        )
        call = f"{function}({self.pick(('', 't', 'value=t'))})"
        other = self.pick((f"{function}({self.pick(('t', 'value=t'))})", "t"))
        values = self.pick(("(t, t)", "(t, None, t)", "[t]"))
        first, second = self.pick(FIELDS), self.pick(FIELDS)
        lines = self.pick(
            (
                [f"{name} = {call}"],
                [f"{name} = {call} if {self.test(1)} else {other}"],
                [f"{first}, {second} = {values} if {self.test(1)} else (None, t)"],
                [f"{name} = {values}", f"{first}, {second} = {name}"],
            )
        )
        return [f"if {self.test(1)}:", *indented(lines)] if self.chance(60) else lines

    def _deletion(self, scope: Scope) -> Lines:
        name = self.pick(FIELDS)
        return [
            f"{name} = {self.value(scope, 1)}",
            f"if {self.test(1)}:",
            f"    del {name}",
        ]

    def _on_none(self, scope: Scope) -> Lines:
        name = self.pick(FIELDS)
        if scope.guarded:
            return [f"{name} = {name}"]
        return [self.pick((f"{name} += t", f"{name} = {name} * 2.0", f"{name}.name"))]

    def _use_of_labels(self, scope: Scope) -> Lines:
        """An operation on ``labels`` that fails for None, perhaps under a test."""
        name = self.fresh("target")
        if scope.guarded:
            return [f"{name} = labels"]
        use = self.pick(LABELS_USES)
        lines = [f"{name} = {use}"]
        if self.chance(25):
            lines = [f"{name} = t if labels is None else {use}"]
        elif self.chance(60):
            lines = [f"if {self.test(1)}:", *indented(lines)]
        if scope.entry and self.chance(15):
            lines = [f"if {self.test(1)}:", "    labels = t", *lines]
        return lines

    def _training_flag(self, scope: Scope) -> Lines:
        return [f"is_training = {self.mode_test()}"]

    def _raise(self, scope: Scope) -> Lines:
        error = self.pick(("ValueError('x')", "KeyError(mode)", "NotImplementedError"))
        return [f"if {self.test(1)}:", f"    raise {error}"]

    def _assertion(self, scope: Scope) -> Lines:
        return [f"assert {self.pick((f'mode != {self.key()}', self.test(1)))}"]

    def _return(self, scope: Scope) -> Lines:
        if scope.returns == "value":
            return [f"return {self.value(scope)}"]
        wrong = "(t, None)" if scope.entry else "None"
        options = [
            (14, f"return {self.spec(scope)}"),
            (1, "return None"),
            (1, "return"),
            (1, f"return {wrong}"),
        ]
        if scope.entry and not scope.guarded:
            listed = ("{'loss': t}", "[t]", "tf.constant(1.0)", "'spec'", "0")
            options.append((1, f"return {self.pick(listed)}"))
        return [self.weighted(options)]

    def _leave_loop(self, scope: Scope) -> Lines:
        words = ("break", "continue") if scope.loop == "for" else ("break",)
        return [f"if {self.test(1)}:", f"    {self.pick(words)}"]

    def _if(self, scope: Scope) -> Lines:
        inner = scope.deeper()
        lines = [f"if {self.test()}:", *indented(self.block(inner))]
        while self.chance(25):
            lines += [f"elif {self.test()}:", *indented(self.block(inner, 2))]
        if self.chance(45):
            lines += ["else:", *indented(self.block(inner, 2))]
        return lines

    def _for(self, scope: Scope) -> Lines:
        inner = scope.deeper(loop="for")
        item = self.fresh("item")
        sequence, first = self.weighted(
            [
                (3, (f"({self.value(scope, 1)}, {self.value(scope, 1)})", f"loss = {item}")),
                (2, (f"({', '.join(self.keys(2))})", f"matches = mode == {item}")),
                (1, ("range(2)", f"first = {item} == 0")),
                (1, (f"[({self.value(scope, 0)}, 1), (None, 2)]", f"train_op, _ = {item}")),
            ]
        )
        condition = {"matches": "matches", "first": "first"}.get(first.split(" ")[0])
        body = [first]
        if condition:
            body += [f"if {condition}:", *indented(self.block(inner, 2))]
        body += self.block(inner, 2)
        lines = [f"for {item} in {sequence}:", *indented(body)]
        return lines + self._otherwise(scope)

    def _otherwise(self, scope: Scope) -> Lines:
        if self.chance(30):
            return ["else:", *indented(self.block(scope.deeper(), 1))]
        return []

    def _while(self, scope: Scope) -> Lines:
        body = [*self.block(scope.deeper(loop="while"), 2), "break"]
        return [f"while {self.test(1)}:", *indented(body), *self._otherwise(scope)]

    def _try(self, scope: Scope) -> Lines:
        handled = self.chance(75)
        lines = ["try:", *indented(self.block(scope.deeper(guarded=handled)))]
        if handled:
            names = [self.pick(_EXCEPTIONS) for _ in range(1 + self._chooser.below(2))]
            for name in names:
                bound = " as error" if self.chance(25) else ""
                lines += [f"except {name}{bound}:", *indented(self.block(scope.deeper(), 2))]
            if self.chance(15):
                lines += ["except:", *indented(self.block(scope.deeper(), 1))]
            lines += self._otherwise(scope)
        if not handled or self.chance(25):
            lines += ["finally:", *indented(self._final_block(scope))]
        return lines

    def _final_block(self, scope: Scope) -> Lines:
        """An assignment or a return: no flag decides whether an exception goes on."""
        lines = [f"{self.pick(FIELDS)} = {self.tensor(scope)}"]
        if self.chance(10):
            lines.append(f"return {self._direct(scope) if scope.returns == 'spec' else 't'}")
        return lines

    def _with(self, scope: Scope) -> Lines:
        if scope.guarded:
            return self._if(scope)
        return ["with tf.name_scope('scope') as name:", *indented(self.block(scope.deeper()))]

    def _match(self, scope: Scope) -> Lines:
        inner = scope.deeper()
        lines = ["match mode:"]
        for _ in range(1 + self._chooser.below(3)):
            guard = f" if {self.test(1)}" if self.chance(20) else ""
            pattern = " | ".join(self.keys(1))
            case = [f"case {pattern}{guard}:", *indented(self.block(inner, 2))]
            lines += indented(case)
        if self.chance(50):
            pattern = self.pick(("_", "other"))
            lines += indented([f"case {pattern}:", *indented(self.block(inner, 2))])
        return lines

    def _closure(self, scope: Scope) -> Lines:
        name = self.fresh("inner")
        inner = replace(scope.deeper(loop=""), entry=False)
        if self.chance(40):
            field = self.pick(FIELDS)
            body = [f"nonlocal {field}", *self.block(replace(inner, returns="value"), 2)]
            first = [f"{field} = {self.value(scope, 1)}"]
            return [*first, f"def {name}():", *indented(body), f"{name}()"]
        if scope.returns == "spec" and self.chance(50):
            body = self.block(inner) + self._return(inner)
            return [f"def {name}():", *indented(body), *self.use_spec(scope, f"{name}()")]
        body = self.block(replace(inner, returns="value"), 2)
        return [f"def {name}():", *indented(body), f"{self.pick(FIELDS)} = {name}()"]

    def use_spec(self, scope: Scope, call: str) -> Lines:
        """Return the value of an expression, perhaps under a condition."""
        return self.pick(
            (
                [f"return {call}"],
                [f"if {self.test(1)}:", f"    return {call}"],
                [f"made = {call}", "if made is not None:", "    return made"],
            )
        )

    def _state(self, scope: Scope) -> Lines:
        """An object whose attributes hold the fields."""
        class_name, name = self.fresh("State"), self.fresh("state")
        self.module["above"] += [
            f"class {class_name}:",
            "    def __init__(self, mode, t):",
            *(f"        self.{field} = {self.pick(('None', 't'))}" for field in FIELDS),
            f"        if {self.mode_test()}:",
            f"            self.{self.pick(FIELDS)} = {self.pick(('t', 'None'))}",
            "    def fill(self, value):",
            f"        self.{self.pick(FIELDS)} = value",
            "        return self",
        ]
        field = self.pick(FIELDS)
        return [
            f"{name} = {class_name}(mode, t)",
            f"if {self.test(1)}:",
            f"    {name}.{self.pick(FIELDS)} = {self.value(scope, 1)}",
            *self.pick(([], [f"{name}.fill({self.value(scope, 1)})"])),
            f"{field} = {name}.{field}",
        ]

    def _keyword_arguments(self, scope: Scope) -> Lines:
        """A dict that is filled and then unpacked into a constructor."""
        name = self.fresh("kwargs")
        given = self.keywords(self.some_fields(scope))
        lines = [f"{name} = dict({given})"]
        for _ in range(1 + self._chooser.below(3)):
            field, value = self.pick(FIELDS), self.value(scope, 1)
            change = self.pick(
                (
                    [f"{name}['{field}'] = {value}"],
                    [f"{name}.update({field}={value})"],
                    [f"{name}.update({{'{field}': {value}}})"],
                    [f"{name}.setdefault('{field}', {value})"],
                    [f"{name}.pop('{field}', None)"],
                    [f"if '{field}' in {name}:", f"    del {name}['{field}']"],
                    [f"for key in ('loss', '{field}'):", f"    {name}[key] = {value}"],
                    [f"{name} = {{**{name}, '{field}': {value}}}"],
                )
            )
            if self.chance(60):
                change = [f"if {self.test(1)}:", *indented(change)]
            lines += change
        call = f"tf.estimator.EstimatorSpec(mode=mode, **{name})"
        return lines + self.use_spec(scope, call)

    def _replacement(self, scope: Scope) -> Lines:
        name = self.fresh("spec")
        given = self.keywords(self.some_fields(scope))
        return [
            f"{name} = {self.spec(scope, 1)}",
            f"if {self.test(1)}:",
            f"    {name} = {name}._replace({given})",
            *self.use_spec(scope, name),
        ]

    def add_helper(self) -> None:
        """A function of the module, above or below the model function."""
        name = self.fresh("helper")
        returns, guarded = self.pick(("value", "spec")), self.chance(25)
        signature, arguments = self.pick(_SIGNATURES)
        scope = Scope(depth=2, guarded=guarded, returns=returns)
        body = [*_UNPACKING.get(signature, []), f"flag = {self.pick(FLAGS[:2])}"]
        body += self._bound_names(scope)
        for _ in range(1 + self._chooser.below(2)):
            body += self.statement(scope)
        if self.chance(80):
            body += self._return(scope)
        self.module[self.pick(("above", "below"))] += [
            f"def {name}({signature}):",
            *indented(body),
        ]
        self.helpers.append(Helper(name, arguments, returns, guarded))

    def _bound_names(self, scope: Scope) -> Lines:
        """Names that the rest of a function reads; some stay unbound in some runs."""
        lines = [f"is_training = {self.mode_test()}"]
        for field in FIELDS:
            assignment = f"{field} = {self.first_value(scope)}"
            conditional = [f"if {self.weighted([(2, self.mode_test()), (1, self.pick(FLAGS))])}:"]
            lines += self.weighted([(9, [assignment]), (1, [*conditional, f"    {assignment}"])])
        return lines

    def entry(self) -> Lines:
        """The model function."""
        scope = Scope(entry=True)
        lines = ["t = tf.constant(0.0)", "flag = params['f3']", *self._bound_names(scope)]
        for _ in range(1 + self._chooser.below(4)):
            lines += self.statement(scope)
        if self.chance(90):
            lines.append(f"return {self.spec(scope)}")
        return ["def model_fn(features, labels, mode, params):", *indented(lines)]


def program(chooser: Chooser) -> str:
    """The source of a module with one model function."""
    writer = Writer(chooser)
    for _ in range(writer.pick((0, 0, 1, 2))):
        writer.add_helper()
    entry = writer.entry()
    lines = [
        "import collections, contextlib, functools, sys",
        "import tensorflow as tf",
        *writer.module["above"],
    ]
    return "\n".join([*lines, *entry, *writer.module["below"]]) + "\n"


def numbered_program(seed: int, number: int) -> str:
    """Program ``number`` of a seed; the same on every machine."""
    return program(_SeededChooser(random.Random(f"{seed}:{number}")))


@st.composite
def model_functions(draw: st.DrawFn) -> str:
    """Sources of modules with one model function."""
    return program(_DrawingChooser(draw))
