"""pre-commit, in real repositories with real commits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.notebooks.samples import FAULTY as CELL
from tests.notebooks.samples import IMPORT, MESSAGE, PLACE, notebook
from tests.tools import samples
from tests.tools.programs import ROOT, program, run
from tests.tools.samples import FAULTY, FINDING, REPAIRED

NOT_COPIED = (".*_cache", ".cache", ".git", ".hypothesis", ".venvs", "__pycache__", "*.egg-info")
ADDRESS = "https://example.com/estimator-lint"
OWN_HOOK = samples.recipe("pre-commit.md", "yaml", f"repo: {ADDRESS}")
FLAKE8_ADDRESS = "https://github.com/pycqa/flake8"
FLAKE8_HOOK = samples.recipe("pre-commit.md", "yaml", f"repo: {FLAKE8_ADDRESS}")

#: The hook of flake8's repository, and the package that it installs.
FLAKE8_REPOSITORY = {
    ".pre-commit-hooks.yaml": """\
- id: flake8
  name: flake8
  entry: flake8
  language: python
  types: [python]
  require_serial: true
""",
    "setup.cfg": "[metadata]\nname = flake8-repository\nversion = 1\n"
    "[options]\npackages =\ninstall_requires = flake8\n",
    "setup.py": "from setuptools import setup\nsetup()\n",
}

#: 150 KB, too much for one command line: pre-commit starts another one after 128 KiB.
MANY = [f"{'a' * 240}/{'b' * 240}/{number:03}.py" for number in range(300)]


class Repository:
    """A git repository; pre-commit keeps its own files beside it.

    Args:
        folder: its folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            "GIT_CONFIG_GLOBAL": str(folder / ".git" / "none"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        }
        folder.mkdir(exist_ok=True)
        self.git("init", "--quiet")
        self.git("config", "user.name", "A Committer")
        self.git("config", "user.email", "committer@example.com")

    def git(self, *arguments: str, status: int = 0) -> str:
        """The output of git and of the hooks that it runs."""
        return self.run(program("git"), *arguments, status=status)

    def pre_commit(self, *arguments: str, status: int = 0) -> str:
        """The output of pre-commit."""
        return self.run(program("pre-commit"), *arguments, status=status)

    def run(self, *command: str, status: int) -> str:
        return run(command, self.folder, status=status, environment=self._environment)

    def write(self, **texts: str) -> None:
        """Make Python files, named without their suffix."""
        for name, text in texts.items():
            samples.write(self.folder / f"{name}.py", text)

    def commit(self, status: int = 0) -> str:
        """Commit everything; returns the output of the hooks."""
        self.git("add", "--all")
        return self.git("commit", "--message=Change", status=status)

    @property
    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "--all"))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose repositories share the environments that pre-commit makes."""
    return tmp_path_factory.mktemp("repositories")


@pytest.fixture(scope="module")
def published(workplace: Path) -> Path:
    """This checkout in its present state, with the tag that the documentation names."""
    folder = workplace / "estimator-lint"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    repository = Repository(folder)
    repository.commit()
    repository.git("tag", "v0.1.0")
    return folder


@pytest.fixture
def project(published: Path, request: pytest.FixtureRequest) -> Repository:
    """A repository with the documented configuration, whose commits run the hook."""
    repository = Repository(published.parent / request.node.name)
    configure(repository, OWN_HOOK.replace(ADDRESS, published.as_posix()))
    return repository


def configure(repository: Repository, configuration: str) -> None:
    samples.write(repository.folder / ".pre-commit-config.yaml", configuration)
    repository.commit()
    repository.pre_commit("install")


def test_a_commit_with_a_fault_is_not_made(project: Repository) -> None:
    project.write(model=FAULTY, other="import os\n")
    output = project.commit(status=1)
    assert f"model.py:{FINDING}" in output.splitlines()
    assert "other.py" not in output
    assert project.commits == 1
    project.write(model=REPAIRED)
    assert "Passed" in project.commit()
    assert project.commits == 2


def test_a_commit_without_python_files(project: Repository) -> None:
    samples.write(project.folder / "notes.txt", FAULTY)
    assert "Skipped" in project.commit()
    assert project.commits == 2


def test_a_commit_with_many_files(project: Repository) -> None:
    for name in MANY:
        samples.write(project.folder / name, REPAIRED if name in MANY[1::100] else "import os\n")
    assert "Passed" in project.commit()
    for name in (MANY[0], MANY[-1]):
        samples.write(project.folder / name, FAULTY)
    for name in MANY[1:-1]:
        samples.write(project.folder / name, "import sys\n")
    found = [line for line in project.commit(status=1).splitlines() if "MFN" in line]
    assert sorted(found) == [f"{name}:{FINDING}" for name in (MANY[0], MANY[-1])]


def test_a_file_that_does_not_parse(project: Repository) -> None:
    """The other files are still checked."""
    project.write(broken=samples.UNPARSABLE)
    assert "broken.py:5:" in project.commit(status=1)
    project.write(before=FAULTY, later=FAULTY)
    output = project.commit(status=1)
    assert "broken.py:5:" in output
    for name in ("before", "later"):
        assert f"{name}.py:{FINDING}" in output.splitlines()


def test_notebooks_and_excluded_files(project: Repository) -> None:
    faulty = notebook(IMPORT, CELL)
    samples.write(project.folder / "model.ipynb", faulty)
    samples.write(project.folder / "old" / "model.ipynb", faulty)
    samples.write(project.folder / "unrelated.ipynb", "{")
    samples.write(project.folder / "setup.cfg", "[flake8]\nexclude = old\n")
    project.write(**{"old/model": FAULTY})
    output = project.commit(status=1)
    assert f"model.ipynb:cell 2:{PLACE}: {MESSAGE}" in output.splitlines()
    assert output.count("MFN103") == 1
    repaired = faulty.replace("Spec(mode)", "Spec(mode, None, features)")
    samples.write(project.folder / "model.ipynb", repaired)
    assert "Passed" in project.commit()


def test_options_of_the_hook(project: Repository) -> None:
    hook = "      - id: estimator-lint\n"
    recipe = samples.recipe("pre-commit.md", "yaml", "args")
    path = project.folder / ".pre-commit-config.yaml"
    configuration = path.read_text(encoding="utf-8")
    project.write(model=samples.ONLY_TRAINED)
    assert "Passed" in project.commit()
    samples.write(path, configuration.replace(hook, recipe))
    project.write(model=samples.ONLY_TRAINED + "\n")
    assert "MFN104" in project.commit(status=1)


def test_flake8s_hook_with_the_plugin(published: Path) -> None:
    flake8 = Repository(published.parent / "flake8")
    for name, text in FLAKE8_REPOSITORY.items():
        samples.write(flake8.folder / name, text)
    flake8.commit()
    flake8.git("tag", "7.3.0")
    project = Repository(published.parent / "flake8_user")
    here = FLAKE8_HOOK.replace(FLAKE8_ADDRESS, flake8.folder.as_posix()).replace(
        "estimator-lint==0.1.0", f"estimator-lint @ {published.as_uri()}"
    )
    configure(project, here)
    project.write(model=FAULTY, other="import os\n")
    output = project.commit(status=1).splitlines()
    assert f"model.py:{FINDING}" in output
    assert "other.py:1:1: F401 'os' imported but unused" in output
    project.write(model=REPAIRED, other="")
    assert "Passed" in project.commit()


def test_try_repo(workplace: Path) -> None:
    """From this very checkout, with or without uncommitted changes."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    project = Repository(workplace / "trying")
    project.write(model=FAULTY)
    project.git("add", "--all")
    _, command, what, _, *arguments = samples.recipe("pre-commit.md", "console", "try-repo").split()
    assert (command, what) == ("pre-commit", "try-repo")
    output = project.pre_commit(what, str(ROOT), *arguments, status=1)
    assert f"model.py:{FINDING}" in output.splitlines()
