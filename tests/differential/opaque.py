"""Objects about which the stand-in for TensorFlow knows little: each accepts any operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from tests.differential.stand_in import Site, Visit


class Observer(Protocol):
    """Receives every construction of a spec."""

    def site(self) -> Site:
        """The call that is now being made."""

    def visited(self, visit: Visit) -> None:
        """A constructor was called."""

    def made_up(self) -> None:
        """An unknown object was asked for its truth value, or for its items."""


class _Silent:
    def site(self) -> Site:
        return (0, 0, 0)

    def visited(self, visit: Visit) -> None:
        return None

    def made_up(self) -> None:
        return None


class Observed:
    """The observed object, its observer, and whether values TensorFlow rejects are accepted."""

    observer: ClassVar[Observer] = _Silent()
    takes_all: ClassVar[bool] = False


class SymbolicValue:
    """An unknown object that is not None."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __repr__(self) -> str:
        return f"<{self.__name__}>"

    def __getattr__(self, name: str) -> SymbolicValue:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)._made(f"{self.__name__}.{name}")

    def __call__(self, *args: object, **kwargs: object) -> SymbolicValue:
        return SymbolicValue._made(f"{self.__name__}(...)")

    @staticmethod
    def _made(name: str) -> SymbolicValue:
        return SymbolicValue(name)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        first = next(base for base in bases if isinstance(base, SymbolicValue))
        inherited = type("Foreign", (Foreign,), {"made_by": self.__name__})
        return (inherited,) if self is first else ()

    def __getitem__(self, key: object) -> SymbolicValue:
        return SymbolicValue(f"{self.__name__}[...]")

    def __setitem__(self, key: object, value: object) -> None:
        return None

    def __bool__(self) -> bool:
        Observed.observer.made_up()
        return True

    def __iter__(self) -> Iterator[SymbolicValue]:
        Observed.observer.made_up()
        return iter((SymbolicValue(self.__name__), SymbolicValue(self.__name__)))

    def __len__(self) -> int:
        Observed.observer.made_up()
        return 2

    def __int__(self) -> int:
        Observed.observer.made_up()
        return 1

    def __enter__(self) -> SymbolicValue:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def _combined(self, other: object) -> SymbolicValue:
        if other is None:
            raise ValueError("None values not supported.")
        kinds = {type(self), type(other)}
        kind = next((kind for kind in (PerExample, Tensor) if kind in kinds), SymbolicValue)
        return kind(f"computed of {self.__name__}")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _combined
    __truediv__ = __rtruediv__ = __floordiv__ = __pow__ = __matmul__ = __mod__ = _combined
    __lt__ = __gt__ = __le__ = __ge__ = _combined

    def __neg__(self) -> SymbolicValue:
        return self

    def __invert__(self) -> SymbolicValue:
        return self


class Tensor(SymbolicValue):
    """The result of a TensorFlow function; while the graph is built, it has no value.

    Asking for the value raises as in a graph. That is not judged: the linter does not know all
    tensors here to be tensors.
    """

    def __bool__(self) -> bool:
        raise self._refused()

    def __iter__(self) -> Iterator[SymbolicValue]:
        raise self._refused()

    def __len__(self) -> int:
        raise self._refused()

    def __int__(self) -> int:
        raise self._refused()

    def keys(self) -> SymbolicValue:
        raise self._refused()

    def _refused(self) -> TypeError:
        Observed.observer.made_up()
        return TypeError("a tensor has no value while the graph is built")


class PerExample(Tensor):
    """A per-example loss, for any number of examples."""


class Operation(SymbolicValue):
    """An op, which is run and has no value."""


class Symbol(SymbolicValue):
    """A module of TensorFlow, or a function, class or constant in it."""


class Instance(SymbolicValue):
    """An instance of a TensorFlow class."""

    def __init__(self, made_by: str) -> None:
        super().__init__(f"{made_by}(...)")
        self.made_by = made_by

    def compute_gradients(self, *args: object, **kwargs: object) -> SymbolicValue | list[object]:
        """For a v1 optimizer: the gradients with the variables."""
        name = f"{self.__name__}.compute_gradients(...)"
        if not self.made_by.endswith("Optimizer"):
            return SymbolicValue(name)
        return [
            (SymbolicValue(name), SymbolicValue(name)),
            (SymbolicValue(name), SymbolicValue(name)),
        ]

    def get_updates(self, *args: object, **kwargs: object) -> SymbolicValue | list[object]:
        """For a Keras optimizer: the steps."""
        name = f"{self.__name__}.get_updates(...)"
        return (
            [Tensor(name), Tensor(name)] if ".optimizers." in self.made_by else SymbolicValue(name)
        )


class Metric(Instance):
    """A metric of Keras."""

    def __init__(self, made_by: str) -> None:
        super().__init__(made_by)
        self.is_updated = False

    def update_state(self, *args: object, **kwargs: object) -> Operation:
        self.is_updated = True
        return Operation(f"{self.__name__}.update_state(...)")

    def result(self) -> Tensor:
        return Tensor(f"{self.__name__}.result()")

    def __call__(self, *args: object, **kwargs: object) -> Tensor:
        self.is_updated = True
        return self.result()


class Foreign:
    """An attribute that a class inherits from an opaque one."""

    made_by: ClassVar[str]

    def __init__(self, *args: object, **kwargs: object) -> None:
        return None

    def __call__(self, *args: object, **kwargs: object) -> SymbolicValue:
        return SymbolicValue(f"{type(self).__name__}(...)")

    def __getattr__(self, name: str) -> SymbolicValue:
        if name.startswith("__"):
            raise AttributeError(name)
        return SymbolicValue(f"{type(self).__name__}.{name}")
