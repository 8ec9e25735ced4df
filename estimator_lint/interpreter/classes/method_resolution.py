"""The method resolution order of a class and its bases."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from enum import Enum
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.values.classes import Ancestor
from estimator_lint.domain.values.values import BuiltinValue, ClassValue, SymbolicValue, Value
from estimator_lint.interpreter.classes.isolation import evaluate_in_isolation, module_level_code

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode


class Elsewhere(Enum):
    """Where to find a name that no known class defines.

    ``NOWHERE``: all bases are known, and none has it. ``BEYOND``: an unknown base comes first.
    """

    NOWHERE = "nowhere"
    BEYOND = "beyond"


#: Bases that add no attributes to those of every object.
_BARE: Final = frozenset({"abc.ABC", "typing.Generic", "typing.Protocol", "six.Iterator"})
_WITH_METACLASS: Final = frozenset({"six.with_metaclass", "future.utils.with_metaclass"})


def method_resolution_order(ev: Evaluator, code: ClassCode) -> tuple[Ancestor, ...]:
    """The class and its ancestors in the order of look-up (C3); ``object`` is left out."""
    known = ev.classes.orders.get(code)
    if known is None:
        known = code.module.known.answer(
            ("order", code),
            partial(_find_order, ev, code),
            partial(_is_of_one_file, code),
            reads_all=False,  # but for what ``ev`` has found before
        )
        ev.classes.orders[code] = known
    return known


def _find_order(ev: Evaluator, code: ClassCode) -> tuple[Ancestor, ...]:
    unknown = ev.number_of(("ancestors", id(code)))
    ev.classes.orders[code] = (code, unknown)  # during the look-up: a circle is unknown
    merged = _order_of_ancestors(ev, list(_bases(ev, code)))
    return (code, unknown) if merged is None else (code, *merged)


def _is_of_one_file(code: ClassCode, order: tuple[Ancestor, ...]) -> bool:
    """Whether all classes are known, and of the same file as ``code``."""
    return all(not isinstance(one, int) and one.module is code.module for one in order)


def _order_of_ancestors(ev: Evaluator, bases: list[Ancestor]) -> list[Ancestor] | None:
    """The bases and their ancestors; None if they have no order, or are too many."""
    if len(bases) > bounds.MAX_ANCESTORS:
        return None
    of_bases = [_of_base(ev, base) for base in bases]
    if len(of_bases) == 1:
        (line,) = of_bases
        return None if len(line) > bounds.MAX_ANCESTORS_IN_LINE else line
    merged = _merged([*of_bases, bases])
    return None if merged is None or len(merged) > bounds.MAX_ANCESTORS else merged


def _of_base(ev: Evaluator, base: Ancestor) -> list[Ancestor]:
    return [base] if isinstance(base, int) else list(method_resolution_order(ev, base))


def _merged(sequences: list[list[Ancestor]]) -> list[Ancestor] | None:
    """Classes in an order that agrees with all ``sequences``; None if there is none."""
    result: list[Ancestor] = []
    pending = [deque(sequence) for sequence in sequences if sequence]
    # For each class, the number of sequences in which others come before it.
    later = Counter(chain.from_iterable(sequence[1:] for sequence in sequences))
    while pending:
        candidate = next((one[0] for one in pending if not later[one[0]]), None)
        if candidate is None:
            return None
        result.append(candidate)
        for sequence in pending:
            if sequence[0] == candidate:
                sequence.popleft()
                if sequence:
                    later[sequence[0]] -= 1
        pending = [sequence for sequence in pending if sequence]
    return result


def _bases(ev: Evaluator, code: ClassCode) -> Iterator[Ancestor]:
    for position, argument in enumerate(code.node.bases):
        if argument.star:
            yield ev.number_of(("base", id(code), position))
            continue
        yield from _ancestors_at(ev, code, argument.value)


def _ancestors_at(ev: Evaluator, code: ClassCode, node: cst.BaseExpression) -> Iterator[Ancestor]:
    """The classes that an expression in the list of bases denotes."""
    if isinstance(node, cst.Subscript):
        yield from _ancestors_at(ev, code, node.value)  # Generic[T]
        return
    frame = Frame(None, module_level_code(code.module, code.piece))
    if isinstance(node, cst.Call):
        function = evaluate_in_isolation(ev, frame, node.func)
        if isinstance(function, SymbolicValue) and function.symbol in _WITH_METACLASS:
            for argument in node.args[1:]:
                yield from _ancestors_at(ev, code, argument.value)
            return
    value = evaluate_in_isolation(ev, frame, node)
    if isinstance(value, ClassValue):
        yield value.code
    elif isinstance(value, BuiltinValue) and value.name != "object":
        number = ev.number_of(("builtin base", value.name))
        ev.classes.builtins[number] = value.name
        yield number
    elif not _is_bare(value):
        yield value.number if isinstance(value, SymbolicValue) else ev.number_of(("base", id(node)))


def _is_bare(value: Value | None) -> bool:
    if isinstance(value, BuiltinValue):
        return value.name == "object"
    return isinstance(value, SymbolicValue) and value.symbol in _BARE


def look_up_member(
    ev: Evaluator, code: ClassCode, name: str, *, behind: ClassCode | None = None
) -> ClassCode | Elsewhere:
    """The class in which look-up finds ``name``; only after ``behind``, as ``super()`` does."""
    if behind is None and name in code.defined_names:
        return code  # whatever its bases are
    order = method_resolution_order(ev, code)
    if behind is not None:
        if behind not in order:
            return Elsewhere.BEYOND
        order = order[order.index(behind) + 1 :]
    for ancestor in order:
        if isinstance(ancestor, int):
            return Elsewhere.BEYOND
        if name in ancestor.defined_names:
            return ancestor
    return Elsewhere.NOWHERE


def has_metaclass(ev: Evaluator, code: ClassCode) -> bool:
    """Whether a class may have a metaclass of the project, or be what a decorator has made."""
    return any(
        ancestor.node.keywords
        or ancestor.node.decorators
        or any(isinstance(base.value, cst.Call) for base in ancestor.node.bases)
        for ancestor in known_ancestors(ev, code)
    )


def known_ancestors(ev: Evaluator, code: ClassCode) -> list[ClassCode]:
    """The class and those of its ancestors that are known."""
    return [
        ancestor for ancestor in method_resolution_order(ev, code) if not isinstance(ancestor, int)
    ]


def unknown_ancestors(ev: Evaluator, code: ClassCode) -> tuple[int, ...]:
    """The ancestors of a class that are no classes of the project, or unknown."""
    known = ev.classes.unknown.get(code)
    if known is None:
        order = method_resolution_order(ev, code)
        known = ev.classes.unknown[code] = tuple(one for one in order if isinstance(one, int))
    return known


def own_metaclasses(ev: Evaluator, code: ClassCode) -> Iterator[ClassCode]:
    """The metaclasses of a class and its ancestors that are classes of the project."""
    for ancestor in known_ancestors(ev, code):
        for argument in ancestor.node.keywords:
            if argument.keyword is not None and argument.keyword.value == "metaclass":
                frame = Frame(None, ancestor.body)
                metaclass = evaluate_in_isolation(ev, frame, argument.value)
                if isinstance(metaclass, ClassValue):
                    yield metaclass.code


#: Methods of a metaclass that run when it makes a class.
_MAKING: Final = ("__new__", "__init__", "__prepare__")


def is_changed_when_made(ev: Evaluator, code: ClassCode) -> bool:
    """Whether a metaclass or a base may give a class other attributes than its body does."""
    if code not in ev.classes.changed_when_made:
        by_metaclass = (
            each.methods[name]
            for metaclass in own_metaclasses(ev, code)
            for each in known_ancestors(ev, metaclass)
            for name in _MAKING
            if name in each.methods
        )
        by_base = (
            each.methods["__init_subclass__"]
            for each in known_ancestors(ev, code)
            if "__init_subclass__" in each.methods
        )
        # They may also only enter the class in a registry.
        ev.classes.changed_when_made[code] = any(
            not method.local_names.isdisjoint(method.names_changed)
            for method in chain(by_metaclass, by_base)
        )
    return ev.classes.changed_when_made[code]
