"""What each mode of a model function calls, according to evaluation."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import libcst as cst

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.values.provenance import CallOf, ItemOf
from estimator_lint.domain.values.returned import KnownFunctions
from estimator_lint.domain.values.values import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.calls.library_calls import library_path
from estimator_lint.interpreter.classes.isolation import evaluate_in_isolation, module_level_code
from estimator_lint.interpreter.classes.method_resolution import known_ancestors
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.domain.paths.state import State
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.project.code import ClassCode, FunctionCode, ModuleCode


@dataclass(eq=False)
class LibraryCall:
    """A call of a TensorFlow name on some path of a mode, or a mere reading of the name.

    Attributes:
        path: what is called, as the path of ``CallOf``, or read.
        code: the function that contains the call.
        node: the call, or the name or attribute.
        record: its arguments, if they were recorded.
        made: the class of the project that is called, if it is derived from what ``path`` names.
    """

    path: str
    code: FunctionCode
    node: cst.CSTNode
    record: CallOf | None = None
    made: ClassCode | None = None

    @property
    def is_call(self) -> bool:
        """Whether it is called, and not only read."""
        return isinstance(self.node, cst.Call)


@dataclass
class ModeCalls:
    """What a mode calls.

    Attributes:
        calls: of TensorFlow, by the node and the name that is called or read there.
        entered: the functions of the project whose code runs.
        called: those that are called.
        given_up: those whose calls were not followed to the end.
    """

    calls: dict[tuple[cst.CSTNode, str], LibraryCall] = field(default_factory=dict)
    entered: dict[FunctionCode, None] = field(default_factory=dict)
    called: dict[FunctionCode, None] = field(default_factory=dict)
    given_up: dict[FunctionCode, None] = field(default_factory=dict)

    @property
    def not_followed(self) -> list[FunctionCode]:
        """The functions of the project whose behaviour is not completely known."""
        left_alone = [code for code in self.called if code not in self.entered]
        return list(dict.fromkeys([*left_alone, *self.given_up]))


class RecordingEvaluator(Evaluator):
    """An evaluator that records the calls that it reaches."""

    def __init__(self, *arguments: Any, noted: Mapping[Mode, ModeCalls], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._noted = noted[self.mode]
        self._callees: dict[cst.CSTNode, cst.Call] = {}

    def entering(self, frame: Frame) -> Any:
        """As for any evaluator; the function's code runs."""
        if not self.continues_past_faults and self.steps_on_one_path is None:
            self._noted.entered[frame.code] = None
        return super().entering(frame)

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """As for any evaluator; then records what was called, or what the call created."""
        # Runs past faults and skimming reach calls that the mode does not.
        if self.continues_past_faults or self.steps_on_one_path is not None:
            return super().evaluate(node, states)
        if isinstance(node, cst.Call):
            self._callees[node.func] = node
        results = super().evaluate(node, states)
        if node in self._callees:
            for value, state in results:
                self._note(self._callees[node], self.resolve(value, state), state)
        elif isinstance(node, cst.Name | cst.Attribute):
            for value, _ in results:
                if isinstance(value, SymbolicValue) and value.symbol is not None:
                    self._note_call(LibraryCall(value.symbol, self.frame.code, node))
        if isinstance(node, cst.Call):
            self._note_arguments(node, (value for value, _ in results))
        return results

    def _note(self, call: cst.Call, function: Value, state: State) -> None:
        while isinstance(function, PartialValue):
            function = self.resolve(function.function, state)
        match function:
            case FunctionValue(code=code) | BoundMethod(function=FunctionValue(code=code)):
                self._noted.called[code] = None
            case ClassValue(code=made):
                for path in self._bases_of(made):
                    self._note_call(LibraryCall(path, self.frame.code, call, made=made))
            case _:
                called, _ = library_path(self, function)
                if called is not None:
                    self._note_call(LibraryCall(called, self.frame.code, call))

    def _note_call(self, call: LibraryCall) -> None:
        if is_tensorflow(call.path):
            self._noted.calls.setdefault((call.node, call.path), call)

    def _bases_of(self, made: ClassCode) -> Iterator[str]:
        """The classes of libraries that a class of the project is derived from."""
        for code in known_ancestors(self, made):
            frame = Frame(None, module_level_code(code.module, code.piece))
            for base in code.node.bases:
                value = None if base.star else evaluate_in_isolation(self, frame, base.value)
                if isinstance(value, SymbolicValue) and value.symbol is not None:
                    yield value.symbol

    def _note_arguments(self, node: cst.Call, values: Iterable[Value]) -> None:
        for value in values:
            record = self._made_by(value)
            noted = None if record is None else self._noted.calls.get((node, record.path or ""))
            if noted is not None and noted.record is None:
                noted.record = record

    def _made_by(self, value: Value) -> CallOf | None:
        """The call that created a value; for the two results of a metric, the same call."""
        if isinstance(value, TupleValue) and value.items:
            value = value.items[0]
        origin = self.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        if isinstance(origin, ItemOf):
            return self._made_by(origin.base)
        return origin if isinstance(origin, CallOf) else None


def recorded(
    module: ModuleCode, function: ModelFunction
) -> tuple[FunctionTraces, dict[Mode, ModeCalls]]:
    """What happens in each mode of a model function, and what it calls there.

    Raises:
        NotAnalysable: as ``evaluate_model_function``.
    """
    noted = {mode: ModeCalls() for mode in Mode}
    known = KnownFunctions()
    evaluator = functools.partial(RecordingEvaluator, noted=noted)
    traces = evaluate_model_function(module, function, known=known, make_evaluator=evaluator)
    for code, mode in known.too_long:
        noted[mode].given_up[code] = None
    return traces, noted
