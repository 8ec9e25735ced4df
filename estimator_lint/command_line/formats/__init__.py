"""What a run has to say, for people and for programs."""

from __future__ import annotations

FORMATS = ("text", "concise", "json", "sarif", "github")
