"""The correct findings for a model function, determined by executing it.

The function is run in each mode and for every assignment of the flags that it reads from
``params``. A finding is definite if every run of the mode that reaches the place ends in that fault
there, and possible if some do.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.differential import stand_in
from tests.differential.execution import Program, takes_settings
from tests.differential.field_values import HOOKS as HOOK_FIELDS
from tests.differential.instrumentation import start
from tests.differential.recording import MODES, Run
from tests.differential.stand_in import EVAL, PREDICT, TRAIN, Place
from tests.differential.unjudgeable import Unjudgeable

NAMES = {TRAIN: "TRAIN", EVAL: "EVAL", PREDICT: "PREDICT"}

_MISSING_CODES = {
    ("loss", TRAIN): 101,
    ("train_op", TRAIN): 102,
    ("loss", EVAL): 103,
    ("predictions", PREDICT): 104,
}

_TYPE_CODES = {
    "eval_metric_ops": 302,
    "loss": 304,
    "train_op": 305,
    "predictions": 306,
    "export_outputs": 307,
    **dict.fromkeys(HOOK_FIELDS, 308),
    "scaffold": 309,
}

#: The ends of runs that return nothing.
_STOPPED = frozenset({"raised", "unbound", "argument_mismatch", "labels", "rejected"})

_TO_PREDICT = {"predictions", "export_outputs"}

#: Methods whose call begins where the call of a spec's class does.
_NO_SPECS = frozenset({"as_estimator_spec", "get", "_asdict"})


@dataclass(frozen=True, order=True)
class Verdict:
    """A code at a place; ``column`` is 0-based, ``modes`` are names in order."""

    line: int
    column: int
    code: str
    modes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.line}:{self.column + 1} {self.code} {', '.join(self.modes)}".rstrip()


def addressed_modes(runs: list[Run]) -> set[str]:
    """The modes that the function addresses in these runs."""
    tested = set().union(*(run.keys_tested for run in runs))
    if any(run.labels_tested for run in runs):
        tested.add(PREDICT)
    if EVAL not in tested and (_only_predicts(runs) or _only_evaluates(runs)):
        tested.discard(TRAIN)
    addressed = set(tested)
    for mode in MODES:
        # A function that tests for both other modes may intend to reject this one.
        refused = _is_refused([run for run in runs if run.mode == mode])
        # A function without predictions may never be used for prediction.
        means_it = mode != PREDICT or any(map(_predicts, runs))
        if tested >= set(MODES) - {mode} and not refused and means_it:
            addressed.add(mode)
    if any(_trains(run, bool(tested)) for run in runs):
        addressed.add(TRAIN)
    return addressed


def _is_refused(runs: list[Run]) -> bool:
    """Whether every run of a mode raises, except for those that end by an earlier fault."""
    ends = {run.end for run in runs}
    return "raised" in ends and ends <= _STOPPED


def _only_predicts(runs: list[Run]) -> bool:
    """Whether PREDICT's specs have fields for predicting, and none for training."""
    to_train = {"loss", "train_op", "eval_metric_ops", "eval_metrics"}
    visits = [(run.mode, visit) for run in runs for visit in run.visits]
    return any(visit.given & _TO_PREDICT for _, visit in visits) and all(
        (mode != PREDICT or visit.given & _TO_PREDICT)
        and not (visit.written | visit.given) & to_train
        for mode, visit in visits
    )


def _only_evaluates(runs: list[Run]) -> bool:
    """Whether each spec with labels has metrics, and no fields for training or predicting."""
    visits = [visit for run in runs if run.mode != PREDICT for visit in run.visits]
    return bool(visits) and all(
        visit.given & {"eval_metric_ops", "eval_metrics"}
        and not visit.given & {"train_op", *_TO_PREDICT}
        for visit in visits
    )


def _without_unread_comparisons(source: str) -> str:
    """The same program, without comparisons whose outcome is never read."""
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        read = {node.id for node in names if not isinstance(node.ctx, ast.Store)}
        if read & {"locals", "vars", "eval", "exec"}:
            continue
        read |= {
            name
            for node in ast.walk(function)
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Compare):
                if all(isinstance(one, ast.Name) and one.id not in read for one in node.targets):
                    node.value = ast.copy_location(ast.Constant(None), node.value)
    return ast.unparse(tree)


def _predicts(run: Run) -> bool:
    return run.mode == PREDICT and (
        run.end == "type"
        or any(_TO_PREDICT & (visit.written | visit.given) for visit in run.visits)
    )


def _trains(run: Run, tests_modes: bool) -> bool:
    fields = {"loss", "train_op"} if run.mode == TRAIN and tests_modes else {"train_op"}
    return any(visit.given & fields for visit in run.visits)


