"""The names that the text of a function or class binds, and the nodes that bind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from estimator_lint.syntax.nodes import descendants

#: Nodes that may bind a name.
BINDING: frozenset[type] = frozenset(
    {
        cst.FunctionDef,
        cst.ClassDef,
        cst.Assign,
        cst.AnnAssign,
        cst.AugAssign,
        cst.For,
        cst.NamedExpr,
        cst.WithItem,
        cst.ExceptHandler,
        cst.ExceptStarHandler,
        cst.Del,
        cst.Import,
        cst.ImportFrom,
        cst.MatchAs,
        cst.MatchStar,
        cst.MatchMapping,
        cst.TypeAlias,
    }
)
#: Nodes with a scope of their own.
OWN_SCOPE: frozenset[type] = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})


@dataclass(frozen=True)
class LocalBinding:
    """One place where a function binds a name; ``value`` only for a plain assignment."""

    kind: str
    node: cst.CSTNode
    value: cst.BaseExpression | None = None


def own_nodes(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes that belong to the scope of ``body`` itself."""
    return descendants(body, OWN_SCOPE)


def bindings_below(body: cst.CSTNode) -> Iterator[tuple[str, LocalBinding]]:
    """The names bound in the scope of ``body``, with their bindings."""
    if isinstance(body, cst.Lambda):
        return
    for node in own_nodes(body):
        if type(node) in BINDING:
            yield from bindings_at(node)


def bindings_among(nodes: Iterable[cst.CSTNode]) -> dict[str, list[LocalBinding]]:
    """Every name that nodes bind, with its bindings."""
    found: dict[str, list[LocalBinding]] = {}
    for node in nodes:
        if type(node) in BINDING:
            for name, binding in bindings_at(node):
                found.setdefault(name, []).append(binding)
    return found


def bindings_at(node: cst.CSTNode) -> Iterator[tuple[str, LocalBinding]]:
    """The names that a node itself binds."""
    match node:
        case cst.FunctionDef(name=cst.Name(value=name)):
            yield name, LocalBinding("def", node)
        case cst.ClassDef(name=cst.Name(value=name)):
            yield name, LocalBinding("class", node)
        case cst.Assign(targets=[cst.AssignTarget(target=target)], value=value):
            for name in names_in_target(target):
                yield name, LocalBinding("assign", node, value)
        case cst.Assign(targets=targets):
            for assigned in targets:
                yield from _targets(assigned.target, node)
        case cst.AnnAssign(target=cst.Name(value=name), value=value):
            # A bare annotation makes the name local, too.
            yield name, LocalBinding("assign" if value is not None else "other", node, value)
        case cst.AugAssign() | cst.For() | cst.NamedExpr() | cst.Del():
            yield from _targets(node.target, node)
        case cst.WithItem(asname=cst.AsName(name=target)):
            yield from _targets(target, node)
        case (
            cst.ExceptHandler(name=cst.AsName(name=target))
            | cst.ExceptStarHandler(name=cst.AsName(name=target))
        ):
            yield from _targets(target, node)
        case cst.Import(names=names) | cst.ImportFrom(names=names) if not isinstance(
            names, cst.ImportStar
        ):
            for alias in names:
                name = alias.evaluated_alias or alias.evaluated_name.split(".")[0]
                yield name, LocalBinding("import", node)
        case cst.MatchAs(name=cst.Name(value=name)) | cst.MatchStar(name=cst.Name(value=name)):
            yield name, LocalBinding("other", node)
        case cst.MatchMapping(rest=cst.Name(value=name)):
            yield name, LocalBinding("other", node)
        case cst.TypeAlias(name=cst.Name(value=name)):
            yield name, LocalBinding("other", node)
        case _:
            pass


def _targets(target: cst.CSTNode, node: cst.CSTNode) -> Iterator[tuple[str, LocalBinding]]:
    for name in names_in_target(target):
        yield name, LocalBinding("other", node)


def names_in_target(target: cst.CSTNode) -> Iterator[str]:
    """The plain names in an assignment target."""
    match target:
        case cst.Name(value=name):
            yield name
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from names_in_target(element.value)
        case _:
            pass


def comprehension_targets(node: cst.CSTNode) -> frozenset[str]:
    """The names that the ``for`` clauses of a comprehension bind."""
    names: set[str] = set()
    clause = getattr(node, "for_in", None)
    while isinstance(clause, cst.CompFor):
        names.update(name for name, _ in _targets(clause.target, clause))
        clause = clause.inner_for_in
    return frozenset(names)


def assigns_within(node: cst.CSTNode) -> bool:
    """Whether some expression in ``node`` assigns a variable, by ``:=``."""
    return any(isinstance(each, cst.NamedExpr) for each in descendants(node))
