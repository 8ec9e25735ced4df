"""The modes in which a file certainly runs a model function, and those that a test lets fail."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.discovery.model_functions import ModelFunction, find_model_functions
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile

_FUNCTIONS = """
import tensorflow as tf
def model_fn(features, labels, mode): return tf.estimator.EstimatorSpec(mode)
def other_fn(features, labels, mode): return tf.estimator.EstimatorSpec(mode)
"""


def _functions(text: str) -> dict[str, ModelFunction]:
    source = SourceFile(_FUNCTIONS + textwrap.dedent(text))
    return {one.name: one for one in find_model_functions(source, Settings())}


def _run(text: str) -> str:
    modes = _functions(text)["model_fn"].certainly_run
    return " ".join(mode.value for mode in modes)


_MADE = "estimator = tf.estimator.Estimator(model_fn)\n"


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("tf.estimator.Estimator(model_fn).evaluate(f)", "eval"),
        (_MADE + "estimator.train(f)", "train"),
        (_MADE + "print(list(estimator.predict(f)))", "infer"),
        (_MADE + "found = estimator.predict(f)\nfor one in found: print(one)", "infer"),
        (_MADE + "estimator.export_saved_model('to', f)", "infer"),
        ("def run():\n    " + _MADE + "    if FLAGS.eval: estimator.evaluate(f)", "eval"),
        (_MADE + "again = estimator\nagain.evaluate(f)", "eval"),
        ("estimator = None\nif FLAGS.run:\n    " + _MADE + "estimator.evaluate(f)", "eval"),
        ("def build(): return tf.estimator.Estimator(model_fn)\nbuild().evaluate(f)", "eval"),
        (
            """
            if FLAGS.folder:
                estimator = tf.estimator.Estimator(model_fn, FLAGS.folder)
            else:
                estimator = tf.estimator.Estimator(model_fn)
            estimator.evaluate(f)
            """,
            "eval",
        ),
    ],
)
def test_a_run_in_the_file_counts(text: str, mode: str) -> None:
    assert _run(text) == mode


_BOTH = "tf.estimator.train_and_evaluate(estimator, train_spec, spec)"


def test_train_and_evaluate_counts_for_both() -> None:
    assert sorted(_run(_MADE + _BOTH).split()) == ["eval", "train"]


_EXPORTER = "tf.estimator.LatestExporter('to', f)"


@pytest.mark.parametrize(
    ("exporters", "is_exported"),
    [
        (_EXPORTER, True),
        (f"[{_EXPORTER}]", True),
        (f"[other, {_EXPORTER}]", True),
        ("None", False),
        ("[]", False),
        ("other", False),
    ],
)
def test_an_exporter_runs_the_model_to_predict(exporters: str, is_exported: bool) -> None:
    specs = f"exporters = {exporters}\nspec = tf.estimator.EvalSpec(f, exporters={exporters})\n"
    assert ("infer" in _run(_MADE + specs + _BOTH)) is is_exported
    assert "infer" not in _run(_MADE + "spec = tf.estimator.EvalSpec(f)\n" + _BOTH)


@pytest.mark.parametrize(
    "text",
    [
        # Which function is run, is not known.
        _MADE + "estimator = tf.estimator.Estimator(other_fn)\nestimator.evaluate(f)",
        _MADE + "for estimator in estimators: pass\nestimator.evaluate(f)",
        _MADE + "def run(estimator): estimator.evaluate(f)\nrun(estimator)",
        "estimator = wrapped(tf.estimator.Estimator(model_fn))\nestimator.evaluate(f)",
        # Nor what is given to the Estimator.
        "tf.estimator.Estimator(decorated(model_fn)).evaluate(f)",
        "Estimator(model_fn=model_fn).evaluate(f)",
        # Nor what is exported.
        _MADE + "estimator.export_saved_model('to', f, experimental_mode='eval')",
        _MADE + "estimator.export_saved_model('to', f, **options)",
        # It is to fail.
        _MADE + "with self.assertRaises(ValueError):\n    list(estimator.predict(f))",
        # Nothing runs it: what predict returns is a generator.
        _MADE + "estimator.predict(f)",
        _MADE + "found = estimator.predict(f)",
        _MADE + "estimator.get_variable_names()",
    ],
)
def test_what_is_not_certain_does_not_count(text: str) -> None:
    assert _run(text) == ""


def _failing(runs: str) -> str:
    text = """
    class ModelTest(TestCase):
        def test_model(self):
            def nested_fn(features, labels, mode): return tf.estimator.EstimatorSpec(mode)
            estimator = tf.estimator.Estimator(nested_fn)
    """
    text = textwrap.dedent(text) + textwrap.indent(textwrap.dedent(runs), " " * 8)
    modes = _functions(text)["nested_fn"].fails_on_purpose
    return " ".join(sorted(mode.value for mode in modes))


@pytest.mark.parametrize(
    ("runs", "modes"),
    {
        "estimator.train(f)": "",
        "with self.assertRaises(ValueError):\n    estimator.train(f)": "eval infer train",
        "with self.assertRaisesRegex(ValueError, 'x') as context:\n"
        "    estimator.train(f)": "eval infer train",
        "with pytest.raises(ValueError):\n    estimator.train(f)": "eval infer train",
        "self.assertRaises(ValueError, estimator.train, f)": "eval infer train",
        "estimator.train(f)\nwith self.assertRaises(ValueError):\n"
        "    estimator.evaluate(f)": "eval infer",
        "with ready(), pytest.raises(E) if bad else nullcontext():\n"
        "    estimator.train(f)": "eval infer train",
        "def go(): estimator.train(f)\nself.assertRaises(E, go)": "eval infer train",
        "with contextlib.suppress(ValueError):\n    estimator.train(f)": "eval infer train",
        "with suppress(KeyboardInterrupt):\n    estimator.train(f)": "",
        "with suppress(OSError, StopIteration):\n    estimator.train(f)": "",
        "with ExitStack() as stack:\n    stack.enter_context(self.assertRaises(ValueError))\n"
        "    estimator.train(f)\nestimator.evaluate(f)": "infer train",
        "self.enterContext(self.assertRaises(E))\nestimator.train(f)": "eval infer train",
        "estimator.train(f)\nself.enterContext(self.assertRaises(E))\n"
        "estimator.evaluate(f)": "eval infer",
        "error = pytest.raises(E)\nwith error:\n    estimator.train(f)": "eval infer train",
        "error = self.subTest()\nwith error:\n    estimator.train(f)": "",
        "with self.subTest():\n    estimator.train(f)": "",
        "with self.assertRaises(ValueError):\n    other(f)": "",
    }.items(),
)
def test_modes_that_a_test_lets_fail(runs: str, modes: str) -> None:
    assert _failing(runs) == modes


@pytest.mark.parametrize(
    ("after_run", "modes"),
    {
        "    self.fail('no error')\nexcept ValueError: pass": "eval infer train",
        "    raise AssertionError\nexcept (TypeError, ValueError): pass": "eval infer train",
        "    pytest.fail('no error')\nexcept ValueError: pass": "eval infer train",
        "    assert False, 'no error'\nexcept ValueError: pass": "eval infer train",
        "    sys.exit()\nexcept ValueError: pass": "",
        "    raise SystemExit\nexcept ValueError: pass": "",
        "except ValueError as e: print(e)\nelse: raise AssertionError": "eval infer train",
        "except ValueError as e: print(e)\nelse: self.fail()": "eval infer train",
        "except ValueError as e: print(e)\nelse: print('fine')": "",
        "except KeyboardInterrupt: pass\nelse: raise AssertionError": "",
        "except ValueError: return\nself.fail()": "eval infer train",
        "except ValueError: pass\nself.fail()": "",
        "except ValueError: raised = True\nself.assertTrue(raised)": "eval infer train",
        "except ValueError as e: error = e\nassert error is not None": "eval infer train",
        "except ValueError: raised = True\nassert raised": "eval infer train",
        "except ValueError: raised = True\nself.assertFalse(raised)": "",
        "except ValueError: ok = False\nself.assertTrue(ok)": "",
        "    ok = True\nexcept ValueError: ok = other()\nself.assertTrue(ok)": "",
        "finally: clean()": "",
        # What is raised is handled, or handlers raise, too.
        "    raise Done\nexcept Done: pass\nexcept ValueError: pass": "",
        "    raise Done\nexcept ValueError:\n    log()\n    raise": "",
        "except OSError: return\nraise RuntimeError": "",
    }.items(),
)
def test_try_statements_that_need_an_error(after_run: str, modes: str) -> None:
    assert _failing("try:\n    estimator.train(f)\n" + after_run) == modes


@pytest.mark.parametrize(
    ("before", "modes"), [("ok = False", "eval infer train"), ("ok = True", ""), ("ok = {}", "")]
)
def test_what_a_handler_notes_was_not_so_before(before: str, modes: str) -> None:
    runs = "try:\n    estimator.train(f)\nexcept ValueError: ok = True\nassert ok"
    assert _failing(f"{before}\n{runs}") == modes


@pytest.mark.parametrize(
    "runs",
    [
        "with contextlib.suppress(ValueError):\n    estimator.train(f)",
        "try:\n    estimator.train(f)\nexcept ValueError: return\nraise RuntimeError",
    ],
)
def test_errors_that_pass_are_expected_in_tests_only(runs: str) -> None:
    text = "def main():\n    def nested_fn(features, labels, mode):"
    text += " return tf.estimator.EstimatorSpec(mode)\n"
    text += "    estimator = tf.estimator.Estimator(nested_fn)\n"
    found = _functions(text + textwrap.indent(runs, " " * 4))["nested_fn"]
    assert not found.fails_on_purpose


def test_a_decorator_gives_a_context_that_expects_an_error() -> None:
    text = """
    @pytest.mark.parametrize("expectation", [pytest.raises(ValueError)])
    def test_model(expectation):
        def nested_fn(features, labels, mode): return tf.estimator.EstimatorSpec(mode)
        with expectation:
            tf.estimator.Estimator(nested_fn).train(f)
    """
    assert len(_functions(text)["nested_fn"].fails_on_purpose) == 3


_FAILING_TEST = """
    def test_{0}():
        estimator = tf.estimator.Estimator(model_fn)
        with pytest.raises(ValueError): estimator.{0}(f)
