"""Names of TensorFlow as reports write them, and which version they are of."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from estimator_lint.discovery.api_names import api_names
from estimator_lint.migration.replacements.replacement import Replacement, Topic
from estimator_lint.tensorflow_api.exports import exports

if TYPE_CHECKING:
    from estimator_lint.syntax.source import SourceFile

_ROOT: Final = "tensorflow."
_FIRST: Final = "1.15"
#: The topics of names that mean something else in TensorFlow 2.
_OTHERWISE: Final = frozenset({Topic.LOSS, Topic.METRIC, Topic.SUMMARY})


def shown_name(path: str) -> str:
    """A dotted import path as people write it."""
    is_internal = ".python." in path
    if path.startswith(_ROOT) and not is_internal:
        return f"tf.{path.removeprefix(_ROOT)}"
    return path


def is_for_version_1(source: SourceFile) -> bool:
    """Whether a file reads a name that only TensorFlow 1 has."""
    return any(
        all(exports().versions_of(path.removeprefix(_ROOT)) == [_FIRST] for path in name.paths)
        for name in api_names(source)
    )


def may_be_of_version_2(path: str, row: Replacement, *, for_version_1: bool) -> bool:
    """Whether a name that has a row may be one of TensorFlow 2 with another meaning.

    Args:
        path: its dotted import path.
        row: what takes its place, as a name of TensorFlow 1.
        for_version_1: the file is for that.
    """
    if for_version_1 or row.topic not in _OTHERWISE or ".compat.v1." in path:
        return False
    versions = exports().versions_of(path.removeprefix(_ROOT))
    return any(version != _FIRST for version in versions)


def shown_path(path: str) -> str:
    """The path of another file, from the current folder if it is below that."""
    here = os.path.realpath(os.getcwd())
    real = os.path.realpath(path)
    try:
        is_below = os.path.commonpath([here, real]) == here
    except ValueError:  # on another drive
        return path
    return os.path.relpath(real, here) if is_below else path
