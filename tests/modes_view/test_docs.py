"""``docs/modes-view.md`` shows the actual output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from estimator_lint.modes_view.json_view import as_json
from tests.modes_view.test_formats import ROOT, example, printed

PAGE = (ROOT / "docs" / "modes-view.md").read_text(encoding="utf-8")


def test_the_recording() -> None:
    command = "$ estimator-lint modes examples/digits.py\n"
    assert f"{command}{printed(example())}\n```" in PAGE


def test_every_member_of_the_json_is_described() -> None:
    described = set(re.findall(r"`(\w+)`", PAGE))
    assert set(_members(json.loads(as_json(example())))) <= described


def _members(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, content in value.items():
            yield name
            # The fields have the names that TensorFlow gives them.
            yield from _members(list(content.values()) if name == "fields" else content)
    elif isinstance(value, list):
        for item in value:
            yield from _members(item)


def test_the_pictures_are_there() -> None:
    for name in re.findall(r"\]\((images/[^)]+)\)", PAGE):
        assert (ROOT / "docs" / name).read_bytes().startswith(b"\x89PNG")
