"""Knowledge about functions that the evaluations of one file share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain import bounds

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.project.code import FunctionCode
    from estimator_lint.tensorflow_api.modes import Mode
    from estimator_lint.tensorflow_api.value_types import ValueType


@dataclass(frozen=True)
class Returned:
    """The knowledge about the value that a function returns.

    Attributes:
        not_none: it is not None.
        tensor: it is a tensor or an op.
        value_type: its kind.
        items: for a tuple, the same about its items.
    """

    not_none: bool = False
    tensor: bool = False
    value_type: ValueType = (None, False)
    items: tuple[Returned, ...] | None = None


NOTHING: Final = Returned()


#: A function, and the mode in which it may be too long; None: what it returns in any.
_Asked: TypeAlias = "tuple[cst.CSTNode, Mode | None]"


@dataclass
class Lesson:
    """The knowledge that one evaluation uses from earlier ones, and adds for later ones.

    Attributes:
        known_before: how many functions earlier evaluations had skimmed.
        taken: the requested summaries, with their known values; None if unknown.
        taught: the new summaries.
    """

    known_before: int = 0
    taken: dict[_Asked, Returned | None] = field(default_factory=dict)
    taught: dict[_Asked, Returned] = field(default_factory=dict)


class KnownFunctions:
    """The knowledge about functions regardless of their arguments."""

    def __init__(self) -> None:
        self._known: dict[_Asked, Returned] = {}
        self._skimmed = 0
        self._lesson = Lesson()
        #: The functions that are too long to be followed, with the mode.
        self.too_long: list[tuple[FunctionCode, Mode]] = []

    def is_too_long(self, code: FunctionCode, mode: Mode) -> bool:
        """Whether a function of another file is too long to be followed in a mode."""
        return self._ask((code.node, mode)) is not None

    def add_too_long(self, code: FunctionCode, mode: Mode) -> None:
        """Note that a function is too long to be followed in a mode."""
        self._teach((code.node, mode), NOTHING)
        self.too_long.append((code, mode))

    def returned(self, code: FunctionCode) -> Returned | None:
        """The knowledge about the results of functions that are not followed."""
        return self._ask((code.node, None))

    def add_returned(self, code: FunctionCode, returned: Returned) -> None:
        """Note what a function returns."""
        self._teach((code.node, None), returned)

    @property
    def may_skim(self) -> bool:
        """Whether one more function of the file may be skimmed."""
        return self._skimmed <= bounds.MAX_SKIMMED

    @contextlib.contextmanager
    def lesson(self) -> Iterator[Lesson]:
        """Within, one evaluation runs; its uses of this knowledge and additions are recorded."""
        self._lesson = Lesson(self._skimmed)
        yield self._lesson

    def repeats(self, lesson: Lesson) -> bool:
        """Whether an evaluation would take now what it took when it taught a lesson."""
        is_alike = lesson.known_before == self._skimmed or all(
            mode is not None for _, mode in lesson.taught
        )
        return is_alike and all(
            self._known.get(asked) == known for asked, known in lesson.taken.items()
        )

    def take(self, lesson: Lesson) -> None:
        """Know what an evaluation taught that is not made again."""
        self._lesson = Lesson()
        for asked, known in lesson.taught.items():
            self._teach(asked, known)

    def _ask(self, asked: _Asked) -> Returned | None:
        known = self._known.get(asked)
        if asked not in self._lesson.taught:
            self._lesson.taken.setdefault(asked, known)
        return known

    def _teach(self, asked: _Asked, known: Returned) -> None:
        if asked[1] is None and asked not in self._known:
            self._skimmed += 1
        self._known[asked] = self._lesson.taught[asked] = known
