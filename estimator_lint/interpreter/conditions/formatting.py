"""Formatting a tensor as a number, which Python refuses: it has no value in a graph.

Only ``str`` and ``repr`` of a tensor exist, so ``%s`` and fields without a specification are fine.
Tried under TensorFlow 2.15.1 and 1.15.0.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain.values.values import Constant, TupleValue, Value
from estimator_lint.interpreter.conditions.tensor_uses import fails_for_tensor

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator, Result

#: A conversion of ``%``: its mapping key, width, precision and type.
_CONVERSION: Final = re.compile(
    r"%(\([^)]*\))?[#0\- +]*(\*|\d*)(?:\.(\*|\d*))?[hlL]?(.)", re.DOTALL
)
#: Types that need a number.
_OF_NUMBERS: Final = frozenset("diouxXeEfFgGc")


def percent_of_tensor(
    ev: Evaluator, left: Value, right: Value, node: cst.CSTNode, state: State
) -> list[Result] | None:
    """The results of ``text % values`` if it formats a tensor as a number; None otherwise."""
    if not (isinstance(left, Constant) and isinstance(left.value, str)):
        return None
    values = right.items if isinstance(right, TupleValue) else (right,)
    return _first_failure(
        ev, zip(_number_conversions(left.value), values, strict=False), node, state
    )


def _number_conversions(text: str) -> Iterator[str | None]:
    """The conversions, in order; None for those that take anything.

    Nothing if they are not matched with the values one by one.
    """
    conversions = [found for found in _CONVERSION.finditer(text) if found[4] != "%"]
    if any(found[1] is not None or "*" in (found[2], found[3]) for found in conversions):
        return
    for found in conversions:
        yield found[0] if found[4] in _OF_NUMBERS else None


def format_method_of_tensor(
    ev: Evaluator, text: str, given: Arguments, node: cst.CSTNode, state: State
) -> list[Result] | None:
    """The same for ``text.format(...)``."""
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        return None
    count = 0
    found: list[tuple[str | None, Value]] = []
    for _, name, specification, conversion in fields:
        if name is None:
            continue
        if not name:
            name, count = str(count), count + 1
        value = _named(name, given)
        if value is not None and specification and not conversion and "{" not in specification:
            found.append((specification, value))
    return _first_failure(ev, found, node, state)


def _named(name: str, given: Arguments) -> Value | None:
    """The argument of a field that is a number or a name alone."""
    if not name.isdecimal():
        argument = given.keywords.get(name)
        return None if argument is None else argument.value
    try:
        position = int(name)
    except ValueError:  # thousands of digits
        return None
    if given.more_positional or position >= len(given.positional):
        return None
    return given.positional[position].value


def field_of_tensor(
    ev: Evaluator,
    fields: Sequence[cst.FormattedStringExpression],
    values: Sequence[Value],
    state: State,
) -> list[Result] | None:
    """The same for the fields of an f-string."""
    for field, value in zip(fields, values, strict=True):
        texts = [
            part.value if isinstance(part, cst.FormattedStringText) else None
            for part in field.format_spec or ()
        ]
        if texts and not field.conversion and None not in texts:
            specification = "".join(text for text in texts if text is not None)
            failed = _first_failure(ev, [(specification, value)], field.expression, state)
            if failed is not None:
                return failed
    return None


def _first_failure(
    ev: Evaluator,
    formatted: Iterable[tuple[str | None, Value]],
    node: cst.CSTNode,
    state: State,
) -> list[Result] | None:
    for specification, value in formatted:
        if specification:
            how = f"is formatted with '{specification}'"
            failed = fails_for_tensor(ev, value, node, how, state)
            if failed is not None:
                return failed
    return None
