"""How each kind of statement and expression is evaluated, registered by its libcst class.

Names, attributes and calls are registered where they are looked up and called.
"""

from estimator_lint.interpreter.calls import dispatch
from estimator_lint.interpreter.language import (
    comprehensions,
    displays,
    exceptions,
    expressions,
    loops,
    managers,
    matching,
    statements,
)
from estimator_lint.interpreter.lookup import attributes, names

__all__ = [
    "attributes",
    "comprehensions",
    "dispatch",
    "displays",
    "exceptions",
    "expressions",
    "loops",
    "managers",
    "matching",
    "names",
    "statements",
]
