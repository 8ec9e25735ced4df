"""Programs drawn from Python's grammar, with every form that it has: hypothesmith writes them."""

from __future__ import annotations

import ast
import functools
import textwrap
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

#: The number of programs drawn at once; the first ones of a draw are nearly empty.
BATCH = 50

_HEAD = "import tensorflow as tf\n\n\n@model_fn\ndef model_fn(features, labels, mode, params):\n"
_TAIL = "    return tf.estimator.EstimatorSpec(mode)\n"


def grammar_input(seed: int, number: int) -> str:
    """The text of an input: a program as the body of a model function, if it can be one."""
    text = _batch(seed * 1_000_003 + number // BATCH)[number % BATCH]
    body = textwrap.indent(text, "    ", predicate=lambda line: True)
    for source in (_HEAD + body + "\n" + _TAIL, text + "\n" + _HEAD + _TAIL):
        if _is_program(source):
            return source
    return f"# model_fn\n{text}"


@functools.cache
def _programs() -> SearchStrategy[str]:
    import hypothesmith

    programs: SearchStrategy[str] = hypothesmith.from_grammar()
    return programs


@functools.lru_cache(maxsize=2)
def _batch(number: int) -> list[str]:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    drawn: list[str] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(_programs())
    def draw(text: str) -> None:
        drawn.append(text)

    draw()
    return (drawn * BATCH)[:BATCH]


def _is_program(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
