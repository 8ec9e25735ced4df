"""Evaluations of model functions that are kept while a file is edited.

What an evaluation reads is recorded: the pieces of the file, the answers of its index, the results
of other evaluations, and the other files. If one of these changes, the function is evaluated again.
Moving an unchanged piece does not matter: records refer to syntax nodes, whose lines are looked up
when they are needed.
"""

from __future__ import annotations

import ast
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Final

from estimator_lint.project.buffers import buffers_read, read_again
from estimator_lint.project.disk import Answers, record_again, recorded, still_answered
from estimator_lint.project.imports import is_kept
from estimator_lint.syntax.pieces import NotAnalysable, Piece
from estimator_lint.syntax.reads import Question, Reads

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.discovery.imported_functions import ImportedFunction
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.discovery.shown_inputs import InputFunction
    from estimator_lint.domain.values.returned import KnownFunctions, Lesson
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.project.code import ModuleCode
    from estimator_lint.project.modules import Module
    from estimator_lint.settings import Settings
    from estimator_lint.syntax.source import SourceFile

#: How many files' evaluations are kept; the least recently evaluated ones are dropped.
_MAX_FILES: Final = 32


class Evaluations:
    """Evaluates the functions of one file in order, without reusing anything.

    Args:
        is_of_concern: as in ``evaluate_model_function``.
    """

    def __init__(self, is_of_concern: Callable[[FunctionTraces], bool]) -> None:
        self._is_of_concern = is_of_concern

    def of_function(
        self, module: ModuleCode, function: ModelFunction, known: KnownFunctions
    ) -> FunctionTraces:
        """The evaluation of a model function of the file.

        Raises:
            NotAnalysable: as ``evaluate_model_function``.
        """
        from estimator_lint.interpreter.model_function import evaluate_model_function

        return evaluate_model_function(
            module, function, known=known, is_of_concern=self._is_of_concern
        )

    def of_imported(
        self, module: ModuleCode, imported: ImportedFunction, known: KnownFunctions
    ) -> FunctionTraces:
        """The evaluation of a function of another file that this one passes to an Estimator.

        Raises:
            NotAnalysable: as ``evaluate_imported_function``.
        """
        from estimator_lint.interpreter.model_function import evaluate_imported_function

        return evaluate_imported_function(module, imported, known, self._is_of_concern)


@dataclass
class _OtherFiles:
    """Reads of other files, in one run over a file."""

    answers: Answers = field(default_factory=dict)
    buffers: Mapping[str, str | None] | None = None
    modules: tuple[Module, ...] = ()

    def are_the_same(self) -> bool:
        """Whether the same would be read now; the reads are recorded again."""
        return (
            read_again(self.buffers)
            and all(still_answered(*asked, answer) for asked, answer in self.answers.items())
            and all(map(is_kept, self.modules))
        )


@dataclass(frozen=True)
class _Subject:
    """The function to evaluate.

    Attributes:
        nodes: the syntax of the function, of what it is in, and of its input functions; of a
            function of another file also where it is given to an Estimator.
        facts: all else that is known of it beforehand.
        lines: how many it has, which bounds the work that it is worth.
    """

    nodes: tuple[cst.CSTNode | None, ...]
    facts: Hashable
    lines: int

    @property
    def function(self) -> Hashable:
        """Its identity, which differs from that of other functions and of its other texts."""
        return self.nodes, self.facts


@dataclass(frozen=True)
class _Kept:
    """An evaluation with its dependencies."""

    subject: _Subject
    pieces: frozenset[Piece]
    answers: Mapping[Question, Hashable]
    lesson: Lesson
    others: _OtherFiles
    result: FunctionTraces | NotAnalysable

    def is_within(self, lines: int) -> bool:
        """Whether the limit of work for so many lines would not have stopped it."""
        return lines >= self.subject.lines and (
            lines == self.subject.lines or not isinstance(self.result, NotAnalysable)
        )


@dataclass
class _KeptFile:
    source: SourceFile
    settings: Settings
    evaluations: list[_Kept]


