"""Exceptions, exits and imports, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, faults, problems

EXACT = {
    "star none": """
        x = None
        try:
            return [*x]
        except TypeError:
            return 1
        """,
    "raise caught by tuple variable": """
        E = (KeyError, ValueError)
        ---
        try:
            raise KeyError
        except E:
            return 1
        """,
    "nested finally order": """
        s = []
        def f():
            try:
                try:
                    s.append(1)
                    raise KeyError
                finally:
                    s.append(2)
            except KeyError:
                s.append(3)
                return s
            finally:
                s.append(4)
        return f()
        """,
    "finally with break": """
        for i in (1, 2):
            try:
                raise KeyError
            finally:
                break
        return i
        """,
    "finally with continue": """
        for i in (1, 2):
            try:
                return 5
            finally:
                if i == 1:
                    continue
        return i
        """,
    "return value fixed before finally": """
        x = 1
        try:
            return x
        finally:
            x = 2
        """,
    "while else with return in try": """
        n = 0
        while n < 2:
            try:
                n += 1
                if n == 2:
                    raise StopIteration
            except StopIteration:
                break
        else:
            return 0
        return n
        """,
    "raise in except with finally": """
        try:
            try:
                raise KeyError
            except KeyError:
                raise ValueError
            finally:
                x = 1
        except ValueError:
            return x
        """,
    "unbound in finally": """
        try:
            if a:
                raise KeyError
            x = 1
        finally:
            y = x
        return y
        """,
    "exception variable rebinding": """
        e = 1
        try:
            raise KeyError
        except KeyError as e:
            pass
        try:
            return e
        except UnboundLocalError:
            return 2
        """,
    "type annotations of locals": """
        x: int
        try:
            return x
        except NameError:
            pass
        x: int = None
        return x
        """,
    "sys exit": """
        import sys, os
        ---
        if a:
            sys.exit(1)
        if b:
            exit()
        if c:
            raise SystemExit
        return 1
        """,
    "sys exit via alias": """
        from sys import exit as leave
        ---
        leave()
        """,
    "sys exit via alias of module": """
        import sys as s
        ---
        s.exit()
        """,
    "helper that exits": """
        import sys
        def die(m):
            print(m)
            sys.exit(m)
        ---
        if a:
            x = 1
        else:
            die("no")
        return x
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "enum auto": """
        import enum
        class E(enum.Enum):
            A = enum.auto()
            B = enum.auto()
        ---
        return E.A is E.A, E.A is E.B, E.A == E.B, E.A in (E.A, E.B)
        """,
    "none arithmetic": """
        for f in (lambda: None + 1, lambda: -None, lambda: None < 1, lambda: None[0],
                  lambda: None.x, lambda: None(), lambda: [i for i in None],
                  lambda: (*None,), lambda: {**None}, lambda: len(None)):
            try:
                f()
            except (TypeError, AttributeError):
                continue
            return 1
        return 0
        """,
    "double star none": """
        x = None
        try:
            return dict(**x)
        except TypeError:
            return 1
        """,
    "raise none": """
        try:
            raise None
        except TypeError:
            return 1
        """,
    "except expression": """
        try:
            raise KeyError
        except (KeyError if a else ValueError):
            return 1
        except KeyError:
            return 2
        """,
    "unbound after except": """
        try:
            x = features.compute()
        except Exception:
            pass
        return x
        """,
    "star import": """
        from os.path import *
        ---
        return join("a", "b"), basename
        """,
    "import rebinding": """
        import json
        json = None
        ---
        return json
        """,
    "import in function": """
        def f():
            import json
            return json
        return f()
        """,
    "import under flag": """
        if a:
            import json
        return json
        """,
    "import dotted binds the root": """
        import os.path
        return os
        """,
    "conditional import names": """
        try:
            import nothing_of_the_sort as n
        except ImportError:
            n = None
        return n
        """,
    "enum value": """
        import enum
        class E(enum.Enum):
            A = "train"
        ---
        return E.A.value == mode
        """,
    "int enum": """
        import enum
        class E(enum.IntEnum):
            A = 1
        ---
        return E.A == 1, E.A.value == 1, E.A.name == "A"
        """,
}

#: Cases where evaluation is wrong today, with the errors.
WRONG = {
    "exception group nested": (
        "except* takes no part of an exception group",
        """
        try:
            raise ExceptionGroup("g", [ValueError(), KeyError()])
        except* ValueError:
            x = 1
        except* KeyError:
            y = 2
        return x, y
        """,
    ),
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)


@pytest.mark.parametrize("body", faults(WRONG))
def test_is_wrong_today(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
