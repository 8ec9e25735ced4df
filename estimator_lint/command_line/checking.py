"""Checking one file: its bytes in, its findings or the reason why not out.

Whatever the bytes are, nothing is raised.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from dataclasses import dataclass, field

from flake8.processor import FileProcessor

from estimator_lint.findings import Finding
from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.process_settings import no_warnings
from estimator_lint.settings import Settings
from estimator_lint.telling_words import may_hold_model_functions


@dataclass(frozen=True)
class Problem:
    """Why something was not checked.

    Attributes:
        path: of what was not checked.
        text: the reason.
        line: where in the file, 1-based, if anywhere.
        column: 1-based.
        is_failure: the user would want to know that the run was not complete.
    """

    path: str
    text: str
    line: int | None = None
    column: int | None = None
    is_failure: bool = True


@dataclass(frozen=True)
class LocatedFinding:
    """A finding with the text in which flake8 looks for ``# noqa``."""

    finding: Finding
    noqa_text: str | None


@dataclass
class CheckedFile:
    """What came of one file.

    Attributes:
        path: its name.
        findings: what was found, sorted.
        lines: those of the file with their ends, if anything was found.
        problem: why it could not be checked.
    """

    path: str
    findings: list[LocatedFinding] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    problem: Problem | None = None


def bytes_may_matter(data: bytes, settings: Settings) -> bool:
    """A test of the bytes that is never wrong when it says no.

    In all encodings that Python takes, ASCII characters are what they are in Latin-1.
    """
    if not all(name.isascii() for name in (*settings.model_fn_globs, *settings.decorators)):
        return True
    return may_hold_model_functions(data.decode("latin-1"), settings)


@dataclass(frozen=True)
class Checker:
    """Checks files one by one, as flake8 would with this plugin alone.

    Attributes:
        options: flake8's.
        settings: the plugin's.
    """

    options: argparse.Namespace
    settings: Settings

    def check(self, path: str, data: bytes) -> CheckedFile:
        """The findings in a file of that content."""
        try:
            return self._check(path, data)
        except Exception as error:  # whatever it is, the other files are checked
            reason = f"internal error ({type(error).__name__}: {error})"
            return CheckedFile(path, problem=Problem(path, " ".join(reason.split())))

    def _check(self, path: str, data: bytes) -> CheckedFile:
        result = CheckedFile(path)
        processor = FileProcessor(path, self.options, lines=lines_of(data))
        text = "".join(processor.lines)
        if processor.should_ignore_file() or not may_hold_model_functions(text, self.settings):
            return result
        try:
            tree = _parsed(text)
        except SyntaxError as error:
            reason = f"{type(error).__name__}: {error.msg}"
            result.problem = Problem(path, reason, error.lineno, error.offset)
            return result
        except (ValueError, RecursionError, MemoryError) as error:
            reason = str(error) or "nested too deeply"
            result.problem = Problem(path, f"{type(error).__name__}: {reason}")
            return result
        EstimatorChecker.settings = self.settings
        for finding in EstimatorChecker(tree, processor.lines, path).findings():
            noqa_text = processor.noqa_line_for(finding.line)
            result.findings.append(LocatedFinding(finding, noqa_text))
        if result.findings:
            result.lines = processor.lines
        return result


def _parsed(text: str) -> ast.Module:
    with no_warnings():  # another one's business; and as an error it would be a SyntaxError
        return ast.parse(text)


def lines_of(data: bytes) -> list[str]:
    """The lines of a file in its own encoding, or else in Latin-1, as flake8 reads them."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return io.TextIOWrapper(io.BytesIO(data), encoding).readlines()
    except (LookupError, SyntaxError, UnicodeError):
        return io.TextIOWrapper(io.BytesIO(data), "latin-1").readlines()
