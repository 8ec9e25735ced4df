"""What was found out about a file once, with what finding it out has read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from estimator_lint.syntax.reads import Reads
    from estimator_lint.syntax.source import SourceFile

_Answer = TypeVar("_Answer")


class KnownAnswers:
    """Answers that several evaluations of a file share.

    Each of them is recorded to have read what the answer depends on.

    Args:
        source: the only file that answers depend on.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._known: dict[Hashable, tuple[object, Reads]] = {}

    def answer(
        self,
        question: Hashable,
        find: Callable[[], _Answer],
        is_shared: Callable[[_Answer], bool] = bool,
    ) -> _Answer:
        """The answer to a question: ``find()``, or what that has returned before.

        ``is_shared`` says whether an answer depends on nothing but the file.
        """
        if question in self._known:
            known, reads = self._known[question]
            self._source.note(reads)
            return known  # type: ignore[return-value]
        with self._source.reads_noted() as reads:
            found = find()
        if is_shared(found):
            self._known[question] = found, reads
        return found
