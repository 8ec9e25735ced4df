"""``finally``: each path continues in the way in which it left, with its value or exception."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

_WAYS = {
    "the end": """
        try:
            x = 1 if a else None
        finally:
            y = 2 if b else None
        return x, y
        """,
    "a return": """
        x = None
        try:
            if a:
                return 1
            x = 2
        finally:
            x = (x, 3 if b else None)
        return x
        """,
    "returns of different values": """
        try:
            if a:
                return None
            if b:
                return 1
            if c:
                return 2
        finally:
            x = d
        return 3 if x else 4
        """,
    "an exception": """
        try:
            try:
                if a:
                    raise KeyError
                if b:
                    raise ValueError
            finally:
                x = 1
        except KeyError:
            return 'key', x
        return 'end', x
        """,
    "break and continue": """
        n = None
        for i in (1, 2):
            try:
                if a:
                    break
                if b:
                    continue
                n = i
            finally:
                m = i
        else:
            return 'else', n, m
        return 'break', n, m
        """,
    "a return in place of all": """
        try:
            if a:
                raise ValueError
            if b:
                return 1
        finally:
            return 2
        """,
    "a return in place of some": """
        try:
            if a:
                raise ValueError
            if b:
                return 1
        finally:
            if c:
                return 2
        return 3
        """,
    "an exception in place of another": """
        try:
            if a:
                raise ValueError
            if b:
                return 1
        finally:
            if c:
                raise KeyError
        return 3
        """,
    "a break in place of a return": """
        for i in (1, 2):
            try:
                if a:
                    return i
            finally:
                if b:
                    break
        return 'behind'
        """,
    "a finally in a finally": """
        x = None
        try:
            try:
                if a:
                    return 1
                if b:
                    raise KeyError
            finally:
                x = 2 if c else None
        finally:
            if d and x:
                x = 5
        return x
        """,
    "a bare raise in a handler with a finally": """
        try:
            try:
                raise KeyError if a else ValueError
            except KeyError:
                raise
            except ValueError:
                x = 1
            finally:
                y = 2
        except KeyError:
            return 'again'
        return x, y
        """,
    "a bare raise in a handler in a handler": """
        try:
            raise ValueError
        except ValueError:
            try:
                raise KeyError
            except KeyError:
                pass
            if a:
                raise
        return 1
        """,
}


@pytest.mark.parametrize("body", _WAYS.values(), ids=_WAYS)
def test_each_path_goes_on_by_its_own_way(body: str) -> None:
    assert problems(Snippet(body), exact=True) == []


def test_ways_are_kept_apart_however_many_paths_there_are() -> None:
    values = "".join(
        f"x{number} = None\nif params['x{number}']:\n    x{number} = 1\n" for number in range(6)
    )
    names = ", ".join(f"x{number}" for number in range(6))
    snippet = Snippet(f"""
{values}
try:
    if a:
        return 'returned'
    if b:
        raise KeyError
finally:
    print({names})
return 'ended'
""")
    said = {str(outcome) for outcome in snippet.outcomes(next(iter(snippet.probes)))}
    assert said == {"'returned'", "raises KeyError", "'ended'"}


def test_each_of_many_returns_keeps_its_value_and_doubts() -> None:
    returns = "".join(
        f"    if params['return{number}']:\n        return {number}\n" for number in range(40)
    )
    snippet = Snippet(f"""
try:
{returns}
    if params['x'] == 1:
        if mode == params['train']:
            return 'in doubt'
    raise KeyError
finally:
    x = 1 if a else None
""")
    outcomes = snippet.outcomes(next(iter(snippet.probes)))
    said = {str(outcome) for outcome in outcomes if not outcome.in_doubt}
    assert said == {*map(str, range(40)), "raises KeyError"}
    assert "'in doubt'" in {str(outcome) for outcome in outcomes if outcome.in_doubt}


def test_a_return_in_place_of_many_is_the_only_one() -> None:
    returns = "".join(
        f"    if params['return{number}']:\n        return {number}\n" for number in range(40)
    )
    snippet = Snippet(f"try:\n{returns}\nfinally:\n    return 1 if a else None")
    assert snippet.readings(next(iter(snippet.probes))) == {"1", "None"}


def test_ways_are_kept_apart_in_a_finally_in_a_finally_in_a_finally() -> None:
    snippet = Snippet("""
try:
    if a:
        return 'outermost'
finally:
    try:
        if b:
            raise KeyError
    finally:
        try:
            if c:
                return 'inmost'
        finally:
            x = 1
return 'end'
""")
    assert problems(snippet, exact=True) == []
