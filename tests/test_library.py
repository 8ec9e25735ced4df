"""``import estimator_lint``: the library, from outside."""

from __future__ import annotations

import importlib.util
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import estimator_lint
from estimator_lint import (
    CannotCheckError,
    Finding,
    Mode,
    Occurrence,
    Settings,
    check_file,
    check_text,
    modes_of,
)
from estimator_lint.flake8_plugin import EstimatorChecker
from tests.flake8_program import FAULTY, ONLY_TRAINED
from tests.notebooks.samples import FAULTY as CELL
from tests.notebooks.samples import IMPORT, notebook

PAGE = Path(__file__).parent.parent / "docs" / "library.md"


def test_check_text() -> None:
    (finding,) = check_text(FAULTY)
    assert isinstance(finding, Finding)
    assert (finding.line, finding.column, finding.code) == (6, 15, "MFN103")
    assert finding.modes == (Mode.EVAL,)
    assert [step.text for step in finding.steps] == ["mode == tf.estimator.ModeKeys.EVAL"]
    assert check_text("") == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_text(end: str) -> None:
    text = f"# coding: latin-1\n# \u2028\n{FAULTY}".replace("\n", end)
    (finding,) = check_text(text)
    assert (finding.line, finding.column) == (8, 15)
    (finding,) = check_text("\ufeff" + FAULTY)
    assert (finding.line, finding.column) == (6, 15)


def test_comments() -> None:
    text = FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa: MFN103")
    assert check_text(text) == []
    assert [each.code for each in check_text(text, respect_noqa=False)] == ["MFN103"]
    assert check_text(f"# flake8: noqa\n{FAULTY}") == []
    assert len(check_text(f"# flake8: noqa\n{FAULTY}", respect_noqa=False)) == 1


def test_settings() -> None:
    assert check_text(ONLY_TRAINED) == []
    settings = Settings(require_modes=frozenset({Mode.PREDICT}))
    assert [each.code for each in check_text(ONLY_TRAINED, settings=settings)] == ["MFN104"]


def test_no_configuration_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "setup.cfg").write_text("[flake8]\nignore = MFN\nselect = MFN9\n")
    (tmp_path / "model.py").write_text(FAULTY)
    monkeypatch.chdir(tmp_path)
    assert len(check_file("model.py")) == len(check_text(FAULTY)) == 1


def test_check_file(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_bytes(f"# coding: latin-1\n# \u00e4\n{FAULTY}".encode("latin-1"))
    for given in (path, str(path)):
        (finding,) = check_file(given)
        assert (finding.line, finding.column, finding.cell) == (8, 15, None)


def test_modules_of_the_project_are_followed(tmp_path: Path) -> None:
    (tmp_path / "keys.py").write_text(f"{IMPORT}EVAL = tf.estimator.ModeKeys.EVAL\n")
    text = f"from keys import EVAL\n{FAULTY.replace('tf.estimator.ModeKeys.EVAL', 'EVAL')}"
    assert check_text(text) == []
    assert len(check_text(text, str(tmp_path / "model.py"))) == 1


def test_notebooks(tmp_path: Path) -> None:
    path = tmp_path / "model.ipynb"
    path.write_text(notebook(IMPORT, CELL))
    (finding,) = check_file(path)
    assert (finding.cell, finding.line, finding.column) == (2, 3, 15)
    (step,) = finding.steps
    assert (step.cell, step.line) == (2, 2)
    (function,) = modes_of(path)
    assert function.cells == ((1, 1, 2), (2, 3, 7))


@pytest.mark.parametrize("text", ["model_fn = (", "model_fn\0", f"{FAULTY}print 'a'"])
def test_what_can_not_be_checked(tmp_path: Path, text: str) -> None:
    with pytest.raises(CannotCheckError) as caught:
        check_text(text, "a.py")
    assert str(caught.value).startswith("a.py:")
    (tmp_path / "model.py").write_text(text)
    with pytest.raises(CannotCheckError):
        check_file(tmp_path / "model.py")
    with pytest.raises(CannotCheckError):
        modes_of(tmp_path / "model.py")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.path, copy.line) == (str(caught.value), "a.py", caught.value.line)


