"""Scopes, comparisons and the order of evaluation, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, faults, problems

EXACT = {
    "method of a class whose module name is rebound locally": """
        class C:
            def f(self): return h()
        def h(): return None
        ---
        def h(): return 1
        return C().f()
        """,
    "lambda with walrus": """
        f = lambda: (y := 1)
        return f()
        """,
    "nested comprehension scope": """
        x = None
        z = [[x for x in (1, 2)] for y in (1, 2)]
        return x, z
        """,
    "comprehension first iterable": """
        x = (1, None)
        z = [x for x in x]
        return x, z
        """,
    "comprehension shadows inside lambda": """
        fs = [lambda: x for x in (1, None)]
        return [f() for f in fs]
        """,
    "bool ops on strings": """
        x = "" or None
        y = "a" and None
        z = 0 or "" or []
        return x, y, z
        """,
    "compare str and int": """
        return "1" == 1, 1 == 1.0, 1 is True, 0 == False, "" == None
        """,
    "in tuple with 1 and True": """
        return 1 in (True,), True in (1,), 1.0 in [1], None in (0, False, "")
        """,
    "tuple with floats": "return (1, 2) == (1.0, 2.0), (True,) == (1,)",
    "nonlocal del": """
        x = 1
        def f():
            nonlocal x
            del x
        f()
        return x
        """,
    "annotation attribute": """
        config.x: int = None
        params["x"]: int = 1
        return config.x, params["x"]
        """,
    "semicolons": """
        x = 1; y = None; x = y
        if a: x = 2; y = 3
        return x, y
        """,
    "walrus in while": """
        s = [1, 2, None]
        while (x := s.pop()) is None or x > 1:
            y = x
        return x, y, s
        """,
    "walrus short circuit": """
        if a and (y := 1):
            return y
        return y
        """,
    "chained comparison with calls": """
        s = []
        def f(v):
            s.append(v)
            return v
        return f(1) < f(2) < f(0) < f(9), s
        """,
    "order of evaluation": """
        s = []
        def f(v):
            s.append(v)
            return v
        d = {f(1): f(2), **{f(3): f(4)}}
        x = f(5) if f(0) else f(6)
        y = f(7) or f(8)
        f(9) and f(10)
        d[f(11)] = f(12)
        return s
        """,
    "not evaluated annotations": """
        def f(x: 'q' = 1) -> 'z':
            return x
        ---
        return f()
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "any with a generator and walrus": """
        if any((y := i) is not None for i in (1, 2)):
            return y
        return 0
        """,
    "class in function shadows global": """
        x = None
        def model_helper(): pass
        ---
        x = 1
        class C:
            def f(self): return x
        return C().f()
        """,
    "class in function default": """
        x = None
        ---
        x = 1
        class C:
            y = x
            def f(self, z=x): return z
        return C().f(), C.y, C().y
        """,
    "any walrus unknown": """
        if any((y := i) for i in features):
            return y
        return 0
        """,
    "class scope comprehension": """
        class C:
            s = (1, 2)
            t = [i for i in s]
            def f(self): return self.t
        ---
        return C().f(), C.t
        """,
    "attr of list": "return [].append is None, [].__class__ == list",
    "list equality": """
        return [1] == [1], [1] == [2], {} == {}, {"k": 1} == {"k": 1}, \\
            (1,) == [1], [] == None
        """,
    "tuple equality with containers": "return ([1], 2) == ([1], 2), (1, [2]) != (1, [2])",
    "opaque equal to a list": """
        x = params.get("zz", [])
        return x == [], x == (), x == {}
        """,
    "opaque equality with a tuple constant": """
        x = params.get("zz", (1, 2))
        return x == (1, 2), (1, 2) == x, x in ((1, 2),), x is not None
        """,
    "function equality": """
        def f(): pass
        return f == f, f is f, f == 1, f != None, [f] == [f]
        """,
    "str of things": """
        return str(None), str([1]), str((1,)), str(1.5), str(b"a")
        """,
    "int conversions": """
        return int(True), float(1), bool("0"), int("0x1", 16)
        """,
    "float formatting": """
        return f"{1.5}", f"{True}", f"{None}", "%d" % 1, "%s-%s" % ("a", 1)
        """,
    "big ints": """
        x = 10 ** 3
        y = 9999 * 9999 * 9999
        z = -7 // 2
        w = -7 % 3
        v = 7.5 // 2
        return x, y, z, w, v
        """,
    "shift and power aug": """
        x = 2
        x **= 3
        x <<= 1
        x >>= 2
        x |= 1
        x &= 3
        x ^= 2
        x /= 2
        return x
        """,
    "global in nested function": """
        x = None
        ---
        def f():
            global x
            x = 1
        f()
        return x
        """,
    "global then local elsewhere": """
        x = 5
        ---
        def f():
            global x
            return x
        x = None
        return f(), x
        """,
    "nested global name scope": """
        x = 5
        ---
        def f():
            x = 1
            def g():
                global x
                return x
            return g()
        return f()
        """,
    "walrus in if and elif": """
        if (x := a) and (y := 1):
            return x is True, y
        elif (y := 2) and not x:
            return x, y
        """,
    "walrus in a default": """
        def f(x=(y := 1)):
            return x
        return f(), y
        """,
    "augmented to attribute": """
        class C: x = 1
        ---
        c = C()
        c.x += 1
        return c.x, C.x
        """,
    "method calls sibling function": """
        def g(): return None
        ---
        def g(): return 1
        class C:
            def f(self): return g()
        return C().f()
        """,
    "comprehension walrus unknown length": """
        z = [y for i in features if (y := i.thing) is not None]
        return y, z
        """,
    "attr of constant": """
        return "a".__class__.__name__ == "str", (1).real == 1, (1).numerator is None
        """,
}

#: Cases where evaluation is wrong today, with the errors.
WRONG = {
    "assignment order": (
        "an augmented assignment evaluates its target's subscript twice",
        """
        s = []
        def f(v):
            s.append(v)
            return v
        x = [0, 0]
        i = 0
        i, x[i] = 1, 2
        x[f(0)] += f(5)
        return s, x, i
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
