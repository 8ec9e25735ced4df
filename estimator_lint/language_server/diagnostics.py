"""Findings as LSP diagnostics: pushed to the client, or pulled by it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from lsprotocol.converters import get_converter

from estimator_lint.code_pages import text_file
from estimator_lint.findings import EventKind
from estimator_lint.language_server.evaluations import News
from estimator_lint.language_server.mode_reports import dimmed_lines
from estimator_lint.language_server.offers import offers_for
from estimator_lint.language_server.registration import handle
from estimator_lint.language_server.workspace_edits import workspace_edit
from estimator_lint.noqa_comments import UNUSED_NOQA

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.findings import Event, Finding
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.outcomes import Outcome, Repair
    from estimator_lint.language_server.proved_repairs import ProvedRepairs
    from estimator_lint.language_server.session import Session
    from estimator_lint.tensorflow_api.modes import Mode

SOURCE: Final = "estimator-lint"

_TAGS: Final = {
    UNUSED_NOQA: types.DiagnosticTag.Unnecessary,
    "MFN901": types.DiagnosticTag.Deprecated,
}

_NO_REPAIRS: Final[Mapping[int, tuple[Repair, ...]]] = MappingProxyType({})

#: Diagnostics by the URI of their document.
ByDocument = dict[str, list[types.Diagnostic]]


def diagnostics_of(
    module: Module,
    outcome: Outcome,
    *,
    repairs: Mapping[int, tuple[Repair, ...]] = _NO_REPAIRS,
    mode: Mode | None = None,
    related: bool = True,
) -> ByDocument:
    """The diagnostics of a module, for each document with its code.

    Args:
        module: the module, in the state that was evaluated.
        outcome: the result of the evaluation.
        repairs: the known repairs, by the number of the finding.
        mode: the lines that this mode never runs are dimmed.
        related: the client can show related locations.
    """
    shown: ByDocument = {document.uri: [] for document in module.documents}
    for number, finding in enumerate(outcome.findings):
        where = range_in(module, outcome, finding)
        if where is None:
            continue
        uri, place = where
        diagnostic = types.Diagnostic(
            place,
            finding.text,
            severity=severity_of(finding),
            code=finding.code,
            code_description=types.CodeDescription(page_uri(finding.code)),
            source=SOURCE,
            tags=[_TAGS[finding.code]] if finding.code in _TAGS else None,
            data=_data(module, outcome, number, repairs),
        )
        if related:
            diagnostic.related_information = list(_related(module, outcome, finding))
        shown[uri].append(diagnostic)
    if mode is not None:
        _dim(shown, module, outcome, mode)
    return shown


def _data(
    module: Module, outcome: Outcome, number: int, repairs: Mapping[int, tuple[Repair, ...]]
) -> dict[str, Any]:
    """What a program can use of a finding: its number, its modes, and the known edits."""
    edits = []
    for each in offers_for(outcome, number, repairs):
        edit = workspace_edit(module, outcome, each.changes, versioned=False)
        if edit is not None:
            told = {"title": each.title, "isPreferred": each.is_preferred}
            edits.append({**told, "edit": _converter().unstructure(edit)})
    modes = [mode.name for mode in outcome.findings[number].modes]
    return {"number": number, "modes": modes, "edits": edits}


def _dim(shown: ByDocument, module: Module, outcome: Outcome, mode: Mode) -> None:
    for uri, place in dimmed_lines(module, outcome, mode):
        shown[uri].append(
            types.Diagnostic(
                place,
                f"not run in {mode}",
                severity=types.DiagnosticSeverity.Hint,
                source=SOURCE,
                tags=[types.DiagnosticTag.Unnecessary],
            )
        )


def severity_of(finding: Finding) -> types.DiagnosticSeverity:
    """An error if the finding holds on every path, as in SARIF."""
    if finding.is_possible:
        return types.DiagnosticSeverity.Warning
    return types.DiagnosticSeverity.Error


def range_in(
    module: Module, outcome: Outcome, what: Finding | Event
) -> tuple[str, types.Range] | None:
    """The document and the range of a place."""
    start = module.spot(what.line, what.column, outcome.cells)
    end = module.spot(what.end_line, what.end_column, outcome.cells)
    if start is None:
        return None
    first = types.Position(start.line, start.character)
    if end is None or end.document is not start.document:
        return start.document.uri, types.Range(first, first)
    return start.document.uri, types.Range(first, types.Position(end.line, end.character))


def _related(
    module: Module, outcome: Outcome, finding: Finding
) -> Iterator[types.DiagnosticRelatedInformation]:
    """The events that lead to the finding in each mode, without those that its message names."""
    told: set[tuple[int, int, str]] = set()
    for witness in finding.witnesses:
        for event in witness.events:
            place = (event.line, event.column, event.text)
            where = range_in(module, outcome, event)
            if event.kind is EventKind.FINDING or place in told or where is None:
                continue
            told.add(place)
            yield types.DiagnosticRelatedInformation(types.Location(*where), event.text)


@functools.cache
def page_uri(code: str) -> str:
    """The URI of a code's page, which is installed with the program."""
    return text_file(code).as_uri()


