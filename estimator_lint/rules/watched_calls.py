"""Judging calls of TensorFlow functions by their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import libcst as cst

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.rules.rule import Judgement
from estimator_lint.rules.train_ops import of_returns
from estimator_lint.steps import clearest

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace
    from estimator_lint.tensorflow_api.modes import Mode


class Problem(NamedTuple):
    """What is wrong with a call, in words, and the argument at fault, if any."""

    argument: tuple[int, str] | None
    text: str


#: Finds what is wrong with a call in a mode; None if nothing is known to be.
FindProblem: TypeAlias = "Callable[[CallOf, Trace], Problem | None]"


def judge_calls(traces: FunctionTraces, mode: Mode, find: FindProblem) -> Iterator[Judgement]:
    """A judgement of each call that is wrong on a path of ``mode`` that returns."""
    trace = traces.traces[mode]
    calls: dict[Place, list[tuple[Return, Problem | None]]] = {}
    for returned in trace.returns:
        for watched, call in of_returns([returned], trace.origins):
            if returned.happened[watched]:
                calls.setdefault(watched.place, []).append((returned, find(call, trace)))
    yield from judge_found(calls, mode)


def judge_found(
    calls: dict[Place, list[tuple[Return, Problem | None]]], mode: Mode
) -> Iterator[Judgement]:
    """Judgements of calls by what is wrong with each on every path that makes it."""
    for place, made in calls.items():
        wrong = [(returned, problem) for returned, problem in made if problem is not None]
        if wrong and one_exists(returned.doubts for returned, _ in wrong):
            problem = wrong[0][1]
            passed = clearest(returned for returned, _ in wrong).passed
            at = argument_place(place, problem.argument)
            certain = len(wrong) == len(made)
            yield Judgement(at, mode, certain, subject=problem.text, passed=passed)


def argument_place(call: Place, argument: tuple[int, str] | None) -> Place:
    """Where an argument of a call is written; the call itself if that is unknown."""
    if argument is None or not isinstance(call.node, cst.Call):
        return call
    position, name = argument
    for index, given in enumerate(call.node.args):
        by_name = given.keyword is not None and given.keyword.value == name
        if by_name or (index == position and given.keyword is None and not given.star):
            return replace(call, node=given.value)
    return call
