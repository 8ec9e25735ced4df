"""Every kind of statement, evaluated and executed: what can be returned is the same."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

BRANCHES = {
    "if by the mode": """
        if mode == "train":
            x = 1
        elif mode == "eval":
            x = 2
        else:
            x = 3
        return x
        """,
    "if undecided": """
        x = None
        if a:
            x = 1
        elif b:
            y = 2
        else:
            raise ValueError
        return x, y
        """,
    "same test twice": """
        if a:
            x = 1
        if b:
            pass
        if a:
            return x
        return None
        """,
    "negated test": """
        if not a:
            x = 1
        return None if a else x
        """,
    "flag bound again": """
        if a:
            x = 1
        a = not a
        if a:
            x = 2
        return x
        """,
    "labels": """
        if labels is None:
            return 1
        if labels:
            return 2
        return 3
        """,
    "one line": """
        if a: x = 1; y = 2
        else: x = None; y = 3
        return x, y
        """,
    "pass and strings and annotations": """
        'text'
        pass
        ...
        x: int
        y: int = 1
        if a:
            x = 2
        return x, y
        """,
    "assert": """
        assert a, "message"
        assert not (mode == "infer")
        return a is not None
        """,
    "return without a value": """
        if a:
            return
        if b:
            return None
        """,
}

LOOPS = {
    "for over a tuple": """
        total = 0
        for number in (1, 2, 3):
            total += number
        return total, number
        """,
    "for over nothing": """
        for x in ():
            pass
        else:
            y = 1
        return (y, x) if a else y
        """,
    "for with break and else": """
        for x in [1, 2, 3]:
            if x == 2 and a:
                break
        else:
            x = None
        return x
        """,
    "for with continue": """
        found = []
        for x in range(4):
            if x % 2:
                continue
            found.append(x)
        return found
        """,
    "for with return": """
        for x in "ab":
            if a:
                return x
        return None
        """,
    "for over pairs": """
        found = {}
        for key, value in {"k": 1, "l": None}.items():
            found[value] = key
        for index, (left, *right) in enumerate(zip([1, 2], (3, 4))):
            found[index] = (left, right)
        return found
        """,
    "for of a dict, its keys and its values": """
        found = []
        d = dict(x=1, y=2)
        for key in d:
            found.append(key)
        for key in d.keys():
            found.append(key)
        for value in d.values():
            found.append(value)
        return found
        """,
    "for into an attribute and an item": """
        d = {}
        for d["k"] in (1, None):
            pass
        return d
        """,
    "nested for with break of the inner": """
        found = []
        for x in (1, 2):
            for y in (3, 4):
                if y == 4:
                    break
                found.append((x, y))
            else:
                found.append(None)
        return found
        """,
    "while counting": """
        n = 0
        while n < 3:
            n += 1
        else:
            done = True
        return n, done
        """,
    "while true with break": """
        n = 0
        while True:
            n += 1
            if n > 2:
                break
        return n
        """,
    "while false": """
        while False:
            x = 1
        else:
            y = 2
        return (x, y) if a else y
        """,
    "while with continue": """
        n = 0
        while n < 5:
            n += 1
            if n == 2:
                continue
            last = n
        return n, last
        """,
    "while one pass": """
        x = None
        while a:
            x = 1
            break
        return x
        """,
    "break in try with finally": """
        for x in (1, 2):
            try:
                if a:
                    break
                if b:
                    continue
                y = x
            finally:
                z = x
        return x, z
        """,
}

TRIES = {
    "raised and caught": """
        try:
            if a:
                raise ValueError("a")
            x = 1
        except ValueError:
            x = None
        return x
        """,
    "else and finally": """
        try:
            if a:
                raise KeyError
        except KeyError:
            x = 1
        else:
            x = 2
        finally:
            y = 3
        return x, y
        """,
    "by the base class": """
        try:
            raise KeyError("a") if a else IndexError("b")
        except LookupError:
            return 1
        """,
    "several handlers": """
        try:
            if a:
                raise KeyError
            raise IndexError
        except (ValueError, KeyError):
            return 1
        except IndexError:
            return 2
        except:
            return 3
        """,
    "not caught": """
        try:
            raise KeyError
        except ValueError:
            return 1
        """,
    "bare raise": """
        try:
            try:
                raise KeyError
            except KeyError:
                if a:
                    raise
                x = 1
        except KeyError:
            x = 2
        return x
        """,
    "raise from": """
        try:
            raise KeyError
        except KeyError as error:
            raise ValueError from error
        """,
    "name of the exception is gone behind the handler": """
        try:
            raise KeyError
        except KeyError as error:
            x = error
        return error
        """,
    "finally replaces the return": """
        try:
            return 1
        finally:
            if a:
                return 2
        """,
    "finally replaces the exception": """
        try:
            raise ValueError
        finally:
            if a:
                return None
        """,
    "return in the handler runs finally": """
        x = []
        try:
            try:
                raise ValueError
            except ValueError:
                return x
            finally:
                x.append(1)
        finally:
            x.append(2)
        """,
    "raise in else is not caught here": """
        try:
            pass
        except ValueError:
            return 1
        else:
            raise ValueError
        """,
    "raise in a handler is not caught here": """
        try:
            raise ValueError
        except ValueError:
            raise KeyError
        except KeyError:
            return 1
        """,
    "exception of the file": """
        class Mine(Exception):
            pass
        ---
        try:
            if a:
                raise Mine
            raise Mine()
        except Mine:
            return 1
        """,
    "unbound read caught": """
        try:
            return x
        except NameError:
            return 1
        if a:
            x = 2
        """,
    "type error of None caught": """
        x = None
        try:
            return x + 1
        except TypeError:
            return 1
        """,
    "sys.exit is no Exception": """
        import sys
        ---
        try:
            sys.exit()
        except Exception:
            return 1
        """,
    "exception group": """
        try:
            if a:
                raise ValueError
            x = 1
        except* ValueError:
            x = 2
        return x
        """,
    "assert in try": """
        try:
            assert a
        except AssertionError:
            return None
        return 1
        """,
}


@pytest.mark.parametrize("body", BRANCHES.values(), ids=BRANCHES)
def test_branches(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
def test_loops(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", TRIES.values(), ids=TRIES)
def test_tries(body: str) -> None:
    assert not problems(Snippet(body), exact=True)
