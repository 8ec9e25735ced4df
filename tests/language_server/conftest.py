"""Servers that many tests share: to start one takes a second."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language_server.raw_client import PULLED, PUSHED, RawClient, running

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the shared servers have open."""
    return tmp_path_factory.mktemp("a project with spaces")


@pytest.fixture(scope="session")
def _pushed(folder: Path) -> Iterator[RawClient]:
    with running(folder, capabilities=PUSHED) as client:
        yield client


@pytest.fixture(scope="session")
def _pulled(folder: Path) -> Iterator[RawClient]:
    with running(folder, capabilities=PULLED) as client:
        yield client


@pytest.fixture
def client(_pushed: RawClient) -> RawClient:
    """A client that takes what is pushed."""
    return _pushed


@pytest.fixture
def asking(_pulled: RawClient) -> RawClient:
    """A client that asks for diagnostics."""
    return _pulled


@pytest.fixture
def uri(folder: Path) -> str:
    """The name of a text that no other test has."""
    return (folder / f"model {next(_numbers)}.py").as_uri()
