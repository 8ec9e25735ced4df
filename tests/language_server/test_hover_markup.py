"""Text of a linted file in a hover: a reader of Markdown gets it back, and no markup."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from estimator_lint.language_server.hovers import values_table
from estimator_lint.printable import printable
from estimator_lint.revealing.revealed import RevealedExpression, RevealedFunction
from estimator_lint.tensorflow_api.modes import Mode
from tests.robustness.test_markup import TEXTS

markdown_it = pytest.importorskip("markdown_it")


def read(markdown: str) -> list[str]:
    """The texts of the paragraphs and cells; fails if there is any other markup."""
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(markdown)
    found = []
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in {"paragraph", "table", "thead", "tbody", "tr", "th", "td", "inline"}, kind
        if token.children is not None:
            kinds = {child.type for child in token.children}
            assert kinds <= {"text", "code_inline", "text_special"}, kinds
            found.append("".join(child.content for child in token.children))
    return found


#: Code of nothing but blanks is none.
CODE = TEXTS.map(lambda text: text.replace("\t", "")).filter(str.strip)


@given(source=CODE, value=TEXTS, name=CODE)
@example("params['`<img src=x>`']", "| x | **y** | &lt; ![a](b)", "`")
@example("` `", "\\", "``a`")
@settings(max_examples=150, deadline=None)
def test_values_of_an_expression(source: str, value: str, name: str) -> None:
    expression = RevealedExpression(source, 1, 0, 1, 1, {Mode.TRAIN: value})
    function = RevealedFunction(name, {Mode.TRAIN: True}, (expression,))
    title, *cells = read(values_table(function, expression))
    assert title == f"{printable(source)} in {printable(name)}"
    assert cells == ["mode", "value", "TRAIN", printable(value).strip()]
