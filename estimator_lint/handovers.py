"""How functions come to Estimators: what a file gives to their constructors.

Values are followed from the constructor's argument back to functions, through
names, attributes, conditional expressions, ``functools.partial``, builders,
instances with a ``__call__``, and the decorators that the file defines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from estimator_lint.definitions import (
    AnyFunction,
    Definitions,
    Scope,
    does_nothing,
    look_up,
)
from estimator_lint.settings import Settings
from estimator_lint.signatures import Signature, signature_of
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.results import returns_not_none
from estimator_lint.tensorflow_api.symbols import estimator_class
from estimator_lint.tensorflow_api.tpu import ON_TPU

#: How far aliases, partials and builders are followed from an Estimator's argument.
MAX_HOPS = 8

#: For each Estimator whose class is not known to be TensorFlow's.
UNKNOWN_ESTIMATOR = "?"

#: The leading parameters of the classes of Estimators, by
#: ``tensorflow_estimator/python/estimator/estimator.py`` and ``tpu/tpu_estimator.py`` (2.15.1);
#: those from the fifth on are TPUEstimator's.
_CONSTRUCTOR_PARAMETERS = (
    "model_fn",
    "model_dir",
    "config",
    "params",
    "use_tpu",
    "train_batch_size",
    "eval_batch_size",
    "predict_batch_size",
    "batch_axis",
    "eval_on_tpu",
)


@dataclass(frozen=True)
class Given:
    """A callable that an expression may be, made of a function of the file.

    Attributes:
        function: the function that is a model function, if the callable is one.
        signature: what the callable takes; None where that is not known.
        own_signature: what the function itself takes in the same place.
        wrapped_by: the decorator from whose wrapper the signature is.
        certain: the expression is this and nothing else.
    """

    function: AnyFunction
    signature: Signature | None
    own_signature: Signature
    wrapped_by: ast.expr | None = None
    certain: bool = True


@dataclass(frozen=True)
class Handover:
    """An Estimator's construction with a function.

    Attributes:
        estimator: the class of the Estimator; None where there is no construction,
            and only a decorator says that the function is a model function.
        given: what is given to the constructor.
        node: the constructor's argument, or the function.
        params: the constructor's argument ``params``.
        gives_params: whether that is not None; None where it is not known.
        on_tpu: of a TPUEstimator the modes that it certainly runs on a TPU, if at all.
    """

    estimator: str | None
    given: Given
    node: ast.AST
    params: ast.AST | None = None
    gives_params: bool | None = False
    on_tpu: frozenset[Mode] = frozenset()


@dataclass(frozen=True)
class Construction:
    """An Estimator's construction, whatever its model function is; as in ``Handover``."""

    estimator: str
    node: ast.AST
    params: ast.AST | None
    gives_params: bool | None
    on_tpu: frozenset[Mode]

    def with_(self, given: Given) -> Handover:
        """The construction with a function."""
        return Handover(
            self.estimator, given, self.node, self.params, self.gives_params, self.on_tpu
        )


def find_handovers(
    definitions: Definitions, settings: Settings
) -> dict[AnyFunction, list[Handover]]:
    """For each function that the file gives to Estimators, or marks, how it does so."""
    finder = Finder(definitions, settings)
    found: dict[AnyFunction, list[Handover]] = {}
    for handover in (*finder.handovers(), *finder.marked()):
        found.setdefault(handover.given.function, []).append(handover)
    return found


