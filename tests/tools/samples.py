"""Texts for the programs, and the documented recipes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.tools.programs import ROOT

#: EVAL builds a spec without loss.
FAULTY = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
SPEC = "tf.estimator.EstimatorSpec(mode)"
CODE = "MFN103"
MESSAGE = "EstimatorSpec has no loss in EVAL"
FINDING = f"6:16: {CODE} {MESSAGE}"

REPAIRED = FAULTY.replace("EstimatorSpec(mode)", "EstimatorSpec(mode, loss=features)")
SILENCED = FAULTY.replace(SPEC, f"{SPEC}  # noqa: {CODE}")
UNPARSABLE = FAULTY.replace("EVAL:", "EVAL:(")

#: Does not mention PREDICT, in which it has no predictions.
ONLY_TRAINED = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
"""

_BEHIND = FAULTY.replace("        return", '        "%s"; return')

#: The same fault after text of one, two, three and four bytes per character. On a screen, these are
#: one, one, two and two cells wide; in UTF-16, they have one, one, one and two units.
WIDE = "\n\n".join(_BEHIND % characters for characters in ("a", "é", "漢字", "😀😀"))


@dataclass(frozen=True)
class Place:
    """The place of a faulty spec.

    Attributes:
        line: 1-based.
        before: the text before it on the line.
    """

    line: int
    before: str

    @property
    def characters(self) -> int:
        """The number of characters before it."""
        return len(self.before)

    @property
    def utf_16_units(self) -> int:
        """The number of UTF-16 units before it."""
        return len(self.before.encode("utf-16-le")) // 2

    @property
    def bytes(self) -> int:
        """The number of bytes before it, in UTF-8."""
        return len(self.before.encode("utf-8"))


def places(text: str) -> list[Place]:
    """The places of the faulty specs."""
    return [
        Place(number, line.partition(SPEC)[0])
        for number, line in enumerate(text.split("\n"), start=1)
        if SPEC in line
    ]


def write(path: Path, text: str) -> Path:
    """Make the file, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


def recipe(page: str, language: str, containing: str) -> str:
    """The single block of a page with this language and this text."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if containing in block]
    return str(block)
