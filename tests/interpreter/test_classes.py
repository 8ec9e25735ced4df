"""Classes of the file, evaluated and executed."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "init and methods": """
        class C:
            def __init__(self, x=None):
                self.x = x
            def get(self):
                return self.x
            def put(self, x):
                self.x = x
                return self
        ---
        c, d = C(), C(1)
        before = c.get()
        c.put(2)
        return before, c.get(), d.get(), C().put(3).x
        """,
    "two instances of one place": """
        class C:
            def __init__(self, x): self.x = x
        ---
        found = [C(i) for i in (1, None)]
        other = []
        for i in (1, None):
            other.append(C(i))
        return found[0].x, found[1].x, other[0].x, other[1].x
        """,
    "static and class methods": """
        class C:
            X = 5
            @staticmethod
            def s(x): return x
            @classmethod
            def c(cls, x): return x
        ---
        return C.s(1), C().s(2), C.c(3), C().c(4)
        """,
    "property": """
        class C:
            def __init__(self): self._x = 1
            @property
            def x(self): return self._x
        ---
        return C().x
        """,
    "constants of the class": """
        class C:
            X = 1
            Y = "y"
        ---
        return C.X, C().Y
        """,
    "call": """
        class C:
            def __init__(self, x): self.x = x
            def __call__(self, y): return self.x, y
        ---
        return C(1)(None)
        """,
    "bound method as a value": """
        class C:
            def f(self, x): return x
        ---
        f = C().f
        g = C.f
        return f(1), g(None, 2)
        """,
    "attribute of an attribute": """
        class C: pass
        ---
        c = C()
        c.d = C()
        c.d.x = None
        e = c.d
        e.x = 1
        return c.d.x
        """,
    "abstract method": """
        class A:
            def f(self): raise NotImplementedError
            def g(self): return self.f()
        class B(A):
            def f(self): return None
        ---
        return B().g()
        """,
    "method replaced": """
        class C:
            def f(self): return None
        ---
        c = C()
        c.f = lambda: 1
        return c.f()
        """,
    "method replaced in init": """
        class C:
            def __init__(self, f=None):
                if f is not None:
                    self.f = f
            def f(self): return None
        ---
        return C(lambda: 1).f()
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "operators": """
        class C:
            def __add__(self, o): return None
            def __eq__(self, o): return True
            def __bool__(self): return False
            def __len__(self): return 0
            def __contains__(self, x): return True
            def __getitem__(self, k): return None
            def __iter__(self): return iter((1, None))
            def __neg__(self): return None
            def __lt__(self, o): return None
            def __hash__(self): return 1
        ---
        c = C()
        return (c == 1, c == None, c is None, bool(c), 1 if c else 2, 5 in c, c[0])
        """,
    "operators that give None": """
        class C:
            def __add__(self, o): return None
            def __neg__(self): return None
            def __lt__(self, o): return None
        ---
        c = C()
        return c + 1, -c, c < c
        """,
    "none on the left of an operator": """
        class C:
            def __radd__(self, o): return 1
        ---
        return None + C()
        """,
    "instance equal to none": """
        class C:
            def __eq__(self, o): return True
        ---
        return C() == None, C() != 1, 1 == C()
        """,
    "metaclass": """
        class M(type):
            def __call__(cls): return None
        class C(metaclass=M): pass
        ---
        return C()
        """,
    "setattr method": """
        class C:
            def __setattr__(self, name, value):
                object.__setattr__(self, name, 5)
        ---
        c = C()
        c.x = None
        return c.x
        """,
    "slots and new": """
        class C:
            def __new__(cls): return None
        ---
        return C()
        """,
    "inheritance and super": """
        class A:
            def f(self): return 1
            def g(self): return None
        class B(A):
            def f(self): return (super().f(), 2)
            def h(self): return self.g()
        ---
        return B().f(), B().h(), A().f()
        """,
    "class in the function": """
        x = 1
        class C:
            def f(self): return x
        x = None
        return C().f()
        """,
    "inherited class constant": """
        class A:
            X = None
            Y = None
        class B(A):
            X = 1
        ---
        return B.X, B.Y, B().X, B().Y
        """,
    "class constant replaced": """
        class C:
            X = None
        C.X = 1
        ---
        return C.X, C().X
        """,
    "class constant replaced in a function": """
        class C:
            X = None
        ---
        C.X = 1
        return C.X, C().X
        """,
    "instance hides class": """
        class C:
            X = None
            def f(self): self.X = 1
        ---
        c = C()
        c.f()
        return c.X, C.X, C().X
        """,
    "getattr method": """
        class C:
            def __getattr__(self, name): return 1
        ---
        return C().x, getattr(C(), "y", None)
        """,
    "named tuple": """
        import collections
        import typing
        P = collections.namedtuple("P", "x y")
        class Q(typing.NamedTuple):
            x: int
            y: object = None
        ---
        p = P(1, None)
        x, y = p
        return p.x, x, y, p[1], p._replace(x=None).x, Q(1).y, Q(1)[1], p
        """,
    "iteration over an instance": """
        class C:
            def __iter__(self): return iter((1, None))
        ---
        x, y = C()
        z = [i for i in C()]
        return x, y, z
        """,
    "empty instance is false": """
        class C:
            def __len__(self): return 0
        ---
        return 1 if C() else 2
        """,
    "subclass of dict": """
        class D(dict):
            pass
        ---
        d = D(x=1)
        d["y"] = None
        return d["x"], d.get("y"), d.get("z"), bool(D()), len(d)
        """,
    "defaultdict and counter": """
        import collections
        ---
        d = collections.defaultdict(list)
        d["k"].append(1)
        e = collections.defaultdict(lambda: None, x=1)
        return dict(d), e["x"], e["z"], collections.Counter("a")["a"]
        """,
    "ordered dict": """
        import collections
        ---
        d = collections.OrderedDict([("k", 1)])
        d["l"] = None
        d.move_to_end("k")
        return list(d), d.get("z"), d.popitem()
        """,
    "simple namespace": """
        import types
        ---
        n = types.SimpleNamespace(x=None, y=1)
        n.z = 2
        return n.x, n.y, n.z
        """,
    "enum": """
        import enum
        class E(enum.Enum):
            A = "train"
            B = None
        ---
        return E.A == "train", E.A.value, E("train").name, E.B is None, E.A is E.A
        """,
    "str enum": """
        import enum
        class E(str, enum.Enum):
            A = "train"
        ---
        return E.A == mode, E.A.value == mode
        """,
    "class list shared": """
        class C:
            S = []
            def f(self): self.S.append(1)
        ---
        C().f()
        return C.S, len(C.S)
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)


def test_the_class_of_an_object_is_not_the_class_that_its_method_stands_in() -> None:
    source = """
import registry
import tensorflow as tf
class Model:
    def model_fn(self, features, labels, mode):
        if registry.trains(type(self)):
            loss = tf.constant(1.0)
        if registry.trains(Model):
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
        raise ValueError
class Special(Model):
    pass
"""
    assert [(found.line, found.code) for found in lint_text(source)] == [(9, "MFN213")]
