"""Uses of Estimators: which functions a file gives to their constructors."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from estimator_lint.discovery.callables import MAX_HOPS, Callables, Given, is_closed, last_name
from estimator_lint.discovery.definitions import AnyFunction, Definitions, Scope, look_up
from estimator_lint.discovery.dict_keys import keys_of_dict
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.results import returns_not_none
from estimator_lint.tensorflow_api.symbols import NOTING_LABELS, estimator_class, passes_by_position
from estimator_lint.tensorflow_api.tpu import ON_TPU, PARAMS_OF_ITS_OWN

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
class EstimatorUse:
    """An Estimator's construction with a function.

    Attributes:
        estimator: the class of the Estimator; None where there is no construction,
            and only a decorator says that the function is a model function.
        given: what is given to the constructor.
        node: the constructor's argument, or the function.
        params: the constructor's argument ``params``.
        gives_params: whether that is not None; None if it is unknown.
        hands_on_params: it is a parameter of the function around the construction, and otherwise
            unknown: its callers' arguments reach the Estimator.
        on_tpu: of a TPUEstimator the modes that it certainly runs on a TPU, if at all.
        perhaps_on_tpu: those that it may run on a TPU.
        by_position: the Estimator passes features and labels by position, as that of
            ``tf.contrib.learn`` does.
        may_keep_labels: it is that of ``tf.contrib.learn``, and may pass placeholders for the
            labels to PREDICT, since it may have seen some.
        params_keys: the keys of the ``params`` that it passes; None if they are unknown.
    """

    estimator: str | None
    given: Given
    node: ast.AST
    params: ast.AST | None = None
    gives_params: bool | None = False
    on_tpu: frozenset[Mode] = frozenset()
    perhaps_on_tpu: frozenset[Mode] = frozenset()
    by_position: bool = False
    may_keep_labels: bool = False
    params_keys: frozenset[str] | None = None
    hands_on_params: bool = False


@dataclass(frozen=True)
class Construction:
    """An Estimator's construction, with any model function; as in ``EstimatorUse``."""

    estimator: str
    call: ast.Call
    node: ast.AST
    params: ast.AST | None
    gives_params: bool | None
    on_tpu: frozenset[Mode]
    perhaps_on_tpu: frozenset[Mode]
    by_position: bool
    may_keep_labels: bool
    params_keys: frozenset[str] | None
    hands_on_params: bool

    @property
    def calls_in_another_way(self) -> bool:
        """Whether the Estimator may call its model function otherwise than TensorFlow's does."""
        return self.estimator == UNKNOWN_ESTIMATOR or self.by_position

    def with_(self, given: Given) -> EstimatorUse:
        """The construction with a function."""
        return EstimatorUse(
            self.estimator,
            given,
            self.node,
            self.params,
            self.gives_params,
            self.on_tpu,
            self.perhaps_on_tpu,
            self.by_position,
            self.may_keep_labels,
            self.params_keys,
            self.hands_on_params,
        )


def find_estimator_uses(
    definitions: Definitions, settings: Settings
) -> dict[AnyFunction, list[EstimatorUse]]:
    """For each function that the file gives to Estimators, or marks, how it does so."""
    return Finder(definitions, settings).uses_by_function()


