"""The report on a model function, from the facts that evaluation recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain.values.values import Constant, SymbolicValue, same_as_none
from estimator_lint.migration.migration_model import (
    FunctionReport,
    Helper,
    Item,
    ModeReport,
    Site,
    by_topic,
)
from estimator_lint.migration.replacements.replacement import Topic
from estimator_lint.migration.replacements.replacement_lookup import (
    reads_collection,
    replacement_named,
    replacement_of,
    replacement_of_collection,
)
from estimator_lint.migration.shown_names import (
    Generation,
    generation_of,
    generation_of_name,
    shown_name,
    shown_path,
)
from estimator_lint.modes_view.fields import fields_of, spec_of
from estimator_lint.modes_view.model import Occurrence
from estimator_lint.project.code import ClassBody
from estimator_lint.reporting import findings_of
from estimator_lint.tensorflow_api.exports import exports
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import short_name

if TYPE_CHECKING:
    from estimator_lint.domain.values.values import Value
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.migration.recorded_calls import LibraryCall, ModeCalls
    from estimator_lint.migration.replacements.replacement import Replacement
    from estimator_lint.project.code import ClassCode, FunctionCode
    from estimator_lint.settings import Settings

#: The last names of functions that add, or may add, REGULARIZATION_LOSSES to a loss.
_READ_REGULARIZATION: Final = frozenset(
    {
        "create_estimator_spec",
        "get_regularization_loss",
        "get_regularization_losses",
        "get_total_loss",
    }
)
#: The rules that find a TRAIN without the updates of batch normalization.
_FORGOTTEN_UPDATES: Final = frozenset({"MFN502", "MFN512"})
#: Functions that add the losses of regularizers to that collection.
_REGULARIZED: Final = ("layers.", "get_variable", "variable_scope", "contrib.")


class Reporter:
    """Reports on model functions for one version of TensorFlow.

    Args:
        version: the targeted one.
        settings: the options.

    Attributes:
        version: the targeted one.
        seen: the places of all calls that some model function makes, by file and line.
    """

    def __init__(self, version: str, settings: Settings) -> None:
        self.version = version
        self._settings = settings
        self.seen: set[tuple[str, int, int]] = set()
        self._generations: dict[str, Generation] = {}

    def report(
        self, name: str, traces: FunctionTraces, noted: Mapping[Mode, ModeCalls]
    ) -> FunctionReport:
        """The report on a model function."""
        position = traces.name_place.position()
        own = traces.module.source.filename
        modes = {mode: _mode(traces, mode, noted[mode]) for mode in Mode}
        calls = {mode: self._calls(noted[mode]) for mode in Mode}
        # For functions kept in a table, the mode that calls one counts, if any does.
        called = {one.path for made in calls.values() for one in made if one.is_call}
        shown = {
            mode: [call for call in made if call.is_call or call.path not in called]
            for mode, made in calls.items()
            if modes[mode].shown
        }
        code = traces.module.function(traces.function.node, traces.function.owner)
        items = self._items(shown, own)
        return FunctionReport(
            name,
            position.line,
            position.column,
            _lines_of(code),
            modes,
            tuple(sorted(items, key=by_topic)),
            tuple(self._notes(shown, _forgotten_updates(traces, self._settings), own)),
            tuple(_helpers(code, noted)),
        )

    def _calls(self, noted: ModeCalls) -> list[LibraryCall]:
        """The calls of a mode, in the order of their places."""
        calls = [
            call
            for call in noted.calls.values()
            if call.code.piece.holds(call.node) and _matters(call)
        ]
        for call in calls:
            self.seen.add(_place(call))
            if call.made is not None:
                self.seen.add(_place_of_class(call.made))
        return sorted(calls, key=lambda call: (*_place(call), call.path))

    def _items(self, calls: Mapping[Mode, list[LibraryCall]], own: str) -> Iterator[Item]:
        sites: dict[tuple[str, Replacement | None], dict[Mode | None, dict[Site, None]]] = {}
        found: dict[tuple[str, Replacement | None], LibraryCall] = {}
        for mode, made in calls.items():
            for call in made:
                told = self._told(call)
                if told is not None:
                    found.setdefault(told, call)
                    sites.setdefault(told, {}).setdefault(mode, {})[_site(call, own)] = None
        for (name, row), call in found.items():
            yield Item(
                name,
                row,
                {mode: tuple(places) for mode, places in sites[name, row].items()},
                row is not None and self._generation(call, row) is Generation.UNKNOWN,
                call.made is not None,
            )

    def _told(self, call: LibraryCall) -> tuple[str, Replacement | None] | None:
        """The reported name of a call, and its row; None if it is not reported."""
        row = replacement_of(call.path)
        name = shown_name(call.path)
        if call.made is not None:
            return None if row is None else (f"class {call.made.name}({name})", row)
        if reads_collection(call.path):
            key = _key_of_collection(call)
            if key:
                name = f"{name}({key.rpartition('.')[2]})"
                row = replacement_of_collection(key) or row
        if row is not None:
            is_said = row.topic is not Topic.SPEC
            return (name, row) if is_said and self._is_of_version_1(call, row) else None
        if "()" in call.path:
            return None  # a method is covered by its object
        if not call.is_call:
            return None  # mostly a module
        missing = exports().missing(call.path, self.version)
        # Names that the version has, also under tf.compat.v1, can stay.
        return (name, None) if missing is not None and missing.instead is None else None

    def _is_of_version_1(self, call: LibraryCall, row: Replacement) -> bool:
        return self._generation(call, row) is not Generation.SECOND

    def _generation(self, call: LibraryCall, row: Replacement) -> Generation:
        """The version of TensorFlow to which the name in a call belongs."""
        source = call.code.module.source
        if source.filename not in self._generations:
            self._generations[source.filename] = generation_of(source)
        if row.topic is Topic.SUMMARY and call.record and "step" in call.record.keywords:
            return Generation.SECOND
        return generation_of_name(call.path, row, self._generations[source.filename])

    def _notes(
        self, calls: Mapping[Mode, list[LibraryCall]], forgotten: tuple[Site, ...], own: str
    ) -> Iterator[Item]:
        """Effects of collections that are not visible in any line."""
        regularized: dict[Mode | None, tuple[Site, ...]] = {}
        summed_up: dict[Mode | None, tuple[Site, ...]] = {}
        for mode, made in calls.items():
            if mode is not Mode.PREDICT and not any(map(_may_read_regularization, made)):
                regularized[mode] = _sites((c for c in made if _is_regularized(c)), own)
            summed_up[mode] = _sites((c for c in made if self._is_summary(c)), own)
        for name, row, sites in (
            ("REGULARIZATION_LOSSES", "unread_regularization_losses", regularized),
            ("UPDATE_OPS", "unread_update_ops", {Mode.TRAIN: forgotten}),
            ("SUMMARIES", "background_summaries", summed_up),
        ):
            given = {mode: places for mode, places in sites.items() if places}
            if given:
                yield Item(name, replacement_named(row), given)

    def _is_summary(self, call: LibraryCall) -> bool:
        row = replacement_of(call.path)
        return (
            row is not None
            and row.topic is Topic.SUMMARY
            and (short_name(call.path) or "").startswith("summary.")
            and self._generation(call, row) is Generation.FIRST
        )


def _mode(traces: FunctionTraces, mode: Mode, noted: ModeCalls) -> ModeReport:
    trace = traces.traces[mode]
    checked = traces.checked_modes
    own = traces.module.source.filename
    fields = fields_of(trace)
    spec = spec_of(trace)
    suffices = spec is Occurrence.ALWAYS and all(
        field.given is Occurrence.ALWAYS for field in fields.values() if field.required
    )
    return ModeReport(
        mode,
        mode in checked or ((suffices or not checked) and mode not in traces.rejected),
        mode in traces.rejected,
        spec,
        {name: one for name, one in fields.items() if one.given is not Occurrence.NEVER},
        tuple(sorted({_name_of(code, own) for code in noted.not_followed})),
    )


def _matters(call: LibraryCall) -> bool:
    """Whether a call may be reported; a name that is only read is if it has a row."""
    return call.is_call or replacement_of(call.path) is not None


def _may_read_regularization(call: LibraryCall) -> bool:
    if reads_collection(call.path):
        key = _key_of_collection(call).rpartition(".")[2].lower()
        return key in ("", "regularization_losses")
    return call.path.rpartition(".")[2] in _READ_REGULARIZATION


def _place(call: LibraryCall) -> tuple[str, int, int]:
    position = call.code.piece.position(call.node)
    return call.code.module.source.filename, position.line, position.column


def _place_of_class(code: ClassCode) -> tuple[str, int, int]:
    position = code.piece.position(code.node)
    return code.module.source.filename, position.line, position.column


def _site(call: LibraryCall, own: str) -> Site:
    path, line, column = _place(call)
    return Site("" if path == own else shown_path(path), line, column)


def _sites(calls: Iterable[LibraryCall], own: str) -> tuple[Site, ...]:
    return tuple(dict.fromkeys(_site(call, own) for call in calls))


def _key_of_collection(call: LibraryCall) -> str:
    """The collection that a call reads, by its name or as the path of a ``GraphKeys``."""
    if call.record is None or not reads_collection(call.path):
        return ""
    match call.record.argument(0, "key"):
        case Constant(value=str(key)):
            return key
        case SymbolicValue(symbol=str(path)):
            return path
    return ""


def _is_regularized(call: LibraryCall) -> bool:
    """Whether a TensorFlow 1 call gets a regularizer."""
    name = short_name(call.path) or ""
    return (
        call.record is not None
        and name.startswith(_REGULARIZED)
        and any(
            key.endswith("regularizer") and _is_given(value)
            for key, value in call.record.keywords.items()
        )
    )


def _is_given(value: Value) -> bool:
    """Whether a value is, as far as known, not None."""
    if isinstance(value, SymbolicValue):
        return value.not_none or value.symbol is not None or value.result_of is not None
    return not same_as_none(value)


def _forgotten_updates(traces: FunctionTraces, settings: Settings) -> tuple[Site, ...]:
    """The steps of TRAIN that do not run the updates of batch normalization."""
    return tuple(
        Site("", finding.line, finding.column)
        for finding in sorted(findings_of([traces], settings))
        if finding.code in _FORGOTTEN_UPDATES
    )


def _name_of(code: FunctionCode, own: str) -> str:
    path = code.module.source.filename
    return code.qualified_name if path == own else f"{code.qualified_name} ({shown_path(path)})"


def _lines_of(code: FunctionCode) -> int:
    start, end = code.piece.position(code.node), code.piece.end(code.node)
    return end.line - start.line + 1


def _helpers(code: FunctionCode, noted: Mapping[Mode, ModeCalls]) -> Iterator[Helper]:
    """The functions that run besides the model function, without those nested in others."""
    entered = dict.fromkeys(each for calls in noted.values() for each in calls.entered)
    spans: list[tuple[str, int, int]] = []
    for each in sorted(entered, key=lambda each: each is not code):
        if isinstance(each, ClassBody) or not isinstance(each.node, cst.FunctionDef):
            if each is not code:
                continue
        path = each.module.source.filename
        start, end = each.piece.position(each.node).line, each.piece.end(each.node).line
        if any(path == other and first <= start <= last for other, first, last in spans):
            continue
        spans.append((path, start, end))
        if each is not code:
            yield Helper(each.qualified_name, shown_path(path), start, end - start + 1)
