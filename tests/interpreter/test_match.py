"""``match`` with every kind of pattern, evaluated and executed."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import Snippet, problems

EXACT = {
    "generator is no sequence": """
        match (i for i in (1, 2)):
            case [x, y]:
                return 1
        return 2
        """,
    "star": """
        match [1, 2 if a else None, 3]:
            case [1, None, *x]:
                return len(x), 1
            case [*_, 2, x]:
                return x, 2
        return 3
        """,
    "too short for a star": """
        match (1, 3 if b else None):
            case [_, *_, 2, _]:
                return 1
            case [*x, y]:
                return len(x), y
        return 2
        """,
    "set is no sequence": """
        match {1, 2}:
            case [x, y]:
                return 1
        return 2
        """,
    "mapping": """
        match {"k": 1 if a else None, "l": b}:
            case {"k": None, "l": True}:
                return 1
            case {"l": x, "m": _}:
                return 2
            case {"k": 1, **rest}:
                return len(rest), 3
            case {}:
                return 4
        return 5
        """,
    "no mapping": """
        match (mode, None) if a else {"k": None}:
            case {"l": _}:
                return 1
            case {**rest}:
                return rest
        return 2
        """,
    "class": """
        match mode if a else None:
            case str() if b:
                return 1
            case int() | list():
                return 2
            case str() as x:
                return x
        return 3
        """,
    "values": """
        match mode:
            case "train":
                x = 1
            case "eval":
                x = 2
            case _:
                x = None
        return x
        """,
    "no case": """
        match mode:
            case "train":
                x = 1
        return x
        """,
    "or": """
        match mode:
            case "train" | "eval" as which:
                return which
            case other:
                return (other,)
        """,
    "singletons": """
        for v in (None, True, 0):
            match v:
                case None:
                    x = 1
                case True:
                    y = 2
                case False:
                    z = 3
        return (x, y, z) if a else (x, y)
        """,
    "guard": """
        match mode:
            case m if a:
                return m
            case "eval" if b:
                return 2
        return None
        """,
    "sequence": """
        match (1, None):
            case (1, 2):
                return 0
            case [1, x]:
                return x
        """,
    "two subjects": """
        match mode, a:
            case "train", True:
                return 1
            case "train", _:
                return 2
            case ("eval" | "infer") as m, False:
                return m
        """,
    "dotted": """
        class K:
            TRAIN = "train"
        ---
        match mode:
            case K.TRAIN:
                return 1
            case _:
                return 2
        """,
    "none is no mapping": """
        match None:
            case {"k": v}:
                return v
            case {}:
                return 1
            case None:
                return 2
        """,
    "a constant is no sequence": """
        match "ab":
            case [x, y]:
                return 1
            case str():
                return 2
        return 2
        """,
    "nested": """
        match (1, (2, None)):
            case (x, (y, z)):
                return x, y, z
        """,
    "break in a loop": """
        for v in (1, 2, 3):
            match v:
                case 2:
                    break
        return v
        """,
    "negative numbers": """
        match -1:
            case -1:
                return 1
        """,
    "undecided": """
        match a:
            case True:
                x = 1
            case False:
                x = None
        if a:
            return x
        return (x,)
        """,
    "bool is a number": """
        match True:
            case 1:
                return 1
        return 2
        """,
    "float": """
        match 1.0:
            case 1:
                return 1
        return 2
        """,
    "empty tuple": """
        match ():
            case []:
                return 1
        """,
    "list subject": """
        x = [1, 2]
        match x:
            case [1, y]:
                x.append(y)
        return x
        """,
    "string pattern of bytes": """
        match b"a":
            case "a":
                return 1
            case b"a":
                return 2
        """,
}

#: Cases where evaluation knows less than it could.
COVERED = {
    "sequence with star": """
        match (1, None, 2):
            case (1, *rest):
                return len(rest) is not None
        """,
    "mapping": """
        match {"k": 1, "l": None}:
            case {"k": 1, **rest}:
                return rest
            case _:
                return 2
        """,
    "mapping captured": """
        match {"k": None}:
            case {"k": x}:
                return x
        """,
    "mapping without the key": """
        match {"k": None}:
            case {"z": x}:
                return x
        return 1
        """,
    "class pattern": """
        class P:
            __match_args__ = ("v",)
            def __init__(self, v):
                self.v = v
        ---
        match P(None):
            case P(1):
                return 1
            case P(v=x):
                return x
        """,
    "builtin classes": """
        match 1:
            case str(x):
                return x
            case int(x) | float(x):
                return x
        """,
    "star in the middle": """
        match (1, 2, 3, None):
            case (x, *y, z):
                return x, y, z
        """,
    "star of too few": """
        match (1,):
            case (x, y, *z):
                return 1
            case [x, *_]:
                return x
        """,
    "sequence of something": """
        match features:
            case [x]:
                return 1
            case [x, y]:
                return x
            case {"k": x}:
                return 2
            case None:
                return None
        return 3
        """,
    "capture that does not match in the end": """
        match (1, 2):
            case (x, 3):
                return 0
        return x
        """,
    "guard that walks": """
        match a:
            case x if (y := not x):
                return y
        return y
        """,
    "tuple against mapping": """
        match (1, 2):
            case {"a": 1}:
                return 1
            case {}:
                return 2
        return 3
        """,
}


@pytest.mark.parametrize("body", EXACT.values(), ids=EXACT)
def test_is_known(body: str) -> None:
    assert not problems(Snippet(body), exact=True)


@pytest.mark.parametrize("body", COVERED.values(), ids=COVERED)
def test_is_not_wrong(body: str) -> None:
    assert not problems(Snippet(body), exact=False)
