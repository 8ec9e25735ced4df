"""The mutation score: ``python -m tests.differential.mutation``.

Model functions of the fixtures that are accepted as they are get damaged; each
mutant that execution shows to fail in an addressed mode must be found.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.differential.comparison import linted, right
from tests.differential.execution import Program
from tests.differential.instrumentation import Unjudgeable
from tests.differential.mutants import Mutant, mutants, normalized
from tests.differential.truth import NAMES, Verdict, addressed_modes, truth, verdicts

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


#: Functions whose mutants may survive, and why: what the stand-in does by executing
#: them, nobody can tell who reads the source.
EXPLAINED = {
    "undecidable.py:unknown_keywords_model_fn": "the fields come from a function that is looked up "
    "in a dict of the running program, as the fixture is there to show",
    "undecidable.py:unknown_mode_model_fn": "so does the key; a spec with a key that is not known "
    "has no requirements that are known",
    "decorated.py:dict_model_fn": "a decorator of the file makes the spec of the dict that the "
    "function returns; what a decorator makes of a model function is not evaluated",
    "dicts_of_fields.py:escaped_model_fn": "the dict goes into a function that can't be seen, and "
    "that may have filled it: to say that a field is missing would be a guess",
    "dicts_of_fields.py:stored_elsewhere_model_fn": "the same, with the dict in a list",
}


@dataclass(frozen=True)
class Survivor:
    """A mutant of which linter and truth say different things.

    Attributes:
        origin: the file and the function.
        wrong: what is right and not found, or else found and not right.
    """

    origin: str
    mutant: Mutant
    wrong: frozenset[Verdict]

    def __str__(self) -> str:
        lines = self.mutant.source.splitlines()
        head = f"{self.origin}: {self.mutant.kind}, line {self.mutant.line}"
        wrong = [f"  {it}    {lines[it.line - 1].strip()}" for it in sorted(self.wrong)]
        return "\n".join([head, *wrong])


@dataclass
class Score:
    """What came of all mutants."""

    functions: int = 0
    mutants: int = 0
    unjudgeable: int = 0
    rejected: int = 0
    unexpected: list[Survivor] = field(default_factory=list)
    survivors: list[Survivor] = field(default_factory=list)
    explained: list[Survivor] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """The share of the failing mutants that were found, without those explained."""
        to_be_found = self.rejected - len(self.explained)
        return 100.0 * (to_be_found - len(self.survivors)) / (to_be_found or 1)


def accepted_functions(source: str) -> Iterator[str]:
    """The model functions of a module that run, and are accepted in each addressed mode."""
    for name in _function_names(ast.parse(source)):
        try:
            if verdicts(source, name):
                continue
            runs = Program(source, name).runs()
        except Unjudgeable:
            continue
        well = {run.mode for run in runs if run.end == "accepted"}
        if well and addressed_modes(runs) <= well:
            yield name


def _function_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _takes_mode(node):
            yield node.name
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and _takes_mode(inner):
                    yield f"{node.name}.{inner.name}"


def _takes_mode(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return any(argument.arg == "mode" for argument in [*arguments.args, *arguments.kwonlyargs])


def judge(source: str, name: str, origin: str, score: Score) -> None:
    """Damage one function in every way and count what is found."""
    score.functions += 1
    for mutant in mutants(source, name):
        score.mutants += 1
        try:
            judged = truth(mutant.source, name)
        except (Unjudgeable, RecursionError):
            score.unjudgeable += 1
            continue
        found = linted(mutant.source)
        own = frozenset(
            verdict for verdict in found if _stands_in(mutant.source, name, verdict.line)
        )
        expected = right(judged, own)
        if not expected:
            if own:
                score.unexpected.append(Survivor(origin, mutant, own))
            continue
        score.rejected += 1
        missed = frozenset(verdict for verdict in expected if not _is_found(verdict, found))
        if missed:
            survivors = score.explained if _explanation(origin) else score.survivors
            survivors.append(Survivor(origin, mutant, missed))


def _explanation(origin: str) -> str:
    return next((reason for end, reason in EXPLAINED.items() if end in origin), "")


def _stands_in(source: str, name: str, line: int) -> bool:
    """Whether a line belongs to the function itself, and not to what others call, too."""
    entry = Program(source, name).entry
    return entry.lineno <= line <= (entry.end_lineno or entry.lineno)


def _is_found(verdict: Verdict, found: frozenset[Verdict]) -> bool:
    """Whether the same rule speaks there, in those modes, with either certainty."""
    modes = {
        mode
        for other in found
        if (other.line, other.column) == (verdict.line, verdict.column)
        and _rule(other.code) == _rule(verdict.code)
        for mode in other.modes or NAMES.values()
    }
    return set(verdict.modes or NAMES.values()) <= modes


def _rule(code: str) -> str:
    return code[:4] + code[5:]


def fixture_files(directory: Path) -> Iterator[Path]:
    """The fixtures that hold functions meant to be right."""
    yield from sorted([*directory.glob("*/good.py"), *directory.glob("clean/*.py")])


def score_of(files: list[Path]) -> Score:
    """The score over all accepted functions of some files."""
    score = Score()
    for path in files:
        source = normalized(path.read_text(encoding="utf-8"))
        for name in accepted_functions(source):
            judge(source, name, f"{path.parent.name}/{path.name}:{name}", score)
    return score


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 1 if a mutant survives."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m tests.differential.mutation"
    )
    parser.add_argument("files", nargs="*", type=Path, help="instead of the fixtures")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    score = score_of(options.files or list(fixture_files(FIXTURES)))
    for survivor in score.unexpected:
        print(f"found, though it does not fail: {survivor}")
    for survivor in score.explained:
        print(f"not found, {_explanation(survivor.origin)}: {survivor.origin}")
    for survivor in score.survivors:
        print(f"not found: {survivor}")
    print(
        f"{score.functions} functions, {score.mutants} mutants, {score.unjudgeable} not judged, "
        f"{score.rejected} fail, {len(score.explained)} of them explained, "
        f"{len(score.survivors)} survive: score {score.percent:.1f} %, "
        f"{time.perf_counter() - started:.1f} s"
    )
    return 1 if score.survivors else 0


if __name__ == "__main__":
    sys.exit(main())
