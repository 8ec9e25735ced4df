"""Runs and constructions of Estimators that a test expects to raise.

A test of one's own framework gives an Estimator a faulty model function on purpose, and asserts the
error: in a block that expects one (``expecting_statements.py``), or by
``self.assertRaises(ValueError, estimator.train, ...)``; or the test is marked as one that fails. To
be told of the fault is of no use there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from estimator_lint.discovery.callables import decorators_of, last_name
from estimator_lint.discovery.definitions import AnyFunction, Definitions, Scope, look_up_all
from estimator_lint.discovery.expecting_statements import (
    Span,
    enclosed_by_contexts,
    enclosed_by_try,
    expects_error,
    is_within,
    span_of,
)
from estimator_lint.discovery.shown_runs import modes_run_by, names_given
from estimator_lint.tensorflow_api.input_functions import METHODS_THAT_RUN
from estimator_lint.tensorflow_api.modes import Mode

#: The decorators of unittest and pytest for tests that need not pass.
_LETTING_FAIL: Final = frozenset({"expectedFailure", "skip", "xfail"})


class ExpectedErrors:
    """Finds what a file expects to raise."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def around(self, node: ast.AST) -> bool:
        """Whether what ``node`` does is expected to raise."""
        return any(is_within(node, span) for span in self._asserting)

    def modes_of(self, test: AnyFunction) -> frozenset[Mode]:
        """The modes in which no Estimator in ``test`` runs without an expected error.

        None of them if it expects no run to raise.
        """
        if not self._asserting:
            return frozenset()
        expected: set[Mode] = set()
        others: set[Mode] = set()
        for node, modes in self._runs:
            if is_within(node, span_of(test)):
                (expected if self.around(node) else others).update(modes)
        return frozenset(Mode) - others if expected else frozenset()

    def modes_of_uses(self, places: list[ast.AST]) -> frozenset[Mode]:
        """The modes in which no test that makes one of these Estimators runs it without an error.

        None of them if one is made outside of a test that expects an error, or is handed on there.
        """
        if not self._asserting or not places or self._are_handed_on(places):
            return frozenset()
        return frozenset.intersection(*map(self._modes_around, places))

    def _are_handed_on(self, places: list[ast.AST]) -> bool:
        """Whether one of the Estimators made at these places is an argument of some call."""
        return any(
            any(is_within(place, span_of(value)) for place in places)
            for call, scope in self._definitions.calls
            if not modes_run_by(self._definitions, call, scope)
            for argument in names_given(call)
            for value, _ in look_up_all(scope, argument.id)[0]
        )

    def _modes_around(self, place: ast.AST) -> frozenset[Mode]:
        return frozenset().union(
            *(
                self.modes_of(function)
                for function, scope in self._definitions.scopes.items()
                if not isinstance(function, ast.Lambda)
                if scope.parent is self._definitions.module
                if is_within(place, span_of(function))
            )
        )

    @cached_property
    def _assertions(self) -> list[tuple[ast.Call, Scope]]:
        return [
            (call, scope)
            for call, scope in self._definitions.calls
            if expects_error(self._definitions, call)
        ]

    @cached_property
    def _asserting(self) -> list[Span]:
        """What the calls, the blocks and the decorators that expect an error enclose."""
        calls = self._assertions
        passed = {last_name(argument) for call, _ in calls for argument in call.args[1:2]}
        return [
            *(span_of(call) for call, _ in calls),
            *enclosed_by_contexts(self._definitions, calls),
            *enclosed_by_try(self._definitions),
            *(
                span_of(function)
                for function, name in self._definitions.names.items()
                if name in passed or any(map(_lets_fail, decorators_of(function)))
            ),
        ]

    @cached_property
    def _runs(self) -> list[tuple[ast.AST, tuple[Mode, ...]]]:
        """What runs Estimators, by the name of the method, with the modes."""
        return [*self._calls_that_run(), *self._methods_passed()]

    def _calls_that_run(self) -> Iterator[tuple[ast.AST, tuple[Mode, ...]]]:
        for call, scope in self._definitions.calls:
            modes = modes_run_by(self._definitions, call, scope)
            if modes:
                yield call, modes

    def _methods_passed(self) -> Iterator[tuple[ast.AST, tuple[Mode, ...]]]:
        """The methods that are given to an assertion, which calls them."""
        for call, _ in self._assertions:
            for argument in call.args[1:2]:
                mode = METHODS_THAT_RUN.get(last_name(argument))
                if mode is not None:
                    yield argument, (mode,)


def _lets_fail(decorator: ast.expr) -> bool:
    """Whether a test may fail, or is left out."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return last_name(called) in _LETTING_FAIL
