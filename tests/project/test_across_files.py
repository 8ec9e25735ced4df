"""Findings for model functions that use other files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.domain import bounds
from estimator_lint.linting import lint_text
from estimator_lint.project import imports as project
from estimator_lint.project.modules import ModuleCache
from estimator_lint.settings import Settings
from tests.project.trees import HEAD, findings, write_tree

HEADS = (
    HEAD
    + """
def build(mode, loss):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""
)
MODEL = (
    HEAD
    + """import heads

def model_fn(features, labels, mode):
    return heads.build(mode, features)
"""
)
NO_TRAIN_OP = "5:12 MFN102 EstimatorSpec has no train_op in TRAIN, in 'heads.build'"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path, {"heads.py": HEADS, "model.py": MODEL})


def test_a_fault_stands_at_the_call_that_leads_there(tree: Path) -> None:
    assert findings(tree, "model.py") == [NO_TRAIN_OP]
    assert findings(tree, "heads.py") == []


def test_the_last_call_in_the_file_counts(tree: Path) -> None:
    text = MODEL.replace("return heads.build(", "return finish(") + (
        "\ndef finish(mode, loss):\n    return heads.build(mode, loss)\n"
    )
    write_tree(tree, {"model.py": text, "heads.py": HEADS.replace("build", "inner") + BUILD})
    assert findings(tree, "model.py") == [
        "8:12 MFN102 EstimatorSpec has no train_op in TRAIN, in 'heads.inner'"
    ]


BUILD = "\ndef build(mode, loss):\n    return inner(mode, loss)\n"


def test_modes_tested_in_another_file_are_addressed(tree: Path) -> None:
    text = MODEL.replace(
        "heads.build(mode, features)",
        "tf.estimator.EstimatorSpec(mode, loss=features, train_op=heads.op(mode))",
    )
    op = "\ndef op(mode):\n    return tf.no_op() if mode != 'infer' else None\n"
    write_tree(tree, {"model.py": text, "heads.py": HEADS + op})
    assert findings(tree, "model.py") == ["5:12 MFN104 EstimatorSpec has no predictions in PREDICT"]


def test_each_call_has_its_own_certainty(tree: Path) -> None:
    text = (
        HEAD
        + """from heads import build

def model_fn(features, labels, mode, params):
    if mode == "train":
        return tf.estimator.EstimatorSpec(mode, loss=labels, train_op=tf.no_op())
    if params["a"]:
        return build(mode, None)
    return build(mode, None if params["b"] else features)
"""
    )
    write_tree(tree, {"model.py": text})
    assert findings(tree, "model.py") == [
        "8:16 MFN103 EstimatorSpec has no loss in EVAL, in 'heads.build'",
        "8:16 MFN104 EstimatorSpec has no predictions in PREDICT, in 'heads.build'",
        "9:12 MFN113 EstimatorSpec has no loss on some paths in EVAL, in 'heads.build'",
        "9:12 MFN114 EstimatorSpec has no predictions on some paths in PREDICT, in 'heads.build'",
    ]


def test_a_key_that_no_mode_equals_is_left_to_its_own_file(tree: Path) -> None:
    """Other files may call the helper with their own modes."""
    write_tree(
        tree,
        {
            "heads.py": HEADS + "\ndef shown(mode):\n    return mode == 'predict'\nTEST = 'test'\n",
            "model.py": HEAD
            + """from heads import TEST, shown

def model_fn(features, labels, mode):
    if shown(mode) or mode == TEST:
        pass
    return tf.estimator.EstimatorSpec(mode, features, features, features)
""",
        },
    )
    assert findings(tree, "model.py") == []


def test_a_function_of_many_statements_is_left_alone(tree: Path) -> None:
    long = HEADS.replace("    if mode", "    loss = loss + 1\n" * 400 + "    if mode", 1)
    write_tree(tree, {"heads.py": long})
    assert findings(tree, "model.py") == []


