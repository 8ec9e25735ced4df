"""The output of ``--show-settings``: each setting as in pyproject.toml."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from estimator_lint.configuration.project_settings import FLAKE8_KEYS, SWITCHES
from estimator_lint.printable import is_printable, printable

if TYPE_CHECKING:
    from estimator_lint.configuration.project_settings import Configuration


def shown_settings(configuration: Configuration) -> str:
    """The files that were read, and the settings from them and the command line."""
    lines = [
        f"# flake8's file: {printable(configuration.flake8_file) or 'none'}",
        f"# pyproject.toml: {printable(configuration.pyproject) or 'none'}",
        "[tool.estimator_lint]",
    ]
    lines += [
        f"{name.replace('_', '-')} = {_as_toml(value)}"
        for name, value in sorted(_values(configuration).items())
    ]
    ignored = _ignored_in(configuration)
    if ignored:
        lines += ["", "[tool.estimator_lint.per-file-ignores]"]
        lines += [f"{_as_toml(name)} = {_as_toml(codes)}" for name, codes in ignored.items()]
    return "".join(f"{line}\n" for line in lines)


def _values(configuration: Configuration) -> dict[str, Any]:
    options = configuration.options
    settings = configuration.settings
    values = {name: getattr(options, name) for name in FLAKE8_KEYS}
    values["jobs"] = configuration.jobs
    values["filename"] = configuration.filenames
    values |= {name: getattr(configuration, name) for name in (*SWITCHES, "baseline")}
    values |= {
        "model_fns": settings.model_fn_globs,
        "decorators": settings.decorators,
        "require_modes": sorted(mode.name for mode in settings.require_modes),
        "source_roots": settings.source_roots,
        "tf_version": settings.tensorflow_version or "",
        "certain": settings.certain_only,
        "hints": settings.hints,
    }
    return values


def _ignored_in(configuration: Configuration) -> dict[str, list[str]]:
    from flake8.utils import parse_files_to_codes_mapping

    mapping = configuration.options.per_file_ignores or ""
    return {**dict(parse_files_to_codes_mapping(mapping)), **configuration.ignored_in}


def _as_toml(value: object) -> str:
    """Strings, numbers, booleans and lists of strings are written alike in JSON and TOML."""
    if value is None:
        value = []
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    """As TOML escapes it if it is not printable; half of a surrogate pair it can't have."""
    if is_printable(character):
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return f"\\\\u{code:04x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
