"""Fetching and unpacking the published packages that the linter is tested on.

Their files are not committed: ``packages.json`` has names, versions and hashes, and pip downloads
the files into a folder with its own .gitignore.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).with_name("packages.json")
CACHE = ROOT / ".cache" / "ecosystem"


@dataclass(frozen=True)
class Package:
    """One pinned file of the package registry."""

    name: str
    version: str
    file: str
    sha256: str

    @property
    def requirement(self) -> str:
        """A line of a pip requirements file."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"

    def archive(self, cache: Path) -> Path:
        return cache / "downloads" / self.file

    def folder(self, cache: Path) -> Path:
        """The folder in which it is unpacked; named by its hash, so it changes with the pin."""
        return cache / "unpacked" / f"{self.name}-{self.version}-{self.sha256[:12]}"

    def python_files(self, cache: Path) -> Iterator[tuple[str, Path]]:
        """Its Python files, each with its path inside the package."""
        folder = self.folder(cache)
        for path in sorted(folder.rglob("*.py")):
            yield path.relative_to(folder).as_posix(), path


def pinned() -> list[Package]:
    """The packages of ``packages.json``."""
    return [Package(**pin) for pin in json.loads(PINS.read_text(encoding="utf-8"))]


def provide(packages: list[Package], cache: Path = CACHE) -> None:
    """Download ``packages``, unless they are there already."""
    missing = [package for package in packages if not package.folder(cache).is_dir()]
    if not missing:
        return
    cache.mkdir(parents=True, exist_ok=True)
    (cache / ".gitignore").write_text("*\n", encoding="utf-8")
    _download([package for package in missing if not _is_downloaded(package, cache)], cache)
    for package in missing:
        _unpack(package, cache)


def _is_downloaded(package: Package, cache: Path) -> bool:
    archive = package.archive(cache)
    return archive.is_file() and _hash_of(archive) == package.sha256


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _download(packages: list[Package], cache: Path) -> None:
    if not packages:
        return
    requirements = cache / "requirements.txt"
    lines = "".join(f"{package.requirement}\n" for package in packages)
    requirements.write_text(lines, encoding="utf-8")
    # The packages are read, never run, so their supported Python versions do not matter.
    options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    where = ["--dest", str(cache / "downloads"), "--requirement", str(requirements)]
    subprocess.run([*pip, *options, *where], check=True)


def _unpack(package: Package, cache: Path) -> None:
    archive, folder = package.archive(cache), package.folder(cache)
    if _hash_of(archive) != package.sha256:
        raise ValueError(f"{archive.name} is not the file that packages.json pins")
    partial = folder.with_suffix(".partial")
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(partial)
    else:
        with tarfile.open(archive) as sdist:
            sdist.extractall(partial, filter="data")
    partial.rename(folder)


def text_of(path: Path) -> str:
    """The text of a source file, whatever its encoding."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return path.read_text(encoding="latin-1")
