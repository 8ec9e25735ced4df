"""An index of a source: nodes by place, the nodes around them, their text."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.fixes.fix import Edit
from estimator_lint.syntax.source import SourceFile

#: Nodes with a place of their own in the source.
Placed: TypeAlias = ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias

_PLACED: Final = (ast.expr, ast.stmt, ast.keyword, ast.arg, ast.alias)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class SourceIndex:
    """The nodes of a file by their places.

    Nodes in f-strings are left out: before Python 3.12, they have no correct places.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._parents: dict[ast.AST, ast.AST] = {}
        self._nodes: list[ast.AST] = []
        pending: list[ast.AST] = [source.tree]
        while pending:
            node = pending.pop()
            self._nodes.append(node)
            if isinstance(node, ast.JoinedStr):
                continue
            children = list(ast.iter_child_nodes(node))
            self._parents.update(dict.fromkeys(children, node))
            pending += reversed(children)

    @cached_property
    def _starting(self) -> dict[tuple[int, int], list[Placed]]:
        found: dict[tuple[int, int], list[Placed]] = {}
        for node in self._nodes:
            if isinstance(node, _PLACED):
                found.setdefault(self.start(node), []).append(node)
        return found

    @cached_property
    def tokens(self) -> Sequence[tokenize.TokenInfo]:
        """The tokens of the source, comments included; empty if the source can't be tokenized."""
        text = "\n".join(self.source.lines) + "\n"
        try:
            return list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError):
            return ()

    @cached_property
    def comments(self) -> Sequence[tuple[tuple[int, int], str]]:
        """The comments of the source, each with the place at which it starts."""
        return [
            (token.start, token.string) for token in self.tokens if token.type == tokenize.COMMENT
        ]

    def start(self, node: Placed) -> tuple[int, int]:
        """The 1-based line, and the column in code points, of the first character of a node."""
        return node.lineno, self.source.column(node.lineno, node.col_offset)

    def end(self, node: Placed) -> tuple[int, int]:
        """The same for the place after its last character."""
        line = node.end_lineno or node.lineno
        return line, self.source.column(line, node.end_col_offset or 0)

    def nodes_at(self, line: int, column: int) -> list[Placed]:
        """The nodes that start at a place, the outermost first."""
        return self._starting.get((line, column), [])

    def expression_at(self, line: int, column: int) -> ast.expr | None:
        """The outermost expression that starts at a place."""
        nodes = self.nodes_at(line, column)
        return next((node for node in nodes if isinstance(node, ast.expr)), None)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the innermost first."""
        while (parent := self._parents.get(node)) is not None:
            yield parent
            node = parent

    def functions_around(self, node: ast.AST) -> Iterator[AnyFunction]:
        """The functions whose bodies contain a node, the innermost first."""
        inner = node
        for parent in self.around(node):
            if isinstance(parent, ast.Lambda):
                if inner is parent.body:
                    yield parent
            elif isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
                if inner in parent.body:
                    yield parent
            inner = parent

    def statement_of(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement that contains a node."""
        if isinstance(node, ast.stmt):
            return node
        return next((each for each in self.around(node) if isinstance(each, ast.stmt)), None)

    def inside(self, scope: ast.AST) -> Iterator[ast.AST]:
        """A node and its descendants in source order, without those in f-strings."""
        pending = [scope]
        while pending:
            node = pending.pop()
            yield node
            if not isinstance(node, ast.JoinedStr):
                pending += reversed(list(ast.iter_child_nodes(node)))

    def scope_of(self, node: ast.AST) -> ast.AST:
        """The innermost function whose body contains a node; the module, if there is none."""
        return next(self.functions_around(node), self.source.tree)

    # Text

    def text(self, node: Placed) -> str:
        """The source of a node."""
        return self.between(self.start(node), self.end(node))

    def between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The source between two places, with newlines for line ends."""
        lines = self.source.lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return "\n".join(lines)

    def before(self, node: Placed) -> str:
        """The text before a node on its line."""
        line, column = self.start(node)
        return self.source.lines[line - 1][:column]

    # Edits

    def replace(self, node: Placed, text: str) -> Edit:
        """Replace a node by a text."""
        return Edit(*self.start(node), *self.end(node), text)

    def insert_before(self, node: Placed, text: str) -> Edit:
        """Insert a text before a node."""
        return insertion(self.start(node), text)

    def insert_after(self, node: Placed, text: str) -> Edit:
        """Insert a text after a node."""
        return insertion(self.end(node), text)

    def surround(self, node: Placed, before: str, after: str) -> tuple[Edit, Edit]:
        """Insert texts before and after a node, inside its parentheses."""
        return self.insert_before(node, before), self.insert_after(node, after)


def insertion(place: tuple[int, int], text: str) -> Edit:
    """Insert a text at a place."""
    return Edit(*place, *place, text)
