"""MFN901: names that the targeted TensorFlow version does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.rule import Rule, no_check
from estimator_lint.tensorflow_api.exports import Exports, Missing

if TYPE_CHECKING:
    from estimator_lint.discovery.api_names import ApiName

REMOVED_API = Rule(
    "MFN901",
    None,
    "removed-api",
    "The target version of TensorFlow (`--estimator-tf-version`) does not have this name.",
    "{subject}",
    no_check,  # it is about files, not about model functions
)


def removed_names(
    names: Iterable[ApiName], exports: Exports, version: str
) -> Iterator[tuple[ApiName, str]]:
    """The names that ``version`` does not have, each with its message."""
    for name, missing in missing_names(names, exports, version):
        yield name, _text(missing, version)


def missing_names(
    names: Iterable[ApiName], exports: Exports, version: str
) -> Iterator[tuple[ApiName, Missing]]:
    """The names that ``version`` does not have; not uses of an import that is reported itself."""
    for name in names:
        missing = [exports.missing(path, version) for path in name.paths]
        imports_fail = name.imported and all(
            exports.missing(path, version) is not None for path in name.imported
        )
        first = missing[0]
        if first is not None and None not in missing and not imports_fail:
            yield name, first


def _text(missing: Missing, version: str) -> str:
    when = f"removed in {missing.since}"
    if missing.since is None:
        when = f"added in {missing.until}"
    text = f"'{missing.name}' is not in TensorFlow {version}: {when}"
    return text if missing.instead is None else f"{text}; use '{missing.instead}'"
