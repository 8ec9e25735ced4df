"""Findings on disk, for files that did not change since they were checked.

``check`` and the flake8 plugin keep entries of their own, since flake8 itself looks for ``# noqa``.
An entry is the result for one file and one configuration.  It counts as long as the file has
the same content and the disk answers everything that was asked of it for other modules
as it did.  An entry that is damaged, or of another version of anything, counts for nothing;
that one can't be read or written is no error.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from importlib import metadata
from typing import Any, Final

from estimator_lint.file_replacement import replace_file
from estimator_lint.findings import Event, EventKind, Finding, Step, Witness
from estimator_lint.project.disk import Answers, digest, recorded, still_answered
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.version import VERSION

#: Bytes that the entries may take together; past them, the oldest half goes.
MAX_BYTES: Final = 100_000_000

#: Larger entries are not kept.
_MAX_ENTRY_BYTES: Final = 1_000_000

#: Within the folder of the cache; another name for another form of entries.
_ENTRIES: Final = "findings-1"
_ENTRY: Final = re.compile(r"[0-9a-f]{40}")
_TEMPORARY: Final = ".estimator-lint-"

#: What the findings for a file depend on besides our own code.
_LIBRARIES: Final = ("astroid", "flake8", "libcst")

#: Errors from content that is not an entry.
_NOT_AN_ENTRY: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Result:
    """The findings of a file, each with the text that is searched for ``# noqa``."""

    findings: tuple[tuple[Finding, str | None], ...]


def default_folder() -> str:
    """The system's folder for caches of users; empty if it is not known."""
    given = os.environ.get("ESTIMATOR_LINT_CACHE_DIR")
    if given:
        return given
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "estimator-lint") if os.path.isabs(base) else ""


def is_switched_off() -> bool:
    """Whether the environment says that there is to be no cache."""
    return bool(os.environ.get("ESTIMATOR_LINT_NO_CACHE"))


class Cache:
    """The entries in a folder, for one configuration.

    Args:
        folder: is made if need be.
        settings: those of the run.
        disable_noqa: no comment silences anything; None if somebody else looks for comments.
    """

    def __init__(self, folder: str, settings: Settings, *, disable_noqa: bool | None) -> None:
        self._folder = os.path.join(folder, _ENTRIES)
        shown = sorted((name, _in_order(value)) for name, value in vars(settings).items())
        self._key = [_environment(), os.getcwd(), shown, disable_noqa]

    def get(self, path: str, data: bytes) -> Result | None:
        """The result for a file of that name and content, if it is known."""
        try:
            with open(self._path(path), "rb") as file:
                stored = file.read(_MAX_ENTRY_BYTES + 64)
            mark, _, text = stored.partition(b"\n")
            if mark.decode("ascii") != digest(text):
                return None
            entry = json.loads(text)
            if entry["data"] != digest(data) or not all(
                still_answered(*asked) for asked in entry["asked"]
            ):
                return None
            return Result(
                tuple((_finding(finding), noqa_text) for finding, noqa_text in entry["findings"])
            )
        except (OSError, *_NOT_AN_ENTRY):
            return None

    def put(self, path: str, data: bytes, answers: Answers, result: Result) -> None:
        """Keep what was found, if that can be."""
        entry = {
            "data": digest(data),
            "asked": [[*question, answer] for question, answer in answers.items()],
            "findings": [[asdict(finding), noqa_text] for finding, noqa_text in result.findings],
        }
        text = json.dumps(entry, default=_name).encode("ascii")
        if len(text) > _MAX_ENTRY_BYTES:
            return
        with contextlib.suppress(OSError, ValueError):
            os.makedirs(self._folder, exist_ok=True)
            replace_file(self._path(path), digest(text).encode("ascii") + b"\n" + text)

    def findings(self, path: str, data: bytes, find: Callable[[], list[Finding]]) -> list[Finding]:
        """The findings for a file, known or found now and kept; no text for ``# noqa``."""
        known = self.get(path, data)
        if known is not None:
            return [finding for finding, _ in known.findings]
        with recorded() as answers:
            found = find()
        if not any(map(may_pass, found)):
            self.put(path, data, answers, Result(tuple((finding, None) for finding in found)))
            _shrink_once(os.path.dirname(self._folder))
        return found

    def _path(self, path: str) -> str:
        key = json.dumps([*self._key, path]).encode("ascii")
        return os.path.join(self._folder, digest(key))


