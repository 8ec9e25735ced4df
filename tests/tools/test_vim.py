"""Vim and Neovim: ``:make``, ALE and nvim-lint."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.tools import samples
from tests.tools.programs import program, run
from tests.tools.samples import REPAIRED, WIDE

#: Arguments with which an editor runs a script and nothing else.
EDITORS = {"vim": ["--clean", "-es"], "nvim": ["--clean", "--headless"]}
FILE = "model of ours.py"
OPENED = f"edit {FILE.replace(' ', chr(92) + ' ')}"

both_editors = pytest.mark.parametrize("editor", EDITORS)


def answer_of(editor: str, folder: Path, lines: Sequence[str], answer: str) -> Any:
    """Run a script in the editor; returns the final value of the expression ``answer``.

    If the script fails anywhere, the editor exits, and there is no value.
    """
    command = program(editor, {"nvim": "Neovim"}.get(editor, editor))
    script = samples.write(
        folder / "script.vim",
        "\n".join(
            [
                "try",
                *lines,
                f"call writefile([json_encode({answer})], 'answer.json')",
                "catch",
                "call writefile([v:exception, v:throwpoint], 'failure.txt')",
                "endtry",
                "qall!",
                "",
            ]
        ),
    )
    output = run([command, *EDITORS[editor], "-S", script], folder)
    failure = folder / "failure.txt"
    assert not failure.exists(), failure.read_text(encoding="utf-8")
    assert (folder / "answer.json").exists(), output
    return json.loads((folder / "answer.json").read_text(encoding="utf-8"))


# :make

MAKE = samples.recipe("editors.md", "vim", "errorformat").splitlines()
#: The line for the program itself instead of the one for flake8.
INSTEAD = samples.recipe("editors.md", "vim", "estimator-lint").splitlines()
MAKE_WITH_PROGRAM = [line for line in MAKE if "makeprg" not in line]
MAKE_WITH_PROGRAM[-1:-1] = INSTEAD
QUICKFIX = "map(getqflist(), {_, item -> [bufname(item.bufnr), item.lnum, item.col, item.text]})"


def made(editor: str, folder: Path, recipe: list[str], text: str) -> list[list[Any]]:
    """The quickfix list after ``:make``."""
    samples.write(folder / FILE, text)
    # The recipe is sourced before the file type is known, as a vimrc is.
    lines = [*recipe, "filetype on", OPENED, "silent make!"]
    found: list[list[Any]] = answer_of(editor, folder, lines, QUICKFIX)
    return found


@pytest.mark.parametrize("recipe", [MAKE, MAKE_WITH_PROGRAM], ids=["flake8", "program"])
@both_editors
def test_make(editor: str, recipe: list[str], tmp_path: Path) -> None:
    # Vim expects bytes but gets characters: the documented limit.
    assert made(editor, tmp_path, recipe, WIDE) == [
        [FILE, place.line, place.characters + 1, f"{samples.CODE} {samples.MESSAGE}"]
        for place in samples.places(WIDE)
    ]


@both_editors
def test_make_finds_nothing(editor: str, tmp_path: Path) -> None:
    assert made(editor, tmp_path, MAKE, REPAIRED) == []


# ALE

ALE = samples.recipe("editors.md", "vim", "ale_linters").splitlines()
OURS = "filter(copy(ale#engine#GetLoclist(bufnr(''))), {_, item -> item.code =~# '^MFN'})"
FIELDS = "{_, item -> [item.linter_name, item.lnum, item.col, item.code, item.text]}"
REPAIR = r"silent %s/EstimatorSpec(mode)/EstimatorSpec(mode, loss=features)/"


def waiting_until(condition: str) -> list[str]:
    """Lines that wait for at most 30 s."""
    return [
        "let waited = 0",
        f"while !({condition}) && waited < 3000",
        "  sleep 10m",
        "  let waited += 1",
        "endwhile",
    ]


@both_editors
def test_ale(editor: str, tmp_path: Path) -> None:
    """It shows the findings of the buffer, also after an unsaved change."""
    samples.write(tmp_path / FILE, WIDE)
    lines = [
        "silent! packadd ale",
        "if !exists(':ALELint') | call writefile(['null'], 'answer.json') | qall! | endif",
        *ALE,
        OPENED,
        "ALELint",
        *waiting_until(f"len({OURS})"),
        f"let before = map({OURS}, {FIELDS})",
        REPAIR,
        "ALELint",
        *waiting_until(f"empty({OURS})"),
    ]
    answer = answer_of(editor, tmp_path, lines, f"[before, {OURS}]")
    if answer is None:
        pytest.skip(f"ALE is not installed for {editor}")
    before, after = answer
    assert before == [
        ["flake8", place.line, place.bytes + 1, samples.CODE, samples.MESSAGE]
        for place in samples.places(WIDE)
    ]
    assert after == []


# nvim-lint


def test_nvim_lint(tmp_path: Path) -> None:
    """Only where there is a clone of nvim-lint, which is in no package registry."""
    nvim = program("nvim", "Neovim")
    clone = os.environ.get("NVIM_LINT")
    if clone is None:
        pytest.skip("NVIM_LINT does not name a clone of nvim-lint")
    samples.write(tmp_path / FILE, WIDE)
    samples.write(
        tmp_path / "script.lua",
        "\n".join(
            [
                "vim.opt.runtimepath:append(os.getenv('NVIM_LINT'))",
                "vim.cmd('filetype on')",
                samples.recipe("editors.md", "lua", "linters_by_ft"),
                "local function found()",
                "  return vim.tbl_filter(",
                "    function(item) return vim.startswith(item.code, 'MFN') end,",
                "    vim.diagnostic.get(0)",
                "  )",
                "end",
                f"vim.cmd('edit {FILE}')",
                "vim.wait(30000, function() return #found() > 0 end)",
                "local shown = vim.tbl_map(",
                "  function(item) return { item.lnum, item.col, item.code, item.message } end,",
                "  found()",
                ")",
                "vim.fn.writefile({ vim.fn.json_encode(shown) }, 'answer.json')",
                "",
            ]
        ),
    )
    command = [nvim, "--clean", "--headless", "-c", "luafile script.lua", "-c", "qall!"]
    output = run(command, tmp_path, environment={"NVIM_LINT": clone})
    assert (tmp_path / "answer.json").exists(), output
    shown = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    # Neovim expects bytes but gets characters, as above.
    assert shown == [
        [place.line - 1, place.characters, samples.CODE, samples.MESSAGE]
        for place in samples.places(WIDE)
    ]
