"""Functions, classes and modules, as the source has them.

Whether a name of a function is local, global or nonlocal is decided by the function's text before
evaluation, by Python's own rules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.project.imports import Project, in_force
from estimator_lint.syntax.effects import Effects, EffectsOfBlocks
from estimator_lint.syntax.known_answers import KnownAnswers
from estimator_lint.syntax.liveness import Liveness
from estimator_lint.syntax.local_bindings import BINDING, LocalBinding, bindings_among, own_nodes
from estimator_lint.syntax.nodes import descendants, final_name, literal_value
from estimator_lint.syntax.object_changes import may_change_objects, names_changed
from estimator_lint.syntax.unread_values import UnreadValues
from estimator_lint.tensorflow_api.tensor_refusals import CONVERTING_DECORATORS

if TYPE_CHECKING:
    from estimator_lint.project.module_index import ModuleIndex
    from estimator_lint.project.modules import Module
    from estimator_lint.syntax.module_bindings import Binding
    from estimator_lint.syntax.pieces import Piece
    from estimator_lint.syntax.source import SourceFile


#: Nodes that say which names a function has, and whether it is a generator.
_TELLING: Final = BINDING | {cst.Global, cst.Nonlocal, cst.Yield}


@dataclass(frozen=True)
class Parameter:
    """A parameter: ``kind`` is positional-only, positional, keyword-only, ``*`` or ``**``."""

    name: str
    kind: str
    default: cst.BaseExpression | None


@dataclass(eq=False)
class FunctionCode:
    """A function or lambda of the source.

    Attributes:
        node: its syntax.
        piece: the piece that contains it.
        module: the names of its module.
        owner: the class whose body contains it.
    """

    node: cst.FunctionDef | cst.Lambda
    piece: Piece
    module: ModuleCode
    owner: ClassCode | None = None

    @property
    def name(self) -> str:
        """The function's name; ``<lambda>`` for a lambda."""
        return self.node.name.value if isinstance(self.node, cst.FunctionDef) else "<lambda>"

    @property
    def qualified_name(self) -> str:
        """Its name, after those of its module and its class."""
        owner = "" if self.owner is None else f"{self.owner.name}."
        return f"{self.module.module.short_name}.{owner}{self.name}"

    @property
    def is_nested(self) -> bool:
        """Whether it is a method of a class that is in a function, over which it closes."""
        return self.owner is not None and self.owner.is_nested

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the order of the signature."""
        return tuple(_parameters(self.node.params))

    @cached_property
    def bindings(self) -> dict[str, list[LocalBinding]]:
        """Every name that the function's own text binds, parameters included."""
        found: dict[str, list[LocalBinding]] = {}
        for parameter in self.parameters:
            found.setdefault(parameter.name, []).append(LocalBinding("parameter", self.node))
        for name, bindings in bindings_among(self._telling_nodes).items():
            found.setdefault(name, []).extend(bindings)
        return found

    @cached_property
    def _telling_nodes(self) -> list[cst.CSTNode]:
        """The nodes of its own scope that bind or declare names, or make it a generator."""
        if type(self.node.body) is cst.Lambda:
            return []
        return [node for node in own_nodes(self.node.body) if type(node) in _TELLING]

    @cached_property
    def global_names(self) -> frozenset[str]:
        """Names declared ``global``."""
        return _declared(cst.Global, self._telling_nodes)

    @cached_property
    def nonlocal_names(self) -> frozenset[str]:
        """Names declared ``nonlocal``."""
        return _declared(cst.Nonlocal, self._telling_nodes)

    @cached_property
    def local_names(self) -> frozenset[str]:
        """The function's local variables."""
        return frozenset(self.bindings) - self.global_names - self.nonlocal_names

    @cached_property
    def is_converted(self) -> bool:
        """Whether a decorator (``@tf.function``) makes AutoGraph convert it and what it calls."""
        if not isinstance(self.node, cst.FunctionDef):
            return False
        names = {final_name(each.decorator) for each in self.node.decorators}
        return bool(names & CONVERTING_DECORATORS)

    @cached_property
    def runs_when_called(self) -> bool:
        """False of a generator or coroutine: a call runs none of its body."""
        if isinstance(self.node, cst.FunctionDef) and self.node.asynchronous is not None:
            return False
        return not self.is_generator

    @cached_property
    def is_generator(self) -> bool:
        """Whether it yields something, or may."""
        return any(type(node) is cst.Yield for node in self._telling_nodes)

    @cached_property
    def may_change_objects(self) -> bool:
        """Whether its text stores something in an object, or calls what may."""
        return may_change_objects(self.node.body)

    @cached_property
    def names_changed(self) -> frozenset[str]:
        """The names of the objects in which its text stores something, or in parts of which."""
        return names_changed(self.node.body)

    @cached_property
    def does_nothing(self) -> bool:
        """Its body is a docstring, ``pass`` or ``...``: the method is meant to be overridden."""
        if isinstance(self.node, cst.Lambda):
            return False
        return all(
            isinstance(small, cst.Pass)
            or (
                isinstance(small, cst.Expr)
                and isinstance(
                    small.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis
                )
            )
            for statement in self.node.body.body
            for small in (
                statement.body if isinstance(statement, cst.SimpleStatementLine) else (statement,)
            )
        )

    @cached_property
    def liveness(self) -> Liveness:
        """Which variables can still be read after which statement."""
        return Liveness(self.node.body)

    @cached_property
    def unread_values(self) -> UnreadValues:
        """Which bindings nothing reads."""
        return UnreadValues(self.node.body)

    @cached_property
    def names_read(self) -> frozenset[str]:
        """Names that occur anywhere in the body, nested functions included."""
        return frozenset(
            node.value for node in descendants(self.node.body) if type(node) is cst.Name
        )

    @cached_property
    def names_rebound_outside(self) -> frozenset[str]:
        """Names of enclosing functions that the body, nested functions included, rebinds."""
        return _declared(cst.Nonlocal, descendants(self.node.body))


