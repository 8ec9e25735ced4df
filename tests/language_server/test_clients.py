"""The server with the capabilities of real editors, as recorded by pytest-lsp."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tests.command_line.program import CLEAN, FAULTY

CLIENTS = ["visual-studio-code", "neovim@v0.7.0", "neovim@v0.11.0", "emacs"]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_session(name: str, tmp_path: Path) -> None:
    asyncio.run(_session(client_capabilities(name), tmp_path))


async def _session(capabilities: types.ClientCapabilities, folder: Path) -> None:
    client = make_test_lsp_client()
    await client.start_io(sys.executable, "-m", "estimator_lint", "server")
    result = await client.initialize_session(
        types.InitializeParams(
            capabilities,
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "project")],
        )
    )
    assert result.capabilities.code_lens_provider is not None
    path = folder / "model.py"
    item = types.TextDocumentItem(path.as_uri(), "python", 1, FAULTY)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    document = types.TextDocumentIdentifier(path.as_uri())
    assert await _codes(client, document, capabilities) == ["MFN103"]
    (lens,) = await client.text_document_code_lens_async(types.CodeLensParams(document)) or ()
    assert lens.command is not None
    assert lens.command.title == "TRAIN ✓ · EVAL ✗ loss · PREDICT not checked"
    place = types.Range(types.Position(5, 16), types.Position(5, 16))
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(document, place, types.CodeActionContext([]))
    )
    assert "Explain MFN103" in [action.title for action in actions or ()]
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(2, path.as_uri()),
            [types.TextDocumentContentChangeWholeDocument(CLEAN)],
        )
    )
    assert await _codes(client, document, capabilities) == []
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


async def _codes(
    client: LanguageClient,
    document: types.TextDocumentIdentifier,
    capabilities: types.ClientCapabilities,
) -> list[object]:
    """The codes that the client gets for a text, pulled if it can."""
    about = capabilities.text_document
    if about is not None and about.diagnostic is not None:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(document)
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return [item.code for item in report.items]
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return [item.code for item in client.diagnostics[document.uri]]
