"""How much of a generator expression the call reads that it is an argument of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain.values.values import (
    BoundMethod,
    BuiltinValue,
    ClassValue,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.code_position import Reader
    from estimator_lint.interpreter.evaluator import Evaluator

_UNTIL: Final[dict[str, Reader]] = {"all": "all", "any": "any", "next": "next"}
#: Builtins that make an iterator of another one.
_PASSING_ON: Final = frozenset({"enumerate", "filter", "iter", "map", "zip"})
_LIBRARY_PASSING_ON: Final = "itertools."


def note_readers(ev: Evaluator, node: cst.Call, called: list[State]) -> None:
    """Record how the arguments of a call are read; the paths have the function as an operand."""
    for index, argument in enumerate(node.args):
        if type(argument.value) is cst.GeneratorExp:
            readers = {_reader(ev, state) for state in called} if not argument.star else set()
            reader = readers.pop() if len(readers) == 1 else "part" if readers else "whole"
            ev.readers[argument.value] = reader if index == 0 or reader != "next" else "part"


def _reader(ev: Evaluator, state: State) -> Reader:
    assert state.operands is not None
    function: Value = ev.resolve(state.operands.value, state)
    match function:
        case BuiltinValue(name=name) if name in _UNTIL:
            return _UNTIL[name]
        case BuiltinValue(name=name):
            return "part" if name in _PASSING_ON else "whole"
        case SymbolicValue(symbol=str() as symbol):
            return "part" if symbol.startswith(_LIBRARY_PASSING_ON) else "whole"
        case FunctionValue() | BoundMethod() | PartialValue() | ClassValue():
            return "part"
    return "whole"
