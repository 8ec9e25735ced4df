"""What `str.format` returns for constants, compared with Python."""

from __future__ import annotations

import pytest

from estimator_lint.domain import bounds
from estimator_lint.domain.values.constants import formatted_text
from estimator_lint.domain.values.values import Constant

KNOWN = [
    ("layer_{}", [1], {}),
    ("{}/{}", ["encoder", 2], {}),
    ("{0}{1}{0}", [1, "x"], {}),
    ("{name}_{}", [3], {"name": "block"}),
    ("{{}}{}", [True], {}),
    ("plain", [], {}),
]
UNKNOWN = [
    ("{}{0}", [1], {}),
    ("{:03d}", [1], {}),
    ("{!r}", ["x"], {}),
    ("{", [], {}),
    ("{}", [], {}),
    ("{2}", [1], {}),
    ("{other}", [], {"name": 1}),
    ("{name.real}", [], {"name": 1}),
    ("{[0]}", ["x"], {}),
    ("{}", [1.5], {}),
    ("{" + "0" * 5000 + "}", [1], {}),
    ("{}" * 2, ["x" * bounds.MAX_CHARACTERS] * 2, {}),
]


@pytest.mark.parametrize(("text", "positional", "named"), KNOWN)
def test_is_what_python_returns(
    text: str, positional: list[object], named: dict[str, object]
) -> None:
    found = formatted_text(
        text, list(map(Constant, positional)), {name: Constant(named[name]) for name in named}
    )
    assert found == Constant(text.format(*positional, **named))


@pytest.mark.parametrize(("text", "positional", "named"), UNKNOWN)
def test_other_formats_are_unknown(
    text: str, positional: list[object], named: dict[str, object]
) -> None:
    constants = {name: Constant(named[name]) for name in named}
    assert formatted_text(text, list(map(Constant, positional)), constants) is None
