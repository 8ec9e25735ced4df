"""Why a site of published code is on no path of a model function that the linter evaluates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.specs import SPEC_CLASSES
from estimator_lint.tensorflow_api.symbols import is_tensorflow

AnyFunction: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

#: Methods of a head, with which an Estimator's model function makes its spec.
HEAD_METHODS = frozenset(
    {
        "create_estimator_spec",
        "_create_tpu_estimator_spec",
        "create_tpu_estimator_spec",
        "create_model_fn_ops",
    }
)


def why_out_of_reach(
    path: str, source: SourceFile, call: ast.Call, functions: set[AnyFunction]
) -> str:
    """One reason, in words, the first that holds."""
    around = list(_around(source.tree, call))
    inside = [node for node in around if isinstance(node, AnyFunction)]
    classes = [node for node in around if isinstance(node, ast.ClassDef)]
    name = next((node.name for node in reversed(inside) if isinstance(node, ast.FunctionDef)), "")
    if _is_test(path):
        return "a test of the package makes it, outside of a model function"
    if any(node.name in SPEC_CLASSES for node in classes):
        return "the spec class itself makes it"
    if not is_tensorflow(_import_path(source, call.func)):
        return "its class does not come from TensorFlow by an import of the file"
    if functions.intersection(inside):
        return "in a model function, but no path comes there"
    if any(getattr(node, "name", "") in HEAD_METHODS for node in inside):
        return "in a head's method"
    if not inside:
        return "at the top level of a module"
    calls_it = _mentioned_elsewhere(source.tree, name, inside)
    if classes and not calls_it:
        return "in a method that only another file, or nobody, calls"
    if classes:
        return "in a method that no model function of the file calls"
    if calls_it:
        return "in a function that no model function of the file calls"
    return "in a function that only another file calls, or gives to an Estimator"


def _is_test(path: str) -> bool:
    parts = path.split("/")
    file = parts[-1]
    return file.startswith("test_") or file.endswith("_test.py") or "testing" in parts


def _around(tree: ast.Module, wanted: ast.AST) -> Iterator[ast.AST]:
    """The nodes around ``wanted``, the outermost first."""
    pending: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while pending:
        node, parents = pending.pop()
        if node is wanted:
            yield from parents
            return
        pending += [(child, (*parents, node)) for child in ast.iter_child_nodes(node)]


def _import_path(source: SourceFile, node: ast.expr) -> str:
    """The dotted import path of the object that ``node`` names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    bindings = source.imports.get(node.id, [""])
    return ".".join([bindings[0], *reversed(parts)])


def _mentioned_elsewhere(tree: ast.Module, name: str, inside: list[AnyFunction]) -> bool:
    """Whether the file reads ``name`` outside of the functions ``inside``."""
    own = {id(node) for function in inside for node in ast.walk(function)}
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(tree)
        if id(node) not in own
    )