class KeptEvaluations:
    """The evaluations of files that are being edited."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, _KeptFile] = OrderedDict()

    @contextlib.contextmanager
    def continued(
        self,
        source: SourceFile,
        settings: Settings,
        is_of_concern: Callable[[FunctionTraces], bool],
    ) -> Iterator[Evaluations]:
        """Within, a file is evaluated, perhaps after an earlier evaluation with another text."""
        before = self._files.pop(source.filename, None)
        kept: list[_Kept] = []
        if before is not None and before.settings == settings:
            source.continue_from(before.source)
            # A piece that is not taken over now never comes back.
            pieces = frozenset(source.pieces)
            kept = [each for each in before.evaluations if each.pieces <= pieces]
        with recorded() as answers:
            run = _Continued(is_of_concern, kept, _OtherFiles(answers))
            try:
                yield run
            except BaseException:
                self._keep(_KeptFile(source, settings, run.unfinished()))
                raise
        self._keep(_KeptFile(source, settings, run.finished()))

    def _keep(self, file: _KeptFile) -> None:
        self._files[file.source.filename] = file
        while len(self._files) > _MAX_FILES:
            self._files.popitem(last=False)


class _Continued(Evaluations):
    """Evaluates the functions of one file, reusing the evaluations that are still valid.

    Args:
        is_of_concern: as in ``Evaluations``.
        before: the evaluations kept from the last run.
        others: the reads of other files in this run.
    """

    def __init__(
        self,
        is_of_concern: Callable[[FunctionTraces], bool],
        before: list[_Kept],
        others: _OtherFiles,
    ) -> None:
        super().__init__(is_of_concern)
        self._before: dict[Hashable, list[_Kept]] = {}
        for kept in before:
            self._before.setdefault(kept.subject.function, []).append(kept)
        self._others = others
        self._module: ModuleCode | None = None
        self._after: list[_Kept] = []
        self._same_others: dict[int, bool] = {}

    def of_function(
        self, module: ModuleCode, function: ModelFunction, known: KnownFunctions
    ) -> FunctionTraces:
        """As in ``Evaluations``."""
        subject = _subject(module.source, function)
        found = self._known(module, subject, known)
        if found is None:
            with self._kept(module, subject, known) as results:
                results.append(super().of_function(module, function, known))
            return results[0]
        return replace(found, function=function, module=module)

    def of_imported(
        self, module: ModuleCode, imported: ImportedFunction, known: KnownFunctions
    ) -> FunctionTraces:
        """As in ``Evaluations``."""
        subject = _subject(imported.module.source, imported.function)
        _, via = module.source.standing_at(imported.node)
        subject = replace(subject, nodes=(*subject.nodes, via))
        found = self._known(module, subject, known)
        if found is None:
            with self._kept(module, subject, known) as results:
                results.append(super().of_imported(module, imported, known))
            return results[0]
        return replace(
            found,
            function=imported.function,
            module=module.of(imported.module),
            as_defined=imported.as_defined,
        )

    def finished(self) -> list[_Kept]:
        """The evaluations to keep for the next run."""
        self._others.buffers = buffers_read()
        if self._module is not None:
            self._others.modules = self._module.project.others
        return self._after

    def unfinished(self) -> list[_Kept]:
        """The same for a stopped run, with the unreached evaluations that may still be valid."""
        after = self.finished()
        functions = {kept.subject.function for kept in after}
        return after + [
            kept
            for function, earlier in self._before.items()
            if function not in functions
            for kept in earlier
        ]

    def _known(
        self, module: ModuleCode, subject: _Subject, known: KnownFunctions
    ) -> FunctionTraces | None:
        """The last evaluation of a function, if it is still valid.

        Raises:
            NotAnalysable: this was the result.
        """
        self._module = module
        for kept in self._before.get(subject.function, ()):
            if (
                kept.is_within(subject.lines)
                and all(module.index.answer(asked) == told for asked, told in kept.answers.items())
                and known.repeats(kept.lesson)
                and self._are_the_same(kept.others)
            ):
                known.take(kept.lesson)
                record_again(kept.others.answers)
                self._after.append(kept)
                if isinstance(kept.result, NotAnalysable):
                    raise kept.result
                return kept.result
        return None

    def _are_the_same(self, others: _OtherFiles) -> bool:
        known = self._same_others.get(id(others))
        if known is None:
            known = self._same_others[id(others)] = others.are_the_same()
        return known

    @contextlib.contextmanager
    def _kept(
        self, module: ModuleCode, subject: _Subject, known: KnownFunctions
    ) -> Iterator[list[FunctionTraces]]:
        """Within, a function is evaluated; the result is put into the list."""
        results: list[FunctionTraces] = []
        with module.source.reads_noted() as reads, known.lesson() as lesson:
            try:
                yield results
            except NotAnalysable as failure:
                self._keep(module, subject, reads, lesson, failure)
                raise
        self._keep(module, subject, reads, lesson, results[0])

    def _keep(
        self,
        module: ModuleCode,
        subject: _Subject,
        reads: Reads,
        lesson: Lesson,
        result: FunctionTraces | NotAnalysable,
    ) -> None:
        if reads.is_complete:
            answers = {asked: module.index.answer(asked) for asked in set(reads.questions)}
            pieces = frozenset(reads.pieces)
            kept = _Kept(subject, pieces, answers, lesson, self._others, result)
            self._after.append(kept)


def _subject(source: SourceFile, function: ModelFunction) -> _Subject:
    """The identity of a function, which differs if its text does.

    Raises:
        NotAnalysable: it can't be parsed.
    """
    indexed = [function.node, function.owner]
    for node, owner in function.enclosing:
        indexed += [node, owner]
    nodes: list[cst.CSTNode | None] = [
        source.counterpart(node)[1] for node in indexed if node is not None
    ]
    nodes += [_input_node(source, shown.function) for shown in function.inputs if shown.function]
    node = function.node
    return _Subject(
        tuple(nodes), _without_nodes(function), (node.end_lineno or node.lineno) - node.lineno
    )


def _input_node(source: SourceFile, function: InputFunction) -> cst.CSTNode | None:
    """The syntax of an input function; None if it can't be parsed, and its input is unknown."""
    try:
        return source.counterpart(function.node)[1]
    except NotAnalysable:
        return None


def _without_nodes(value: object) -> Hashable:
    """A value with each node of the index, which is new for each text, replaced by its kind."""
    if isinstance(value, ast.AST):
        return type(value).__name__
    if is_dataclass(value):
        return tuple(_without_nodes(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Iterable) and not isinstance(value, str | frozenset):
        return tuple(map(_without_nodes, value))
    assert isinstance(value, Hashable)
    return value
