"""What was found out about a file once, with what finding it out has read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final, TypeVar

from estimator_lint.syntax.reads import Reads

if TYPE_CHECKING:
    from estimator_lint.syntax.source import SourceFile

_Answer = TypeVar("_Answer")

#: Of an answer that was found while nobody recorded reads.
_NO_READS: Final = Reads()


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
        is_shared: Callable[[_Answer], bool] = lambda _: True,
        *,
        reads_all: bool = True,
    ) -> _Answer:
        """The answer to a question: ``find()``, or what that has returned before.

        ``is_shared`` says whether an answer depends on nothing but the file. If ``find`` may know
        from before what the answer depends on, and not read it (``reads_all``), nothing is shared
        while reads are recorded.
        """
        if not reads_all and self._source.are_reads_noted:
            return find()
        asked = question, self._source.are_reads_noted
        if asked in self._known:
            known, reads = self._known[asked]
            self._source.note(reads)
            return known  # type: ignore[return-value]
        if self._source.are_reads_noted:
            with self._source.reads_noted() as reads:
                found = find()
        else:
            found, reads = find(), _NO_READS
        if is_shared(found):
            self._known[asked] = found, reads
        return found
