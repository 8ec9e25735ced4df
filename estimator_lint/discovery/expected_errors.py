"""Runs and constructions of Estimators that a test expects to raise.

A test of one's own framework gives an Estimator a faulty model function on purpose, and asserts the
error: within ``with self.assertRaises(...)`` or ``with pytest.raises(...)``, or by
``self.assertRaises(ValueError, estimator.train, ...)``; or the test is marked as one that fails. To
be told of the fault is of no use there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final, TypeAlias

from estimator_lint.discovery.callables import decorators_of, last_name
from estimator_lint.discovery.definitions import AnyFunction, Definitions
from estimator_lint.discovery.shown_runs import modes_run_by
from estimator_lint.tensorflow_api.input_functions import METHODS_THAT_RUN
from estimator_lint.tensorflow_api.modes import Mode

#: The decorators of unittest and pytest for tests that need not pass.
_LETTING_FAIL: Final = frozenset({"expectedFailure", "skip", "xfail"})
#: The first and the last line of a node.
_Span: TypeAlias = "tuple[int, int]"


class ExpectedErrors:
    """Finds what a file expects to raise."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def around(self, node: ast.AST) -> bool:
        """Whether what ``node`` does is expected to raise."""
        return any(_is_within(node, span) for span in self._asserting)

    def modes_of(self, test: AnyFunction) -> frozenset[Mode]:
        """The modes in which no Estimator in ``test`` runs without an expected error.

        None of them if it expects no run to raise.
        """
        if not self._asserting:
            return frozenset()
        expected: set[Mode] = set()
        others: set[Mode] = set()
        for node, modes in self._runs:
            if _is_within(node, _span(test)):
                (expected if self.around(node) else others).update(modes)
        return frozenset(Mode) - others if expected else frozenset()

    @cached_property
    def _assertions(self) -> list[ast.Call]:
        return [call for call, _ in self._definitions.calls if _expects_error(call)]

    @cached_property
    def _asserting(self) -> list[_Span]:
        """What the calls, the blocks and the decorators that expect an error enclose."""
        calls = self._assertions
        starts = {(call.lineno, call.col_offset) for call in calls}
        passed = {last_name(argument) for call in calls for argument in call.args[1:2]}
        return [
            *map(_span, calls),
            *(
                _span(node)
                for node in self._definitions.source.nodes
                if isinstance(node, ast.With | ast.AsyncWith)
                if any(_begins_in(start, node.items) for start in starts)
            ),
            *(
                _span(function)
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
        for call in self._assertions:
            for argument in call.args[1:2]:
                mode = METHODS_THAT_RUN.get(last_name(argument))
                if mode is not None:
                    yield argument, (mode,)


def _expects_error(call: ast.Call) -> bool:
    """Whether a call is of ``assertRaises`` or one of its kin, or of pytest's ``raises``."""
    name = last_name(call.func)
    return name.startswith("assertRaises") or name == "raises"


def _begins_in(start: tuple[int, int], items: list[ast.withitem]) -> bool:
    """Whether something that begins there belongs to what a ``with`` statement enters."""
    return any(
        (one.lineno, one.col_offset) <= start <= (one.end_lineno or 0, one.end_col_offset or 0)
        for one in (item.context_expr for item in items)
    )


def _lets_fail(decorator: ast.expr) -> bool:
    """Whether a test may fail, or is left out."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return last_name(called) in _LETTING_FAIL


def _span(node: ast.AST) -> _Span:
    return node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]


def _is_within(node: ast.AST, span: _Span) -> bool:
    first, last = _span(node)
    return span[0] <= first and last <= span[1]
