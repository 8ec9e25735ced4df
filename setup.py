"""Puts the texts about codes and their examples into the package; all else is in setup.cfg."""

import shutil
from pathlib import Path

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


setup(cmdclass={"build_py": BuildWithTexts})
