"""The meanings of names that a file imports from its project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import meaning, name_at, write_tree

PACKAGE = {
    "pyproject.toml": "",
    "app/__init__.py": "from .heads import build\nfrom . import heads as h\n"
    "from .sub.deep import *\n",
    "app/heads.py": "def build(): pass\nclass Head: pass\nLIMIT = 3\n",
    "app/modes.py": "import tensorflow as tf\nTRAIN = tf.estimator.ModeKeys.TRAIN\n",
    "app/compat.py": "import tensorflow.compat.v1 as tf\n"
    "from tensorflow.estimator import ModeKeys\n",
    "app/sub/__init__.py": "",
    "app/sub/deep.py": "def deep(): pass\ndef _hidden(): pass\n",
    "app/sub/model.py": "",
    "space/part/model.py": "",
    "space/part/other.py": "x = 1\n",
    "src/laid/__init__.py": "",
    "src/laid/out.py": "x = 1\n",
    "tests/test_model.py": "",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_tree(tmp_path, PACKAGE)


@pytest.mark.parametrize(
    ("file", "path", "expected"),
    [
        ("app/sub/model.py", "app.heads.build", "app/heads.py: build"),
        ("app/sub/model.py", "..heads.Head", "app/heads.py: Head"),
        ("app/sub/model.py", "..heads", "module app/heads.py"),
        ("app/sub/model.py", ".deep", "module app/sub/deep.py"),
        ("app/sub/model.py", "app", "module app/__init__.py"),
        ("app/sub/model.py", "app.build", "app/heads.py: build"),
        ("app/sub/model.py", "app.h", "module app/heads.py"),
        ("app/sub/model.py", "app.heads", "module app/heads.py"),
        ("app/sub/model.py", "app.deep", "app/sub/deep.py: deep"),
        ("app/sub/model.py", "app._hidden", "external app._hidden"),
        ("app/sub/model.py", "app.compat.tf", "external tensorflow.compat.v1"),
        ("app/sub/model.py", "..compat.ModeKeys", "external tensorflow.estimator.ModeKeys"),
        ("app/sub/model.py", "numpy.array", "external numpy.array"),
        ("app/sub/model.py", "app.nowhere.x", "external app.nowhere.x"),
        ("app/sub/model.py", ".nowhere", "unknown"),
        ("app/sub/model.py", "deep", "module app/sub/deep.py"),
        ("space/part/model.py", "space.part.other.x", "space/part/other.py: x"),
        ("space/part/model.py", "other.x", "space/part/other.py: x"),
        ("space/part/model.py", "space.part", "namespace space/part"),
        ("tests/test_model.py", "laid.out.x", "src/laid/out.py: x"),
        ("tests/test_model.py", "app.heads.LIMIT", "app/heads.py: LIMIT"),
        ("src/laid/out.py", "app.heads.LIMIT", "app/heads.py: LIMIT"),
    ],
)
def test_an_import_means(package: Path, file: str, path: str, expected: str) -> None:
    assert meaning(package, file, path) == expected


def test_source_roots_take_the_place_of_guesses(package: Path) -> None:
    assert meaning(package, "app/sub/model.py", "out.x", "src/laid") == "src/laid/out.py: x"
    assert meaning(package, "app/sub/model.py", "app.heads", "src") == "external app.heads"
    assert meaning(package, "app/sub/model.py", "..heads", "src") == "module app/heads.py"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from heads import *\n", "heads.py: x"),
        ("from listed import *\n", "unknown"),
        ("from heads import *\nfrom tensorflow import *\n", "heads.py: x"),
        ("from tensorflow import *\n", "external tensorflow.x"),
        ("from stars import x\n", "heads.py: x"),
        ("from more_stars import *\n", "heads.py: x"),
        ("from heads import *\nfrom stars_of_tensorflow import *\n", "heads.py: x"),
        ("from stars_of_tensorflow import *\n", "external tensorflow.x"),
        ("from other import *\nfrom few_stars import *\n", "other.py: x"),
        ("from star_circle import *\n", "heads.py: x"),
        ("try:\n    from heads import x\nexcept ImportError:\n    x = None\n", "heads.py: x"),
        (
            "try:\n    from heads import x\nexcept (ImportError, OSError):\n"
            "    from other import x\n",
            "heads.py: x",
        ),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from heads import x\n",
            "heads.py: x",
        ),
        (
            "import t\nif t.TYPE_CHECKING:\n    from heads import x\nelse:\n    x = 1\n",
            "model.py: x",
        ),
        ("if flag:\n    from heads import x\nelse:\n    from other import x\n", "unknown"),
        ("if flag:\n    from heads import x\nelse:\n    from chain import x\n", "heads.py: x"),
        ("from chain import x\n", "heads.py: x"),
        ("from circle import x\n", "external circle.x"),
        ("from json import x\n", "external json.x"),
        ("from broken import x\n", "external broken.x"),
        ("import heads as x\n", "module heads.py"),
        ("from redefined import x\n", "other.py: x"),
        ("from branches import x\n", "branches.py: x"),
        ("from deleted import x\n", "external deleted.x"),
    ],
)
def test_a_name_means(tmp_path: Path, text: str, expected: str) -> None:
    write_tree(
        tmp_path,
        {
            "model.py": text,
            "heads.py": "x = 1\n",
            "other.py": "x = 1\n",
            "listed.py": "__all__ = ['y']\nx = y = 1\n",
            "chain.py": "from heads import x\n",
            "stars.py": "from chain import *\n",
            "more_stars.py": "from listed import *\nfrom stars import *\n",
            "stars_of_tensorflow.py": "from tensorflow import *\n",
            "few_stars.py": "from heads import *\n__all__ = ['y']\n",
            "star_circle.py": "from heads import *\nfrom star_circle_back import *\n",
            "star_circle_back.py": "from star_circle import *\n",
            "circle.py": "from circle_back import x\n",
            "circle_back.py": "from circle import x\n",
            "json.py": "x = 1\n",
            "broken.py": "def x(:\n",
            "redefined.py": "from heads import x\nfrom other import x\n",
            "branches.py": "if flag:\n    x = 1\nelse:\n    x = 2\n",
            "deleted.py": "x = 1\ndel x\n",
        },
    )
    assert name_at(tmp_path, "model.py", "x") == expected


def test_a_package_that_imports_its_own_modules(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "app/__init__.py": "from . import heads\nfrom .tail import tail\n",
            "app/heads.py": "from app import tail\n",
            "app/tail.py": "def tail(): pass\n",
            "app/model.py": "from app import heads, tail\n",
        },
    )
    assert name_at(tmp_path, "app/model.py", "heads") == "module app/heads.py"
    # The function hides the module of the same name.
    assert name_at(tmp_path, "app/model.py", "tail") == "app/tail.py: tail"
    assert meaning(tmp_path, "app/model.py", "app.heads.tail") == "app/tail.py: tail"


def test_installed_packages_are_projects_of_their_own(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "site-packages/app/__init__.py": "",
            "site-packages/app/model.py": "",
            "site-packages/app/heads.py": "x = 1\n",
            "site-packages/other.py": "x = 1\n",
        },
    )
    model = "site-packages/app/model.py"
    assert meaning(tmp_path, model, "app.heads.x") == "site-packages/app/heads.py: x"
    assert meaning(tmp_path, model, "other.x") == "external other.x"
