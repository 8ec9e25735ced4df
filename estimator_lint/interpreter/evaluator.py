"""The evaluator: what every part of evaluation works on.

Each kind of expression or statement is evaluated in another module, reached through ``handlers``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.call_summaries import CallSummaries
from estimator_lint.domain.paths.faults import Fault
from estimator_lint.domain.paths.frames import Exits, Frame, Raised
from estimator_lint.domain.paths.join import Joiner
from estimator_lint.domain.paths.partition import Partitioner, are_same
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.paths.values_on_paths import resolve
from estimator_lint.domain.values.classes import KnownClasses
from estimator_lint.domain.values.compared_modes import ComparedModes
from estimator_lint.domain.values.places import Place
from estimator_lint.domain.values.returned import KnownFunctions
from estimator_lint.domain.values.values import SymbolicValue, Value
from estimator_lint.facts.refusals import NoneUse
from estimator_lint.facts.trace import Trace
from estimator_lint.interpreter.budget import Budget, CallTooLongError, SkimTooLongError
from estimator_lint.interpreter.code_position import CodePosition
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.value_types import Compatibility, ValueType, compatibility

if TYPE_CHECKING:
    from estimator_lint.domain.paths.value_join import Location
    from estimator_lint.domain.values.classes import Instance
    from estimator_lint.domain.values.compared_modes import ChosenTest
    from estimator_lint.domain.values.elements import Element
    from estimator_lint.domain.values.predicates import Predicate
    from estimator_lint.domain.values.provenance import Origin
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.facts.trace import WatchedCall
    from estimator_lint.project.code import ClassCode, ModuleCode
    from estimator_lint.syntax.attribute_stores import Store

Result: TypeAlias = "tuple[Value, State]"
# The node is of the libcst class that the handler is registered for.
ExpressionHandler: TypeAlias = "Callable[[Evaluator, Any, list[State]], list[Result]]"
StatementHandler: TypeAlias = "Callable[[Evaluator, Any, list[State]], list[State]]"
CallHandler: TypeAlias = (
    "Callable[[Evaluator, Value, Sequence[Argument], cst.BaseExpression, State], list[Result]]"
)

#: How each kind of expression or statement is evaluated; ``handlers`` fills them.
EXPRESSIONS: dict[type[cst.CSTNode], ExpressionHandler] = {}
STATEMENTS: dict[type[cst.CSTNode], StatementHandler] = {}

#: The compound statements.
COMPOUND: Final = frozenset({cst.If, cst.For, cst.While, cst.Match, cst.Try, cst.TryStar, cst.With})


@dataclass(frozen=True)
class Operations:
    """Operations on values, independent of the syntax that requests them.

    Attributes:
        call: the results of calling a value; the node is the whole call.
        value_type: the type of a value.
    """

    call: CallHandler
    value_type: Callable[[Evaluator, Value], ValueType]


class Evaluator(CodePosition):
    """Evaluates one model function in one mode.

    Args:
        operations: the operations on values.
        mode: the mode being evaluated.
        own_module: the module that the model function is in.
        via: where the linted file gives the model function to an Estimator, if the function is in
            another file.
        known_functions: what other evaluations of the file have learnt about its functions.
        budget: the remaining work for the model function.
        is_converted: AutoGraph converts the model function, and what it calls.
        continue_past_faults: continue where something goes wrong, too. What is found after that
            place shows what the function is meant to do, not what it does.
        is_of_input: it is an input function that is evaluated, in ``mode``.
        numbers: the numbers of values, which the evaluations in the other modes share.
        chosen: as in ``ComparedModes``.

    Attributes:
        went_wrong: a fault occurred for which there is a rule; whether there is one for a use of
            None is seen by comparing the modes.
        is_in_layer: Keras is calling a layer of the project, and passes ``training`` on.
        created_in_skims: the numbers of values that calls have created in skimmed functions only.
        steps_on_one_path: how many more statements may be run while all paths are merged into one;
            None if they are not.
        give_up_at: the number of steps in calls at which a call that leads to another file is given
            up; infinite outside of such calls.
    """

    def __init__(
        self,
        operations: Operations,
        mode: Mode,
        own_module: ModuleCode,
        *,
        continue_past_faults: bool = False,
        is_converted: bool = False,
        is_of_input: bool = False,
        via: Place | None = None,
        known_functions: KnownFunctions | None = None,
        budget: Budget | None = None,
        numbers: dict[Hashable, int] | None = None,
        chosen: frozenset[ChosenTest] = frozenset(),
    ) -> None:
        super().__init__(own_module, via, numbers)
        self._operations = operations
        self.mode = mode
        self.continues_past_faults = continue_past_faults
        self.is_converted, self.is_in_layer = is_converted, False
        self.is_of_input = is_of_input
        self.known_functions = known_functions or KnownFunctions()
        self.budget = budget or Budget()
        self.compared_modes = ComparedModes(chosen)
        self.went_wrong = False
        self.trace = Trace(mode)
        self.bottom = Layer(None, {})
        self.exits = Exits()
        joiner = Joiner(
            self._merged_symbolic_value,
            self.is_live,
            self.registers.__contains__,
            self.may_be_garbage,
            self.is_made_here,
            self.root_keys,
            self._compatibility,
        )
        self.memory = CallSummaries()
        self.partitioner = Partitioner(
            joiner, partial(operations.value_type, self), self._note_loss
        )
        self.steps_in_calls = self.steps_in_other_modules = 0
        self.give_up_at = math.inf
        self.compared: dict[int, tuple[SymbolicValue, ...]] = {}
        self.call_began_at, self.iterations = 0, 1
        self.loops = self.unrolled = self.catching = 0
        self.steps_on_one_path: int | None = None
        self.predicates: dict[int, Predicate] = {}
        self.iterations_of: dict[int, tuple[Value, Value]] = {}
        self.last_items: dict[int, SymbolicValue] = {}
        self.starts_of_ranges: set[int] = set()
        self.origins: dict[int, Origin] = {}
        self.created_in_skims: set[int] = set()
        self.value_types: dict[int, ValueType] = {}
        self.elements: dict[int, Element] = {}
        self.watched: dict[int, WatchedCall] = {}
        self.classes = KnownClasses()
        self.instances: dict[int, Instance] = {}
        self.stores: dict[tuple[ClassCode, str], tuple[Store, ...]] = {}
        self.left_over: set[int] = set()
        self._depth = 0

    @contextmanager
    def giving_up_after(self, steps: int) -> Iterator[None]:
        """Inside the block, CallTooLongError is raised after ``steps``, and nothing is kept."""
        registers = len(self.registers)
        facts = self.trace.count_by_kind()
        began_at = self.steps_in_calls
        self.give_up_at = began_at + steps
        try:
            yield
        except CallTooLongError:
            del self.registers[registers:]
            self.trace.forget_since(facts)
            raise
        finally:
            self.give_up_at = math.inf
            self.steps_in_other_modules += self.steps_in_calls - began_at

    @contextmanager
    def aside(self, frame: Frame) -> Iterator[None]:
        """Inside the block, ``frame`` is evaluated in isolation: nothing is recorded."""
        before = (self.frames, self.trace, self.steps_in_calls, self.call_began_at, self.went_wrong)
        self.frames, self.trace, self.steps_in_calls = [frame], Trace(self.mode), 0
        try:
            yield
        finally:
            (self.frames, self.trace, self.steps_in_calls, self.call_began_at, self.went_wrong) = (
                before
            )

    @contextmanager
    def on_one_path(self, steps: int) -> Iterator[None]:
        """Inside the block, paths are merged after each of at most ``steps`` statements."""
        before, self.steps_on_one_path = self.steps_on_one_path, steps
        registers = len(self.registers)
        try:
            yield
        finally:
            # It may be left in the midst of a loop.
            del self.registers[registers:]
            self.steps_on_one_path = before

    @contextmanager
    def converting(self, is_converted: bool, *, by_keras: bool = False) -> Iterator[None]:
        """Inside the block, AutoGraph may convert functions; ``by_keras`` to call a layer."""
        before = self.is_converted, self.is_in_layer
        self.is_converted, self.is_in_layer = before[0] or is_converted, before[1] or by_keras
        try:
            yield
        finally:
            self.is_converted, self.is_in_layer = before

    @contextmanager
    def which_catches(self) -> Iterator[None]:
        """Inside the block, code is run whose exceptions an enclosing statement may catch."""
        self.catching += 1
        try:
            yield
        finally:
            self.catching -= 1

    @contextmanager
    def repeating(self, rounds: int, *, one_by_one: bool) -> Iterator[None]:
        """Inside the block, code is run that is repeated; ``one_by_one`` if a loop is unrolled."""
        before = self.iterations, self.unrolled
        self.iterations *= rounds
        self.unrolled += one_by_one
        try:
            yield
        finally:
            self.iterations, self.unrolled = before

    @contextmanager
    def looping(self) -> Iterator[int]:
        """Inside the block, a loop of unknown length is run; yields how many enclose it."""
        self.loops += 1
        try:
            yield self.loops - 1
        finally:
            self.loops -= 1

    @contextmanager
    def collecting_exits(self) -> Iterator[Exits]:
        """Inside the block, paths that leave the evaluated block are collected separately."""
        before, self.exits = self.exits, Exits()
        try:
            yield self.exits
        finally:
            self.exits = before

    def raise_(
        self,
        state: State,
        exception: str | ClassCode | None,
        faults: Iterable[Fault] = (),
        *,
        by: Iterable[cst.CSTNode] = (),
    ) -> None:
        """End the path of ``state`` with an exception."""
        state.cut_to(self.frame.height)
        raised = Raised(state, exception, frozenset(faults), frozenset(by))
        self.exits.raises.append(raised)

    def goes_wrong(
        self, state: State, exception: str | None, fault: Fault | None = None
    ) -> list[State]:
        """The paths that continue where TensorFlow or Python raises: none, except past faults.

        The exception may be caught, so both ways are followed then.
        """
        self.went_wrong |= fault is not None and not isinstance(fault, NoneUse)
        faults = () if fault is None else (fault,)
        self.raise_(state.fork() if self.continues_past_faults else state, exception, faults)
        return [state] if self.continues_past_faults else []

    def fails(
        self, state: State, exception: str | None, fault: Fault | None = None
    ) -> list[Result]:
        """The results of an expression that raises: none, except when continuing past faults."""
        return [(self.unknown(), after) for after in self.goes_wrong(state, exception, fault)]

    # Merging

    def _merged_symbolic_value(
        self, location: Location, not_none: bool, tensor: bool, of: SymbolicValue | None
    ) -> SymbolicValue:
        value_type = None if of is None else self._operations.value_type(self, of)
        key = ("merged", location, value_type, not_none, tensor)
        merged = self.symbolic_value(*key, not_none=not_none, tensor=tensor, imprecise=True)
        if value_type is not None:
            self.value_types[merged.number] = value_type
        return merged

    def _compatibility(self, one: Value, other: Value) -> Compatibility:
        """How a field judges two values."""
        value_type = self._operations.value_type
        return compatibility(value_type(self, one), value_type(self, other))

    def _note_loss(self) -> None:
        self.trace.merged_paths += 1

    # Evaluating

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """The possible values of an expression, each with its path.

        ``states`` are the paths that reach it.
        """
        if not states:
            return []
        self.budget.spend(len(states))
        handler = EXPRESSIONS.get(type(node))
        if handler is None or self._depth > bounds.MAX_EXPRESSION_DEPTH:
            return [(self.unknown(), state) for state in states]
        self._depth += 1
        try:
            return self.partitioner.results(handler(self, node, states))
        finally:
            self._depth -= 1

    def push(self, results: Iterable[Result]) -> list[State]:
        """The paths of ``results``, each with its value pushed as an operand."""
        return [state.push(value) for value, state in results]

    def evaluate_all(
        self, nodes: Sequence[cst.CSTNode], states: list[State]
    ) -> list[tuple[list[Value], State]]:
        """The values of several expressions, evaluated in order."""
        for node in nodes:
            states = self.push(self.evaluate(node, states))
        return [(state.pop_many(len(nodes)), state) for state in states]

    def call(
        self,
        function: Value,
        arguments: Sequence[Argument],
        node: cst.BaseExpression,
        state: State,
    ) -> list[Result]:
        """The results of calling ``function``; ``node`` is the whole call."""
        return self._operations.call(self, function, arguments, node, state)

    def run(self, node: cst.CSTNode, states: list[State]) -> list[State]:
        """Run a statement for all the paths that reach it; returns those that continue after it."""
        handler = STATEMENTS.get(type(node))
        if handler is None:
            return states
        if type(node) not in COMPOUND:
            return handler(self, node, states)
        with self.correlations.under_way():
            return handler(self, node, states)

    def run_block(self, statements: Sequence[cst.CSTNode], states: list[State]) -> list[State]:
        """Run statements one after the other for all the paths that reach them."""
        frame = self.frame
        liveness = frame.code.liveness
        for statement in statements:
            if not states:
                break
            self.trace.ran.add(statement)
            self.budget.spend(len(states))
            if len(self.frames) > 1:
                self.steps_in_calls += len(states)
                if self.steps_in_calls > self.give_up_at:
                    raise CallTooLongError
            frame.position = liveness.start(statement)
            before = states
            states = self.run(statement, states)
            frame.position = liveness.end(statement)
            if self.steps_on_one_path is not None:
                states = self._on_one_path(states)
            elif len(states) > len(before) or (
                type(statement) in COMPOUND and not are_same(states, before)
            ):
                states = self.partitioner.meeting(states)
        return states

    def _on_one_path(self, states: list[State]) -> list[State]:
        """The paths after a statement, merged into one."""
        assert self.steps_on_one_path is not None
        self.steps_on_one_path -= 1
        if self.steps_on_one_path < 0:
            raise SkimTooLongError
        return self.partitioner.one(states)

    def run_body(self, body: cst.BaseSuite, states: list[State]) -> list[State]:
        """Run an indented block, or the statements after a colon."""
        return self.run_block(body.body, states)

    # Tests

    #: A value with what the tests of a path have shown about it.
    resolve = staticmethod(resolve)
