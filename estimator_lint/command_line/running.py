"""From the paths that a user names to all that is to be reported.

Most files are read, searched and done with.  Those that may hold a model function
are checked, in several processes if the rest of the work will take long enough for
starting them to pay.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from estimator_lint.checking import CheckedFile, Checker, Problem, bytes_may_matter
from estimator_lint.command_line.progress import Progress
from estimator_lint.command_line.selected_files import FileFinder
from estimator_lint.configuration.project_settings import Configuration
from estimator_lint.configuration.reading import read_bytes
from estimator_lint.findings import Finding
from estimator_lint.notebooks.naming import is_notebook
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from flake8.style_guide import StyleGuideManager

    from estimator_lint.fixes.fix import Fix
    from estimator_lint.kept_findings import Cache
    from estimator_lint.notebooks.module import Notebook

#: Seconds that a run works alone, and that the rest has to take, before other processes help.
PATIENCE = 1.0


#: Windows waits for no more than this many at a time.
_MOST_PROCESSES = 61


@dataclass(frozen=True)
class FileFindings:
    """The findings of a file that neither a comment nor the configuration silences.

    Attributes:
        path: its name.
        findings: in the order of their places; not empty.
        lines: those of the file, with their ends.
        notebook: of a notebook, the module that ``lines`` are.
        fixes: those for each finding, the best first; None if they are not requested.
        is_stdin: it was read from standard input; the name may be that of a file.
    """

    path: str
    findings: tuple[Finding, ...]
    lines: Sequence[str]
    notebook: Notebook | None = None
    fixes: Mapping[Finding, Sequence[Fix]] | None = None
    is_stdin: bool = False

    def place(self, line: int, column: int) -> str:
        """The path, and where in the file; columns are 0-based, those shown are not."""
        return f"{printable(self.path)}:{self.line(line)}:{column + 1}"

    def line(self, line: int) -> str:
        """A line as people count it; in a notebook in its cell."""
        if self.notebook is None:
            return str(line)
        place = self.notebook.place(line)
        return f"cell {place.cell}:{place.line}"

    def source(self, line: int) -> str:
        """The text of a line."""
        return self.lines[line - 1].rstrip("\n") if line <= len(self.lines) else ""


@dataclass
class Report:
    """All that a run has to say.

    Attributes:
        files: those with findings, by name.
        problems: what could not be checked, and why.
        looked_at: how many files were read.
        seen: their names.
        checked: the names of those that could hold a model function.
        known: how many findings a baseline holds back.
        stdin_name: the name that standard input has, if it was read.
    """

    files: list[FileFindings] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    looked_at: int = 0
    seen: set[str] = field(default_factory=set)
    checked: list[str] = field(default_factory=list)
    known: int = 0
    stdin_name: str | None = None

    @property
    def count(self) -> int:
        """The number of findings."""
        return sum(len(file.findings) for file in self.files)

    @property
    def failures(self) -> list[Problem]:
        """The files that should have been checked but could not be."""
        return [problem for problem in self.problems if problem.is_failure]

    def found(self, file: FileFindings) -> None:
        """Add what was found in the next file."""
        self.files.append(file)

    def failed(self, problem: Problem) -> None:
        """Add something that could not be checked."""
        self.problems.append(problem)


def run_checks(
    configuration: Configuration,
    paths: Sequence[str],
    progress: Progress,
    patience: float = PATIENCE,
    report: Report | None = None,
) -> Report:
    """Check all files of ``paths``; the report gets each one as soon as it is done."""
    report = report or Report()
    guide: StyleGuideManager | None = None
    candidates = _candidates(configuration, paths, report, progress)
    checker = Checker(configuration.options, configuration.settings, _cache(configuration))
    checked = _check_all(checker, candidates, configuration.jobs, progress, patience)
    all_known = True
    with contextlib.closing(checked):  # the processes end with the run, however it ends
        for file in checked:
            all_known &= file.was_known
            report.checked.append(file.path)
            if file.problem is not None:
                report.failed(file.problem)
            if file.findings:
                guide = guide or configuration.style_guide()
                kept = findings_kept(guide, file)
                if kept.findings:
                    report.found(replace(kept, is_stdin=file.path == report.stdin_name))
    if configuration.cache_folder and not all_known:
        from estimator_lint.kept_findings import shrink

        with contextlib.suppress(OSError, ValueError):
            shrink(configuration.cache_folder)
    return report


def _cache(configuration: Configuration) -> Cache | None:
    if not configuration.cache_folder:
        return None
    from estimator_lint.kept_findings import cache_in

    return cache_in(
        configuration.cache_folder,
        configuration.settings,
        disable_noqa=configuration.options.disable_noqa,
    )


Candidate = tuple[str, bytes]


def _candidates(
    configuration: Configuration, paths: Sequence[str], report: Report, progress: Progress
) -> list[Candidate]:
    """The files that may hold a model function, with their bytes, by name."""
    problems: list[Problem] = []

    def on_error(path: str, error: OSError) -> None:
        problems.append(_unreadable(path, error))

    options = configuration.options
    finder = _finder(configuration, on_error)
    candidates = []
    for found in finder.find(paths, options.stdin_display_name):
        progress.searched()
        try:
            data = read_bytes(found.path)
        except OSError as error:
            # Files that were deleted after the listing are not checked.
            is_gone = not found.is_named and isinstance(error, FileNotFoundError)
            if not found.is_ignored:
                problems.append(_unreadable(found.path, error, is_failure=not is_gone))
            continue
        report.looked_at += 1
        name = found.path
        if found.path == "-":
            name = report.stdin_name = options.stdin_display_name
        report.seen.add(name)
        # A named file may not be a notebook, which the user wants to know.
        matters = (found.is_named and is_notebook(name)) or bytes_may_matter(
            name, data, configuration.settings
        )
        if matters and not found.is_ignored:
            candidates.append((name, data))
    for problem in sorted(problems, key=lambda problem: problem.path):
        report.failed(problem)
    return sorted(candidates)


def files_of(configuration: Configuration, paths: Sequence[str]) -> Iterator[str]:
    """The names of the files that a run looks at."""
    stdin_name = configuration.options.stdin_display_name
    for found in _finder(configuration).find(paths, stdin_name):
        if not found.is_ignored:
            yield stdin_name if found.path == "-" else found.path


def _finder(
    configuration: Configuration,
    on_error: Callable[[str, OSError], None] = lambda path, error: None,
) -> FileFinder:
    return FileFinder(
        configuration.exclude,
        configuration.filenames,
        respect_gitignore=configuration.respect_gitignore,
        force_exclude=configuration.force_exclude,
        on_error=on_error,
    )


def _unreadable(path: str, error: OSError, *, is_failure: bool = True) -> Problem:
    reason = error.strerror or str(error)
    text = f"{type(error).__name__}: {reason}"
    return Problem(path, text, is_failure=is_failure, was_read=False)


def findings_kept(guide: StyleGuideManager, file: CheckedFile) -> FileFindings:
    """The findings that neither a comment nor the configuration silences; flake8 decides."""
    kept = tuple(
        located.finding
        for located in file.findings
        if guide.handle_error(
            code=located.finding.code,
            filename=file.path,
            line_number=located.finding.line,
            column_number=located.finding.column,
            text=located.finding.text,
            physical_line=located.noqa_text,
        )
    )
    return FileFindings(file.path, kept, file.lines, file.notebook)


def _check_all(
    checker: Checker,
    candidates: list[Candidate],
    jobs: int,
    progress: Progress,
    patience: float,
) -> Generator[CheckedFile, None, None]:
    """The results for the candidates, in their order."""
    started = time.monotonic()
    total = sum(len(data) for _, data in candidates)
    done = 0
    progress.start_checking(len(candidates))
    for index, (path, data) in enumerate(candidates):
        spent = time.monotonic() - started
        if jobs > 1 and spent >= patience and (total - done) * spent >= patience * done:
            rest = candidates[index:]
            if len(rest) > 1:
                yield from _check_in_processes(checker, rest, jobs, progress)
                return
        yield checker.check(path, data)
        done += len(data)
        progress.checked()


def _check_in_processes(
    checker: Checker, candidates: list[Candidate], jobs: int, progress: Progress
) -> Iterator[CheckedFile]:
    """The same by several processes; if one of them dies, the file that it died of is named."""
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    try:
        with _pool(min(jobs, len(candidates), _MOST_PROCESSES)) as pool:
            with _interrupts_held_back():  # the processes begin
                tasks = [pool.submit(checker.check, *candidate) for candidate in candidates]
            for task in tasks:
                yield task.result()
                done += 1
                progress.checked()
    except (BrokenProcessPool, OSError) as failure:
        # An OSError is one of the machine, which has no room for processes: go on without.
        alone = _check_apart if isinstance(failure, BrokenProcessPool) else Checker.check
        for path, data in candidates[done:]:
            yield alone(checker, path, data)
            progress.checked()


@contextlib.contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes for the block; they end with it, however it ends."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(processes, initializer=_begin_in_process) as pool:
        try:
            yield pool
        except BaseException:
            # An interrupt of this process alone does not reach the others.
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _begin_in_process() -> None:
    """Make a process end with the program that started it, however that ends.

    Who interrupts the program interrupts all of its processes.  The others end at once,
    without a word, and the first one says what happened.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_parent() -> None:
    """Wait until the parent is gone, which may have been killed, and end this process.

    It would wait for work for ever, and hold the pipes that others read.
    """
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Within, an interrupt waits, also for a process that begins, until that is ready for it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check_apart(checker: Checker, path: str, data: bytes) -> CheckedFile:
    """Check a file in a process that may die of it."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        with _pool(1) as pool:
            with _interrupts_held_back():
                task = pool.submit(checker.check, path, data)
            return task.result()
    except BrokenProcessPool:
        return CheckedFile(path, problem=Problem(path, "the process that checked this file died"))
