"""Sources of dataclasses are changed only as far as mypyc needs it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from compilation.field_annotations import evaluable_fields
from compilation.native_modules import INTERPRETED, compiled_sources

PACKAGE = Path(__file__).parents[2] / "estimator_lint"
HEAD = """\
\"\"\"Größe.\"\"\"
from __future__ import annotations
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias
if TYPE_CHECKING:
    import libcst as cst
    from elsewhere import Code
Alias: TypeAlias = "frozenset[Code]"
Known: TypeAlias = frozenset[str]
"""


def changed(text: str) -> str:
    """What becomes of a class below ``HEAD``, which is otherwise the same in as many lines."""
    result = evaluable_fields(HEAD + text)
    ast.parse(result)
    lines = HEAD.count("\n")
    imported = "\n".join(result.split("\n")[:lines]) + "\n"
    assert imported.replace("; from typing import Any", "") == HEAD
    return "\n".join(result.split("\n")[lines:])


@pytest.mark.parametrize(
    "annotation",
    ["int", "Mapping[str, Code]", "Known", "Later", "typing.Any", "Code | None", "'Known'",
     "dict[cst.CSTNode, Code]", "ClassVar[int]", "(Code |\n        None)"],
)  # fmt: skip
def test_what_can_be_evaluated_stays(annotation: str) -> None:
    text = f"@dataclass\nclass A:\n    é: {annotation}\nclass Later: ...\n"
    assert changed(text) == text


@pytest.mark.parametrize(
    "annotation",
    ["Code", "Code[int]", "cst.CSTNode", "Alias", "object", "'Code'", "'cst.CSTNode'",
     "Code[\n        'é', int]"],
)  # fmt: skip
@pytest.mark.parametrize("rest", ["", " = None", " = field(default=None)  # é"])
def test_what_is_there_for_type_checkers_only_becomes_any(annotation: str, rest: str) -> None:
    text = "@dataclass(eq=False)\nclass A:\n    ü: int = 'é'; é: {}{}\n    z: Code | None = None\n"
    assert changed(text.format(annotation, rest)).split() == text.format("Any", rest).split()


def test_slots_are_left_to_the_native_class() -> None:
    text = "@dataclass(frozen=True, {}=True, eq=False)\nclass A:\n    pass\n"
    assert changed(text.format("slots")) == text.format("init")


def test_other_classes_and_functions_stay() -> None:
    text = "class A:\n    x: Code\n    def f(self) -> Code:\n        y: Code\nz: Code\n"
    assert changed(text) == text


def test_a_module_has_to_postpone_annotations() -> None:
    with pytest.raises(ValueError, match="annotations"):
        evaluable_fields("@dataclass\nclass A:\n    x: object\n")


def test_modules_that_stay_interpreted_are_there() -> None:
    assert all((PACKAGE / name).is_file() for name in INTERPRETED)
    names = {path.relative_to(PACKAGE).as_posix() for path in compiled_sources(PACKAGE)}
    assert {"interpreter/evaluator.py", "domain/values/values.py", "facts/trace.py"} <= names
    assert not names & INTERPRETED
    for path in compiled_sources(PACKAGE):
        evaluable_fields(path.read_text(encoding="utf-8"))
