"""Text of a linted file survives every format unchanged, and adds no markup."""

from __future__ import annotations

import contextlib
import json
import re
import sys
import tempfile
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from estimator_lint.modes_view.highlighting import visible
from estimator_lint.printable import printable
from tests.command_line.program import run, write

PIECES = [
    *("<", ">", "&", "'", '"', "`", "\\", "%", "::", "##vso[", "]", ";", "]]>", "<!--", "-->"),
    *("<script>alert(1)</script>", "</pre>", "</script>", "&lt;", "&#60;", "<img src=x>", "%0A"),
    *("\x1b[31m", "\x07", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"),
    *(
        "\ud800",
        "\udcff",
        "\U0001f600",
        "\U000e0041",
        "é",
        "学",
        "\t",
        "{{x}}",
        "${x}",
        "|",
        "[x](y)",
    ),
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.characters(exclude_characters="\r\n")), max_size=6
).map("".join)
#: Python names that no format may interpret as markup.
NAMES = st.sampled_from(["loss", "größe", "学習", "ﬁeld", "K", "script", "__html__", "x" * 200])

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
FORMATS = ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "azure"]


def source(field: str, key: str, comment: str, name: str) -> str:
    """A model function with texts in a field's name, a test, a comment and a string."""
    shown = re.sub("[\x00\ud800-\udfff]", "", comment)
    return (
        "import tensorflow as tf\n\n\n"
        f"def {name}_model_fn(features, labels, mode, params):  # {shown}\n"
        f"    {name} = params[{key!a}]\n"
        f"    if mode == 'eval' and params[{key!a}]:\n"
        f"        return tf.estimator.EstimatorSpec(mode, **{{{field!a}: {name}}})  # {shown}\n"
        f"    return tf.estimator.EstimatorSpec(mode, features, features, features)\n"
    )


class Page(HTMLParser):
    """The elements, the text and the scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.texts: list[str] = []
        self.odd: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.odd += [name for name, value in attributes if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


@contextlib.contextmanager
def linted(text: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "model.py", text.encode("utf-8"))
        yield Path(folder)


@given(field=TEXTS, key=TEXTS, comment=TEXTS, name=NAMES)
@example("</pre><script>", "&lt;", "--><script>alert(1)</script>", "loss")
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
def test_the_page_of_modes(field: str, key: str, comment: str, name: str) -> None:
    text = source(field, key, comment, name)
    with linted(text) as folder:
        page = run(folder, "modes", "--format=html", "model.py").output
        plain = run(folder, "modes", "--format=text", "model.py")
        strict = json.loads(run(folder, "modes", "--format=json", "model.py").output)
    read = Page(page)
    for line in text.split("\n")[3:]:
        assert visible(line).strip() in read.text
    assert read.odd == []
    assert set(read.elements).isdisjoint({"script", "img", "iframe", "object", "link", "base"})
    assert plain.status == 0
    assert_printable(plain.output)
    assert unicodedata.normalize("NFKC", name) in strict["functions"][0]["name"]


def assert_printable(text: str) -> None:
    assert printable(text, keep="\n\t") == text


@given(field=TEXTS, key=TEXTS, comment=TEXTS, name=NAMES)
@example("</pre><script>", "&lt;", "]]><x>", "loss")
@example("::error::x\\", "##vso[task.x]", "%0D%0A::set-output", "loss")
@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
def test_every_format_of_check(field: str, key: str, comment: str, name: str) -> None:
    text = source(field, key, comment, name)
    with linted(text) as folder:
        written = {
            form: run(folder, "check", "--isolated", f"--format={form}", "model.py").output
            for form in FORMATS
        }
    found = json.loads(written["json"])["findings"]
    for form, output in written.items():
        assert_printable(output)
        assert output.encode("utf-8")
        messages = messages_in(form, output)
        for finding in found:
            message = f"{finding['code']} {finding['text']}"
            assert any(message in told or finding["text"] in told for told in messages), form
        if form not in ("text", "junit"):
            assert len(messages) == len(found), form
    tests = [step["test"] for finding in found for step in finding["steps"]]
    for test in tests:
        assert_json_text(test)


def assert_json_text(text: str) -> None:
    assert text.encode("utf-8")


def messages_in(form: str, output: str) -> list[str]:
    """The messages as a reader of that format gets them, finding by finding."""
    if form == "json":
        return [f"{each['code']} {each['text']}" for each in json.loads(output)["findings"]]
    if form == "sarif":
        results = json.loads(output)["runs"][0]["results"]
        return [each["message"]["text"] for each in results]
    if form == "gitlab":
        return [each["description"] for each in json.loads(output)]
    if form == "junit":
        return ["".join(case.itertext()) for case in ElementTree.fromstring(output).iter()]
    if form in ("github", "azure"):
        lines = output.splitlines()
        assert all(line.startswith(("::error ", "::warning ", "##vso[task.log")) for line in lines)
        return [unquoted(line) for line in lines]
    return output.splitlines()


def unquoted(line: str) -> str:
    """A command of a workflow or pipeline as its runner reads it."""
    return unquote(line.replace("%AZP25", "%25"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
@given(st.lists(st.sampled_from([each for each in PIECES if each not in "\0"]), max_size=5))
@settings(max_examples=3, deadline=None, suppress_health_check=SLOW)
def test_names_of_files(pieces: list[str]) -> None:
    name = "".join(pieces).replace("/", "").replace("\0", "").replace("\ud800", "") + ".py"
    with linted("x = 1\n") as folder:
        write(folder / name, source("a", "b", "c", "loss").encode())
        for form in FORMATS:
            outcome = run(folder, "check", "--isolated", f"--format={form}", f"./{name}")
            assert_printable(outcome.output)
            assert messages_in(form, outcome.output)
        page = Page(run(folder, "modes", "--format=html", f"./{name}").output)
    assert page.odd == []
    assert visible(name) in page.text
