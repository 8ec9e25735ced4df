"""Imports in a project whose root is a package itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.project.test_across_files import HEADS, MODEL
from tests.project.trees import findings, meaning, write_tree

REPOSITORY = {
    "repo/.git/HEAD": "",
    "repo/__init__.py": "",
    "repo/train.py": "x = 1\n",
    "repo/models/__init__.py": "",
    "repo/models/net.py": "",
    "repo/models/losses.py": "x = 1\n",
    "repo/scripts/run.py": "",
    "repo/utils/__init__.py": "from utils.spec import make\nfrom repo.utils.spec import *\n",
    "repo/utils/spec.py": "def make(): pass\ndef shown(): pass\n",
    "repo/utils/losses.py": "x = 1\n",
    "neighbour/__init__.py": "x = 1\n",
    "beside.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("file", "path", "expected"),
    [
        # As in scripts that are run in the root.
        ("models/net.py", "utils.spec.make", "repo/utils/spec.py: make"),
        ("models/net.py", "utils.make", "repo/utils/spec.py: make"),
        ("models/net.py", "train.x", "repo/train.py: x"),
        ("train.py", "models.net", "module repo/models/net.py"),
        ("scripts/run.py", "utils.spec.make", "repo/utils/spec.py: make"),
        # As a package of the folder around it.
        ("models/net.py", "repo.utils.spec.make", "repo/utils/spec.py: make"),
        ("models/net.py", "repo.train.x", "repo/train.py: x"),
        ("models/net.py", "repo.utils.shown", "repo/utils/spec.py: shown"),
        ("models/net.py", "repo", "module repo/__init__.py"),
        ("scripts/run.py", "repo.utils.spec.make", "repo/utils/spec.py: make"),
        # And the ways that don't start at the root.
        ("models/net.py", "losses.x", "repo/models/losses.py: x"),
        ("models/net.py", "..utils.spec.make", "repo/utils/spec.py: make"),
        # Files around the repository do not belong to it.
        ("models/net.py", "neighbour.x", "external neighbour.x"),
        ("models/net.py", "beside.x", "external beside.x"),
        ("models/net.py", "...beside.x", "unknown"),
    ],
)
def test_an_import_means(tmp_path: Path, file: str, path: str, expected: str) -> None:
    write_tree(tmp_path, REPOSITORY)
    assert meaning(tmp_path, f"repo/{file}", path) == expected


def test_packages_around_a_repository_do_not_count(tmp_path: Path) -> None:
    write_tree(tmp_path, {**REPOSITORY, "__init__.py": "", ".git/HEAD": "", "utils.py": "x = 1\n"})
    assert meaning(tmp_path, "repo/models/net.py", "utils.spec.make") == "repo/utils/spec.py: make"
    assert meaning(tmp_path, "repo/models/net.py", "utils.x") == "external utils.x"


def test_source_roots_take_the_place_of_both(tmp_path: Path) -> None:
    write_tree(tmp_path, REPOSITORY)
    net = "repo/models/net.py"
    assert meaning(tmp_path, net, "spec.make", "repo/utils") == "repo/utils/spec.py: make"
    for path in ("utils.spec.make", "repo.utils.spec.make"):
        assert meaning(tmp_path, net, path, "repo/utils") == f"external {path}"
    assert meaning(tmp_path, net, "repo.train.x", ".") == "repo/train.py: x"


@pytest.mark.parametrize(
    ("more", "path", "expected"),
    [
        ({}, "repo.spec.x", "repo/repo/spec.py: x"),
        ({}, "repo.train.x", "repo/train.py: x"),
        ({"repo/spec.py": "x = None\n"}, "repo.spec.x", "external repo.spec.x"),
        ({"repo/spec.py": "x = None\n"}, "repo.spec", "external repo.spec"),
        ({"repo/spec.py": "y = None\n"}, "repo.spec.x", "repo/repo/spec.py: x"),
        ({"repo/spec.py": "from repo.repo.spec import x\n"}, "repo.spec.x", "repo/repo/spec.py: x"),
    ],
)
def test_a_package_with_the_name_of_the_root(
    tmp_path: Path, more: Mapping[str, str], path: str, expected: str
) -> None:
    """If both have the imported name, its meaning is unknown."""
    inner = {"repo/repo/__init__.py": "", "repo/repo/spec.py": "x = 1\n"}
    write_tree(tmp_path, {**REPOSITORY, **inner, **more})
    assert meaning(tmp_path, "repo/models/net.py", path) == expected


# Other markers than a repository's

TRAINER = {
    "__init__.py": "",
    "setup.py": "",
    "trainer/__init__.py": "",
    "trainer/task.py": "",
    "trainer/model.py": "x = 1\n",
}


def trainer(root: Path, folder: str, others: Mapping[str, str], path: str) -> str:
    """The meaning of ``path`` in ``trainer/task.py`` of a package with a ``setup.py``."""
    files = {f"{folder}/{name}": text for name, text in TRAINER.items()}
    write_tree(root, {**files, **others})
    return meaning(root, f"{folder}/trainer/task.py", path)


@pytest.mark.parametrize("path", ["trainer.model.x", "project.trainer.model.x"])
@pytest.mark.parametrize("others", [{}, {".git/HEAD": ""}, {"setup.cfg": ""}])
def test_a_package_with_a_setup_of_its_own(
    tmp_path: Path, others: Mapping[str, str], path: str
) -> None:
    assert trainer(tmp_path, "project", others, path) == "project/trainer/model.py: x"


def test_a_package_with_a_setup_of_its_own_is_still_part_of_the_project(tmp_path: Path) -> None:
    others = {".git/HEAD": "", "other.py": "x = 1\n", "app/__init__.py": ""}
    assert (
        trainer(tmp_path, "app/part", others, "trainer.model.x") == "app/part/trainer/model.py: x"
    )
    assert meaning(tmp_path, "app/part/trainer/task.py", "other.x") == "other.py: x"
    assert (
        meaning(tmp_path, "app/part/trainer/task.py", "app.part.trainer.model.x")
        == "app/part/trainer/model.py: x"
    )


def test_two_projects_with_a_module_of_one_name(tmp_path: Path) -> None:
    others = {".git/HEAD": "", "trainer/model.py": "x = None\n"}
    path = "trainer.model.x"
    assert trainer(tmp_path, "project", others, path) == f"external {path}"


def test_an_unpacked_project_ends_at_its_setup(tmp_path: Path) -> None:
    """No folder above looks like the root of a project."""
    others = {"other.py": "x = 1\n"}
    assert trainer(tmp_path, "project", others, "other.x") == "external other.x"


def test_an_installed_package_with_a_setup(tmp_path: Path) -> None:
    folder = "site-packages/project"
    assert trainer(tmp_path, folder, {}, "trainer.model.x") == "external trainer.model.x"
    path = "project.trainer.model.x"
    assert meaning(tmp_path, f"{folder}/trainer/task.py", path) == f"{folder}/trainer/model.py: x"


# What the linter finds

USER = MODEL.replace("import heads", "from models import heads")


def test_a_finding_through_a_module_of_the_root(tmp_path: Path) -> None:
    write_tree(tmp_path, {**REPOSITORY, "repo/models/heads.py": HEADS, "repo/train.py": USER})
    (finding,) = findings(tmp_path, "repo/train.py")
    assert finding.endswith("MFN102 EstimatorSpec has no train_op in TRAIN, in 'heads.build'")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_repository_by_a_link(tmp_path: Path) -> None:
    write_tree(tmp_path / "disk", {**REPOSITORY, "repo/models/heads.py": HEADS})
    os.symlink(tmp_path / "disk" / "repo", tmp_path / "link", target_is_directory=True)
    for name in ("models", "link.models"):
        write_tree(tmp_path, {"link/train.py": USER.replace("models", name)})
        assert len(findings(tmp_path, "link/train.py")) == 1
    write_tree(tmp_path, {"link/train.py": USER.replace("models", "repo.models")})
    assert findings(tmp_path, "link/train.py") == []
