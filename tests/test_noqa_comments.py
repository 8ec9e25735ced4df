"""MFN002: comments that silence nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

TEXT = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode){comment}
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""


def unused(comment: str, settings: Settings | None = None) -> list[str]:
    findings = lint_text(TEXT.format(comment=comment), "model.py", settings)
    return [finding.text for finding in findings if finding.code == "MFN002"]


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "  # noqa",
        "  # noqa: MFN103",
        "  # noqa:MFN103",
        "  # NOQA: mfn103",
        "  # noqa: MFN1",
        "  # noqa: E501,MFN10",
        "  # noqa: E501",
        "  # why # noqa: MFN103 since",
        "  # noqa: MFN901",
        "  # noqa: MFN002",
        "; x = '# noqa: MFN104'",
        "  # noqa MFN104",
    ],
)
def test_used_or_not_ours(comment: str) -> None:
    assert unused(comment) == []


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("  # noqa: MFN104", "MFN104"),
        ("  # noqa: MFN103,MFN104", "MFN104"),
        ("  # noqa: MFN2, E501, MFN999", "MFN2, MFN999"),
        ("  # noqa: mfn201", "mfn201"),
        ("  # noqa: MFN104 since", "MFN104"),
        ("\n        # noqa: MFN103", "MFN103"),
    ],
)
def test_unused(comment: str, codes: str) -> None:
    assert unused(comment) == [f"unused noqa: {codes}"]


def test_the_place_is_the_code() -> None:
    (finding, _) = sorted(lint_text(TEXT.format(comment="").replace("tf\n", "tf # noqa:MFN103\n")))
    assert (finding.code, finding.line, finding.column) == ("MFN002", 1, 31)


def test_what_is_only_found_with_an_option() -> None:
    assert unused("  # noqa: MFN901") == []
    text = unused("  # noqa: MFN901", Settings(tensorflow_version="2.4"))
    assert text == ["unused noqa: MFN901"]


def test_a_comment_for_a_possible_finding_is_used_though_only_definite_ones_are_wanted() -> None:
    text = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    train_op = None
    if params["train"]:
        train_op = features
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=features, train_op=train_op)  # noqa: MFN112
"""
    assert [finding.code for finding in lint_text(text)] == ["MFN112"]
    assert lint_text(text, settings=Settings(certain_only=True)) == []


def test_lines_that_are_one() -> None:
    text = TEXT.format(comment="").replace("Spec(mode)", "Spec(mode, export_outputs='''\n'''){}", 1)
    assert next(each.code for each in lint_text(text.format(""))) == "MFN103"
    assert not [f for f in lint_text(text.format("  # noqa: MFN103")) if f.code == "MFN002"]


def test_the_page_s_example() -> None:
    page = Path(__file__).parents[1] / "docs" / "code_texts" / "MFN002.md"
    source, output = re.findall(r"```\w+\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    found = lint_text(f"import tensorflow as tf\n{source}", "model.py")
    shown = [
        f"model.py:{finding.line - 1}:{finding.column + 1}: {finding.message}" for finding in found
    ]
    assert shown == output.splitlines()


def test_nothing_is_said_where_a_function_was_not_analysed() -> None:
    text = TEXT.format(comment="  # noqa: MFN104")
    text += "\ndef odd_model_fn(features, labels, mode):\n"
    text += "    class Inner(object, a=1, *features): pass\n"  # which libcst does not accept
    codes = {finding.code for finding in lint_text(text)}
    assert "MFN000" in codes
    assert "MFN002" not in codes