@dataclass(frozen=True)
class Truth:
    """What is right for a model function.

    Attributes:
        by_mode: for each mode, the codes at their places.
        addressed: the addressed modes.
        perhaps_addressed: the modes for which the runs do not decide it: a fault may end all runs
            before a test, or only a loss shows that a function without a test of the mode is meant
            for training, or modes differ in their sites in a function without anything to train.
        perhaps_refused: the modes that fail, and would raise even with labels and accepted specs;
            so the function may intend to reject them.
        wrong_keys: the places where the mode is compared with something that is no mode's key.
        made_up: the stand-in made up an answer that depends on the program's data, or on what
            a builder is given.
        may_get_labels: the function has a TPU spec, and a TPUEstimator that predicts passes labels
            on.
    """

    by_mode: dict[str, set[tuple[Place, str]]]
    addressed: set[str]
    perhaps_addressed: set[str]
    wrong_keys: set[Place]
    perhaps_refused: frozenset[str] = frozenset()
    made_up: bool = False
    may_get_labels: bool = False

    def verdicts(self, modes: Collection[str]) -> set[Verdict]:
        """The correct findings if these modes are addressed."""
        found: dict[tuple[Place, str], list[str]] = {}
        for mode in MODES:
            if mode in modes:
                for place, code in self.by_mode[mode]:
                    found.setdefault((place, code), []).append(NAMES[mode])
        keys = {Verdict(*place, "MFN204") for place in self.wrong_keys}
        return keys | {
            Verdict(*place, code, tuple(modes)) for (place, code), modes in found.items()
        }


def truth(source: str, name: str = "model_fn", owner: str | None = None) -> Truth:
    """The truth about a model function, which is named as for ``Program``.

    Raises:
        Unjudgeable: execution can't decide.
    """
    program = Program(source, name, owner)
    runs = program.runs()
    if not any(run.visits for run in runs):
        raise Unjudgeable("no spec anywhere")
    reading = Program(_without_unread_comparisons(source), name, owner).runs()
    addressed = addressed_modes(reading)
    something_hides = "except" in source or any(
        run.end in _STOPPED or not run.keys_tested for run in reading
    )
    return Truth(
        by_mode={
            mode: _codes_of(program, mode, [run for run in runs if run.mode == mode])
            for mode in MODES
        },
        addressed=addressed,
        perhaps_addressed=set(MODES) - addressed
        if something_hides or _only_predicts(runs) or _only_evaluates(runs)
        else set(),
        wrong_keys=set().union(*(run.wrong_keys for run in runs)),
        perhaps_refused=frozenset(mode for mode in MODES if program.may_refuse(mode)),
        made_up=any(run.made_up for run in runs) or takes_settings(program.tree, name),
        may_get_labels="TPUEstimatorSpec" in source,
    )


def verdicts(source: str, name: str = "model_fn") -> set[Verdict]:
    """The correct findings for the model function ``name``.

    Raises:
        Unjudgeable: execution can't decide.
    """
    judged = truth(source, name)
    return judged.verdicts(judged.addressed)


def _codes_of(program: Program, mode: str, runs: list[Run]) -> set[tuple[Place, str]]:
    return {
        *_missing(runs),
        *_wrong_values(program, runs),
        *_wrong_in_use(program, runs),
        *_unbound(runs),
        *_labels(runs),
        *_argument_mismatches(runs),
        *_wrong_type(runs),
        *_no_spec(program.entry_place, runs),
        *_mismatches(program, mode, runs),
    }


def _code(number: int, definite: bool) -> str:
    return f"MFN{number if definite else number + 10}"


