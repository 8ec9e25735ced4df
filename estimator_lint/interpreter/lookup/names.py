"""What a name refers to: a local, a closure variable, a module's name or a builtin.

Evaluation runs neither the module nor the functions that enclose a model function. Their names are
looked up when they are read: a function, a class, an import, or the value assigned to the name if
nothing else binds it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
    UNBOUND,
    Argument,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    ModuleValue,
    SymbolicValue,
    Value,
)
from estimator_lint.facts.trace import UnboundRead
from estimator_lint.interpreter.classes.decorators import (
    decorated,
    decorator_names,
    opaque_decorators,
)
from estimator_lint.interpreter.classes.isolation import (
    assigned_target,
    assigned_value,
    evaluate_in_isolation,
    in_isolation,
    module_level_code,
)
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression_on_path
from estimator_lint.interpreter.lookup.instances import class_of, receiver_of
from estimator_lint.interpreter.lookup.late_reading import read_later
from estimator_lint.project.code import ClassBody, ClassCode, FunctionCode, ModuleCode
from estimator_lint.project.imports import Definition, External, Meaning
from estimator_lint.project.locations import Location
from estimator_lint.syntax.local_bindings import LocalBinding, names_in_target
from estimator_lint.syntax.module_bindings import import_path
from estimator_lint.syntax.pieces import NotAnalysable

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.syntax.module_bindings import Binding

_KEYWORDS: dict[str, Value] = {"None": NONE, "True": TRUE, "False": FALSE}
_BUILTINS = frozenset(dir(builtins))
#: Builtins that have several names.
_OTHER_NAMES = dict.fromkeys(("EnvironmentError", "IOError", "WindowsError"), "OSError")


def scope_of(ev: Evaluator, name: str) -> Scope | None:
    """The function scope that a name of the current function lives in; None: the module's."""
    scope = ev.frame.scope
    while scope is not None:
        if name in scope.names:
            return scope
        if name in scope.code.global_names:
            return None
        scope = scope.parent
    return None


@expression_on_path(cst.Name)
def _evaluate_name(ev: Evaluator, node: cst.Name, state: State) -> list[Result]:
    name = node.value
    if name in _KEYWORDS:
        return [(_KEYWORDS[name], state)]
    scope = scope_of(ev, name)
    if scope is None:
        return [(module_value(ev, ev.frame.code.module, name), state)]
    value = state.variable(scope, name)
    if value is None:
        value = _context_value(ev, scope, name) if scope.is_context else UNBOUND
    if value is UNBOUND:
        read = UnboundRead(ev.place(node), name, state.doubts, passed=state.passed)
        ev.trace.unbound_reads.append(read)
        # For a variable of an enclosing function, Python raises the base class.
        own = scope.code is ev.frame.code
        results = ev.fails(state, "UnboundLocalError" if own else "NameError", read)
        ev.trace.instead_of_unbound |= {
            value.number for value, _ in results if isinstance(value, SymbolicValue)
        }
        return results
    ev.trace.bound_reads.add(node)
    if type(value) is LazyItems:
        return [(read_later(ev, value, scope, node, state), state)]
    return [(value, state)]


def module_value(ev: Evaluator, module: ModuleCode, name: str) -> Value:
    """The value of a global name of ``module``."""
    key = ("global", id(module), name)
    known = ev.bottom.entries.get(key)
    if known is None:
        ev.bottom.entries[key] = unknown_global(ev, module, name)  # for a circle, meanwhile
        known = ev.bottom.entries[key] = _module_value(ev, module, name)
    return known  # type: ignore[return-value]


def global_values(
    ev: Evaluator, module: ModuleCode, names: Collection[str] | None
) -> Iterator[Value]:
    """The values of global names of ``module``; without ``names``, of those read until now."""
    if names is None:
        start = ("global", id(module))
        names = [key[2] for key in ev.bottom.entries if key[:2] == start]  # type: ignore[misc]
    for name in sorted(names):
        yield module_value(ev, module, name)


def unknown_global(ev: Evaluator, module: ModuleCode, name: str) -> SymbolicValue:
    """The value of a global name of ``module`` that may be anything."""
    value = ev.symbolic_value("global", id(module), name)
    ev.module_names.add(value.number)
    return value