def cache_in(folder: str, settings: Settings, *, disable_noqa: bool | None) -> Cache | None:
    """The entries in a folder; None if what they depend on is not known."""
    # The current folder, or what says which versions are installed, may be gone.
    with contextlib.suppress(OSError, metadata.PackageNotFoundError):
        return Cache(folder, settings, disable_noqa=disable_noqa)
    return None


def cache_for_flake8(settings: Settings) -> Cache | None:
    """The entries of the flake8 plugin; None if there are to be none."""
    folder = "" if is_switched_off() else default_folder()
    with contextlib.suppress(OSError):
        return _cache_for_flake8(folder, settings, os.getcwd()) if folder else None
    return None


@functools.lru_cache(maxsize=1)
def _cache_for_flake8(folder: str, settings: Settings, _current: str) -> Cache | None:
    """The same for a folder of entries; those of another current folder are of other files."""
    return cache_in(folder, settings, disable_noqa=None)


def may_pass(finding: Finding) -> bool:
    """Whether it is a failure that may have to do with this run: no memory, no stack."""
    return finding.code == "MFN000" and "rror" in finding.text


def _in_order(value: object) -> object:
    """A setting as JSON has it, the same in each run."""
    return sorted(map(str, value)) if isinstance(value, frozenset) else value


def _name(member: object) -> str:
    """A member of an enumeration, as an entry has it."""
    if isinstance(member, Enum):
        return member.name
    raise TypeError(member)


def _finding(entry: dict[str, Any]) -> Finding:
    witnesses = tuple(map(_witness, entry["witnesses"]))
    return Finding(**{**entry, "modes": _modes(entry["modes"]), "witnesses": witnesses})


def _modes(names: Iterable[str]) -> tuple[Mode, ...]:
    return tuple(Mode[name] for name in names)


def _witness(entry: dict[str, Any]) -> Witness:
    mode = entry["mode"]
    return Witness(
        None if mode is None else Mode[mode],
        tuple(Event(**{**event, "kind": EventKind[event["kind"]]}) for event in entry["events"]),
        tuple(Step(**step) for step in entry["steps"]),
        _modes(entry["fine_in"]),
    )


@functools.cache
def _environment() -> str:
    """Other inputs of the findings: our own code, Python, and the libraries."""
    parts = [VERSION, sys.version, sys.platform, os.fsencode(os.path.sep).hex()]
    parts += [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    package = os.path.dirname(os.path.abspath(__file__))
    for folder, folders, names in os.walk(package):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".txt")):
                status = os.stat(os.path.join(folder, name))
                parts.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


def shrink(folder: str, limit: int | None = None) -> None:
    """Remove the oldest entries if all together take more than ``limit`` bytes, or the maximum."""
    limit = MAX_BYTES if limit is None else limit
    entries = []
    for entry in _entries_in(folder):
        with contextlib.suppress(OSError):
            status = entry.stat()
            entries.append((status.st_mtime, status.st_size, entry.path))
    total = sum(size for _, size, _ in entries)
    if total <= limit:
        return
    for _, size, path in sorted(entries):
        if total <= limit // 2:
            break
        with contextlib.suppress(OSError):
            os.unlink(path)
            total -= size


@functools.cache
def _shrink_once(folder: str) -> None:
    """The same, once for each process: for a run whose end we are not told."""
    with contextlib.suppress(OSError, ValueError):
        shrink(folder)


def clear(folder: str) -> tuple[int, int]:
    """Remove all entries, and nothing else; how many they were, and their bytes.

    Raises:
        OSError: one can't be removed.
    """
    count = total = 0
    for entry in _entries_in(folder):
        total += entry.stat(follow_symlinks=False).st_size
        os.unlink(entry.path)
        count += 1
    with contextlib.suppress(OSError):  # somebody else has put something there
        os.rmdir(os.path.join(folder, _ENTRIES))
        os.rmdir(folder)
    return count, total


def _entries_in(folder: str) -> Iterator[os.DirEntry[str]]:
    with (
        contextlib.suppress(FileNotFoundError, NotADirectoryError),
        os.scandir(os.path.join(folder, _ENTRIES)) as entries,
    ):
        for entry in entries:
            if _ENTRY.fullmatch(entry.name) or entry.name.startswith(_TEMPORARY):
                yield entry
