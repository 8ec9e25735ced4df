"""The script of ``action.yml`` checks the given paths, and prints GitHub annotations."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools.programs import ROOT

yaml = pytest.importorskip("yaml")
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="has no bash")


def checked(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The result of the action's last step in a folder."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step: dict[str, Any] = action["runs"]["steps"][-1]
    given = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
    given |= {
        f"${{{{ inputs.{name} }}}}": described["default"]
        for name, described in action["inputs"].items()
        if name not in inputs
    }
    program = Path(sys.executable).parent / "estimator-lint"
    return subprocess.run(
        [str(BASH), "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={
            **os.environ,
            **{name: given[value] for name, value in step["env"].items()},
            "ESTIMATOR_LINT": str(program),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_findings_are_annotations_and_a_failure(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "digits.py", tmp_path / "one.py")
    shutil.copy(ROOT / "examples" / "digits.py", tmp_path / "two.py")
    outcome = checked(tmp_path)
    assert outcome.returncode == 1
    assert outcome.stdout.count("::error ") + outcome.stdout.count("::warning ") >= 6
    outcome = checked(tmp_path, paths="one.py", options="--select=MFN103 --exit-zero")
    assert outcome.returncode == 0
    assert outcome.stdout.count("MFN103") >= 1
    assert "two.py" not in outcome.stdout