class Finder:
    """Finds the functions that a file gives to Estimators."""

    def __init__(self, definitions: Definitions, settings: Settings) -> None:
        self._definitions = definitions
        self._callables = Callables(definitions, settings)

    def uses_by_function(self) -> dict[AnyFunction, list[EstimatorUse]]:
        """For each function that the file gives to Estimators, or marks, how it does so."""
        found: dict[AnyFunction, list[EstimatorUse]] = {}
        estimator_uses = sorted(
            self.estimator_uses(), key=lambda estimator_use: _start(estimator_use.node)
        )
        for estimator_use in (*estimator_uses, *self.marked()):
            found.setdefault(estimator_use.given.function, []).append(estimator_use)
        return found

    def estimator_uses(self) -> Iterator[EstimatorUse]:
        """The arguments of the constructors of Estimators."""
        for construction, scope in self.constructions:
            for given in self._callables.of(construction.node, scope, MAX_HOPS):
                yield construction.with_(given)

    @cached_property
    def given_certainly(self) -> dict[ast.AST, AnyFunction]:
        """For each construction of an Estimator the function that it certainly calls as it is.

        Constructions of which that is not known are left out.
        """
        return {
            construction.call: function
            for construction, scope in self.constructions
            if (function := self._certainly_given(construction, scope)) is not None
        }

    def _certainly_given(self, construction: Construction, scope: Scope) -> AnyFunction | None:
        if construction.calls_in_another_way:
            return None
        given = list(self._callables.of(construction.node, scope, MAX_HOPS))
        is_known = (
            len(given) == 1
            and given[0].certain
            and given[0].wrapped_by is None
            and given[0].signature is not None
        )
        return given[0].function if is_known else None

    def gives_unseen(self) -> bool:
        """Whether some Estimator of the file is given a function that the file does not show."""
        return any(
            not any(self._callables.of(construction.node, scope, MAX_HOPS))
            for construction, scope in self.constructions
        )

    @cached_property
    def constructions(self) -> list[tuple[Construction, Scope]]:
        """The constructions of Estimators with a model function, each with its scope."""
        return list(self._find_constructions())

    def _find_constructions(self) -> Iterator[tuple[Construction, Scope]]:
        for call, scope in self._definitions.calls:
            estimator = self._estimator_called(call, scope)
            if estimator is None:
                continue
            path = self._definitions.path(call.func, scope)
            of_contrib = path is not None and passes_by_position(path)
            by_position = estimator != UNKNOWN_ESTIMATOR or of_contrib
            arguments = _arguments(call, by_position)
            model_fn = arguments.get("model_fn")
            if model_fn is None:
                continue
            params = arguments.get("params")
            gives_params = self._is_given(params, scope) if params or is_closed(call) else None
            for_tpu = estimator == "TPUEstimator"
            yield (
                Construction(
                    estimator,
                    call,
                    _value(model_fn),
                    params,
                    gives_params,
                    _on_tpu(arguments, call) if for_tpu else frozenset(),
                    _perhaps_on_tpu(arguments, call) if for_tpu else frozenset(),
                    of_contrib,
                    of_contrib and self._notes_labels,
                    self._params_keys(params, gives_params, scope, estimator),
                    gives_params is None and _is_parameter(params, scope),
                ),
                scope,
            )

    def marked(self) -> Iterator[EstimatorUse]:
        """The functions that a decorator marks as model functions."""
        for function, scope in self._definitions.scopes.items():
            if self._callables.is_marked(function):
                bound = self._definitions.owners[function] is not None
                given = self._callables.decorated(function, scope, MAX_HOPS, bound)
                yield EstimatorUse(None, given, function)

    # Which calls construct Estimators, with what

    @cached_property
    def _notes_labels(self) -> bool:
        """Whether the file has some Estimator note what its labels are like."""
        return any(
            isinstance(node, ast.Attribute) and node.attr in NOTING_LABELS
            for node in self._definitions.source.nodes
        )

    def _estimator_called(self, call: ast.Call, scope: Scope) -> str | None:
        path = self._definitions.path(call.func, scope)
        kind = None if path is None else estimator_class(path)
        if path is not None and passes_by_position(path):
            return UNKNOWN_ESTIMATOR
        if path is None:
            kind = self._class_of_estimators(call.func, scope, MAX_HOPS)
        if kind is None and _is_super_init(call.func):
            kind = self._base_of(scope.owner, MAX_HOPS)
        if kind is None and _is_init_of_self(call):
            assert isinstance(call.func, ast.Attribute)
            kind = self._class_of_estimators(call.func.value, scope, MAX_HOPS)
        if kind is not None:
            return kind
        if not any(keyword.arg == "model_fn" for keyword in call.keywords):
            return None
        if _is_super_init(call.func):
            return UNKNOWN_ESTIMATOR
        return UNKNOWN_ESTIMATOR if last_name(call.func).endswith("Estimator") else None

    def _base_of(self, owner: ast.ClassDef | None, hops: int) -> str | None:
        """The class of Estimators that a class is derived from, if that is all it is."""
        if owner is None or len(owner.bases) != 1:
            return None
        return self._class_of_estimators(owner.bases[0], self._definitions.module, hops)

    def _class_of_estimators(self, node: ast.expr, scope: Scope, hops: int) -> str | None:
        """The class of Estimators that an expression is, or one that is made as that is."""
        path = self._definitions.path(node, scope)
        if path is not None:
            return estimator_class(path)
        derived = self._definitions.classes.get(node.id) if isinstance(node, ast.Name) else None
        if derived is None or not hops or _has_init(derived):
            return None
        return self._base_of(derived, hops - 1)

    def _is_given(self, params: ast.AST | None, scope: Scope) -> bool | None:
        """Whether ``params`` is not None."""
        return False if params is None else self._is_not_none(_value(params), scope, MAX_HOPS)

    def _params_keys(
        self, params: ast.AST | None, given: bool | None, scope: Scope, estimator: str
    ) -> frozenset[str] | None:
        """The keys of the ``params`` that an Estimator passes, where they are known."""
        if estimator == UNKNOWN_ESTIMATOR:
            return None
        keys: frozenset[str] | None = frozenset()
        if params is not None and given is not False:
            keys = keys_of_dict(self._definitions, _value(params), scope, MAX_HOPS)
        return None if keys is None else keys | PARAMS_OF_ITS_OWN.get(estimator, frozenset())

    def _is_not_none(self, node: ast.AST, scope: Scope, hops: int) -> bool | None:
        match node:
            case ast.Constant(value=value):
                return value is not None
            case ast.Dict() | ast.DictComp() | ast.List() | ast.Tuple():
                return True
            case ast.Call(func=ast.Name(id="dict")):
                return True
            case ast.BoolOp(op=ast.Or(), values=[*_, last]):
                return self._is_not_none(last, scope, hops) or None
            case ast.Call(func=ast.Name(id=name)) if name in self._definitions.classes:
                return True
            case ast.Call(func=called):
                path = self._definitions.path(called, scope)
                return True if path is not None and returns_not_none(path) else None
            case ast.Name(id=name) if hops:
                values, certain = look_up(scope, name)
                if certain:
                    return self._is_not_none(*values[0], hops - 1)
        return None


