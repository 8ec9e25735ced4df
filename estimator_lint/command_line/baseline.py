"""Known findings that are not reported: a file lists them, without line numbers."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.command_line.formats.fingerprints import identities
from estimator_lint.command_line.formats.lookup import slashed
from estimator_lint.command_line.output import tell
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.configuration.reading import read_file
from estimator_lint.file_replacement import replace_file

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report

_VERSION: Final = 1

#: The file, the code, what it says, and the text of its line.
Known: TypeAlias = "tuple[str, str, str, str]"

_MEMBERS: Final = ("file", "code", "text", "source")

#: Errors from invalid contents of the file; infinity is a number in JSON.
_NOT_A_BASELINE: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class Baseline:
    """The known findings, each as often as it may occur.

    Args:
        path: of the file that lists them; the names of files are relative to its folder.
        known: what it lists.
    """

    def __init__(self, path: str, known: Mapping[Known, int]) -> None:
        self._path = path
        self._left = Counter(known)

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline that a file has.

        Raises:
            ConfigurationError: it can't be read, or is no baseline.
        """
        try:
            content = json.loads(read_file(path).decode("utf-8"))
            version = content["version"]
            if version != _VERSION:
                raise ConfigurationError(
                    f"{path}: baseline version {version!r}, expected {_VERSION}"
                )
            known: Counter[Known] = Counter()
            for entry in content["findings"]:
                file_name, code, text, source = (str(entry[member]) for member in _MEMBERS)
                known[file_name, code, text, source] += int(entry.get("count", 1))
        except FileNotFoundError as error:
            hint = "create it with --write-baseline"
            raise ConfigurationError(f"{path}: no such baseline; {hint}") from error
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror or error}") from error
        except _NOT_A_BASELINE as error:
            raise ConfigurationError(f"{path}: not a baseline ({error})") from error
        return cls(path, known)

    def without_known(self, file: FileFindings) -> FileFindings:
        """The findings of a file, without the known ones."""
        name = _name_of(file.path, self._path)
        new = []
        for finding, identity in zip(file.findings, identities(file), strict=True):
            known = (name, *identity)
            if self._left[known] > 0:
                self._left[known] -= 1
            else:
                new.append(finding)
        return replace(file, findings=tuple(new))

    def tell_gone(self, report: Report) -> None:
        """Report which of the known findings are gone, for the files that the run checked."""
        gone = list(self._gone(report))
        for (name, code, text, _), count in gone:
            times = f" ({count} times)" if count > 1 else ""
            tell(f"{self._path}: no longer found: {name}: {code} {text}{times}")
        if gone:
            tell(f"{self._path}: --write-baseline removes them")

    def _gone(self, report: Report) -> Iterable[tuple[Known, int]]:
        failed = {_name_of(problem.path, self._path) for problem in report.failures}
        seen = {_name_of(path, self._path) for path in report.seen} - failed
        for known, count in sorted(self._left.items()):
            if count > 0 and (known[0] in seen or not _exists(known[0], self._path)):
                yield known, count

    def of_others(self, report: Report) -> Counter[Known]:
        """Its entries for existing files that were not checked, or not successfully."""
        failed = {_name_of(problem.path, self._path) for problem in report.failures}
        seen = {_name_of(path, self._path) for path in report.seen} - failed
        return Counter(
            {
                known: count
                for known, count in self._left.items()
                if known[0] not in seen and _exists(known[0], self._path)
            }
        )


def write_baseline(path: str, report: Report) -> None:
    """Write all that was found to a baseline; what it has of other files stays.

    Raises:
        ConfigurationError: it can't be written.
    """
    known: Counter[Known] = Counter()
    if os.path.exists(path):
        known += Baseline.read(path).of_others(report)
    for file in report.files:
        name = _name_of(file.path, path)
        known.update((name, *identity) for identity in identities(file))
    content = {"version": _VERSION, "findings": [_entry(*each) for each in sorted(known.items())]}
    try:
        replace_file(path, (json.dumps(content, indent=1) + "\n").encode())
    except (OSError, ValueError) as error:  # a ValueError: the path has a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(f"{path}: {reason}") from error
    number = sum(known.values())
    tell(f"{path}: {number} finding{'s' * (number != 1)} written")


def _entry(known: Known, count: int) -> dict[str, str | int]:
    entry: dict[str, str | int] = dict(zip(_MEMBERS, known, strict=True))
    return entry if count == 1 else {**entry, "count": count}


def _name_of(path: str, baseline: str) -> str:
    """The name of a file in a baseline: with slashes, and relative to it where that can be."""
    folder = os.path.dirname(os.path.abspath(baseline))
    try:
        return slashed(os.path.relpath(path, folder))
    except ValueError:  # on another drive
        return slashed(os.path.abspath(path))


def _exists(name: str, baseline: str) -> bool:
    return os.path.exists(os.path.join(os.path.dirname(os.path.abspath(baseline)), name))