def _declared(
    kind: type[cst.Global] | type[cst.Nonlocal], nodes: Iterable[cst.CSTNode]
) -> frozenset[str]:
    """The names in the declarations of a kind among ``nodes``."""
    found = (node for node in nodes if isinstance(node, kind))
    return frozenset(item.name.value for node in found for item in node.names)


@dataclass(eq=False)
class ClassCode:
    """A class of the source; ``is_nested`` says that it is in a function."""

    node: cst.ClassDef
    piece: Piece
    module: ModuleCode
    is_nested: bool = False

    @property
    def name(self) -> str:
        """The class's name."""
        return self.node.name.value

    @cached_property
    def methods(self) -> dict[str, FunctionCode]:
        """The functions that its body defines, by name; the last of a name counts."""
        return {
            name: [self.module.function_at(node, self.piece, self) for node in nodes][-1]
            for name, nodes in self._definitions.items()
        }

    @cached_property
    def bindings(self) -> dict[str, list[LocalBinding]]:
        """Every name that the class's body binds."""
        return bindings_among(own_nodes(self.node.body))

    @cached_property
    def defined_names(self) -> frozenset[str]:
        """The names that the body gives a value; a bare annotation does not."""
        return frozenset(
            name
            for name, bindings in self.bindings.items()
            if any(
                not (isinstance(binding.node, cst.AnnAssign) and binding.value is None)
                for binding in bindings
            )
        )

    @cached_property
    def body(self) -> ClassBody:
        """The code of the body, as that of a function that is run once."""
        self.methods  # noqa: B018 - they are to know their class, whoever asks first
        return ClassBody(
            cst.Lambda(cst.Parameters(), cst.Name("None")), self.piece, self.module, self
        )

    def getter(self, name: str) -> FunctionCode | None:
        """The method that reading the property ``name`` calls, if it has a setter, too."""
        found = self._definitions.get(name, [])
        if len(found) < 2 or not all(_changes_property(node) for node in found[1:]):
            return self.methods.get(name)
        return self.module.function_at(found[0], self.piece, self)

    @cached_property
    def _definitions(self) -> dict[str, list[cst.FunctionDef]]:
        """The functions that the body defines, by their names, in order."""
        found: dict[str, list[cst.FunctionDef]] = {}
        for node in own_nodes(self.node.body):
            if type(node) is cst.FunctionDef:
                found.setdefault(node.name.value, []).append(node)
        return found


def _changes_property(node: cst.FunctionDef) -> bool:
    """Whether a method is decorated by ``@name.setter`` or ``@name.deleter``."""
    return any(
        isinstance(decorator.decorator, cst.Attribute)
        and decorator.decorator.attr.value in ("setter", "deleter")
        for decorator in node.decorators
    )


