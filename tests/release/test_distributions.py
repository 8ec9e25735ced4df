"""An sdist does not depend on the time and the user of the build."""

from __future__ import annotations

import io
import tarfile
import time
from pathlib import Path

from release.distributions import normalise_sdist


def packed(path: Path, names: list[str], when: int, user: str) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname, member.uid = 4, when, user, when
            member.mode = 0o600
            archive.addfile(member, io.BytesIO(name.encode()))
    return path


def test_two_archives_of_the_same_files(tmp_path: Path) -> None:
    first = packed(tmp_path / "a.tar.gz", ["x/aa", "x/bb"], 1, "me")
    other = packed(tmp_path / "b.tar.gz", ["x/bb", "x/aa"], int(time.time()), "you")
    for path in (first, other):
        normalise_sdist(path, 1_700_000_000)
    assert first.read_bytes() == other.read_bytes()
    with tarfile.open(first) as archive:
        members = {member.name: member for member in archive.getmembers()}
        content = archive.extractfile("x/bb")
        assert content is not None
        assert content.read() == b"x/bb"
    assert list(members) == ["x/aa", "x/bb"]
    assert {member.mtime for member in members.values()} == {1_700_000_000}
    assert {member.mode for member in members.values()} == {0o644}
