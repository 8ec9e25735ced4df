"""Names of TensorFlow as reports write them, and which version they are of."""

from __future__ import annotations

import enum
import os
from typing import TYPE_CHECKING, Final

from estimator_lint.discovery.api_names import api_names
from estimator_lint.migration.replacements.replacement import Replacement
from estimator_lint.migration.replacements.replacement_lookup import OTHERWISE
from estimator_lint.tensorflow_api.exports import exports

if TYPE_CHECKING:
    from estimator_lint.syntax.source import SourceFile

_ROOT: Final = "tensorflow."
_FIRST: Final = "1.15"


def shown_name(path: str) -> str:
    """A dotted import path as people write it."""
    is_internal = ".python." in path
    if path.startswith(_ROOT) and not is_internal:
        return f"tf.{path.removeprefix(_ROOT)}"
    return path


class Generation(enum.Enum):
    """The version of TensorFlow that a file is written for, as far as its names show it."""

    FIRST = 1
    SECOND = 2
    UNKNOWN = None


def generation_of(source: SourceFile) -> Generation:
    """The version that a file is written for, by names that only one of them has."""
    found: set[Generation] = set()
    for name in api_names(source):
        having = [exports().versions_of(path.removeprefix(_ROOT)) for path in name.paths]
        if all(versions == [_FIRST] for versions in having):
            found.add(Generation.FIRST)
        elif all(versions and _FIRST not in versions for versions in having):
            found.add(Generation.SECOND)
    return found.pop() if len(found) == 1 else Generation.UNKNOWN


def generation_of_name(path: str, row: Replacement, file: Generation) -> Generation:
    """The version whose meaning a name has, if both versions have it with different meanings.

    Args:
        path: its dotted import path.
        row: its replacement, as a name of TensorFlow 1.
        file: the version that the file is written for.
    """
    if row.topic not in OTHERWISE or ".compat.v1." in path:
        return Generation.FIRST
    versions = exports().versions_of(path.removeprefix(_ROOT))
    return file if any(version != _FIRST for version in versions) else Generation.FIRST


def shown_path(path: str) -> str:
    """The path of another file, from the current folder if it is below that."""
    here = os.path.realpath(os.getcwd())
    real = os.path.realpath(path)
    try:
        is_below = os.path.commonpath([here, real]) == here
    except ValueError:  # on another drive
        return path
    return os.path.relpath(real, here) if is_below else path
