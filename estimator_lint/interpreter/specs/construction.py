"""Specs: constructing them, ``_replace``, ``as_estimator_spec``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.pictures import pictures_of
from estimator_lint.domain.paths.spec_values import SiteVisit, SpecValue
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.values import (
    NONE,
    Constant,
    DictContents,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.facts.trace import ModeChange, RejectedCall, Return
from estimator_lint.interpreter.objects import new_dict
from estimator_lint.interpreter.specs.host_metrics import (
    host_metrics,
    mistyped_metrics,
    scaffolds,
)
from estimator_lint.interpreter.specs.mistyped_fields import mistyped_fields
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode
from estimator_lint.tensorflow_api.specs import ESTIMATOR_SPEC

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estimator_lint.domain.paths.spec_values import HostMetrics, Mistyped
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.tensorflow_api.specs import SpecClass


def construct_spec(
    ev: Evaluator,
    spec_class: SpecClass,
    given: Arguments,
    node: cst.CSTNode,
    state: State,
) -> list[Result]:
    """Call the constructor of a spec class at the site ``node``."""
    rejection = _rejection(ev, spec_class, given, node, state)
    if rejection is not None:
        ev.trace.rejected_calls.append(rejection)
        if not ev.goes_wrong(state, "TypeError", rejection):
            return []
    fields: dict[str, Value] = {}
    nodes: dict[str, cst.CSTNode] = {}
    for index, name in enumerate(spec_class.fields):
        argument = given.keywords.get(name)
        if index < len(given.positional):
            argument = given.positional[index]
        if argument is not None:
            fields[name] = _in_field(ev, ev.resolve(argument.value, state))
            nodes[name] = _value_node(argument, node)
        elif given.more_positional or given.more_keywords:
            fields[name] = ev.unknown(imprecise=True)
        else:
            fields[name] = NONE
    return _validate(ev, spec_class, fields, node, nodes, state)


def _value_node(argument: Argument, site: cst.CSTNode) -> cst.CSTNode:
    """Where an argument's value is written; the site, if it comes from a ``partial``."""
    return site if argument.node is None else getattr(argument.node, "value", argument.node)


def _in_field(ev: Evaluator, value: Value) -> Value:
    """``value`` as stored in a field, where nothing from before the call can be."""
    is_left_over = isinstance(value, SymbolicValue) and value.number in ev.left_over
    return NONE if is_left_over and not not_none(value) else value


def _rejection(
    ev: Evaluator, spec_class: SpecClass, given: Arguments, node: cst.CSTNode, state: State
) -> RejectedCall | None:
    """The record of arguments that the constructor does not accept, if any."""

    def rejected(problem: str, name: str, at: cst.CSTNode | None) -> RejectedCall:
        place = ev.place(at or node)
        return RejectedCall(place, spec_class, problem, name, state.doubts, passed=state.passed)

    for name, argument in given.keywords.items():
        if name not in spec_class.fields:
            return rejected("unknown field", name, _keyword_node(argument.node))
    if len(given.positional) > len(spec_class.fields):
        first_extra = given.positional[len(spec_class.fields)]
        return rejected("too many arguments", "", getattr(first_extra.node, "value", None))
    for name in spec_class.fields[: len(given.positional)]:
        if name in given.keywords:
            return rejected("given twice", name, _keyword_node(given.keywords[name].node))
    if given.repeated:
        return rejected("given twice", "", None)
    if not (
        given.positional or "mode" in given.keywords or given.more_positional or given.more_keywords
    ):
        return rejected("no mode", "mode", None)
    return None


def _is_none_literal(node: cst.CSTNode) -> bool:
    return getattr(node, "value", None) == "None"


def _keyword_node(argument: cst.CSTNode | None) -> cst.CSTNode | None:
    """The keyword's name; None for a keyword from a ``**`` mapping."""
    return getattr(argument, "keyword", None)


