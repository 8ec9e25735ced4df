"""Notebooks: their cells are one module, and each finding is reported in its cell."""

from __future__ import annotations

from typing import Any

import pytest

from estimator_lint.language_server.positions import LineTable, PositionEncoding
from tests.language_server.raw_client import EVERYTHING, PULLED, RawClient, codes, span

NOTEBOOK_ABILITIES = {**PULLED, "notebookDocument": {"synchronization": {}}}

IMPORTS = "%matplotlib inline\nimport tensorflow as tf"
HELPER = "!pip install x\ndef loss_of(features, mode):\n    return features"
MODEL = (
    "def model_fn(features, labels, mode):\n"
    "    return tf.estimator.EstimatorSpec(\n"
    "        mode, loss=loss_of(features, mode), train_op=features,\n"
    "        training_hooks=tf.estimator.StopAtStepHook(1))"
)
IN_EVAL = "    if mode == 'eval':\n        return None\n"
FAULTY_HELPER = HELPER.replace("    return", f"{IN_EVAL}    return")


class Notebook:
    """A notebook that a client has open."""

    def __init__(self, client: RawClient, uri: str) -> None:
        self.client = client
        self.uri = uri
        self.version = 1
        self._cells = uri.replace("file:", "vscode-notebook-cell:")

    def cell(self, number: int) -> str:
        """The URI of a cell."""
        return f"{self._cells}#{number}"

    def item(self, number: int, text: str) -> dict[str, Any]:
        """A cell's text."""
        return {"uri": self.cell(number), "languageId": "python", "version": 1, "text": text}

    def open(self, *texts: str | None) -> None:
        """Open it with cells; None is a Markdown cell."""
        cells = [
            {"kind": 1 if text is None else 2, "document": self.cell(number)}
            for number, text in enumerate(texts)
        ]
        items = [self.item(number, text or "# Title") for number, text in enumerate(texts)]
        self.client.notify(
            "notebookDocument/didOpen",
            {
                "notebookDocument": {
                    "uri": self.uri,
                    "notebookType": "jupyter-notebook",
                    "version": 1,
                    "cells": cells,
                },
                "cellTextDocuments": items,
            },
        )

    def change(self, **cells: Any) -> None:
        """Change its cells."""
        self.version += 1
        self.client.notify(
            "notebookDocument/didChange",
            {
                "notebookDocument": {"uri": self.uri, "version": self.version},
                "change": {"cells": cells},
            },
        )

    def edit(self, number: int, text: str) -> None:
        """Change the text of a cell."""
        document = {"uri": self.cell(number), "version": self.version + 1}
        self.change(textContent=[{"document": document, "changes": [{"text": text}]}])

    def close(self) -> None:
        """Close it."""
        self.client.notify(
            "notebookDocument/didClose",
            {"notebookDocument": {"uri": self.uri}, "cellTextDocuments": []},
        )


@pytest.fixture
def notebook(client: RawClient, uri: str) -> Notebook:
    return Notebook(client, uri.replace(".py", ".ipynb"))


def test_what_is_found_stands_in_its_cell(notebook: Notebook) -> None:
    client = notebook.client
    notebook.open(IMPORTS, None, HELPER, MODEL)
    found = client.published(notebook.cell(3))
    assert codes(found) == ["MFN308"]
    assert found[0]["range"] == span(3, 23, 3, 53)
    assert client.published(notebook.cell(0)) == []
    assert client.published(notebook.cell(2)) == []
    # A fault in one cell is found in another.
    notebook.edit(2, FAULTY_HELPER)
    assert codes(client.published(notebook.cell(3))) == ["MFN103", "MFN308"]
    (lens,) = client.request("textDocument/codeLens", {"textDocument": {"uri": notebook.cell(3)}})
    assert lens["range"] == span(0, 4, 0, 4)
    assert "EVAL ✗ loss" in lens["command"]["title"]
    about = {"textDocument": {"uri": notebook.cell(2)}}
    assert client.request("textDocument/codeLens", about) == []
    page = client.command("showModes", *lens["command"]["arguments"])
    assert page.endswith(".ipynb.html")
    notebook.close()
    assert client.published(notebook.cell(3)) == []


def test_edits_are_made_in_cells(notebook: Notebook) -> None:
    notebook.open(IMPORTS, HELPER, MODEL)
    params = {
        "textDocument": {"uri": notebook.cell(2)},
        "range": EVERYTHING,
        "context": {"diagnostics": [], "only": ["quickfix"]},
    }
    actions = notebook.client.request("textDocument/codeAction", params)
    (silence,) = [action for action in actions if action["title"].startswith("Silence")]
    (change,) = silence["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": notebook.cell(2), "version": 1}
    (edit,) = change["edits"]
    table = LineTable(MODEL, PositionEncoding.UTF16)
    offset = table.offset(*edit["range"]["start"].values())
    notebook.edit(2, MODEL[:offset] + edit["newText"] + MODEL[offset:])
    notebook.client.wait_for(
        "textDocument/publishDiagnostics",
        lambda params: params["uri"] == notebook.cell(2) and params["diagnostics"] == [],
    )
    notebook.close()


