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

#: After so many, a look can't wait until there is time.
_MOST: Final = 100

_NEVER: Final = 1_000_000


def collect_when_idle() -> None:
    """From now on, Python itself only looks at the youngest objects; what there is now stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], _NEVER)


def next_order(orders: queue.SimpleQueue[_Order]) -> _Order:
    """The next order; garbage is collected in the meantime."""
    if gc.get_count()[2] <= _MOST:
        try:
            return orders.get(timeout=IDLE)
        except queue.Empty:
            pass
    if gc.get_count()[2] > _WORTH_A_LOOK:
        gc.collect()
    return orders.get()
