"""Snippets of Python, evaluated and executed.

A snippet is the body of a model function. It may read the undecided flags ``a``, ``b``, ``c`` and
``d`` (True or False), and returns the value to examine. Evaluation gives the outcomes of all paths;
executing the snippet for every answer of the flags gives the outcomes that are true.
"""

from __future__ import annotations

import builtins
import itertools
import re
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import GeneratorType
from typing import Any
from unittest import mock

import pytest

from estimator_lint.discovery.model_functions import find_model_functions
from estimator_lint.domain.paths.frames import Exits, Raised
from estimator_lint.domain.paths.state import State
from estimator_lint.domain.values.values import (
    ClassValue,
    Constant,
    DictContents,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.facts.trace import UnboundRead
from estimator_lint.interpreter import model_function
from estimator_lint.interpreter.evaluator import Evaluator, Operations
from estimator_lint.project.code import ClassCode, ModuleCode
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

FLAGS = ("a", "b", "c", "d")

#: The readings of outcomes about which evaluation knows nothing, or almost nothing.
UNKNOWN, NOT_NONE = "unknown", "not None"

_HEAD = """\
def model_fn(features, labels, mode, params, config=None):
"""


class Thing:
    """An object about which evaluation only knows that it is not None."""

    def __call__(self, *values: object, **named: object) -> Thing:
        return self

    def __getattr__(self, name: str) -> Thing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Thing:
        return self

    def __iter__(self) -> Iterator[Thing]:
        return iter((self, self))

    def __len__(self) -> int:
        return 2

    def __bool__(self) -> bool:
        return True

    def __add__(self, other: object) -> Thing:
        return self

    def __gt__(self, other: object) -> bool:
        return True

    def __neg__(self) -> Thing:
        return self


class Probe(Evaluator):
    """An evaluator that keeps the paths that leave the model function."""

    made: list[Probe]

    def __init__(
        self, operations: Operations, mode: Mode, *, continue_past_faults: bool = False, **rest: Any
    ) -> None:
        super().__init__(operations, mode, continue_past_faults=continue_past_faults, **rest)
        self.ends: Exits | None = None
        if not continue_past_faults:
            self.made.append(self)

    def collecting_exits(self) -> Any:
        manager = super().collecting_exits()
        if self.ends is not None:
            return manager
        return _Remembering(self, manager)


class _Remembering:
    def __init__(self, probe: Probe, manager: Any) -> None:
        self._probe, self._manager = probe, manager

    def __enter__(self) -> Exits:
        exits: Exits = self._manager.__enter__()
        self._probe.ends = exits
        return exits

    def __exit__(self, *error: Any) -> Any:
        return self._manager.__exit__(*error)


@dataclass(frozen=True)
class Outcome:
    """One path's end: its value, or the name of its exception; and whether it is in doubt."""

    value: Value | None
    state: State
    raised: str = ""
    in_doubt: bool = False

    def __str__(self) -> str:
        return self.raised if self.value is None else reading(self.value, self.state)

    def covers(self, truth: Truth) -> bool:
        """Whether an execution that ended like ``truth`` may have taken this path."""
        if self.value is None or truth.raised:
            return self.raised in (truth.raised, "raises") and bool(truth.raised)
        return covers(self.value, self.state, truth.value)


@dataclass(frozen=True)
class Truth:
    """How one execution ended: its value, or the name of its exception."""

    value: object
    raised: str = ""

    def __str__(self) -> str:
        return self.raised or true_reading(self.value)


class Snippet:
    """A body to evaluate and to execute.

    Args:
        body: its text; lines above a line ``---`` belong to the module.
    """

    def __init__(self, body: str) -> None:
        if "except*" in body and sys.version_info < (3, 11):
            pytest.skip("this Python has no except*")
        module, _, function = textwrap.dedent(body).rpartition("---\n")
        flags = "".join(f"{flag} = params[{flag!r}]\n" for flag in self._flags_in(body))
        self.flags = self._flags_in(body)
        self.source = module + _HEAD + textwrap.indent(flags + function, "    ")

    @staticmethod
    def _flags_in(body: str) -> tuple[str, ...]:
        return tuple(flag for flag in FLAGS if re.search(rf"\b{flag}\b", body))

    @cached_property
    def probes(self) -> dict[Mode, Probe]:
        """The evaluators after evaluation, by mode."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            source = SourceFile(self.source)
        functions = find_model_functions(source, Settings(model_fn_globs=("model_fn",)))
        assert functions, self.source
        Probe.made = []
        with mock.patch.object(model_function, "Evaluator", Probe):
            model_function.evaluate_model_function(ModuleCode(source), functions[-1])
        return {probe.mode: probe for probe in Probe.made}

    def outcomes(self, mode: Mode) -> list[Outcome]:
        """The outcomes of the snippet in a mode, according to evaluation."""
        ends = self.probes[mode].ends
        assert ends is not None
        found = [
            Outcome(value, state, in_doubt=bool(state.doubts)) for value, state, _ in ends.returns
        ]
        for raised in ends.raises:
            doubt = bool(raised.state.doubts)
            found.append(Outcome(None, raised.state, _name_of(raised), doubt))
        return found

    def readings(self, mode: Mode) -> set[str]:
        """The outcomes according to evaluation, in words."""
        return {str(outcome) for outcome in self.outcomes(mode)}

    def truths(self, mode: Mode) -> list[Truth]:
        """How the executions in a mode end."""
        return list(self._executed(mode))

    def _executed(self, mode: Mode) -> Iterator[Truth]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # "is" with a literal
            code = compile(self.source, "<snippet>", "exec", dont_inherit=True)
        for answers in itertools.product((True, False), repeat=len(self.flags)):
            names: dict[str, Any] = {"__name__": "snippet"}
            exec(code, names)
            params: dict[str, object] = dict(zip(self.flags, answers, strict=True))
            labels = None if mode is Mode.PREDICT else {"label": Thing()}
            try:
                result = names["model_fn"](Thing(), labels, mode.value, params, Thing())
                # Each outcome examines the items.
                truth = Truth(tuple(result) if isinstance(result, GeneratorType) else result)
            except (Exception, SystemExit) as error:
                truth = Truth(None, _name_of_error(error))
            yield truth


def _name_of(raised: Raised) -> str:
    for fault in raised.faults:
        if isinstance(fault, UnboundRead):
            return f"unbound {fault.name}"
    if raised.exception is None:
        return "raises"
    if isinstance(raised.exception, ClassCode):
        return f"raises {raised.exception.name}"
    return f"raises {raised.exception}"


def _name_of_error(error: BaseException) -> str:
    if isinstance(error, NameError):
        quoted = re.search(r"'(\w+)'", str(error))
        assert quoted is not None
        return f"unbound {quoted[1]}"
    return f"raises {type(error).__name__}"


_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))


def reading(value: Value, state: State) -> str:
    """A value in words."""
    match value:
        case Constant():
            return repr(value.value)
        case SymbolicValue():
            return NOT_NONE if value.not_none else UNKNOWN
        case TupleValue():
            return f"({' '.join(reading(item, state) for item in value.items)})"
        case Reference():
            return _reading_of_container(value, state)
        case _:
            return NOT_NONE


def _reading_of_container(value: Reference, state: State) -> str:
    contents = state.contents(value.number)
    match contents:
        case DictContents():
            parts = [f"{key!r}: {reading(v, state)}" for key, v in contents.entries.items()]
        case SequenceContents():
            parts = [reading(item, state) for item in contents.items]
        case _:
            raise AssertionError(contents)
    if contents.open:
        parts.append("...")
    return f"{value.kind}({' '.join(sorted(parts) if value.kind != 'list' else parts)})"


def true_reading(value: object) -> str:
    """A Python object in the words of ``reading``."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, tuple):
        return f"({' '.join(map(true_reading, value))})"
    if isinstance(value, list):
        return f"list({' '.join(map(true_reading, value))})"
    if isinstance(value, set):
        return f"set({' '.join(sorted(map(true_reading, value)))})"
    if isinstance(value, dict):
        parts = [f"{key!r}: {true_reading(item)}" for key, item in value.items()]
        return f"dict({' '.join(sorted(parts))})"
    return NOT_NONE


def covers(value: Value, state: State, truth: Any) -> bool:
    """Whether a value that evaluation knows as ``value`` may be ``truth``."""
    match value:
        case Constant():
            return type(value.value) is type(truth) and value.value == truth
        case SymbolicValue():
            return not (value.not_none and truth is None)
        case TupleValue():
            if not hasattr(truth, "__iter__") or isinstance(truth, str | list | dict | set):
                return False
            return _all_covered(value.items, state, list(truth))
        case Reference():
            return _container_covers(value, state, truth)
        case ClassValue():
            return isinstance(truth, type)
        case _:
            return truth is not None


def _all_covered(items: tuple[Value, ...], state: State, truths: list[Any]) -> bool:
    return len(items) == len(truths) and all(
        covers(item, state, truth) for item, truth in zip(items, truths, strict=True)
    )


def _container_covers(value: Reference, state: State, truth: Any) -> bool:
    contents = state.contents(value.number)
    if not isinstance(truth, getattr(builtins, value.kind)):
        return value.kind == "set" and isinstance(truth, frozenset)
    if isinstance(contents, DictContents):
        known = all(
            key in truth and covers(item, state, truth[key])
            for key, item in contents.entries.items()
        )
        return known and (contents.open or len(truth) == len(contents.entries))
    assert isinstance(contents, SequenceContents)
    if contents.open:
        return True
    if value.kind == "set":
        return all(any(covers(item, state, one) for item in contents.items) for one in truth)
    return _all_covered(contents.items, state, truth)


def problems(snippet: Snippet, *, exact: bool) -> list[str]:
    """True outcomes that evaluation lacks; with ``exact``, also outcomes that never happen.

    Only an exact snippet may raise exceptions that evaluation does not foresee.
    """
    found = []
    for mode in Mode:
        outcomes, truths = snippet.outcomes(mode), snippet.truths(mode)
        true = sorted({str(truth) for truth in truths})
        said = sorted({str(outcome) for outcome in outcomes if not outcome.in_doubt})
        where = f"in {mode}: executed {true}, evaluated {said}"
        for truth in truths:
            ignored = truth.raised and not exact
            if not ignored and not any(outcome.covers(truth) for outcome in outcomes):
                found.append(f"{truth} is not covered {where}")
        if exact and true != said:
            found.append(f"not exact {where}")
    return list(dict.fromkeys(found))


def faults(table: Mapping[str, tuple[str, str]]) -> list[Any]:
    """The parameters of a test for known wrong results.

    Args:
        table: by the case's name, what is wrong, and the case.
    """
    return [
        pytest.param(case, id=name, marks=pytest.mark.xfail(raises=AssertionError, reason=reason))
        for name, (reason, case) in table.items()
    ]


_VALUES = """
x = {x}
t = (1, x)
s = [x, 2]
d = {{'k': 1, 'l': x}}
y = 0
return {expression}
"""


def returned_among_values(expression: str, x: str) -> Snippet:
    """A snippet that returns ``expression``, with values of several types around ``x``."""
    return Snippet(_VALUES.format(x=x, expression=expression))
