"""All of the memory is searched for garbage only while there is nothing to do."""

from __future__ import annotations

import gc
import queue
import sys
import threading
from collections.abc import Iterator

import pytest

from estimator_lint.language_server import idle_collection
from estimator_lint.language_server.idle_collection import IdleCollector


@pytest.fixture
def full_collections() -> Iterator[list[int]]:
    """The full collections of this process, whose settings come back afterwards."""
    before = gc.get_threshold()
    found: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start" and about["generation"] == 2:
            found.append(1)

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="it counts its collections otherwise")
@pytest.mark.parametrize(
    ("young", "objects", "is_waiting", "full"),
    [(5, 0, False, 0), (20, 0, False, 1), (20, 0, True, 0), (20, 30_000, True, 1)],
)
def test_full_collections(
    young: int,
    objects: int,
    is_waiting: bool,
    full: int,
    full_collections: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(idle_collection, "IDLE", 0.01)
    collector = IdleCollector()
    full_collections.clear()
    kept = [[number] for number in range(objects)]
    for _ in range(young):
        gc.collect(1)
    assert full_collections == []
    orders: queue.SimpleQueue[str] = queue.SimpleQueue()
    if is_waiting:
        orders.put("evaluate")
    else:
        threading.Timer(0.2, orders.put, ["evaluate"]).start()
    assert collector.next_order(orders) == "evaluate"
    assert len(full_collections) == full
    assert len(kept) == objects
