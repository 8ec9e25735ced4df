"""Running a model function with the stand-in, in each mode and for every assignment of flags."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from tests.differential import stand_in
from tests.differential.instrumentation import FIRST_READ_LINE, HOOKS, Instrumenter
from tests.differential.opaque import Observed, SymbolicValue, Tensor
from tests.differential.recording import MODES, Labels, ModeKey, Params, Recorder, Run, Undecided
from tests.differential.stand_in import PREDICT, Place
from tests.differential.unjudgeable import Unjudgeable

_RUNS_AT_MOST = 64

_FILE = "<program>"

#: The first and the last place of an expression, as code objects have them.
Span: TypeAlias = tuple[Place, tuple[int | None, int | None]]

_NO_POSITIONS = "where in the line it was raised is not known"

#: Python's message; the group is the name of the called function.
_MISFITTING_ARGUMENTS = re.compile(
    r"(\S+)\(\) (?:takes |missing |got (?:some |multiple values |an unexpected ))"
)
_MISFITTING_VALUES = re.compile(r"(?:too many|not enough) values to unpack")

#: Modules without effects outside of the program, since published code is executed, too.
_HARMLESS = frozenset(
    """
    __future__ abc collections contextlib copy dataclasses datetime enum functools inspect
    itertools math numbers operator random re string sys textwrap types typing
    """.split()
)

#: The program's replacements for the built-in functions of these names.
_WITHHELD: dict[str, Any] = {
    name: SymbolicValue(name)
    for name in ("print", "open", "input", "breakpoint", "globals", "locals")
}

_RETURN_TYPES = (tuple, dict, list, int, float, str, Tensor, types.MethodType)


class Program:
    """A module's source, ready to run one of its model functions.

    Args:
        source: the text of the module; what it imports besides TensorFlow and the
            harmless part of the standard library is opaque to it.
        name: the name of the model function: ``function``, ``Class.method``, ``builder.function``.
        owner: the class of the object that a method is called on, if it is another.

    Raises:
        Unjudgeable: the module can't be executed with the stand-in.
    """

    instrumenter = Instrumenter
    recorder = Recorder
    hooks: tuple[str, ...] = HOOKS

    def __init__(self, source: str, name: str = "model_fn", owner: str | None = None) -> None:
        self.tree = ast.parse(source)
        self.entry = definition(self.tree, name)
        self._names = {"<lambda>", *_defined_names(self.tree)}
        copy = ast.parse(source)
        instrumenter = self.instrumenter(copy, definition(copy, name))
        module = ast.fix_missing_locations(instrumenter.visit(copy))
        self._reads = instrumenter.reads
        self._recorder = self.recorder()
        namespace: dict[str, Any] = {
            f"__{hook}__": getattr(self._recorder, hook) for hook in self.hooks
        }
        namespace["__builtins__"] = {**vars(builtins), **_WITHHELD, "__import__": _import}
        namespace["__name__"] = "program"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                code = compile(module, _FILE, "exec")
            exec(code, namespace)
            called = name if owner is None else f"{owner}.{name.rpartition('.')[2]}"
            self._make = functools.partial(_attribute, namespace, called)
            self._make()
        except Exception as error:
            raise Unjudgeable(f"the module raises {error!r}") from error

    def runs(self) -> list[Run]:
        """Every run, in all modes."""
        previous = Observed.observer
        Observed.observer = self._recorder
        try:
            runs = [run for mode in MODES for run in self._runs_of(mode)]
            self._note_tests_of_none(runs)
            return runs
        finally:
            Observed.observer = previous

    def _note_tests_of_none(self, runs: list[Run]) -> None:
        """Record a test of labels that only happens in PREDICT, where None does not reveal it."""
        if any(run.labels_tested for run in runs):
            return
        read = [run for run in runs if run.labels_read]
        if read and any(run.labels_tested for run in self._runs_of(PREDICT, labelled=True)):
            for run in read:
                run.labels_tested = True

    def may_refuse(self, mode: str) -> bool:
        """Whether every run of a mode raises, even if it had labels and all specs were accepted."""
        if not any(isinstance(node, ast.Raise | ast.Assert) for node in ast.walk(self.tree)):
            return False
        previous = Observed.observer
        Observed.observer, Observed.takes_all = self._recorder, True
        try:
            return all(
                run.end in ("raised", "unbound", "argument_mismatch")
                for run in self._runs_of(mode, labelled=True)
            )
        finally:
            Observed.observer, Observed.takes_all = previous, False

    def _runs_of(self, mode: str, *, labelled: bool = False) -> Iterator[Run]:
        pending: list[tuple[bool, ...]] = [()]
        count = 0
        while pending:
            prefix = pending.pop()
            params = Params(prefix)
            yield self._run(mode, params, labelled)
            count += 1
            if count > _RUNS_AT_MOST:
                raise Unjudgeable("too many flags")
            decided = tuple(params.decisions.values())
            pending.extend(
                (*decided[:position], not decided[position])
                for position in range(len(prefix), len(decided))
            )

    def _run(self, mode: str, params: Params, labelled: bool) -> Run:
        run = Run(mode, params)
        # TensorFlow rejects what an object keeps from an earlier call, since it is from another
        # graph.
        self._recorder.begin(Run(mode))
        function = self._make()
        self._recorder.begin(run)
        key = ModeKey(mode)
        labels = None if mode == PREDICT and not labelled else Labels("labels")
        ModeKey.recorder = Labels.recorder = Undecided.recorder = self._recorder
        given: dict[str, object] = {
            "features": SymbolicValue("features"),
            "labels": labels,
            "mode": key,
            "params": params,
            "config": SymbolicValue("config"),
        }
        try:
            value = function(**_accepted(function, given))
        except Unjudgeable:
            raise
        except BaseException as error:
            self._note_exception(run, error)
        else:
            _note_return(run, value)
        if run.doubt:
            raise Unjudgeable(run.doubt)
        return run

    def _note_exception(self, run: Run, error: BaseException) -> None:
        run.fits.update(start for start, _ in _spans_of(error)[:-1])
        if isinstance(error, stand_in.Rejected):
            run.end, run.rejection = "rejected", error.visit
            return
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        line = 0 if trace is None else self._line_of_read(trace)
        if not isinstance(error, NameError):
            run.end, run.place = "raised", None
            if self._is_argument_mismatch(error):
                run.end, run.place = "argument_mismatch", _spans_of(error)[-1][0]
            elif place := self._labels_used(run, error):
                run.end, run.place = "labels", place
        elif line < FIRST_READ_LINE or str(error).startswith("name "):
            # A name that no function binds; its origin is unknown.
            raise Unjudgeable(f"{error}") from error
        else:
            run.end, run.place = "unbound", self._reads[line - FIRST_READ_LINE]

    @staticmethod
    def _line_of_read(trace: types.TracebackType) -> int:
        """The line of the instruction that raised, or of the next one, if only that is a read's.

        Python 3.11 and later run some pairs of instructions as one, and name the first.
        """
        if sys.version_info < (3, 11):
            return trace.tb_lineno
        at = trace.tb_lasti // 2
        positions = list(trace.tb_frame.f_code.co_positions())[at : at + 2]
        return max(line or 0 for line, *_ in positions)

    def _labels_used(self, run: Run, error: BaseException) -> Place | None:
        """The place of ``labels`` in the operation that raised, if they are None."""
        if not run.labels_read or not isinstance(error, TypeError | AttributeError | ValueError):
            return None
        if sys.version_info < (3, 11):
            raise Unjudgeable(_NO_POSITIONS)
        spans, last = _spans_of(error), run.labels_read[-1]
        return last if spans and last in self._operands_at(spans[-1]) else None

    def _is_argument_mismatch(self, error: BaseException) -> bool:
        """Whether wrong arguments, or a wrong number of targets, raised."""
        message = str(error)
        if isinstance(error, ValueError):
            is_one = _MISFITTING_VALUES.match(message) is not None
        else:
            called = _MISFITTING_ARGUMENTS.match(message)
            is_one = (
                isinstance(error, TypeError)
                and called is not None
                and not self._names.isdisjoint(called[1].split("."))
            )
        if is_one and sys.version_info < (3, 11):
            raise Unjudgeable(_NO_POSITIONS)
        return is_one and bool(_spans_of(error))  # otherwise the Estimator's call is the mismatch

    def _operands_at(self, span: Span) -> Iterator[Place]:
        """Where the operands of the expression at a place begin."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.expr) or span != _span(node):
                continue
            for child in (node, *ast.iter_child_nodes(node)):
                operand = child.value if isinstance(child, ast.keyword) else child
                if isinstance(operand, ast.Name):
                    yield operand.lineno, operand.col_offset

    @property
    def entry_place(self) -> Place:
        """The name in the ``def`` of the model function."""
        return self.entry.lineno, self.entry.col_offset + len("def ")


