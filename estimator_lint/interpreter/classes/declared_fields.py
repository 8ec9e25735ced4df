"""Fields that the body of a class declares by annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.interpreter.classes.method_resolution import known_ancestors
from estimator_lint.syntax.nodes import final_name

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode

#: The annotation of class variables, which are not fields.
CLASS_VARIABLE: Final = "ClassVar"


def is_field(ev: Evaluator, code: ClassCode, name: str) -> bool:
    """Whether what the body of a class assigns to ``name`` may be the default of a field only.

    A decorator, that of dataclasses or of another library, makes the fields from annotations.
    """
    return any(
        isinstance(small.target, cst.Name)
        and small.target.value == name
        and final_name(small.annotation.annotation) != CLASS_VARIABLE
        for ancestor in known_ancestors(ev, code)
        if ancestor.node.decorators
        for small in declarations(ancestor)
    )


def declarations(code: ClassCode) -> Iterator[cst.AnnAssign]:
    """The annotated names of the body of a class."""
    for statement in code.node.body.body:
        simple = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
        for small in simple:
            if isinstance(small, cst.AnnAssign):
                yield small