def _missing(runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """101 to 104: definite if no spec of the site has the field, is caught, or is spared."""
    for run in runs:
        rejection = run.rejection
        # A spec that fails because of another mode's key is a mismatch.
        if rejection is None or rejection.mode != run.mode:
            continue
        for field in rejection.missing:
            definite = all(
                field in visit.missing
                and visit.mode == run.mode
                and (visit is other.rejection or _is_passed(visit, other))
                for other in runs
                for visit in other.visits
                if visit.site == rejection.site
            )
            yield rejection.site[:2], _code(_MISSING_CODES[field, run.mode], definite)


def _wrong_values(program: Program, runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """302 to 309: definite if the field is wrong in all specs of a site that are used."""
    for run in runs:
        rejection = run.rejection
        if rejection is None:
            continue
        for field in rejection.wrong:
            definite = field == "scaffold" or all(
                field in visit.wrong
                and (_leads_to_rejection(visit, other) or _is_passed(visit, other))
                for other in runs
                for visit in other.visits
                if visit.site == rejection.site
            )
            place = _argument(program.tree, run, rejection, field)
            yield place, _code(_TYPE_CODES[field], definite)


def _leads_to_rejection(visit: stand_in.Visit, run: Run) -> bool:
    """Whether the run ends by a spec, or by one that ``_replace`` made from it."""
    rejected = run.rejection
    while rejected is not None and rejected is not visit:
        rejected = rejected.origin
    return rejected is not None


def _wrong_in_use(program: Program, runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """316 and 304: predictions that predict() can't run, a loss that is not a scalar."""
    for run in runs:
        spec = run.returned if run.end == "accepted" else None
        if spec is not None and spec.nothing_to_predict:
            yield _argument(program.tree, run, spec, "predictions"), "MFN316"
        if spec is not None and spec.unreduced:
            visits = [visit for other in runs for visit in other.visits if visit.site == spec.site]
            definite = all(visit.unreduced and visit.used for visit in visits)
            yield _argument(program.tree, run, spec, "loss"), _code(304, definite)


def _argument(tree: ast.Module, run: Run, visit: stand_in.Visit, field: str) -> Place:
    """Where the value of ``field`` is written at the site of ``visit``; otherwise the site."""
    place = visit.site[:2]
    if field not in visit.written:
        return place
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (node.lineno, node.col_offset) == place
        and (_is_replace(node) == (visit.origin is not None))
        and not (isinstance(node.func, ast.Attribute) and node.func.attr in _NO_SPECS)
    ]
    if len(calls) != 1:
        raise Unjudgeable("several calls at one place")
    call = calls[0]
    fields = stand_in.fields_of(call_is_tpu="TPU" in ast.dump(call.func))
    written: list[ast.expr] = [word.value for word in call.keywords if word.arg == field]
    if not written and visit.origin is None:
        index = fields.index(field)
        starred = [one.value for one in call.args if isinstance(one, ast.Starred)]
        written = starred or call.args[index : index + 1]
    unpacked = [word.value for word in call.keywords if word.arg is None]
    if len(unpacked) > 1:
        unpacked = [value for value in unpacked if field in run.unpacked.get(start(value), ())]
    written += unpacked
    return (written[0].lineno, written[0].col_offset) if written else place


def _is_replace(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "_replace"


def _is_passed(visit: stand_in.Visit, run: Run) -> bool:
    """Whether a spec can't be judged because the run ends before it is used."""
    return not visit.used and run.end in _STOPPED


def _unbound(runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """203: definite if no run reads the name there successfully."""
    for run in runs:
        if run.end == "unbound" and run.place is not None:
            yield run.place, _code(203, not any(run.place in other.reads for other in runs))


def _labels(runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """601: definite if no run has other labels there."""
    for run in runs:
        if run.end == "labels" and run.place is not None:
            yield run.place, _code(601, not any(run.place in other.reads for other in runs))


def _argument_mismatches(runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """207: definite if no run gets past the place."""
    for run in runs:
        if run.end == "argument_mismatch" and run.place is not None:
            yield run.place, _code(207, not any(run.place in other.fits for other in runs))


def _wrong_type(runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """202: definite if no run returns a spec by that expression."""
    for run in runs:
        if run.end == "type" and run.place is not None:
            ends = {other.end for other in runs if other.place == run.place}
            yield run.place, _code(202, "accepted" not in ends)


def _no_spec(place: Place, runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """201: definite if no returning run returns a spec."""
    ends = {run.end for run in runs}
    if "none" in ends:
        yield place, _code(201, "accepted" not in ends)


def _mismatches(program: Program, mode: str, runs: list[Run]) -> Iterator[tuple[Place, str]]:
    """205: definite if all specs of a site have another mode's key and reach TensorFlow."""
    made = [(visit, run) for run in runs for visit in run.visits if visit.origin is None]
    sites = {
        visit.site
        for visit, run in made
        if visit.mode != mode and visit.used and (not visit.rejected or visit is run.rejection)
    }
    for site in sites:
        definite = all(
            visit.mode != mode and (visit.used or _is_passed(visit, run))
            for visit, run in made
            if visit.site == site
        )
        yield _mode_argument(program.tree, site[:2]), _code(205, definite)


def _mode_argument(tree: ast.Module, site: Place) -> Place:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (node.lineno, node.col_offset) == site:
            values = [k.value for k in node.keywords if k.arg == "mode"] or node.args[:1]
            if values and not isinstance(values[0], ast.Starred):
                return values[0].lineno, values[0].col_offset
    raise Unjudgeable("the mode of a mismatched spec is not written at its site")
