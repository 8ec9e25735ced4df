"""A plugin for python-lsp-server: code actions for findings, hovers, and the pages of codes.

The findings themselves come from flake8, which python-lsp-server runs. The plugin does nothing if
the extra ``server`` is not installed.
"""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lsprotocol import types

    from estimator_lint.language_server.blocking_worker import BlockingWorker
    from estimator_lint.language_server.documents import Module
    from estimator_lint.language_server.offers import Offer
    from estimator_lint.language_server.orders import Source, Surroundings
    from estimator_lint.language_server.outcomes import Outcome

try:
    from pylsp import hookimpl
except ImportError:  # python-lsp-server imports this, with or without it

    def hookimpl(function: Any = None, **how: Any) -> Any:
        """Return the function unchanged."""
        return function or (lambda function: function)


class _Checked:
    """A text of python-lsp-server, checked.

    Args:
        workspace, document: objects of python-lsp-server.
    """

    def __init__(self, workspace: Any, document: Any) -> None:
        from estimator_lint.language_server.client_settings import SECONDS
        from estimator_lint.language_server.documents import Documents
        from estimator_lint.language_server.orders import Source, Surroundings

        root = workspace.root_path or os.path.dirname(document.path)
        self.module: Module = Documents().open(document.uri, document.version, document.source)
        self._source: Source = Source(self.module.path, document.source)
        self._surroundings: Surroundings = Surroundings(root)
        self._seconds = SECONDS
        self.outcome: Outcome = self.ask("evaluate")

    def ask(self, method: str, *arguments: object) -> Any:
        """Ask the evaluating process."""
        return _worker().ask(self._seconds, method, self._source, self._surroundings, *arguments)


@functools.cache
def _worker() -> BlockingWorker:
    from estimator_lint.language_server.blocking_worker import BlockingWorker

    return BlockingWorker()


@functools.cache
def _is_usable() -> bool:
    return importlib.util.find_spec("lsprotocol") is not None


@functools.cache
def _converter() -> Any:
    from lsprotocol.converters import get_converter

    return get_converter()


@hookimpl  # type: ignore[untyped-decorator]
def pylsp_code_actions(
    config: Any, workspace: Any, document: Any, range: dict[str, Any], context: dict[str, Any]
) -> list[dict[str, Any]]:
    """Fixes for the findings in a range, and comments that silence them."""
    if not _is_usable():
        return []
    from lsprotocol import types

    from estimator_lint.language_server import actions, offers
    from estimator_lint.language_server.worker import WorkerError

    wanted = _converter().structure(range, types.Range)
    only = context.get("only")
    found: list[types.CodeAction] = []
    try:
        checked = _Checked(workspace, document)
        outcome = checked.outcome
        near = actions.findings_near(checked.module, outcome, document.uri, wanted)
        if near and actions.is_wanted(actions.QUICK_FIX, only):
            for number in near:
                repairs = {number: checked.ask("repairs", outcome.findings[number])}
                for each in offers.offers_for(outcome, number, repairs):
                    found += _action(checked, each, actions.QUICK_FIX)
            found_codes = dict.fromkeys(outcome.findings[number].code for number in near)
            found += map(actions.explanation, found_codes)
        if outcome.findings and only and actions.is_wanted(actions.FIX_ALL, only):
            changes = checked.ask("all_fixed")
            if changes:
                found += _action(checked, offers.fixing_all(changes), actions.FIX_ALL)
    except WorkerError:
        return []
    plain: list[dict[str, Any]] = _converter().unstructure(found)
    return plain


def _action(checked: _Checked, offer: Offer, kind: str) -> Iterator[types.CodeAction]:
    from lsprotocol import types

    from estimator_lint.language_server.workspace_edits import workspace_edit

    edit = workspace_edit(checked.module, checked.outcome, offer.changes, versioned=False)
    if edit is not None:
        preferred = offer.is_preferred or None
        yield types.CodeAction(offer.title, kind=kind, edit=edit, is_preferred=preferred)


@hookimpl  # type: ignore[untyped-decorator]
def pylsp_commands(config: Any, workspace: Any) -> list[str]:
    """The command that opens the page of a code."""
    if not _is_usable():
        return []
    from estimator_lint.language_server.actions import EXPLAIN

    return [EXPLAIN]


@hookimpl  # type: ignore[untyped-decorator]
def pylsp_execute_command(config: Any, workspace: Any, command: str, arguments: Any) -> str | None:
    """Open the page of a code, if the client can; return its text."""
    from estimator_lint.code_pages import codes
    from estimator_lint.documented_codes import page_of

    code = arguments[0] if isinstance(arguments, list) and len(arguments) == 1 else None
    if command not in pylsp_commands(config, workspace) or not isinstance(code, str):
        return None
    if code not in codes():
        return None
    from estimator_lint.language_server.diagnostics import page_uri

    window = config.capabilities.get("window") or {}
    if (window.get("showDocument") or {}).get("support"):
        asked = {"uri": page_uri(code), "external": False, "takeFocus": True}
        workspace._endpoint.request("window/showDocument", asked)
    return page_of(code)


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def pylsp_hover(
    config: Any, workspace: Any, document: Any, position: dict[str, int]
) -> dict[str, Any] | None:
    """The page of a code, a model function's fields, or the values of a name by mode."""
    if not _is_usable():
        return None
    from lsprotocol import types

    from estimator_lint.language_server.worker import WorkerError

    place = types.Position(position["line"], position["character"])
    try:
        hover = _hover(_Checked(workspace, document), place)
    except WorkerError:
        return None
    plain: dict[str, Any] | None = None if hover is None else _converter().unstructure(hover)
    return plain


def _hover(checked: _Checked, position: types.Position) -> types.Hover | None:
    from estimator_lint.language_server import hovers

    module, outcome = checked.module, checked.outcome
    document = module.documents[0]
    found = hovers.page_at(document, position) or hovers.function_at(
        module, outcome, document, position
    )
    if found is not None:
        return found
    place = hovers.place_in_function(module, outcome, document, position)
    revealed = None if place is None else checked.ask("revealed", *place)
    return None if revealed is None else hovers.values_of(module, outcome, revealed)