def result_id(items: Sequence[types.Diagnostic]) -> str:
    """An identifier that changes with the diagnostics."""
    plain = json.dumps(_converter().unstructure(list(items)), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


@functools.cache
def _converter() -> Any:
    return get_converter()


class Diagnostics:
    """Publishes the diagnostics of open files."""

    def __init__(self, session: Session, repairs: ProvedRepairs) -> None:
        self._session = session
        self._repairs = repairs
        session.on_outcome.append(self._tell)
        repairs.on_proved.append(self._tell_repairs)

    def register(self, server: LanguageServer) -> None:
        """Register the handlers for clients that pull diagnostics."""
        options = types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, identifier=SOURCE
        )
        handle(server, types.TEXT_DOCUMENT_DIAGNOSTIC, self.pull, options)

    def of(self, module: Module, outcome: Outcome) -> ByDocument:
        """The diagnostics of a module, for the abilities of this client."""
        return diagnostics_of(
            module,
            outcome,
            repairs=self._repairs.known(module, outcome).repairs,
            mode=self._session.mode,
            related=self._session.abilities.relates,
        )

    def tell_all(self) -> None:
        """Publish the known diagnostics of all files again."""
        if self._session.abilities.pulls:
            self._refresh()
            return
        for module in self._session.documents:
            outcome = self._session.evaluations.known(module)
            if outcome is not None:
                self._push(module, outcome)

    def _tell(self, module: Module, outcome: Outcome, news: News) -> None:
        if not self._session.abilities.pulls:
            self._push(module, outcome)
        elif news is News.UNEXPECTED:
            self._refresh()

    def _tell_repairs(self, module: Module, outcome: Outcome) -> None:
        """Publish diagnostics again with their fixes, if the client keeps them."""
        abilities = self._session.abilities
        if abilities.keeps_data and not abilities.pulls:
            if any(self._repairs.known(module, outcome).repairs.values()):
                self._push(module, outcome)

    def _push(self, module: Module, outcome: Outcome) -> None:
        found = self.of(module, outcome)
        for document in module.documents:
            self._session.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    document.uri, found[document.uri], version=document.version
                )
            )

    def _refresh(self) -> None:
        if self._session.abilities.refreshes_diagnostics:
            refresh = self._session.server.workspace_diagnostic_refresh
            self._session.refreshes.soon("diagnostics", lambda: refresh(None))

    async def pull(self, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        """The diagnostics of a file or a cell, in its state once evaluation is done."""
        uri = params.text_document.uri
        found = await self._session.outcome(uri)
        items = self.of(*found).get(uri, []) if found is not None else []
        name = self._session.pulled[uri] = result_id(items)
        if name == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(name)
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=name)
