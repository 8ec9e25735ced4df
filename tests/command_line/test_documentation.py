"""``docs/command-line.md`` is true."""

from __future__ import annotations

import os
import re
from pathlib import Path

from estimator_lint.command_line.formats import FORMATS
from estimator_lint.command_line.main import make_parser
from estimator_lint.command_line.status import Status
from estimator_lint.configuration import project_settings as configuration
from tests.command_line.program import check, run, write

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_the_recording_is_real() -> None:
    block = re.search(
        r"<!-- recorded: examples -->\n```console\n\$ estimator-lint (.*)\n((?:.*\n)*?)```", PAGE
    )
    assert block is not None
    assert run(ROOT, *block.group(1).split()).output.replace(os.sep, "/") == block.group(2)


def test_the_section_for_pyproject_toml_is_accepted(tmp_path: Path) -> None:
    block = re.search(r"```toml\n((?:.*\n)*?)```", PAGE)
    assert block is not None
    write(tmp_path / "pyproject.toml", block.group(1))
    assert check(tmp_path).status == Status.CLEAN
    write(tmp_path / "model.py")
    assert check(tmp_path).status == Status.FINDINGS


def test_all_keys_formats_statuses_and_commands_are_told() -> None:
    keys = [key.replace("_", "-") for key in configuration.FLAKE8_KEYS]
    commands = re.findall(r"^    (\w+) ", make_parser().format_help(), re.MULTILINE)
    assert len(commands) >= 2
    for word in (*keys, "per-file-ignores", "respect-gitignore", *FORMATS):
        assert f"`{word}`" in PAGE, word
    for command in commands:
        assert f"| `estimator-lint {command} " in PAGE
    for status in Status:
        assert f"\n| {status.value} | " in PAGE
