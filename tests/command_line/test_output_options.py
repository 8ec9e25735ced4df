"""The output of ``check``: what it writes, where, and when."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from estimator_lint.checking import CheckedFile, Checker
from estimator_lint.command_line.main import main
from estimator_lint.command_line.progress import Progress
from estimator_lint.command_line.running import FileFindings, Report, run_checks
from estimator_lint.command_line.status import Status
from estimator_lint.configuration.project_settings import read_configuration
from tests.command_line.program import CLEAN, FAULTY, FINDING, check, inside, run, write

OTHER = FAULTY.replace("EVAL", "PREDICT")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three files: two findings, and one that can't be parsed."""
    write(tmp_path / "a.py")
    write(tmp_path / "b.py", f"{FAULTY}(\n")
    write(tmp_path / "c.py", FAULTY + OTHER.replace("model_fn", "other_model_fn"))
    write(tmp_path / "d.py", CLEAN)
    return tmp_path


def test_statistics(project: Path) -> None:
    shown = run(project, "check", "--statistics").lines
    assert shown[-3:-1] == [
        "3 findings in 2 files (3 files checked, 1 file not checked).",
        "2       MFN103 missing-loss-in-eval",
    ]
    assert shown[-1] == "1       MFN104 missing-predictions"
    assert check(project, "--statistics").lines[-2:] == shown[-2:]
    outcome = run(project, "check", "--statistics", "--format=json")
    assert len(json.loads(outcome.output)["findings"]) == 3
    assert outcome.errors.splitlines()[-2:] == shown[-2:]


def test_exit_zero(project: Path) -> None:
    assert check(project, "a.py", "--exit-zero").status == Status.CLEAN
    assert check(project, "a.py", "--exit-zero").lines == [f"a.py:{FINDING}"]
    assert check(project, "b.py", "--exit-zero").status == Status.COULD_NOT_RUN


def test_quiet(project: Path) -> None:
    assert run(project, "check", "d.py", "--quiet").output == ""
    outcome = run(project, "check", "a.py", "b.py", "-q")
    assert outcome.lines[0] == f"a.py:{FINDING}"
    assert "checked" not in outcome.output
    assert outcome.errors.startswith("b.py:")


@pytest.mark.parametrize("format", ["text", "concise", "json", "sarif", "github", "junit"])
def test_output_file(project: Path, format: str) -> None:
    arguments = ["check", f"--format={format}", "a.py", "c.py"]
    expected = run(project, *arguments).output
    outcome = run(project, *arguments, "--output-file=found.txt")
    assert (outcome.status, outcome.output, outcome.errors) == (Status.FINDINGS, "", "")
    assert (project / "found.txt").read_bytes().decode() == expected


def test_an_output_file_that_can_not_be_written(project: Path) -> None:
    outcome = run(project, "check", "--output-file=no/found.txt", "a.py")
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert outcome.errors.startswith("estimator-lint: error: no/found.txt can't be written: ")


def test_show_files(project: Path) -> None:
    write(project / "build" / "e.py")
    write(project / "note.ipynb", "{}")
    shown = run(project, "check", "--show-files", "--exclude=build", "c.py", ".")
    names = ["./a.py", "./b.py", "./c.py", "./d.py", "./note.ipynb", "c.py"]
    assert shown.output.replace(os.sep, "/").splitlines() == names
    assert (shown.status, shown.errors) == (Status.CLEAN, "")