def _validate(
    ev: Evaluator,
    spec_class: SpecClass,
    fields: dict[str, Value],
    node: cst.CSTNode,
    nodes: Mapping[str, cst.CSTNode],
    state: State,
    replaced: tuple[SiteVisit, ...] | None = None,
) -> list[Result]:
    """Record a construction, or a ``_replace`` of a spec that ``replaced`` created.

    It ends the path if TensorFlow raises. ``nodes`` are the expressions written there for the
    fields.
    """
    validates = replaced is None or spec_class.validates_replace
    key = fields["mode"]
    known = isinstance(key, Constant) and key.value is not None
    required = _required(spec_class, key)
    pictures = dict(zip(fields, pictures_of(fields.values(), state), strict=True))
    key_value = key.value if isinstance(key, Constant) else None
    evaluates = spec_class.for_tpu and key_value == Mode.EVAL.value
    metrics = host_metrics(ev, fields, node, state) if evaluates else None
    trains = spec_class.for_tpu and key_value == Mode.TRAIN.value
    visit = SiteVisit(
        place=ev.place(node),
        spec_class=spec_class,
        fields=pictures,
        written_none=frozenset(name for name, one in nodes.items() if _is_none_literal(one)),
        key=key_value,
        key_place=ev.place(nodes.get("mode", node)) if replaced is None else None,
        key_known=known,
        field_places={name: ev.place(one) for name, one in nodes.items()},
        missing=tuple(name for name in required if same_as_none(fields[name])),
        mistyped=_mistyped(ev, spec_class, pictures, key_value, metrics),
        rejected=False,
        doubts=state.doubts,
        replaced=replaced or (),
        host_metrics=metrics,
        scaffolds=scaffolds(ev, fields, node, state) if trains else (),
        passed=state.passed,
    )
    ev.trace.visits.append(visit)
    if (known and visit.key != ev.mode.value) or (visit.unfit and not validates):
        ev.trace.pending.append(visit)
        state.set(_pending_key(visit), True)
    exception = visit.raises
    if exception is not None and validates:
        visit.rejected = True
        _note_use([visit], state)
        if _ends_function(ev, node):
            refused = Return(visit.place, SpecValue(spec_class, fields, (visit,)), state.doubts, {})
            ev.trace.refused_returns.append(refused)
            ev.raise_(state, exception, (visit,))
            return []
        if not ev.goes_wrong(state, exception, visit):
            return []
    return [(ev.bounded(SpecValue(spec_class, fields, (visit,))), state)]


def _ends_function(ev: Evaluator, node: cst.CSTNode) -> bool:
    """Whether the model function returns what is constructed at a node, and catches nothing there.

    Then there is nothing to be found past a fault of it.
    """
    is_returned = len(ev.frames) == 1 and node is ev.frame.returned
    return is_returned and not ev.catching and not ev.continues_past_faults


def _mistyped(
    ev: Evaluator,
    spec_class: SpecClass,
    pictures: Mapping[str, Value],
    key: object,
    metrics: HostMetrics | None,
) -> tuple[Mistyped, ...]:
    """What TensorFlow does not accept, at once or when it evaluates."""
    found = mistyped_fields(ev, pictures, key) if spec_class.checks_types else ()
    return found if metrics is None else (*found, *mistyped_metrics(ev, metrics))


def _required(spec_class: SpecClass, key: Value) -> tuple[str, ...]:
    """The fields that a spec with that ``mode`` must have."""
    if not isinstance(key, Constant) or not isinstance(key.value, str):
        return ()
    mode: Mode | None = MODE_OF_KEY.get(key.value)
    return () if mode is None else spec_class.required[mode]


def use_spec(spec: SpecValue, state: State, *, returned: bool) -> bool:
    """Record that TensorFlow receives ``spec``; False if it rejects it then."""
    for visit in spec.visits:
        visit.rejected |= visit.unfit
    _note_use((one for one in spec.visits if returned or one.unfit), state)
    return not any(visit.unfit for visit in spec.visits)


