"""Uses of a tensor as if it had a value: it has none while the graph is built.

AutoGraph gives the same code another meaning, so nothing is recorded in a model function that it
converts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.value_numbers import is_input
from estimator_lint.domain.values.provenance import AttributeOf
from estimator_lint.domain.values.values import (
    Argument,
    BuiltinValue,
    Constant,
    SymbolicValue,
    Value,
)
from estimator_lint.facts.refusals import TensorUse
from estimator_lint.interpreter.conditions.none_uses import expression_of
from estimator_lint.interpreter.objects import items_of
from estimator_lint.interpreter.specs.type_inference import is_symbolic
from estimator_lint.tensorflow_api.tensor_refusals import (
    ARRAY_ATTRIBUTES,
    COMPARING_BUILTINS,
    ENABLING_NUMPY_BEHAVIOR,
    has_by_numpy_behavior,
    is_array_method,
    is_class_of_tensors,
    positions_refusing_tensor,
    refuses_tensor,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result

TRUTH = "is used as a Python bool"
ITERATED = "is iterated over"


def tensor_use(
    ev: Evaluator, value: Value, node: cst.CSTNode | None, how: str, state: State
) -> TensorUse | None:
    """Record that ``value`` is used at ``node`` in an operation that a tensor lacks.

    Returns the fault if ``value`` is known to be a tensor.
    """
    if node is None or is_converted(ev):
        return None
    if is_symbolic(ev, value):
        return _note(ev, node, how, state)
    ev.trace.not_tensors.add(node)
    return None


def _note(ev: Evaluator, node: cst.CSTNode, how: str, state: State) -> TensorUse:
    use = TensorUse(ev.place(node), how, state.doubts, passed=state.passed)
    ev.trace.tensor_uses.append(use)
    return use


def is_converted(ev: Evaluator) -> bool:
    """Whether AutoGraph has converted the code that is being evaluated."""
    return ev.is_converted or any(frame.code.is_converted for frame in ev.frames)


def as_bool(ev: Evaluator, value: Value, node: cst.CSTNode, state: State) -> list[State]:
    """The paths that continue after the truth of ``value`` is tested: none for a tensor."""
    return passing(ev, value, node, TRUTH, state)


def passing(ev: Evaluator, value: Value, node: cst.CSTNode, how: str, state: State) -> list[State]:
    """The paths that continue after what raises TypeError for a tensor."""
    use = tensor_use(ev, ev.resolve(value, state), node, how, state)
    return [state] if use is None else ev.goes_wrong(state, "TypeError", use)


def fails_for_tensor(
    ev: Evaluator, value: Value, node: cst.CSTNode | None, how: str, state: State
) -> list[Result] | None:
    """The results of an operation that raises TypeError for a tensor; None if it may not be one."""
    use = tensor_use(ev, ev.resolve(value, state), node, how, state)
    return None if use is None else ev.fails(state, "TypeError", use)


def spread_tensor(
    ev: Evaluator, spread: Iterable[tuple[Value, cst.CSTNode, str]], state: State
) -> list[Result] | None:
    """The results of a call or display that spreads a tensor; None if it does not.

    ``spread`` are the values that it spreads, each with its node and ``*`` or ``**``.
    """
    for value, node, star in spread:
        failed = fails_for_tensor(ev, value, node, f"is unpacked with '{star}'", state)
        if failed is not None:
            return failed
    return None


def are_of_tensors(classes: Sequence[Value]) -> bool | None:
    """Whether a tensor is an instance of one of some classes; None if unknown."""
    told = [_is_of_tensors(one) for one in classes]
    return True if True in told else None if None in told else False


def _is_of_tensors(one: Value) -> bool | None:
    match one:
        case BuiltinValue(name=name):
            return name == "object"
        case SymbolicValue(symbol=str() as path):
            if is_class_of_tensors(path):
                return True
            return False if path.partition(".")[0] in ("numpy", "numbers") else None
    return None


def attribute_of_array(
    ev: Evaluator, base: Value, name: str, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    """The results of ``base.name`` if only an array has it: for tensors, and ``numpy`` of inputs.

    A field of an input may have any other name.
    """
    if name not in ARRAY_ATTRIBUTES or _is_given_to_tensors(ev, name):
        return None
    how = f"has no attribute '{name}'"
    if not is_input(base):
        use = tensor_use(ev, base, node, how, state)
    elif name == "numpy" and not is_converted(ev):
        # Ragged tensors have it, but it raises, too; a dict or an array has none.
        use = _note(ev, node, how, state)
    else:
        return None
    return None if use is None else ev.fails(state, "AttributeError", use)


def _is_given_to_tensors(ev: Evaluator, name: str) -> bool:
    """Whether the program may have given tensors an attribute of arrays.

    It does that where it starts, which may be code that is not evaluated.
    """
    return has_by_numpy_behavior(name) and any(
        module.index.mentions(ENABLING_NUMPY_BEHAVIOR)
        for module in (ev.own_module, ev.frame.code.module)
    )


def array_method_of_input(
    ev: Evaluator, function: SymbolicValue, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    """The results of calling a method of arrays of an input: no field of that can be called."""
    read = ev.origins.get(function.number)
    if (
        not isinstance(read, AttributeOf)
        or not is_input(read.base)
        or not is_array_method(read.name)
        or not isinstance(node, cst.Call)
        or is_converted(ev)
        or _is_given_to_tensors(ev, read.name)
    ):
        return None
    use = _note(ev, node.func, f"has no attribute '{read.name}'", state)
    return ev.fails(state, "AttributeError", use)


def _formats(arguments: Sequence[Argument]) -> bool:
    """Whether the arguments of ``format`` have a format, which an object must know."""
    given = arguments[1].value if len(arguments) == 2 else None
    return isinstance(given, Constant) and isinstance(given.value, str) and given.value != ""


def tensor_to_builtin(
    ev: Evaluator, name: str, arguments: Sequence[Argument], state: State
) -> list[Result] | None:
    """The results of calling a builtin that needs a value with a tensor; None otherwise."""
    positions = (
        slice(1) if name == "format" and _formats(arguments) else positions_refusing_tensor(name)
    )
    if positions is None or any(argument.star for argument in arguments):
        return None
    positional = [argument for argument in arguments if argument.keyword is None]
    how = TRUTH if name == "bool" else f"is passed to '{name}'"
    compares = name in COMPARING_BUILTINS and not any(one.keyword == "key" for one in arguments)
    given = positional if compares and len(positional) > 1 else positional[positions]
    for argument in given:
        failed = fails_for_tensor(ev, argument.value, expression_of(argument), how, state)
        if failed is not None:
            return failed
    if compares and len(positional) == 1:
        items = items_of(ev.resolve(positional[0].value, state), state) or ()
        for item in items if len(items) > 1 else ():
            how = f"is compared with '{name}'"
            failed = fails_for_tensor(ev, item, positional[0].node, how, state)
            if failed is not None:
                return failed
    return None


def tensor_to_library(
    ev: Evaluator, path: str, arguments: Sequence[Argument], state: State
) -> list[Result] | None:
    """The results of giving a tensor to code that needs an array or number; None otherwise."""
    if not arguments or arguments[0].star or not refuses_tensor(path):
        return None
    module, _, name = path.rpartition(".")
    written = f"np.{name}" if module == "numpy" else path
    value, node = ev.resolve(arguments[0].value, state), expression_of(arguments[0])
    use = tensor_use(ev, value, node, f"is passed to '{written}'", state)
    return None if use is None else ev.fails(state, None, use)
