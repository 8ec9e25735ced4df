"""Code actions for findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from estimator_lint.code_pages import codes
from estimator_lint.documented_codes import page_of
from estimator_lint.language_server.diagnostics import page_uri, range_in
from estimator_lint.language_server.jobs import SupersededError, Urgency
from estimator_lint.language_server.offers import fixing_all, offers_for
from estimator_lint.language_server.registration import handle, offer
from estimator_lint.language_server.workspace_edits import workspace_edit

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from estimator_lint.findings import Finding
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.mode_features import ModeFeatures
    from estimator_lint.language_server.outcomes import Change, Outcome
    from estimator_lint.language_server.proved_repairs import KnownRepairs, ProvedRepairs
    from estimator_lint.language_server.session import Session

EXPLAIN: Final = "estimator-lint.explain"

FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.estimator-lint"
QUICK_FIX: Final = types.CodeActionKind.QuickFix


class ContentModifiedError(JsonRpcException):
    """The request refers to a text that has changed."""

    CODE = types.LSPErrorCodes.ContentModified.value
    MESSAGE = "Content Modified"


class Actions:
    """Offers fixes, ``# noqa`` comments and pages of codes."""

    def __init__(self, session: Session, repairs: ProvedRepairs, modes: ModeFeatures) -> None:
        self._session = session
        self._repairs = repairs
        self._modes = modes

    def register(self, server: LanguageServer) -> None:
        """Register the handlers."""
        options = types.CodeActionOptions([QUICK_FIX, FIX_ALL], resolve_provider=True)
        handle(server, types.TEXT_DOCUMENT_CODE_ACTION, self.actions, options)
        handle(server, types.CODE_ACTION_RESOLVE, self.resolve)
        offer(server, EXPLAIN, self.explain)

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """The actions for the findings in a range, and for the whole file."""
        uri, context = params.text_document.uri, params.context
        found = await self._session.outcome(uri)
        if found is None or not found[1].findings:
            return []
        module, outcome = found
        near = findings_near(module, outcome, uri, params.range)
        try:
            await self._learn(module, outcome, near, context)
        except SupersededError:
            return []
        if not self._repairs.is_present(module, outcome):
            return []
        known = self._repairs.known(module, outcome)
        actions: list[types.CodeAction] = []
        if is_wanted(QUICK_FIX, context.only):
            for number in near:
                actions += self._quick_fixes(module, known, number, context.diagnostics)
            actions += map(explanation, dict.fromkeys(outcome.findings[each].code for each in near))
        if is_wanted(FIX_ALL, context.only) and known.has_safe:
            offered = fixing_all(known.all_safe or ())
            action = types.CodeAction(offered.title, kind=FIX_ALL)
            actions += self._completed(action, module, known, offered.changes)
        return actions

    async def _learn(
        self,
        module: Module,
        outcome: Outcome,
        near: Sequence[int],
        context: types.CodeActionContext,
    ) -> None:
        """Learn what to offer: in the background and when it is calm, unless the user waits.

        Raises:
            SupersededError: the module has changed.
        """
        is_automatic = context.trigger_kind is types.CodeActionTriggerKind.Automatic
        urgency = Urgency.BACKGROUND if is_automatic and not context.only else Urgency.ASKED
        if near and urgency is Urgency.BACKGROUND:
            await self._repairs.calm(module, outcome)
        if is_wanted(QUICK_FIX, context.only):
            await self._repairs.prove(module, outcome, near, urgency)
        if urgency is Urgency.BACKGROUND or not is_wanted(FIX_ALL, context.only):
            return
        # In a notebook, safe repairs may not fit into the cells.
        is_edit_needed = module.is_notebook or not self._session.abilities.resolves_edits
        if is_edit_needed or self._repairs.known(module, outcome).has_safe is None:
            await self._repairs.all_safe(module, outcome)

    def _quick_fixes(
        self,
        module: Module,
        known: KnownRepairs,
        number: int,
        diagnostics: Iterable[types.Diagnostic],
    ) -> Iterator[types.CodeAction]:
        """The actions that change the text at a finding, given by its number."""
        outcome = known.outcome
        place = range_in(module, outcome, outcome.findings[number])
        told = [
            each
            for each in diagnostics
            if place is not None
            and (each.code, each.range) == (outcome.findings[number].code, place[1])
        ]
        for count, each in enumerate(offers_for(outcome, number, known.repairs)):
            action = types.CodeAction(
                each.title,
                kind=QUICK_FIX,
                diagnostics=told or None,
                is_preferred=each.is_preferred or None,
            )
            yield from self._completed(action, module, known, each.changes, number, count)

    def _completed(
        self,
        action: types.CodeAction,
        module: Module,
        known: KnownRepairs,
        changes: Sequence[Change],
        *offered: int,
    ) -> Iterator[types.CodeAction]:
        """An action with its edit, or with data for ``resolve`` if the client can ask for it.

        ``offered`` are the number of a finding and that of its offer; nothing stands for all.
        """
        if self._session.abilities.resolves_edits:
            state = known.state
            action.data = {"uri": module.uri, "state": state, "offered": list(offered)}
            yield action
        elif changes:
            action.edit = self._edit(module, known, changes)
            if action.edit is not None:
                yield action

    def _edit(
        self, module: Module, known: KnownRepairs, changes: Sequence[Change]
    ) -> types.WorkspaceEdit | None:
        versioned = self._session.abilities.versions_edits
        return workspace_edit(module, known.outcome, changes, versioned=versioned)

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edit, which the offer left out."""
        match action.data:
            case {"uri": str() as uri, "state": int() as state, "offered": list() as offered}:
                changed = ContentModifiedError("the text has changed")
                found = self._repairs.in_state(uri, state)
                if found is None:
                    raise changed
                try:
                    changes = await self._changes(*found, offered)
                except SupersededError:
                    raise changed from None
                if self._repairs.in_state(uri, state) is None:
                    raise changed
                action.edit = self._edit(*found, changes)
        return action

    async def _changes(
        self, module: Module, known: KnownRepairs, offered: list[object]
    ) -> tuple[Change, ...]:
        """The changes of an action in the present state.

        Raises:
            SupersededError: the module has changed.
        """
        match offered:
            case []:
                return await self._repairs.all_safe(module, known.outcome)
            case [int() as number, int() as count] if 0 <= number < len(known.outcome.findings):
                offers = offers_for(known.outcome, number, known.repairs)
                if 0 <= count < len(offers):
                    return offers[count].changes
        raise JsonRpcInvalidParams("there is no such action")

    async def explain(self, *arguments: Any) -> str:
        """Open the page of a code; return its text."""
        code = arguments[0] if len(arguments) == 1 else None
        if not isinstance(code, str) or code.upper() not in codes():
            raise JsonRpcInvalidParams(f"{EXPLAIN} takes a code such as MFN103")
        self._modes.open_page(page_uri(code.upper()), external=False)
        return page_of(code.upper())


def findings_near(
    module: Module, outcome: Outcome, uri: str, wanted: types.Range
) -> tuple[int, ...]:
    """The numbers of the findings that overlap a range of a document."""
    return tuple(
        number
        for number, finding in enumerate(outcome.findings)
        if _is_in(module, outcome, finding, uri, wanted)
    )


def explanation(code: str) -> types.CodeAction:
    """The action that opens the page of a code."""
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
