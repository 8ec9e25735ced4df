"""The output of a run, for people and for programs."""

from __future__ import annotations

#: Formats of lines, each of which is written as soon as a file is done.
LINE_FORMATS = ("text", "concise", "github", "azure")

#: Formats of one document, which is written at the end.
DOCUMENT_FORMATS = ("json", "sarif", "gitlab", "junit")

FORMATS = (*LINE_FORMATS, *DOCUMENT_FORMATS)
