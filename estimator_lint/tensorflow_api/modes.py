"""The three modes and their keys.

Source: ``tensorflow.python.saved_model.model_utils.mode_keys.EstimatorModeKeys``
(TensorFlow 2.15.1) and ``tensorflow.contrib.learn.ModeKeys`` (1.15.0).
"""

from __future__ import annotations

import enum


class Mode(enum.Enum):
    """A mode in which an Estimator calls a model function; the value is its key."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"

    def __str__(self) -> str:
        return self.name


#: Attributes of ``tf.estimator.ModeKeys`` and of ``tf.contrib.learn.ModeKeys``.
ESTIMATOR_MODE_KEYS = {"TRAIN": Mode.TRAIN, "EVAL": Mode.EVAL, "PREDICT": Mode.PREDICT}
CONTRIB_LEARN_MODE_KEYS = {"TRAIN": Mode.TRAIN, "EVAL": Mode.EVAL, "INFER": Mode.PREDICT}

MODE_OF_KEY = {mode.value: mode for mode in Mode}


#: Prefixes of words that mean a mode but are not its key.
_MEANT = {
    "train": Mode.TRAIN,
    "fit": Mode.TRAIN,
    "eval": Mode.EVAL,
    "val": Mode.EVAL,
    "dev": Mode.EVAL,
    "pred": Mode.PREDICT,
    "infer": Mode.PREDICT,
    "serv": Mode.PREDICT,
}


def meant_mode(text: str) -> Mode | None:
    """The mode that a word other than a key probably means; None if that is unclear.

    >>> meant_mode("prediction")
    <Mode.PREDICT: 'infer'>
    """
    word = text.strip().lower()
    return next((mode for start, mode in _MEANT.items() if word.startswith(start)), None)


def in_order(modes: frozenset[Mode] | set[Mode]) -> tuple[Mode, ...]:
    """``modes`` in the order TRAIN, EVAL, PREDICT."""
    return tuple(mode for mode in Mode if mode in modes)
