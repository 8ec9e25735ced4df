"""Sets of constants, and constants computed from constants, as long as they stay small."""

from __future__ import annotations

import itertools
import math
import re
import string
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.values.values import Constant, Value, constant_key

#: What Python raises for undefined operations, or for lack of memory.
COMPUTING_FAILS: Final = (TypeError, ValueError, ArithmeticError, MemoryError)

Operator: TypeAlias = "Callable[[Any, Any], Any]"

#: By the names of libcst's operators.
_ARITHMETIC: Final[dict[str, Operator]] = {
    "Add": lambda a, b: a + b,
    "Subtract": lambda a, b: a - b,
    "Multiply": lambda a, b: a * b,
    "FloorDivide": lambda a, b: a // b,
    "Modulo": lambda a, b: a % b,
    "BitAnd": lambda a, b: a & b,
    "BitOr": lambda a, b: a | b,
    "BitXor": lambda a, b: a ^ b,
}
_WIDE_FIELD: Final = re.compile("[0-9]{4}")
_COMPUTED_TYPES: Final = (int, float, str)


class ConstantSet:
    """The only constants that some value can equal; those that compare equal count as one.

    Args:
        by_key: the constants by their ``constant_key``.
    """

    __slots__ = ("_by_key", "_hash")

    def __init__(self, by_key: Mapping[Hashable, Constant]) -> None:
        self._by_key = by_key
        self._hash: int | None = None

    @classmethod
    def of(cls, constants: Iterable[Constant]) -> ConstantSet:
        """The set of some constants."""
        return cls({constant_key(constant): constant for constant in constants})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConstantSet) and self._by_key == other._by_key

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._by_key))
        return self._hash

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Constant]:
        return iter(self._by_key.values())

    def __contains__(self, key: Hashable) -> bool:
        return key in self._by_key

    def __or__(self, other: ConstantSet) -> ConstantSet:
        return ConstantSet({**self._by_key, **other._by_key})

    def without(self, key: Hashable) -> ConstantSet:
        """The set without the constant of that key."""
        return ConstantSet({one: self._by_key[one] for one in self._by_key if one != key})


def bounded_constant(value: object) -> Constant | None:
    """``value``; None if it is too large to be kept."""
    if isinstance(value, str | bytes):
        fits = len(value) <= bounds.MAX_CHARACTERS
    else:
        fits = not isinstance(value, int) or value.bit_length() <= bounds.MAX_BITS
    return Constant(value) if fits else None


def as_float(value: Value) -> Constant | None:
    """The result of ``float(value)``; None if unknown, or NaN, which does not equal itself."""
    given = value.value if isinstance(value, Constant) else None
    if not isinstance(given, str | int | float):
        return None
    try:
        number = float(given)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(number) else Constant(number)


def arithmetic_result(operator: str, left: Constant, right: Constant) -> Constant | None:
    """The result of a binary operator on constants; None if too large, or not computed.

    Raises:
        COMPUTING_FAILS: Python can't do it.
    """
    compute = _ARITHMETIC.get(operator)
    a, b = left.value, right.value
    if compute is None or not (isinstance(a, _COMPUTED_TYPES) and isinstance(b, _COMPUTED_TYPES)):
        return None
    if operator == "Multiply" and not _product_fits(a, b):
        return None
    if operator == "Modulo" and isinstance(a, str) and _WIDE_FIELD.search(a):
        return None  # a few characters of format can produce millions
    return bounded_constant(compute(a, b))


def _product_fits(a: object, b: object) -> bool:
    match a, b:
        case (str() as text, int() as number) | (int() as number, str() as text):
            return len(text) * number <= bounds.MAX_CHARACTERS
        case int(), int():
            return a.bit_length() + b.bit_length() <= bounds.MAX_BITS
        case _:
            return True


def method_result(text: str, name: str, arguments: Sequence[Constant]) -> Constant | None:
    """The result of a string method; None if it is too large.

    Raises:
        COMPUTING_FAILS: Python can't do it.
    """
    given: list[Any] = [argument.value for argument in arguments]
    if name == "replace" and not _replaced_fits(text, given):
        return None
    return bounded_constant(getattr(text, name)(*given))


def split_text(text: str, name: str, arguments: Sequence[Constant]) -> tuple[Constant, ...] | None:
    """What a string method splits a text into; None if there are too many parts.

    Raises:
        COMPUTING_FAILS: Python can't do it.
    """
    parts = getattr(text, name)(*(argument.value for argument in arguments))
    return tuple(map(Constant, parts)) if len(parts) <= bounds.MAX_SIZE else None


def _replaced_fits(text: str, given: Sequence[object]) -> bool:
    match given:
        case [str() as old, str() as new, *_]:
            return len(text) + text.count(old) * len(new) <= bounds.MAX_CHARACTERS
        case _:
            return True


def formatted_text(
    text: str, positional: Sequence[Value], named: Mapping[str, Value]
) -> Constant | None:
    """The result of ``text.format(...)``; None if it is not plain, not known or too large.

    A plain format has names and positions only, as in ``"block_{}"``, and its values are strings
    and ints.
    """
    counted = itertools.count()
    parts: list[str] = []
    try:
        fields = list(string.Formatter().parse(text))
        numbered = any(name.isdecimal() for _, name, _, _ in fields if name)
        for literal, name, spec, conversion in fields:
            parts.append(literal)
            if name is None:
                continue
            place = next(counted) if not name else int(name) if name.isdecimal() else None
            given = named.get(name) if place is None else positional[place]
            value = given.value if isinstance(given, Constant) else None
            if spec or conversion or not isinstance(value, str | int) or (numbered and not name):
                return None
            parts.append(str(value))
    except (ValueError, IndexError):  # Python can't do it
        return None
    return joined_texts(parts)


def joined_texts(parts: Sequence[str]) -> Constant | None:
    """The parts of an f-string as one string; None if it is too large."""
    if sum(map(len, parts)) > bounds.MAX_CHARACTERS:
        return None
    return Constant("".join(parts))
