"""Files named like modules that the linter imports are not run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flake8_program import FAULTY, write
from tests.language_server.raw_client import codes, running

NAMES = (
    "ast argparse json gc libcst astroid flake8 rich pygments pathspec tomli tensorflow"
    " sitecustomize usercustomize multiprocessing concurrent unicodedata typing dataclasses enum"
    " inspect importlib"
).split()
PROGRAM = str(Path(sys.executable).with_name("estimator-lint"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    trap = "import pathlib\npathlib.Path(__file__).with_name('executed').touch()\n"
    for name in NAMES:
        write(tmp_path / f"{name}.py", trap)
    write(tmp_path / "model.py", FAULTY)
    return tmp_path


@pytest.mark.parametrize(
    "program", [[sys.executable, "-m", "estimator_lint"], [PROGRAM]], ids=["-m", "program"]
)
@pytest.mark.parametrize("command", ["check --format=concise", "modes", "check --color=always"])
def test_modules_in_the_current_folder(folder: Path, program: list[str], command: str) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip("the program is not installed next to Python")
    finished = subprocess.run(
        [*program, *command.split(), "model.py"], cwd=folder, capture_output=True, text=True
    )
    assert not (folder / "executed").exists()
    assert finished.stderr == ""
    assert "MFN103" in finished.stdout


def test_modules_next_to_what_flake8_checks(folder: Path) -> None:
    program = Path(sys.executable).with_name("flake8")
    if shutil.which(program) is None:
        pytest.skip("flake8 is not installed next to Python")
    finished = subprocess.run(
        [program, "--select=MFN", "model.py"], cwd=folder, capture_output=True, text=True
    )
    assert not (folder / "executed").exists()
    assert finished.stderr == ""
    assert "MFN103" in finished.stdout


def test_modules_in_the_folder_of_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    uri = (folder / "model.py").as_uri()
    with running(folder) as client:
        client.open(uri)
        assert codes(client.published(uri)) == ["MFN103"]
    assert not (folder / "executed").exists()
