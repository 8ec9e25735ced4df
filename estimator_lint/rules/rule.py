"""The definition of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.paths.faults import Fault, OnPath
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces


@dataclass(frozen=True)
class Judgement:
    """The judgement of a rule about one place in one mode.

    Attributes:
        place: the place of the finding.
        mode: the mode; None if the finding is not about a mode.
        certain: it holds on every path of the mode that reaches the place.
        subject: the subject of the message: a field, a name, a key.
        spec: the name of the spec class concerned, if any.
        passed: the last test on a path on which it holds.
        fact: what happened on that path, if it is a single fact; it explains the judgement.
    """

    place: Place
    mode: Mode | None
    certain: bool = True
    subject: str = ""
    spec: str = ""
    passed: BranchHistory | None = None
    fact: Fault | OnPath | None = field(default=None, compare=False)


#: Whether a path that is correct for the rule reaches a place in a mode.
FineAt: TypeAlias = "Callable[[FunctionTraces, Place, Mode], bool]"
Check: TypeAlias = "Callable[[FunctionTraces], Iterator[Judgement]]"


@dataclass(frozen=True)
class Rule:
    """One rule: a pure check over the traces of a model function.

    Attributes:
        code: the code of definite findings.
        possible_code: the code of possible findings; None if there are none.
        name: the name that users see.
        summary: one sentence.
        message: the text of a finding; ``{subject}``, ``{spec}`` and ``{modes}``
            are filled in, and ``{possibly}`` is " on some paths" where it is one.
        check: judges a model function.
        fine_at: whether a place that is wrong for another model function is correct for
            this one; a helper may be used by several.
        is_hint: it is about code that works, and is reported only if hints are requested.
    """

    code: str
    possible_code: str | None
    name: str
    summary: str
    message: str
    check: Check
    fine_at: FineAt | None = None
    is_hint: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rule, the definite one first."""
        return (self.code,) if self.possible_code is None else (self.code, self.possible_code)


def no_check(traces: FunctionTraces) -> Iterator[Judgement]:
    """The check of a code that is reported elsewhere."""
    return iter(())
