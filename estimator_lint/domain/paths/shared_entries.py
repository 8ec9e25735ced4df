"""Keeping what several paths have written alike once, below what is each path's own.

Otherwise it would be compared again wherever the paths meet.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.join import MAY_END
from estimator_lint.domain.paths.state import Layer, shared_layer, written_since

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from estimator_lint.domain.paths.state import Entry, Key, State


def share(states: Sequence[State], lasts: Callable[[Key], bool]) -> None:
    """Keep in one layer what all the paths have written alike.

    ``lasts`` says whether the entry under a key may still be read.
    """
    if len(states) > 1:
        base = shared_layer(*states)
        share_layer(states, base, [written_since(base, state) for state in states], lasts)


def share_layer(
    states: Sequence[State],
    base: Layer,
    written: Sequence[Mapping[Key, Entry]],
    lasts: Callable[[Key], bool],
) -> None:
    """The same, given what each path has written since ``base``."""
    layers = sum(state.layer.depth - base.depth for state in states)
    if sum(map(len, written)) <= bounds.SMALL_LAYER * len(
        states
    ) and layers <= bounds.FEW_LAYERS * len(states):
        return
    ended = {
        key
        for key in dict.fromkeys(chain.from_iterable(written))
        if key[0] in MAY_END and not lasts(key)
    }
    first, *others = written
    common: dict[Key, Entry] = {}
    for key, entry in first.items():
        for by in others:
            if key not in by or by[key] is not entry:
                break
        else:
            if key not in ended:
                common[key] = entry
    layer = Layer(base, common)
    for state, by in zip(states, written, strict=True):
        own = {key: one for key, one in by.items() if key not in common and key not in ended}
        state.layer = Layer(layer, own)
