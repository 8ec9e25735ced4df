"""The record of an instrumented program's run, and the arguments of a model function."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.differential import stand_in
from tests.differential.opaque import Observed, SymbolicValue
from tests.differential.stand_in import Place, Site, Visit, plain
from tests.differential.unjudgeable import Unjudgeable

MODES = (stand_in.TRAIN, stand_in.EVAL, stand_in.PREDICT)

_EVENTS_AT_MOST = 20_000


class ModeKey(str):
    """A mode that records the keys it is compared with."""

    recorder: Recorder

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            self.recorder.tested(plain(other), None)
            return plain(self) == plain(other)
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)


class Labels(SymbolicValue):
    """The labels of TRAIN and EVAL; their truth value distinguishes PREDICT.

    If PREDICT gets labels, to see what it would do, tests treat them as None.
    """

    recorder: Recorder

    def __bool__(self) -> bool:
        self.recorder.run.labels_tested = True
        return self.recorder.run.mode != stand_in.PREDICT


def _as_bool(name: str) -> Callable[[Undecided, object], object]:
    def compared(self: Undecided, other: object) -> object:
        if isinstance(other, int | float):
            return getattr(operator, name)(bool(self), other)
        return getattr(super(Undecided, self), f"__{name}__")(other)

    return compared


class Undecided(SymbolicValue):
    """An argument of a builder, or a parameter: a flag that is decided when its truth is asked."""

    recorder: Recorder

    def __bool__(self) -> bool:
        return self.recorder.run.params.decision(self.__name__)

    def __index__(self) -> int:
        return int(bool(self))

    def __hash__(self) -> int:
        return hash(bool(self))

    __eq__, __ne__ = _as_bool("eq"), _as_bool("ne")  # type: ignore[assignment]
    __lt__, __gt__ = _as_bool("lt"), _as_bool("gt")  # type: ignore[assignment]
    __le__, __ge__ = _as_bool("le"), _as_bool("ge")  # type: ignore[assignment]


class Params(dict[str, object]):
    """The ``params`` of one run: a key is a flag, decided when its truth is asked.

    Args:
        decided: the first decisions; the others are False.
    """

    def __init__(self, decided: tuple[bool, ...] = ()) -> None:
        super().__init__()
        self._prefix = decided
        self.decisions: dict[str, bool] = {}

    def decision(self, key: str) -> bool:
        """The decision about a flag."""
        if key not in self.decisions:
            position = len(self.decisions)
            self.decisions[key] = position < len(self._prefix) and self._prefix[position]
        return self.decisions[key]

    def __getitem__(self, key: str) -> object:
        is_set = super().__contains__(key)
        return super().__getitem__(key) if is_set else Undecided(f"params[{key!r}]")

    def get(self, key: str, default: object = None) -> Any:
        return self[key]

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or self.decision(f"{key!r} in params")

    def __bool__(self) -> bool:
        Observed.observer.made_up()
        return True


@dataclass
class Run:
    """The record of one execution.

    Attributes:
        mode: the mode in which the model function was called.
        params: the params with which it was called.
        reads: the places at which a local was read and was bound.
        labels_read: the places at which ``labels`` was read and was None, in order.
        visits: the constructions of specs, in order.
        unpacked: by the places of dicts that calls unpack, their keys.
        fits: the places of calls and unpackings that succeeded.
        end: how it ended: "accepted", "rejected", "unbound", "labels" (None, and used),
            "mismatch" (in arguments, or in unpacking), "raised", or by a return of "none" or
            of a wrong "type".
        place: the place of the unbound read, of ``labels``, of the call or target of the mismatch,
            or of the returned expression.
        rejection: the construction that ended it.
        returned: the construction of the spec that it returned.
        doubt: why this run can't be judged; empty if it can.
        made_up: the stand-in made up an answer that depends on the program's data.
    """

    mode: str
    params: Params = field(default_factory=Params)
    reads: set[Place] = field(default_factory=set)
    labels_read: list[Place] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    fits: set[Place] = field(default_factory=set)
    unpacked: dict[Place, set[object]] = field(default_factory=dict)
    keys_tested: set[str] = field(default_factory=set)
    wrong_keys: set[Place] = field(default_factory=set)
    labels_tested: bool = False
    end: str = ""
    place: Place | None = None
    rejection: Visit | None = None
    returned: Visit | None = None
    doubt: str = ""
    made_up: bool = False
    last_return: tuple[Place, object] | None = None


@dataclass
class Recorder:
    """The methods that wrapped expressions call."""

    run: Run = field(default_factory=lambda: Run(""))
    _calls: list[Site] = field(default_factory=list)
    _events: int = 0

    def begin(self, run: Run) -> None:
        """From now on, record for this run."""
        self.run = run
        self._calls.clear()
        self._events = 0

    def site(self) -> Site:
        """The innermost active call."""
        return self._calls[-1]

    def visited(self, visit: Visit) -> None:
        """A spec's constructor was called."""
        self.run.visits.append(visit)

    def made_up(self) -> None:
        """The stand-in made up an answer."""
        self.run.made_up = True

    def tested(self, key: str, place: Place | None) -> None:
        """The mode was compared with ``key``, which is at ``place``."""
        if key in MODES:
            self.run.keys_tested.add(key)
        elif place is None:
            self.run.doubt = f"compared with {key!r}, place unknown"
        else:
            self.run.wrong_keys.add(place)

    def tick(self) -> None:
        self._events += 1
        if self._events > _EVENTS_AT_MOST:
            self.run.doubt = "endless"
            raise Unjudgeable("endless")

    def enter(self, site: Site) -> int:
        self.tick()
        self._calls.append(site)
        return len(self._calls) - 1

    def done(self, depth: int, value: object) -> object:
        self.run.fits.add(self._calls[depth][:2])
        del self._calls[depth:]
        return value

    def read(self, place: Place, value: object) -> object:
        self.run.reads.add(place)
        return value

    def read_labels(self, place: Place, value: object) -> object:
        if value is None:
            self.run.labels_read.append(place)
        else:
            self.run.reads.add(place)
        return value

    def asked(self, value: object) -> object:
        """A value that is tested for None."""
        if isinstance(value, Labels):
            self.run.labels_tested = True
            return None if self.run.mode == stand_in.PREDICT else value
        if value is None:
            self.run.labels_tested = True
        return value

    def augmented(self, name: str, left: object, right: object) -> object:
        return getattr(operator, name)(left, right)

    def returned(self, place: Place, value: object) -> object:
        self.run.last_return = (place, value)
        return value

    def compare(
        self, name: str, places: tuple[Place, Place, tuple[Place, ...]], left: Any, right: Any
    ) -> object:
        """One comparison; ``places`` are those of left, right and right's elements."""
        if isinstance(left, ModeKey):
            self._mode_compared(name, right, places[1], places[2])
        elif isinstance(right, ModeKey):
            self._mode_compared(name, left, places[0], ())
        if name in ("Is", "IsNot") and isinstance(left, Undecided) and isinstance(right, bool):
            left = bool(left)
        if None in (left, right) and SymbolicValue in (type(left), type(right)):
            self.made_up()
        if {type(left), type(right)} == {Labels, type(None)}:
            self.run.labels_tested = True
            if self.run.mode == stand_in.PREDICT:  # tested as if None
                left = right = None
        return COMPARISONS[name](
            plain(left) if isinstance(left, ModeKey) else left,
            plain(right) if isinstance(right, ModeKey) else right,
        )

    def _mode_compared(
        self, name: str, other: object, place: Place, elements: tuple[Place, ...]
    ) -> None:
        if name not in ("In", "NotIn"):
            if isinstance(other, str):
                self.tested(plain(other), place)
        elif isinstance(other, tuple | list | set | frozenset | dict):
            for number, key in enumerate(other):
                known = isinstance(other, tuple | list | dict) and len(elements) == len(other)
                if isinstance(key, str):
                    self.tested(plain(key), elements[number] if known else None)

    def matched(self, subject: object) -> object:
        """The subject of a ``match``; a flag is one of its two constants."""
        if isinstance(subject, tuple | list):
            return [self.matched(part) for part in subject]
        if type(subject) is dict:
            return {key: self.matched(part) for key, part in subject.items()}
        return bool(subject) if isinstance(subject, Undecided) else subject

    def unpacked(self, place: Place, count: int, value: object) -> object:
        """The items for ``count`` names; an opaque object has that many."""
        if isinstance(value, SymbolicValue):
            value = [value[number] for number in range(count)]
        if isinstance(value, tuple | list) and len(value) == count:
            self.run.fits.add(place)
        return value

    def keywords(self, place: Place, value: object) -> object:
        """The keywords that a call unpacks."""
        if isinstance(value, dict):
            self.run.unpacked.setdefault(place, set()).update(value)
        return value

    def item(self, container: Any, key: object) -> object:
        self._looked_up(container, key)
        return container[plain(key) if isinstance(key, ModeKey) else key]

    def lookup(self, container: Any, key: object, *default: object) -> object:
        self._looked_up(container, key)
        return container.get(plain(key) if isinstance(key, ModeKey) else key, *default)

    def _looked_up(self, container: object, key: object) -> None:
        if isinstance(key, ModeKey) and isinstance(container, dict):
            for known in container:
                if isinstance(known, str):
                    self.tested(plain(known), None)


COMPARISONS: dict[str, Callable[[Any, Any], object]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": lambda left, right: left is right or (isinstance(left, str) and left == right),
    "IsNot": lambda left, right: not COMPARISONS["Is"](left, right),
    "In": lambda left, right: left in right,
    "NotIn": lambda left, right: left not in right,
}
