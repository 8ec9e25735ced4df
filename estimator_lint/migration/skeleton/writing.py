"""From the text of a file and the name of a model function to the text of a ``keras.Model``."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.discovery.definitions import Definitions, is_static
from estimator_lint.discovery.model_functions import model_functions_of
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.migration.skeleton.kept_code import KeptCode, KeptStatement
from estimator_lint.migration.skeleton.keras_counterparts import MODEL_ATTRIBUTES
from estimator_lint.migration.skeleton.layout import formatted
from estimator_lint.migration.skeleton.made_at_calls import Walk
from estimator_lint.migration.skeleton.model_class import (
    InitParameter,
    ModelClass,
    class_name,
)
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of
from estimator_lint.migration.skeleton.observations import (
    Observations,
    ObservingEvaluator,
    names_of,
)
from estimator_lint.migration.skeleton.once_made import once_made, unused
from estimator_lint.migration.skeleton.selection import SkeletonError, selected
from estimator_lint.migration.skeleton.skeleton_plan import Method, Plan
from estimator_lint.migration.skeleton.walk_frames import HelperUse
from estimator_lint.process_settings import collector_at_rest, no_warnings, room_for_recursion
from estimator_lint.project.code import FunctionCode, ModuleCode
from estimator_lint.project.imports import Project, modules_kept
from estimator_lint.settings import Settings
from estimator_lint.syntax.nodes import descendants
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.facts.function_traces import FunctionTraces

_OF_ESTIMATOR = ("features", "mode")
_SUFFIXES = {Mode.TRAIN: "in_train", Mode.EVAL: "in_test", Mode.PREDICT: "in_predict"}


def skeleton_of(text: str, filename: str, function: str, settings: Settings | None = None) -> str:
    """A Python module with a ``keras.Model`` that does what a model function does.

    Args:
        text: of a Python file.
        filename: its path, from which imports of the project's other modules are resolved.
        function: the name of the model function, qualified or not, or ``NAME:LINE``.
        settings: the options; the defaults if None.

    Raises:
        SkeletonError: there is no such function, several, or it can't be analysed.
        SyntaxError, ValueError, RecursionError: ``ast`` can't parse the text.
    """
    settings = settings or Settings()
    source = SourceFile(text, filename=filename)
    definitions = Definitions(source)
    wanted = selected(model_functions_of(definitions, settings), function)
    module = ModuleCode(source, Project(source, filename, settings.source_roots))
    observed: dict[Mode, Observations] = {}
    with modules_kept(), no_warnings(), collector_at_rest(), room_for_recursion():
        try:
            traces = evaluate_model_function(
                module,
                wanted,
                make_evaluator=functools.partial(ObservingEvaluator, observed=observed),
            )
            for mode, trace in traces.traces.items():
                observed[mode].outcomes = trace.outcomes
            return _written(source, definitions, wanted, module, traces, observed)
        except NotAnalysable as failure:
            raise SkeletonError(f"'{wanted.name}' can't be analysed: {failure}") from None


def _written(
    source: SourceFile,
    definitions: Definitions,
    function: ModelFunction,
    module: ModuleCode,
    traces: FunctionTraces,
    observed: Mapping[Mode, Observations],
) -> str:
    names = NamePaths(definitions)
    code = module.function(function.node, function.owner)
    labels = traces.traces[Mode.TRAIN].labels_name
    modes = list(_written_modes(traces)) or list(Mode)
    tests = traces.tests_of_mode()
    receiver = _receiver(function, code, module)

    def walk(mode: Mode, *, leaves_out_training: bool = False) -> Walk:
        known = (mode, code, observed[mode], names, tests, labels, receiver)
        return Walk(*known, leaves_out_training)

    walks = {mode: walk(mode) for mode in modes}
    if any(each.gradients for each in walks.values()):
        for mode in set(modes) - {Mode.TRAIN}:
            walks[mode] = walk(mode, leaves_out_training=True)
    parameters = list(_parameters(function, code, labels, receiver, module))
    made = once_made(walks, names, [each.name for each in parameters])
    local = code.local_names.union(
        *(use.code.local_names for walk in walks.values() for use in walk.helpers.values())
    )
    plan = Plan(
        module, names, made, _methods(walks, made), tape=unused("tape", local), receiver=receiver
    )
    plan.root = names.root(code.names_read) or "tf"
    name = class_name(function.name)
    if name in source.own_bindings:
        name = unused(f"Keras{name}", set(source.own_bindings))
    unwritten = [mode for mode in Mode if mode not in modes and mode not in traces.rejected]
    skeleton = ModelClass(name, plan, code, walks, parameters, labels, unwritten)
    skeleton.remarks = list(_remarks(code))
    node = skeleton.node(plan.root)
    text = cst.Module([node]).code
    return formatted(_module_text(text, KeptCode(source, names), plan))


def _written_modes(traces: FunctionTraces) -> Iterator[Mode]:
    """The modes that the function addresses, and others in which it works."""
    for mode, trace in traces.traces.items():
        works = bool(trace.returns) and not (
            trace.labels_uses
            or trace.none_uses
            or trace.unbound_reads
            or trace.tensor_uses
            or any(visit.missing for visit in trace.visits)
            or any(returned.place is None for returned in trace.returns)
        )
        if mode in traces.checked_modes or (works and mode not in traces.rejected):
            yield mode


def _remarks(code: FunctionCode) -> Iterator[str]:
    if isinstance(code.node, cst.FunctionDef) and code.node.decorators:
        decorators = ", ".join(f"@{code_of(each.decorator)}" for each in code.node.decorators)
        yield f"the function was decorated by {decorators}"


def _receiver(function: ModelFunction, code: FunctionCode, module: ModuleCode) -> str | None:
    """The name of ``self`` or ``cls`` in the function, or in an enclosing method."""
    inner = (function.node, function.owner)
    for node, owner in (inner, *reversed(function.enclosing)):
        around = code if node is function.node else module.function(node, owner)
        if owner is not None and not is_static(node) and around.parameters:
            name = around.parameters[0].name
            if around is code or name in code.names_read - code.local_names:
                return name
    return None


def _parameters(
    function: ModelFunction,
    code: FunctionCode,
    labels: str,
    receiver: str | None,
    module: ModuleCode,
) -> Iterator[InitParameter]:
    """The function's parameters other than features, labels and mode.

    A default that is computed from variables of enclosing functions is not known to ``__init__``.
    """
    around = _local_names_around(function, module)
    if receiver is not None:
        yield InitParameter("owner", "owner")
    for each in code.parameters:
        if each.name in (*_OF_ESTIMATOR, labels, receiver):
            continue
        is_known = each.default is not None and not names_of(each.default) & around
        default = code_of(each.default) if each.default is not None and is_known else None
        if each.name == "config" or each.kind in ("*", "**"):
            default = default or {"*": "()", "**": "None"}.get(each.kind, "None")
        yield InitParameter(each.name, _attribute(each.name), default)
    for name in sorted(_closed_over(function, code, module) - {receiver or ""}):
        yield InitParameter(name, _attribute(name))


def _attribute(name: str) -> str:
    return f"{name}_" if name in MODEL_ATTRIBUTES and name not in ("params", "config") else name


def _closed_over(function: ModelFunction, code: FunctionCode, module: ModuleCode) -> set[str]:
    """The variables of enclosing functions that the model function reads."""
    return (_local_names_around(function, module) & code.names_read) - code.local_names


def _local_names_around(function: ModelFunction, module: ModuleCode) -> set[str]:
    """The variables of enclosing functions."""
    return set().union(
        *(module.function(node, owner).local_names for node, owner in function.enclosing)
    )


def _methods(walks: Mapping[Mode, Walk], made: object) -> dict[cst.CSTNode, Method]:
    """The functions of the file that become methods, because they need the model."""
    uses: dict[cst.CSTNode, dict[Mode, HelperUse]] = {}
    for mode, walk in walks.items():
        for node, use in walk.helpers.items():
            uses.setdefault(node, {})[mode] = use
    methods: dict[cst.CSTNode, Method] = {}
    taken = set(MODEL_ATTRIBUTES)
    for node, by_mode in uses.items():
        every = list(by_mode.values())
        differs = any(
            not walks[mode].as_none.isdisjoint(descendants(use.body))
            for mode, use in by_mode.items()
        )
        # A function that takes gradients is only passed on in other modes, never called.
        takes = any(use.takes_gradients for use in every)
        with_tape = frozenset({Mode.TRAIN} & by_mode.keys()) if takes else frozenset[Mode]()
        makes_spec = any(use.makes_spec for use in every)
        if not (with_tape or makes_spec or any(use.makes_state for use in every)):
            continue
        texts = {code_of(use.body) for use in every}
        split = makes_spec or (bool(with_tape) and (differs or len(texts) > 1))
        names = _names(every[0].code.name, by_mode, taken, split=split)
        methods[node] = Method(dict(names), with_tape)
    return methods


def _names(
    name: str, by_mode: Mapping[Mode, HelperUse], taken: set[str], *, split: bool
) -> Iterator[tuple[Mode | None, str]]:
    if not split:
        found = unused(f"{name}_" if name in MODEL_ATTRIBUTES else name, taken)
        taken.add(found)
        yield None, found
        return
    for mode in by_mode:
        wanted = name if len(by_mode) == 1 else f"{name}_{_SUFFIXES[mode]}"
        found = unused(f"{wanted}_" if wanted in MODEL_ATTRIBUTES else wanted, taken)
        taken.add(found)
        yield mode, found


def _module_text(text: str, kept: KeptCode, plan: Plan) -> str:
    """The class below the statements of the file that it needs."""
    statements = kept.needed_by(text, {"keras", "functools"})
    imports = [each for each in statements if each.is_import]
    future = [each.text for each in imports if each.text.startswith("from __future__")]
    others = [each.text for each in imports if each.text not in future]
    first = [*future]
    if future:
        first.append("")
    if any("functools." in each for each in (text, *(kept.text for kept in statements))):
        first += ["import functools", ""]
    root = plan.root
    bound = frozenset().union(*(each.names for each in statements))
    if root not in bound and f"{root}." in text:
        others.append(f"import tensorflow as {root}")
    first += [*others, "from tensorflow import keras"]
    return "\n".join([*first, *_definitions(statements), "", "", text.strip("\n"), ""])


def _definitions(statements: Sequence[KeptStatement]) -> Iterator[str]:
    before: KeptStatement | None = None
    for each in statements:
        if each.is_import:
            continue
        if each.is_definition or (before is not None and before.is_definition):
            yield "\n"
        elif before is None or each.gap:
            yield ""
        yield each.text
        before = each
