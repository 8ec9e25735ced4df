"""Dicts, lists, sets and loops over them, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "insert": """
        s = [1, 2]
        s.insert(0, None)
        s.insert(-1, 3)
        return s
        """,
    "add and update": """
        s = {1}
        s.add(2)
        s.update([2], (1, 3))
        return len(s), 3 in s
        """,
    "next stops": """
        s = []
        x = next(s.append(i) for i in (1, 2, 3) if i > 1)
        return x, s
        """,
    "all stops": """
        s = []
        x = all(s.append(i) or i for i in (1, 0, 2))
        return x, s
        """,
    "a view after a change": """
        d = {"k": None}
        keys, items = d.keys(), d.items()
        d["l"] = 1
        return list(keys), list(items)
        """,
    "a loop that changes later items": """
        s = [1, 2]
        t = []
        for i, x in enumerate(s):
            s[i] = None
            t.append(x)
        return s, t
        """,
    "two names of one dict": """
        d = e = {}
        d["k"] = 1
        e["l"] = None
        return d, e
        """,
    "dict in a dict": """
        d = {"k": {}}
        e = d["k"]
        e["l"] = 1
        return d
        """,
    "the order of a dict that two paths fill": """
        d = {}
        if a:
            d["k"] = 1
            d["l"] = None
        else:
            d["l"] = None
            d["k"] = 1
        x, y = d.values()
        return (x if a else y), list(d)
        """,
    "the order of a larger dict": """
        d = dict(p=0, q=1, r=2, s=3)
        if a:
            d["k"] = features
            d["l"] = None
            t = True
        else:
            d["l"] = None
            d["k"] = features
            t = False
        *_, x, y = d.values()
        return x if t else y
        """,
    "swap": """
        x, y = 1, None
        x, y = y, x
        return x, y
        """,
    "unpacking": """
        (x, [y, *z]), *w = (1, [2, None, 3]), 4, 5
        [p, q] = "ab"
        *r, s = [1]
        return x, y, z, w, p, q, r, s
        """,
    "unpacking of the wrong length": """
        try:
            x, y = (1,)
        except ValueError:
            return 1
        """,
    "augmented": """
        x = 1
        x += 1
        x -= 1
        x *= 5
        x //= 2
        x %= 2
        s = [1]
        t = s
        t += [None]
        u = (1,)
        v = u
        v += (2,)
        d = {"k": 1}
        e = d
        e |= {"l": None}
        e["k"] += 1
        return x, s, u, v, d
        """,
    "augmented None": """
        x = None
        try:
            x += 1
        except TypeError:
            return 5
        """,
    "item of a list": """
        s = [1, 2]
        s[0] = None
        s[-1] = 3
        return s
        """,
    "chained assignment to items": """
        d = {}
        d["k"] = x = d["l"] = 1
        return d, x
        """,
    "forked then changed": """
        d = {"k": None}
        if a:
            d["k"] = 1
        if b:
            d = {}
        return d
        """,
    "key by the mode": """
        d = {}
        d[mode] = 1
        return d.get("train"), d.get("eval")
        """,
    "unhashable key": """
        try:
            d = {[]: 1}
        except TypeError:
            return None
        """,
    "keys that are equal": """
        d = {1: "a"}
        d[True] = "b"
        d[1.0] = "c"
        return d, len(d), d[1]
        """,
    "list in tuple": """
        t = ([],)
        t[0].append(1)
        return t, len(t[0])
        """,
    "list holds itself": """
        s = []
        s.append(s)
        return len(s)
        """,
    "dict changed while copied": """
        d = {"k": None}
        e = dict(d)
        f = {**d}
        g = d.copy()
        d["k"] = 1
        return e["k"], f["k"], g["k"], d["k"]
        """,
    "escape through a tuple and back": """
        d = {"k": None}
        def change(x):
            x["k"] = 1
        f = change
        t = (d, f)
        t[1](t[0])
        return d
        """,
    "loop over a dict that changes": """
        d = {"k": None, "l": 1}
        for k in list(d):
            d[k] = d.pop(k) or 5
        return d
        """,
    "long loop with a closure": """
        x = None
        def f():
            nonlocal x
            x = 1
        for i in range(40):
            f()
        return x
        """,
    "long loop with a method": """
        class C:
            x = None
            def f(self): self.x = 1
        ---
        c = C()
        for i in range(40):
            c.f()
        return c.x
        """,
    "comprehension that raises": """
        def f(i):
            if a:
                raise ValueError
            return i
        try:
            t = [f(i) for i in (1, 2)]
        except ValueError:
            return None
        return len(t)
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "loops over growing lists": """
        s, t, u = [1], [1], []
        for i, x in enumerate(s):
            if x == 1:
                s.append(None)
            u.append(x)
        for x, _ in zip(t, range(5)):
            if x == 1:
                t.append(None)
            u.append(x)
        return len(u), u[-1]
        """,
    "a generator that a break leaves": """
        s = []
        for _ in (s.append(i) for i in (1, 2, 3)):
            break
        return len(s)
        """,
    "a generator that is searched": """
        s = []
        x = 1 in (s.append(i) or i for i in (1, 2, 3))
        return x, len(s)
        """,
    "augmented with other iterables": """
        s = [1]
        s += (2,)
        s += "a"
        t = {1}
        t |= {2}
        t.add(3)
        t.discard(1)
        d = {"k": 1}
        d |= [("l", None)]
        return s, len(s), t, d
        """,
    "list times": """
        s = [None] * 2
        s[0] = 1
        t = [[]] * 2
        t[0].append(1)
        return s, t
        """,
    "slice assignment": """
        s = [1, None]
        s[:1] = [2, 3]
        s[len(s):] = [4]
        return s
        """,
    "key unknown": """
        d = {"k": None, "l": 1}
        d[str(a)] = 2
        d[config and "k"] = 5
        s = [None, 1]
        s[int(a)] = 2
        return d["k"], d["l"], s
        """,
    "dict of tuples": """
        d = {}
        d[1, "k"] = None
        d[(1, "k")] = 1
        return d[1, "k"], (1, "k") in d
        """,
    "iterator is used up": """
        i = iter((1, None))
        x = next(i)
        y = next(i)
        z = next(i, 5)
        return x, y, z
        """,
    "reversed and sorted": """
        s = [2, 1]
        s.sort()
        t = s[::-1]
        s.reverse()
        return s[0], t[0]
        """,
    "del of a list item shifts": """
        s = [1, None, 3]
        s.pop(1)
        s.remove(1)
        s.insert(0, None)
        return s[0], len(s)
        """,
    "string methods": """
        return ("a,b".split(","), "a".join(["x", "y"]), "ab".find("z"), "a".isdigit(),
                "abc".encode(), "a".partition(","), "{x}".format(x=1), "a" "b".count("a"))
        """,
    "escape of a dict": """
        d = {"k": None, "l": [None]}
        config.change(d)
        features(d)
        return d["k"], d["l"][0], len(d)
        """,
    "long list": """
        s = []
        for i in range(40):
            s.append(i)
        d = {}
        for i in range(40):
            d[i] = None
        x = None
        for i in range(40):
            x = i
        return len(s), len(d), x, bool(s)
        """,
    "long while": """
        n = 0
        x = None
        while n < 40:
            n += 1
            x = n
        return n, x
        """,
    "long loop with break": """
        for i in range(40):
            if i == 35:
                x = None
                break
            x = 1
        else:
            x = 2
        return x, i
        """,
    "long loop that first reads": """
        x = None
        y = None
        for i in range(40):
            y = x
            x = i
        return x, y
        """,
    "long loop with a flag": """
        first = True
        x = None
        for i in features:
            if first:
                first = False
                continue
            x = i
        return x, first
        """,
    "unknown loop with a list": """
        s = []
        for i in features:
            s.append(i)
        return len(s), bool(s), s
        """,
    "unknown loop with else": """
        for i in features:
            if config.is_done(i):
                x = 1
                break
        else:
            x = None
        return x
        """,
    "long comprehension": """
        s = [i for i in range(40)]
        d = {i: None for i in range(40)}
        return len(s), len(d), bool(s), d.get(39, 5), s[39]
        """,
    "comprehension that binds": """
        y = None
        [y := i for i in range(40)]
        z = None
        [z := 1 for i in features]
        return y, z
        """,
    "comprehension that changes": """
        s = []
        [s.append(i) for i in features]
        t = []
        [t.append(i) for i in range(40)]
        return len(s), len(t), bool(s), bool(t)
        """,
    "comprehension undecided with effects": """
        s = []
        [s.append(i) for i in (1, 2) if a]
        [(y := i) for i in (1, 2) if b or i == 1]
        return len(s), y
        """,
    "comprehension calls that fork": """
        def f(i):
            if a:
                s.append(i)
                return None
            return i
        s = []
        t = [f(i) for i in (1, 2)]
        return t, len(s)
        """,
    "view of a dict": """
        d = {"k": None}
        keys = d.keys()
        items = d.items()
        d["l"] = 1
        return len(keys), "l" in keys, list(items)
        """,
    "zip is used up": """
        z = zip((1,), (2,))
        x = list(z)
        y = list(z)
        return x, y
        """,
    "generator expression is used up and late": """
        s = [1]
        g = (i for i in s)
        s.append(None)
        x = list(g)
        return x, list(g)
        """,
    "generator expression reads late": """
        x = None
        g = (x for i in (1,))
        x = 1
        return list(g)
        """,
    "generator expression that changes": """
        s = []
        g = (s.append(i) for i in (1, 2))
        n = len(s)
        list(g)
        return n, len(s)
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
