"""The rows of the tables."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

#: The address of the guide's pages; a page of another guide is given by its full address.
GUIDE: Final = "https://www.tensorflow.org/guide/migrate/"

#: The page about summaries is TensorBoard's.
SUMMARY_PAGE: Final = "https://www.tensorflow.org/tensorboard/migrate"


class Topic(enum.Enum):
    """The topic of a row; its text is a heading of reports, which follow this order."""

    LOSS = "losses"
    METRIC = "metrics"
    OPTIMIZER = "optimizers and learning rates"
    GLOBAL_STEP = "global step"
    HOOK = "hooks"
    HEAD = "heads"
    CANNED = "canned estimators"
    ESTIMATOR = "estimators"
    SPEC = "specs"
    SPEC_FIELD = "fields of specs"
    RUN_CONFIG = "configuration"
    CHECKPOINT = "checkpoints and warm start"
    EXPORT = "export and serving"
    COLLECTION = "collections"
    SUMMARY = "summaries"
    LAYER = "layers and variables"
    INPUT = "input functions"
    FEATURE_COLUMN = "feature columns"
    DISTRIBUTION = "distribution and TPUs"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Replacement:
    """The replacement of some names of TensorFlow.

    Attributes:
        names: the names below ``tf`` or ``tf.compat.v1``, separated by spaces; for a method, with
            ``()`` after the class: ``estimator.Estimator().train``.
        topic: the topic.
        instead: what replaces them; empty if TensorFlow 2 has no counterpart.
        by_hand: what is left to decide or to write.
        page: the page of the guide, by its last part, or the address of another guide.
    """

    names: str
    topic: Topic
    instead: str
    by_hand: str
    page: str

    @property
    def address(self) -> str:
        """The address of the guide's page."""
        return self.page if self.page.startswith("https:") else f"{GUIDE}{self.page}"
