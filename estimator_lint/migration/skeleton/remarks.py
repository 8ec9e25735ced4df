"""Comments above statements: what is left to do, and what replaced other statements."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from typing import Any

import libcst as cst

from estimator_lint.migration.skeleton.folding import above
from estimator_lint.migration.skeleton.name_paths import NamePaths
from estimator_lint.migration.skeleton.name_rewriting import NameRewriter
from estimator_lint.migration.skeleton.observations import Observations

#: The columns that a comment may take, its indentation not counted.
_COMMENT_WIDTH = 76


def comment_lines(text: str, first: str = "# TODO: ") -> list[cst.EmptyLine]:
    """A remark as comment lines; lines after its first one are code, and stay as they are."""
    text, *code = text.split("\n")
    wrapped = textwrap.wrap(
        " ".join(text.split()),
        _COMMENT_WIDTH,
        initial_indent=first,
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    wrapped += [f"#   {line}".rstrip() for line in code]
    return [cst.EmptyLine(comment=cst.Comment(line)) for line in wrapped]


def _first_above(result: Any, lines: Sequence[cst.EmptyLine]) -> Any:
    """A statement, or several, below further lines."""
    if not lines:
        return result
    statements = list(result) if isinstance(result, cst.FlattenSentinel) else [result]
    return cst.FlattenSentinel([above(statements[0], lines), *statements[1:]])


class RemarkingRewriter(NameRewriter):
    """Puts what is left to do about a statement, and statements to run first, above it.

    Attributes:
        remarks: the remarks on the current statement.
        before: the statements to run before it, as text.
        floating: comments of removed statements, for the next one.
    """

    def __init__(
        self, names: NamePaths, observed: Observations, shadowed: Collection[str] = ()
    ) -> None:
        super().__init__(names, observed, shadowed)
        self.remarks: list[str] = []
        self.before: list[str] = []
        self.floating: list[cst.EmptyLine] = []
        self._stack: list[tuple[list[str], list[str], list[str], list[cst.EmptyLine]]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Remarks made within a statement go above it."""
        if isinstance(node, cst.BaseStatement):
            self._stack.append((self.todos, self.remarks, self.before, self.floating))
            self.todos, self.remarks, self.before, self.floating = [], [], [], []
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: Any) -> Any:
        """As ``on_visit``."""
        result = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseStatement):
            behind = self.floating
            is_gone = isinstance(result, cst.RemovalSentinel)
            if not is_gone:
                result = self._with_remarks(result)
            self.todos, self.remarks, self.before, floating = self._stack.pop()
            if is_gone:
                self.floating = [*floating, *behind]
            else:
                result = _first_above(result, floating)
                self.floating = behind
        return result

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.BaseSuite:
        """Comments of removed statements end the block if no statement follows."""
        block = updated_node.with_changes(
            indent=None, footer=[*self.floating, *updated_node.footer]
        )
        self.floating = []
        return block if block.body else block.with_changes(body=[cst.parse_statement("pass")])

    def _with_remarks(self, result: Any) -> Any:
        lines = [line for todo in dict.fromkeys(self.todos) for line in comment_lines(todo)] + [
            line for remark in self.remarks for line in comment_lines(remark, "# ")
        ]
        statements = list(result) if isinstance(result, cst.FlattenSentinel) else [result]
        before = [cst.parse_statement(text) for text in self.before]
        if not lines and not before:
            return result
        # What the file has above the statement stays on top.
        leading = getattr(statements[0], "leading_lines", ())
        if leading:
            statements[0] = statements[0].with_changes(leading_lines=())
        statements = [*before, *statements]
        statements[0] = above(statements[0], [*leading, *lines])
        return cst.FlattenSentinel(statements)
