"""Reports as text, as JSON and as a page."""

from __future__ import annotations

import html.parser
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from estimator_lint.migration.file_reports import Migration, migration_of
from estimator_lint.migration.migration_json import as_json
from estimator_lint.migration.migration_model import MigrationReport
from estimator_lint.migration.migration_page import as_html
from estimator_lint.migration.migration_text import as_text
from estimator_lint.settings import Settings
from tests.command_line.test_schemas import FIXTURES, complaints
from tests.migration.samples import CLASSIFIER

NASTY = '''\
import tensorflow as tf
class Hook(tf.train.SessionRunHook):
    """</style></script><script>alert(1)</script>"""
def model_fn(features, labels, mode, params):
    tf.get_collection("</code><script>alert(2)</script>\u202e\x1b[31m")
    hooks = [Hook()] if params["<img src=x onerror=alert(3)>&amp;[bold]"] else None
    return tf.estimator.EstimatorSpec(mode, 1.0, features, features, training_hooks=hooks)
'''


def report(text: str = CLASSIFIER, path: str = "model.py") -> MigrationReport:
    return migration_of([(text, path)], Settings())


def nasty() -> MigrationReport:
    return report(NASTY.replace("1.0", "features"), "<folder>/\udcff&.py")


def printed(shown: MigrationReport, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    for renderable in as_text(shown):
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_text() -> None:
    expected = """\
model.py

model_fn  model.py:4  14 lines
  fields of the spec
    predictions  PREDICT
      -> what predict_step returns [1]
    loss  TRAIN, EVAL
      -> the loss of compile, or what train_step and test_step compute [2]
    train_op  TRAIN
      -> the optimizer's step in train_step [3]
    eval_metric_ops  EVAL
      -> metrics of compile, or metrics that test_step updates [4]
    training_hooks  TRAIN (if params["careful"])
      -> the argument callbacks of Model.fit [5]
  losses
    tf.losses.sparse_softmax_cross_entropy  TRAIN, EVAL 9
      -> tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True) [6]
  metrics
    tf.metrics.accuracy  EVAL 11
      -> tf.keras.metrics.Accuracy [7]
  optimizers and learning rates
    tf.train.AdamOptimizer  TRAIN 13
      -> tf.keras.optimizers.Adam [8]
    tf.train.AdamOptimizer().minimize  TRAIN 15
      -> tf.GradientTape and apply_gradients, in train_step [9]
  global step
    tf.train.get_global_step  TRAIN 15
      -> optimizer.iterations [10]
  hooks
    tf.train.NanTensorHook  TRAIN 16
      -> tf.keras.callbacks.TerminateOnNaN [11]
  estimators
    tf.estimator.ModeKeys  TRAIN, EVAL 7, 10; PREDICT 7
      -> the step that runs, and the argument training of call [12]
  collections
    tf.get_collection(UPDATE_OPS)  TRAIN 14
      -> not needed [13]
  layers and variables
    tf.layers.batch_normalization  TRAIN, EVAL, PREDICT 5
      -> tf.keras.layers.BatchNormalization [14]
    tf.layers.dense  TRAIN, EVAL, PREDICT 6
      -> tf.keras.layers.Dense [15]

Not in TensorFlow 2.21

  tf.estimator  5 times, removed in 2.16; not in tf.compat.v1 either
    tf.estimator.EstimatorSpec 3, tf.estimator.ModeKeys.EVAL 1,
    tf.estimator.ModeKeys.PREDICT 1
  tf.layers  2 times, removed in 2.0; not in tf.compat.v1 either
    tf.layers.batch_normalization 1, tf.layers.dense 1
  tf.GraphKeys  1 time, removed in 2.0; still available as tf.compat.v1.GraphKeys
    tf.GraphKeys.UPDATE_OPS 1
  tf.get_collection  1 time, removed in 2.0; still available as
  tf.compat.v1.get_collection
  tf.losses.sparse_softmax_cross_entropy  1 time, removed in 2.0; still available as
  tf.compat.v1.losses.sparse_softmax_cross_entropy
  tf.metrics.accuracy  1 time, removed in 2.0; still available as
  tf.compat.v1.metrics.accuracy
  tf.train.AdamOptimizer  1 time, removed in 2.0; still available as
  tf.compat.v1.train.AdamOptimizer
  tf.train.NanTensorHook  1 time, removed in 2.0; still available as
  tf.compat.v1.train.NanTensorHook
  tf.train.get_global_step  1 time, removed in 2.0; still available as
  tf.compat.v1.train.get_global_step

To do by hand

 [1] Model.predict joins the results of all batches.
     https://www.tensorflow.org/guide/migrate/migrating_estimator
"""
    assert printed(report(), 90).startswith(expected)


def test_each_note_is_told_once_with_its_page() -> None:
    twice = CLASSIFIER + CLASSIFIER.replace("def model_fn", "def other_model_fn")
    text = printed(report(twice))
    assert text.count("Name the metrics after today's keys.") == 1
    assert text.count("tf.metrics.accuracy  EVAL 11") == 1
    assert text.count("tf.metrics.accuracy  EVAL 28") == 1
    numbers = [line.split("]")[0] for line in text.splitlines() if line.lstrip().startswith("[")]
    assert numbers == [f"{'' if number > 9 else ' '}[{number}" for number in range(1, 16)]
    assert text.count("https://www.tensorflow.org/") == 15
    assert text.endswith("2 model functions in 1 file (1 file read).")
    assert (
        "  1. model_fn  model.py:4  14 lines\n  2. other_model_fn  model.py:21  14 lines\n" in text
    )


def test_markup_in_sources_is_no_markup_of_the_terminal() -> None:
    text = printed(nasty(), 300)
    assert "[bold]" in text
    assert "\x1b" not in text and "\u202e" not in text
    assert "\\u202e\\x1b[31m" in text
    assert "<folder>/\\udcff&.py" in text


def test_text_on_a_narrow_terminal_loses_nothing() -> None:
    assert set(printed(report(), 200).split()) <= set(printed(report(), 80).split())


def test_many_places_are_counted() -> None:
    text = "import tensorflow.compat.v1 as tf\n" + 2 * "\n" + 20 * "tf.layers.dense(x)\n\n"
    assert "tf.compat.v1.layers.dense  4, 6, 8, 10, 12, 14, 16, 18, and 12 more" in printed(
        report(text)
    )


def test_nothing_found_is_said_of_what_was_read() -> None:
    empty = report("print(1)\n")
    assert printed(empty) == "Found nothing to migrate in 1 file."
    content = json.loads(as_json(empty))
    assert (content["files"], content["files_read"]) == ([], 1)
    assert "Found nothing to migrate in 1 file." in as_html(empty)


def test_json_of_fixtures_fits_its_schema() -> None:
    migration = Migration(Settings())
    for path in sorted(FIXTURES.glob("MFN[27]*/bad.py")):
        migration.add(path.read_text(encoding="utf-8"), path.name)
    content = json.loads(as_json(migration.report()))
    assert complaints("migrate", content) == []
    assert len(content["order"]) == sum(len(file["functions"]) for file in content["files"])
    assert len(content["order"]) > 10


def test_json() -> None:
    content: dict[str, Any] = json.loads(as_json(report()))
    assert complaints("migrate", content) == []
    (file,) = content["files"]
    (function,) = file["functions"]
    (metric,) = [use for use in function["uses"] if use["topic"] == "metrics"]
    assert metric == {
        "name": "tf.metrics.accuracy",
        "topic": "metrics",
        "replacement": {
            "instead": "tf.keras.metrics.Accuracy",
            "by_hand": "It compares class IDs, as the v1 function does; for probabilities or logits"
            " there are tf.keras.metrics.SparseCategoricalAccuracy and others.",
            "guide": "https://www.tensorflow.org/guide/migrate/metrics_optimizers",
        },
        "only_under_version_1": False,
        "modes": {"EVAL": [{"path": None, "line": 11, "column": 20}]},
    }
    hooks = function["modes"]["TRAIN"]["fields"]["training_hooks"]
    assert (hooks["given"], hooks["conditions"]) == ("sometimes", ['params["careful"]'])
    del metric["replacement"]["guide"]
    function["modes"]["TEST"] = {}
    assert len(complaints("migrate", content)) > 1


class Page(html.parser.HTMLParser):
    """The elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_sources_do_not_reach_the_page_as_markup() -> None:
    text = as_html(nasty())
    page = Page(text)
    assert not page.tags & {"script", "img"}
    assert "</code><script>alert(2)</script>" in page.text
    assert "<img src=x onerror=alert(3)>&amp;[bold]" in page.text
    assert "\x1b" not in text and "\u202e" not in text
    text.encode()


def test_the_page_needs_nothing_and_its_links_lead_somewhere() -> None:
    twice = CLASSIFIER + CLASSIFIER.replace("def model_fn", "def other_model_fn")
    page = Page(as_html(report(twice)))
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link[1:] in page.ids or link.startswith("https://www.tensorflow.org/")
    assert not page.tags & {"script", "link", "img", "iframe"}
    for word in ("tf.metrics.accuracy", "EVAL 11", "tf.keras.metrics.Accuracy", "UPDATE_OPS"):
        assert word in page.text


@pytest.mark.parametrize("version", ["1.15", "2.15"])
def test_the_version_that_is_aimed_at(version: str) -> None:
    migration = Migration(Settings(tensorflow_version=version))
    migration.add(CLASSIFIER, "model.py")
    text = printed(migration.report())
    assert (f"Not in TensorFlow {version}" in text) is (version == "2.15")
    assert "tf.estimator  5 times" not in text


def test_notebooks_count_lines_in_cells(tmp_path: Path) -> None:
    from tests.command_line.program import run
    from tests.notebooks.samples import notebook

    (tmp_path / "a.ipynb").write_text(notebook("import tensorflow as tf", CLASSIFIER[24:]))
    output = run(tmp_path, "migrate", "a.ipynb").output
    assert "model_fn  a.ipynb:cell 2:3  14 lines" in output
    assert "tf.metrics.accuracy  EVAL cell 2:10" in output