def test_steps_in_other_files_leave_the_files_own_functions_theirs(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_STEPS_IN_CALLS", 20)
    long = "\ndef scale(x):\n" + "    x = x + 1\n" * 30 + "    return x\n"
    text = MODEL.replace(
        "return heads.build(mode, features)", "return own(mode, heads.scale(labels))"
    )
    own = "\ndef own(mode, loss):\n    return tf.estimator.EstimatorSpec(mode, loss, loss)\n"
    write_tree(tree, {"model.py": text + own, "heads.py": HEADS + long})
    assert findings(tree, "model.py") == ["8:12 MFN102 EstimatorSpec has no train_op in TRAIN"]


def test_the_text_at_hand_counts_not_the_file(tree: Path) -> None:
    """An editor lints unsaved text, and another file may import it."""
    write_tree(tree, {"heads.py": "from model import build\n", "model.py": "broken(\n"})
    text = MODEL + HEADS.removeprefix(HEAD)
    (finding,) = lint_text(text, str(tree / "model.py"))
    assert (finding.line, finding.code) == (10, "MFN102")


@pytest.mark.parametrize("filename", ["stdin", "-", "<text>", "", "<unknown>"])
def test_a_text_without_a_path_has_no_project(
    tree: Path, filename: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    assert lint_text(MODEL, filename) == []
    assert lint_text(MODEL, "model.py")


def test_source_roots(tree: Path) -> None:
    write_tree(tree / "elsewhere", {"deep/model.py": MODEL.replace("heads", "lib.heads")})
    write_tree(tree / "elsewhere", {"other/lib/heads.py": HEADS})
    model = "elsewhere/deep/model.py"
    assert findings(tree, model) == []
    roots = Settings(source_roots=(str(tree / "elsewhere" / "other"),))
    assert len(findings(tree, model, roots)) == 1


# Findings do not depend on what was linted before


def test_an_edited_helper_counts_as_it_is_now(tree: Path) -> None:
    assert findings(tree, "model.py") == [NO_TRAIN_OP]
    heads = tree / "heads.py"
    before = heads.stat()
    mended = HEADS.replace("loss=loss)", "loss=loss, train_op=tf.no_op())")
    write_tree(tree, {"heads.py": mended})
    assert findings(tree, "model.py") == []
    # A text of the same length and age is still another text.
    write_tree(tree, {"heads.py": HEADS.replace("predictions=loss", "predictions=None")})
    os.utime(heads, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "MFN104" in findings(tree, "model.py")[1]
    write_tree(tree, {"heads.py": HEADS})
    os.utime(heads, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert findings(tree, "model.py") == [NO_TRAIN_OP]
    heads.unlink()
    assert findings(tree, "model.py") == []


def test_the_order_of_files_does_not_count(tmp_path: Path) -> None:
    files = {"heads.py": HEADS}
    for number in range(6):
        files[f"model_{number}.py"] = MODEL.replace("def model_fn", f"def model_fn_{number}")
    write_tree(tmp_path, files)
    alone = {}
    for name in files:
        project._kept.clear()
        alone[name] = findings(tmp_path, name)
    together = {name: findings(tmp_path, name) for name in reversed(files)}
    assert together == alone
    assert sum(map(len, alone.values())) == 6


def test_the_cache_is_bounded() -> None:
    cache = ModuleCache(1_000)
    for number in range(300):
        assert cache.module(f"/{number}.py", f"x = {number}\n" + "#" * 90) is not None
    assert len(cache._modules) < 12
    assert cache.module("/299.py", "x = 299\n" + "#" * 90) is cache._modules["/299.py"]
    assert cache.module("/large.py", "#" * 5_000) is not None
    assert len(cache._modules) == 1


REPLACED = "def build(mode, loss):\n    pass\n\n" + HEADS

ASKED = """
import pathlib, sys
from estimator_lint.linting import lint_text
found = lint_text(pathlib.Path(sys.argv[1]).read_text(), sys.argv[1])
print(*[finding.message for finding in found])
print("astroid" in sys.modules)
"""


@pytest.mark.parametrize(("heads", "is_asked"), [(HEADS, False), (REPLACED, True)])
def test_astroid_is_asked_where_there_is_a_choice(tree: Path, heads: str, is_asked: bool) -> None:
    write_tree(tree, {"heads.py": heads})
    command = [sys.executable, "-c", ASKED, str(tree / "model.py")]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    message = NO_TRAIN_OP.split(" ", 1)[1]
    assert finished.stdout.splitlines() == [message, str(is_asked)]


def test_astroid_keeps_nothing(tree: Path) -> None:
    from astroid.manager import AstroidManager

    write_tree(tree, {"heads.py": REPLACED})
    assert findings(tree, "model.py") == [NO_TRAIN_OP]
    assert not [name for name in AstroidManager().astroid_cache if "estimator_lint" in name]


# Functions of another file, passed to an Estimator in this one

GIVEN = HEAD + "from model import model_fn\nestimator = tf.estimator.Estimator({})\n"


def given(tree: Path, arguments: str, model: str) -> list[str]:
    """The findings for a file that passes another file's ``model_fn`` to an Estimator."""
    write_tree(tree, {"model.py": HEAD + model, "train.py": GIVEN.replace("{}", arguments)})
    return findings(tree, "train.py")


FOR_TPU = """
def model_fn(features, labels, mode):
    if mode == "eval":
        return tf.estimator.tpu.TPUEstimatorSpec(mode)
    return tf.estimator.tpu.TPUEstimatorSpec(mode, features, features, features)
"""


def test_a_tpu_spec_for_a_plain_estimator(tree: Path) -> None:
    """The function's file reports missing fields; this one, that the spec is for TPUs."""
    assert given(tree, "model_fn=model_fn", FOR_TPU) == [
        "3:45 MFN202 returns a TPUEstimatorSpec, not an EstimatorSpec, in TRAIN, "
        "in 'model.model_fn'"
    ]
    assert findings(tree, "model.py") == ["5:16 MFN103 TPUEstimatorSpec has no loss in EVAL"]


ON_TPU = "tf.estimator.tpu.TPUEstimator(model_fn, config=CONFIG, eval_batch_size=8)"


def test_a_plain_spec_for_a_tpu(tree: Path) -> None:
    """Only the file with the Estimator reports it."""
    model = """
def model_fn(features, labels, mode, params):
    if mode == "eval":
        return tf.estimator.EstimatorSpec(mode, loss=features)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
    write_tree(tree, {"model.py": HEAD + model})
    write_tree(tree, {"train.py": HEAD + f"from model import model_fn\nestimator = {ON_TPU}\n"})
    text = "MFN703 EstimatorSpec is not a TPUEstimatorSpec, which a TPU requires, in EVAL"
    assert findings(tree, "train.py") == [f"3:43 {text}, in 'model.model_fn'"]
    assert findings(tree, "model.py") == []
    write_tree(tree, {"model.py": HEAD + model + f"estimator = {ON_TPU}\n"})
    assert findings(tree, "train.py") == []
    assert findings(tree, "model.py") == [f"5:16 {text}"]


def test_params_for_a_function_of_another_file_that_takes_none(tree: Path) -> None:
    fine = FOR_TPU.replace("tpu.TPU", "").replace('"eval"', '"other"')
    arguments = "model_fn, params={'a': 1}"
    (finding,) = given(tree, arguments, fine)
    assert finding.startswith("3:46 MFN403 'model_fn' has no 'params' argument")
    assert given(tree, arguments, fine.replace("mode)", "mode, params)", 1)) == []


def test_a_function_that_returns_nothing_is_one_by_being_given(tree: Path) -> None:
    model = "\ndef model_fn(features, labels, mode):\n    assert mode in ('train', 'eval')\n"
    (finding,) = given(tree, "model_fn", model)
    assert (
        finding == "3:36 MFN201 'model_fn' returns no spec in TRAIN and EVAL, in 'model.model_fn'"
    )


def test_what_a_builder_chooses_is_not_known(tree: Path) -> None:
    built = """
def build(tpu=False):
    def model_fn(features, labels, mode):
        if tpu:
            return tf.estimator.tpu.TPUEstimatorSpec(mode, features, features, features)
        return tf.estimator.EstimatorSpec(mode, features, features, features)
    return model_fn
model_fn = build
"""
    assert given(tree, "build(), model_fn=model_fn()", built) == []
    only = built.replace("if tpu", "if tpu or True")
    write_tree(tree, {"model.py": HEAD + only})
    text = HEAD + "import model\nfn = model.build(tpu=1)\nx = tf.estimator.Estimator(fn)\n"
    write_tree(tree, {"train.py": text})
    assert [finding[:11] for finding in findings(tree, "train.py")] == ["4:28 MFN202"]


LOSSES = HEAD + "def loss(labels):\n    return tf.cast(labels, tf.float32)\n"
LABELLED = (
    HEAD
    + """import losses

def model_fn(features, labels, mode):
    loss = losses.loss(labels)
    if mode == "infer":
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
"""
)


def test_labels_used_by_the_function_itself_are_reported_in_its_own_file_only(
    tmp_path: Path,
) -> None:
    model = (
        HEAD
        + "\ndef model_fn(features, labels, mode):\n"
        + "    loss = tf.reduce_mean(labels['y'] - features)\n"
        + "    if mode == 'infer':\n"
        + "        return tf.estimator.EstimatorSpec(mode, predictions=features)\n"
        + "    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())\n"
    )
    train = HEAD + "from model import model_fn\nestimator = tf.estimator.Estimator(model_fn)\n"
    root = write_tree(tmp_path, {"model.py": model, "train.py": train})
    assert findings(root, "train.py") == []
    assert findings(root, "model.py") == [
        "4:27 MFN601 'labels' is None in PREDICT but is subscripted"
    ]


def test_what_labels_are_in_another_file_is_known_where_an_estimator_is_given_it(
    tree: Path,
) -> None:
    given = LABELLED + "\nestimator = tf.estimator.Estimator(model_fn)\n"
    write_tree(tree, {"losses.py": LOSSES, "wrapped.py": LABELLED, "given.py": given})
    assert findings(tree, "wrapped.py") == []
    assert findings(tree, "given.py") == [
        "5:12 MFN601 'labels' is None in PREDICT but is passed to 'tf.compat.v1.cast', "
        "in 'losses.loss'"
    ]


@pytest.mark.parametrize("forks", range(2 * bounds.LAYERS_PER_SUMMARY))
def test_what_is_bound_behind_a_call_that_is_given_up_stays_bound(
    forks: int, tmp_path: Path
) -> None:
    """The call is evaluated, abandoned for its length, and then skipped on the same path."""
    lines = "".join(f"    x = tf.layers.dense(x, {n}) if x.shape[{n}] else x\n" for n in range(300))
    flags = "    if params[{0!r}]:\n        net = tf.nn.relu(net)\n"
    model = (
        HEAD
        + "import body\n\ndef model_fn(features, labels, mode, params):\n"
        + "    net = features['x']\n"
        + "".join(flags.format(f"before {n}") for n in range(forks))
        + "    kind = body.layers(net)\n"
        + "    weight = params['weight']\n"
        + "".join(flags.format(f"behind {n}") for n in range(2 * bounds.LAYERS_PER_SUMMARY))
        + "    loss = tf.reduce_mean(net) * weight + kind\n"
        + "    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())\n"
        + "    return tf.estimator.EstimatorSpec(mode, net, loss, train_op)\n"
    )
    write_tree(
        tmp_path,
        {"body.py": HEAD + "def layers(x):\n" + lines + "    return x\n", "model.py": model},
    )
    assert findings(tmp_path, "model.py") == []
