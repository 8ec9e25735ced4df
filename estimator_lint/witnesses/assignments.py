"""The assignments to a variable, an attribute or an entry, and the modes that run them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import descendants
from estimator_lint.witnesses.calls import function_around
from estimator_lint.witnesses.holders import Holder, HolderKind, bound_by, changes, is_plain

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.syntax.pieces import Piece
    from estimator_lint.tensorflow_api.modes import Mode

_Function: TypeAlias = "cst.FunctionDef | cst.Lambda"

#: Their bodies are searched for themselves.
_FUNCTIONS = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})
_SKIPPING = (cst.For, cst.While, cst.Try, cst.TryStar, cst.Match)


@dataclass(frozen=True)
class Assignment:
    """A statement that assigns to a variable, an attribute or an entry.

    Attributes:
        target: the target as written; for a display, the entry.
        statement: the small statement, or the statement with a block.
        value: the expression, if only this target gets its value.
        modes: the modes in which some path reaches the statement.
        deletes: it removes the value: a ``del``, the end of an ``except ... as``, a container
            without that entry.
        may_be_skipped: it is in a loop, a ``try`` or a ``match``.
        elsewhere: it is not in the function that reads.
    """

    target: cst.CSTNode
    statement: cst.CSTNode
    value: cst.BaseExpression | None
    modes: frozenset[Mode]
    deletes: bool = False
    may_be_skipped: bool = False
    elsewhere: bool = False


class Assignments:
    """The assignments in a model function and in what it calls; looked for once for each holder."""

    def __init__(self, traces: FunctionTraces) -> None:
        self._traces = traces
        self._found: dict[tuple[Holder, _Function | None], list[Assignment]] = {}
        self._statements = ChangingStatements()

    def to(self, holder: Holder, place: Place) -> list[Assignment]:
        """The assignments that a read at ``place`` may see, function by function.

        Those of the function around ``place`` come last, in the order of the text.
        """
        here = function_around(place.piece, place.node)
        if (holder, here) not in self._found:
            self._found[holder, here] = [
                assignment
                for function in _functions(holder, place, here, self._traces)
                for node in self._statements.of(function.body, holder, place.piece.module)
                for assignment in self._by(node, holder, place, elsewhere=function is not here)
            ]
        return self._found[holder, here]

    def _by(
        self, node: cst.CSTNode, holder: Holder, place: Place, *, elsewhere: bool
    ) -> Iterator[Assignment]:
        """The assignments to a holder by a statement."""
        for target, value, deletes in changes(holder, node, place.piece.module):
            modes = {
                mode
                for mode, trace in self._traces.traces.items()
                if ran(node, place.piece, trace.ran)
            }
            skipped = any(isinstance(outer, _SKIPPING) for outer in place.piece.around(node))
            yield Assignment(target, node, value, frozenset(modes), deletes, skipped, elsewhere)


def _functions(
    holder: Holder, place: Place, here: _Function | None, traces: FunctionTraces
) -> list[_Function]:
    """The functions that may assign to what the function ``here`` reads."""
    if here is None:
        return []
    parameters = parameter_names(here)
    if holder.kind is HolderKind.ATTRIBUTE and parameters[:1] == [holder.base]:
        called = {
            function: None
            for trace in traces.traces.values()
            for function in trace.calls
            if function is not here
            and isinstance(function, cst.FunctionDef)
            and place.piece.holds(function)
            and parameter_names(function)[:1] == [holder.base]
        }
        return [*called, here]
    return [here]


def parameter_names(function: _Function) -> list[str]:
    """The names of a function's parameters that accept positional arguments."""
    parameters = function.params
    return [each.name.value for each in (*parameters.posonly_params, *parameters.params)]


def ran(node: cst.CSTNode, piece: Piece, statements: set[cst.CSTNode]) -> bool:
    """Whether a statement, or the one that contains a small statement, is one of these."""
    for each in (node, *piece.around(node)):
        if each in statements:
            return True
        if isinstance(each, cst.BaseSuite):
            return False
    return False


class ChangingStatements:
    """The statements of functions, by the holders, and the sources of the containers, they change.

    Without this, each step of an explanation would walk over the whole function.
    """

    def __init__(self) -> None:
        self._found: dict[cst.CSTNode, dict[Hashable, dict[int, cst.CSTNode]]] = {}

    def of(self, body: cst.CSTNode, holder: Holder, module: cst.Module) -> list[cst.CSTNode]:
        """Those in ``body`` that may change ``holder``, in the order of the text."""
        if body not in self._found:
            self._found[body] = _by_what_they_change(body, module)
        found = self._found[body]
        statements = found.get(holder, {})
        if holder.kind is HolderKind.ENTRY:
            statements = statements | found.get(holder.base, {})
        return [statements[at] for at in sorted(statements)]


def _by_what_they_change(
    body: cst.CSTNode, module: cst.Module
) -> dict[Hashable, dict[int, cst.CSTNode]]:
    found: dict[Hashable, dict[int, cst.CSTNode]] = {}
    for at, node in enumerate(descendants(body, _FUNCTIONS)):
        for changed in _changed_by(node, module):
            found.setdefault(changed, {})[at] = node
    return found


def _changed_by(node: cst.CSTNode, module: cst.Module) -> Iterator[Hashable]:
    """The holders that a statement binds, and the sources of containers that it may change."""
    for target, _ in bound_by(node):
        holder = Holder.read_by(target, module)
        if holder is not None:
            yield holder
        if is_plain(target):
            yield source_of(target, module)
    if isinstance(node, cst.Expr | cst.Assign) and isinstance(node.value, cst.Call):
        function = node.value.func
        if isinstance(function, cst.Attribute) and is_plain(function.value):
            yield source_of(function.value, module)
