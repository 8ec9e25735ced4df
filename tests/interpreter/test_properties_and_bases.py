"""Classes that do more: properties, bases, attributes, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "fields of named tuples": """
        import collections
        import typing
        P = collections.namedtuple("P", "x, y")
        E = collections.namedtuple("E", ["x", "y"], defaults=(None,))
        class Q(typing.NamedTuple):
            x: int
            y: object = None
        ---
        p = P(1, None)
        x, y = p
        if a:
            p = P(None, y=2)
        return p.x, p.y, x, y, p[1], p._replace(x=3).x, Q(1).y, Q(y=1, x=2)[1], E(1).y, len(p), p
        """,
    "fields of dataclasses": """
        import dataclasses
        from dataclasses import dataclass
        @dataclass
        class A:
            x: int
            y: object = None
        @dataclasses.dataclass(eq=False)
        class B(A):
            z: int = 3
            def total(self): return self.x + self.z
        @dataclass
        class C:
            x: int = dataclasses.field(default=1)
            def __post_init__(self): self.y = (self.x, None)
        ---
        return A(1).x, A(1).y, B(1, 2).y, B(1, z=4).total(), C().y, C(2).x
        """,
    "too few fields": """
        import collections
        P = collections.namedtuple("P", "x, y")
        ---
        return P(1)
        """,
    "super in the order of Python": """
        class A:
            def f(self): return ("A",)
        class L(A):
            def f(self): return ("L", *super().f())
        class R(A):
            def f(self): return ("R", *super(R, self).f())
        class LR(L, R):
            def f(self): return ("LR", *super().f())
        ---
        return LR().f(), L().f()
        """,
    "super in methods without a first argument": """
        class A:
            def f(self): return "A"
        class B(A):
            def none(): return super().f()
            def star(*args): return super().f()
            def keyword(*, self): return super().f()
        ---
        found = []
        try:
            found.append(B.none())
        except RuntimeError:
            found.append("none")
        try:
            found.append(B().star())
        except RuntimeError:
            found.append("star")
        try:
            found.append(B.keyword(self=B()))
        except RuntimeError:
            found.append("keyword")
        return found
        """,
    "class method of a subclass": """
        class A:
            X = 1
            def __init__(self, x): self.x = x
            @classmethod
            def make(cls): return cls(cls.X)
        class B(A):
            X = 2
        ---
        return A.make().x, B.make().x, B(3).make().x
        """,
    "attributes of the class, of new instances": """
        class A:
            x = None
            y = 1
            f = staticmethod(lambda: 2)
            g = lambda self: self.y
            def set(self):
                self.x = 3
                return self
        ---
        return A().x, A().set().x, A().y, A().f(), A().g()
        """,
    "conditional methods": """
        class C:
            if False:
                def f(self): return 1
            else:
                def f(self): return None
        ---
        return C().f()
        """,
    "two methods of a name": """
        class C:
            def f(self): return 1
            def f(self): return None
        ---
        return C().f()
        """,
    "super of a property": """
        class A:
            @property
            def x(self): return None
        class B(A):
            @property
            def x(self): return (super().x, 1)
        ---
        return B().x
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "class decorator": """
        def deco(c): return lambda: None
        @deco
        class A: pass
        ---
        return A()
        """,
    "super with two bases": """
        class A:
            def f(self): return None
        class B:
            def f(self): return 1
        class C(A):
            def f(self): return super().f()
        class D(C, B): pass
        class L(A): pass
        class R(A):
            def f(self): return 2
        class LR(L, R): pass
        ---
        return D().f(), LR().f()
        """,
    "dunder dict": """
        class A: pass
        ---
        a = A()
        a.x = None
        a.__dict__["x"] = 1
        vars(a)["y"] = 2
        a.__dict__.update(z=3)
        return a.x, a.y, a.z
        """,
    "descriptor": """
        class D:
            def __get__(self, i, o): return None
        class A:
            x = D()
        ---
        return A().x
        """,
    "attribute stored on one path": """
        class C:
            x = 1
        ---
        c = C()
        if a:
            c.x = None
        return c.x
        """,
    "attribute of an argument stored on one path": """
        config.x = 1
        d = config
        if a:
            features.x = None
        return features.x
        """,
    "property setter": """
    class C:
        @property
        def x(self): return self._x
        @x.setter
        def x(self, v): self._x = (v,)
    ---
    c = C()
    c.x = 1
    return c.x
    """,
    "diamond": """
    class A:
        def f(self): return None
    class L(A):
        def f(self): return super().f()
    class R(A):
        def f(self): return 2
    class LR(L, R): pass
    ---
    return LR().f()
    """,
    "method assigned": """
        class C:
            def f(self): return 1
            g = f
            h = staticmethod(lambda: None)
            if True:
                def k(self): return 2
        ---
        return C().g(), C().h(), C().k()
        """,
    "cached property": """
        import functools
        class C:
            n = 0
            @functools.cached_property
            def x(self):
                self.n += 1
                return self.n
        ---
        c = C()
        return c.x, c.x, c.n
        """,
    "super in init": """
        class A:
            def __init__(self, x): self.x = x
        class B(A):
            def __init__(self):
                super().__init__(None)
                self.y = 1
        class D(A):
            def __init__(self):
                super(D, self).__init__(2)
        class E(A):
            def __init__(self):
                A.__init__(self, 3)
        ---
        return B().x, B().y, D().x, E().x
        """,
    "class method that makes": """
        class A:
            def __init__(self, x=None): self.x = x
            @classmethod
            def make(cls, x): return cls(x)
        ---
        return A.make(1).x, type(A()).make(None).x
        """,
    "class as a callback": """
        class A:
            def __init__(self, x): self.x = x
        ---
        return [a.x for a in map(A, (1, None))]
        """,
    "self returned": """
        class A:
            x = None
            def f(self):
                self.x = 1
                return self
        ---
        a = A()
        b = a.f()
        return a.x, b.x, a is b, A().x
        """,
    "setattr by a loop": """
        class A:
            def __init__(self, **kw):
                for k, v in kw.items():
                    setattr(self, k, v)
        ---
        a = A(x=None, y=1)
        for k in ("x", "z"):
            setattr(a, k, 2)
        setattr(a, config and "y", 5)
        return a.x, a.y, a.z
        """,
    "nested class": """
        class A:
            class B:
                X = None
                def f(self): return 1
        ---
        return A.B.X, A.B().f()
        """,
    "class body reads names": """
        x = 1
        class A:
            x = x
            y = x
            z = [i for i in (x, x)]
        return A.x, A.y, A.z
        """,
    "class rebound": """
        class A:
            def f(self): return None
        A = lambda: 1
        ---
        return A()
        """,
    "delete a method's attribute": """
        class A:
            x = None
            def __init__(self): self.x = 1
            def reset(self): del self.x
        ---
        a = A()
        a.reset()
        return a.x
        """,
    "attribute not there": """
        class A: pass
        ---
        try:
            return A().x
        except AttributeError:
            return None
        """,
    "hasattr": """
        class A:
            x = None
        ---
        return hasattr(A(), "x"), hasattr(A(), "z")
        """,
    "equality of instances": """
        class A: pass
        ---
        a, b = A(), A()
        return a == a, a == b, a is a, a is b, a in (a,), a in [b]
        """,
    "context instance": """
        class A:
            def __enter__(self): return None
            def __exit__(self, *e): pass
        ---
        with A() as x:
            return x
        """,
    "class attribute none then set on class by method": """
        class A:
            inst = None
            @classmethod
            def get(cls):
                if cls.inst is None:
                    cls.inst = cls()
                return cls.inst
        ---
        return A.get(), A.inst
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
