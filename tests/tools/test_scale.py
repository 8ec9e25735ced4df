"""``docs/scale.md``: the findings do not depend on how files are distributed."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import sys
from pathlib import Path

import pytest

from estimator_lint import CannotCheckError, check_file
from tests.tools.programs import ROOT, run

RECIPE = ROOT / "examples" / "dask" / "lint_corpus.py"
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")

FAULTY = """\
import tensorflow as tf
from helpers_{number} import spec

def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return spec(mode)
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
"""
HELPER = """\
import tensorflow as tf

def spec(mode):
    return tf.estimator.EstimatorSpec(mode{loss})
"""
FILES = 2_000
#: One in this many files has a model function, and one is imported by it.
EVERY = 40


def corpus(folder: Path, files: int = FILES) -> list[str]:
    """Small files: some with findings, some that those import, and one that is not Python."""
    for number in range(files):
        name, text = f"module_{number}.py", f"VALUE = {number}\n"
        if number % EVERY == 0:
            name, text = f"model_{number}.py", FAULTY.format(number=number)
        elif number % EVERY == 1:
            loss = ", loss=1.0" if number % 3 else ""
            name, text = f"helpers_{number - 1}.py", HELPER.format(loss=loss)
        elif number == 7:
            text = "model_fn = (\n"
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(map(str, folder.iterdir()))


def alone(paths: list[str]) -> tuple[list[tuple[str, int, int, str]], int]:
    """The findings of a single process, and the number of files that could not be checked."""
    found, problems = [], 0
    for path in paths:
        try:
            found += [(path, each.line, each.column + 1, each.message) for each in check_file(path)]
        except CannotCheckError:
            problems += 1
    return sorted(found), problems


#: Runs the recipe on two processes, and kills one of them after a few batches.
DRIVER = """\
import json, os, runpy, signal, sys
from dask.distributed import Client, LocalCluster

if __name__ == "__main__":
    recipe = runpy.run_path(sys.argv[1])
    paths = json.loads(sys.stdin.read())
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster) as client:
        workers = client.run(os.getpid)
        results, ended = [], None
        for result in recipe["lint_corpus"](client, paths):
            results.append(result)
            if len(results) == 5:
                ended = sorted(workers.values())[0]
                os.kill(ended, signal.SIGKILL)
        client.wait_for_workers(2, timeout=30)
        later = client.run(os.getpid)
    print(json.dumps({"results": results, "ended": ended, "later": sorted(later.values())}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_cluster_that_loses_a_worker_finds_what_one_process_finds(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    import subprocess

    (tmp_path / "corpus").mkdir()
    paths = corpus(tmp_path / "corpus")
    assert len(paths) == FILES
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, str(driver), str(RECIPE)],
        input=json.dumps(paths),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    outcome = json.loads(finished.stdout)
    assert outcome["ended"] is not None
    assert outcome["ended"] not in outcome["later"]
    found = sorted(tuple(each) for findings, _ in outcome["results"] for each in findings)
    expected, problems = alone(paths)
    assert found == expected
    assert len({path for path, *_ in expected}) == FILES // EVERY
    assert sum(len(told) for _, told in outcome["results"]) == problems == 1


def test_the_command_of_the_recipe(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    paths = corpus(tmp_path, 90)
    shown = run([sys.executable, RECIPE, tmp_path], tmp_path, status=2)
    expected, _ = alone(paths)
    lines = [line for line in shown.splitlines() if "MFN" in line]
    assert lines == [
        f"{path}:{line}:{column}: {message}" for path, line, column, message in expected
    ]
    assert "module_7.py" in shown
    assert runpy.run_path(str(RECIPE))["FILES_IN_A_BATCH"] < 60


def test_shards_find_together_what_one_run_finds(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("has no bash")
    block = re.search(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    corpus(tmp_path, 90)
    (tmp_path / "module_7.py").unlink()
    run(["git", "init", "--quiet"], tmp_path)
    run(["git", "add", "."], tmp_path)
    shards = [
        run(
            ["bash", "-c", block[1]],
            tmp_path,
            environment={"SHARD": str(shard), "SHARDS": "3", "FORMAT": "concise"},
        ).splitlines()
        for shard in range(3)
    ]
    program = Path(sys.executable).parent / "estimator-lint"
    whole = run([program, "check", "--format=concise", "."], tmp_path, status=1)
    findings = {line.removeprefix("./") for line in whole.splitlines() if "MFN" in line}
    assert all(any("MFN" in line for line in shard) for shard in shards)
    assert {line for shard in shards for line in shard if "MFN" in line} == findings
