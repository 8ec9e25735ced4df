"""Findings in files that are not open, for clients that pull them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from lsprotocol import types

from estimator_lint.findings import Event, Finding
from estimator_lint.language_server.diagnostics import diagnostics_of, result_id
from estimator_lint.language_server.documents import Document, Module
from estimator_lint.language_server.jobs import SupersededError, Urgency
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.language_server.outcomes import Outcome
from estimator_lint.language_server.registration import handle
from estimator_lint.language_server.uris import uri_of
from estimator_lint.language_server.worker import WorkerError

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.language_server.session import Session

#: The parts of a report.
_Report = types.WorkspaceDocumentDiagnosticReport

_AnyPlace = TypeVar("_AnyPlace", Finding, Event)

#: How many files without findings are remembered.
_MAX_KEPT: Final = 100_000


@dataclass(frozen=True)
class _Kept:
    """The diagnostics of a file, and what they were computed from.

    Attributes:
        stamp: changes with the file, with the files that its evaluation read, and with the
            settings.
        read: those other files.
        items: the diagnostics.
    """

    stamp: object
    read: frozenset[str]
    items: tuple[types.Diagnostic, ...]


class WorkspaceDiagnostics:
    """The diagnostics of whole folders.

    The client asks again as soon as it has an answer. If nothing has changed by then, the answer is
    delayed until something does.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[str, _Kept] = {}
        #: The generation for which the last answer was given, and its result IDs by URI.
        self._answered: tuple[int, Mapping[str, str]] = (-1, {})

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        handle(server, types.WORKSPACE_DIAGNOSTIC, self.pull)

    async def pull(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """The diagnostics of all files that are not open; the client pulls those of open files."""
        await self._session.ready.wait()
        known = {previous.uri: previous.value for previous in params.previous_result_ids}
        while True:
            while self._answered == (self._session.generation, known):
                await self._session.news()
            generation = self._session.generation
            reports = await self._reports(known)
            told = {report.uri: report.result_id or "" for report in reports}
            self._answered = generation, told
            if told != known or not known:
                return types.WorkspaceDiagnosticReport(reports)

    async def _reports(self, known: Mapping[str, str]) -> list[_Report]:
        reports: list[_Report] = []
        found: set[str] = set()
        for folder in self._folders():
            surroundings = self._session.surroundings_of(os.path.join(folder, "file.py"))
            for path in await self._files(surroundings):
                uri = uri_of(path)
                if uri in found or self._session.evaluations.module_at(path) is not None:
                    continue
                found.add(uri)
                items = await self._items(path, self._session.surroundings_of(path))
                await asyncio.sleep(0)  # what is known already takes no turn of the event loop
                if items or uri in known:
                    reports.append(_report(uri, items, known.get(uri)))
        for uri in known.keys() - found:
            if known[uri] == self._session.pulled.get(uri) and self._is_open(uri):
                # The client keeps both kinds of results together.
                reports.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, known[uri]))
            else:  # files that are deleted, or open by now, get no diagnostics here
                reports.append(_report(uri, (), known[uri]))
        return reports

    def _is_open(self, uri: str) -> bool:
        return self._session.documents.module_of(uri) is not None

    def _folders(self) -> Iterable[str]:
        """The open folders, without those inside others."""
        folders = sorted(set(self._session.folders.values()), key=len)
        return [
            folder
            for number, folder in enumerate(folders)
            if not any(folder.startswith(os.path.join(each, "")) for each in folders[:number])
        ]

    async def _files(self, surroundings: Surroundings) -> tuple[str, ...]:
        jobs = self._session.evaluations.jobs
        try:
            files: tuple[str, ...] = await jobs.submit(
                object(), Urgency.BACKGROUND, "files", surroundings
            )
        except (WorkerError, SupersededError):
            return ()
        return files

    async def _items(self, path: str, surroundings: Surroundings) -> tuple[types.Diagnostic, ...]:
        kept = self._kept.get(path)
        if kept is not None and kept.stamp == self._stamp(path, kept.read, surroundings):
            return kept.items
        jobs = self._session.evaluations.jobs
        source = Source(path)
        before = self._stamp(path, (), surroundings)
        try:
            outcome: Outcome = await jobs.submit(
                object(), Urgency.BACKGROUND, "evaluate", source, surroundings
            )
        except SupersededError:
            return ()
        except WorkerError as error:
            self._session.warn(f"estimator-lint: {path} was not checked: {error}")
            outcome = Outcome(problem=str(error))
        items = self._diagnostics(path, outcome)
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        if before == self._stamp(path, (), surroundings):
            stamp = self._stamp(path, outcome.read, surroundings)
            self._kept[path] = _Kept(stamp, outcome.read, items)
        return items

    def _diagnostics(self, path: str, outcome: Outcome) -> tuple[types.Diagnostic, ...]:
        if outcome.file_lines:
            outcome = _in_file(outcome)
        uri = uri_of(path)
        document = Document(uri, outcome.text, None, self._session.documents.encoding)
        module = Module(uri, path, cells=[(document, True)])
        related = self._session.abilities.relates
        return tuple(diagnostics_of(module, outcome, related=related)[uri])

    def _stamp(self, path: str, read: Iterable[str], surroundings: Surroundings) -> object:
        others = ((each, self._session.evaluations.stamp_of(each)) for each in sorted(read))
        configuration = self._session.configuration_generation
        return surroundings, configuration, self._session.evaluations.stamp_of(path), tuple(others)


def _in_file(outcome: Outcome) -> Outcome:
    """The diagnostics of a notebook on the lines of its file, since its cells are not open."""
    return replace(
        outcome,
        findings=tuple(
            replace(
                _on_lines_of_file(finding, outcome),
                text=f"{_cell_of(finding, outcome)}: {finding.text}",
                witnesses=tuple(
                    replace(
                        witness,
                        events=tuple(_on_lines_of_file(event, outcome) for event in witness.events),
                    )
                    for witness in finding.witnesses
                ),
            )
            for finding in outcome.findings
        ),
        cells=(),
    )


def _on_lines_of_file(place: _AnyPlace, outcome: Outcome) -> _AnyPlace:
    lines = outcome.file_lines
    return replace(
        place,
        line=lines[place.line - 1],
        column=0,
        end_line=lines[place.end_line - 1] + 1,
        end_column=0,
    )


def _cell_of(finding: Finding, outcome: Outcome) -> str:
    for number, first, last in outcome.cells:
        if first <= finding.line <= last:
            return f"cell {number}, line {finding.line - first + 1}"
    return "cell ?"


def _report(uri: str, items: Iterable[types.Diagnostic], known: str | None) -> _Report:
    listed = list(items)
    name = result_id(listed)
    if name == known:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, name)
    return types.WorkspaceFullDocumentDiagnosticReport(uri, listed, result_id=name)
