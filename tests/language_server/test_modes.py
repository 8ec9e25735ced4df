"""Code lenses, the chosen mode, inlay hints, dimmed lines and hovers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from estimator_lint.language_server.uris import path_of
from tests.command_line.program import CLEAN, FAULTY
from tests.language_server.raw_client import EVERYTHING, RawClient, codes, place, span

#: TRAIN trains, EVAL has no loss, PREDICT has predictions.
ALL_MODES = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features, 10)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.mean_squared_error(labels, logits)
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.AdamOptimizer()
        step = tf.train.get_global_step()
        return tf.estimator.EstimatorSpec(
            mode, loss=loss, train_op=optimizer.minimize(loss, step)
        )
    return tf.estimator.EstimatorSpec(mode, eval_metric_ops={})
"""


def lenses(client: RawClient, uri: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.request(
        "textDocument/codeLens", {"textDocument": {"uri": uri}}
    )
    return found


def hints(client: RawClient, uri: str, where: dict[str, Any] = EVERYTHING) -> list[tuple[Any, ...]]:
    params = {"textDocument": {"uri": uri}, "range": where}
    return [
        (hint["position"]["line"], hint["position"]["character"], hint["label"])
        for hint in client.request("textDocument/inlayHint", params)
    ]


def hover(client: RawClient, uri: str, line: int, character: int) -> Any:
    params = {"textDocument": {"uri": uri}, "position": place(line, character)}
    return client.request("textDocument/hover", params)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (ALL_MODES, "TRAIN ✓ · EVAL ✗ loss · PREDICT ✓"),
        (FAULTY, "TRAIN ✓ · EVAL ✗ loss · PREDICT not checked"),
        (CLEAN, "TRAIN ✓ · EVAL ✓ · PREDICT not checked"),
        (
            ALL_MODES.replace(", train_op=optimizer.minimize(loss, step)", ""),
            "TRAIN ✗ train_op · EVAL ✗ loss · PREDICT ✓",
        ),
        (
            ALL_MODES.replace("loss=loss", "loss=loss if tf.flags.FLAGS.full else None"),
            "TRAIN ? loss · EVAL ✗ loss · PREDICT ✓",
        ),
        (
            ALL_MODES.replace("eval_metric_ops={}", "loss=step"),
            "TRAIN ✓ · EVAL ✗ MFN203 · PREDICT ✓",
        ),
    ],
)
def test_a_lens_above_each_model_function(
    text: str, title: str, client: RawClient, uri: str
) -> None:
    client.open(uri, text)
    (lens,) = lenses(client, uri)
    assert lens["command"]["title"] == title
    assert lens["range"] == span(3, 4, 3, 4)
    page = client.command("showModes", *lens["command"]["arguments"])
    assert "model_fn" in Path(path_of(page)).read_text(encoding="utf-8")
    shown = client.wait_for("window/showDocument", lambda params: params["uri"] == page)
    assert shown == {"uri": page, "external": True, "takeFocus": True}
    client.close(uri)


def test_no_lens_without_a_model_function(client: RawClient, uri: str) -> None:
    client.open(uri, "def other(): pass\n# model_fn EstimatorSpec\n")
    assert lenses(client, uri) == []
    client.close(uri)


def test_the_chosen_mode_dims_what_it_never_runs(client: RawClient, uri: str) -> None:
    client.open(uri, ALL_MODES)
    assert codes(client.published(uri)) == ["MFN103"]
    assert hints(client, uri) == []
    assert client.command("chooseMode", "PREDICT") == "PREDICT"
    finding, dimmed = client.published(uri)
    assert finding["code"] == "MFN103"
    assert dimmed["message"] == "not run in PREDICT"
    assert (dimmed["severity"], dimmed["tags"]) == (4, [1])
    assert dimmed["range"] == span(7, 4, 14, 63)
    client.command("chooseMode", "eval")
    shown = client.published(uri)
    assert [item["range"]["start"]["line"] for item in shown[1:]] == [6, 9]
    client.choice = "TRAIN"
    assert client.command("chooseMode") == "TRAIN"
    client.published(uri)
    client.choice = None
    assert client.command("chooseMode") == "TRAIN"
    assert client.command("chooseMode", "all") == "all"
    assert codes(client.published(uri)) == ["MFN103"]
    client.close(uri)