def _module_value(ev: Evaluator, module: ModuleCode, name: str) -> Value:
    unknown = unknown_global(ev, module, name)
    meaning = module.project.named(module.module, name)
    if meaning is None and name in _BUILTINS and not module.module.bindings(name):
        return Constant(...) if name == "Ellipsis" else BuiltinValue(_OTHER_NAMES.get(name, name))
    if meaning != Definition(module.module, name):
        return meant(ev, module, meaning) or unknown
    binding = module.binding(name)
    is_changed = binding is None or (binding.kind == "assign" and module.index.changes(name))
    if is_changed and module.index.changes_on_import(name):
        ev.fixed_names.add(unknown.number)
    if binding is None:
        return unknown
    if module.index.replaces(name):
        return ev.symbolic_value("replaced", id(module), name, imprecise=True)
    try:
        match binding.kind:
            case "def":
                return defined_function(ev, module.function(binding.node), None)
            case "class":
                return defined_class(ev, module.class_(binding.node))
            case "assign" if not is_changed:
                return _assigned_at_module_level(ev, module, name, binding) or unknown
    except NotAnalysable:
        pass
    return unknown


def module_definition(module: ModuleCode, name: str) -> FunctionCode | None:
    """The function of ``module`` that a global name of it refers to."""
    is_own = module.project.named(module.module, name) == Definition(module.module, name)
    binding = module.binding(name) if is_own else None
    if binding is None or binding.kind != "def":
        return None
    try:
        return module.function(binding.node)
    except NotAnalysable:
        return None


def meant(ev: Evaluator, module: ModuleCode, meaning: Meaning) -> Value | None:
    """The value that an import refers to; None if unknown."""
    match meaning:
        case External(path=path):
            return ev.symbol(path)
        case Location():
            return ModuleValue(meaning)
        case Definition():
            return module_value(ev, module.of(meaning.module), meaning.name)
        case _:
            return None


def imported(ev: Evaluator, module: ModuleCode, path: str) -> Value:
    """The value that an import in ``module`` binds to a name; ``path`` is the imported path."""
    value = meant(ev, module, module.project.imported(module.module, path))
    return value or ev.symbolic_value("import", id(module), path, symbol=path)


def dotted_value(ev: Evaluator, module: ModuleCode, node: cst.BaseExpression) -> Value | None:
    """The value of a global name of ``module``, or of an attribute of a module that it imports."""
    match node:
        case cst.Name(value=name):
            return module_value(ev, module, name)
        case cst.Attribute(value=inner, attr=cst.Name(value=name)):
            base = dotted_value(ev, module, inner)
            if isinstance(base, ModuleValue):
                return module_attribute(ev, module, base, name)
            if isinstance(base, SymbolicValue) and base.symbol is not None:
                return ev.symbol(f"{base.symbol}.{name}")
    return None


def unknown_in_module(ev: Evaluator, base: ModuleValue, name: str) -> SymbolicValue:
    """The value of a name in a module of the project that may be anything."""
    return ev.symbolic_value("module attribute", base.location, name)


def module_attribute(ev: Evaluator, module: ModuleCode, base: ModuleValue, name: str) -> Value:
    """The value of a name in a module of the project."""
    unknown = unknown_in_module(ev, base, name)
    if module.index.stores_attribute(name):
        return unknown  # it may replace the module's own
    return meant(ev, module, module.project.attribute(base.location, name)) or unknown


def _assigned_at_module_level(
    ev: Evaluator, module: ModuleCode, name: str, binding: Binding
) -> Value | None:
    assert isinstance(binding.node, ast.Assign | ast.AnnAssign)
    piece = module.source.piece_at(binding.node.lineno)
    frame = Frame(None, module_level_code(module, piece))
    for statement in piece.module.body:
        for small in getattr(statement, "body", ()):
            target = assigned_target(small)
            if target is not None and name in names_in_target(target):
                value = assigned_value(ev, frame, name, target, small.value)
                # The name tells more of it, in all modes.
                return None if ev.is_unknown(value) else value
    return None


def _context_value(ev: Evaluator, scope: Scope, name: str) -> Value:
    """The value of a variable of a function that encloses the model function."""
    key = ("variable", scope, name)
    known = ev.bottom.entries.get(key)
    if known is None:
        ev.bottom.entries[key] = ev.symbolic_value("context", scope.identity, name)
        known = ev.bottom.entries[key] = _find_context_value(ev, scope, name)
    return known  # type: ignore[return-value]


