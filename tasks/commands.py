"""Running commands in the checkout."""

import os
import subprocess
import sys
from typing import Optional, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class TaskError(Exception):
    """A task can't be done; the message says why, and what would help."""


def say(text: str) -> None:
    print("dev.py: " + text, flush=True)


def read(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def run(command: Sequence[str]) -> None:
    """Run ``command`` in the checkout; if it fails, so does the task."""
    status = subprocess.call(command, cwd=ROOT)
    if status:
        raise TaskError("exit status %d from: %s" % (status, " ".join(command)))


def run_silently(command: Sequence[str]) -> None:
    """The same, but the output is only shown if it fails."""
    finished = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if finished.returncode:
        sys.stdout.buffer.write(finished.stdout)
        raise TaskError("exit status %d from: %s" % (finished.returncode, " ".join(command)))


def output_of(command: Sequence[str], timeout: Optional[float] = None) -> str:
    """The standard output of ``command``."""
    finished = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=timeout,
        check=True,
    )
    return finished.stdout.decode("utf-8", "replace").strip()