class Finder:
    """Finds what the file gives to Estimators, and the functions that expressions may be."""

    def __init__(self, definitions: Definitions, settings: Settings) -> None:
        self._definitions = definitions
        self._settings = settings

    def handovers(self) -> Iterator[Handover]:
        """What the constructors of Estimators are given."""
        for construction, scope in self.constructions():
            for given in self.callables(construction.node, scope, MAX_HOPS):
                yield construction.with_(given)

    def constructions(self) -> Iterator[tuple[Construction, Scope]]:
        """The constructions of Estimators with a model function, each with its scope."""
        for call, scope in self._definitions.calls:
            estimator = self._estimator_called(call, scope)
            if estimator is None:
                continue
            arguments = _arguments(call, by_position=estimator != UNKNOWN_ESTIMATOR)
            model_fn = arguments.get("model_fn")
            if model_fn is None:
                continue
            params = arguments.get("params")
            gives_params = self._is_given(params, scope) if params or _is_closed(call) else None
            on_tpu = _on_tpu(arguments, call) if estimator == "TPUEstimator" else frozenset()
            node = _value(model_fn)
            yield Construction(estimator, node, params, gives_params, on_tpu), scope

    def marked(self) -> Iterator[Handover]:
        """The functions that a decorator marks as model functions."""
        for function, scope in self._definitions.scopes.items():
            if self.is_marked(function):
                bound = self._definitions.owners[function] is not None
                given = self._decorated(function, scope, MAX_HOPS, bound)
                yield Handover(None, given, function)

    def is_marked(self, function: AnyFunction) -> bool:
        """Whether a decorator says that it is a model function."""
        return any(self._marks(decorator) for decorator in _decorators(function))

    def _marks(self, decorator: ast.expr) -> bool:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return _last_name(called) in self._settings.decorators

    # Which calls construct Estimators, with what

    def _estimator_called(self, call: ast.Call, scope: Scope) -> str | None:
        path = self._definitions.path(call.func)
        kind = None if path is None else estimator_class(path)
        if kind is None and _is_super_init(call.func):
            kind = self._base_of(scope.owner)
        if kind is not None:
            return kind
        if not any(keyword.arg == "model_fn" for keyword in call.keywords):
            return None
        if _is_super_init(call.func):
            return UNKNOWN_ESTIMATOR
        return UNKNOWN_ESTIMATOR if _last_name(call.func).endswith("Estimator") else None

    def _base_of(self, owner: ast.ClassDef | None) -> str | None:
        """The class of Estimators that a class is derived from, if that is all it is."""
        if owner is None or len(owner.bases) != 1:
            return None
        path = self._definitions.path(owner.bases[0])
        return None if path is None else estimator_class(path)

    def _is_given(self, params: ast.AST | None, scope: Scope) -> bool | None:
        """Whether ``params`` is not None."""
        return False if params is None else self._is_not_none(_value(params), scope, MAX_HOPS)

    def _is_not_none(self, node: ast.AST, scope: Scope, hops: int) -> bool | None:
        match node:
            case ast.Constant(value=value):
                return value is not None
            case ast.Dict() | ast.DictComp() | ast.List() | ast.Tuple():
                return True
            case ast.Call(func=ast.Name(id="dict")):
                return True
            case ast.Call(func=ast.Name(id=name)) if name in self._definitions.classes:
                return True
            case ast.Call(func=called):
                path = self._definitions.path(called)
                return True if path is not None and returns_not_none(path) else None
            case ast.Name(id=name) if hops:
                values, certain = look_up(scope, name)
                if certain:
                    return self._is_not_none(*values[0], hops - 1)
        return None

    # What an expression may be

    def callables(self, node: ast.AST, scope: Scope, hops: int) -> Iterator[Given]:
        """The functions that an expression may be, as far as the file tells."""
        if hops == 0:
            return
        match node:
            case ast.Lambda():
                signature = signature_of(node)
                yield Given(node, signature, signature)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield self._decorated(node, scope, hops, bound=False)
            case ast.Name(id=name):
                values, certain = look_up(scope, name)
                for value, where in values:
                    yield from _doubted(self.callables(value, where, hops - 1), not certain)
            case ast.Attribute():
                yield from self._attribute(node, scope, hops)
            case ast.Call(func=called, args=[first, *_]) if (
                self._definitions.path(called) == "functools.partial"
            ):
                for function in self.callables(first, scope, hops - 1):
                    yield replace(function, signature=_filled(function.signature, node))
            case ast.Call(func=ast.Name(id=name)) if name in self._definitions.classes:
                yield from self._method(self._definitions.classes[name], "__call__", hops, True)
            case ast.Call(func=called):
                for builder in self.callables(called, scope, hops - 1):
                    yield from self.returned(builder, hops)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self.callables(body, scope, hops - 1)
                yield from self.callables(orelse, scope, hops - 1)

    def returned(self, builder: Given, hops: int) -> Iterator[Given]:
        """What a builder returns."""
        inner = self._definitions.scopes[builder.function]
        doubtful = not builder.certain or len(inner.returns) != 1
        for returned in inner.returns:
            yield from _doubted(self.callables(returned, inner, hops - 1), doubtful)

    def _attribute(self, node: ast.Attribute, scope: Scope, hops: int) -> Iterator[Given]:
        """A method of ``self``, of a class, or of an instance."""
        doubtful = node.attr in self._definitions.source.attributes_stored
        for owner, is_instance, certain in self._owners(node.value, scope, hops - 1):
            methods = self._method(owner, node.attr, hops, is_instance)
            yield from _doubted(methods, doubtful or not certain)

    def _owners(
        self, node: ast.AST, scope: Scope, hops: int
    ) -> Iterator[tuple[ast.ClassDef | None, bool, bool]]:
        """The classes whose attribute ``node.x`` may be; whether of an instance; certainly so."""
        classes = self._definitions.classes
        match node:
            case ast.Name(id="self" | "cls" as name):
                yield scope.owner, name == "self", True
            case ast.Name(id=name) if name in classes:
                yield classes[name], False, True
            case ast.Call(func=ast.Name(id=name)) if name in classes:
                yield classes[name], True, True
            case ast.Name(id=name) if hops:
                values, sure = look_up(scope, name)
                for value, where in values:
                    for owner, is_instance, certain in self._owners(value, where, hops - 1):
                        yield owner, is_instance, certain and sure

    def _method(
        self, owner: ast.ClassDef | None, name: str, hops: int, is_instance: bool
    ) -> Iterator[Given]:
        method = self._definitions.method(owner, name, hops)
        if method is None:
            return
        decorators = {_last_name(decorator) for decorator in method.decorator_list}
        if decorators & {"property", "cached_property"}:
            yield from self.returned(Given(method, None, signature_of(method)), hops)
            return
        bound = "staticmethod" not in decorators and (is_instance or "classmethod" in decorators)
        scope = self._definitions.scopes[method]
        given = self._decorated(method, scope, hops, bound)
        # What only raises is there to be overridden.
        yield replace(given, certain=given.certain and not _only_raises(method))

    # Decorators

    def _decorated(self, function: AnyFunction, scope: Scope, hops: int, bound: bool) -> Given:
        """What a definition binds its name to; ``bound``: the receiver is filled."""
        signature = signature_of(function)
        given = Given(function, signature, signature)
        for decorator in reversed(_decorators(function)):
            given = self._apply(decorator, given, scope, hops)
        if not bound:
            return given
        own, seen = given.own_signature, given.signature
        return replace(
            given,
            own_signature=own.without_first(1),
            signature=None if seen is None else seen.without_first(1),
        )

    def _apply(self, decorator: ast.expr, given: Given, scope: Scope, hops: int) -> Given:
        """What a decorator makes of a callable."""
        if _last_name(decorator) in ("staticmethod", "classmethod"):
            return given
        # `functools.wraps` copies the name, not what `fn_args` looks at.
        if isinstance(decorator, ast.Call):
            if self._definitions.path(decorator.func) == "functools.wraps":
                return given
        found = list(self.callables(decorator, scope, hops - 1)) if hops else []
        if not found:
            marks = self._marks(decorator)
            return given if marks else replace(given, signature=None)
        made = [self._made_by(each, decorator, given, hops) for each in found]
        return made[0] if len(made) == 1 else replace(given, signature=None)

    def _made_by(self, decorating: Given, decorator: ast.expr, given: Given, hops: int) -> Given:
        """What a decorator that the file defines makes of a callable."""
        unknown = replace(given, signature=None)
        inner = self._definitions.scopes[decorating.function]
        parameters = signature_of(decorating.function).seen
        if not decorating.certain or not parameters or len(inner.returns) != 1:
            return unknown
        returned = inner.returns[0]
        if isinstance(returned, ast.Name) and returned.id == parameters[0].name:
            return given if inner.times_bound[returned.id] == 1 else unknown
        wrappers = list(self.callables(returned, inner, hops - 1))
        if len(wrappers) != 1 or not wrappers[0].certain or wrappers[0].signature is None:
            return unknown
        if "__signature__" in self._definitions.source.attributes_stored:
            return unknown
        return replace(given, signature=wrappers[0].signature, wrapped_by=decorator)


