"""All of the memory is searched for garbage only while there is nothing to do."""

from __future__ import annotations

import gc
import queue
import threading
from collections.abc import Iterator

import pytest

from estimator_lint.language_server import idle_collection
from estimator_lint.language_server.idle_collection import collect_when_idle, next_order


@pytest.fixture
def full_collections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The full collections of this process, whose settings come back afterwards."""
    monkeypatch.setattr(idle_collection, "IDLE", 0.01)
    before, found = gc.get_threshold(), []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start" and about["generation"] == 2:
            found.append(1)

    collect_when_idle()
    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.parametrize(
    ("young", "is_waiting", "full"), [(5, False, 0), (20, False, 1), (20, True, 0), (150, True, 1)]
)
def test_full_collections(
    young: int, is_waiting: bool, full: int, full_collections: list[int]
) -> None:
    for _ in range(young):
        gc.collect(1)
    assert full_collections == []
    orders: queue.SimpleQueue[str] = queue.SimpleQueue()
    if is_waiting:
        orders.put("evaluate")
    else:
        threading.Timer(0.2, orders.put, ["evaluate"]).start()
    assert next_order(orders) == "evaluate"
    assert len(full_collections) == full
