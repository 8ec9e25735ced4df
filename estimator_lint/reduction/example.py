"""From a finding to a small program that still has it, for pasting into a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from estimator_lint.findings import EventKind, Finding
from estimator_lint.linting import lint_text
from estimator_lint.process_settings import no_warnings
from estimator_lint.reduction.bundling import bundled
from estimator_lint.reduction.delta_debugging import (
    Trials,
    as_written_by_ast,
    smallest_program,
    undefined_names,
)
from estimator_lint.reduction.renaming import public_words, renamed
from estimator_lint.settings import DEFAULT_DECORATORS, DEFAULT_MODEL_FN_GLOBS, Settings
from estimator_lint.tensorflow_api.modes import Mode

#: The default limit of linted programs; each candidate is one.
MAX_EVALUATIONS: Final = 2_000

_QUOTED_OR_NUMBER: Final = re.compile(r"'.*'|\d+")


class NoExampleError(Exception):
    """No example of a finding can be made; the text says why."""


@dataclass(frozen=True)
class Example:
    """A small program that has a finding.

    Attributes:
        text: the program; it is in no project.
        finding: the finding in it.
        settings: the settings to lint it with: as few as possible differ from the defaults.
        kept_words: the original names and strings that could not be replaced, since the finding
            depends on them; TensorFlow's are not included.
        evaluations: how many programs were linted.
        is_smallest: nothing more can be removed; otherwise the limit was reached.
    """

    text: str
    finding: Finding
    settings: Settings
    kept_words: tuple[str, ...]
    evaluations: int
    is_smallest: bool


@dataclass(frozen=True)
class _Verdict:
    """A finding and its explanation, without names, lines and conditions.

    An example must have the explanation of the original finding, event by event. Otherwise the
    program would be reduced to the shortest one with a finding of that code, perhaps for another
    reason.
    """

    code: str
    modes: tuple[Mode, ...]
    is_possible: bool
    text: str
    events: tuple[tuple[Mode | None, EventKind, bool | None, int, str], ...]


def _verdict(finding: Finding) -> _Verdict:
    return _Verdict(
        finding.code,
        finding.modes,
        finding.is_possible,
        _without_names(finding.text),
        tuple(
            (witness.mode, event.kind, event.outcome, event.depth, _without_names(event.text))
            for witness in finding.witnesses
            for event in witness.events
        ),
    )


def _without_names(text: str) -> str:
    return _QUOTED_OR_NUMBER.sub("…", text)


@dataclass(frozen=True)
class _Question:
    """Whether a program has the finding, but no new finding and no new undefined name."""

    wanted: _Verdict
    allowed: frozenset[_Verdict]
    undefined: frozenset[str] | None
    settings: Settings

    def __call__(self, text: str) -> bool:
        if self.undefined is not None and not undefined_names(text) <= self.undefined:
            return False
        found = {_verdict(each) for each in _lint_alone(text, self.settings)}
        return self.wanted in found and found <= self.allowed

    def finding_in(self, text: str) -> Finding:
        """The finding in a program that has it."""
        return next(
            each for each in _lint_alone(text, self.settings) if _verdict(each) == self.wanted
        )


def _lint_alone(text: str, settings: Settings) -> list[Finding]:
    """The findings for a text that belongs to no project; none if it can't be parsed."""
    try:
        return lint_text(text, settings=replace(settings, source_roots=()))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def make_example(
    text: str,
    finding: Finding,
    settings: Settings,
    *,
    filename: str = "<text>",
    keep_names: bool = False,
    limit: int = MAX_EVALUATIONS,
) -> Example:
    """A small program that has a finding of a file.

    Args:
        text: the text of the file; for a notebook, that of its module.
        finding: a finding of the file.
        settings: the settings of that finding.
        filename: the path of the file, from which project imports are resolved.
        keep_names: leave names and strings as they are.
        limit: how many programs are linted at most to make the example smaller.

    Raises:
        NoExampleError: the finding depends on more than the statements of the file.
        SyntaxError, ValueError, RecursionError: the file can't be parsed.
    """
    with no_warnings():
        text, wanted, found = _alone(text, filename, finding, settings)
        program = as_written_by_ast(text)
        allowed = frozenset(map(_verdict, found))
        question = _Question(_verdict(wanted), allowed, undefined_names(program), settings)
        if not question(program):
            raise NoExampleError("the finding depends on comments or on the layout of the file")
        trials = Trials(question, limit)
        program = smallest_program(program, trials, placeholders=())
        kept: Sequence[str] = ()
        if not keep_names:
            question = replace(question, undefined=None, settings=_with_default_names(settings))
            renaming = renamed(program, question, settings)
            program, kept = renaming.text, renaming.kept
        question = _with_fewest_settings(program, question)
        return Example(
            program,
            question.finding_in(program),
            question.settings,
            tuple(sorted(set(kept) - public_words(kept))),
            trials.asked,
            not trials.stopped,
        )


def _alone(
    text: str, filename: str, finding: Finding, settings: Settings
) -> tuple[str, Finding, list[Finding]]:
    """A one-file program with the finding, that finding, and all findings of the program.

    Raises:
        NoExampleError: the finding is lost without the project around the file.
    """
    found = _lint_alone(text, settings)
    for each in found:
        if _place_and_verdict(each) == _place_and_verdict(finding):
            return text, each, found
    # Then the finding depends on other files, and may be located in one of them.
    text = bundled(text, filename, settings)
    found = _lint_alone(text, settings)
    for each in found:
        if _place_and_verdict(each)[2:] == _place_and_verdict(finding)[2:]:
            return text, each, found
    raise NoExampleError("the finding depends on other files of the project")


def _place_and_verdict(finding: Finding) -> tuple[object, ...]:
    return finding.line, finding.column, finding.code, finding.modes, finding.is_possible


def _with_default_names(settings: Settings) -> Settings:
    """Settings by which a function with one of the new names is a model function, too."""
    return replace(
        settings,
        model_fn_globs=(*settings.model_fn_globs, *DEFAULT_MODEL_FN_GLOBS),
        decorators=(*settings.decorators, *DEFAULT_DECORATORS),
    )


def _with_fewest_settings(program: str, question: _Question) -> _Question:
    """The question with the default of each setting on which the finding does not depend."""
    for field in fields(Settings):
        simpler = replace(question.settings, **{field.name: getattr(Settings(), field.name)})
        asked = replace(question, settings=simpler)
        if asked(program):
            question = asked
    return question
