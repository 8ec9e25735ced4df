"""Programs are reduced, the condition still holds, and the limit of trials is kept."""

from __future__ import annotations

from estimator_lint.reduction.delta_debugging import (
    Trials,
    as_written_by_ast,
    fewest,
    smallest_lines,
    smallest_program,
    undefined_names,
)

#: Far more than any of these programs needs.
PLENTY = 10_000


def smallest(source: str, *needed: str, limit: int = PLENTY) -> str:
    """The smallest program with some words in its text."""
    trials = Trials(lambda text: all(word in text for word in needed), limit)
    return smallest_program(as_written_by_ast(source), trials, placeholders=())


def test_items_are_left_out_in_chunks() -> None:
    asked: list[int] = []

    def holds(items: list[int]) -> bool:
        asked.append(len(items))
        return {3, 700} <= set(items)

    assert fewest(range(1000), holds) == [3, 700]
    assert len(asked) < 100


def test_lines() -> None:
    source = "\n".join(f"line {number}" for number in range(100))
    found = smallest_lines(source, lambda text: "line 7\n" in text and "line 60" in text)
    assert found.split("\n") == ["line 7", "line 60"]


PROGRAM = '''
"""A docstring."""
import os, sys  # a comment

@os.cached
def f(a, b=1, *rest, c=2, d, **more) -> int:
    try:
        if a:
            for i in [first, {"x": wanted(1, key=sys), "y": 2}]:
                while a < b <= other:
                    d = i
        elif b:
            return a
    except ValueError as error:
        match error:
            case {"p": [inner], "q": 3} if guard:
                return [inner for inner in rest if inner]
    finally:
        with open(a) as file, more:
            pass
'''


def test_what_is_around_goes() -> None:
    assert smallest(PROGRAM, "wanted") == "def f():\n    wanted()\n"
    assert smallest(PROGRAM, "{'x'", "wanted(1") == "def f():\n    {'x': wanted(1)}\n"
    assert smallest(PROGRAM, "b <= other") == "def f():\n    b <= other\n"


def test_parameters_go_with_their_defaults() -> None:
    assert smallest(PROGRAM, "b=1") == "def f(b=1):\n    pass\n"
    assert smallest(PROGRAM, "c=2") == "def f(*, c=2):\n    pass\n"
    assert smallest(PROGRAM, "*rest, c=2, d") == "def f(*rest, c=2, d):\n    pass\n"


def test_parts_that_belong_together_go_together() -> None:
    found = smallest(PROGRAM, "'q': 3")
    assert found.endswith("case {'q': 3}:\n            pass\n")


def test_questions_are_bounded() -> None:
    asked: list[str] = []

    def holds(text: str) -> bool:
        asked.append(text)
        return "wanted" in text

    trials = Trials(holds, 5)
    found = smallest_program(as_written_by_ast(PROGRAM), trials, placeholders=())
    assert len(asked) == trials.asked == 5
    assert trials.stopped
    assert "wanted" in found


def test_the_result_is_always_the_same() -> None:
    assert len({smallest(PROGRAM, "inner", "wanted") for _ in range(3)}) == 1


def test_undefined_names() -> None:
    assert undefined_names("def f(a):\n    return a, b, len(c)\nc = 1\n") == {"b"}
    assert undefined_names("x = [y for y in z]\n") == {"z"}
    assert undefined_names("def f():\n    global g\n    g = 1\ndef h():\n    return g\n") == set()
    assert undefined_names("def f():\n    def g(a): pass\n    return a\n") == {"a"}


def test_an_assignment_with_an_operator() -> None:
    """Its operator can't be left out; ``ast.unparse`` has no name for that."""
    assert smallest("x = 1\nwhile x:\n    x += y(1, 2)\n", "x +=", "y(") == "x += y()\n"
