"""The work of linting a text, counted and not timed."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from typing import Any, Final
from unittest import mock

from estimator_lint.domain.paths import partition
from estimator_lint.domain.paths.bucket_join import join_bucket
from estimator_lint.domain.paths.join import Joiner
from estimator_lint.findings import Finding
from estimator_lint.interpreter.calls import followed_calls
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.linting import lint_text


@dataclass
class Work:
    """Counts of the expensive operations of evaluation.

    Attributes:
        runs: statements run, once for each path that reaches one.
        values: expressions evaluated, once for each path.
        joins: pairs of paths that were joined, or were found to be kept apart.
        calls: calls of functions of the file that were followed.
    """

    runs: int = 0
    values: int = 0
    joins: int = 0
    calls: int = 0


@dataclass(frozen=True)
class Linted:
    """A text, its findings, and the work that they took."""

    size: int
    work: Work
    findings: list[Finding]

    @property
    def codes(self) -> set[str]:
        """The codes of the findings."""
        return {finding.code for finding in self.findings}


def linted(text: str) -> Linted:
    """Lint a text; its size is the number of nodes of its syntax tree."""
    with _counting() as work:
        findings = lint_text(text)
    return Linted(sum(1 for _ in ast.walk(ast.parse(text))), work, findings)


#: Growth that is ignored.
_CONSTANTS: Final = Work(runs=60, values=50, joins=50, calls=5)


def exponents(small: Linted, large: Linted) -> dict[str, float]:
    """The power of the text's size by which each count grows, up to a constant."""
    scale = math.log(large.size / small.size)
    return {
        field.name: math.log(max(1, after - constant) / max(1, before)) / scale
        for field, before, after, constant in zip(
            fields(Work),
            astuple(small.work),
            astuple(large.work),
            astuple(_CONSTANTS),
            strict=True,
        )
    }


@contextmanager
def _counting() -> Iterator[Work]:
    work = Work()
    run, evaluate, join = Evaluator.run, Evaluator.evaluate, Joiner.join
    evaluate_call = followed_calls._evaluate_call

    def counted_run(ev: Evaluator, node: Any, states: Any) -> Any:
        work.runs += len(states)
        return run(ev, node, states)

    def counted_evaluate(ev: Evaluator, node: Any, states: Any) -> Any:
        work.values += len(states)
        return evaluate(ev, node, states)

    def counted_join(joiner: Joiner, *arguments: Any, **options: Any) -> Any:
        work.joins += 1
        return join(joiner, *arguments, **options)

    def counted_join_of_bucket(joiner: Joiner, states: Any) -> Any:
        work.joins += len(states) - 1
        return join_bucket(joiner, states)

    def counted_call(*arguments: Any) -> Any:
        work.calls += 1
        return evaluate_call(*arguments)

    with (
        mock.patch.multiple(Evaluator, run=counted_run, evaluate=counted_evaluate),
        mock.patch.object(Joiner, "join", counted_join),
        mock.patch.object(partition, "join_bucket", counted_join_of_bucket),
        mock.patch.object(followed_calls, "_evaluate_call", counted_call),
    ):
        yield work
