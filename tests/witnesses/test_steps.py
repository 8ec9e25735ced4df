"""The path that leads to a finding, test by test."""

from __future__ import annotations

import textwrap
from pathlib import Path

import libcst as cst
import pytest

from estimator_lint.findings import Finding, Step, Witness
from estimator_lint.linting import lint_text
from estimator_lint.steps import source_of

_HEAD = """\
import tensorflow as tf
TRAIN, EVAL, PREDICT = (
    tf.estimator.ModeKeys.TRAIN, tf.estimator.ModeKeys.EVAL, tf.estimator.ModeKeys.PREDICT)
Spec = tf.estimator.EstimatorSpec
"""

Told = list[tuple[str, bool, bool]]


def findings(text: str) -> list[Finding]:
    return lint_text(_HEAD + textwrap.dedent(text))


def told(text: str) -> dict[str, Told]:
    """The steps of each finding: the test, its outcome, whether it is decided."""
    return {
        f"{finding.code} {', '.join(map(str, finding.modes))}".rstrip(): [
            (step.text, step.outcome, step.decided) for step in finding.steps
        ]
        for finding in findings(text)
    }


CASES: dict[str, tuple[str, dict[str, Told]]] = {
    "if, elif and a conditional expression": (
        """
        def model_fn(features, labels, mode, params):
            if mode == PREDICT:
                return Spec(mode, predictions=features)
            elif not params["clip"]:
                loss = features
            else:
                loss = features if params["eval"] else None
            if mode == EVAL:
                return Spec(mode, loss=loss)
            return Spec(mode, loss=features, train_op=features)
        """,
        {
            "MFN113 EVAL": [
                ("mode == PREDICT", False, True),
                ('params["clip"]', True, False),
                ('params["eval"]', False, False),
                ("mode == EVAL", True, True),
            ]
        },
    ),
    "operands as far as they are evaluated": (
        """
        def model_fn(features, labels, mode, params):
            if mode == TRAIN or mode == EVAL and params["a"]:
                return Spec(mode, loss=features, train_op=features)
            predictions = mode == EVAL and features
            return Spec(mode, predictions=features)
        """,
        {
            "MFN103 EVAL": [
                ("mode == TRAIN", False, True),
                ("mode == EVAL", True, True),
                ('params["a"]', False, False),
                ("mode == EVAL", True, True),
            ]
        },
    ),
    "a test that was passed before is decided by that": (
        """
        def model_fn(features, labels, mode, params):
            if params["a"]:
                loss = features
            if mode == PREDICT:
                return Spec(mode, predictions=features)
            if params["a"]:
                loss = None
            return Spec(mode, loss=loss, train_op=features)
        """,
        {
            "MFN101 TRAIN": [
                ('params["a"]', True, False),
                ("mode == PREDICT", False, True),
                ('params["a"]', True, True),
            ],
            "MFN213 TRAIN": [
                ('params["a"]', False, False),
                ("mode == PREDICT", False, True),
                ('params["a"]', False, True),
            ],
        },
    ),
    "paths that are merged keep what they have in common": (
        """
        def model_fn(features, labels, mode, params):
            if params["a"]:
                log()
            if params["b"]:
                log()
                if params["c"]:
                    log()
            return Spec(mode, loss=features) if mode == TRAIN else None
        """,
        {
            "MFN102 TRAIN": [("mode == TRAIN", True, True)],
        },
    ),
    "functions that are called, and called again": (
        """
        def uses_loss(params, default):
            if default is None:
                default = True
            if params["loss"]:
                return default
            return False

        def model_fn(features, labels, mode, params):
            loss = features if uses_loss(params, None) else None
            if mode == EVAL:
                return Spec(mode, loss=loss)
            return Spec(mode, loss=features, predictions=features, train_op=features)
        """,
        {
            "MFN113 EVAL": [
                ("default is None", True, True),
                ('params["loss"]', False, False),
                ("uses_loss(params, None)", False, True),
                ("mode == EVAL", True, True),
            ]
        },
    ),
    "choices without a place of their own are the test's": (
        """
        def model_fn(features, labels, mode, params):
            if mode == EVAL and any([params["a"], params["b"]]):
                return Spec(mode, predictions=features)
            return Spec(mode, loss=features, train_op=features)
        """,
        {
            "MFN103 EVAL": [
                ("mode == EVAL", True, True),
                ('any([params["a"], params["b"]])', True, False),
            ]
        },
    ),
    "match, except and while": (
        """
        def model_fn(features, labels, mode, params):
            match mode:
                case "infer":
                    return Spec(mode, predictions=features)
                case "eval" if params["a"]:
                    try:
                        if params["b"]:
                            raise ValueError
                        return Spec(mode, loss=features)
                    except ValueError as error:
                        return Spec(mode)
                case _:
                    i = 0
                    while i < 2:
                        i += 1
                    return Spec(mode, loss=features)
        """,
        {
            "MFN103 EVAL": [
                ('case "infer"', False, True),
                ('case "eval"', True, True),
                ('params["a"]', True, False),
                ('params["b"]', True, False),
                ("except ValueError", True, True),
            ],
            "MFN102 TRAIN": [
                ('case "infer"', False, True),
                ('case "eval"', False, True),
                ("case _", True, True),
                ("i < 2", True, True),
                ("i < 2", False, True),
            ],
        },
    ),
    "every code": (
        """
        def model_fn(features, labels, mode, params):
            if params["a"]:
                if mode == "predict":
                    return Spec(mode, wrong=features)
                if params["b"]:
                    return Spec(mode, wrong=features)
                if params["c"]:
                    spec = Spec(mode, features, features, features)
                    spec._replace(loss=features)
                    return (spec,)
                if mode == TRAIN:
                    return Spec(EVAL, loss=features)
            if mode == EVAL:
                return Spec(mode, loss=features)
        """,
        {
            "MFN204": [('params["a"]', True, False)],
            "MFN301": [
                ('params["a"]', True, False),
                ('mode == "predict"', False, True),
                ('params["b"]', True, False),
            ],
            "MFN206": [
                ('params["a"]', True, False),
                ('mode == "predict"', False, True),
                ('params["b"]', False, False),
                ('params["c"]', True, False),
            ],
            "MFN202 TRAIN, EVAL, PREDICT": [
                ('params["a"]', True, False),
                ('mode == "predict"', False, True),
                ('params["b"]', False, False),
                ('params["c"]', True, False),
            ],
            "MFN205 TRAIN": [
                ('params["a"]', True, False),
                ('mode == "predict"', False, True),
                ('params["b"]', False, False),
                ('params["c"]', False, False),
                ("mode == TRAIN", True, True),
            ],
            "MFN211 TRAIN": [
                ('params["a"]', False, False),
                ("mode == EVAL", False, True),
            ],
            "MFN201 PREDICT": [
                ('params["a"]', True, False),
                ('mode == "predict"', False, True),
                ('params["b"]', False, False),
                ('params["c"]', False, False),
                ("mode == TRAIN", False, True),
                ("mode == EVAL", False, True),
            ],
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_steps(name: str) -> None:
    text, expected = CASES[name]
    assert told(text) == expected


def test_places_are_of_the_whole_file() -> None:
    (finding,) = findings(
        """
        def model_fn(features, labels, mode, params):
            if not (mode == EVAL
                    and params["ä"]   and params["b"]):
                return Spec(mode, features, features, features)
            return Spec(mode)
        """
    )
    above = _HEAD.count("\n")
    assert finding.steps == (
        Step(above + 3, 12, "mode == EVAL", True, True),
        Step(above + 4, 16, 'params["ä"]', True, False),
        Step(above + 4, 34, 'params["b"]', True, False),
    )


def test_steps_do_not_tell_findings_apart() -> None:
    plain = Finding(1, 0, "MFN101", "text")
    assert plain == Finding(
        1, 0, "MFN101", "text", witnesses=(Witness(None, steps=(Step(1, 0, "x", True, False),)),)
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a  ==  b", "a  ==  b"),
        ("(a)", "a"),
        ("((a) or (b))", "(a) or (b)"),
        ("(a,)", "(a,)"),
        ("f(\n    a,  # first\n    b=[\n        1,\n        2,\n    ],\n)", "f(a, b=[1, 2,],)"),
        ("(\n    a\n    # why\n    and not b\n)", "a and not b"),
        ("a \\\n    .b", "a.b"),
        ("'''a\n  b''' in c", "'''a   b''' in c"),
        ("f(\r\n    a,\r\n    -b)", "f(a, -b)"),
    ],
)
def test_source_on_one_line(source: str, expected: str) -> None:
    assert source_of(cst.parse_expression(source), cst.Module([])) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(A, B)",
        "A, B",
        "((A, _))",
        "(A | B)",
        "(None)",
        "(1)",
        "(A as b)",
        "C((A, B))",
        "{'x': (A, _)}",
    ],
)
def test_any_pattern_has_a_source(pattern: str) -> None:
    module = cst.parse_module(f"match x:\n    case {pattern}:\n        pass\n")
    (match,) = module.body
    assert isinstance(match, cst.Match)
    assert source_of(match.cases[0], module).replace("(", "").replace(")", "") == (
        f"case {pattern}".replace("(", "").replace(")", "")
    )


def test_a_test_in_another_file_stands_at_the_call_that_leads_there(tmp_path: Path) -> None:
    (tmp_path / "losses.py").write_text("def loss_fn(x, use):\n    return x if use else None\n")
    text = textwrap.dedent(
        """
        import losses

        def model_fn(features, labels, mode, params):
            if mode == EVAL:
                return Spec(mode, loss=losses.loss_fn(features, params["use"]))
            return Spec(mode, features, features, features)
        """
    )
    (finding,) = lint_text(_HEAD + text, str(tmp_path / "model.py"))
    above = _HEAD.count("\n")
    assert finding.code == "MFN113"
    assert finding.steps == (
        Step(above + 5, 7, "mode == EVAL", True, True),
        Step(above + 6, 31, "use", False, False, "losses.loss_fn"),
    )


def test_findings_on_one_path_share_their_steps() -> None:
    first, second = findings(
        """
        def model_fn(features, labels, mode, params):
            if params["a"]:
                if mode == "first":
                    return Spec(mode, features, features, features)
                if mode == "second":
                    return Spec(mode, features, features, features)
            return Spec(mode, features, features, features)
        """
    )
    assert first.code == second.code == "MFN204"
    assert first.steps
    assert first.steps[0] is second.steps[0]
