"""Code actions for findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from estimator_lint.code_pages import codes
from estimator_lint.documented_codes import page_of
from estimator_lint.language_server.diagnostics import page_uri, range_in
from estimator_lint.language_server.jobs import SupersededError
from estimator_lint.language_server.registration import handle, offer
from estimator_lint.language_server.worker import WorkerError

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.findings import Finding
    from estimator_lint.language_server.documents import Document, Module
    from estimator_lint.language_server.mode_features import ModeFeatures
    from estimator_lint.language_server.outcomes import Change, Outcome, Repair
    from estimator_lint.language_server.session import Session

EXPLAIN: Final = "estimator-lint.explain"

FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.estimator-lint"
QUICK_FIX: Final = types.CodeActionKind.QuickFix

_FIX_ALL_TITLE: Final = "Apply all safe fixes of estimator-lint"


class ContentModifiedError(JsonRpcException):
    """The request refers to a text that has changed."""

    CODE = types.LSPErrorCodes.ContentModified.value
    MESSAGE = "Content Modified"


class Actions:
    """Offers fixes, ``# noqa`` comments and pages of codes."""

    def __init__(self, session: Session, modes: ModeFeatures) -> None:
        self._session = session
        self._modes = modes

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        options = types.CodeActionOptions([QUICK_FIX, FIX_ALL], resolve_provider=True)
        handle(server, types.TEXT_DOCUMENT_CODE_ACTION, self.actions, options)
        handle(server, types.CODE_ACTION_RESOLVE, self.resolve)
        offer(server, EXPLAIN, self.explain)

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The actions for the findings in a range, and for the whole file."""
        uri = params.text_document.uri
        found = await self._session.outcome(uri)
        if found is None:
            return []
        module, outcome = found
        only = params.context.only
        versioned = self._session.abilities.versions_edits
        actions: list[types.CodeAction] = []
        if is_wanted(QUICK_FIX, only):
            near = findings_near(module, outcome, uri, params.range)
            repairs = await self._ask(module, "repairs", near) if near else ()
            actions += repairing_actions(module, outcome, repairs, versioned=versioned)
            actions += map(_explanation, dict.fromkeys(finding.code for finding in near))
        is_automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
        if not is_wanted(FIX_ALL, only) or not outcome.findings:
            return actions
        if self._session.abilities.resolves_edits:
            data = {"uri": module.uri, "serial": module.serial}
            actions.append(types.CodeAction(_FIX_ALL_TITLE, kind=FIX_ALL, data=data))
        elif only or not is_automatic:
            changes = await self._ask(module, "all_fixed")
            actions += fixing_all(module, outcome, changes, versioned=versioned)
        return actions

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edit, which the offer left out."""
        data = action.data
        if not isinstance(data, dict) or "serial" not in data:
            return action
        found = await self._session.outcome(str(data.get("uri")))
        if found is None or found[0].serial != data["serial"]:
            raise ContentModifiedError("the text has changed")
        module, outcome = found
        changes = await self._ask(module, "all_fixed")
        if module.serial != data["serial"]:
            raise ContentModifiedError("the text has changed")
        versioned = self._session.abilities.versions_edits
        action.edit = workspace_edit(module, outcome, changes, versioned=versioned)
        return action

    async def explain(self, *arguments: Any) -> str:
        """Open the page of a code; return its text."""
        code = arguments[0] if len(arguments) == 1 else None
        if not isinstance(code, str) or code.upper() not in codes():
            raise JsonRpcInvalidParams(f"{EXPLAIN} takes a code such as MFN103")
        self._modes.open_page(page_uri(code.upper()), external=False)
        return page_of(code.upper())

    async def _ask(self, module: Module, method: str, *arguments: object) -> Any:
        """The worker's answer for the present state; nothing if the text changes meanwhile."""
        serial = module.serial
        try:
            answer = await self._session.evaluations.ask(
                (method, module.uri), method, module, *arguments
            )
        except (WorkerError, SupersededError):
            return ()
        return answer if module.serial == serial else ()


def findings_near(
    module: Module, outcome: Outcome, uri: str, wanted: types.Range
) -> tuple[Finding, ...]:
    """The findings that overlap a range of a document."""
    return tuple(
        finding for finding in outcome.findings if _is_in(module, outcome, finding, uri, wanted)
    )


def repairing_actions(
    module: Module, outcome: Outcome, repairs: Iterable[Repair], *, versioned: bool
) -> Iterator[types.CodeAction]:
    """An action for each repair that the client can make."""
    for repair in repairs:
        edit = workspace_edit(module, outcome, repair.changes, versioned=versioned)
        if edit is not None:
            yield types.CodeAction(
                repair.title, kind=QUICK_FIX, edit=edit, is_preferred=repair.is_preferred or None
            )


def fixing_all(
    module: Module, outcome: Outcome, changes: Sequence[Change], *, versioned: bool
) -> Iterator[types.CodeAction]:
    """The action that applies all safe fixes, if there are any."""
    edit = workspace_edit(module, outcome, changes, versioned=versioned)
    if changes and edit is not None:
        yield types.CodeAction(_FIX_ALL_TITLE, kind=FIX_ALL, edit=edit)


def workspace_edit(
    module: Module, outcome: Outcome, changes: Sequence[Change], *, versioned: bool
) -> types.WorkspaceEdit | None:
    """Changes as a workspace edit, with the document versions that they are made for."""
    edits: dict[Document, list[types.TextEdit]] = {}
    for change in changes:
        start = module.spot(change.start_line, change.start_column, outcome.cells)
        end = module.spot(change.end_line, change.end_column, outcome.cells)
        if start is None or end is None or start.document is not end.document:
            return None
        place = types.Range(
            types.Position(start.line, start.character), types.Position(end.line, end.character)
        )
        edits.setdefault(start.document, []).append(types.TextEdit(place, change.text))
    if not versioned:
        return types.WorkspaceEdit(changes={each.uri: made for each, made in edits.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version), made
            )
            for document, made in edits.items()
        ]
    )


def _explanation(code: str) -> types.CodeAction:
    title = f"Explain {code}"
    command = types.Command(title, EXPLAIN, arguments=[code])
    return types.CodeAction(title, kind=QUICK_FIX, command=command)


def is_wanted(kind: str, only: Iterable[str] | None) -> bool:
    """Whether an action of this kind is wanted by a client that asks for ``only`` some."""
    name = str(getattr(kind, "value", kind))
    if only is None:
        return True
    wanted = [str(getattr(each, "value", each)) for each in only]
    return any(not each or name == each or name.startswith(f"{each}.") for each in wanted)


def _is_in(
    module: Module, outcome: Outcome, finding: Finding, uri: str, wanted: types.Range
) -> bool:
    where = range_in(module, outcome, finding)
    if where is None or where[0] != uri:
        return False
    start, end = where[1].start, where[1].end
    return (start.line, start.character) <= (wanted.end.line, wanted.end.character) and (
        wanted.start.line,
        wanted.start.character,
    ) <= (end.line, end.character)
