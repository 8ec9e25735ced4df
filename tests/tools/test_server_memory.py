"""Memory over ten thousand edits, most of which supersede the previous one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.language_server.memory import megabytes_gained


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no /proc")
def test_ten_thousand_edits(tmp_path: Path) -> None:
    assert megabytes_gained(tmp_path, 10_000) < 10
