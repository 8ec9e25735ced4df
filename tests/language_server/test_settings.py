"""The settings of the client are the options of the linter, in the server and in the extension."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path
from typing import Any, cast

import pytest

from estimator_lint.configuration.project_settings import FLAKE8_KEYS
from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.language_server import session
from estimator_lint.language_server.client_settings import (
    LISTS,
    STRINGS,
    SWITCHES,
    key_of,
    read_settings,
)

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"

#: Options for a run, not for a file.
_OF_RUNS = {"filename", "jobs"}


class _Options(list[str]):
    """Receives the plugin's options instead of flake8."""

    def add_option(self, name: str, **about: object) -> None:
        """Record an option."""
        self.append(name.removeprefix("--"))


def test_every_option_is_a_setting() -> None:
    plugins = _Options()
    EstimatorChecker.add_options(plugins)
    flake8s = {key.replace("_", "-") for key in FLAKE8_KEYS} - _OF_RUNS | {"per-file-ignores"}
    assert {*LISTS, *STRINGS, *SWITCHES} == {*plugins, *flake8s}


def test_the_extension_has_these_settings() -> None:
    """``python3 dev.py vscode`` writes them."""
    specification = importlib.util.spec_from_file_location(
        "settings_schema", EXTENSION / "settings_schema.py"
    )
    assert specification is not None and specification.loader is not None
    schema = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(schema)
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    assert manifest["contributes"] == schema.contributes()
    given = {
        name.partition(".")[2]: about["default"]
        for name, about in manifest["contributes"]["configuration"]["properties"].items()
    }
    settings = read_settings(given)
    assert settings.options == ()
    assert settings.problems == ()


@pytest.mark.parametrize("name", ["requireModes", "require-modes", "require_modes"])
def test_names_in_all_fashions(name: str) -> None:
    assert read_settings({name: ["EVAL", "TRAIN"]}).options == (
        "--estimator-require-modes=EVAL,TRAIN",
    )


@pytest.mark.parametrize("option", [*LISTS, *STRINGS])
def test_a_string_will_do(option: str) -> None:
    assert read_settings({key_of(option): "X"}).options == (f"--{option}=X",)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (3, "'estimator-lint' must be an object"),
        ({"select": 3}, "'estimator-lint.select': must be a list of strings"),
        ({"select": [3]}, "'estimator-lint.select': must be a list of strings"),
        ({"tfVersion": 2.4}, "'estimator-lint.tfVersion': must be a string"),
        ({"certain": 1}, "'estimator-lint.certain': must be true or false"),
        ({"enabled": None, "modes": 1}, "'estimator-lint.modes': unknown setting"),
        (
            {"seconds": 0},
            "'estimator-lint.seconds': must be a number of seconds, more than 0 and at most 3600",
        ),
    ],
)
def test_what_can_not_be_used_is_told(given: object, problem: str) -> None:
    settings = read_settings(given)
    assert settings.problems == (problem,)
    assert settings.options == ()


class _SlowClient:
    """A client that takes its time to send its settings."""

    def __init__(self) -> None:
        self.answers: list[asyncio.Future[list[object]]] = []

    async def workspace_configuration_async(self, params: object) -> list[object]:
        self.answers.append(asyncio.get_running_loop().create_future())
        return await self.answers[-1]

    def window_log_message(self, params: object) -> None:
        pass


def test_settings_that_come_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are checked without them until then; an answer to an earlier request is not taken."""
    monkeypatch.setattr(session, "_FOR_SETTINGS", 0.01)

    async def play() -> None:
        client = _SlowClient()
        slow = session.Session(cast("Any", client), session.Abilities(tells_settings=True))
        monkeypatch.setattr(slow.evaluations.jobs, "start", lambda: None)
        asked = [asyncio.ensure_future(slow.learn_settings()) for _ in "ab"]
        await asyncio.wait_for(slow.ready.wait(), 10)
        assert slow.settings_of("model.py").enabled
        client.answers[1].set_result([{"enabled": False}])
        await asked[1]
        assert not slow.settings_of("model.py").enabled
        client.answers[0].set_result([{"enabled": True}])
        await asked[0]
        assert not slow.settings_of("model.py").enabled

    asyncio.run(play())
