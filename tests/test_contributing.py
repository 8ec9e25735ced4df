"""The steps of CONTRIBUTING.md, "Add a rule", followed in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: The files that the steps need; the copy has no others.
COPIED = ("estimator_lint", "tests", "docs", "README.md", "setup.cfg", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "_build", "*.egg-info", "ecosystem", "tools")

BLOCK = re.compile(r"^```(python|markdown|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"(?:# |<!-- )(\S+/\S+\.\w+)(?: -->)?\n")


def blocks() -> list[tuple[str, str]]:
    """Language and text of the blocks of the section, in order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Add a rule")[2].partition("\n## Teach it a TensorFlow")[0]
    return [(match[1], match[2]) for match in BLOCK.finditer(section)]


def changed(text: str, hunks: str) -> str:
    """``text`` with the lines that ``hunks`` add, each after its context."""
    for hunk in hunks.split("@@\n")[1:]:
        lines = hunk.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines)
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def test_the_steps_make_a_rule(tmp_path: Path) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    written = 0
    for language, text in blocks():
        if language == "diff":
            target = re.search(r"^\+\+\+ b/(\S+)$", text, re.MULTILINE)
            assert target is not None
            path = tmp_path / target[1]
            path.write_text(changed(path.read_text(encoding="utf-8"), text), encoding="utf-8")
        else:
            start = PATH.match(text)
            assert start is not None, text
            path = tmp_path / start[1]
            path.parent.mkdir(exist_ok=True)
            path.write_text(text[start.end() :], encoding="utf-8")
            written += 1
    assert written == 4

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("tests/test_meta.py", "tests/test_fixtures.py", "-k", "MFN399 or folders_are_codes"),
    )
    assert "scaffold is None" in run("-m", "estimator_lint", "explain", "MFN399")
