"""``estimator-lint server`` itself: its arguments, and its errors if it can't start."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from estimator_lint.program import main


def test_without_pygls_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["server"]) == 2
    assert "pip install 'estimator-lint[server]'" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["x", "localhost:", "localhost:99999", "localhost:-1", "٣"])
def test_what_is_no_port_is_refused(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["server", "--tcp", address])
    assert "is not a port number" in capsys.readouterr().err


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["server", "--tcp", f"127.0.0.1:{taken.getsockname()[1]}"]) == 2
    assert "estimator-lint server: error: " in capsys.readouterr().err


def test_help_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "server" in capsys.readouterr().out
