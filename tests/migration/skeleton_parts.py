"""Skeletons of short functions, and the parts of their text."""

from __future__ import annotations

import ast
import textwrap

from estimator_lint.migration.skeleton.writing import skeleton_of

HEADER = "import tensorflow as tf\n\nKEYS = tf.estimator.ModeKeys\nv1 = tf.compat.v1\n\n"


def skeleton(body: str, function: str = "model_fn") -> str:
    text = skeleton_of(HEADER + textwrap.dedent(body), "model.py", function)
    compile(text, "skeleton.py", "exec")
    return text


def flat(text: str) -> str:
    """The text on one line, without the breaks of long lines."""
    words = " ".join(text.split()).replace(" # ", " ")
    return words.replace("( ", "(").replace(" )", ")").replace("[ ", "[").replace(" ]", "]")


def methods(text: str) -> dict[str, str]:
    """The source of each method of the class."""
    (model,) = (
        each
        for each in ast.parse(text).body
        if isinstance(each, ast.ClassDef) and any("keras" in ast.dump(base) for base in each.bases)
    )
    return {
        each.name: textwrap.dedent(ast.get_source_segment(text, each, padded=True) or "")
        for each in model.body
        if isinstance(each, ast.FunctionDef)
    }
