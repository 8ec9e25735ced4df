"""Comparing the expectations of a fixture with the record of what TensorFlow did."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from estimator_lint.tensorflow_api.modes import Mode
from tests.fixture_expectations import (
    Expectation,
    Expectations,
    parse_expectations,
)

#: TensorFlow does not report these: a test that is never true; a `_replace` whose result is thrown
#: away; a field that EstimatorSpec._replace ignores; a name that another version lacks.
SILENT = {"MFN204", "MFN206", "MFN301", "MFN901"}
#: Hints are about code that TensorFlow accepts but ignores.
HINTS = frozenset(f"MFN80{number}" for number in range(1, 8))
MISMATCH = {"MFN205", "MFN215"}
NO_SPEC = frozenset({"MFN201", "MFN211"})
NOT_A_SPEC = frozenset({"MFN202", "MFN212"})
#: These are reported at an argument or an operand, which may be on another line than the statement.
BY_STATEMENT = {
    *("MFN204", "MFN205", "MFN206", "MFN208", "MFN215", "MFN218"),
    *(f"MFN3{certainty}{rule}" for certainty in "01" for rule in range(1, 10)),
    *("MFN608", "MFN609", "MFN618", "MFN619"),
    *("MFN601", "MFN606", "MFN611", "MFN616", "MFN701", "MFN702", "MFN703"),
}
#: These are reported where a function is passed on; it fails when it is called. Ops that evaluation
#: runs fail where they were created.
CALLED_LATER = frozenset(
    {"MFN208", "MFN218", "MFN302", "MFN507", "MFN508", "MFN517", "MFN602", "MFN603", "MFN604"}
)
#: These are reported at the function's signature, or at the construction of the Estimator.
SIGNATURE = frozenset({"MFN401", "MFN402", "MFN403", "MFN404", "MFN405"})

MISSING_LOSS = {
    Mode.TRAIN: frozenset({"MFN101", "MFN111"}),
    Mode.EVAL: frozenset({"MFN103", "MFN113"}),
}
#: These faults only show in training: steps are not counted, moving averages do not change, the
#: loss is not random.
NOT_COUNTED = frozenset({"MFN501", "MFN505", "MFN511"})
COUNTED_TWICE = frozenset({"MFN506", "MFN516"})
NOT_UPDATED = frozenset({"MFN502", "MFN503", "MFN504", "MFN512"})
NOT_MEASURED = frozenset({"MFN509"})
NOT_CLASSES = frozenset({"MFN508"})
LOGS_SUMMARIES = frozenset({"MFN604"})
NOT_RANDOM = frozenset({"MFN504"})
TENSOR_USES = frozenset({"MFN609", "MFN619"})
OPERANDS = frozenset({"MFN608", "MFN618"})
NONE_USED = frozenset({"MFN601", "MFN606", "MFN611", "MFN616"})
FAILURES = (
    (r"(?i)(using|iterating over)( a)?( symbolic)? `tf.Tensor`", TENSOR_USES),
    (r"len is not well defined for a? ?symbolic Tensor", TENSOR_USES),
    (r"Cannot convert a symbolic (tf\.)?Tensor .* to a numpy array", TENSOR_USES),
    (r"not '?(Symbolic)?Tensor'?$|\b(Symbolic)?Tensor'? object (has|does)", TENSOR_USES),
    (r"format string passed to (Symbolic)?Tensor\.__format__", TENSOR_USES),
    (r"^(?!.*NoneType)(unsupported|bad) operand type|can only concatenate", OPERANDS),
    (r"can't multiply sequence|^(?!.*NoneType).*not supported between instances", OPERANDS),
    (r"Missing train_op\.|cannot both be None", frozenset({"MFN102", "MFN112"})),
    (r"train_op_fn and optimizer cannot both be set", frozenset({"MFN505"})),
    (r"Missing predictions\.", frozenset({"MFN104", "MFN114"})),
    (r"(local|free) variable '\w+'", frozenset({"MFN203", "MFN213"})),
    (r"has no attribute 'INFER'", frozenset({"MFN204"})),
    (
        r"NoneType(?!.* as an integer)|None values|must not be None|must be provided",
        NONE_USED,
    ),
    (
        r"<NOT CONVERTIBLE TO TENSOR>|Failed to convert [\s\S]*\[None\]|[Ii]nputs must .* Tensor/",
        NONE_USED,
    ),
    (r"module 'tensorflow\S*' has no attribute", frozenset({"MFN901"})),
    (r"mode of EstimatorSpec cannot be changed", frozenset({"MFN206"})),
    (
        r"got an unexpected keyword argument",
        frozenset({"MFN207", "MFN217", "MFN301", "MFN701", "MFN702"}),
    ),
    (
        r"missing \d required positional arguments?: (?!'(?:labels|logits|mode|self|var_list)')",
        frozenset({"MFN207", "MFN208", "MFN217", "MFN218"}),
    ),
    (
        r"got multiple values for|values to unpack|takes no arguments",
        frozenset({"MFN207", "MFN217"}),
    ),
    (
        r"^eval_metrics(\[\d\])? should|TPUEstimatorSpec\.eval_metrics|^'eval_metrics'$",
        frozenset({"MFN701"}),
    ),
    (
        r"^host_call(\[\d\])? should|TPUEstimatorSpec\.host_call|^'host_call'$",
        frozenset({"MFN702"}),
    ),
    (r"used by TPU (evaluation|prediction) must have type", frozenset({"MFN703"})),
    (r"TPUEstimatorSpec\.predictions must be dict", frozenset({"MFN703"})),
    (r"training_chief_hooks .* not supported in TPUEstimator", frozenset({"MFN703"})),
    (r"missing 1 required positional argument: 'logits'", frozenset({"MFN701"})),
    (r"missing 1 required positional argument: 'mode'", frozenset({"MFN301"})),
    (
        r"takes (from \d+ to )?\d+ positional argument",
        frozenset({"MFN207", "MFN208", "MFN217", "MFN301"}),
    ),
    (r"unexpected field names", frozenset({"MFN301"})),
    (r"must include features argument", frozenset({"MFN401", "MFN404", "MFN405"})),
    (r"not expected args", frozenset({"MFN402"})),
    (r"does not include params argument", frozenset({"MFN403", "MFN404"})),
    (r"does not take labels, but input_fn returns", frozenset({"MFN404", "MFN405"})),
    (r"missing 1 required keyword-only argument", frozenset({"MFN404"})),
    (r"missing 1 required positional argument: 'self'", frozenset({"MFN404"})),
    (r"^'(?!eval_metrics'|host_call')\w+'$", frozenset({"MFN406", "MFN605"})),
    (r"'dict' object has no attribute", frozenset({"MFN406"})),
    (r"positional-only arguments passed as keyword", frozenset({"MFN404"})),
    (r"missing \d required positional arguments: 'labels'", frozenset({"MFN405"})),
    (r"`tape` is required when a `Tensor` loss is passed", frozenset({"MFN505"})),
    (r"missing 1 required positional argument: 'var_list'", frozenset({"MFN505"})),
    (r"missing from the checkpoint|not found in checkpoint", frozenset({"MFN602"})),
    (r"^Variable \S+ does not exist", frozenset({"MFN603"})),
    (r"refers to a Tensor which does not exist", frozenset({"MFN604"})),
    (r"End of sequence", frozenset({"MFN507", "MFN517"})),
    (r"predictions must be in \[0, 1\]", frozenset({"MFN508"})),
    (r"trainable_variables cannot be None", frozenset({"MFN505"})),
    (r"is not a tf\.keras\.optimizers\.Optimizer instance", frozenset({"MFN505"})),
    (
        r"must be a (float32|string) Tensor|output value must be a Tensor",
        frozenset({"MFN307", "MFN317"}),
    ),
    (r"At least one of `?scores`? and `?classes`?", frozenset({"MFN307", "MFN317"})),
    (r"eval_metric_ops must be", frozenset({"MFN302", "MFN312"})),
    (r"call update_state", frozenset({"MFN302", "MFN312"})),
    (r"has no attribute 'graph'", frozenset({"MFN302", "MFN312"})),
    (r"Metric with name .* is not allowed", frozenset({"MFN303"})),
    (r"loss must be Tensor|Loss must be scalar", frozenset({"MFN304", "MFN314"})),
    (r"train_op must be Operation or Tensor", frozenset({"MFN305", "MFN315"})),
    (r"predictions(\[.*\])? must be Tensor", frozenset({"MFN306", "MFN316"})),
    (
        r"output key must be a string",
        frozenset({"MFN306", "MFN307", "MFN316", "MFN317"}),
    ),
    (r"cannot be interpreted as an integer", frozenset({"MFN316"}) | TENSOR_USES),
    (r"export_outputs`? must be|ExportOutput objects", frozenset({"MFN307", "MFN317"})),
    (r"Multiple `?export_outputs", frozenset({"MFN307", "MFN317"})),
    (
        r"All hooks must be|^(?!.*NoneType).*is not iterable",
        frozenset({"MFN308", "MFN318"}) | OPERANDS | TENSOR_USES,
    ),
    (r"scaffold must be", frozenset({"MFN309"})),
)


@dataclass(frozen=True)
class Run:
    """One call of a model function by TensorFlow: its mode, flags and outcome."""

    function: str
    def_line: int
    mode: Mode
    facts: dict[str, Any]

    def __str__(self) -> str:
        flags = ", ".join(f"{name}={value}" for name, value in sorted(self.facts["flags"].items()))
        outcome = self.facts.get("text") or self.facts["outcome"]
        return f"{self.function}({flags}) in {self.mode}: {outcome}"

    @property
    def accepted(self) -> bool:
        """TensorFlow accepted the spec."""
        return bool(self.facts["outcome"] == "accepted")

    @property
    def failed(self) -> bool:
        """TensorFlow or Python rejected it; an exception raised by the author is not a failure."""
        return not self.accepted and bool(self.facts["by"] != "author")

    @property
    def lacks_a_field(self) -> bool:
        return str(self.facts["text"]).startswith("Missing ")

    @property
    def has_other_mode(self) -> bool:
        return "mode" in self.facts

    @property
    def damage(self) -> Iterator[frozenset[str]]:
        """The codes for each fault that TensorFlow does not report."""
        if self.facts.get("step") == 0:
            yield NOT_COUNTED
        if "runs" in self.facts:
            yield COUNTED_TWICE
        if any("/moving_" in name for name in self.facts.get("unchanged", ())):
            yield NOT_UPDATED
        if self.facts.get("unmeasured"):
            yield NOT_MEASURED
        if self.facts.get("logs_strings"):
            yield LOGS_SUMMARIES
        if self.facts.get("fractions"):
            yield NOT_CLASSES

    def shows_damage(self, code: str) -> bool:
        """Training showed the fault that ``code`` reports."""
        repeatable = code in NOT_RANDOM and self.facts.get("repeatable", False)
        return bool(repeatable) or any(code in codes for codes in self.damage)

    @property
    def only_predicts(self) -> bool:
        """The spec itself is accepted: ``predict`` fails, but an export would not."""
        return "cannot be interpreted as an integer" in self.facts.get("text", "")

    @property
    def objections(self) -> list[frozenset[str]]:
        """For each fault, the codes that would report it; empty if none would."""
        text = self.facts["text"]
        if text == "model_fn should return an EstimatorSpec.":
            return [NO_SPEC if self.facts["returned"] == "NoneType" else NOT_A_SPEC]
        objections = [codes for pattern, codes in FAILURES if re.search(pattern, text)]
        if text == "Missing loss." or self.facts.get("also_missing") == "loss":
            objections.append(MISSING_LOSS.get(self.mode, frozenset()))
        return objections

    @property
    def line(self) -> int:
        """The line where the finding has to be."""
        if self.objects_with(NO_SPEC):
            return self.def_line
        line: int = self.facts.get("site") or self.facts["line"]
        return line

    def objects_with(self, codes: frozenset[str]) -> bool:
        return any(objection & codes for objection in self.objections)

    def reached(self, line: int) -> bool:
        reached: list[int] = self.facts.get("reached", [])
        return line in reached


class Agreement:
    """One fixture in one record."""

    def __init__(self, text: str, entry: dict[str, Any], exact_lines: bool) -> None:
        self.expectations: Expectations = parse_expectations(text)
        self.runs = list(_runs(entry))
        self._exact_lines = exact_lines
        self._statements = _statement_of_line(text)

    def disagreements(self) -> Iterator[str]:
        yield from self._unexpected_failures()
        yield from self._unexpected_damage()
        yield from self._needless_marks()
        for expected in self.expectations.findings:
            for complaint in self._unconfirmed(expected):
                yield f"{expected}: {complaint}"

    def _unexpected_failures(self) -> Iterator[str]:
        for run in self.runs:
            if self._is_silent(run) or not (run.failed or run.has_other_mode):
                continue
            if any(self._mismatches(e, run) for e in self.expectations.findings):
                continue
            unsaid = [codes for codes in self._objections(run) if not self._said(run, codes)]
            if unsaid or not self._objections(run):
                yield f"not expected: {run}, line {run.facts.get('line')}: {unsaid}"

    def _unexpected_damage(self) -> Iterator[str]:
        for run in self.runs:
            for codes in () if self._is_silent(run) else run.damage:
                if not any(
                    e.code in codes and run.reached(e.line) for e in self.expectations.findings
                ):
                    yield f"not expected: {run} leaves undone what {sorted(codes)} say"

    @staticmethod
    def _objections(run: Run) -> list[frozenset[str]]:
        return run.objections if run.failed else []

    def _said(self, run: Run, codes: frozenset[str]) -> bool:
        return any(e.code in codes and self._explains(e, run) for e in self.expectations.findings)

    def _needless_marks(self) -> Iterator[str]:
        for line, modes in self.expectations.silent.items():
            for mode in modes:
                runs = [run for run in self.runs if run.def_line == line and run.mode is mode]
                if not any(run.failed or run.has_other_mode or any(run.damage) for run in runs):
                    yield f"line {line}: nothing fails in {mode}: needless mark"

    def _unconfirmed(self, expected: Expectation) -> Iterator[str]:
        if not expected.modes:
            reached = any(run.reached(expected.line) for run in self.runs)
            failed = any(run.failed and self._explains(expected, run) for run in self.runs)
            if not failed and not (expected.code in SILENT and reached):
                yield "TensorFlow has no objection"
        for mode in expected.modes if expected.code not in HINTS else ():
            yield from self._unconfirmed_in(mode, expected)

    def _unconfirmed_in(self, mode: Mode, expected: Expectation) -> Iterator[str]:
        runs = [run for run in self.runs if run.mode is mode and self._decides_about(expected, run)]
        wrong = [run for run in runs if self._is_wrong(expected, run)]
        possible = expected.code[4] == "1"
        if not wrong:
            yield f"TensorFlow has no objection in {mode}"
        elif possible and len(wrong) == len(runs) and not all(run.only_predicts for run in runs):
            yield f"fails on every path of {mode}: definite"
        elif not possible and len(wrong) < len(runs):
            fine = next(run for run in runs if run not in wrong)
            yield f"does not fail on every path: {fine}"

    def _decides_about(self, expected: Expectation, run: Run) -> bool:
        """The run reached the place, and nothing else ended it there."""
        if self._is_silent(run):
            return False
        if expected.code in NO_SPEC:
            here = run.def_line == expected.line
            return here and (run.accepted or run.objects_with(NO_SPEC))
        if not run.reached(expected.line):
            return False
        if not run.failed or self._is_wrong(expected, run):
            return True
        return not self._same_place(expected, run) or run.lacks_a_field

    def _is_wrong(self, expected: Expectation, run: Run) -> bool:
        return (
            self._mismatches(expected, run)
            or (run.failed and self._explains(expected, run))
            or (run.accepted and run.mode in expected.modes and run.shows_damage(expected.code))
        )

    def _explains(self, expected: Expectation, run: Run) -> bool:
        in_mode = not expected.modes or run.mode in expected.modes
        return (
            in_mode
            and run.objects_with(frozenset({expected.code}))
            and self._same_place(expected, run)
        )

    def _mismatches(self, expected: Expectation, run: Run) -> bool:
        """The spec has another mode, or lacks what that other mode requires."""
        if expected.code not in MISMATCH or run.mode not in expected.modes:
            return False
        if run.failed and run.lacks_a_field:
            return self._same_place(expected, run)
        return run.has_other_mode and run.reached(expected.line)

    def _same_place(self, expected: Expectation, run: Run) -> bool:
        if expected.code in SIGNATURE:
            lines = {self._statements.get(line) for line in (run.def_line, run.facts["line"])}
            return self._statements.get(expected.line) in lines
        if run.line == expected.line:
            return True
        if expected.code in CALLED_LATER and run.reached(expected.line):
            return True
        if self._exact_lines and expected.code not in BY_STATEMENT:
            return False
        return self._statements.get(run.line) == self._statements.get(expected.line)

    def _is_silent(self, run: Run) -> bool:
        return run.mode in self.expectations.silent.get(run.def_line, ())


def _runs(entry: dict[str, Any]) -> Iterator[Run]:
    for function in entry["functions"]:
        for name, runs in function["modes"].items():
            for facts in runs:
                yield Run(function["name"], function["line"], Mode[name], facts)


def _statement_of_line(text: str) -> dict[int, int]:
    """For each line, the first line of the innermost statement that it belongs to.

    A decorator belongs to the ``def``.
    """
    first: dict[int, int] = {}
    for node in ast.walk(ast.parse(text)):  # outer statements come before inner ones
        if isinstance(node, ast.stmt):
            for decorator in getattr(node, "decorator_list", ()):
                first[decorator.lineno] = node.lineno
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                first[line] = node.lineno
    return first
