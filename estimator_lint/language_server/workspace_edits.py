"""Changes of a module as edits of the client's documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from estimator_lint.language_server.documents import Document, Module
    from estimator_lint.language_server.outcomes import Change, Outcome


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