def test_hints_stand_at_tests_that_the_mode_decides_and_at_specs(
    client: RawClient, uri: str
) -> None:
    client.open(uri, ALL_MODES)
    client.command("chooseMode", "EVAL")
    assert hints(client, uri) == [
        (5, 44, "false in EVAL"),
        (8, 42, "false in EVAL"),
        (14, 63, "no loss in EVAL"),
    ]
    assert hints(client, uri, span(6, 0, 9, 0)) == [(8, 42, "false in EVAL")]
    client.command("chooseMode", "PREDICT")
    assert hints(client, uri) == [(5, 44, "true in PREDICT")]
    client.command("chooseMode", "all")
    client.close(uri)


def test_a_helper_that_another_model_function_runs_is_not_dimmed(
    client: RawClient, uri: str
) -> None:
    text = """\
import tensorflow as tf


def train(mode, loss):
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=loss)


def one_model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.TRAIN:
        return train(mode, features)
    return tf.estimator.EstimatorSpec(mode, loss=features)


def two_model_fn(features, labels, mode):
    return train(mode, features)
"""
    client.open(uri, text)
    client.published(uri)
    client.command("chooseMode", "EVAL")
    (dimmed,) = client.published(uri)
    assert dimmed["range"] == span(9, 8, 9, 36)
    client.command("chooseMode", "all")
    client.close(uri)


@pytest.mark.parametrize("column", [0, 3, 8])
def test_the_page_of_a_code_under_the_mouse(column: int, client: RawClient, uri: str) -> None:
    line = "        return tf.estimator.EstimatorSpec(mode)  # noqa: MFN103"
    client.open(uri, FAULTY.replace("        return tf.estimator.EstimatorSpec(mode)", line))
    found = hover(client, uri, 5, line.index("MFN103") + min(column, 6))
    assert "MFN103: missing-loss-in-eval" in found["contents"]["value"]
    assert found["range"] == span(5, line.index("MFN103"), 5, len(line))
    client.close(uri)


def test_behind_a_byte_order_mark(client: RawClient, uri: str) -> None:
    client.open(uri, f"\ufeffMFN103 = 1\n{FAULTY}")
    for column in (1, 7):
        assert hover(client, uri, 0, column)["range"] == span(0, 1, 0, 7)
    client.close(uri)


def test_pages_of_files_with_one_name(client: RawClient, uri: str) -> None:
    uris = [uri, uri.replace("/model", "/folder/model")]
    for each in uris:
        client.open(each)
    assert len({client.command("showModes", each) for each in uris}) == 2
    for each in uris:
        client.close(each)


def test_the_fields_of_a_model_function_under_the_mouse(client: RawClient, uri: str) -> None:
    client.open(uri, ALL_MODES)
    found = hover(client, uri, 3, 6)
    assert found["range"] == span(3, 4, 3, 12)
    lines = found["contents"]["value"].splitlines()
    assert lines[0] == "`model_fn`"
    assert "| | TRAIN | EVAL | PREDICT |" in lines
    assert "| `loss` | always (12) | **never**, but required | never |" in lines
    assert hover(client, uri, 0, 0) is None
    client.close(uri)


def test_what_pulls_is_told_to_ask_again_when_a_mode_is_chosen(asking: RawClient, uri: str) -> None:
    asking.open(uri, ALL_MODES)
    report = asking.pull(uri)
    asking.command("chooseMode", "PREDICT")
    asking.wait_for("workspace/diagnostic/refresh")
    asking.wait_for("workspace/inlayHint/refresh")
    items = asking.pull(uri, report["resultId"])["items"]
    assert [item["message"] for item in items][1:] == ["not run in PREDICT"]
    asking.command("chooseMode", "all")
    assert asking.pull(uri, report["resultId"])["kind"] == "unchanged"
    asking.close(uri)


def test_the_values_of_a_name_by_mode(client: RawClient, uri: str) -> None:
    text = ALL_MODES.replace("    loss = ", "    training = mode == 'train'\n    loss = ")
    client.open(uri, text)
    found = hover(client, uri, 7, 6)
    assert found["range"] == span(7, 4, 7, 12)
    lines = found["contents"]["value"].splitlines()
    assert lines[0] == "`training` in `model_fn`"
    assert "| TRAIN | True |" in lines
    assert "| EVAL | False |" in lines
    assert "| PREDICT | never runs |" in lines
    client.close(uri)
