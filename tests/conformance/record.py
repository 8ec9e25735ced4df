"""Run each model function of ``tests/fixtures`` under real TensorFlow, and record the outcome.

    python tests/conformance/record.py [--check] [--fixed] [--with-fixed] [--jobs N] [FIXTURE ...]

Needs TensorFlow and nothing else (neither estimator_lint nor libcst), and runs under TensorFlow
2.15.1 with Python 3.11 as under 1.15.0 with Python 3.7; so this file keeps to the syntax of 3.7.
Without arguments it writes ``tensorflow-<version>.json`` next to itself. ``--check`` compares with
the committed file instead and exits with 1 if they differ; under another Python version than the
committed record's, in which texts and places of some exceptions differ, only outcomes are compared.
``--jobs N`` spreads the fixtures over N processes.
Naming fixtures prints their records and writes nothing. ``--fixed`` selects the fixed fixtures, in
``tests/fixtures_fixed``, and their record ``fixed-tensorflow-<version>.json``; ``--with-fixed``
takes both kinds, with TensorFlow imported once.

``fixture_runs.py`` says which functions are run, and how.
"""

from __future__ import print_function

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tokenize

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import estimator_runs
import tensorflow as tf
from fixture_runs import TENSORFLOW, Fixture
from record_files import differences, drifted, dumps
from watching import leave_untraced

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(os.path.dirname(HERE), "fixtures")


def quiet():
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.getLogger("tensorflow").setLevel(logging.FATAL)
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.FATAL)
    # Otherwise TensorFlow removes its frames from tracebacks, and the origin of exceptions is lost.
    disable = getattr(tf.debugging, "disable_traceback_filtering", None)
    if disable:
        disable()


def digest_of(fixture):
    """A digest to detect changes of a fixture; for a project, it covers all files."""
    paths = [fixture.path]
    if fixture.project is not None:
        paths = [
            os.path.join(folder, name)
            for folder, _, names in os.walk(fixture.project)
            for name in names
            if name.endswith(".py")
        ]
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.replace(os.sep, "/")):
        with tokenize.open(path) as source:
            digest.update(source.read().encode("utf-8"))
    return digest.hexdigest()[:16]


def fixture_paths(root):
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            if name.endswith(".py") and not name.startswith("_"):
                yield os.path.join(folder, name)


def record(paths, root):
    given = estimator_runs.Given()
    given.install()
    files = {}
    for path in paths:
        fixture = Fixture(path, root)
        name = os.path.relpath(path, root).replace(os.sep, "/")
        reason = fixture.skipped()
        entry = {"digest": digest_of(fixture)}
        if reason:
            entry["skipped"] = reason
        else:
            entry["functions"] = fixture.record(given)
        files[name] = entry
    given.uninstall()  # another kind of fixtures may follow
    return {
        "tensorflow": TENSORFLOW,
        "python": "%d.%d" % sys.version_info[:2],
        "files": files,
    }


def records(options):
    """The record of each kind of fixtures that is asked for, by so many processes."""
    folder, others = tempfile.mkdtemp(), []
    try:
        for part in range(1, options.jobs):
            target = os.path.join(folder, "%d.json" % part)
            given = ["--part", str(part), "--of", str(options.jobs), "--output", target]
            kinds = ["--fixed"] * options.fixed + ["--with-fixed"] * options.with_fixed
            command = [sys.executable, os.path.abspath(__file__)]
            others.append((subprocess.Popen(command + given + kinds), target))
        every = max(options.of, options.jobs)
        found = {}
        for kind, root in kinds_of(options).items():
            found[kind] = record(list(fixture_paths(root))[options.part :: every], root)
        for process, target in others:
            if process.wait():
                raise RuntimeError("a part of the record failed")
            with open(target, encoding="utf-8") as part_of_it:
                for kind, recorded in json.load(part_of_it).items():
                    found[kind]["files"].update(recorded["files"])
        return found
    finally:
        for process, _ in others:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def kinds_of(options):
    """The folders of the fixtures that are asked for, by the beginning of their record's name."""
    kinds = {} if options.fixed else {"": FIXTURES}
    if options.fixed or options.with_fixed:
        kinds["fixed-"] = FIXTURES + "_fixed"
    return kinds


def options_of(argv):
    parser = argparse.ArgumentParser(description="Record what TensorFlow does with the fixtures.")
    parser.add_argument("--check", action="store_true", help="compare with the committed record")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--fixed", action="store_true", help="take tests/fixtures_fixed")
    kinds.add_argument("--with-fixed", action="store_true", help="take tests/fixtures_fixed, too")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="take N processes")
    parser.add_argument("--part", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--of", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--output", help=argparse.SUPPRESS)
    parser.add_argument("fixtures", nargs="*", metavar="FIXTURE.py", help="print their records")
    return parser.parse_args(argv)


def main(argv):
    options = options_of(argv)
    quiet()
    leave_untraced()
    if options.fixtures:
        root = FIXTURES + "_fixed" if options.fixed else FIXTURES
        print(dumps(record([os.path.abspath(path) for path in options.fixtures], root)), end="")
        return 0
    found = records(options)
    if options.output:
        with open(options.output, "w", encoding="utf-8") as part_of_it:
            json.dump(found, part_of_it)
        return 0
    status = 0
    for kind, recorded in found.items():
        target = os.path.join(HERE, "%stensorflow-%s.json" % (kind, TENSORFLOW))
        if options.check:
            status |= compared(target, json.loads(dumps(recorded)))
            continue
        with open(target, "w", encoding="utf-8", newline="\n") as committed:
            committed.write(dumps(recorded))
    return status


def compared(target, found):
    """Tell what differs from the committed record; returns the exit status."""
    with open(target, encoding="utf-8") as committed:
        recorded = json.load(committed)
    names = drifted(recorded, found)
    for name in sorted(names):
        print("%s: TensorFlow %s does not do what the record says" % (name, TENSORFLOW))
        for line in differences(recorded, found, name):
            print("  " + line)
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
