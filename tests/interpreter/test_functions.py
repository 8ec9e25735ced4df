"""Functions of the file, nested ones and lambdas, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "nested, called before and after binding": """
        def f():
            return x
        if a:
            x = 1
        return f()
        """,
    "nonlocal": """
        x = None
        def f(v):
            nonlocal x
            x = v
        if a:
            f(1)
        return x
        """,
    "nonlocal two levels up": """
        x = None
        def f():
            def g():
                nonlocal x
                x = 1
            g()
        f()
        return x
        """,
    "defaults at def time": """
        x = 1
        def f(v=x, *, w=[x]):
            return v, w
        x = 2
        return f(), f(3), f(w=4)
        """,
    "mutable default": """
        def f(d={}):
            d["k"] = d.get("k", 0) + 1
            return d
        f()
        return f()
        """,
    "args and kwargs": """
        def f(x, *args, y=None, **kwargs):
            return x, args, y, kwargs
        return f(1, 2, *(3, 4), y=5, **{"z": 6}), f(*[1])
        """,
    "positional-only": """
        def f(x, /, **kwargs):
            return x, kwargs
        return f(1, x=2)
        """,
    "wrong arguments": """
        def f(x):
            return x
        if a:
            return f()
        if b:
            return f(1, 2)
        return f(1, x=2)
        """,
    "wrong keywords": """
        def f(x, *, y):
            return x
        if a:
            return f(1)
        if b:
            return f(1, z=2)
        return f(1, 2)
        """,
    "recursion ends": """
        def f(n):
            return 0
        return f(f(f(1)))
        """,
    "closures in a loop": """
        found = []
        for i in (1, 2):
            found.append(lambda: i)
        return [f() for f in found]
        """,
    "functions as values": """
        def f(): return 1
        def g(): return None
        h = f if a else g
        return {"f": f, "g": g}["f"](), h()
        """,
    "function returns on some paths": """
        def f(v):
            if v:
                return 1
        return f(a), f(b)
        """,
    "function falls off the end": """
        def f():
            pass
        return f()
        """,
    "function raises": """
        def f(v):
            if v:
                raise ValueError
            return 1
        try:
            return f(a)
        except ValueError:
            return None
        """,
    "partial": """
        import functools
        from functools import partial as p
        ---
        def f(x, y, z=None):
            return x, y, z
        g = functools.partial(f, 1)
        h = p(g, z=3)
        return g(2), h(2), h(2, z=4), functools.partial(f, y=2)(1)
        """,
    "module functions and constants": """
        X = 5
        Y: int = 6
        (P, Q) = (1, 2)
        def f(): return g() + X + Y + P + Q
        def g(): return 1
        ---
        return f()
        """,
    "builder": """
        def build(v):
            w = v
            def f():
                return w, v
            w = 2
            return f
        ---
        return build(1)(), build(None)()
        """,
    "counters": """
        def make():
            n = 0
            def inc():
                nonlocal n
                n += 1
                return n
            return inc
        ---
        f, g = make(), make()
        return f(), f(), g()
        """,
    "argument changed by the callee": """
        def f(d, s):
            d["k"] = None
            s.append(1)
            d = {}
            s += [2]
        ---
        d, s = {"k": 1}, []
        f(d, s)
        return d, s
        """,
    "lambda in a dict": """
        return {"train": lambda: 1, "eval": lambda: 2, "infer": lambda: None}[mode]()
        """,
    "parameter of the name of a global": """
        x = 1
        def f(x=None):
            return x
        ---
        return f(), x
        """,
    "early return in a loop": """
        def find(s, v):
            for i in s:
                if i == v:
                    return i
            return None
        return find([1, 2], 2), find([1, 2], 3)
        """,
    "mutual": """
        def even(n): return True if n == 0 else odd(n - 1)
        def odd(n): return False if n == 0 else True
        ---
        return even(1), odd(0)
        """,
    "conditional def": """
        if a:
            def f(): return 1
        else:
            def f(): return None
        return f()
        """,
    "def unbound": """
        if a:
            def f(): return 1
        return f()
        """,
    "decorated by identity-like wraps": """
        def f(): return 1
        g = f
        def f(): return 2
        return f(), g()
        """,
    "raise in default": """
        def f(x=y):
            return x
        y = 1
        return f()
        """,
    "own kwargs on": """
        def f(**kw): return g(**kw)
        def g(x=None, y=2): return x, y
        ---
        return f(), f(x=1), f(y=None)
        """,
    "tuple result unpacked": """
        def f(v):
            if v: return 1, None
            return None, 2
        x, y = f(a)
        return y, x
        """,
    "walrus in a function": """
        def f():
            if (n := 1) > 0:
                return n
        return f()
        """,
    "try in a function": """
        def f():
            try:
                return 1
            finally:
                x.append(1)
        x = []
        return f(), x
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)
