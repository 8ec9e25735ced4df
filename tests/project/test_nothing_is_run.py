"""No file of a project is run, whatever its name, and none stops the linter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.project.locations import MAX_BYTES
from tests.project.test_across_files import HEADS, MODEL, NO_TRAIN_OP
from tests.project.trees import HEAD, findings, write_tree

ROOT = Path(__file__).resolve().parents[2]

#: Runs flake8 in the current folder, and reports every module that Python loads from there.
DRIVER = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
here = os.getcwd()
sys.path.append(here)

def told(event, arguments):
    if event in ("import", "ctypes.dlopen"):
        for argument in arguments:
            if isinstance(argument, str) and argument.startswith(here):
                print("LOADED", argument)

sys.addaudithook(told)
from flake8.main.cli import main
sys.exit(main(["--isolated", "--select=MFN", "-j1", *sys.argv[1:]]))
"""

#: Running this creates a file.
TRAP = "open(__file__ + '.executed', 'w').close()\n"

SHADOWING = (
    "types ast tokenize warnings collections json typing builtins sitecustomize usercustomize"
    " conftest libcst astroid flake8 pycodestyle pyflakes estimator_lint typing_extensions"
    " six wrapt tensorflow numpy _strptime lazy_object_proxy".split()
)


def run_flake8(folder: Path) -> str:
    finished = subprocess.run(
        [sys.executable, "-I", "-c", DRIVER, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "Traceback" not in finished.stderr, finished.stderr
    return finished.stdout


def test_nothing_is_executed(tmp_path: Path) -> None:
    imports = "".join(f"    import {name}\n    {name}.used = {name}.x\n" for name in SHADOWING)
    model = HEAD + (
        "import app.heads, app.fast, math, zlib\n"
        "from app.stars import *\n"
        "from app import slow\n"
        "math.pi = 3\n\n"
        "def model_fn(features, labels, mode):\n"
        f"{imports}"
        "    x = app.fast.build(mode), slow.build(mode), starred(mode), zlib.crc32(b'')\n"
        "    return app.heads.build(mode, features)\n"
    )
    heads = TRAP + HEADS + f"import {', '.join(SHADOWING)}\nmath.x = 1\nimport math\n"
    stars = "from app.fast import *\nfrom app.heads import *\nfrom math import *\nimport math\n"
    files: dict[str, str | bytes] = {
        "app/__init__.py": TRAP,
        "app/model.py": model,
        "app/heads.py": heads,
        "app/stars.py": TRAP + stars + "__all__ = math.__all__ + ['x' * 10 ** 12]\n",
        "app/slow.py": TRAP + "from math import pi\nmath.pi = pi\ndef build(mode): return pi\n",
        "app/app.pth": "import os; open('pth.executed', 'w')\n",
        "evil.pth": "import os; open('pth.executed', 'w')\n",
        "setup.py": TRAP,
        "noxfile.py": TRAP,
    }
    for name in SHADOWING:
        files[f"{name}.py"] = TRAP + "x = 1\n"
    extension = Path(_an_extension_module()).read_bytes()
    for name in ("app/fast", "math", "zlib", "fast", "app/math"):
        files[f"{name}.so"] = extension
        files[f"{name}.pyd"] = extension
    write_tree(tmp_path, files)
    output = run_flake8(tmp_path)
    assert "MFN102 EstimatorSpec has no train_op in TRAIN, in 'heads.build'" in output
    assert "LOADED" not in output
    assert [str(path) for path in tmp_path.rglob("*.executed")] == []
    assert not list(tmp_path.rglob("__pycache__"))


def _an_extension_module() -> str:
    """The file of some extension module of this Python; any file if all are built in."""
    import _ctypes

    return getattr(_ctypes, "__file__", None) or sys.executable


def test_the_traps_work(tmp_path: Path) -> None:
    """The file that the test above looks for exists when a module is run."""
    write_tree(tmp_path, {"model.py": TRAP})
    subprocess.run([sys.executable, "-c", "import model"], cwd=tmp_path, check=True)
    assert (tmp_path / "model.py.executed").exists()


@pytest.mark.parametrize(
    "heads",
    [
        b"",
        b"def build(:\n",
        b"\x00\x01\x02\xff\xfe rubbish",
        b"# -*- coding: nonsense -*-\n" + HEADS.encode(),
        b"\xff\xfe" + HEADS.encode("utf-16-le"),
        b"x = '\xe9'\n" + HEADS.encode(),
        b"#" * (MAX_BYTES + 1),
        b"x = " + b"(" * 5_000 + b")" * 5_000,
        b"x = " + b"-" * 20_000 + b"1",
        b"x = " + b"a." * 20_000 + b"a\n",
        b"from heads import build\n",
        b"from model import *\nfrom heads import *\n",
        b"from ........ import build\n",
        b"from ..outside import build\n",
        b"def build(*a): return build(*a)\n",
        b"build = build\n",
        b"class build(build): pass\n",
        b"import heads\nbuild = heads.build\n",
        b"__all__ = [name for name in ()]\nfrom model import *\n",
    ],
    ids=lambda heads: repr(heads[:24]),
)
@pytest.mark.filterwarnings("error")
def test_rubbish_is_unknown(tmp_path: Path, heads: bytes) -> None:
    write_tree(tmp_path / "project", {"heads.py": heads, "model.py": MODEL, "setup.cfg": ""})
    write_tree(tmp_path, {"outside.py": HEADS})
    assert findings(tmp_path / "project", "model.py") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"model.py": MODEL})
    os.mkfifo(tmp_path / "heads.py")
    assert findings(tmp_path, "model.py") == []


def test_a_folder_named_like_a_file_is_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {"model.py": MODEL, "heads.py/x": ""})
    assert findings(tmp_path, "model.py") == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path / "project",
        {
            "setup.cfg": "",
            "app/__init__.py": "",
            "app/heads.py": HEADS,
            "app/model.py": MODEL.replace("import heads", "from app.loop.loop import heads"),
            "app/linked.py": MODEL.replace("heads", "elsewhere"),
            "app/looping.py": MODEL.replace("heads", "ring"),
        },
    )
    write_tree(tmp_path, {"outside.py": HEADS})
    (root / "app" / "loop").symlink_to(root / "app", target_is_directory=True)
    (root / "app" / "elsewhere.py").symlink_to(tmp_path / "outside.py")
    (root / "app" / "ring.py").symlink_to(root / "app" / "ring.py")
    assert findings(root, "app/model.py") == [NO_TRAIN_OP]
    assert findings(root, "app/linked.py") == []
    assert findings(root, "app/looping.py") == []


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the superuser reads everything"
)
def test_an_unreadable_file_is_unknown(tmp_path: Path) -> None:
    write_tree(tmp_path, {"model.py": MODEL, "heads.py": HEADS})
    (tmp_path / "heads.py").chmod(0)
    assert findings(tmp_path, "model.py") == []


def test_outside_of_the_project_is_unknown(tmp_path: Path) -> None:
    write_tree(tmp_path, {"heads.py": HEADS, "project/setup.cfg": "", "project/model.py": MODEL})
    assert findings(tmp_path / "project", "model.py") == []
    write_tree(
        tmp_path,
        {"project/model.py": MODEL.replace("import heads", "from .. import heads")},
    )
    assert findings(tmp_path / "project", "model.py") == []
