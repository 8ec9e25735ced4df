"""What the evaluations of one file learn about its functions, and share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from estimator_lint.project.code import FunctionCode
    from estimator_lint.tensorflow_api.modes import Mode
    from estimator_lint.tensorflow_api.value_types import ValueType


@dataclass(frozen=True)
class Returned:
    """What is known of the value that a function returns.

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


@dataclass
class KnownFunctions:
    """What is known of functions regardless of their arguments.

    Attributes:
        too_long: the functions of other files that are too long to be followed, by mode.
        returned: the results of functions that are not followed.
    """

    too_long: set[tuple[FunctionCode, Mode]] = field(default_factory=set)
    returned: dict[FunctionCode, Returned] = field(default_factory=dict)
