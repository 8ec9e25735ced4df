"""What a rule is."""

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
    """What a rule says of one place in one mode.

    Attributes:
        place: where the finding stands.
        mode: the mode; None where the finding is not about a mode.
        certain: it holds on every path of the mode that reaches the place.
        subject: what the message is about: a field, a name, a key.
        spec: the name of the spec class concerned, if one is.
        passed: the last test on a path on which it is so.
        fact: what happened on that path, if that is one fact; it explains the judgement.
    """

    place: Place
    mode: Mode | None
    certain: bool = True
    subject: str = ""
    spec: str = ""
    passed: BranchHistory | None = None
    fact: Fault | OnPath | None = field(default=None, compare=False)


#: Whether a place is reached in a mode by a path that a rule has nothing against.
FineAt: TypeAlias = "Callable[[FunctionTraces, Place, Mode], bool]"
Check: TypeAlias = "Callable[[FunctionTraces], Iterator[Judgement]]"


@dataclass(frozen=True)
class Rule:
    """One rule: a pure check over the traces of a model function.

    Attributes:
        code: what a definite finding is reported as.
        possible_code: what a possible one is reported as; None: there is none.
        name: for people.
        summary: one sentence.
        message: the text of a finding; ``{subject}``, ``{spec}`` and ``{modes}``
            are filled in, and ``{possibly}`` is " on some paths" where it is one.
        check: judges a model function.
        fine_at: tells of a place that another model function has wrong whether
            this one has it right; helpers serve several.
    """

    code: str
    possible_code: str | None
    name: str
    summary: str
    message: str
    check: Check
    fine_at: FineAt | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rule, the definite one first."""
        return (self.code,) if self.possible_code is None else (self.code, self.possible_code)


def no_check(traces: FunctionTraces) -> Iterator[Judgement]:
    """The check of a code that other parts report."""
    return iter(())
