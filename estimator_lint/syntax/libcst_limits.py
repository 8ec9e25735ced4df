"""Code that ``ast`` parses easily, but that exhausts the stack or the time of libcst's parser.

Chains that are flat for ``ast`` are nested for libcst: the operands of ``and`` and ``or``, the
clauses of a comprehension, the parts of an imported module's name, and strings that follow one
another without an operator. For nested patterns of ``match``, its parser takes twice as long with
each level.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from estimator_lint.syntax.index_nodes import index_children

#: Levels of brackets in a pattern; those of a mapping count twice.
_MAX_PATTERN_LEVELS: Final = 14

_LEVELS: Final = {"(": 1, "[": 1, "{": 2, ")": -1, "]": -1, "}": -2}

#: How many links a chain has behind the first one, by its class.
_LINKS_OF: Final[dict[type[ast.AST], Callable[[Any], int]]] = {
    **dict.fromkeys(
        (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
        lambda node: len(node.generators) - 1,
    ),
    ast.BoolOp: lambda node: len(node.values) - 2,
    ast.Import: lambda node: max(alias.name.count(".") for alias in node.names),
    ast.ImportFrom: lambda node: (node.module or "").count("."),
}

_STRING_STARTS: Final = {getattr(tokenize, f"{kind}STRING_START", -1) for kind in "FT"}
_STRING_ENDS: Final = {getattr(tokenize, f"{kind}STRING_END", -1) for kind in "FT"}
_BETWEEN_STRINGS: Final = {getattr(tokenize, f"{kind}STRING_MIDDLE", -1) for kind in "FT"} | {
    tokenize.NL,
    tokenize.COMMENT,
}
_BEFORE_STATEMENTS: Final = {
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.NL,
    tokenize.COMMENT,
}


def too_deep_for_libcst(
    text: str, statements: Sequence[ast.stmt], nodes: Sequence[ast.AST], depth: int, limit: int
) -> bool:
    """Whether libcst would need too many levels, or too long, to parse the statements.

    Args:
        text: the statements.
        statements: their syntax.
        nodes: all nodes of it.
        depth: how many levels deep ``ast`` nests them.
        limit: how many levels it may take; chains and ``ast`` nesting count together.
    """
    links = sum(map(_links, nodes))
    if links and depth + links > limit and _chains_exceed(statements, limit):
        return True
    has_patterns = any(type(node) is ast.Match for node in nodes)
    has_strings = text.count('"') + text.count("'") > 2 * limit and any(
        _may_be_chain(node, limit) for node in nodes
    )
    if not has_patterns and not has_strings:
        return False
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):  # Python's tokenizer accepts less than ast
        return True
    return (has_patterns and _pattern_levels(tokens) > _MAX_PATTERN_LEVELS) or (
        has_strings and _strings_exceed(tokens, limit)
    )


def _links(node: ast.AST) -> int:
    """How many levels deeper libcst nests a node than ``ast``."""
    count = _LINKS_OF.get(type(node))
    return 0 if count is None else count(node)


def _chains_exceed(statements: Sequence[ast.stmt], limit: int) -> bool:
    pending: list[tuple[ast.AST, int]] = [(statement, 1) for statement in statements]
    while pending:
        node, depth = pending.pop()
        depth += _links(node)
        if depth > limit:
            return True
        pending += [(child, depth + 1) for child in index_children(node)]
    return False


def _may_be_chain(node: ast.AST, limit: int) -> bool:
    """Whether the source of a string is so long that it may be a chain of strings."""
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str | bytes):
            return False
    elif not isinstance(node, ast.JoinedStr):
        return False
    rows = (node.end_lineno or node.lineno) - node.lineno
    return rows > 8 or rows + (node.end_col_offset or 0) - node.col_offset > 2 * limit


def _strings_exceed(tokens: Iterable[tokenize.TokenInfo], limit: int) -> bool:
    runs = [0]  # lengths of runs of adjacent strings, one for each enclosing level
    for token in tokens:
        if token.type in _STRING_STARTS:
            runs[-1] += 1
            runs.append(0)
        elif token.type in _STRING_ENDS:
            runs.pop()
        elif token.type == tokenize.STRING:
            runs[-1] += 1
        elif token.type not in _BETWEEN_STRINGS:
            runs[-1] = 0
        if sum(runs) > limit:
            return True
    return False


def _pattern_levels(tokens: Iterable[tokenize.TokenInfo]) -> int:
    """The maximum bracket depth in a line that begins with ``case``."""
    most = levels = 0
    begins, is_case = True, False
    for token in tokens:
        if begins and token.type not in _BEFORE_STATEMENTS:
            begins, is_case, levels = False, token.string == "case", 0
        begins = begins or token.type == tokenize.NEWLINE
        if is_case and token.type == tokenize.OP:
            levels += _LEVELS.get(token.string, 0)
            most = max(most, levels)
    return most
