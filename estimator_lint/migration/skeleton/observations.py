"""What evaluation shows about a model function's expressions, mode by mode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import libcst as cst

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import CallOf, ItemOf
from estimator_lint.domain.values.values import (
    BoundMethod,
    Constant,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.migration.skeleton.canned_heads import (
    CREATES_SPEC,
    CannedHead,
    canned_head,
)
from estimator_lint.migration.skeleton.keras_counterparts import counterpart
from estimator_lint.syntax.nodes import descendants
from estimator_lint.tensorflow_api.symbols import spec_class

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.project.code import FunctionCode
    from estimator_lint.tensorflow_api.modes import Mode
    from estimator_lint.tensorflow_api.specs import SpecClass

_LOGICAL = (cst.Comparison, cst.BooleanOperation, cst.UnaryOperation, cst.Name)


@dataclass
class Observations:
    """The observations in one mode.

    Attributes:
        truths: for names and logical expressions, their values True and False; None represents any
            other value.
        paths: for each call, the dotted paths of its callees, as in ``CallOf``.
        called: for each call, the functions of the project that were followed.
        specs: for each construction of a spec, the class.
        heads: for each call by which a canned head creates a spec, the head; None for other heads.
        spec_names: the names of variables that were specs.
        metric_items: subscripts that are the value or the update op of a metric, and tuples of
            them.
        outcomes: the outcomes of each test.
        nones: the expressions that are None on some path.
    """

    truths: dict[cst.CSTNode, set[bool | None]] = field(default_factory=dict)
    paths: dict[cst.CSTNode, set[str]] = field(default_factory=dict)
    called: dict[cst.CSTNode, dict[FunctionCode, None]] = field(default_factory=dict)
    specs: dict[cst.CSTNode, SpecClass] = field(default_factory=dict)
    heads: dict[cst.CSTNode, CannedHead | None] = field(default_factory=dict)
    spec_names: set[cst.CSTNode] = field(default_factory=set)
    metric_items: set[cst.CSTNode] = field(default_factory=set)
    outcomes: dict[cst.CSTNode, set[bool]] = field(default_factory=dict)
    nones: set[cst.CSTNode] = field(default_factory=set)

    def path(self, call: cst.CSTNode) -> str | None:
        """The callee of a call, if it is a single library name."""
        if call in self.called:
            return None
        paths = self.paths.get(call, ())
        return next(iter(paths)) if len(paths) == 1 else None

    def method(self, call: cst.Call) -> str | None:
        """The name of the library method that a call calls, also of an unknown object."""
        if call in self.called:
            return None
        paths = self.paths.get(call, ())
        if not paths:
            return call.func.attr.value if isinstance(call.func, cst.Attribute) else None
        names = {path.rpartition("().")[2] if "()." in path else None for path in paths}
        return next(iter(names)) if len(names) == 1 else None

    def function(self, call: cst.CSTNode) -> FunctionCode | None:
        """The function of the project that a call calls, if it is one."""
        functions = self.called.get(call, ())
        return next(iter(functions)) if len(functions) == 1 else None

    def truth(self, node: cst.CSTNode) -> bool | None:
        """The constant value of a logical expression; None if it is not always the same."""
        seen = self.truths.get(node, ())
        return next(iter(seen)) if len(seen) == 1 else None


class ObservingEvaluator(Evaluator):
    """An evaluator that records observations; ``observed`` has an entry for each mode."""

    def __init__(self, *arguments: Any, observed: dict[Mode, Observations], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._observed = observed.setdefault(self.mode, Observations())
        self._calls: dict[cst.CSTNode, cst.Call] = {}

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """As for any evaluator."""
        if isinstance(node, cst.Call):
            self._calls[node.func] = node
        results = super().evaluate(node, states)
        for value, state in results:
            if same_as_none(value):
                self._observed.nones.add(node)
            if isinstance(node, _LOGICAL):
                known = value.value if isinstance(value, Constant) else None
                seen = self._observed.truths.setdefault(node, set())
                seen.add(known if isinstance(known, bool) else None)
            if node in self._calls:
                self._note_callee(self._calls[node], self.resolve(value, state))
            if isinstance(node, cst.Name) and _is_spec(value):
                self._observed.spec_names.add(node)
            if isinstance(node, cst.Call):
                self._note_result(node, value)
            elif isinstance(node, cst.Subscript | cst.Tuple) and self._is_of_metric(value):
                self._observed.metric_items.add(node)
        return results

    def _is_of_metric(self, value: Value) -> bool:
        """Whether a value is a metric's value or update op, or a tuple of such."""
        if isinstance(value, TupleValue):
            return bool(value.items) and all(map(self._is_of_metric, value.items))
        origin = self.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        return isinstance(origin, ItemOf) and self._is_metric(origin.base)

    def _is_metric(self, value: Value) -> bool:
        origin = self.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        path = origin.path if isinstance(origin, CallOf) else None
        return path is not None and counterpart(path, "metrics") is not None

    def _note_callee(self, call: cst.Call, function: Value) -> None:
        while isinstance(function, PartialValue):
            function = function.function
        if isinstance(function, BoundMethod):
            function = function.function
        if isinstance(function, FunctionValue):
            self._observed.called.setdefault(call, {})[function.code] = None
        elif isinstance(function, SymbolicValue) and function.symbol is not None:
            self._observed.paths.setdefault(call, set()).add(function.symbol)
            constructed = spec_class(function.symbol)
            if constructed is not None:
                self._observed.specs[call] = constructed

    def _note_result(self, node: cst.CSTNode, value: Value) -> None:
        if isinstance(value, TupleValue) and value.items:  # the two ops of a metric
            first = value.items[0]
            item = self.origins.get(first.number) if isinstance(first, SymbolicValue) else None
            value = item.base if isinstance(item, ItemOf) else value
        origin = self.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        if not isinstance(origin, CallOf):
            return
        if origin.path is not None:
            self._observed.paths.setdefault(node, set()).add(origin.path)
        function = node.func if isinstance(node, cst.Call) else node
        if isinstance(function, cst.Attribute) and function.attr.value == CREATES_SPEC:
            head = self._head(origin)
            self._observed.heads[node] = (
                head if self._observed.heads.get(node, head) is head else None
            )

    def _head(self, called: CallOf) -> CannedHead | None:
        """The head whose method is called, if its construction is known."""
        receiver = called.receiver
        made = self.origins.get(receiver.number) if isinstance(receiver, SymbolicValue) else None
        if not isinstance(made, CallOf) or made.path is None or not made.complete:
            return None
        return canned_head(made.path, len(made.arguments), list(made.keywords))


def _is_spec(value: Value) -> bool:
    """Whether a value is a spec, including one that a head created."""
    if isinstance(value, SymbolicValue):
        return (value.result_of or "").endswith(f"().{CREATES_SPEC}")
    return isinstance(value, SpecValue)


def names_of(node: cst.CSTNode) -> set[str]:
    """The names that occur as expressions anywhere in a node."""
    return {each.value for each in descendants(node) if isinstance(each, cst.Name)} - _labels_only(
        node
    )


def _labels_only(node: cst.CSTNode) -> set[str]:
    """Words that are attributes or keywords in a node, and nothing else."""
    words: set[cst.CSTNode] = set()
    for each in descendants(node):
        if isinstance(each, cst.Attribute):
            words.add(each.attr)
        elif isinstance(each, cst.Arg) and each.keyword is not None:
            words.add(each.keyword)
    free = {
        each.value for each in descendants(node) if isinstance(each, cst.Name) and each not in words
    }
    return {each.value for each in words if isinstance(each, cst.Name)} - free
