"""Emacs with Flycheck."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.tools import samples
from tests.tools.programs import program, run

#: Prints Flycheck's errors, each with the text from its place on.
SCRIPT = """
(let ((clone (getenv "FLYCHECK")))
  (if clone (add-to-list 'load-path clone) (package-initialize)))
(unless (require 'flycheck nil t) (message "no Flycheck") (kill-emacs))
(require 'json)
%s
(defun check ()
  (flycheck-buffer)
  (with-timeout (30) (while (flycheck-running-p) (accept-process-output nil 0.05)))
  (mapcar (lambda (found)
            (goto-char (car (flycheck-error-region-for-mode found 'columns)))
            (list (flycheck-error-line found) (flycheck-error-id found)
                  (flycheck-error-message found) (symbol-name (flycheck-error-level found))
                  (buffer-substring (point) (line-end-position))))
          (seq-filter (lambda (found) (string-prefix-p "MFN" (flycheck-error-id found)))
                      flycheck-current-errors)))
(find-file "model.py")
(let ((before (check)))
  (goto-char (point-min))
  (while (search-forward "EstimatorSpec(mode)" nil t)
    (replace-match "EstimatorSpec(mode, loss=features)"))
  (princ (json-encode (vector (vconcat before) (vconcat (check)))))
  (set-buffer-modified-p nil))
"""


def test_flycheck(tmp_path: Path) -> None:
    """It shows the findings of the buffer, also after an unsaved change."""
    emacs = program("emacs", "Emacs")
    text = samples.WIDE
    samples.write(tmp_path / "model.py", text)
    recipe = samples.recipe("editors.md", "elisp", "flycheck-mode")
    script = samples.write(tmp_path / "script.el", SCRIPT % recipe)
    clone = {"FLYCHECK": os.environ["FLYCHECK"]} if "FLYCHECK" in os.environ else {}
    output = run([emacs, "--batch", "--load", script], tmp_path, environment=clone)
    if "no Flycheck" in output:
        pytest.skip("Flycheck is not installed")
    before, after = answer(output)
    assert before == [
        [place.line, samples.CODE, samples.MESSAGE, "warning", samples.SPEC]
        for place in samples.places(text)
    ]
    assert after == []


def answer(output: str) -> Any:
    """The value among the messages of Emacs at start."""
    lines = [line for line in output.splitlines() if line.startswith("[[")]
    assert len(lines) == 1, output
    return json.loads(lines[0])
