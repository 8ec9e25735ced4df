"""The correct findings for programs of ``graph_programs.py``, given what TensorFlow did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

#: What ``tests/conformance/graph_programs_run.py`` writes of one run.
Run: TypeAlias = "dict[str, Any]"

NAMES = {"train": "TRAIN", "eval": "EVAL", "infer": "PREDICT"}
#: The rules that the runs can judge, and those of them that have a code for possible findings.
WITH_POSSIBLE = frozenset(
    {"MFN208", "MFN302", "MFN501", "MFN502", "MFN506", "MFN507", "MFN601", "MFN608", "MFN609"}
)
JUDGED = WITH_POSSIBLE | {"MFN406", "MFN509", "MFN602", "MFN603", "MFN604"}

#: Those that end the run.
_RAISING = frozenset({"MFN302", "MFN406", "MFN601", "MFN603", "MFN608", "MFN609"})

#: By rule and what a program contains: why the linter misses the fault.
LIMITS = (
    (
        "MFN602",
        re.compile(
            r"layers\.(dense\(h, 4\)|Dense\(4\))[\s\S]*layers\.(dense\(h, 4\)|Dense\(4\))"
            r"|layers\.(batch_normalization\(h, t|BatchNormalization\(\))[\s\S]*"
            r"layers\.(batch_normalization\(h, t|BatchNormalization\(\))"
        ),
        "layers without a name are not counted",
    ),
    (
        "MFN502",
        re.compile(r"second = |train_op, optimizer|tf\.group\(first"),
        "which of several steps should run the updates is not known",
    ),
    (
        "MFN502",
        re.compile(r"if mode == tf\.estimator\.ModeKeys\.TRAIN:\n +h = .*training="),
        "averages that only training has are used nowhere",
    ),
    (
        "MFN602",
        re.compile(r"reuse=params"),
        "whether variables are created is not known if the source does not decide about reuse",
    ),
    (
        "MFN507",
        re.compile(r"if params.*:\n( *with .*\n)? *h = "),
        "what a value that differs between joined paths is computed from is not known",
    ),
    *(
        (code, re.compile(r"tf\.cond\("), "what `tf.cond` does with its functions is not followed")
        for code in ("MFN506", "MFN604", "MFN507")
    ),
    (
        "MFN608",
        re.compile(r"\) - \("),
        "the views of a dict are tuples to the linter, and these have the operators of sets",
    ),
    (
        "MFN501",
        re.compile(r"if .*:\n *train_op = tf.group\(train_op, tf.assign_add"),
        "what counts the step on one path is taken to be able to count it on every path",
    ),
)


@dataclass(frozen=True, order=True)
class Said:
    """A finding in one mode: the rule, by its definite code, whether it is definite, the line."""

    rule: str
    mode: str
    definite: bool
    line: int

    def __str__(self) -> str:
        how = "" if self.definite else "possible "
        return f"{how}{self.rule} {self.mode}, line {self.line}"


@dataclass(frozen=True)
class Difference:
    """The rules and modes that the linter missed, and those of its findings that are wrong."""

    text: str
    missed: tuple[tuple[str, str], ...]
    wrong: tuple[Said, ...]

    def __str__(self) -> str:
        lines = [f"{number:3} {line}" for number, line in enumerate(self.text.splitlines(), 1)]
        lines += [f"  missed: {rule} {mode}" for rule, mode in self.missed]
        lines += [f"  wrong: {said}" for said in self.wrong]
        return "\n".join(lines)


def difference(text: str, runs: list[Run]) -> Difference | None:
    """The difference between linter and TensorFlow on a program; None if they agree.

    A fault on some runs only counts as missed if there is a code for possible findings. The linter
    also reports what is wrong behind the first exception of a mode, as if it did not occur. Such
    findings are not judged, and nor is what the linter misses in such a mode.
    """
    said = linted(text)
    missed: list[tuple[str, str]] = []
    wrong: list[Said] = []
    for key, mode in NAMES.items():
        of_mode = [run for run in runs if run["mode"] == key]
        told = [one for one in said if one.mode == mode]
        is_masked = any(all(one.line not in run["reached"] for run in of_mode) for one in told)
        for rule in sorted(JUDGED):
            judged = of_mode if rule in _RAISING else [one for one in of_mode if _is_built(one)]
            bad = [run for run in judged if rule in run.get("faults", ())]
            of_rule = [one for one in told if one.rule == rule]
            if rule in _RAISING or all(map(_is_built, runs)):
                wrong += [one for one in of_rule if _is_wrong(one, judged, bad)]
            is_certain = len(bad) == len(judged) or rule in WITH_POSSIBLE
            if bad and is_certain and not of_rule and not is_masked and not _limit(rule, text):
                missed.append((rule, mode))
    return Difference(text, tuple(missed), tuple(wrong)) if missed or wrong else None


def _is_built(run: Run) -> bool:
    return "raised" not in run


def _is_wrong(said: Said, judged: list[Run], bad: list[Run]) -> bool:
    """Whether the runs that reach the line of a finding show that it is wrong."""
    come = [run for run in judged if said.line in run["reached"]]
    found = [run for run in come if run in bad]
    if not said.definite and any("raised" in run and run not in come for run in judged):
        return False  # it may be in a run that ended before
    return bool(come) and (len(found) < len(come) if said.definite else not found)


def linted(text: str) -> list[Said]:
    """The linter's findings of rules that the runs can judge."""
    found = [
        Said(f"{each.code[:4]}0{each.code[5:]}", str(mode), each.code[4] == "0", each.line)
        for each in lint_text(text, "model.py", Settings())
        for mode in each.modes
    ]
    return sorted(one for one in found if one.rule in JUDGED)


def _limit(rule: str, text: str) -> str:
    """Why the linter may miss a fault of a program; empty if there is no known reason."""
    return next(
        (why for known, part, why in LIMITS if known == rule and part.search(text)),
        "",
    )
