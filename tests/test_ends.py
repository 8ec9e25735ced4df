"""Where findings and their steps end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from estimator_lint.findings import Finding, Step
from estimator_lint.library import check_file, check_text
from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.fixture_expectations import covered
from tests.notebooks.samples import notebook

_HEAD = "import tensorflow as tf\ndef model_fn(features, labels, mode, params):\n"
EVERYWHERE = Settings(require_modes=frozenset(Mode))
_SITE = "tf.estimator.EstimatorSpec(mode, train_op=1)"


def findings(body: str) -> list[tuple[str, str]]:
    text = _HEAD + body
    found = lint_text(text, settings=EVERYWHERE)
    return [(finding.code, covered(text, finding)) for finding in found]


SITES = {
    "plain": _SITE,
    "several lines": "tf.estimator.EstimatorSpec(\n        mode,\n        train_op=1,\n    )",
    "letters of several bytes": "tf.estimator.EstimatorSpec(mode, train_op='ö€𝄞')",
}


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "ä = 'ö€𝄞'; ", "x = 'a\u2028b'; "])
def test_a_site_ends_with_its_parenthesis(site: str, before: str, end: str) -> None:
    text = f"{_HEAD}    {before}return {site}  # ä\n".replace("\n", end)
    found = {finding.code: covered(text, finding) for finding in lint_text(text)}
    assert found["MFN101"] == site


def test_tabs_and_form_feeds_count_as_one_column() -> None:
    text = f"{_HEAD}  \x0c\treturn ({_SITE})\n"
    assert {covered(text, finding) for finding in lint_text(text)} >= {_SITE}


def test_a_name_a_tuple_and_a_definition() -> None:
    assert findings(f"    if params['a']:\n        x = 1\n    x, 1\n    return {_SITE}\n")[0] == (
        "MFN213",
        "x",
    )
    train = f"    if mode == 'train': return {_SITE.replace('train_op', 'loss=1, train_op')}\n"
    assert ("MFN202", "(None, ((1, 2)))") in findings(f"{train}    return (None, ((1, 2)))\n")
    assert ("MFN201", "model_fn") in findings(f"{train}    pass\n")


def test_what_needs_no_evaluation() -> None:
    text = f"{_HEAD}    tf.logging.info('')\n    return None  # noqa: MFN101, MFN203 x\n"
    found = lint_text(text, settings=Settings(tensorflow_version="2.15"))
    assert {finding.code: covered(text, finding) for finding in found} == {
        "MFN901": "tf.logging.info",
        "MFN002": "MFN101, MFN203",
    }


def test_a_function_that_could_not_be_analysed() -> None:
    deep = f"({_SITE}, {'-' * 900}1)"
    for text in (
        f"{_HEAD}    x = {deep}\n",
        f"import tensorflow as tf\nmodel_fn = lambda mode: {deep}\n",
    ):
        (finding,) = lint_text(text)
        assert finding.code == "MFN000"
        assert covered(text, finding) in ("model_fn", "lambda")


TESTS = {
    "parentheses around and comments within": (
        """\
    if (params["a"] and  # comment
            (params["b"])):
        return
""",
        ['params["a"]', 'params["b"]'],
    ),
    "several lines": (
        """\
    while (
        params["c"]
        > 1
    ):
        return
""",
        ['params["c"]\n        > 1'],
    ),
    "a case": (
        """\
    match features:
        case {"d": 1} if params["e"]:
            return
""",
        ['case {"d": 1} if params["e"]', 'params["e"]'],
    ),
    "a case without a guard": (
        "    match params:\n        case {'d': [_, 1]}: return\n",
        ["case {'d': [_, 1]}"],
    ),
    "a handler": (
        """\
    try:
        if params["a"]: raise ValueError
    except (KeyError,
            ValueError) as error:
        return 5
""",
        ["except (KeyError,\n            ValueError) as error"],
    ),
    "a handler without a name": (
        "    try:\n        if params['a']: raise ValueError\n    except ValueError: return 5\n",
        ["except ValueError"],
    ),
    "any handler": (
        "    try:\n        if params['a']: raise ValueError\n    except : return 5\n",
        ["except"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), TESTS.values(), ids=TESTS)
def test_steps_end_with_their_tests(body: str, expected: list[str]) -> None:
    text = f"{_HEAD}{body}    return {_SITE.replace('train_op', 'loss')}\n"
    shown = [
        covered(text, step) for each in lint_text(text, settings=EVERYWHERE) for step in each.steps
    ]
    assert [step for step in expected if step not in shown] == [], shown


def test_a_step_in_another_file_covers_the_call(tmp_path: Path) -> None:
    (tmp_path / "specs.py").write_text(
        "import tensorflow as tf\n\ndef spec(mode, short):\n    if short:\n        return None\n"
        "    return tf.estimator.EstimatorSpec(mode, loss=1.0)\n"
    )
    text = f"import specs\n{_HEAD}    return specs.spec(mode, params['short'])\n"
    found = check_text(text, str(tmp_path / "model.py"))
    steps = [step for finding in found for step in finding.steps if step.within]
    assert steps
    assert {covered(text, step) for step in steps} == {"specs.spec(mode, params['short'])"}


def test_in_a_notebook_both_ends_count_in_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "model.ipynb"
    site = SITES["several lines"]
    path.write_text(notebook("import tensorflow as tf\n", f"{_HEAD}    return {site}\n"))
    (finding,) = (each for each in check_file(path) if each.code == "MFN101")
    assert (finding.cell, finding.line, finding.end_line, finding.end_column) == (2, 3, 6, 5)


def test_without_an_end_a_finding_is_empty() -> None:
    finding = Finding(3, 4, "MFN101", "text")
    assert (finding.end_line, finding.end_column) == (3, 4)
    step = Step(5, 6, "test", True, True)
    assert (step.end_line, step.end_column) == (5, 6)
    assert replace(finding, end_line=4) == finding
