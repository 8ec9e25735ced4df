"""Long blocks are parsed in portions, with the same tree."""

from __future__ import annotations

import ast
from pathlib import Path

import libcst as cst
import pytest

from estimator_lint.syntax import long_blocks
from estimator_lint.syntax.ranges import ranges_of

TEXT = '''\
@decorated
class Builder(object):
      """Usual indentation: six."""

      # of the method
      @property
      def build(self):
            # first
            a = 1; b = 2
            c = """
       # no comment
            """; d = 4
                  # deeper
            if a: b = 3
            elif b:
                  c = 1

                  d = 2
         # less deep
            elif c:
              x = 1
              y = [
                1,
              ]
              for z in y: pass
              # behind
            else:

              def inner(): return 1
              @decorated
              # between
              async def other():
                return 2
              w = 1
            try:
                  d = 1
                  d = 2
            except ValueError:
                  e = 1
                  f = 1
            finally:
                  # why
                  g = 1
                  h = \\
                    1
            match a:
                  case 1:
                        i = 1
                        j = 1
                  case _: pass
            return d
'''


def _in_portions(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[cst.Module, int]:
    """The tree of a text, and the most lines that were parsed at once."""
    parsed: list[int] = []
    original = cst.parse_module

    def parse(text: str) -> cst.Module:
        parsed.append(text.count("\n"))
        return original(text)

    with monkeypatch.context() as patched:
        patched.setattr(cst, "parse_module", parse)
        return long_blocks.parse_module(text, 1, ast.parse(text).body), max(parsed)


@pytest.mark.parametrize("lines", [1, 2, 3, 5, 8])
def test_the_tree_is_that_of_the_whole(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_blocks, "LINES_PARSED_AT_ONCE", lines)
    for text in (TEXT, Path(__file__).read_text(encoding="utf-8")):
        module, at_once = _in_portions(text, monkeypatch)
        assert at_once < text.count("\n")
        assert module.code == text
        assert [(type(node), where) for node, where in ranges_of(module).items()] == [
            (type(node), where) for node, where in ranges_of(cst.parse_module(text)).items()
        ]


def test_a_long_function_is_never_parsed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_blocks, "LINES_PARSED_AT_ONCE", 50)
    branches = "".join(
        f"    if mode == '{number}':\n        x = {number}\n" for number in range(99)
    )
    text = f"def model_fn(features, labels, mode):\n{branches}    return x\n"
    assert _in_portions(text, monkeypatch)[1] < 60


def test_statements_of_one_line_are_parsed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_blocks, "LINES_PARSED_AT_ONCE", 2)
    text = "def f():\n  a = 1; b = [\n  ]; c = (\n  )\n\n\n\n"
    module, _ = _in_portions(text, monkeypatch)
    assert module.code == text
    assert len(module.body[0].body.body) == 1  # type: ignore[union-attr]
