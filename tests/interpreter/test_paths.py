"""The existing paths: correlated tests, merged paths, and random snippets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.tensorflow_api.modes import Mode
from tests.interpreter.random_snippets import SnippetWriter
from tests.interpreter.snippets import Snippet, problems
from tests.interpreter.test_context_insensitive_calls import may_return, skimmed

CORRELATED = {
    "the same test": """
        if a:
            x = 1
        if a:
            return x
        """,
    "its opposite": """
        if not a:
            x = 1
        if a:
            return 2
        return x
        """,
    "through a variable": """
        t = a
        if t:
            x = 1
        return x if a else None
        """,
    "through a negation in a variable": """
        t = not a
        if t:
            x = 1
        return None if a else x
        """,
    "compared with the same constant": """
        t = params["a"]
        if t == 1:
            x = 1
        if t == 1:
            return x
        """,
    "in a helper": """
        def f(v):
            return 1 if v else None
        if a:
            x = 2
        return x if f(a) else None
        """,
    "two flags side by side": """
        if a:
            x = 1
        if b:
            y = 2
        return (x if a else 0), (y if b else 0)
        """,
    "three ways": """
        if a:
            x = 1
        elif b:
            y = 2
        else:
            z = 3
        if a:
            return x
        if b:
            return y
        return z
        """,
    "a flag bound again": """
        if a:
            x = 1
        a = not a
        return None if a else x
        """,
    "a raise on one side": """
        if not a:
            raise ValueError
        if a:
            return 1
        """,
    "None on one side": """
        x = 1 if a else None
        if x is None:
            return 2
        if a:
            return x
        return 5
        """,
    "as a condition and as a value": """
        x = a and 1
        if a:
            return x
        return 2
        """,
}
#: Paths that must not be merged: the merged path would have an end that never happens.
MERGED = {
    "two flags in one test": """
        if a and b:
            x = 1
        if a and b:
            return x
        """,
    "two flags in nested tests": """
        if a:
            if b:
                x = 1
        if a:
            if b:
                return x
        """,
    "some of several": """
        if a and not b or c:
            x = 1
        return x if (c or (a and not b)) else 0
        """,
    "one path ends by an exception": """
        if a:
            if b:
                raise ValueError
        if b:
            if a:
                return None
        return 1
        """,
    "neither": """
        if not (a or b):
            x = 1
        return x if not (a or b) else None
        """,
    "what the next iteration reads": """
        x = None
        for i in (1, 2):
            if x is not None:
                y = 1
            if a:
                x = 1
        return y if a else None
        """,
    "bound no more in the next iteration": """
        x = 1
        for i in (1, 2):
            if a:
                del x
        """,
    "a possible exception loses what is sure": """
        box = {}
        try:
            box.pop("l", None)
        except KeyError:
            pass
        for i in list(box):
            raise KeyError
        return 1
        """,
}


@pytest.mark.parametrize("body", CORRELATED.values(), ids=CORRELATED)
def test_the_same_test_has_the_same_answer(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", MERGED.values(), ids=MERGED)
def test_merging_paths_makes_up_no_other(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("first", range(0, 160, 20))
def test_random_snippets_do_nothing_that_evaluation_does_not_allow(first: int) -> None:
    """Nor do they return anything that skimming does not allow."""
    told = 0
    for seed in range(first, first + 20):
        snippet = Snippet(SnippetWriter(seed).write())
        returned = skimmed(snippet)
        told += returned.items is not None
        for mode in Mode:
            outcomes = snippet.outcomes(mode)
            for truth in snippet.truths(mode):
                assert any(outcome.covers(truth) for outcome in outcomes), (truth, snippet.source)
                assert truth.raised or may_return(returned, truth.value), snippet.source
    assert told > 4, "nothing told is nothing tested"


@pytest.mark.parametrize("seed", range(1000, 1100, 10))
def test_straight_random_snippets_are_known_exactly(seed: int) -> None:
    for number in range(seed, seed + 10):
        body = SnippetWriter(number, connectives=False, depth=1).write()
        if "try:" not in body:  # after which some paths are in doubt
            assert not problems(Snippet(body), exact=True), body


def test_outcomes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from tests.interpreter.random_snippets import SnippetWriter\n"
        "from tests.interpreter.snippets import Snippet\n"
        "from estimator_lint.tensorflow_api.modes import Mode\n"
        "for seed in range(15):\n"
        "    snippet = Snippet(SnippetWriter(seed).write())\n"
        "    for mode in Mode:\n"
        "        print([str(outcome) for outcome in snippet.outcomes(mode)])\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "1000")
    }
    assert len(printed) == 1
