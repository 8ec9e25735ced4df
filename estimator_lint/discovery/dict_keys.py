"""The keys, and the constants, of a dict that is written out in a file."""

from __future__ import annotations

import ast

from estimator_lint.discovery.definitions import Definitions, Scope, is_builtin, look_up
from estimator_lint.discovery.handed_on import is_handed_on


def keys_of_dict(
    definitions: Definitions, node: ast.AST, scope: Scope, hops: int
) -> frozenset[str] | None:
    """The keys of the dict that an expression denotes, if all of them are known strings.

    ``hops`` bounds how many names are followed.
    """
    keys: list[str] = []
    is_pythons = is_builtin(scope, "dict")
    match node:
        case ast.Dict(keys=nodes, values=given):
            for key, value in zip(nodes, given, strict=True):
                unpacked = key is None
                inner = keys_of_dict(definitions, value, scope, hops) if unpacked else _string(key)
                if inner is None:
                    return None
                keys += inner
            return frozenset(keys)
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if is_pythons:
            return _keys_of_keywords(definitions, keywords, scope, hops)
        case ast.Call(func=ast.Name(id="dict"), args=[start], keywords=keywords) if is_pythons:
            begun = keys_of_dict(definitions, start, scope, hops)
            added = _keys_of_keywords(definitions, keywords, scope, hops)
            return None if begun is None or added is None else begun | added
        case ast.Name(id=name) if hops:
            values, certain = look_up(scope, name)
            if certain and not is_handed_on(definitions, scope, name, hops):
                return keys_of_dict(definitions, *values[0], hops - 1)
    return None


def constants_in_dict(
    definitions: Definitions, node: ast.AST, scope: Scope, hops: int
) -> dict[str, str]:
    """The constants that a dict certainly has, as source, by their keys; as ``keys_of_dict``."""
    pairs: list[tuple[ast.expr | None, ast.expr]] = []
    is_pythons = is_builtin(scope, "dict")
    match node:
        case ast.Dict(keys=nodes, values=given):
            pairs = list(zip(nodes, given, strict=True))
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if is_pythons:
            pairs = [(ast.Constant(one.arg) if one.arg else None, one.value) for one in keywords]
        case ast.Name(id=name) if hops:
            values, certain = look_up(scope, name)
            if certain and not is_handed_on(definitions, scope, name, hops):
                return constants_in_dict(definitions, *values[0], hops - 1)
    found: dict[str, str] = {}
    for key, value in pairs:
        if key is None:
            keys = keys_of_dict(definitions, value, scope, hops)
            found = {} if keys is None else {one: found[one] for one in found if one not in keys}
            found.update(constants_in_dict(definitions, value, scope, hops))
        elif not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            found = {}  # it may be any key
        elif isinstance(value, ast.Constant):
            found[key.value] = ast.unparse(value)
        else:
            found.pop(key.value, None)
    return found


def _keys_of_keywords(
    definitions: Definitions, keywords: list[ast.keyword], scope: Scope, hops: int
) -> frozenset[str] | None:
    keys: set[str] = set()
    for keyword in keywords:
        if keyword.arg is None:
            inner = keys_of_dict(definitions, keyword.value, scope, hops)
        else:
            inner = frozenset({keyword.arg})
        if inner is None:
            return None
        keys |= inner
    return frozenset(keys)


def _string(node: ast.expr | None) -> frozenset[str] | None:
    """The value of a string literal as a key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return frozenset({node.value})
    return None
