"""Evaluating files, in a process of its own: from a text to its ``Outcome``.

The configuration is read as by the command line, in the folder that the client has open. Nothing
here raises, except what ends the process.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from estimator_lint.checking import Checker, lines_of
from estimator_lint.command_line.running import files_of, findings_kept
from estimator_lint.command_line.selected_files import FileFinder
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.configuration.project_settings import Configuration, read_configuration
from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.kept_evaluations import KeptEvaluations
from estimator_lint.language_server.orders import CONFIGURATION_FILES, Source, Surroundings
from estimator_lint.language_server.outcomes import Change, Outcome, Repair, TestedMode
from estimator_lint.notebooks.document import CodeCell
from estimator_lint.notebooks.module import Notebook, module_of, read_notebook
from estimator_lint.notebooks.naming import is_notebook
from estimator_lint.project.buffers import buffers_open

if TYPE_CHECKING:
    import ast

    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.findings import Finding
    from estimator_lint.fixes import Analyses
    from estimator_lint.modes_view.model import FunctionView
    from estimator_lint.revealing.revealed import Revealed
    from estimator_lint.settings import Settings
    from estimator_lint.syntax.source import SourceFile

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class _Finder:
    """Finds the findings of a file, and keeps the other results of evaluation."""

    def __init__(self, kept: KeptEvaluations | None) -> None:
        self._kept = kept
        self.functions: tuple[FunctionView, ...] = ()
        self.tests: tuple[TestedMode, ...] = ()

    def __call__(
        self, tree: ast.Module, lines: list[str], path: str, settings: Settings
    ) -> list[Finding]:
        from estimator_lint.findings import Finding

        try:
            return self._find(tree, lines, path, settings)
        except Exception as error:  # as in the flake8 plugin
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return [Finding(1, 0, "MFN000", f"file could not be analysed: {reason}")]

    def _find(
        self, tree: ast.Module, lines: list[str], path: str, settings: Settings
    ) -> list[Finding]:
        from estimator_lint.linting import evaluate_source, judge
        from estimator_lint.modes_view.building import functions_of
        from estimator_lint.process_settings import no_warnings
        from estimator_lint.project.imports import modules_kept
        from estimator_lint.syntax.source import SourceFile

        text = "".join(lines)
        if not may_hold_model_functions(text, settings):
            return []
        source = SourceFile(text, tree, path)
        with modules_kept(), no_warnings():
            evaluated = evaluate_source(source, settings, self._kept)
            findings = judge(source, evaluated, settings)
            self.functions = tuple(functions_of(source, evaluated, settings))
            self.tests = tuple(_tests(source, evaluated.functions))
        return findings


def _tests(source: SourceFile, functions: Sequence[FunctionTraces]) -> Iterator[TestedMode]:
    """The tests in a file whose outcome depends on the mode."""
    for traces in functions:
        for node in traces.tests_of_mode():
            piece = next((piece for piece in source.pieces if piece.holds(node)), None)
            if piece is None:  # in another file
                continue
            outcomes = {
                mode: next(iter(found))
                for mode, trace in traces.traces.items()
                for found in (trace.outcomes.get(node, ()),)
                if len(found) == 1
            }
            end = piece.end(node)
            yield TestedMode(end.line, end.column, outcomes)


class Analyst:
    """Evaluates files, and keeps configurations until their files change.

    Evaluations of functions are kept as long as they are valid.
    """

    def __init__(self) -> None:
        from estimator_lint.revealing.reveal import Recordings

        self._configurations: dict[Surroundings, tuple[object, Configuration | str]] = {}
        self._usable: dict[Surroundings, Configuration] = {}
        self._kept = KeptEvaluations()
        self._recordings = Recordings()
        self._fixing: tuple[object, Analyses] | None = None
        self.buffers: dict[str, str] = {}

    def open(self, texts: Mapping[str, str | None]) -> None:
        """Use texts in place of files; None: use the file on the disk again."""
        self._fixing = None
        for path, text in texts.items():
            if text is None:
                self.buffers.pop(path, None)
            else:
                self.buffers[path] = text

    def evaluate(self, source: Source, surroundings: Surroundings) -> Outcome:
        """The outcome of a file."""
        configuration, problem = self._configuration(surroundings)
        if configuration is None:
            return Outcome(configuration_problem=problem)
        if self._is_excluded(source.path, configuration):
            return Outcome(configuration_problem=problem)
        try:
            lines, notebook, file_text = _read(source)
        except Exception as error:  # unreadable, or not a notebook
            return Outcome(problem=str(error), configuration_problem=problem)
        # Files that are not open would displace those that are.
        finder = _Finder(self._continued(source.path) if source.is_open else None)
        checker = Checker(configuration.options, configuration.settings, find=finder)
        try:
            with buffers_open(self.buffers) as read:
                file = checker.check_lines(source.path, lines)
            findings = findings_kept(configuration.style_guide(), file).findings
        except Exception as error:
            reason = f"internal error ({type(error).__name__}: {error})"
            return Outcome(problem=" ".join(reason.split()), configuration_problem=problem)
        return Outcome(
            findings=findings,
            comments=_comments(source, lines, notebook, findings),
            functions=finder.functions,
            tests=finder.tests,
            cells=tuple(notebook.cells) if notebook is not None else (),
            read=frozenset(read),
            text=file_text if findings else "",
            file_lines=_file_lines(notebook) if findings and file_text and notebook else (),
            problem=file.problem.text if file.problem is not None else "",
            configuration_problem=problem,
        )

    def files(self, surroundings: Surroundings) -> tuple[str, ...]:
        """The absolute paths of the files that a check of the folder looks at.

        They begin with the folder's path as it is given, which may lead through a symbolic link.
        """
        configuration, _ = self._configuration(surroundings)
        if configuration is None:
            return ()
        found = files_of(configuration, ["."])
        return tuple(
            sorted(os.path.normpath(os.path.join(surroundings.root, each)) for each in found)
        )

    def page(self, source: Source, surroundings: Surroundings) -> str:
        """The page that shows what the model functions of a file do in each mode."""
        from estimator_lint.modes_view.building import view_file
        from estimator_lint.modes_view.page import as_html

        configuration, problem = self._configuration(surroundings)
        if configuration is None:
            raise ConfigurationError(problem)
        lines, notebook, _ = _read(source)
        cells = tuple(notebook.cells) if notebook is not None else ()
        with buffers_open(self.buffers):
            settings = configuration.settings
            kept = self._continued(source.path)
            return as_html(view_file("".join(lines), source.path, settings, cells, kept))

    def revealed(
        self, source: Source, surroundings: Surroundings, line: int, column: int
    ) -> Revealed | None:
        """The possible values, in each mode, of the expression at a place of the module."""
        from estimator_lint.linting import evaluate_source
        from estimator_lint.syntax.source import SourceFile

        configuration, _ = self._configuration(surroundings)
        if configuration is None:
            return None
        lines, _, _ = _read(source)
        try:
            with buffers_open(self.buffers):
                file = SourceFile("".join(lines), filename=source.path)
                kept = self._continued(source.path)
                evaluated = evaluate_source(file, configuration.settings, kept)
                return self._recordings.reveal_in(file, evaluated.functions, line, column)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def repairs(
        self, source: Source, surroundings: Surroundings, finding: Finding
    ) -> tuple[Repair, ...]:
        """The repairs of a finding in a file."""
        from estimator_lint.fixes import FileFixes
        from estimator_lint.language_server.repairs import can_be_made, repairs_of

        configuration, _ = self._configuration(surroundings)
        if configuration is None:
            return ()
        lines, notebook, _ = _read(source)
        text = source.text if source.text is not None else "".join(lines)
        with buffers_open(self.buffers):
            fixes = FileFixes(text, self._analyses(source, configuration.settings))
            repairs = tuple(repairs_of(fixes, finding))
        if notebook is None:
            return repairs
        texts = dict(source.cells or ())
        return tuple(each for each in repairs if can_be_made(each.changes, notebook, texts))

    def all_fixed(self, source: Source, surroundings: Surroundings) -> tuple[Change, ...]:
        """The edits of all safe fixes."""
        from estimator_lint.fixes.editable import PythonText
        from estimator_lint.fixes.passes import fix_all
        from estimator_lint.language_server.repairs import can_be_made, text_edits

        configuration, _ = self._configuration(surroundings)
        if configuration is None:
            return ()
        lines, notebook, _ = _read(source)
        text = source.text if source.text is not None else "".join(lines)
        analyses = self._analyses(source, configuration.settings)
        checker = Checker(configuration.options, configuration.settings, find=analyses.find)
        guide = configuration.style_guide()

        def find(text: str) -> Sequence[Finding]:
            return findings_kept(guide, checker.check_text(source.path, text)).findings

        with buffers_open(self.buffers):
            fixed = fix_all(PythonText(text), analyses, find).file.module
        edits = tuple(text_edits(_with_ends(text), _with_ends(fixed)))
        if notebook is not None and not can_be_made(edits, notebook, dict(source.cells or ())):
            return ()
        return edits

    def _continued(self, path: str) -> KeptEvaluations:
        """The kept evaluations, to evaluate a file with them again."""
        if self._fixing is not None and self._fixing[1].filename == path:
            self._fixing = None  # what it evaluated can't be used any more
        return self._kept

    def _analyses(self, source: Source, settings: Settings) -> Analyses:
        """The analyses for fixing a text: the same ones as long as nothing changes."""
        from estimator_lint.fixes import Analyses

        if self._fixing is None or self._fixing[0] != (source, settings):
            kept = self._continued(source.path)
            self._fixing = (source, settings), Analyses(source.path, settings, kept)
        return self._fixing[1]

    def _configuration(self, surroundings: Surroundings) -> tuple[Configuration | None, str]:
        """The configuration, and why it is invalid; in that case the last valid one is used."""
        stamp = _stamp(surroundings)
        known = self._configurations.get(surroundings)
        if known is None or known[0] != stamp:
            known = (stamp, _configured(surroundings))
            self._configurations[surroundings] = known
        found = known[1]
        if isinstance(found, str):
            return self._usable.get(surroundings), found
        self._usable[surroundings] = found
        with contextlib.suppress(OSError):  # it may be gone by now
            os.chdir(surroundings.root)  # patterns of excluded paths are relative to it
        return found, ""

    def _is_excluded(self, path: str, configuration: Configuration) -> bool:
        if path.startswith("<"):
            return False
        finder = FileFinder(configuration.exclude, (), respect_gitignore=False, force_exclude=True)
        try:
            return not list(finder.find([path]))
        except OSError:  # the folder is gone
            return False


def _comments(
    source: Source, lines: Sequence[str], notebook: Notebook | None, findings: Sequence[Finding]
) -> tuple[Change | None, ...]:
    """The comments that silence findings of an open document, where its text has room for them."""
    if not findings or not source.is_open:
        return ()
    from estimator_lint.language_server.repairs import can_be_made, comments_for

    comments = tuple(comments_for(lines, findings))
    if notebook is None:
        return comments
    texts = dict(source.cells or ())
    return tuple(
        each if each is not None and can_be_made([each], notebook, texts) else None
        for each in comments
    )


def _configured(surroundings: Surroundings) -> Configuration | str:
    try:
        os.chdir(surroundings.root)
        config = surroundings.config or None
        return read_configuration(surroundings.options, config=config)
    except ConfigurationError as error:
        return str(error)
    except OSError as error:
        return f"{surroundings.root}: {error.strerror or error}"
    except Exception as error:  # flake8's own
        return " ".join(f"{type(error).__name__}: {error}".split())


def _stamp(surroundings: Surroundings) -> object:
    """A stamp that changes when a configuration file may have changed."""
    names = [surroundings.config] if surroundings.config else []
    folder = os.path.abspath(surroundings.root)
    while True:
        names += (os.path.join(folder, name) for name in CONFIGURATION_FILES)
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return tuple(map(_status, names))


def _status(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def _read(source: Source) -> tuple[list[str], Notebook | None, str]:
    """The lines of a source with their ends, its notebook, and the text on the disk.

    The last is empty for open documents.
    """
    if source.cells is not None:
        notebook = module_of(_cells(dict(source.cells)))
        return notebook.lines, notebook, ""
    if source.text is not None:
        return io.StringIO(source.text, newline=None).readlines(), None, ""
    with open(source.path, "rb") as file:
        data = file.read()
    if is_notebook(source.path):
        notebook = read_notebook(data)
        return notebook.lines, notebook, data.decode("utf-8", "replace")
    lines = lines_of(data)
    return lines, None, "".join(lines)


def _file_lines(notebook: Notebook) -> tuple[int, ...]:
    numbers = range(1, len(notebook.lines) + 1)
    return tuple(notebook.place(number).raw_line for number in numbers)


def _with_ends(text: str) -> list[str]:
    """The lines of a text with their line ends."""
    return _LINE.findall(text)


def _cells(texts: Mapping[int, str]) -> Iterator[CodeCell]:
    for number, text in texts.items():
        lines = tuple(_LINE_END.split(text))
        yield CodeCell(number, lines, tuple(range(1, len(lines) + 1)))
