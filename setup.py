"""Puts the texts about codes and their examples into the package; all else is in setup.cfg.

With ``ESTIMATOR_LINT_COMPILED=1``, wheels have native modules.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithTexts(build_py):  # type: ignore[misc]
    """Copies what ``estimator_lint.code_pages`` looks for; a checkout reads it where it is."""

    def run(self) -> None:
        """Build the package."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "estimator_lint" / "code_pages"
        for name in ("texts", "examples"):  # what an earlier build has left
            shutil.rmtree(target / name, ignore_errors=True)
        for text in sorted((ROOT / "docs" / "code_texts").glob("*.md")):
            self._copy(text, target / "texts" / text.name)
        for example in sorted((ROOT / "tests" / "fixtures").glob("MFN*/*.py")):
            if example.name in ("bad.py", "good.py"):
                self._copy(example, target / "examples" / example.parent.name / example.name)

    def _copy(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.copy_file(str(source), str(target), preserve_mode=False)


def native_build() -> dict[str, Any]:
    """What is different in a build with native modules."""
    if os.environ.get("ESTIMATOR_LINT_COMPILED", "0") in ("", "0"):
        return {}
    sys.path.insert(0, str(ROOT))  # a build front end does not
    from compilation.native_modules import COMPILER, native_modules

    if "bdist_wheel" in sys.argv:
        return {"ext_modules": native_modules(ROOT)}
    return {"setup_requires": [COMPILER]}


setup(cmdclass={"build_py": BuildWithTexts}, **native_build())
