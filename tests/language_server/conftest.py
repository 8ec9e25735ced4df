"""Servers that many tests share, since starting one takes a second."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language_server.raw_client import PULLED, PUSHED, RawClient, running

_numbers = itertools.count(1)

#: On a busy machine, a large file may take longer than users are made to wait.
_PATIENT = {"seconds": 600}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the shared servers have open."""
    return tmp_path_factory.mktemp("a project with spaces")


@pytest.fixture(scope="session")
def _pushed(folder: Path) -> Iterator[RawClient]:
    with running(folder, capabilities=PUSHED, initializationOptions=_PATIENT) as client:
        yield client


@pytest.fixture(scope="session")
def _pulled(folder: Path) -> Iterator[RawClient]:
    with running(folder, capabilities=PULLED, initializationOptions=_PATIENT) as client:
        yield client


@pytest.fixture
def client(_pushed: RawClient) -> RawClient:
    """A client that receives pushed diagnostics."""
    return _pushed


@pytest.fixture
def asking(_pulled: RawClient) -> RawClient:
    """A client that pulls diagnostics."""
    return _pulled


@pytest.fixture
def uri(folder: Path) -> str:
    """The URI of a text that no other test uses."""
    return (folder / f"model {next(_numbers)}.py").as_uri()
