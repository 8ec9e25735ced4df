"""Methods that Python calls without a call in the source: for operators, items, iteration, truth.

They are not followed. An instance whose class defines one that may change objects escapes there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.values import SymbolicValue, Value
from estimator_lint.interpreter.classes.method_resolution import look_up_member
from estimator_lint.interpreter.objects import escape
from estimator_lint.project.code import ClassCode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

#: What each kind of use may call.
TRUTH: Final = ("__bool__", "__len__")
COMPARISON: Final = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__")
ITEM: Final = ("__getitem__",)
ITERATION: Final = ("__iter__", "__next__", "__getitem__")
TEXT: Final = ("__str__", "__repr__", "__format__")
UNKNOWN_ATTRIBUTE: Final = ("__getattr__",)
_OPERATORS: Final = {
    "Add": "add",
    "BitAnd": "and",
    "BitInvert": "invert",
    "BitOr": "or",
    "BitXor": "xor",
    "Divide": "truediv",
    "FloorDivide": "floordiv",
    "LeftShift": "lshift",
    "MatrixMultiply": "matmul",
    "Minus": "neg",
    "Modulo": "mod",
    "Multiply": "mul",
    "Plus": "pos",
    "Power": "pow",
    "RightShift": "rshift",
    "Subtract": "sub",
}


def methods_of_operator(operator: str) -> tuple[str, ...]:
    """The methods that an operator may call, by the name of its libcst class, without `Assign`."""
    name = _OPERATORS[operator]
    return (f"__{name}__", f"__i{name}__", f"__r{name}__")


def note_implicit_call(ev: Evaluator, value: Value, methods: tuple[str, ...], state: State) -> None:
    """Record that Python may call one of these methods of an object."""
    if isinstance(value, SymbolicValue) and value.instance_of is not None:
        for name in methods:
            where = look_up_member(ev, value.instance_of, name)
            if isinstance(where, ClassCode) and name in where.methods:
                method = where.methods[name]
                if method.may_change_objects or method.names_rebound_outside:
                    escape(ev, value, state)
                    return


def is_told_by_own_method(ev: Evaluator, value: Value, methods: tuple[str, ...]) -> bool:
    """Whether one of these methods, in a class of the project, answers for an object made here.

    The method is not followed, so its answer, which the program fixes, is not known.
    """
    code = getattr(value, "instance_of", None)
    return (
        code is not None
        and is_made_here(ev, value)
        and any(isinstance(look_up_member(ev, code, name), ClassCode) for name in methods)
    )


def is_made_here(ev: Evaluator, value: Value) -> bool:
    """Whether a value is an object of a class of the project that the evaluated code has made."""
    known = ev.instances.get(value.number) if isinstance(value, SymbolicValue) else None
    return known is not None and known.is_new


def truth_by_method(ev: Evaluator, value: Value, state: State) -> Value:
    """``value`` as a test knows it, once Python may have called a method to ask for its truth."""
    note_implicit_call(ev, value, TRUTH, state)
    if isinstance(value, SymbolicValue) and is_told_by_own_method(ev, value, TRUTH):
        return replace(value, imprecise=True)
    return value
