"""Every meaning-preserving change, by name."""

from __future__ import annotations

import random
from typing import Final

import libcst as cst

from tests.metamorphic import extraction, inlining, of_expressions, of_statements
from tests.metamorphic.places import (
    Mutator,
    above_the_definitions,
    at_a_statement,
    at_an_expression,
    at_the_rest,
    has_definitions,
    parsed,
)

_AT_STATEMENTS = (
    of_statements.under_true,
    of_statements.under_a_flag,
    of_statements.in_try_finally,
    of_statements.in_a_single_round,
    of_statements.unrolled,
    of_statements.branches_swapped,
    of_statements.empty_else,
    of_statements.elif_as_else_if,
    of_statements.as_conditional_expression,
    of_statements.as_branches,
    of_statements.as_match,
    of_statements.returned_by_name,
    of_statements.returned_by_closure,
    of_statements.assigned_by_lambda,
)
_AT_RESTS = (
    of_statements.rest_in_else,
    of_statements.else_as_rest,
    of_statements.exchanged,
    of_statements.from_a_dict,
)
_AT_EXPRESSIONS = (
    of_expressions.negated_twice,
    of_expressions.by_de_morgan,
    of_expressions.equality_mirrored,
    of_expressions.equality_as_membership,
    of_expressions.chosen_by_true,
    of_expressions.keywords_in_a_dict,
    of_expressions.keywords_by_dict,
    of_expressions.mode_by_keyword,
)


def _unrelated_test(module: cst.Module, chance: random.Random) -> cst.Module | None:
    """An undecidable test of a library's result."""
    changed = at_a_statement(of_statements.unrelated_test)(module, chance)
    if changed is None or not has_definitions(changed):
        return None
    return above_the_definitions(changed, [parsed("from settings import unrelated_setting")])


MUTATORS: Final[dict[str, Mutator]] = {
    **{change.__name__: at_a_statement(change) for change in _AT_STATEMENTS},
    **{change.__name__: at_the_rest(change) for change in _AT_RESTS},
    **{change.__name__: at_an_expression(change) for change in _AT_EXPRESSIONS},
    "unrelated_test": _unrelated_test,
    "into_a_function": extraction.into_a_function,
    "into_a_method": extraction.into_a_method,
    "inlined": inlining.inlined,
    "module_by_another_name": of_expressions.module_by_another_name,
    "local_renamed": of_expressions.local_renamed,
}