def _find_context_value(ev: Evaluator, scope: Scope, name: str) -> Value:
    unknown = ev.symbolic_value("context", scope.identity, name)
    bindings = scope.code.bindings.get(name, [])
    if len(bindings) != 1:
        return unknown
    binding = bindings[0]
    match binding.kind:
        case "parameter":
            return receiver_value(ev, scope.code, name) or unknown
        case "def":
            assert isinstance(binding.node, cst.FunctionDef)
            owner = scope.code.owner if isinstance(scope.code, ClassBody) else None
            code = scope.code.module.function_at(binding.node, scope.code.piece, owner)
            return defined_function(ev, code, scope)
        case "class":
            assert isinstance(binding.node, cst.ClassDef)
            return ClassValue(
                scope.code.module.class_at(binding.node, scope.code.piece, is_nested=True)
            )
        case "import":
            return imported_value(ev, scope.code.module, binding, name) or unknown
        case "assign":
            target = assigned_target(binding.node)
            if target is not None and binding.value is not None:
                frame = Frame(scope, scope.code)
                return assigned_value(ev, frame, name, target, binding.value) or unknown
    return unknown


def receiver_value(ev: Evaluator, code: FunctionCode, name: str) -> Value | None:
    """The ``self`` or ``cls`` of a method; None of other parameters, and of functions."""
    if (
        code.owner is None
        or not code.parameters
        or code.parameters[0].name != name
        or not code.parameters[0].kind.startswith("positional")
    ):
        return None
    decorators = decorator_names(code)
    if "staticmethod" in decorators:
        return None
    receiver = receiver_of(ev, code)
    return class_of(ev, receiver) if "classmethod" in decorators else receiver


def class_level_value(ev: Evaluator, code: ClassCode, name: str) -> Value | None:
    """What the body of a class assigns to ``name``; None if unknown."""
    bindings = code.bindings.get(name, [])
    if len(bindings) != 1 or code.is_nested:
        return None
    binding = bindings[0]
    match binding.kind:
        case "class":
            assert isinstance(binding.node, cst.ClassDef)
            return defined_class(ev, code.module.class_at(binding.node, code.piece))
        case "import":
            return imported_value(ev, code.module, binding, name)
        case "assign":
            target = assigned_target(binding.node)
            if target is None or binding.value is None:
                return None
            names = frozenset(code.bindings)
            scope = Scope(("class", id(code)), names, code.body, is_context=True)
            frame = Frame(scope, code.body)
            return assigned_value(ev, frame, name, target, binding.value, lasting=True)
    return None


def imported_value(
    ev: Evaluator, module: ModuleCode, binding: LocalBinding, name: str
) -> Value | None:
    """What an import statement inside a function binds ``name`` to."""
    for bound, path in imported_names(binding.node):
        if bound == name:
            return imported(ev, module, path)
    return None


def imported_names(node: cst.CSTNode) -> list[tuple[str, str]]:
    """The names that an import statement binds, each with the dotted path that it refers to."""
    if isinstance(node, cst.Import):
        return [
            (alias.evaluated_alias, alias.evaluated_name)
            if alias.evaluated_alias
            else (alias.evaluated_name.split(".")[0], alias.evaluated_name.split(".")[0])
            for alias in node.names
        ]
    if isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar):
        module = "." * len(node.relative) + _dotted(node.module)
        return [
            (
                alias.evaluated_alias or alias.evaluated_name,
                import_path(module, alias.evaluated_name),
            )
            for alias in node.names
        ]
    return []


def _dotted(node: cst.CSTNode | None) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def defined_function(ev: Evaluator, code: FunctionCode, scope: Scope | None) -> Value:
    """The function that a ``def`` outside of the evaluated code creates.

    Its defaults are looked up at the call; with a decorator that may change the call, it is
    unknown.
    """
    function = FunctionValue(code, scope)
    if not opaque_decorators(code):
        return function
    frame = Frame(
        scope, module_level_code(code.module, code.piece) if scope is None else scope.code
    )
    made = in_isolation(ev, frame, lambda state: decorated(ev, code, [(function, state)]))
    return made or ev.symbolic_value("decorated", id(code), not_none=True)


def defined_class(ev: Evaluator, code: ClassCode) -> Value:
    """The class that a statement outside of the evaluated code creates.

    A decorator of the file may return something else; one of a library is assumed to return the
    class.
    """
    value = ClassValue(code)
    for decorator in code.node.decorators:
        node = decorator.decorator
        function = evaluate_in_isolation(ev, Frame(None, code.body), node)
        if isinstance(function, FunctionValue):
            state = State(Layer(ev.bottom, {}))
            with ev.aside(Frame(None, code.body)), ev.collecting_exits():
                results = ev.call(function, [Argument(value)], node, state)
            if any(made != value for made, _ in results):
                return ev.symbolic_value("decorated class", id(code))
    return value
