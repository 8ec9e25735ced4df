"""Sources of dataclasses as mypyc takes them.

The source of the package stays as it is: this changes the copy that is compiled.

- Native code evaluates the classes in the annotations of fields when it makes the dataclass,
  although the source postpones that. If they could not be evaluated then, the annotation becomes
  ``Any``.
- A native class has slots of its own, and cannot be made once more with others.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

_FUTURE = "from __future__ import annotations"

#: The name of the replacement; it is imported in the line of the future import, so that line
#: numbers stay.
_ANY = "Any"

#: mypyc looks it up among the names of the module only.
_NOT_FOUND = frozenset({"object"})

_Edit = tuple[int, int, str]


def evaluable_fields(text: str) -> str:
    """The source of a module, with fields of dataclasses that native classes can have.

    Raises:
        ValueError: a field has to be changed, and the module does not postpone the evaluation of
            annotations.
    """
    module = ast.parse(text)
    known = _names_at_runtime(module)
    classes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    starts = _line_starts(text)
    fields: list[_Edit] = []
    decorators: list[_Edit] = []
    for node in classes:
        calls = [each for each in node.decorator_list if _is_dataclass(each)]
        for annotation in _annotations(node) if calls else ():
            if not _evaluated_names(annotation) <= known:
                fields.append((*_span(annotation, starts), _ANY))
        for call in calls:
            decorators.extend((*span, "init=True") for span in _slots(call, starts))
    if fields:
        if _FUTURE + "\n" not in text:
            raise ValueError(f"the module does not begin with {_FUTURE!r}")
        at = len(text[: text.index(_FUTURE + "\n") + len(_FUTURE)].encode())
        fields.append((at, at, f"; from typing import {_ANY}"))
    source = text.encode()
    for start, end, replacement in sorted([*fields, *decorators], reverse=True):
        source = source[:start] + replacement.encode() + source[end:]
    return source.decode()


def _names_at_runtime(module: ast.Module) -> set[str]:
    """The names that can be evaluated in the module, as classes, while it is imported."""
    names = set(dir(builtins)) - _NOT_FOUND
    for statement in module.body:
        match statement:
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names.update((each.asname or each.name).split(".")[0] for each in imported)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names.update({name} - _quoted(name, value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names.update({name} - _quoted(name, value))
    return names


def _quoted(name: str, value: ast.expr) -> set[str]:
    """The name, if it is an alias whose type is in quotes."""
    return {name} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()


def _is_dataclass(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Name) and function.id == "dataclass"


def _annotations(node: ast.ClassDef) -> Iterator[ast.expr]:
    """The annotations of the fields."""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            yield statement.annotation


def _evaluated_names(annotation: ast.expr) -> set[str]:
    """What is evaluated of an annotation: the name of its class, without the arguments of that.

    Nothing is evaluated of a union.
    """
    match annotation:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=value) | ast.Subscript(value=value):
            return _evaluated_names(value)
        case ast.Constant(value=str(quoted)):
            return _evaluated_names(ast.parse(quoted, mode="eval").body)
    return set()


def _slots(decorator: ast.expr, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Where the decorator asks for slots."""
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        if keyword.arg == "slots":
            yield _span(keyword, starts)


def _line_starts(text: str) -> list[int]:
    """The offset of each line, in bytes."""
    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _span(node: ast.expr | ast.keyword, starts: list[int]) -> tuple[int, int]:
    """Where a node is, as offsets in bytes."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )
