"""What Python does without a statement that says so, evaluated and executed.

Methods that operators, items, iteration and truth call; setters and descriptors; attributes,
defaults and names that are replaced elsewhere.
"""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

COVERED = {
    "methods that Python calls: iadd": """
        class C:
            def __init__(self, n):
                self.n = n
            def __iadd__(self, o):
                self.n += o
                return self
        ---
        x = 2 if a else 1
        c = C(1)
        d = c
        c += x
        v = d.n
        return v
        """,
    "methods that Python calls: lshift": """
        class C:
            n = None
            def __lshift__(self, o):
                self.n = o
                return self
        ---
        c = C()
        c << 5
        v = c.n
        return v
        """,
    "methods that Python calls: ror": """
        class C:
            n = None
            def __ror__(self, o):
                self.n = o
                return self
        ---
        c = C()
        5 | c
        v = c.n
        return v
        """,
    "methods that Python calls: neg": """
        class C:
            n = None
            def __neg__(self):
                self.n = 4
        ---
        c = C()
        -c
        v = c.n
        return v
        """,
    "methods that Python calls: ltside": """
        class C:
            n = None
            def __lt__(self, o):
                self.n = 4
                return True
        ---
        c = C()
        c < 5
        v = c.n
        return v
        """,
    "methods that Python calls: containsside": """
        class C:
            n = None
            def __contains__(self, o):
                self.n = 4
                return True
        ---
        c = C()
        5 in c
        v = c.n
        return v
        """,
    "methods that Python calls: boolside2": """
        class C:
            n = None
            def __bool__(self):
                self.n = 4
                return True
        ---
        c = C()
        not c
        v = c.n
        return v
        """,
    "methods that Python calls: fstrside": """
        class C:
            n = None
            def __str__(self):
                self.n = 4
                return ""
        ---
        c = C()
        f"{c}"
        v = c.n
        return v
        """,
    "methods that Python calls: pctside": """
        class C:
            n = None
            def __str__(self):
                self.n = 4
                return ""
        ---
        c = C()
        "%s" % c
        v = c.n
        return v
        """,
    "methods that Python calls: formatside": """
        class C:
            n = None
            def __str__(self):
                self.n = 4
                return ""
        ---
        c = C()
        "{}".format(c)
        v = c.n
        return v
        """,
    "methods that Python calls: getitemside": """
        class C:
            n = None
            def __getitem__(self, k):
                self.n = 4
        ---
        c = C()
        c["a"]
        v = c.n
        return v
        """,
    "methods that Python calls: iterside3": """
        class C:
            n = None
            def __iter__(self):
                self.n = 4
                return iter((1, 2))
        ---
        c = C()
        a, b = c
        v = c.n
        return v
        """,
    "methods that Python calls: iterside4": """
        class C:
            n = None
            def __iter__(self):
                self.n = 4
                return iter((1, 2))
        ---
        c = C()
        [i for i in c]
        v = c.n
        return v
        """,
    "methods that Python calls: nextside": """
        class C:
            n = None
            def __next__(self):
                self.n = 4
        ---
        c = C()
        next(c)
        v = c.n
        return v
        """,
    "methods that Python calls: getattrside": """
        class C:
            n = None
            def __getattr__(self, k):
                self.n = 4
        ---
        c = C()
        c.foo
        v = c.n
        return v
        """,
    "methods that Python calls: matchside": """
        class C:
            n = None
            @property
            def foo(self):
                self.n = 4
                return 4
        ---
        c = C()
        match c:
            case C(foo=4):
                pass
        v = c.n
        return v
        """,
    "what assignments and deletions call: prop2": """
        class C:
            _n = 0
            def get(self):
                return self._n
            def put(self, a):
                self._n = a + 1
            n = property(get, put)
        ---
        x = 2 if a else 1
        c = C()
        c.n = x
        v = c._n
        return v
        """,
    "what assignments and deletions call: prop_del": """
        class C:
            _n = 1
            @property
            def n(self):
                return self._n
            @n.deleter
            def n(self):
                self._n = None
        ---
        c = C()
        del c.n
        v = c._n
        return v
        """,
    "what assignments and deletions call: desc2": """
        class D:
            def __get__(self, o, t):
                return o.k
            def __set__(self, o, a):
                o.k = a + 1
        class C:
            n = D()
        ---
        x = 2 if a else 1
        c = C()
        c.n = x
        v = c.n
        return v
        """,
    "what assignments and deletions call: setattr_side": """
        class C:
            n = None
            @property
            def foo(self):
                return 1
            @foo.setter
            def foo(self, a):
                self.n = 4
        ---
        c = C()
        setattr(c, "foo", 4)
        v = c.n
        return v
        """,
    "what assignments and deletions call: getattribute": """
        class C:
            def __init__(self, n):
                self.n = n
            def __getattribute__(self, k):
                return k
        ---
        x = 2 if a else 1
        c = C(x)
        v = c.n
        return v
        """,
    "what assignments and deletions call: desc_init": """
        class D:
            def __get__(self, o, t):
                return o._n
            def __set__(self, o, a):
                o._n = a + 1
        class C:
            n = D()
            def __init__(self, n):
                self.n = n
        ---
        x = 2 if a else 1
        v = C(x).n
        return v
        """,
    "what is replaced: patch": """
        class C:
            def f(self):
                return None
        ---
        C.f = lambda self: 5
        v = C().f()
        return v
        """,
    "what is replaced: patch_prop": """
        class C:
            @property
            def n(self):
                return None
        ---
        C.n = 5
        v = C().n
        return v
        """,
    "what is replaced: patch_base": """
        class A:
            def f(self):
                return None
        class C(A):
            pass
        ---
        A.f = lambda self: 5
        v = C().f()
        return v
        """,
    "what is replaced: patch_call": """
        class C:
            def __call__(self):
                return None
        ---
        c = C()
        C.__call__ = lambda self: 5
        v = c()
        return v
        """,
    "what is replaced: classmove": """
        class C:
            n = 1
        class D:
            n = 2
        ---
        c = C()
        c.__class__ = D
        v = c.n
        return v
        """,
    "what is replaced: initsub_kw": """
        class C:
            n = 0
            def __init_subclass__(cls, n=1, **kw):
                cls.n = n
        class D(C, n=3):
            pass
        ---
        v = D.n
        return v
        """,
    "what is replaced: meta_inst": """
        class M(type):
            def __init__(cls, name, bases, ns):
                super().__init__(name, bases, ns)
                cls.tag = name
        class D(metaclass=M):
            tag = None
        ---
        v = D().tag
        return v
        """,
    "what is replaced: meta_wrap": """
        class M(type):
            def __new__(m, name, bases, ns):
                ns["f"] = lambda self: 4
                return super().__new__(m, name, bases, ns)
        class D(metaclass=M):
            def f(self):
                return None
        ---
        v = D().f()
        return v
        """,
    "what is replaced: meta_eq": """
        class M(type):
            def __eq__(cls, o):
                return True
        class D(metaclass=M):
            pass
        ---
        v = D == 5
        return v
        """,
    "what is replaced: meta_bool": """
        class M(type):
            def __bool__(cls):
                return False
        class D(metaclass=M):
            pass
        ---
        v = bool(D)
        return v
        """,
    "what is replaced: defaults2": """
        def f(a):
            return a
        f.__defaults__ = (3,)
        ---
        v = f()
        return v
        """,
    "what is replaced: defaults4": """
        def f(*, a=1):
            return a
        f.__kwdefaults__ = {"a": 3}
        ---
        v = f()
        return v
        """,
    "what is replaced: nt_default2": """
        import collections
        P = collections.namedtuple("P", "a b")
        P.__new__.__defaults__ = (None,) * 2
        ---
        v = P().b
        return v
        """,
    "namespaces and text: globals": """
        STATE = 9
        ---
        x = 2 if a else 1
        globals()["STATE"] = x
        v = STATE
        return v
        """,
    "namespaces and text: fn_patch3": """
        def helper():
            return None
        ---
        globals()["helper"] = lambda: 5
        v = helper()
        return v
        """,
    "namespaces and text: exec2": """
        STATE = 9
        ---
        exec("STATE = 3", globals())
        v = STATE
        return v
        """,
    "namespaces and text: exec3": """
        STATE = {}
        ---
        STATE["a"] = 1
        exec("STATE['a'] = 2")
        v = STATE["a"]
        return v
        """,
    "namespaces and text: eval": """
        l = []
        eval("l.append(1)")
        v = len(l)
        return v
        """,
    "loops and copies: mutate_loop": """
        l = [1]
        for i in l:
            if len(l) < 4:
                l.append(i)
        v = len(l)
        return v
        """,
    "loops and copies: loop_clear": """
        q = [1, 2, 3]
        n = 0
        for i in q:
            n += 1
            q.clear()
        v = n
        return v
        """,
    "loops and copies: loop_helper": """
        q = [1]
        def more(i):
            if len(q) < 3:
                q.append(i)
        n = 0
        for i in q:
            n += 1
            more(i)
        v = n
        return v
        """,
    "loops and copies: deepobj2": """
        import copy
        class C:
            def __init__(self):
                self.l = []
        ---
        c = C()
        d = copy.deepcopy(c)
        d.l.append(1)
        v = len(c.l)
        return v
        """,
    "classes in functions: local_call": """
        y = None
        class L:
            def __call__(self):
                nonlocal y
                y = 4
        L()()
        v = y
        return v
        """,
    "classes in functions: local_init": """
        y = None
        class L:
            def __init__(self):
                nonlocal y
                y = 4
        L()
        v = y
        return v
        """,
    "classes in functions: local_exit": """
        y = None
        class L:
            def __enter__(self):
                pass
            def __exit__(self, *a):
                nonlocal y
                y = 4
        with L():
            pass
        v = y
        return v
        """,
    "classes in functions: local_getitem": """
        d = {}
        class L:
            def __getitem__(self, o):
                d["a"] = 4
        L()["z"]
        v = d.get("a")
        return v
        """,
    "classes in functions: local_cls": """
        y = None
        class L:
            @classmethod
            def f(cls):
                nonlocal y
                y = 4
        L.f()
        v = y
        return v
        """,
    "classes in functions: local_later": """
        class L:
            def f(self):
                nonlocal y
                y = 4
        l = L()
        y = None
        l.f()
        v = y
        return v
        """,
    "classes in functions: local_given": """
        def use(o):
            o.f()
        ---
        y = None
        class L:
            def f(self):
                nonlocal y
                y = 4
        use(L())
        v = y
        return v
        """,
    "classes in functions: local_body": """
        y = None
        class L:
            nonlocal y
            y = 4
        v = y
        return v
        """,
    "classes in functions: local_body2": """
        d = {}
        class L:
            d["a"] = 4
        v = d.get("a")
        return v
        """,
    "the rest: class_set": """
        class K:
            def __init__(self, n):
                self.n = n
            def __eq__(self, o):
                return self.n == o.n
            def __hash__(self):
                return hash(self.n)
        ---
        x = 2 if a else 1
        v = len({K(1), K(x)})
        return v
        """,
    "the rest: set_len2": """
        v = len({1, True, 1.0})
        return v
        """,
    "the rest: lru": """
        import functools
        ---
        v = 0
        @functools.lru_cache(None)
        def f(a):
            nonlocal v
            v += 1
            return a
        f(1)
        f(1)
        return v
        """,
    "the rest: match_bindfail": """
        x = 2 if a else 1
        n = 9
        match (1, x):
            case (n, 5):
                v = 0
            case _:
                v = n
        return v
        """,
    "the rest: generator that handles exceptions": """
        import contextlib
        @contextlib.contextmanager
        def guard():
            try:
                yield
            except ValueError:
                pass
        ---
        v = 0
        with guard():
            if a:
                raise ValueError
            v = 1
        return v
        """,
    "the rest: compared constants": """
        try:
            v = "a" < 1
        except TypeError:
            v = 4
        return v
        """,
}


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