def test_show_settings(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nextend-ignore = MFN901\nper-file-ignores = a.py:MFN1\n")
    section = "[tool.estimator_lint]\nrequire-modes = ['eval']\nselect = ['missing-predictions']\n"
    write(project / "pyproject.toml", section)
    shown = run(project, "check", "--show-settings", "--certain").lines
    assert shown[0] == f"# flake8's file: {project / 'setup.cfg'}"
    assert shown[1] == f"# pyproject.toml: {project / 'pyproject.toml'}"
    assert 'extend-ignore = ["MFN901"]' in shown
    assert 'select = ["MFN104", "MFN114"]' in shown
    assert 'require-modes = ["EVAL"]' in shown
    assert "certain = true" in shown
    assert 'filename = ["*.py", "*.ipynb"]' in shown
    assert '"a.py" = ["MFN1"]' in "\n".join(shown).replace(f"{project}{os.sep}", "")


def test_shown_settings_are_settings(project: Path) -> None:
    before = run(project, "check", "--show-settings").output
    write(project / "pyproject.toml", before)
    after = run(project, "check", "--show-settings").lines
    assert after[2:] == before.splitlines()[2:]


def test_show_settings_without_files(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nignore = E1\n")
    shown = run(project, "check", "--show-settings", "--isolated").lines
    assert shown[:2] == ["# flake8's file: none", "# pyproject.toml: none"]


# When it is written


class Watching(Report):
    """Records its input, and what was checked by then."""

    def __init__(self, checked: list[str]) -> None:
        super().__init__()
        self.order: list[tuple[str, list[str]]] = []
        self._checked = checked

    def found(self, file: FileFindings) -> None:
        self.order.append((os.path.basename(file.path), list(self._checked)))


def test_findings_are_told_as_soon_as_a_file_is_done(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check_one = Checker.check

    def note(self: Checker, path: str, data: bytes) -> CheckedFile:
        checked.append(os.path.basename(path))
        return check_one(self, path, data)

    monkeypatch.setattr(Checker, "check", note)
    with inside(project):
        report = Watching(checked)
        run_checks(read_configuration(isolated=True), ["."], Progress(), report=report)
    assert report.order == [("a.py", ["a.py"]), ("c.py", ["a.py", "b.py", "c.py"])]


def test_the_order_is_that_of_names_with_several_processes(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"{number:02}.py", FAULTY * (1 + 5 * (number % 2)))
    with inside(tmp_path):
        configuration = read_configuration(["--jobs=2"], isolated=True)
        checked: list[str] = []
        report = Watching(checked)
        run_checks(configuration, ["."], Progress(), patience=0, report=report)
    names = [name for name, _ in report.order]
    assert names == sorted(names)
    assert len(names) == 20


@pytest.mark.parametrize("format", ["concise", "json", "junit"])
def test_an_interrupted_run_has_written_what_was_found(
    project: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    check_one = Checker.check

    def interrupt(self: Checker, path: str, data: bytes) -> CheckedFile:
        if path.endswith("c.py"):
            raise KeyboardInterrupt
        return check_one(self, path, data)

    monkeypatch.setattr(Checker, "check", interrupt)
    outcome = run(project, "check", f"--format={format}")
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.endswith("estimator-lint: interrupted\n")
    assert "EstimatorSpec has no loss in EVAL" in outcome.output
    if format == "json":
        told = json.loads(outcome.output)
        assert [each["file"] for each in told["findings"]] == [os.path.join(".", "a.py")]
        assert told["problems"][-1]["text"] == "the run was interrupted"


# Formats for services


def test_gitlab(project: Path) -> None:
    issues = json.loads(run(project, "check", "--format=gitlab", ".").output)
    assert {each["severity"] for each in issues} == {"major", "blocker"}
    assert issues[0] | {"fingerprint": ""} == {
        "description": "MFN103 EstimatorSpec has no loss in EVAL",
        "check_name": "MFN103",
        "fingerprint": "",
        "severity": "major",
        "location": {"path": "a.py", "lines": {"begin": 6, "end": 6}},
    }
    assert issues[-1]["location"] == {"path": "b.py", "lines": {"begin": 8}}
    assert len({each["fingerprint"] for each in issues}) == len(issues) == 4


def test_gitlab_s_fingerprints_stay_when_lines_move(project: Path) -> None:
    before = json.loads(run(project, "check", "--format=gitlab", "c.py").output)
    write(project / "c.py", f"'''Doc.'''\n{(project / 'c.py').read_text()}")
    after = json.loads(run(project, "check", "--format=gitlab", "c.py").output)
    assert [each["fingerprint"] for each in before] == [each["fingerprint"] for each in after]


def test_junit(project: Path) -> None:
    root = ElementTree.fromstring(run(project, "check", "--format=junit", ".").output)
    (suite,) = root
    assert dict(suite.attrib) == {
        "name": "estimator-lint",
        "tests": "4",
        "failures": "2",
        "errors": "1",
    }
    told = {case.get("name"): [child.tag for child in case] for case in suite}
    assert told == {
        "a.py": ["failure"],
        "b.py (not checked)": ["error"],
        "c.py": ["failure"],
        "d.py": [],
    }
    (failure,) = suite[0]
    assert failure.text == os.path.join(".", f"a.py:{FINDING}")


def test_junit_is_xml_whatever_the_name(tmp_path: Path) -> None:
    try:
        write(tmp_path / "a<&\x01\x85.py")
    except OSError:
        pytest.skip("the file system takes no such name")
    root = ElementTree.fromstring(run(tmp_path, "check", "--format=junit", ".").output)
    assert root[0][0].get("name") == r"a<&\x01\x85.py"


def test_azure(project: Path) -> None:
    lines = run(project, "check", "--format=azure", "a.py", "b.py").lines
    assert lines == [
        "##vso[task.logissue type=error;sourcepath=a.py;linenumber=6;columnnumber=16;code=MFN103;]"
        "EstimatorSpec has no loss in EVAL",
        "##vso[task.logissue type=error;sourcepath=b.py;linenumber=8;]"
        "not checked: SyntaxError: '(' was never closed",
    ]


def test_azure_escapes(tmp_path: Path) -> None:
    write(tmp_path / "a;]%.py")
    (line,) = run(tmp_path, "check", "--format=azure", "a;]%.py").lines
    assert "sourcepath=a%3B%5D%AZP25.py;" in line


def test_explain_as_json(tmp_path: Path) -> None:
    (told,) = json.loads(run(tmp_path, "explain", "--format=json", "missing-loss-in-eval").output)
    assert told["code"] == "MFN103"
    assert told["rule"] == "missing-loss-in-eval"
    assert told["certainty"] == "definite"
    assert told["page"].startswith("# MFN103: ")
    everything = json.loads(run(tmp_path, "explain", "--format=json").output)
    assert {each["code"] for each in everything} >= {"MFN000", "MFN002", "MFN113"}
    assert main(["explain", "--format=json", "MFN999"]) == Status.COULD_NOT_RUN


def test_processes_are_ended_with_the_run(tmp_path: Path) -> None:
    import multiprocessing

    class Full(Report):
        def found(self, file: FileFindings) -> None:
            raise BrokenPipeError

    for number in range(8):
        write(tmp_path / f"{number}.py")
    before = set(multiprocessing.active_children())
    with inside(tmp_path), pytest.raises(BrokenPipeError):
        configuration = read_configuration(["--jobs=2"], isolated=True)
        run_checks(configuration, ["."], Progress(), patience=0, report=Full())
    assert set(multiprocessing.active_children()) == before
