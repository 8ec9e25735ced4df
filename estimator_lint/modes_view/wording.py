"""The wording of conditions and lines, for both text and page."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from estimator_lint.findings import Step
from estimator_lint.modes_view.model import Cells, Condition, FieldView, FunctionView, Occurrence
from estimator_lint.syntax.parsed_text import expression_tree

#: Expressions that bind less tightly than ``not``.
_LOOSE = (ast.BoolOp, ast.IfExp, ast.Lambda, ast.NamedExpr)


def condition_text(condition: Condition) -> str:
    """Tests with their outcomes, as a Python condition."""
    return " and ".join(map(_test_text, condition))


def _test_text(step: Step) -> str:
    text = step.text
    try:
        # ``name := value`` needs the parentheses
        if isinstance(expression_tree(f"({text})"), _LOOSE):
            text = f"({text})"
    except SyntaxError:  # ``case`` and ``except``
        pass
    return text if step.outcome else f"not {text}"


def occurrence_text(field: FieldView) -> str:
    """Whether a field is set, and under which conditions."""
    if field.given is not Occurrence.SOMETIMES:
        return str(field.given)
    if not field.conditions:
        return "on some paths"
    return "; or ".join(f"if {text}" for text in condition_texts(field))


def condition_texts(field: FieldView) -> list[str]:
    """The conditions of a field; tests in different places may have the same text."""
    return list(dict.fromkeys(map(condition_text, field.conditions)))


def ranges(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Line numbers as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found


def lines_text(lines: Iterable[int], cells: Cells = ()) -> str:
    """Line numbers in few words: ``3, 7-9``, or ``cell 2: 3, 7-9``."""
    if cells:
        lines = set(lines)
        texts = (
            (number, lines_text(line - first + 1 for line in lines if first <= line <= last))
            for number, first, last in cells
        )
        return "; ".join(f"cell {number}: {text}" for number, text in texts if text)
    return ", ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in ranges(lines)
    )


def line_text(line: int, cells: Cells = ()) -> str:
    """The number of a line for the user: ``3``, or ``cell 2:3``."""
    for number, first, last in cells:
        if first <= line <= last:
            return f"cell {number}:{line - first + 1}"
    return str(line)


def fields_shown(function: FunctionView) -> tuple[list[str], list[str]]:
    """The fields that some mode may set or requires, and the others."""
    names = dict.fromkeys(name for view in function.modes.values() for name in view.fields)
    shown = [
        name
        for name in names
        if any(
            name in view.fields
            and (view.fields[name].required or view.fields[name].given is not Occurrence.NEVER)
            for view in function.modes.values()
        )
    ]
    return shown, [name for name in names if name not in shown]
