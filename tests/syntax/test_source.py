"""The linted file: places in it, and its two trees."""

from __future__ import annotations

import ast
import textwrap

import libcst as cst
import pytest

from estimator_lint.linting import lint_text
from estimator_lint.process_settings import MAX_DEPTH, MAX_LINKS
from estimator_lint.syntax.module_bindings import import_path
from estimator_lint.syntax.pieces import NotAnalysable, depth_exceeds
from estimator_lint.syntax.source import SourceFile

_BAD = "import tensorflow as tf\ndef model_fn(features, labels, mode):\n"
_SITE = "tf.estimator.EstimatorSpec(mode, train_op=1)"


def place(text: str) -> tuple[int, int]:
    """Line and column of the MFN101 of a text."""
    (finding,) = [finding for finding in lint_text(text) if finding.code == "MFN101"]
    return finding.line, finding.column


POSITIONS = {
    "plain": (f"{_BAD}    return {_SITE}\n", (3, 11)),
    "behind letters of several bytes": (f"{_BAD}    ä = 'ö€𝄞'; return {_SITE}\n", (3, 22)),
    "a tab": (f"{_BAD}\treturn {_SITE}\n", (3, 8)),
    "CRLF": (f"{_BAD}    return {_SITE}\n".replace("\n", "\r\n"), (3, 11)),
    "lone CR": (f"{_BAD}    return {_SITE}\n".replace("\n", "\r"), (3, 11)),
    "mixed ends": (f"x = 1\r\ny = 2\r{_BAD}    return {_SITE}\r\n", (5, 11)),
    "BOM": (f"\ufeff{_BAD}    return {_SITE}\n", (3, 11)),
    "form feed above": (f"x = 1\n\x0c\n{_BAD}    return {_SITE}\n", (5, 11)),
    "form feed in a comment": (
        f"# a\x0cb\x0bc\x1cd\u2028e\x85f\n{_BAD}    return {_SITE}\n",
        (4, 11),
    ),
    "separators in a string": (f"{_BAD}    x = 'a\u2028b\x0c'; return {_SITE}\n", (3, 23)),
    "no newline at the end": (f"{_BAD}    return {_SITE}", (3, 11)),
    "comment at the end": (f"{_BAD}    return {_SITE}  # ä", (3, 11)),
    "one line": (f"import tensorflow as tf\ndef model_fn(mode): return {_SITE}\n", (2, 27)),
    "behind a semicolon": (
        f"import tensorflow as tf; x = 1\nx = 2; model_fn = lambda mode: {_SITE}\n",
        (2, 31),
    ),
    "continued lines": (f"{_BAD}    return \\\n  (\n    # comment\n   {_SITE})\n", (6, 3)),
    "decorators": (
        f"import tensorflow as tf\n@model_fn\n@other(\n  1)\ndef f(mode):\n  return {_SITE}\n",
        (6, 9),
    ),
    "below a string of several lines": (f'{_BAD}    """a\n\n  b"""\n    return {_SITE}\n', (6, 11)),
    "in an f-string": (f"{_BAD}    return f'{{{_SITE}}}'\n", (3, 14)),
    "nested in classes": (
        "import tensorflow as tf\nclass A:\n  class B:\n    def model_fn(self, mode):\n"
        f"      if mode:\n        return {_SITE}\n",
        (6, 15),
    ),
}


@pytest.mark.parametrize(("text", "expected"), POSITIONS.values(), ids=POSITIONS)
def test_position(text: str, expected: tuple[int, int]) -> None:
    assert place(text) == expected


COUNTERPARTS = """
x = [lambda p1: 1, lambda p2: (lambda p3: 2)]
@(lambda p4: lambda f: f)(1)
def g(a=lambda p5: 3, *b, c=(lambda p6: 4), **d) -> (lambda p7: 5):
    def h(e=lambda p8: 6):
        return f'{(lambda p9: 7)(1)} {(lambda p10: 8)(2)!r:>{(lambda p11: 9)(3)}}'
    class C((lambda p12: object)(1), metaclass=(lambda p13: type)(1)):
        m = staticmethod(lambda p14: 10)
        async def n(self, k=lambda p15: 11): await (lambda p16: 12)(1)
    return [(lambda p17: i)(i) for i in (lambda p18: [])(1) if (lambda p19: 1)(1)]
a = (lambda p20: 13) if (lambda p21: 14) else (lambda p22: 15); b = lambda p23: 16
{(lambda p24: 17): (lambda p25: 18), **(lambda p26: {})(1)}
assert (lambda p27: 19), (lambda p28: 20)
with (lambda p29: 21)(1) as x, (lambda p30: 22)(1): pass
for y in (lambda p31: 23)(1): z: (lambda p32: 1) = (lambda p33: 24)
while (lambda p34: 25)(1): x[(lambda p35: 1):(lambda p36: 2)] += (lambda p37: 26)
try: raise (lambda p38: 27) from (lambda p39: 28)
except (lambda p40: 29)(1) as e: del x[(lambda p41: 30)]
match (lambda p42: 31)(1):
    case 1 if (lambda p43: 32)(1): pass
f((lambda p44: 1), *(lambda p45: 2), k=(lambda p46: 3), **(lambda p47: 4))
(w := lambda p48: 1) and (lambda p49: 2) < (lambda p50: 3) + (lambda p51: 4)
{k: v for k, v in (lambda p52: 1) if (lambda p53: 2)}
{(lambda p54: 1): (lambda p55: 2) for k in (lambda p56: 3)}
lambda q=(lambda p57: 1): (lambda p58: 2)
'a' f'{(lambda p59: 1)}' "b" f"{(lambda p60: 2)}"
"""


