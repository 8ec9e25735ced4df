"""Partly unknown calls and names, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "copy": """
        import copy
        ---
        x = {"k": [1]}
        y = copy.copy(x)
        z = copy.deepcopy(x)
        y["l"] = 2
        x["k"].append(3)
        return x, y, z
        """,
    "copy of what holds itself": """
        import copy
        ---
        x = [1]
        x.append(x)
        y = copy.deepcopy(x)
        return y[0], len(y)
        """,
    "async": """
        async def f():
            async with features as x:
                pass
            async for i in features:
                await i
            return [j async for j in features]
        r = f()
        r.close()
        return 1
        """,
    "closure cell shared": """
        x = None
        def set_():
            nonlocal x
            x = 1
        features.map(set_)
        set_()
        return x
        """,
    "callback through a local": """
        x = None
        def run(f):
            f()
        def set_():
            nonlocal x
            x = 1
        run(set_)
        return x
        """,
    "shadowed builtin": """
        def len(x): return None
        def dict(**k): return 5
        ---
        return len(()), dict(x=1)
        """,
    "builtin shadowed by parameter": """
        def f(print=None, list=len):
            return print, list((1, 2))
        return f()
        """,
    "type alias": """
        def f(x: "int" = None) -> "int":
            y: list[int] = []
            return x, y
        return f()
        """,
    "args changed": """
        def f(*args, **kw):
            kw["z"] = 1
            return args + (1,), kw
        d = {"k": None}
        return f(*d, **d), d
        """,
    "kwargs order": """
        def f(**kw):
            return list(kw)
        return f(y=1, x=2)
        """,
    "keyword twice": """
        def f(**kw): return kw
        try:
            return f(k=1, **{"k": 2})
        except TypeError:
            return None
        """,
    "unpack in try": """
        try:
            x, y = 1, 2, 3
        except ValueError:
            return None
        """,
    "copy of a list": """
        import copy
        ---
        x = [1]
        y = copy.copy(x)
        y.append(2)
        return x, y
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "global": """
        G = None
        def f():
            global G
            G = 1
        ---
        f()
        return G
        """,
    "global in the model function": """
        G = 1
        ---
        global G
        G = None
        return G
        """,
    "global changed elsewhere": """
        G = None
        def other():
            global G
            G = 2
        G = 1
        ---
        return G
        """,
    "module dict changed": """
        D = {"k": None}
        D["k"] = 1
        ---
        return D["k"]
        """,
    "module value by a conditional": """
        if True:
            V = None
        else:
            V = 1
        try:
            W = 1
        except Exception:
            W = None
        for U in (1, 2): pass
        ---
        return V, W, U
        """,
    "module none replaced": """
        V = None
        def main(): pass
        V = 3
        ---
        return V
        """,
    "module augmented": """
        V = 1
        V += 1
        ---
        return V
        """,
    "generator": """
        def f():
            yield 1
            yield None
        return list(f()), [i for i in f()], next(f()), f()
        """,
    "generator with return": """
        def f():
            x.append(1)
            yield
        x = []
        f()
        return x
        """,
    "generator runs when iterated": """
        def f():
            x.append(1)
            yield
        x = []
        list(f())
        return x, len(x)
        """,
    "generator by what a comprehension goes through": """
        def f():
            x.append(1)
            return [item for item in (yield)]
        x = []
        f()
        return x
        """,
    "yield from": """
        def f():
            yield from (1, None)
        def g():
            y = yield from f()
            return y
        return tuple(g())
        """,
    "decorator of the file": """
        def deco(f):
            return lambda: None
        ---
        @deco
        def f():
            return 1
        return f()
        """,
    "recursion": """
        def f(n):
            if n == 0:
                return None
            return f(n - 1)
        ---
        return f(3)
        """,
    "deep recursion that builds": """
        def f(n):
            return (n, f(n - 1)) if n else 0
        ---
        return f(20)
        """,
    "star of something": """
        def f(*args, **kwargs):
            return args, kwargs
        return f(*features, **params)
        """,
    "default given by params": """
        def f(x=None, y=1):
            return x, y
        return f(**{k: 2 for k in ("x",)}), f(*params)
        """,
    "function attribute": """
        def f(): return f.x
        f.x = None
        f.x = 1
        return f.x, f()
        """,
    "getattr by name": """
        class C:
            x = None
        ---
        return getattr(C, "x"), getattr(C(), "x"), getattr(C(), "z", 1)
        """,
    "locals": """
        x = 1
        y = None
        return locals()["x"], locals()["y"], "%(x)s" % locals()
        """,
    "vars": """
        x = 1
        return vars()["x"]
        """,
    "eval and exec": """
        x = None
        exec("x = 1")
        return eval("1"), eval("None")
        """,
    "import inside": """
        import os.path as p, sys
        from collections import OrderedDict as O
        return dict(O(k=1)), p, sys.maxsize
        """,
    "raise class with arguments": """
        class E(Exception):
            def __init__(self, x): self.x = x
        ---
        try:
            raise E(None)
        except E as e:
            return e.x
        """,
    "raise of something": """
        try:
            raise features
        except TypeError:
            return 1
        """,
    "subclass of an exception of the file": """
        class E(ValueError): pass
        class F(E): pass
        ---
        try:
            raise F
        except ValueError:
            x = 1
        try:
            raise F()
        except (KeyError, E):
            return x
        """,
    "exception of a library": """
        import json
        ---
        try:
            json.loads("{")
        except json.JSONDecodeError:
            return None
        return 1
        """,
    "implicit exceptions": """
        try:
            x = [][0]
        except IndexError:
            x = None
        try:
            y = {}["k"]
        except KeyError:
            y = None
        try:
            z = int("x")
        except ValueError:
            z = None
        return x, y, z
        """,
    "division by zero in try": """
        try:
            return 1 / 0
        except ZeroDivisionError:
            return None
        """,
    "for in try": """
        x = None
        try:
            for i in (1, 2, "x"):
                x = i + 1
        except TypeError:
            return x
        return 0
        """,
    "global of the file in try": """
        try:
            import json as j
        except ImportError:
            j = None
        ---
        return j is None
        """,
    "module list changed": """
        D = []
        D.append(1)
        ---
        return D, len(D), bool(D)
        """,
    "callback given away": """
        x = None
        def set_():
            nonlocal x
            x = 1
        list(map(lambda i: set_(), (1,)))
        return x
        """,
    "lambda given away changes a list": """
        s = []
        list(map(lambda i: s.append(i), (1,)))
        return s, len(s), bool(s)
        """,
    "sorted with key that counts": """
        n = []
        sorted((2, 1), key=lambda i: n.append(i) or i)
        return len(n)
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
