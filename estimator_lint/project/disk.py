"""Questions to the disk about a project's other modules, and their record.

The findings for a file depend on its text, the settings, and the answers to these questions,
including those about files that do not exist.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

#: Larger files are data, not handwritten source.
MAX_BYTES: Final = 1_000_000

Answer: TypeAlias = "bool | str | None"

#: The answers, by question and path.
Answers: TypeAlias = dict[tuple[str, str], Answer]

#: Marks a path that gave two different answers; no real answer equals it.
_CHANGED: Final = "changed"


class _Record(threading.local):
    answers: Answers | None = None


_record = _Record()


@contextlib.contextmanager
def recorded() -> Iterator[Answers]:
    """Within, this thread's questions are recorded, by this recorder and by those around it."""
    before = _record.answers
    answers: Answers = {}
    _record.answers = answers
    try:
        yield answers
    finally:
        _record.answers = before
        record_again(answers)


def record_again(answers: Answers) -> None:
    """Record earlier questions whose answers are still the same."""
    for (question, path), answer in answers.items():
        _remember(question, path, answer)


def is_file(path: str) -> bool:
    """Whether a path leads to a regular file."""
    answer = os.path.isfile(path)
    _remember("is_file", path, answer)
    return answer


def is_folder(path: str) -> bool:
    """Whether a path leads to a folder."""
    answer = os.path.isdir(path)
    _remember("is_folder", path, answer)
    return answer


def exists(path: str) -> bool:
    """Whether a path leads to anything."""
    answer = os.path.exists(path)
    _remember("exists", path, answer)
    return answer


def real_path(path: str) -> str:
    """A path with symbolic links resolved."""
    answer = os.path.realpath(path)
    _remember("real_path", path, answer)
    return answer


def content(path: str) -> bytes | None:
    """The content of a regular file of at most ``MAX_BYTES``; None if there is no such file."""
    data = _content(path)
    _remember("content", path, None if data is None else digest(data))
    return data


def _content(path: str) -> bytes | None:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        with open(path, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None


def digest(data: bytes) -> str:
    """A short text that identifies the data."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def _remember(question: str, path: str, answer: Answer) -> None:
    answers = _record.answers
    if answers is not None and answers.setdefault((question, path), answer) != answer:
        answers[question, path] = _CHANGED


def _digest_of(path: str) -> str | None:
    data = _content(path)
    return None if data is None else digest(data)


_QUESTIONS: Final[dict[str, Callable[[str], Answer]]] = {
    "is_file": os.path.isfile,
    "is_folder": os.path.isdir,
    "exists": os.path.exists,
    "real_path": os.path.realpath,
    "content": _digest_of,
}


def still_answered(question: str, path: str, answer: Answer) -> bool:
    """Whether the disk still gives the same answer."""
    ask = _QUESTIONS.get(question)
    return ask is not None and ask(path) == answer
