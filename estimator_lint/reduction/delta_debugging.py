"""Delta debugging: reducing a program while a condition still holds for it.

The candidates and their order depend only on the program, so the same program is always reduced to
the same result.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from estimator_lint.process_settings import no_warnings, room_for_recursion

Holds = Callable[[str], bool]

_Item = TypeVar("_Item")

#: Parallel lists: items at the same index belong together.
_TOGETHER: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    ast.Compare: ("ops", "comparators"),
    ast.Dict: ("keys", "values"),
    ast.MatchClass: ("kwd_attrs", "kwd_patterns"),
    ast.MatchMapping: ("keys", "patterns"),
    ast.arguments: ("kwonlyargs", "kw_defaults"),
}


@dataclass
class Trials:
    """Tests a condition on texts: each text once, and only a limited number of them.

    Attributes:
        holds: the condition.
        limit: how many texts are tested at most.
        asked: how many were tested.
        stopped: the limit cut the search short.
    """

    holds: Holds
    limit: int
    asked: int = 0
    stopped: bool = False
    _known: set[int] = field(default_factory=set)

    def __call__(self, text: str) -> bool:
        """Whether the condition holds; False once the limit is reached."""
        if self.stopped or hash(text) in self._known:
            return False
        if self.asked >= self.limit:
            self.stopped = True
            return False
        self.asked += 1
        # A text for which it holds becomes the program, which is not tested again either.
        self._known.add(hash(text))
        return self.holds(text)


def fewest(items: Sequence[_Item], holds: Callable[[list[_Item]], bool]) -> list[_Item]:
    """Items of which none can be removed; removal is tried in halves, quarters, and so on."""
    kept = list(items)
    size = max(1, len(kept))
    while size:
        end = len(kept)
        shrunk = False
        while end > 0:
            start = max(0, end - size)
            rest = kept[:start] + kept[end:]
            if holds(rest):
                kept, shrunk = rest, True
            end = start
        if not shrunk or size > 1:
            size //= 2
    return kept


def smallest_lines(source: str, holds: Holds) -> str:
    """Lines of a text, not necessarily a program, of which none can be removed."""
    return "\n".join(fewest(source.split("\n"), lambda lines: holds("\n".join(lines))))


def as_written_by_ast(source: str) -> str:
    """A program without its comments and its layout.

    Raises:
        SyntaxError, ValueError, RecursionError: it can't be parsed or unparsed.
    """
    with room_for_recursion(), no_warnings():
        return ast.unparse(ast.parse(source)) + "\n"


def undefined_names(source: str) -> frozenset[str]:
    """The global names that a program reads, and that neither it nor Python defines."""
    module = symtable.symtable(source, "<reduced>", "exec")
    defined = set(dir(builtins)) | {
        symbol.get_name()
        for symbol in module.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
    read: set[str] = set()
    pending = [module]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        is_module = table is module
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if symbol.is_global() and symbol.is_assigned():
                defined.add(name)
            elif symbol.is_referenced() and (symbol.is_global() or is_module):
                read.add(name)
    return frozenset(read - defined)


def smallest_program(source: str, holds: Trials, placeholders: Sequence[str] = ("None",)) -> str:
    """The smallest program found for which ``holds`` is true, as it is for ``source``.

    Args:
        source: a program as ``as_written_by_ast`` writes it.
        holds: the condition on the result.
        placeholders: expressions that may replace any other.
    """
    smallest, before = source, ""
    with room_for_recursion(), no_warnings():
        while smallest != before and not holds.stopped:
            before = smallest
            program = _Program(smallest, holds, placeholders)
            program.simplify()
            smallest = program.text
    return smallest


class _Program:
    """A tree that is changed in place; changes after which the condition fails are undone."""

    def __init__(self, source: str, holds: Trials, placeholders: Sequence[str]) -> None:
        self.text = source
        self._tree = ast.parse(source)
        self._holds = holds
        self._placeholders = placeholders

    def simplify(self) -> None:
        """Walk the tree once, from the top down."""
        pending: deque[ast.AST] = deque([self._tree])
        while pending and not self._holds.stopped:
            node = pending.popleft()
            self._shorten(node)
            for name, value in ast.iter_fields(node):
                if isinstance(value, list):
                    self._simplify_items(node, name)
                elif isinstance(value, ast.AST):
                    self._simplify_child(node, name)
            pending.extend(ast.iter_child_nodes(node))

    def _shorten(self, node: ast.AST) -> None:
        """Remove items of its lists, and optional children."""
        if isinstance(node, ast.arguments):
            self._shorten_arguments(node)
        together = _TOGETHER.get(type(node), ())
        if together:
            self._shorten_lists(node, together)
        for name, value in ast.iter_fields(node):
            if name in together:
                continue
            if isinstance(value, list) and value:
                self._shorten_lists(node, (name,))
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                self._try(node, {name: None})

    def _shorten_lists(self, node: ast.AST, names: tuple[str, ...]) -> None:
        rows = list(zip(*(getattr(node, name) for name in names), strict=True))

        def holds(rest: list[tuple[Any, ...]]) -> bool:
            columns = [list(column) for column in zip(*rest, strict=True)] or [[] for _ in names]
            if names == ("body",) and not columns[0]:
                columns = [[ast.Pass()]]
            return self._try(node, dict(zip(names, columns, strict=True)))

        fewest(rows, holds)

    def _shorten_arguments(self, node: ast.arguments) -> None:
        """Remove parameters with their defaults, which align with the last parameters."""
        for name in ("args", "posonlyargs"):
            for index in reversed(range(len(getattr(node, name)))):
                new: dict[str, Any] = {name: _without(getattr(node, name), index)}
                place = index + len(node.posonlyargs) * (name == "args")
                count = len(node.posonlyargs) + len(node.args)
                default = place - (count - len(node.defaults))
                if default >= 0:
                    new["defaults"] = _without(node.defaults, default)
                self._try(node, new)

    def _simplify_items(self, node: ast.AST, name: str) -> None:
        index = 0
        while index < len(getattr(node, name)):
            items = getattr(node, name)
            if not any(
                self._try(node, {name: [*items[:index], *choice, *items[index + 1 :]]})
                for choice in self._simpler(node, items[index])
            ):
                index += 1

    def _simplify_child(self, node: ast.AST, name: str) -> None:
        while any(
            len(choice) == 1 and self._try(node, {name: choice[0]})
            for choice in self._simpler(node, getattr(node, name))
        ):
            pass

    def _simpler(self, parent: ast.AST, node: object) -> Iterator[Sequence[ast.AST]]:
        """The candidates that may replace a statement or an expression."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.Match():
                yield from (case.body for case in node.cases)
            case ast.stmt():
                for block in ("body", "orelse", "finalbody"):
                    if getattr(node, block, None):
                        yield getattr(node, block)
                for handler in getattr(node, "handlers", ()):
                    yield handler.body
                if not isinstance(node, ast.Expr | ast.Return):
                    yield from ([ast.Expr(value)] for value in _values(node))
            case ast.expr() if not isinstance(node, ast.Constant) and _is_read(node):
                # The name of a called or accessed object says what it is, so it is kept.
                is_told = isinstance(parent, ast.Attribute) or (
                    isinstance(parent, ast.Call) and node is parent.func
                )
                if not is_told:
                    called = node.func if isinstance(node, ast.Call) else None
                    yield from ([child] for child in _values(node) if child is not called)
                    if isinstance(node, ast.Compare) and len(node.ops) > 1:
                        first, *others = node.comparators
                        yield [ast.Compare(first, node.ops[1:], others)]
                    yield from self._replaced(node)

    def _replaced(self, node: ast.expr) -> Iterator[Sequence[ast.AST]]:
        for placeholder in self._placeholders:
            if not isinstance(node, ast.Name) or node.id not in self._placeholders:
                yield [ast.parse(placeholder, mode="eval").body]

    def _try(self, node: ast.AST, new: dict[str, Any]) -> bool:
        """Give a node other children; whether the condition still holds with them."""
        before = {name: getattr(node, name) for name in new}
        self._set(node, new)
        text = _written(self._tree)
        if text is not None and text != self.text and self._holds(text):
            self.text = text
            return True
        self._set(node, before)
        return False

    @staticmethod
    def _set(node: ast.AST, new: dict[str, Any]) -> None:
        for name, value in new.items():
            setattr(node, name, value)


def _without(items: list[_Item], index: int) -> list[_Item]:
    return [*items[:index], *items[index + 1 :]]


def _is_read(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Load | None)


def _values(node: ast.AST) -> Iterator[ast.expr]:
    """The child expressions whose values a node reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword):
            yield child.value
        elif isinstance(child, ast.expr) and _is_read(child):
            yield child


def _written(tree: ast.Module) -> str | None:
    """The text of a tree; None if it is not a valid program."""
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        # Compiled, but never run: only the compiler detects a "return" outside a function.
        compile(text, "<reduced>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, AttributeError, TypeError, LookupError, RecursionError):
        return None
    return text
