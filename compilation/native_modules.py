"""The build step that compiles the evaluator with mypyc.

It works on a copy of the package in the build folder. The modules of the source are installed as
well: those that are compiled have precedence over them, and the others import them either way.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from setuptools import Extension

from compilation.field_annotations import evaluable_fields

#: The compiler, as a requirement of the build. Its output for the same source differs from version
#: to version, and what is tested is what this one makes of it.
COMPILER: Final = "mypy==2.4.1"

PACKAGE: Final = "estimator_lint"

#: The packages that are compiled whole: where evaluation spends its time.
COMPILED: Final = ("domain", "facts", "interpreter")

#: What stays as it is: mypyc does not know ``cached_property``.
INTERPRETED: Final = frozenset({"domain/values/scopes.py"})

#: More optimization by the C compiler takes twice as long and gains nothing that can be measured.
_OPTIMIZATION: Final = "1"


def native_modules(root: Path) -> list[Extension]:
    """The extension modules for the package of a checkout, translated to C in its build folder."""
    folder = root / "build" / "compiled"
    copy_package(root / PACKAGE, folder)
    with _working_in(folder):
        return _translated(folder / "c")


def copy_package(package: Path, folder: Path) -> None:
    """Copy the package into a folder, with the modules that are compiled as mypyc takes them."""
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(package, folder / package.name, ignore=ignored)
    for path in compiled_sources(folder / package.name):
        text = path.read_text(encoding="utf-8")
        path.write_text(evaluable_fields(text), encoding="utf-8", newline="\n")


def compiled_sources(package: Path) -> list[Path]:
    """The files of the modules that are compiled."""
    return [
        path
        for name in COMPILED
        for path in sorted((package / name).rglob("*.py"))
        if path.name != "__init__.py" and path.relative_to(package).as_posix() not in INTERPRETED
    ]


def _translated(target: Path) -> list[Extension]:
    """The extension modules of the package in the working directory, with sources in ``target``."""
    from mypyc.build import mypycify

    sources = [str(path) for path in compiled_sources(Path(PACKAGE))]
    settings = ["--config-file=", "--follow-imports=silent", "--ignore-missing-imports"]
    extensions: list[Extension] = mypycify(
        [*settings, *sources],
        opt_level=_OPTIMIZATION,
        debug_level="0",
        multi_file=True,
        target_dir=str(target),
        group_name=PACKAGE,
    )
    return extensions


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Within, ``folder`` is the working directory: mypyc names modules by paths from there."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