def _arguments(call: ast.Call, by_position: bool) -> dict[str, ast.AST]:
    """The arguments of a constructor by name; of a keyword argument the keyword."""
    found: dict[str, ast.AST] = {}
    if by_position:
        by_place = call.args[1:] if _is_init_of_self(call) else call.args
        for name, value in zip(_CONSTRUCTOR_PARAMETERS, by_place, strict=False):
            if isinstance(value, ast.Starred):
                break
            found[name] = value
    found.update({keyword.arg: keyword for keyword in call.keywords if keyword.arg})
    return found


def _value(argument: ast.AST) -> ast.AST:
    return argument.value if isinstance(argument, ast.keyword) else argument


def _on_tpu(arguments: Mapping[str, ast.AST], call: ast.Call) -> frozenset[Mode]:
    """The modes that a TPUEstimator certainly runs on a TPU."""
    return frozenset(
        mode
        for mode, needed in ON_TPU.items()
        if all(_is_true(arguments.get(switch), call) for switch in needed.switches)
        and needed.batch_size in arguments
        and not _is_literal(arguments[needed.batch_size], None)
    )


def _perhaps_on_tpu(arguments: Mapping[str, ast.AST], call: ast.Call) -> frozenset[Mode]:
    """The modes that a TPUEstimator possibly runs on a TPU."""
    return frozenset(
        mode
        for mode, needed in ON_TPU.items()
        if not any(
            switch in arguments and _is_literal(arguments[switch], False)
            for switch in needed.switches
        )
        and (
            not _is_literal(arguments[needed.batch_size], None)
            if needed.batch_size in arguments
            else not is_closed(call)
        )
    )


def _is_true(argument: ast.AST | None, call: ast.Call) -> bool:
    """Whether an argument that is True by default is certainly that."""
    return is_closed(call) if argument is None else _is_literal(argument, True)


def _is_literal(argument: ast.AST, value: object) -> bool:
    node = _value(argument)
    return isinstance(node, ast.Constant) and node.value is value


def _is_super_init(called: ast.expr) -> bool:
    """``super(...).__init__``, by which a subclass hands its function on."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "__init__"
        and isinstance(called.value, ast.Call)
        and isinstance(called.value.func, ast.Name)
        and called.value.func.id == "super"
    )


def _is_init_of_self(call: ast.Call) -> bool:
    """``Base.__init__(self, ...)``, the other way to do so."""
    match call:
        case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.Name(id="self"), *_]):
            return True
    return False


def _has_init(owner: ast.ClassDef) -> bool:
    """Whether a class has a constructor of its own."""
    return any(
        isinstance(statement, ast.FunctionDef) and statement.name in ("__init__", "__new__")
        for statement in owner.body
    )


def _is_parameter(argument: ast.AST | None, scope: Scope) -> bool:
    """Whether an argument is a parameter of the function around it, or what replaces None there."""
    node = None if argument is None else _value(argument)
    if not isinstance(node, ast.Name) or scope.function is None:
        return False
    taken = scope.function.args
    names = {one.arg for one in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)}
    others = [value for value, _ in scope.values.get(node.id, ())]
    return (
        node.id in names
        and scope.times_bound[node.id] == len(others) + 1
        and not any(_is_literal(value, None) for value in others)
    )


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