def _note_use(visits: Iterable[SiteVisit], state: State) -> None:
    """Record that TensorFlow receives the spec of ``visits``, on the path of ``state``."""
    for visit in _with_replaced(visits):
        visit.used = True
        if state.get(_pending_key(visit)):
            state.set(_pending_key(visit), False)


def spare_others(ev: Evaluator, value: Value, state: State) -> None:
    """Record which specs of a path TensorFlow does not receive; it receives ``value``.

    Nor does it receive a wrong field of a spec that a ``_replace`` has corrected.
    """
    made_of = _with_replaced(value.visits) if isinstance(value, SpecValue) else {}
    is_mended = isinstance(value, SpecValue) and not any(visit.unfit for visit in value.visits)
    for visit in ev.trace.pending:
        if (is_mended and visit.unfit) if visit in made_of else state.get(_pending_key(visit)):
            visit.spared = True


def _with_replaced(visits: Iterable[SiteVisit]) -> dict[SiteVisit, None]:
    """Constructions of a spec, and of the specs that it replaced, each of them once."""
    found: dict[SiteVisit, None] = {}
    pending = list(visits)
    while pending:
        visit = pending.pop()
        if visit not in found:
            found[visit] = None
            pending += visit.replaced
    return found


def _pending_key(visit: SiteVisit) -> tuple[str, int]:
    return ("pending", id(visit))


def call_spec_method(
    ev: Evaluator,
    spec: SpecValue,
    name: str,
    given: Arguments,
    node: cst.CSTNode,
    state: State,
) -> list[Result] | None:
    """Call a method of a spec."""
    match name:
        case "_replace":
            return _replace(ev, spec, given, node, state)
        case "_asdict":
            return [(new_dict(ev, node, DictContents(spec.fields), state), state)]
        case "as_estimator_spec" if spec.spec_class.for_tpu:
            return _as_estimator_spec(ev, spec, state)
        case _:
            return None


def _replace(
    ev: Evaluator, spec: SpecValue, given: Arguments, node: cst.CSTNode, state: State
) -> list[Result]:
    fields = dict(spec.fields)
    for name, argument in given.keywords.items():
        if name not in fields:
            rejection = RejectedCall(
                ev.place(_keyword_node(argument.node) or node),
                spec.spec_class,
                "unknown field",
                name,
                state.doubts,
                passed=state.passed,
            )
            ev.trace.rejected_calls.append(rejection)
            if not spec.spec_class.ignores_unknown_replacements:
                return ev.fails(state, "ValueError", rejection)
            continue
        fields[name] = ev.resolve(argument.value, state)
    if "mode" in given.keywords:
        old, new = spec.fields["mode"], fields["mode"]
        if isinstance(old, Constant) and isinstance(new, Constant) and old.value != new.value:
            argument = given.keywords["mode"]
            at = getattr(argument.node, "value", node)
            change = ModeChange(ev.place(at), spec.spec_class, state.doubts, passed=state.passed)
            ev.trace.mode_changes.append(change)
            if spec.spec_class.validates_replace:
                return ev.fails(state, "ValueError", change)
    if given.more_keywords:
        fields = {
            name: fields[name] if name == "mode" else ev.unknown(imprecise=True) for name in fields
        }
    nodes = {name: _value_node(one, node) for name, one in given.keywords.items()}
    return _validate(ev, spec.spec_class, fields, node, nodes, state, spec.visits)


def _as_estimator_spec(ev: Evaluator, spec: SpecValue, state: State) -> list[Result]:
    """``TPUEstimatorSpec.as_estimator_spec``: the plain spec, validated at last."""
    if not use_spec(spec, state, returned=False):
        return ev.fails(state, "ValueError", spec.visits[-1])
    fields = {
        name: spec.fields.get(name, ev.unknown(imprecise=True)) for name in ESTIMATOR_SPEC.fields
    }
    return [(ev.bounded(SpecValue(ESTIMATOR_SPEC, fields, spec.visits)), state)]
