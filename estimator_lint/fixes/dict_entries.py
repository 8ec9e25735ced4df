"""The entries of dicts in a source: in displays, item assignments and keywords."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.source_index import SourceIndex

#: Calls that make a dict from their keywords, or put them into one.
_TAKES_KEYWORDS = frozenset({"dict", "update"})


@dataclass(frozen=True)
class DictEntry:
    """A key as written, with its value."""

    key: ast.expr | ast.keyword
    value: ast.expr

    def rename(self, index: SourceIndex, name: str) -> Edit | None:
        """An edit that renames the key of the entry; None if the key is not a plain string."""
        if isinstance(self.key, ast.keyword):
            line, column = index.start(self.key)
            return Edit(line, column, line, column + len(self.key.arg or ""), name)
        quote = index.text(self.key)[:1]
        if quote not in ("'", '"') or index.text(self.key).count(quote) != 2:
            return None
        return index.replace(self.key, f"{quote}{name}{quote}")


def entries_of(index: SourceIndex, scope: ast.AST, name: str) -> Iterator[DictEntry]:
    """The entries with a string key that a part of a source fills in, in source order."""
    for node in index.inside(scope):
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == name:
                        yield DictEntry(key, value)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Subscript):
                        key = target.slice
                        if isinstance(key, ast.Constant) and key.value == name:
                            yield DictEntry(key, value)
            case ast.Call(func=func, keywords=keywords) if _takes_keywords(func):
                for keyword in keywords:
                    if keyword.arg == name:
                        yield DictEntry(keyword, keyword.value)


def keys_in(index: SourceIndex, scope: ast.AST) -> set[str]:
    """All strings in a part of a source: a key that is not among them is in none of its dicts."""
    return {
        node.value
        for node in index.inside(scope)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _takes_keywords(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in _TAKES_KEYWORDS
