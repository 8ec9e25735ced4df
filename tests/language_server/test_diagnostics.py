"""Diagnostics of open texts, pushed and pulled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line.program import CLEAN, FAULTY
from tests.language_server.raw_client import PULLED, PUSHED, RawClient, codes, running, span

WIDE = FAULTY.replace("        return tf.estimator.EstimatorSpec(mode)", "{}")


def test_a_finding_is_pushed_and_goes_with_the_fault(client: RawClient, uri: str) -> None:
    client.open(uri)
    (finding,) = client.published(uri, 1)
    assert finding["range"] == span(5, 15, 5, 47)
    assert finding["severity"] == 1
    assert finding["code"] == "MFN103"
    assert finding["source"] == "estimator-lint"
    assert finding["message"] == "EstimatorSpec has no loss in EVAL"
    assert finding["data"]["modes"] == ["EVAL"]
    page = Path(finding["codeDescription"]["href"].removeprefix("file://"))
    assert page.name == "MFN103.md"
    assert page.is_file()
    (step,) = finding["relatedInformation"]
    assert step["message"] == "'mode == tf.estimator.ModeKeys.EVAL' is true in EVAL"
    assert step["location"] == {"uri": uri, "range": span(4, 7, 4, 41)}
    version = client.change(uri, CLEAN)
    assert client.published(uri, version) == []
    version = client.change(uri, FAULTY)
    assert codes(client.published(uri, version)) == ["MFN103"]
    client.close(uri)
    assert client.published(uri) == []


def test_what_is_so_on_some_paths_is_a_warning(client: RawClient, uri: str) -> None:
    text = FAULTY.replace("EstimatorSpec(mode)", "EstimatorSpec(mode, loss=loss)").replace(
        "    if mode", "    loss = features if params() else None\n    if mode"
    )
    client.open(uri, text)
    (finding,) = client.published(uri)
    assert (finding["code"], finding["severity"]) == ("MFN113", 2)
    client.close(uri)


def test_a_comment_silences_and_one_too_many_is_dimmed(client: RawClient, uri: str) -> None:
    client.open(uri, FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa: MFN103"))
    assert client.published(uri) == []
    version = client.change(uri, CLEAN.replace("loss=features)", "loss=features)  # noqa: MFN103"))
    (finding,) = client.published(uri, version)
    assert (finding["code"], finding["tags"]) == ("MFN002", [1])
    client.close(uri)


def test_a_change_of_a_part(client: RawClient, uri: str) -> None:
    client.open(uri)
    client.published(uri)
    insertion = {"range": span(5, 46, 5, 46), "text": ", loss=features"}
    assert client.published(uri, client.change(uri, insertion)) == []
    removal = {"range": span(5, 46, 5, 61), "text": ""}
    line = {"range": span(0, 0, 0, 0), "text": "\r\n"}
    (finding,) = client.published(uri, client.change(uri, removal, line))
    assert finding["range"] == span(6, 15, 6, 47)
    # A range beyond the end, and a reversed one.
    version = client.change(uri, {"range": span(99, 0, 0, 0), "text": CLEAN})
    assert client.published(uri, version) == []
    client.close(uri)


@pytest.mark.parametrize("before", ["a", "é", "漢字", "😀😀", "x\x0cy\u2028z"], ids=ascii)
def test_columns_behind_any_text(before: str, client: RawClient, uri: str) -> None:
    text = FAULTY.replace("        return", f"        '{before}'; return")
    client.open(uri, text)
    (finding,) = client.published(uri)
    start = 15 + 4 + len(before.encode("utf-16-le")) // 2
    assert finding["range"] == span(5, start, 5, start + 32)
    client.close(uri)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=ascii)
def test_all_line_ends(end: str, client: RawClient, uri: str) -> None:
    client.open(uri, FAULTY.replace("\n", end))
    (finding,) = client.published(uri)
    assert finding["range"] == span(5, 15, 5, 47)
    client.close(uri)


def test_a_form_feed_ends_no_line(client: RawClient, uri: str) -> None:
    client.open(uri, f"\x0c{FAULTY}")
    (finding,) = client.published(uri)
    assert finding["range"] == span(5, 15, 5, 47)
    client.close(uri)


def test_a_byte_order_mark_counts_for_the_client(client: RawClient, uri: str) -> None:
    one_line = FAULTY.replace("import tensorflow as tf\n\n\n", "import tensorflow as tf; x = 1\n")
    client.open(uri, f"\ufeff{one_line}")
    (finding,) = client.published(uri)
    assert finding["range"] == span(3, 15, 3, 47)
    client.close(uri)


def test_while_it_does_not_parse_nothing_is_told(client: RawClient, uri: str) -> None:
    client.open(uri)
    client.published(uri)
    version = client.change(uri, FAULTY.replace("EVAL:", "EVAL"))
    assert client.published(uri, version) == []
    assert codes(client.published(uri, client.change(uri, FAULTY))) == ["MFN103"]
    client.close(uri)


@pytest.mark.parametrize(
    ("language", "name", "is_checked"),
    [
        ("python", "file:///a.txt", True),
        ("plaintext", "file:///a.py", True),
        ("plaintext", "file:///a.txt", False),
        ("markdown", "untitled:1", False),
        ("python", "untitled:Untitled-1", True),
        ("python", "git:/a.py?ref", True),
    ],
)
def test_only_python_is_checked(
    language: str, name: str, is_checked: bool, client: RawClient, uri: str
) -> None:
    client.notifications.clear()  # another test may have opened a text of this name
    client.open(name, FAULTY, language)
    if is_checked:
        assert codes(client.published(name)) == ["MFN103"]
    client.open(uri)
    client.published(uri)
    assert not [
        message
        for message in client.notifications
        if message["params"].get("uri") == name and message["params"]["diagnostics"]
    ]
    client.close(uri)
    client.close(name)


def test_a_text_that_is_opened_again(client: RawClient, uri: str) -> None:
    client.open(uri)
    client.published(uri)
    client.open(uri, CLEAN)
    assert client.published(uri) == []
    client.close(uri)
    client.published(uri)
    client.open(uri)
    assert codes(client.published(uri)) == ["MFN103"]
    client.close(uri)


@pytest.mark.parametrize("offered", [["utf-8", "utf-16"], ["ebcdic"]])
def test_the_client_chooses_what_is_counted(offered: list[str], tmp_path: Path) -> None:
    capabilities = {**PUSHED, "general": {"positionEncodings": offered}}
    uri = (tmp_path / "model.py").as_uri()
    chosen = offered[0] if offered and offered[0].startswith("utf") else "utf-16"
    with running(tmp_path, capabilities=capabilities) as client:
        assert client.command("status")["positionEncoding"] == chosen
        client.open(uri, FAULTY.replace("        return", "        '😀é'; return"))
        (finding,) = client.published(uri)
    units = {"utf-8": 6, "utf-16": 3, "utf-32": 2}[chosen]
    assert finding["range"] == span(5, 19 + units, 5, 51 + units)


# Pulled


def test_a_finding_is_pulled(asking: RawClient, uri: str) -> None:
    asking.open(uri)
    report = asking.pull(uri)
    assert report["kind"] == "full"
    assert codes(report["items"]) == ["MFN103"]
    again = asking.pull(uri, report["resultId"])
    assert again == {"kind": "unchanged", "resultId": report["resultId"]}
    asking.change(uri, CLEAN)
    assert asking.pull(uri, report["resultId"])["items"] == []
    asking.change(uri, FAULTY)
    assert asking.pull(uri, report["resultId"])["kind"] == "unchanged"
    asking.close(uri)
    assert asking.pull(uri)["items"] == []


def test_nothing_is_pushed_to_who_pulls(asking: RawClient, uri: str) -> None:
    asking.open(uri)
    asking.pull(uri)
    asking.close(uri)
    asking.command("status")
    methods = {message["method"] for message in asking.notifications}
    assert "textDocument/publishDiagnostics" not in methods


def test_what_is_pulled_is_of_the_state_that_the_text_has_by_then(
    asking: RawClient, uri: str
) -> None:
    asking.open(uri)
    numbers = []
    for _ in range(10):
        asking.change(uri, CLEAN)
        asking.change(uri, FAULTY)
        numbers.append(asking.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}}))
    for number in numbers:
        assert codes(asking.answer(number)["result"]["items"]) == ["MFN103"]
    asking.close(uri)


def test_capabilities(tmp_path: Path) -> None:
    with running(tmp_path, capabilities=PULLED, initializationOptions={"settings": {}}) as client:
        client.wait_for("client/registerCapability")
        client.command("status")
