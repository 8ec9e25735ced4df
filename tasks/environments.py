"""Creating virtual environments, each for one purpose, and keeping them up to date."""

import hashlib
import os
import shutil
import subprocess
import sys
from typing import Iterator, List, Sequence

from tasks.commands import ROOT, TaskError, output_of, read, run, say
from tasks.interpreters import NEWEST, OLDEST, Python, Version, fitting_interpreters

ENVIRONMENTS = os.path.join(ROOT, ".venvs")


def executable(environment: str, name: str) -> str:
    """The path of the program ``name`` in ``environment``."""
    if os.name == "nt":
        return os.path.join(environment, "Scripts", name + ".exe")
    return os.path.join(environment, "bin", name)


def ways_to_create(python: Python, target: str) -> Iterator[List[List[str]]]:
    """Commands that create an environment with pip at ``target``, the usual ones first.

    The others are for Pythons without ensurepip, such as Debian's without python3-venv.
    """
    yield [[python.path, "-m", "venv", target]]
    yield [
        [python.path, "-m", "venv", "--without-pip", target],
        [python.path, "-m", "pip", "--python", executable(target, "python"), "install", "pip"],
    ]
    yield [[python.path, "-m", "virtualenv", target]]
    yield [["uv", "venv", "--seed", "--python", python.path, target]]


def create(python: Python, target: str) -> bool:
    """Create an environment with pip at ``target``; False if no command works."""
    for commands in ways_to_create(python, target):
        shutil.rmtree(target, ignore_errors=True)
        try:
            for command in commands:
                output_of(command)
            output_of([executable(target, "python"), "-m", "pip", "--version"])
            return True
        except (OSError, subprocess.SubprocessError):
            continue
    shutil.rmtree(target, ignore_errors=True)
    return False


def environment_with(
    purpose: str,
    requirements: Sequence[str],
    oldest: Version = OLDEST,
    newest: Version = NEWEST,
) -> str:
    """The environment for ``purpose``, created or updated if needed."""
    found = []
    for python in fitting_interpreters(oldest, newest):
        found.append(python.path)
        target = os.path.join(ENVIRONMENTS, purpose + "-" + python.label)
        stamp = os.path.join(target, "installed")
        wanted = fingerprint(python, requirements)
        if read(stamp) == wanted:
            return target
        say("making %s with %s" % (os.path.relpath(target, ROOT), python.path))
        if not create(python, target):
            continue
        install(target, *requirements)
        with open(stamp, "w") as file:
            file.write(wanted)
        return target
    raise TaskError(why_no_environment(oldest, newest, found))


def why_no_environment(oldest: Version, newest: Version, found: Sequence[str]) -> str:
    if found:
        return (
            "none of these can make a virtual environment: %s. It takes ensurepip (Debian and "
            "Ubuntu: apt install python3-venv), or pip, virtualenv or uv." % ", ".join(found)
        )
    return "no Python from %d.%d to %d.%d was found on PATH or among pyenv's versions" % (
        oldest + newest
    )


def fingerprint(python: Python, requirements: Sequence[str]) -> str:
    """A fingerprint that changes whenever an environment has to be recreated."""
    parts = [python.path, *requirements]
    if any(requirement.startswith(ROOT) for requirement in requirements):
        described_in = ("setup.cfg", "setup.py", "pyproject.toml")
        parts += [read(os.path.join(ROOT, name)) or "" for name in described_in]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def install(environment: str, *requirements: str) -> None:
    """Pip install ``requirements``."""
    # Otherwise setuptools would put modules that no longer exist into the package.
    shutil.rmtree(os.path.join(ROOT, "build"), ignore_errors=True)
    python = executable(environment, "python")
    options = ["--disable-pip-version-check", "-qq"]
    if not sys.dont_write_bytecode:  # most modules are never imported, and not worth compiling
        options.append("--no-compile")
    run([python, "-m", "pip", "install", *options, *requirements])


def checkout(extra: str = "") -> List[str]:
    """The requirement that installs this checkout in editable mode."""
    return ["--editable", ROOT + ("[%s]" % extra if extra else "")]
