"""Fixes: changes that remove a finding, each proved by evaluating the text again.

A *fixer* proposes changes for the findings of one code. A proposal is applied to the text, and the
text is evaluated. If the finding is gone, nothing new is found, and the other modes behave as
before, the proposal becomes a *fix*.
"""

from __future__ import annotations

from estimator_lint.fixes.analysis import Analyses
from estimator_lint.fixes.fix import Edit, Fix, FixKind
from estimator_lint.fixes.proved import FileFixes, fixes_of

__all__ = ["Analyses", "Edit", "FileFixes", "Fix", "FixKind", "fixes_of"]
