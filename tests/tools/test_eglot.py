"""Emacs with eglot and the language server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools import samples
from tests.tools.programs import program, run

#: Everything that an editor does with the server.
SCRIPT = """
(package-initialize)
(unless (require 'eglot nil t) (message "no eglot") (kill-emacs))
(require 'json)
(require 'flymake)
(setq eglot-connect-timeout 60 eglot-sync-connect 60 create-lockfiles nil
      flymake-no-changes-timeout 0.1)
%s
(defun wait-until (condition)
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.05))))
(defun shown ()
  (flymake-start)
  (mapcar (lambda (found)
            (vector (line-number-at-pos (flymake-diagnostic-beg found))
                    (buffer-substring (flymake-diagnostic-beg found)
                                      (flymake-diagnostic-end found))
                    (flymake-diagnostic-text found)))
          (flymake-diagnostics)))
(defun ask (method &rest parameters)
  (jsonrpc-request (eglot-current-server) method
    (append (list :textDocument (eglot--TextDocumentIdentifier)) parameters) :timeout 60))
(find-file "model.py")
(eglot-ensure)
(unless (eglot-current-server) (eglot--maybe-activate-editing-mode)
  (apply #'eglot--connect (eglot--guess-contact)))
(wait-until (lambda () (shown)))
(let* ((before (vconcat (shown)))
       (lens (ask :textDocument/codeLens))
       (chosen (estimator-lint-choose-mode "PREDICT"))
       (dimmed (progn (wait-until (lambda () (> (length (shown)) (length before))))
                      (vconcat (shown))))
       (again (estimator-lint-choose-mode "all")))
  (goto-char (point-min))
  (while (search-forward "EstimatorSpec(mode)" nil t)
    (replace-match "EstimatorSpec(mode, loss=features)"))
  (eglot--signal-textDocument/didChange)
  (wait-until (lambda () (not (shown))))
  (princ (json-encode (vector before lens chosen dimmed (vconcat (shown)))))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server)))
"""

#: A character with two UTF-16 units precedes the finding.
WIDE = samples.FAULTY.replace("        return", '        "😀"; return')


def session(folder: Path) -> list[Any]:
    """The answers of the server in one session."""
    emacs = program("emacs", "Emacs")
    program("estimator-lint")
    samples.write(folder / "model.py", WIDE)
    recipe = samples.recipe("language-server.md", "elisp", "eglot-server-programs")
    script = samples.write(folder / "script.el", SCRIPT % recipe)
    output = run([emacs, "--batch", "--load", script], folder)
    if "no eglot" in output:
        pytest.skip("eglot is not installed")
    line = next((line for line in output.splitlines() if line.startswith("[[")), None)
    assert line is not None, output
    answer: list[Any] = json.JSONDecoder().raw_decode(line)[0]
    return answer


def test_eglot(tmp_path: Path) -> None:
    before, lens, chosen, dimmed, after = session(tmp_path)
    ((line, text, message),) = before
    assert (line, text) == (6, samples.SPEC)
    assert samples.MESSAGE in message
    assert lens[0]["command"]["title"] == "TRAIN ✓ · EVAL ✗ loss · PREDICT not checked"
    assert chosen == "PREDICT"
    assert any("not run in PREDICT" in message for _, _, message in dimmed)
    assert after == []
