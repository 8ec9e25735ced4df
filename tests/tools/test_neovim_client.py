"""Neovim's language client (``vim.lsp``) with the language server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tools import samples
from tests.tools.programs import ROOT, program, run

RECIPE = samples.recipe("language-server.md", "lua", "estimator-lint")

#: Everything that an editor does with the server; each answer is a member of ``session``.
SCRIPT = """
%s
vim.cmd('filetype on')
local session = {}
local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    return answer.result
  end
end
local function shown()
  return vim.tbl_map(function(item)
    return {
      item.lnum, item.col, item.end_lnum, item.end_col, item.message, item.code or '',
    }
  end, vim.diagnostic.get(0))
end
local function wait_for(count)
  vim.wait(60000, function() return #vim.diagnostic.get(0) == count end, 20)
  return shown()
end
vim.cmd('edit model.py')
local findings = FINDINGS
session.found = wait_for(findings)
local text = vim.lsp.util.make_text_document_params()
local lens = request('textDocument/codeLens', { textDocument = text })
session.lens = lens[1].command.title
vim.cmd('EstimatorMode PREDICT')
vim.wait(60000, function() return #vim.diagnostic.get(0) > findings end, 20)
session.dimmed = shown()
session.hints = request('textDocument/inlayHint', {
  textDocument = text,
  range = { start = { line = 0, character = 0 }, ['end'] = { line = 999, character = 0 } },
})
vim.cmd('EstimatorMode all')
wait_for(findings)
local function hover(place)
  return request('textDocument/hover', { textDocument = text, position = place })
end
session.hover = hover(lens[1].range.start)
session.value = hover({ line = HOVERED_LINE, character = HOVERED_COLUMN }) or ''
local chosen = session.found[CHOSEN_FINDING]
vim.ui.select = function(items, _, choose)
  local function title(item) return (item.action or item[2]).title end
  session.actions = vim.tbl_map(title, items)
  for _, item in ipairs(items) do
    if vim.startswith(title(item), 'CHOSEN_ACTION') then
      return choose(item)
    end
  end
end
vim.api.nvim_win_set_cursor(0, { chosen[1] + 1, chosen[2] })
vim.lsp.buf.code_action()
vim.wait(60000, function() return session.actions ~= nil end, 20)
session.after = wait_for(findings - 1)
session.line = vim.api.nvim_buf_get_lines(0, chosen[1], chosen[1] + 1, true)[1]
session.lens_after = request('textDocument/codeLens', { textDocument = text })[1].command.title
vim.fn.writefile({ vim.fn.json_encode(session) }, 'answer.json')
vim.lsp.stop_client(vim.lsp.get_active_clients())
vim.wait(10000, function() return #vim.lsp.get_active_clients() == 0 end)
"""


#: A character of four bytes precedes the finding, on a line of its own.
WIDE = samples.FAULTY.replace("        return", '        "😀"; return')


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("neovim")
    return session_with(folder, WIDE)


@dataclass(frozen=True)
class Played:
    """The steps of a session.

    Attributes:
        findings: the number of findings in the text.
        hovered: a place in it, from 0 on.
        finding: the number of the finding to act on, from 1 on.
        action: the beginning of the title of the chosen action.
    """

    findings: int = 1
    hovered: tuple[int, int] = (0, 0)
    finding: int = 1
    action: str = "Silence"


def session_with(folder: Path, text: str, played: Played = Played()) -> dict[str, Any]:
    """The answers of the editor for a text."""
    nvim = program("nvim", "Neovim")
    program("estimator-lint")
    samples.write(folder / "model.py", text)
    script = SCRIPT % RECIPE
    for name, value in {
        "FINDINGS": played.findings,
        "HOVERED_LINE": played.hovered[0],
        "HOVERED_COLUMN": played.hovered[1],
        "CHOSEN_FINDING": played.finding,
        "CHOSEN_ACTION": played.action,
    }.items():
        script = script.replace(name, str(value))
    samples.write(folder / "script.lua", script)
    command = [nvim, "--clean", "--headless", "-c", "luafile script.lua", "-c", "qall!"]
    output = run(command, folder)
    assert (folder / "answer.json").exists(), output
    answer: dict[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    return answer


def test_findings(session: dict[str, Any]) -> None:
    (found,) = session["found"]
    assert found == [5, 23, 5, 55, samples.MESSAGE, samples.CODE]


def test_lens(session: dict[str, Any]) -> None:
    assert session["lens"] == "TRAIN ✓ · EVAL ✗ loss · PREDICT not checked"


def test_dimmed_lines(session: dict[str, Any]) -> None:
    assert [5, 8, 5, 55, "not run in PREDICT", ""] in session["dimmed"]


def test_hover(session: dict[str, Any]) -> None:
    assert "| `loss` |" in session["hover"]["contents"]["value"]


def test_actions(session: dict[str, Any]) -> None:
    assert session["actions"][-2:] == ["Silence MFN103 here (# noqa)", "Explain MFN103"]
    assert session["after"] == []
    assert session["line"].endswith("EstimatorSpec(mode)  # noqa: MFN103")


def rendered(text: str, session: dict[str, Any]) -> str:
    """A text as the editor shows it while PREDICT is chosen."""
    below: dict[int, list[str]] = {}
    dimmed: set[int] = set()
    for line, column, last, _, message, code in session["dimmed"]:
        if code:
            below.setdefault(line, []).append(f"     {' ' * column}^ {code} {message}")
        else:
            dimmed |= set(range(line, last + 1))
    hints: dict[int, str] = {}
    for hint in session["hints"]:
        line = hint["position"]["line"]
        hints[line] = f"{hints.get(line, '')}  [{hint['label']}]"
    lines = []
    for number, line in enumerate(text.splitlines()):
        if "def digits_model_fn" in line:
            lines.append(f"     {session['lens']}")
        mark = "┆" if number in dimmed else " "
        lines.append(f"{number + 1:3d}{mark} {line}{hints.get(number, '')}".rstrip())
        lines += below.get(number, [])
    start = next(number for number, line in enumerate(lines) if line.endswith(session["lens"]))
    return "\n".join(lines[start:])


def test_the_session_in_the_documentation(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "digits.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    last = len(lines) - 1
    hovered = (last, lines[last].index("loss}"))
    session = session_with(tmp_path, text, Played(3, hovered, 2, "Pass"))
    page = (ROOT / "docs" / "language-server.md").read_text(encoding="utf-8")
    for shown in (
        rendered(text, session),
        session["value"]["contents"]["value"],
        "; ".join(f"*{title}*" for title in session["actions"]),
        session["line"],
        session["lens_after"],
    ):
        assert shown in page, shown
