"""Python's search for garbage in the evaluating process: while there is no order to work on.

The kept evaluations are hundreds of thousands of objects. To go through all of them takes up to a
second, which nobody should have to wait for.
"""

from __future__ import annotations

import gc
import queue
from typing import Final, TypeVar

_Order = TypeVar("_Order")

#: Seconds without an order after which garbage is looked for.
IDLE: Final = 1.0

#: After so many collections of younger objects, all are worth a look (Python's own threshold).
_WORTH_A_LOOK: Final = 10

#: A look can't wait until there is time if there are so many more objects than after the last one:
#: a part of those, as in Python, or a number of objects.
_MORE: Final = 0.25
_MANY: Final = 20_000

_NEVER: Final = 1_000_000


class IdleCollector:
    """Once it is made, Python itself only looks at young objects; what there is by then stays."""

    def __init__(self) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], _NEVER)
        self._left = 0

    def next_order(self, orders: queue.SimpleQueue[_Order]) -> _Order:
        """The next order; garbage is collected in the meantime."""
        if not self._is_urgent():
            try:
                return orders.get(timeout=IDLE)
            except queue.Empty:
                pass
        if self._is_worth_a_look():
            gc.collect()
            self._left = len(gc.get_objects())
        return orders.get()

    def _is_worth_a_look(self) -> bool:
        return gc.get_count()[2] > _WORTH_A_LOOK

    def _is_urgent(self) -> bool:
        most = self._left + max(_MANY, self._left * _MORE)
        return self._is_worth_a_look() and len(gc.get_objects()) > most