def _span(node: ast.expr) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _spans_of(error: BaseException) -> list[Span]:
    """The places of the program's active calls, and last of the expression that raised."""
    found: list[Span] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == _FILE and sys.version_info >= (3, 11):
            line, last_line, column, last_column = list(code.co_positions())[trace.tb_lasti // 2]
            if line is not None and column is not None:
                found.append(((line, column), (last_line, last_column)))
        trace = trace.tb_next
    return found


def _defined_names(tree: ast.Module) -> Iterator[str]:
    """The names of functions and classes, and possible names of named tuples."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _note_return(run: Run, value: object) -> None:
    if run.last_return is not None and run.last_return[1] is value:
        run.place = run.last_return[0]
    if isinstance(value, stand_in.EstimatorSpec | stand_in.TPUEstimatorSpec):
        value.visit.use()
        run.returned = value.visit
        run.end = "rejected" if value.visit.rejected else "accepted"
        run.rejection = value.visit if value.visit.rejected else None
    elif value is None:
        run.end = "none"
    elif isinstance(value, _RETURN_TYPES) and run.place is not None:
        run.end = "type"
    else:
        run.doubt = f"returns {value!r}"


def definition(tree: ast.Module, name: str) -> ast.FunctionDef:
    """The function of that name, which may be in another function or a class."""
    found: ast.AST = tree
    for part in name.split("."):
        named = [node for node in definitions_in(found) if node.name == part]
        if not named:
            raise Unjudgeable(f"no {name}")
        found = named[-1]
    if not isinstance(found, ast.FunctionDef):
        raise Unjudgeable(f"{name} is no function")
    return found


def takes_settings(tree: ast.Module, name: str) -> bool:
    """Whether a builder around a function has parameters that only run with their defaults."""
    scope: ast.AST = tree
    for part in name.split(".")[:-1]:
        scope = [node for node in definitions_in(scope) if node.name == part][-1]
        if isinstance(scope, ast.FunctionDef):
            defaults = [*scope.args.defaults, *scope.args.kw_defaults]
            if not all(isinstance(getattr(each, "value", None), bool) for each in defaults if each):
                return True
    return False


def definitions_in(scope: ast.AST) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes of a scope, also those in its branches."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
        elif not isinstance(node, ast.expr):
            yield from definitions_in(node)


def _attribute(namespace: dict[str, Any], name: str) -> Callable[..., object]:
    """A function, a method of an object, or a function that a builder defines."""
    first, *rest = name.split(".")
    found = namespace[first]
    for part in rest:
        if isinstance(found, type):
            found = getattr(found(**_undecided(found)), part)
        else:
            found = _defined_by(found, part)
    if not isinstance(found, types.FunctionType | types.MethodType):
        raise Unjudgeable(f"{name} is no function")
    return found


def _defined_by(builder: Callable[..., object], name: str) -> Any:
    """The value of ``name`` when ``builder`` ends, which may return an Estimator made with it."""
    code = inspect.unwrap(builder).__code__
    found: dict[str, object] = {}

    def leaves(frame: types.FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code is code:
            found.update(frame.f_locals)

    previous = sys.getprofile()
    sys.setprofile(leaves)
    try:
        made = builder(**_undecided(builder))
    finally:
        sys.setprofile(previous)
    return made if isinstance(made, types.FunctionType) else found.get(name)


def _undecided(function: Callable[..., object]) -> dict[str, object]:
    """Arguments for a builder's required parameters and its flags."""
    return {
        name: Undecided(name)
        for name, parameter in inspect.signature(function).parameters.items()
        if (parameter.default is parameter.empty or isinstance(parameter.default, bool))
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }


def _accepted(function: Callable[..., object], given: dict[str, object]) -> dict[str, object]:
    parameters = inspect.signature(function).parameters
    return {name: value for name, value in given.items() if name in parameters}


def _import(
    name: str,
    module_globals: object = None,
    module_locals: object = None,
    fromlist: tuple[str, ...] | None = (),
    level: int = 0,
) -> object:
    """Harmless modules of the standard library, the stand-in for TensorFlow, and opaque others."""
    top = name.split(".")[0]
    if top in ("tensorflow", "tensorflow_estimator"):
        return stand_in.imported(name, fromlist or ())
    if level or top not in _HARMLESS:
        return SymbolicValue(name)
    return __import__(name, None, None, fromlist or ())
