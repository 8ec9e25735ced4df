"""The view as text, as JSON and as a page."""

from __future__ import annotations

import html.parser
import io
import json
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.modes_view.building import view_file
from estimator_lint.modes_view.highlighting import highlighted, visible
from estimator_lint.modes_view.json_view import as_json
from estimator_lint.modes_view.model import FileView
from estimator_lint.modes_view.page import as_html
from estimator_lint.settings import Settings

ROOT = Path(__file__).parents[2]

NASTY = '''\
import tensorflow as tf
def helper(mode):
    return tf.estimator.EstimatorSpec(mode, loss=1)
def model_fn(features, labels, mode, params):
    """</style></script><script>alert(1)</script> &amp; <img src=x onerror=alert(2)>"""
    if params["<b>\\u0000</b>&lt;"] and params["\u202e\x1b"]:\treturn helper(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
'''


def example() -> FileView:
    path = ROOT / "examples" / "digits.py"
    return view_file(path.read_text(encoding="utf-8"), "examples/digits.py", Settings())


def nasty() -> FileView:
    return view_file(NASTY, "<folder>/\udcff&.py", Settings(require_modes=frozenset()))


def printed(view: FileView, width: int = 100) -> str:
    rich_console = pytest.importorskip("rich.console")
    from estimator_lint.modes_view.text_view import as_text

    console = rich_console.Console(file=io.StringIO(), width=width, highlight=False)
    for renderable in as_text(view):
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_text() -> None:
    assert printed(example()) == (
        """\
digits_model_fn  examples/digits.py:6
                  TRAIN                                       EVAL                  PREDICT
────────────────────────────────────────────────────────────────────────────────────────────────────
a spec            always                                      always                never
predictions       never                                       never                 -
loss              always (18)                                 never, but required   -
train_op          if params["fine_tune"], but required (18)   never                 -
eval_metric_ops   never                                       always (22)           -
lines never run   19-24                                       14-18, 23-24          11, 14-18, 21-22
never set: export_outputs, training_chief_hooks, training_hooks, scaffold, evaluation_hooks,
prediction_hooks
18:16 MFN112 EstimatorSpec has no train_op on some paths in TRAIN
22:16 MFN103 EstimatorSpec has no loss in EVAL
24:84 MFN203 'loss' is unbound in PREDICT"""
    )


def test_text_on_a_narrow_terminal_loses_nothing() -> None:
    words = printed(example(), 40).split()
    assert {"digits_model_fn", "TRAIN", "always", "MFN203"} <= set(words)


def test_text_of_what_is_not_checked() -> None:
    source = (
        "import tensorflow as tf\n"
        "def model_fn(features, labels, mode):\n"
        "    return tf.estimator.EstimatorSpec(mode, predictions=features)\n"
    )
    text = printed(view_file(source, "model.py", Settings()))
    assert "TRAIN (not checked)" in text
    assert "required" not in text


def test_markup_in_sources_is_no_markup_of_the_terminal() -> None:
    source = NASTY.replace("<b>", "[bold]")
    assert "[bold]" in printed(view_file(source, "[red]model.py", Settings()), 400)


def test_json() -> None:
    content: dict[str, Any] = json.loads(as_json(example()))
    assert content["version"] == 1
    assert content["path"] == "examples/digits.py"
    assert content["failures"] == []
    (function,) = content["functions"]
    assert {key: function[key] for key in ("name", "line", "column", "parts")} == {
        "name": "digits_model_fn",
        "line": 6,
        "column": 5,
        "parts": [{"name": "digits_model_fn", "lines": [6, 24]}],
    }
    train = function["modes"]["TRAIN"]
    assert {**train, "fields": None} == {
        "key": "train",
        "checked": True,
        "spec": "always",
        "fields": None,
        "sites": [{"line": 18, "column": 16, "spec": "EstimatorSpec", "key": "train"}],
        "never_run": [[19, 24]],
    }
    test = {
        "line": 15,
        "column": 12,
        "end_line": 15,
        "end_column": 31,
        "test": 'params["fine_tune"]',
        "within": None,
    }
    assert train["fields"]["train_op"] == {
        "given": "sometimes",
        "required": True,
        "lines": [18],
        "conditions": [[{**test, "outcome": True}]],
    }
    (witness,) = function["findings"][0].pop("witnesses")
    assert (witness["mode"], witness["fine_in"]) == ("TRAIN", [])
    assert [event["kind"] for event in witness["events"]] == [
        "finding",
        "value",
        "test",
        "contrast",
    ]
    assert function["findings"][0] == {
        "line": 18,
        "column": 16,
        "end_line": 18,
        "end_column": 78,
        "code": "MFN112",
        "text": "EstimatorSpec has no train_op on some paths in TRAIN",
        "modes": ["TRAIN"],
        "steps": [
            {
                "line": 10,
                "column": 8,
                "end_line": 10,
                "end_column": 26,
                "test": "labels is not None",
                "outcome": True,
                "within": None,
                "decided": True,
            },
            {
                "line": 13,
                "column": 8,
                "end_line": 13,
                "end_column": 43,
                "test": "mode == tf.estimator.ModeKeys.TRAIN",
                "outcome": True,
                "within": None,
                "decided": True,
            },
            {**test, "outcome": False, "decided": False},
        ],
    }


class Page(html.parser.HTMLParser):
    """The elements of a page, as far as the tests need them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._raw = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        self._raw = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.texts.append(data)

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]


@pytest.mark.parametrize("make", [example, nasty])
def test_the_page_needs_nothing_else(make: Any) -> None:
    page = Page(as_html(make()))
    assert not {"script", "link", "img", "iframe", "base"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {"src", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in as_html(make())
    assert "@import" not in as_html(make())


@pytest.mark.parametrize("make", [example, nasty])
def test_links_lead_somewhere_and_ids_are_unique(make: Any) -> None:
    page = Page(as_html(make()))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for _, attributes in page.tags if "href" in attributes}
    assert {f"#{name}" for name in ids} >= targets


def test_the_page_shows_the_source_as_it_is() -> None:
    page = Page(as_html(nasty()))
    text = "".join(page.texts)
    for line in NASTY.splitlines()[1:]:
        assert visible(line) in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "[U+202E]␛" in text


def test_a_page_of_a_file_without_model_functions() -> None:
    page = Page(as_html(view_file("x = 1\n", "x.py", Settings())))
    assert "No model function" in "".join(page.texts)


def test_highlighting_keeps_the_text() -> None:
    lines = ["'''a", "", "b'''  # c\x0c", "def f(): pass", ""]
    runs = highlighted(lines)
    assert ["".join(run.text for run in line) for line in runs] == list(map(visible, lines))
    assert [run.css for run in runs[3] if run.text == "f"] == ["name"]
