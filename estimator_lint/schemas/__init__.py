"""The JSON schemas of what ``--format json`` writes, for programs that read it."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

#: The commands whose output has a schema.
COMMANDS = ("check", "migrate", "modes", "reveal")


def schema_of(command: str) -> dict[str, Any]:
    """The schema of what a command writes as JSON; its ``$id`` ends with the version."""
    text = (resources.files(__name__) / f"{command}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