@dataclass(eq=False)
class ClassBody(FunctionCode):
    """The code of a class's body."""

    @cached_property
    def bindings(self) -> dict[str, list[LocalBinding]]:
        """Every name that the body binds."""
        assert self.owner is not None
        return self.owner.bindings


def _parameters(node: cst.Parameters) -> Iterator[Parameter]:
    for kind, group in (
        ("positional-only", node.posonly_params),
        ("positional", node.params),
    ):
        for param in group:
            yield Parameter(param.name.value, kind, param.default)
    if isinstance(node.star_arg, cst.Param):
        yield Parameter(node.star_arg.name.value, "*", None)
    for param in node.kwonly_params:
        yield Parameter(param.name.value, "keyword-only", param.default)
    if node.star_kwarg is not None:
        yield Parameter(node.star_kwarg.name.value, "**", None)


class ModuleCode:
    """The names of one module, shared by all evaluations of its functions.

    Args:
        source: the linted file.
        project: what it can import from; None: nothing.

    Attributes:
        module: the module; ``source`` is its text.
        project: what it can import from.
        known: what evaluations have found out about its classes.
    """

    def __init__(self, source: SourceFile, project: Project | None = None) -> None:
        self.project = project or Project(source, "")
        self._others: dict[Module, ModuleCode] = {}
        self._stand_for(self.project.linted)

    def of(self, module: Module) -> ModuleCode:
        """The names of another module of the project, the same each time."""
        other = self._others.get(module)
        if other is None:
            other = ModuleCode.__new__(ModuleCode)
            other.project, other._others = self.project, self._others
            other._stand_for(module)
        return other

    def _stand_for(self, module: Module) -> None:
        self._others[module] = self
        self.module = module
        self.source = module.source
        self._functions: dict[cst.CSTNode, FunctionCode] = {}
        self._classes: dict[cst.CSTNode, ClassCode] = {}
        self._effects = EffectsOfBlocks()
        self._literals: dict[cst.CSTNode, object] = {}
        self.known = KnownAnswers(module.source)

    def effects(self, block: cst.CSTNode) -> Effects:
        """What running ``block`` may change."""
        return self._effects.of(block)

    def literal(self, node: cst.CSTNode) -> object:
        """The value of a number or string; None if it contains an f-string."""
        if node not in self._literals:
            self._literals[node] = literal_value(node)
        return self._literals[node]

    def function(self, node: ast.AST, owner: ast.ClassDef | None = None) -> FunctionCode:
        """The code of a function or lambda of the index.

        Raises:
            NotAnalysable: as ``SourceFile.piece_at``.
        """
        piece, counterpart = self.source.counterpart(node)
        assert isinstance(counterpart, cst.FunctionDef | cst.Lambda)
        owning = None if owner is None else self.class_(owner)
        return self.function_at(counterpart, piece, owning)

    def function_at(
        self, node: cst.FunctionDef | cst.Lambda, piece: Piece, owner: ClassCode | None = None
    ) -> FunctionCode:
        """The code of a function or lambda that is in ``piece``, the same each time."""
        code = self._functions.get(node)
        if code is None:
            code = self._functions[node] = FunctionCode(node, piece, self, owner)
        return code

    def class_(self, node: ast.AST) -> ClassCode:
        """The code of a class of the index.

        Raises:
            NotAnalysable: as ``SourceFile.piece_at``.
        """
        piece, counterpart = self.source.counterpart(node)
        assert isinstance(counterpart, cst.ClassDef)
        return self.class_at(counterpart, piece)

    def class_at(self, node: cst.ClassDef, piece: Piece, *, is_nested: bool = False) -> ClassCode:
        """The code of a class that is in ``piece``, the same each time."""
        code = self._classes.get(node)
        if code is None:
            code = self._classes[node] = ClassCode(node, piece, self, is_nested)
        return code

    def binding(self, name: str) -> Binding | None:
        """The binding of ``name``, if it is certain."""
        bindings = in_force(self.module, name)
        return bindings[0] if len(bindings) == 1 else None

    @property
    def index(self) -> ModuleIndex:
        """Answers questions about its text from the index."""
        return self.module.index
