"""Fixes, comments that silence, and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from estimator_lint.language_server.positions import LineTable, PositionEncoding
from estimator_lint.language_server.repairs import text_edits
from estimator_lint.library import check_text
from tests.command_line.program import FAULTY
from tests.language_server.raw_client import EVERYTHING, RawClient, ResponseError, running, span

CONTENT_MODIFIED = -32801

#: Fixed by the registered fixer for MFN308: a hook that is not in a list.
HOOK = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    hook = tf.estimator.StopAtStepHook(last_step=3)
    return tf.estimator.EstimatorSpec(
        mode, loss=features, train_op=features, training_hooks=hook
    )
"""


def actions(
    client: RawClient,
    uri: str,
    where: dict[str, Any] = EVERYTHING,
    only: list[str] | None = None,
) -> list[dict[str, Any]]:
    context: dict[str, Any] = {"diagnostics": [], "triggerKind": 1}
    if only is not None:
        context["only"] = only
    params = {"textDocument": {"uri": uri}, "range": where, "context": context}
    found: list[dict[str, Any]] = client.request("textDocument/codeAction", params)
    return found


def applied(text: str, uri: str, action: dict[str, Any], version: int = 1) -> str:
    """The text after a client has applied the edit of an action."""
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": version}
    table = LineTable(text, PositionEncoding.UTF16)
    for edit in reversed(change["edits"]):
        start, end = (table.offset(*edit["range"][each].values()) for each in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def titles(found: list[dict[str, Any]]) -> list[str]:
    return [action["title"] for action in found]


def test_silence_here_and_explain(client: RawClient, uri: str) -> None:
    client.open(uri)
    found = actions(client, uri, span(5, 20, 5, 20), ["quickfix"])
    assert titles(found)[-2:] == ["Silence MFN103 here (# noqa)", "Explain MFN103"]
    silenced = applied(FAULTY, uri, found[-2])
    assert silenced == FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa: MFN103")
    assert check_text(silenced) == []
    command = found[-1]["command"]
    assert command["command"] == "estimator-lint.explain"
    page = client.command("explain", *command["arguments"])
    assert page.startswith("# MFN103")
    client.wait_for("window/showDocument", lambda params: params["uri"].endswith("MFN103.md"))
    client.close(uri)


def test_silence_goes_behind_a_string_of_several_lines(client: RawClient, uri: str) -> None:
    text = FAULTY.replace("Spec(mode)", 'Spec(mode, eval_metric_ops={"a": """x\n😀"""})').replace(
        "\n", "\r\n"
    )
    client.open(uri, text)
    for finding in check_text(text):
        found = actions(client, uri, span(finding.line - 1, 0, finding.line - 1, 99), ["quickfix"])
        (action,) = [each for each in found if each["title"].startswith(f"Silence {finding.code}")]
        silenced = applied(text, uri, action)
        assert finding.code not in [each.code for each in check_text(silenced)]
        assert silenced.count("\r\n") == silenced.count("\n") == text.count("\n")
    client.close(uri)


def test_a_fix_is_made_for_the_version_that_it_was_found_in(client: RawClient, uri: str) -> None:
    client.open(uri, HOOK)
    version = client.change(uri, f"# 😀\n{HOOK}")
    text = f"# 😀\n{HOOK}"
    (finding,) = check_text(text)
    line = finding.line - 1
    found = actions(client, uri, span(line, finding.column, line, finding.column), ["quickfix"])
    (fix,) = [action for action in found if action.get("isPreferred")]
    assert check_text(applied(text, uri, fix, version)) == []
    client.close(uri)


@pytest.mark.parametrize(
    "kind", ["source.fixAll.estimator-lint", "source.fixAll", "source"], ids=str
)
def test_fix_all(kind: str, client: RawClient, uri: str) -> None:
    text = HOOK + HOOK.replace("model_fn", "other_model_fn").split("\n", 1)[1]
    client.open(uri, text)
    (action,) = actions(client, uri, only=[kind])
    assert action["kind"] == "source.fixAll.estimator-lint"
    assert check_text(applied(text, uri, action)) == []
    client.close(uri)


def test_the_edit_is_made_when_the_client_asks_for_it(asking: RawClient, uri: str) -> None:
    asking.open(uri, HOOK)
    (action,) = actions(asking, uri, only=["source.fixAll"])
    assert "edit" not in action
    resolved = asking.request("codeAction/resolve", action)
    assert check_text(applied(HOOK, uri, resolved)) == []
    asking.change(uri, f"{HOOK}#")
    with pytest.raises(ResponseError) as refused:
        asking.request("codeAction/resolve", action)
    assert refused.value.code == CONTENT_MODIFIED
    asking.close(uri)
    with pytest.raises(ResponseError) as refused:
        asking.request("codeAction/resolve", action)
    assert refused.value.code == CONTENT_MODIFIED


def test_quick_fixes_without_edits_until_the_client_asks_for_them(
    asking: RawClient, uri: str
) -> None:
    asking.open(uri, HOOK)
    (finding,) = check_text(HOOK)
    (told,) = asking.pull(uri)["items"]
    params = {
        "textDocument": {"uri": uri},
        "range": span(finding.line - 1, finding.column, finding.line - 1, finding.column),
        "context": {"diagnostics": [told], "only": ["quickfix"]},
    }
    *offered, page = asking.request("textDocument/codeAction", params)
    assert [action["kind"] for action in offered] == ["quickfix"] * len(offered)
    assert not any("edit" in action for action in offered)
    assert [action["diagnostics"] for action in offered] == [[told]] * len(offered)
    resolved = [asking.request("codeAction/resolve", action) for action in offered]
    (fix,) = [action for action in resolved if action.get("isPreferred")]
    assert check_text(applied(HOOK, uri, fix)) == []
    assert applied(HOOK, uri, resolved[-1]).count("# noqa: MFN308") == 1
    assert asking.request("codeAction/resolve", page) == page
    asking.change(uri, f"{HOOK}#")
    for action in offered:
        with pytest.raises(ResponseError) as refused:
            asking.request("codeAction/resolve", action)
        assert refused.value.code == CONTENT_MODIFIED
    asking.close(uri)


@pytest.mark.parametrize(
    "offered", [[0], [0, 99], [9, 0], [-1, 0], [0, -1], ["0", 0], [0, 0, 0], [None]], ids=str
)
def test_an_action_that_was_not_offered(offered: list[Any], asking: RawClient, uri: str) -> None:
    asking.open(uri, HOOK)
    action = actions(asking, uri)[0]
    action["data"]["offered"] = offered
    with pytest.raises(ResponseError) as refused:
        asking.request("codeAction/resolve", action)
    assert refused.value.code == -32602
    asking.close(uri)


def test_what_is_asked_without_the_user_is_the_same(client: RawClient, uri: str) -> None:
    client.open(uri, HOOK)
    context = {"diagnostics": [], "triggerKind": 2}
    params = {"textDocument": {"uri": uri}, "range": EVERYTHING, "context": context}
    found = client.request("textDocument/codeAction", params)
    expected = actions(client, uri, only=["quickfix"])
    assert [each for each in found if each["kind"] == "quickfix"] == expected
    client.close(uri)


def test_repairs_are_told_with_the_diagnostics_when_they_are_proved(tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    capabilities = {
        "textDocument": {
            "codeAction": {},
            "publishDiagnostics": {"dataSupport": True, "versionSupport": True},
        }
    }
    with running(tmp_path, capabilities=capabilities) as client:
        client.open(uri, HOOK)
        (first,) = client.published(uri, 1)
        assert titles(first["data"]["edits"]) == ["Silence MFN308 here (# noqa)"]
        (second,) = client.published(uri, 1)
        offered = [each for each in actions(client, uri) if "edit" in each]
        assert second["data"]["edits"] == [
            {
                "title": each["title"],
                "isPreferred": each.get("isPreferred", False),
                "edit": each["edit"],
            }
            for each in offered
            if each["kind"] == "quickfix"
        ]


@pytest.mark.parametrize("only", [["refactor"], ["quickfixes"], ["source.organizeImports"], []])
def test_other_kinds_are_not_offered(only: list[str], client: RawClient, uri: str) -> None:
    client.open(uri, HOOK)
    assert actions(client, uri, only=only) == []
    client.close(uri)


@pytest.mark.parametrize("only", [["source.fixAll"], None], ids=str)
@pytest.mark.parametrize("kind", ["client", "asking"])
def test_fix_all_of_what_has_nothing_to_fix(
    kind: str, only: list[str] | None, uri: str, request: pytest.FixtureRequest
) -> None:
    client: RawClient = request.getfixturevalue(kind)
    client.open(uri)
    found = actions(client, uri, only=only)
    assert [each for each in found if each["kind"].startswith("source")] == []
    client.close(uri)


def test_elsewhere_nothing_is_offered(client: RawClient, uri: str) -> None:
    client.open(uri)
    assert actions(client, uri, span(0, 0, 3, 0), ["quickfix"]) == []
    client.close(uri)


LINES = ["", "a\n", "b\n", "c\r\n", "d", "😀\n"]


@pytest.mark.parametrize("before", range(0, 40, 3))
@pytest.mark.parametrize("after", range(0, 40, 7))
def test_edits_make_one_text_another(before: int, after: int) -> None:
    def lines_of(number: int) -> list[str]:
        chosen = [LINES[(number * step + step) % len(LINES)] for step in range(1, 5)]
        full = [line for line in chosen if line.endswith("\n")]
        return full + [line for line in chosen[-1:] if line and not line.endswith("\n")]

    old, new = lines_of(before), lines_of(after)
    text = "".join(old)
    table = LineTable(text, PositionEncoding.UTF32)
    for edit in reversed(list(text_edits(old, new))):
        start = table.offset(edit.start_line - 1, edit.start_column)
        end = table.offset(edit.end_line - 1, edit.end_column)
        text = text[:start] + edit.text + text[end:]
    assert text == "".join(new)