def _filled(signature: Signature | None, partial: ast.Call) -> Signature | None:
    """What ``functools.partial`` leaves of a signature."""
    if signature is None or not _is_closed(partial):
        return None
    names = frozenset(keyword.arg for keyword in partial.keywords if keyword.arg)
    return signature.without_first(len(partial.args) - 1).without_names(names)


def _doubted(callables: Iterator[Given], doubtful: bool) -> Iterator[Given]:
    for each in callables:
        yield replace(each, certain=False) if doubtful else each


def _arguments(call: ast.Call, by_position: bool) -> dict[str, ast.AST]:
    """The arguments of a constructor by name; of a keyword argument the keyword."""
    found: dict[str, ast.AST] = {}
    if by_position:
        for name, value in zip(_CONSTRUCTOR_PARAMETERS, call.args, strict=False):
            if isinstance(value, ast.Starred):
                break
            found[name] = value
    found.update({keyword.arg: keyword for keyword in call.keywords if keyword.arg})
    return found


def _value(argument: ast.AST) -> ast.AST:
    return argument.value if isinstance(argument, ast.keyword) else argument


def _is_closed(call: ast.Call) -> bool:
    """Whether a call has no arguments but those that are written."""
    return not any(isinstance(argument, ast.Starred) for argument in call.args) and all(
        keyword.arg is not None for keyword in call.keywords
    )


def _on_tpu(arguments: Mapping[str, ast.AST], call: ast.Call) -> frozenset[Mode]:
    """The modes that a TPUEstimator runs on a TPU, whatever is not written out."""
    return frozenset(
        mode
        for mode, needed in ON_TPU.items()
        if all(_is_true(arguments.get(switch), call) for switch in needed.switches)
        and needed.batch_size in arguments
        and not _is_literal(arguments[needed.batch_size], None)
    )


def _is_true(argument: ast.AST | None, call: ast.Call) -> bool:
    """Whether an argument that is True by default is certainly that."""
    return _is_closed(call) if argument is None else _is_literal(argument, True)


def _is_literal(argument: ast.AST, value: object) -> bool:
    node = _value(argument)
    return isinstance(node, ast.Constant) and node.value is value


def _decorators(function: AnyFunction) -> list[ast.expr]:
    return getattr(function, "decorator_list", [])


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _only_raises(method: ast.FunctionDef) -> bool:
    return does_nothing(method) or isinstance(method.body[-1], ast.Raise)


def _is_super_init(called: ast.expr) -> bool:
    """``super(...).__init__``, by which a subclass hands its function on."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "__init__"
        and isinstance(called.value, ast.Call)
        and isinstance(called.value.func, ast.Name)
        and called.value.func.id == "super"
    )
