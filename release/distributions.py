"""The files of a release, built reproducibly: the same commit gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path


class NotReproducibleError(Exception):
    """Two builds of the same commit differ; the text says where."""


def build_twice(root: Path, target: Path) -> list[Path]:
    """Build sdist and wheel of the checked-out commit, twice; leaves them in ``target``.

    Raises:
        NotReproducibleError: the builds differ.
        subprocess.CalledProcessError: something could not be built.
    """
    with tempfile.TemporaryDirectory() as folder:
        first, second = (_built(root, Path(folder) / name) for name in ("first", "another"))
        if _hashes(first) != _hashes(second):
            differing = sorted({*_hashes(first).items()} ^ {*_hashes(second).items()})
            names = sorted({name for name, _ in differing})
            raise NotReproducibleError(f"two builds differ: {', '.join(names)}")
        target.mkdir(exist_ok=True)
        for old in [*target.glob("*.whl"), *target.glob("*.tar.gz")]:
            old.unlink()
        return [Path(shutil.copy(path, target)) for path in first]


def _built(root: Path, folder: Path) -> list[Path]:
    """The sdist and the wheel of a fresh clone, so that uncommitted files are in neither."""
    clone, output = folder / "clone", folder / "dist"
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    epoch = subprocess.run(command, stdout=subprocess.PIPE, encoding="ascii", check=True).stdout
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch.strip(), "PYTHONHASHSEED": "0"}
    _quietly(["git", "clone", "--quiet", "--no-hardlinks", str(root), str(clone)], environment)
    build = [sys.executable, "-m", "build", "--outdir", str(output)]
    _quietly([*build, "--sdist", str(clone)], environment)
    (sdist,) = output.glob("*.tar.gz")
    normalise_sdist(sdist, int(epoch))
    unpacked = folder / "unpacked"
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked)
    _quietly([*build, "--wheel", str(unpacked / sdist.name.removesuffix(".tar.gz"))], environment)
    return sorted(output.iterdir())


def _quietly(command: list[str], environment: Mapping[str, str]) -> None:
    """Run a command; show its output only if it fails."""
    finished = subprocess.run(
        command,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if finished.returncode:
        print(finished.stdout)
        raise subprocess.CalledProcessError(finished.returncode, command)


def normalise_sdist(path: Path, epoch: int) -> None:
    """Rewrite an sdist without metadata that depends on the time and the user of the build.

    Args:
        path: the path of the archive.
        epoch: the time of every member, in seconds since 1970.
    """
    plain = io.BytesIO()
    with (
        tarfile.open(path) as old,
        tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mtime = epoch
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=epoch) as packed:
        packed.write(plain.getvalue())


def _hashes(paths: list[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