def test_cells_come_go_and_change_their_kind(notebook: Notebook) -> None:
    client = notebook.client
    notebook.open(IMPORTS, HELPER)
    client.published(notebook.cell(1))
    new = {"kind": 2, "document": notebook.cell(7)}
    structure = {
        "array": {"start": 2, "deleteCount": 0, "cells": [new]},
        "didOpen": [notebook.item(7, MODEL)],
    }
    notebook.change(structure=structure)
    assert codes(client.published(notebook.cell(7))) == ["MFN308"]
    notebook.change(data=[{"kind": 1, "document": notebook.cell(7)}])
    notebook.change(data=[{"kind": 2, "document": notebook.cell(7)}])
    assert codes(client.published(notebook.cell(7))) == ["MFN308"]
    gone = {"array": {"start": 2, "deleteCount": 1}, "didClose": [{"uri": notebook.cell(7)}]}
    notebook.change(structure=gone)
    assert client.published(notebook.cell(7)) == []
    # More cells than there are.
    notebook.change(structure={"array": {"start": 1, "deleteCount": 99}})
    notebook.change(structure={"array": {"start": 99, "deleteCount": 99, "cells": [new]}})
    assert client.published(notebook.cell(0)) == []
    notebook.close()


def test_cells_in_another_order(notebook: Notebook) -> None:
    client = notebook.client
    notebook.open(IMPORTS, FAULTY_HELPER, MODEL)
    assert codes(client.published(notebook.cell(2))) == ["MFN103", "MFN308"]
    moved = {"kind": 2, "document": notebook.cell(2)}
    notebook.change(structure={"array": {"start": 2, "deleteCount": 1}})
    assert client.published(notebook.cell(2)) == []
    structure = {
        "array": {"start": 1, "deleteCount": 0, "cells": [moved]},
        "didOpen": [notebook.item(2, f"# moved\n{MODEL}")],
    }
    notebook.change(structure=structure)
    found = client.published(notebook.cell(2))
    assert [(item["code"], item["range"]["start"]["line"]) for item in found] == [
        ("MFN103", 2),
        ("MFN308", 4),
    ]
    notebook.close()


def test_a_notebook_with_another_name(notebook: Notebook) -> None:
    """A client may open the new name before it closes the old one, with the same cells."""
    client = notebook.client
    notebook.open(IMPORTS, HELPER, MODEL)
    assert codes(client.published(notebook.cell(2))) == ["MFN308"]
    before = notebook.uri
    notebook.uri = f"{before}2"
    notebook.open(IMPORTS, HELPER, MODEL)
    closed = {"notebookDocument": {"uri": before}, "cellTextDocuments": []}
    client.notify("notebookDocument/didClose", closed)
    notebook.edit(1, FAULTY_HELPER)
    client.wait_for(
        "textDocument/publishDiagnostics",
        lambda params: (
            params["uri"] == notebook.cell(2)
            and codes(params["diagnostics"]) == ["MFN103", "MFN308"]
        ),
    )
    notebook.close()


def test_a_cell_that_does_not_parse_is_left_out(notebook: Notebook) -> None:
    client = notebook.client
    notebook.open(IMPORTS, "def (", HELPER, MODEL, "%%bash\nls")
    assert codes(client.published(notebook.cell(3))) == ["MFN308"]
    assert client.published(notebook.cell(1)) == []
    notebook.close()


def test_cells_in_other_languages_are_left_out(notebook: Notebook) -> None:
    """Some clients send them, whatever the server wants."""
    other = {**notebook.item(2, "loss_of = 3"), "languageId": "julia"}
    notebook.open(IMPORTS, FAULTY_HELPER)
    added = [notebook.item(3, MODEL), other]
    cells = [{"kind": 2, "document": each["uri"]} for each in (other, *added[:1])]
    notebook.change(
        structure={"array": {"start": 2, "deleteCount": 0, "cells": cells}, "didOpen": added}
    )
    found = notebook.client.published(notebook.cell(3))
    assert codes(found) == ["MFN103", "MFN308"]
    notebook.close()


def test_the_chosen_mode_dims_lines_of_cells(notebook: Notebook) -> None:
    client = notebook.client
    notebook.open(IMPORTS, FAULTY_HELPER, MODEL)
    client.published(notebook.cell(1))
    client.command("chooseMode", "TRAIN")
    (dimmed,) = client.published(notebook.cell(1))
    assert dimmed["message"] == "not run in TRAIN"
    assert dimmed["range"] == span(3, 8, 3, 19)
    client.command("chooseMode", "all")
    notebook.close()


def test_a_notebook_is_pulled_cell_by_cell(asking: RawClient, uri: str) -> None:
    notebook = Notebook(asking, uri.replace(".py", ".ipynb"))
    notebook.open(IMPORTS, HELPER, MODEL)
    assert asking.pull(notebook.cell(0))["items"] == []
    assert codes(asking.pull(notebook.cell(2))["items"]) == ["MFN308"]
    notebook.close()
    assert asking.pull(notebook.cell(2))["items"] == []


def test_a_notebook_without_code(notebook: Notebook) -> None:
    notebook.open(None)
    notebook.close()
    notebook.open()
    about = {"textDocument": {"uri": notebook.cell(0)}}
    assert notebook.client.request("textDocument/codeLens", about) == []
    notebook.close()
