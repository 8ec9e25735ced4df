"""Folders, files that depend on others, configuration, and changes on the disk."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.language_server import refreshes
from tests.command_line.program import CLEAN, FAULTY, write
from tests.language_server.raw_client import PULLED, PUSHED, RawClient, codes, running, span
from tests.notebooks.samples import notebook

#: A model function whose helper is in another file.
USER = """\
import tensorflow as tf

import helper


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=helper.loss(features, mode), train_op=features)
"""
GOOD_HELPER = "def loss(features, mode):\n    return features\n"
BAD_HELPER = GOOD_HELPER.replace(":\n", ":\n    if mode == 'eval':\n        return None\n", 1)


@pytest.fixture(scope="module")
def _pushed() -> Iterator[RawClient]:
    with running(capabilities=PUSHED) as client:
        yield client


@pytest.fixture(scope="module")
def _pulled() -> Iterator[RawClient]:
    with running(capabilities=PULLED) as client:
        yield client


@pytest.fixture
def project(tmp_path: Path, _pushed: RawClient, _pulled: RawClient) -> Iterator[Path]:
    """A folder that is open in both clients."""
    folder = tmp_path / "pröject 1"
    folder.mkdir()
    folders = [{"uri": folder.as_uri(), "name": "project"}]
    for client in (_pushed, _pulled):
        client.notify(
            "workspace/didChangeWorkspaceFolders", {"event": {"added": folders, "removed": []}}
        )
        client.command("status")
    yield folder
    for client in (_pushed, _pulled):
        client.notify(
            "workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": folders}}
        )
        client.settings.clear()
        client.command("status")


def told(client: RawClient, *paths: Path, kind: int = 2) -> None:
    """Report that files on the disk changed (2), are new (1) or deleted (3)."""
    changes = [{"uri": path.as_uri(), "type": kind} for path in paths]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})


# Files that depend on others


def test_a_file_that_depends_on_a_buffer_is_told_anew(client: RawClient, project: Path) -> None:
    helper, user = write(project / "helper.py", GOOD_HELPER), write(project / "user.py", USER)
    client.open(user.as_uri(), USER)
    assert client.published(user.as_uri()) == []
    client.open(helper.as_uri(), GOOD_HELPER)
    assert client.published(user.as_uri()) == []
    client.change(helper.as_uri(), BAD_HELPER)
    assert codes(client.published(user.as_uri())) == ["MFN103"]
    client.close(helper.as_uri())  # the file on the disk counts again
    assert client.published(user.as_uri()) == []
    client.close(user.as_uri())


def test_what_was_not_pulled_again_is_to_be_refreshed(asking: RawClient, project: Path) -> None:
    helper, user = write(project / "helper.py", GOOD_HELPER), write(project / "user.py", USER)
    asking.open(user.as_uri(), USER)
    asking.open(helper.as_uri(), GOOD_HELPER)
    assert asking.pull(user.as_uri())["items"] == []
    asking.requests.clear()
    asking.change(helper.as_uri(), BAD_HELPER)
    asking.wait_for("workspace/diagnostic/refresh")
    asking.wait_for("workspace/codeLens/refresh")
    assert codes(asking.pull(user.as_uri())["items"]) == ["MFN103"]
    asking.change(helper.as_uri(), f"{BAD_HELPER}# the same for the other file\n")
    asking.pull(helper.as_uri())
    asking.pull(user.as_uri())
    time.sleep(2 * refreshes._PAUSE)
    assert asking.requests == []
    asking.close(helper.as_uri())
    asking.close(user.as_uri())


def test_a_file_on_the_disk_that_others_depend_on(client: RawClient, project: Path) -> None:
    helper, user = write(project / "helper.py", GOOD_HELPER), write(project / "user.py", USER)
    client.open(user.as_uri(), USER)
    assert client.published(user.as_uri()) == []
    write(helper, BAD_HELPER)
    told(client, helper)
    assert codes(client.published(user.as_uri())) == ["MFN103"]
    helper.unlink()
    told(client, helper, kind=3)
    assert client.published(user.as_uri()) == []
    write(helper, BAD_HELPER)
    told(client, helper, kind=1)
    assert codes(client.published(user.as_uri())) == ["MFN103"]
    client.close(user.as_uri())


def test_a_file_that_gets_another_name(client: RawClient, project: Path) -> None:
    other, user = write(project / "other.py", BAD_HELPER), write(project / "user.py", USER)
    client.open(user.as_uri(), USER)
    assert client.published(user.as_uri()) == []
    other.rename(project / "helper.py")
    renamed = {"oldUri": other.as_uri(), "newUri": (project / "helper.py").as_uri()}
    client.notify("workspace/didRenameFiles", {"files": [renamed]})
    assert codes(client.published(user.as_uri())) == ["MFN103"]
    (project / "helper.py").unlink()
    client.notify("workspace/didDeleteFiles", {"files": [{"uri": renamed["newUri"]}]})
    assert client.published(user.as_uri()) == []
    client.close(user.as_uri())


def test_an_open_file_that_is_gone_from_the_disk(client: RawClient, project: Path) -> None:
    path = write(project / "model.py", FAULTY)
    client.open(path.as_uri())
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    path.unlink()
    told(client, path, kind=3)
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    client.close(path.as_uri())


# Configuration


def test_a_new_file_in_a_new_folder(client: RawClient, tmp_path: Path) -> None:
    write(tmp_path / "setup.cfg", "[flake8]\nextend-ignore = MFN2\n")
    uri = (tmp_path / "new" / "folder" / "model.py").as_uri()
    client.open(uri)
    assert codes(client.published(uri)) == ["MFN103"]
    assert not [text for text in client.messages() if str(tmp_path) in text]
    client.close(uri)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.cfg", "[flake8]\nignore = MFN103\n"),
        ("tox.ini", "[flake8]\nextend-ignore = MFN1\n"),
        (".flake8", "[flake8]\nper-file-ignores = model.py:MFN103\n"),
        ("pyproject.toml", "[tool.estimator_lint]\nignore = ['MFN103']\n"),
        ("pyproject.toml", "[tool.estimator_lint.per-file-ignores]\n'model.py' = ['MFN103']\n"),
        ("pyproject.toml", "[tool.estimator_lint]\nextend-exclude = ['mod*']\n"),
    ],
)
def test_the_configuration_counts_and_is_read_again(
    name: str, text: str, client: RawClient, project: Path
) -> None:
    path = project / "model.py"
    client.open(path.as_uri())
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    write(project / name, text)
    told(client, project / name, kind=1)
    assert client.published(path.as_uri()) == []
    (project / name).unlink()
    told(client, project / name, kind=3)
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    client.close(path.as_uri())


def test_a_configuration_that_can_not_be_used_is_told_once(
    client: RawClient, project: Path
) -> None:
    path = project / "model.py"
    client.open(path.as_uri())
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    write(project / "pyproject.toml", "[tool.estimator_lint]\nselekt = ['MFN']\n")
    told(client, project / "pyproject.toml", kind=1)
    # The last valid one counts.
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    client.published(path.as_uri(), client.change(path.as_uri(), CLEAN))
    told_once = [text for text in client.messages() if "selekt" in text]
    assert len(told_once) == 1
    assert "did you mean 'select'?" in told_once[0]
    # Again, if it was valid in the meantime.
    text = (project / "pyproject.toml").read_text()
    for each in ("", text):
        write(project / "pyproject.toml", each)
        told(client, project / "pyproject.toml")
        client.published(path.as_uri())
    assert len([text for text in client.messages() if "selekt" in text]) == 2
    client.close(path.as_uri())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["MFN103"]),
        (None, ["MFN103"]),
        ({"ignore": ["MFN103"]}, []),
        ({"ignore": "MFN103,MFN104"}, []),
        ({"extend-ignore": ["MFN103"]}, []),
        ({"extend_ignore": ["missing-loss-in-eval"]}, []),
        ({"select": ["MFN104"]}, []),
        ({"enabled": False}, []),
        ({"config": "other.cfg"}, []),
        ({"ignore": 3, "nonsense": 4, "seconds": -1, "certain": "x"}, ["MFN103"]),
        (["MFN103"], ["MFN103"]),
    ],
    ids=str,
)
def test_settings_of_the_client(
    settings: object, expected: list[str], client: RawClient, project: Path
) -> None:
    write(project / "other.cfg", "[flake8]\nignore = MFN103\n")
    path = project / "model.py"
    client.settings[project.as_uri()] = settings
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.command("status")
    client.open(path.as_uri())
    found = codes(client.published(path.as_uri()))
    assert set(found) == set(expected)
    client.close(path.as_uri())


def test_settings_that_can_not_be_used_are_told(client: RawClient, project: Path) -> None:
    client.settings[project.as_uri()] = {"nonsense": 1}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.wait_for("window/showMessage", lambda params: "nonsense" in params["message"])


def test_settings_that_are_pushed(client: RawClient, project: Path) -> None:
    path = project / "model.py"
    client.open(path.as_uri())
    assert codes(client.published(path.as_uri())) == ["MFN103"]
    for settings, expected in (({"ignore": ["MFN103"]}, []), ({}, ["MFN103"])):
        client.notify(
            "workspace/didChangeConfiguration", {"settings": {"estimator-lint": settings}}
        )
        assert codes(client.published(path.as_uri())) == expected
    client.close(path.as_uri())


def test_settings_that_change_are_told_to_who_pulls(asking: RawClient, project: Path) -> None:
    path = project / "model.py"
    asking.open(path.as_uri())
    assert codes(asking.pull(path.as_uri())["items"]) == ["MFN103"]
    given: list[dict[str, object] | None] = [{"ignore": ["MFN103"]}, None, {"enabled": False}, None]
    for settings in given:
        asking.settings[project.as_uri()] = settings
        asking.requests.clear()
        asking.notify("workspace/didChangeConfiguration", {"settings": None})
        asking.wait_for("workspace/diagnostic/refresh")
        expected = ["MFN103"] if settings is None else []
        assert codes(asking.pull(path.as_uri())["items"]) == expected
    asking.close(path.as_uri())


def test_two_folders_each_with_its_configuration(
    client: RawClient, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write(other / ".flake8", "[flake8]\nignore = MFN103\n")
    folders = [{"uri": other.as_uri(), "name": "other"}]
    client.notify(
        "workspace/didChangeWorkspaceFolders", {"event": {"added": folders, "removed": []}}
    )
    for folder, expected in ((project, ["MFN103"]), (other, [])):
        uri = (folder / "model.py").as_uri()
        client.open(uri)
        assert codes(client.published(uri)) == expected
    client.notify(
        "workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": folders}}
    )
    for folder in (project, other):
        client.close((folder / "model.py").as_uri())


# Files that are not open


def workspace(client: RawClient, known: dict[str, str]) -> dict[str, tuple[list[str], str]]:
    """For each reported file, its codes and the result ID."""
    previous = [{"uri": uri, "value": value} for uri, value in known.items()]
    answer = client.request("workspace/diagnostic", {"previousResultIds": previous})
    return {
        item["uri"]: (codes(item["items"]), item["resultId"])
        for item in answer["items"]
        if item["kind"] == "full"
    }


def test_a_whole_folder(asking: RawClient, project: Path) -> None:
    model = write(project / "package" / "model.py", FAULTY)
    write(project / "build" / "excluded.py", FAULTY)
    write(project / "clean.py", CLEAN)
    write(project / "pyproject.toml", "[tool.estimator_lint]\nextend-exclude = ['build']\n")
    told(asking, project / "pyproject.toml", kind=1)
    found = workspace(asking, {})
    assert {uri: codes for uri, (codes, _) in found.items()} == {model.as_uri(): ["MFN103"]}
    # The next answer is delayed until something changes.
    known = {uri: value for uri, (_, value) in found.items()}
    previous = [{"uri": uri, "value": value} for uri, value in known.items()]
    number = asking.ask("workspace/diagnostic", {"previousResultIds": previous})
    asking.command("status")
    assert number not in asking._answers
    write(model, CLEAN)
    told(asking, model)
    (item,) = asking.answer(number)["result"]["items"]
    assert (item["uri"], item["items"]) == (model.as_uri(), [])


def waits(client: RawClient, known: dict[str, str]) -> None:
    """The next answer is delayed."""
    previous = [{"uri": uri, "value": value} for uri, value in known.items()]
    number = client.ask("workspace/diagnostic", {"previousResultIds": previous})
    for _ in "ab":
        client.command("status")
        workspace(client, {"file:///gone.py": "gone"})
    assert number not in client._answers
    client.notify("$/cancelRequest", {"id": number})
    assert client.answer(number)["error"]["code"] == -32800


def test_a_folder_without_findings_is_not_searched_again_and_again(
    asking: RawClient, project: Path
) -> None:
    write(project / "model.py", CLEAN)
    assert workspace(asking, {}) == {}
    waits(asking, {})


def test_who_sends_the_results_of_open_files_as_well(asking: RawClient, project: Path) -> None:
    """Visual Studio Code does, once it has got both kinds for a file."""
    model = write(project / "model.py", FAULTY)
    asking.open(model.as_uri())
    report = asking.pull(model.as_uri())
    waits(asking, {model.as_uri(): report["resultId"]})
    asking.close(model.as_uri())


def test_a_request_that_waits_can_be_cancelled(asking: RawClient, project: Path) -> None:
    write(project / "model.py", FAULTY)
    found = workspace(asking, {})
    previous = [{"uri": uri, "value": value} for uri, (_, value) in found.items()]
    number = asking.ask("workspace/diagnostic", {"previousResultIds": previous})
    asking.command("status")
    asking.notify("$/cancelRequest", {"id": number})
    assert asking.answer(number)["error"]["code"] == -32800


def test_what_is_open_is_not_reported_with_the_folder(asking: RawClient, project: Path) -> None:
    model = write(project / "model.py", FAULTY)
    found = workspace(asking, {})
    assert found[model.as_uri()][0] == ["MFN103"]
    asking.open(model.as_uri())
    told(asking, model)
    known = {uri: value for uri, (_, value) in found.items()}
    assert workspace(asking, known)[model.as_uri()][0] == []
    asking.close(model.as_uri())


def test_what_is_open_under_another_name_is_not_reported(asking: RawClient, project: Path) -> None:
    """Clients escape characters of their own choice, and links lead to a file as well."""
    model = write(project / "model+(1).py", FAULTY)
    write(project / "other.py", FAULTY)
    uri = model.as_uri().replace("%2B", "+").replace("%28", "(")
    assert uri != model.as_uri()
    asking.open(uri)
    assert list(workspace(asking, {})) == [(project / "other.py").as_uri()]
    asking.close(uri)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_folder_behind_a_link(asking: RawClient, project: Path) -> None:
    """Its files have the names that they have for the client."""
    write(project / "packages" / "model.py", FAULTY)
    link = project.with_name("link")
    link.symlink_to(project / "packages")
    folders = [{"uri": link.as_uri(), "name": "link"}]
    for event in ({"added": folders, "removed": []}, {"added": [], "removed": folders}):
        asking.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        if event["added"]:
            assert (link / "model.py").as_uri() in workspace(asking, {})


def test_a_notebook_that_is_not_open(asking: RawClient, project: Path) -> None:
    text = notebook("import tensorflow as tf\n", FAULTY.split("\n", 1)[1])
    path = write(project / "model.ipynb", text)
    previous: dict[str, Any] = {"previousResultIds": []}
    (item,) = asking.request("workspace/diagnostic", previous)["items"]
    assert (item["uri"], codes(item["items"])) == (path.as_uri(), ["MFN103"])
    (found,) = item["items"]
    assert found["message"] == "cell 2, line 5: EstimatorSpec has no loss in EVAL"
    line = found["range"]["start"]["line"]
    assert "return tf.estimator.EstimatorSpec(mode)" in text.splitlines()[line]
    assert found["range"] == span(line, 0, line + 1, 0)
    assert all(
        each["location"]["uri"] == path.as_uri() for each in found.get("relatedInformation", ())
    )


def test_a_file_that_depends_on_another_on_the_disk(asking: RawClient, project: Path) -> None:
    helper, user = write(project / "helper.py", GOOD_HELPER), write(project / "user.py", USER)
    write(project / "faulty.py", FAULTY)
    found = workspace(asking, {})
    assert user.as_uri() not in found
    write(helper, BAD_HELPER + "\n")
    told(asking, helper)
    known = {uri: value for uri, (_, value) in found.items()}
    assert workspace(asking, known)[user.as_uri()][0] == ["MFN103"]
