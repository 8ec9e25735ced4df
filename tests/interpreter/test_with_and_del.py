"""``with`` and ``del``, evaluated and executed."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "suppressed unbound": """
        import contextlib
        ---
        with contextlib.suppress(NameError):
            return x
        x = 1
        return x
        """,
    "manager of the file that swallows": """
        class M:
            def __enter__(self): return None
            def __exit__(self, *e): return True
        ---
        x = None
        with M() as m:
            raise ValueError
        return x, m
        """,
    "suppress": """
        import contextlib
        ---
        x = None
        with contextlib.suppress(ValueError):
            x = 1
            if a:
                raise ValueError
            x = 2
        return x
        """,
    "manager of the file that swallows some": """
        class M:
            def __enter__(self): return None
            def __exit__(self, kind, error, trace): return kind is not None
        ---
        x = None
        with M() as m:
            x = 1
            if a:
                raise ValueError
            x = 2
            if b:
                return x
        return x, m
        """,
    "manager of the file that notes the end": """
        class M:
            def __init__(self): self.left = 0
            def __enter__(self): return self
            def __exit__(self, *error): self.left += 1
        ---
        m = M()
        for i in (1, 2, 3):
            with m as n:
                if a and i == 2:
                    break
                if b:
                    continue
        try:
            with m:
                raise KeyError
        except LookupError:
            pass
        return n.left
        """,
    "managers in managers": """
        import contextlib
        class M:
            def __enter__(self): return 1
            def __exit__(self, *error): return None
        ---
        x = None
        with contextlib.suppress(ValueError), M() as y:
            x = 2
            if a:
                raise ValueError
            if b:
                raise KeyError
            x = 3
        return x, y
        """,
    "name": """
        x = 1
        if a:
            del x
        return x
        """,
    "unbound": """
        if a:
            x = 1
        del x
        x = 2
        return x
        """,
    "several": """
        x = y = z = 1
        del x, (y, [z])
        return z if a else y
        """,
    "items": """
        d = {"k": 1, "l": None}
        del d["k"]
        return d
        """,
    "argument": """
        del labels
        return labels
        """,
    "in a loop": """
        x = 0
        for i in (1, 2):
            if i == 2 and a:
                del x
        return x
        """,
    "attribute": """
        class C: pass
        ---
        c = C()
        c.x = None
        c.y = 1
        del c.x
        return c.y
        """,
    "nested item": """
        d = {"k": {"l": 1, "m": None}}
        del d["k"]["l"]
        return d
        """,
    "del then bind in a branch": """
        x = 1
        del x
        if a:
            x = 2
        try:
            return x
        except UnboundLocalError:
            return None
        """,
    "unknown key": """
        d = {"k": 1, "l": None}
        del d["k" if a else "l"]
        return d
        """,
    "manager of the file": """
        class M:
            def __enter__(self): return self
            def __exit__(self, *e): return None
        ---
        with M() as m:
            m.x = None
        return m.x
        """,
    "return inside": """
        import contextlib
        ---
        with contextlib.nullcontext():
            if a:
                return None
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "missing item": """
        d = {"k": 1}
        try:
            del d["z"]
        except KeyError:
            return 1
        return 2
        """,
    "item of a list": """
        s = [1, None]
        del s[0]
        return s, len(s)
        """,
    "slice": """
        s = [1, None]
        del s[:]
        return s, len(s)
        """,
    "attribute read after del": """
        class C:
            x = 2
        ---
        c = C()
        c.x = None
        del c.x
        return c.x
        """,
    "item of params": """
        params["z"] = None
        params["y"] = 1
        del params["z"]
        return params["y"], params.get("z", 5)
        """,
    "computed key": """
        d = {"k": 1, "l": None}
        del d[str(config) and "l"]
        return d
        """,
    "several items": """
        import contextlib
        ---
        with contextlib.nullcontext(1) as x, contextlib.nullcontext((None, 2)) as (y, z):
            w = 1
        return x, y, z, w
        """,
    "parenthesised": """
        import contextlib
        ---
        with (contextlib.nullcontext() as x, contextlib.nullcontext(2) as y,):
            pass
        return x, y
        """,
    "into an attribute and an item": """
        import contextlib
        ---
        d = {}
        with contextlib.nullcontext(None) as d["k"], contextlib.nullcontext(1) as config.x:
            pass
        return d
        """,
    "contextmanager": """
        import contextlib
        @contextlib.contextmanager
        def m(v):
            yield v
        ---
        with m(None) as x:
            y = 1
        return x, y
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)


_YIELDING = """\
import contextlib
import os
import tensorflow as tf


@contextlib.contextmanager
def scoped(name):
    with tf.name_scope(name):
        yield {}


def model_fn(features, labels, mode):
    loss = None
    with scoped("tower") as entered:
        if entered:
            loss = tf.reduce_mean(features["x"])
    return tf.estimator.EstimatorSpec(mode, predictions=loss, loss=loss, train_op=tf.no_op())
"""


@pytest.mark.parametrize(
    ("yielded", "is_fixed"),
    [
        ("name", True),
        ("(name, 3)", True),
        ("name == os.name", False),
        ("'X' in os.environ", False),
        ("FLAGS.lossy", False),
    ],
)
def test_only_what_a_manager_is_given_fixes_what_it_yields(yielded: str, is_fixed: bool) -> None:
    codes = {finding.code for finding in lint_text(_YIELDING.format(yielded))}
    assert ("MFN111" in codes) is not is_fixed