"""


@pytest.mark.parametrize(
    ("tests", "modes"),
    [
        (_FAILING_TEST.format("train"), 3),
        (_FAILING_TEST.format("train") + _FAILING_TEST.format("evaluate"), 3),
        (_FAILING_TEST.format("train") + "    def test_2(): tf.estimator.Estimator(model_fn)", 0),
        (_FAILING_TEST.format("train") + "    " + _MADE + "    estimator.train(f)", 0),
        (_FAILING_TEST.format("evaluate") + "        run(estimator)", 0),
    ],
)
def test_a_function_that_only_failing_tests_use(tests: str, modes: int) -> None:
    assert len(_functions(tests)["model_fn"].fails_on_purpose) == modes


@pytest.mark.parametrize("mark", ["unittest.expectedFailure", "pytest.mark.xfail(strict=True)"])
def test_a_test_that_is_to_fail(mark: str) -> None:
    text = f"""
    @{mark}
    def test_model():
        def nested_fn(features, labels, mode): return tf.estimator.EstimatorSpec(mode)
        tf.estimator.Estimator(nested_fn).train(f)
    """
    assert len(_functions(text)["nested_fn"].fails_on_purpose) == 3


def test_a_construction_that_is_to_fail_says_nothing_of_the_function() -> None:
    text = "with self.assertRaises(ValueError):\n    tf.estimator.Estimator(model_fn, params={})"
    assert _functions(text)["model_fn"].estimator_uses == ()
