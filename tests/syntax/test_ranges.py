"""The ranges of nodes are libcst's, without a walk of its visitors."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from estimator_lint.syntax.ranges import ranges_of

SOURCE = """\
@decorated
def model_fn(features, *, mode="é"):  # why
    if (mode
            == 1):
        return [x for x in features], lambda: f"{mode}"
    return None
"""


def test_ranges_are_libcsts(monkeypatch: pytest.MonkeyPatch) -> None:
    module = cst.parse_module(SOURCE)
    expected = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)

    def visit(*arguments: object) -> None:
        raise AssertionError("walked for no visitor")

    monkeypatch.setattr(cst.Module, "visit", visit)
    assert dict(ranges_of(module)) == dict(expected)