@pytest.mark.parametrize("text", ["{", notebook(IMPORT, CELL, "print 'model_fn'")])
def test_notebooks_that_can_not_be_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.ipynb").write_text(text)
    for function in (check_file, modes_of):
        with pytest.raises(CannotCheckError):
            function(tmp_path / "model.ipynb")


def test_files_that_are_not_there() -> None:
    for function in (check_file, modes_of):
        with pytest.raises(FileNotFoundError):
            function("nowhere.py")


def test_modes_of(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(FAULTY)
    (function,) = modes_of(path)
    assert function.name == "model_fn"
    assert function.modes[Mode.EVAL].fields["loss"].given is Occurrence.NEVER
    assert function.modes[Mode.TRAIN].fields["loss"].given is Occurrence.ALWAYS
    assert not function.modes[Mode.PREDICT].checked
    assert modes_of("model.py", text="") == ()


def test_what_is_public_is_there_and_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert estimator_lint.__all__ == sorted(estimator_lint.__all__)
    for name in estimator_lint.__all__:
        assert hasattr(estimator_lint, name)
        assert f"`{name}" in page, name


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (output,) = re.findall(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    finished = subprocess.run(
        [sys.executable, "-c", example],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == output


def test_importing_it_is_cheap() -> None:
    program = "import sys, estimator_lint; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    costly = {"astroid", "flake8", "libcst", "rich", "json", "argparse"}
    assert costly.isdisjoint(shown.stdout.split())


USER = """\
from __future__ import annotations

from pathlib import Path

import estimator_lint


def codes(path: Path) -> list[str]:
    settings = estimator_lint.Settings(tensorflow_version="2.4")
    findings: list[estimator_lint.Finding] = estimator_lint.check_file(path, settings)
    return [f"{each.line}:{each.column} {each.code} {each.text}" for each in findings]


def trained(path: Path) -> dict[str, bool]:
    return {
        function.name: function.modes[estimator_lint.Mode.TRAIN].checked
        for function in estimator_lint.modes_of(path)
    }


reveal_type(estimator_lint.check_text(""))
wrong: int = estimator_lint.check_text("")
private = estimator_lint.exports
"""


def test_it_is_typed_for_who_uses_it(tmp_path: Path) -> None:
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed here: dev.py lint runs this")
    (tmp_path / "user.py").write_text(USER)
    finished = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir=cache", "user.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        # mypy does not follow editable installations.
        env={**os.environ, "MYPYPATH": str(PAGE.parent.parent)},
    )
    lines = [line for line in finished.stdout.splitlines() if line.startswith("user.py")]
    assert [re.sub(r"^user.py:\d+: ", "", line) for line in lines] == [
        'note: Revealed type is "list[estimator_lint.findings.Finding]"',
        'error: Incompatible types in assignment (expression has type "list[Finding]",'
        ' variable has type "int")  [assignment]',
        'error: Module has no attribute "exports"  [attr-defined]',
    ], finished.stdout


def test_threads_with_other_settings() -> None:
    """Each gets its own settings, and flake8's settings do not change."""
    before = EstimatorChecker.settings
    wanted = [Settings(model_fn_globs=(glob,)) for glob in ("model_fn", "other_fn")] * 20

    def codes(settings: Settings) -> list[str]:
        return [finding.code for finding in check_text(FAULTY, settings=settings)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(codes, wanted))
    assert found == [codes(each) for each in wanted]
    assert EstimatorChecker.settings is before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_pipes_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.py")
    for function in (check_file, modes_of):
        with pytest.raises(OSError, match="not a regular file"):
            function(tmp_path / "model.py")