def test_counterparts_of_lambdas_and_functions_in_every_position() -> None:
    source = SourceFile(COUNTERPARTS)
    seen = 0
    for node in source.nodes:
        if isinstance(node, ast.Lambda):
            _, counterpart = source.counterpart(node)
            assert isinstance(counterpart, cst.Lambda)
            parameters = [parameter.name.value for parameter in counterpart.params.params]
            assert parameters == [argument.arg for argument in node.args.args]
            seen += 1
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _, named = source.counterpart(node)
            assert isinstance(named, cst.FunctionDef | cst.ClassDef)
            assert named.name.value == node.name
    assert seen == COUNTERPARTS.count("lambda") == 62


def test_the_position_of_a_counterpart_is_that_of_the_index() -> None:
    source = SourceFile("x = 1\n\n" + COUNTERPARTS)
    for node in source.nodes:
        if isinstance(node, ast.Lambda):
            piece, counterpart = source.counterpart(node)
            position = piece.position(counterpart)
            assert (position.line, position.column) == (node.lineno, node.col_offset)


def test_only_the_statement_asked_for_is_parsed() -> None:
    source = SourceFile("x = 1\ndef f():\n    pass\n@d\nclass A:\n    pass\ny = 2; z = 3\n")
    assert source.piece_at(2).module.code == "def f():\n    pass\n"
    assert source.piece_at(3) is source.piece_at(2)
    assert source.piece_at(4).module.code == "@d\nclass A:\n    pass\n"
    assert source.piece_at(7).module.code == "y = 2; z = 3\n"


def _nested(depth: int) -> str:
    return "x = " + "-" * depth + "1"


def test_what_is_nested_too_deeply_is_not_analysed() -> None:
    assert depth_exceeds(ast.parse(_nested(50)), 40)
    assert not depth_exceeds(ast.parse(_nested(50)), 60)
    source = SourceFile(_nested(MAX_DEPTH + 10) + "\ny = 1\n")
    for _ in range(2):
        with pytest.raises(NotAnalysable, match="nested too deeply"):
            source.piece_at(1)
    assert source.piece_at(2)


@pytest.mark.parametrize(
    "chain",
    [
        "if a:\n    pass\n" + "elif b:\n    pass\n" * 450,
        "x = " + " + ".join("a" * 450),
        "x = " + "1 if a else " * 450 + "2",
    ],
    ids=["elif", "sum", "conditional"],
)
def test_the_links_of_a_chain_are_on_one_level(chain: str) -> None:
    assert not depth_exceeds(ast.parse(chain), 10)


def test_too_long_a_chain_is_not_analysed() -> None:
    operands = MAX_LINKS + 2
    assert depth_exceeds(ast.parse("x = " + " + ".join("a" * operands)), 10)
    assert depth_exceeds(ast.parse("x = " + " and ".join("a" * operands)), 10)
    assert not depth_exceeds(ast.parse("x = " + " and ".join("a" * 100)), 10)


def test_what_libcst_fails_on_is_not_analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> cst.Module:
        if "broken" in text:
            raise KeyError(text)
        return original(text)

    original = cst.parse_module
    monkeypatch.setattr(cst, "parse_module", fail)
    text = textwrap.dedent(
        """
        import tensorflow as tf
        @a
        def broken_model_fn(features, labels, mode):
            return 1
        def model_fn(features, labels, mode):
            return tf.estimator.EstimatorSpec(mode, train_op=1)
        """
    )
    first, second, *_ = lint_text(text)
    assert (first.line, first.column, first.code) == (4, 4, "MFN000")
    assert "KeyError" in first.text
    assert second.code.startswith("MFN1")


def test_names_of_the_module() -> None:
    source = SourceFile(
        textwrap.dedent(
            """
            import a.b, c.d as e
            from . import f
            from ..g.h import i as j, k
            from l import *
            m, (n, *o) = p = 1, (2, 3)
            q: int = 1
            r: int
            def s(): local = 1
            class t: inner = 1
            if u: v = 1
            else:
                try: w = 1
                except E as x: pass
                finally: y = 1
            for z in (): aa = 1
            while (bb := 1): pass
            with open() as cc: dd = 1
            match ee:
                case [ff, *gg]: hh = 1
            def ii():
                global jj
                jj = 1
            del kk
            ll += 1
            """
        )
    )
    expected = "a e f j k m n o p q s t v w x y z aa bb cc dd ff gg hh ii jj kk ll".split()
    assert set(expected) - set(source.bindings) == set()
    assert set(source.bindings) - set(expected) <= {"*", "r"}
    assert source.star_imports == ["l"]
    assert source.bindings["j"][0].path == "..g.h.i"
    assert source.bindings["f"][0].path == ".f"
    assert source.bindings["a"][0].path == "a"
    assert source.bindings["e"][0].path == "c.d"
    assert import_path(".", "x") == ".x"


def test_which_names_are_read_otherwise_than_in_comparisons() -> None:
    source = SourceFile("a == b\nf(c)\nd in (e, g)\nh = i\n(j < k) + l\nm = 1\n")
    assert source.names_not_only_compared == {"f", "c", "i", "l"}


def test_attributes_that_are_stored() -> None:
    source = SourceFile("a.b = 1\nc.d += 1\ndel e.f\nfor g.h in i.j: pass\n(k.l, m.n) = 1, 2\n")
    assert source.attributes_stored == {"b", "d", "f", "h", "l", "n"}
