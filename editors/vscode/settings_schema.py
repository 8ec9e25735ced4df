"""Writes the extension's settings and commands into package.json, from the linter's options."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))  # behind what is installed

from estimator_lint.command_line.options import add_options
from estimator_lint.language_server.client_settings import LISTS, SECTION, STRINGS, SWITCHES, key_of

MANIFEST = Path(__file__).with_name("package.json")


def option_helps() -> dict[str, str]:
    """The help text of each option of the command line."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    return {
        name.removeprefix("--"): action.help or ""
        for action in parser._actions
        for name in action.option_strings
    }


def contributes() -> dict[str, Any]:
    """The settings and commands of the extension."""
    helps = option_helps()
    properties: dict[str, Any] = {
        f"{SECTION}.path": {
            "type": "string",
            "default": SECTION,
            "scope": "machine-overridable",
            "description": "The program to start.",
        },
        f"{SECTION}.enabled": _setting("boolean", True, "Whether to check files."),
        f"{SECTION}.seconds": _setting("number", 10, "Time limit for one file, in seconds."),
        f"{SECTION}.config": _setting(
            "string", "", "The only configuration file to read, instead of those that are found."
        ),
    }
    for option in LISTS:
        setting = _setting("array", [], helps[option])
        properties[f"{SECTION}.{key_of(option)}"] = {**setting, "items": {"type": "string"}}
    for option in STRINGS:
        properties[f"{SECTION}.{key_of(option)}"] = _setting("string", "", helps[option])
    for option in SWITCHES:
        properties[f"{SECTION}.{key_of(option)}"] = _setting("boolean", False, helps[option])
    commands = {"chooseShownMode": "Choose the shown mode", "restart": "Restart the server"}
    return {
        "configuration": {"title": "estimator-lint", "properties": properties},
        "commands": [
            {"command": f"{SECTION}.{name}", "title": title, "category": "estimator-lint"}
            for name, title in commands.items()
        ],
    }


def _setting(kind: str, default: object, text: str) -> dict[str, Any]:
    return {"type": kind, "default": default, "scope": "resource", "description": text}


def main() -> None:
    """Write them."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["contributes"] = contributes()
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    MANIFEST.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
