"""The command line: ``python -m release``, which ``dev.py release`` runs."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

from release.distributions import NotReproducibleError, build_twice
from release.readiness import obstacles, version_of

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Check, build, and tag; the exit status."""
    parser = argparse.ArgumentParser(prog="dev.py release", description=__doc__)
    parser.add_argument(
        "--check", metavar="TAG", help="make no tag: the commit has this one, and has to deserve it"
    )
    parser.add_argument(
        "--rehearse", action="store_true", help="build all the same, say what is amiss, and fail"
    )
    options = parser.parse_args()
    found = list(obstacles(ROOT, options.check))
    for obstacle in found:
        print(f"not ready: {obstacle}", file=sys.stderr)
    if found and not options.rehearse:
        return 1
    try:
        built = build_twice(ROOT, ROOT / "dist")
        names = [str(path) for path in built]
        subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *names], check=True)
    except (NotReproducibleError, subprocess.CalledProcessError) as error:
        print(f"not ready: {error}", file=sys.stderr)
        return 1
    for path in built:
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(ROOT), flush=True)
    if found:
        return 1
    if options.check is None:
        version = version_of(ROOT)
        command = ["git", "-C", str(ROOT), "tag", "--annotate", f"v{version}"]
        subprocess.run([*command, "--message", f"estimator-lint {version}"], check=True)
        print(f"tagged v{version}; to publish it: git push origin v{version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
