"""Facts about paths from runs of a program: passed tests, run lines, given fields.

Compared with the steps of the linter's findings and with its view of the modes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from estimator_lint.findings import Finding, Step
from estimator_lint.linting import lint_text
from estimator_lint.modes_view.building import view_file
from estimator_lint.modes_view.model import Condition, FieldView, ModeView, Occurrence
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.specs import ESTIMATOR_SPEC
from tests.differential.execution import Program
from tests.differential.instrumentation import HOOKS, Instrumenter, start
from tests.differential.recording import Recorder, Run
from tests.differential.stand_in import Place, Visit
from tests.differential.truth import NAMES

Test = tuple[Place, bool]


@dataclass
class Path:
    """The path of one run, in order.

    Attributes:
        tests: the passed tests, each with its outcome.
        lines: the first lines of the statements that it ran.
    """

    tests: list[Test] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)


@dataclass
class PathRecorder(Recorder):
    """Also records the path of each run, and of the module's own code before the first run."""

    path: Path = field(default_factory=Path)

    def begin(self, run: Run) -> None:
        super().begin(run)
        self.path = run.path = Path()  # type: ignore[attr-defined]

    def passed(self, place: Place, value: object) -> object:
        self.path.tests.append((place, bool(value)))
        return value

    def ran(self, line: int) -> None:
        self.path.lines.add(line)


class PathInstrumenter(Instrumenter):
    """Also wraps tests, and puts a call before each statement of a function."""

    def __init__(self, tree: ast.Module, entry: ast.AST | None) -> None:
        super().__init__(tree, entry)
        self._in_tests: set[ast.AST] = set()

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for test in [getattr(node, "test", None), getattr(node, "guard", None)]:
            self._note_tested(test)
        for test in node.ifs if isinstance(node, ast.comprehension) else ():
            self._note_tested(test)
        visited = super().generic_visit(node)
        if isinstance(visited, ast.If | ast.IfExp | ast.Assert):
            visited.test = self._tested(visited.test)
        elif isinstance(visited, ast.match_case) and visited.guard is not None:
            visited.guard = self._tested(visited.guard)
        elif isinstance(visited, ast.comprehension):
            visited.ifs = [self._tested(test) for test in visited.ifs]
        if self._functions:
            self._tell_statements(visited)
        return visited

    def visit_While(self, node: ast.While) -> ast.AST:  # noqa: N802
        visited = super().visit_While(node)
        assert isinstance(visited, ast.While)
        visited.test = self._tested(visited.test)
        return visited

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # noqa: N802
        visited = self.generic_visit(node)
        self._tell_statements(visited)
        return visited

    def _note_tested(self, node: ast.AST | None) -> None:
        """Record which ``and`` and ``or`` are parts of a test, and not used for their value."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._note_tested(node.operand)
        elif isinstance(node, ast.BoolOp):
            self._in_tests.add(node)
            for value in node.values:
                self._note_tested(value)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        if node in self._in_tests:
            return node
        # libcst parses `a and b and c` as `(a and b) and c`.
        value, *others = node.values
        for other in others:
            values = [self._call("passed", value, start(value), value), other]
            value = ast.copy_location(ast.BoolOp(node.op, values), node)
        return value

    def _tested(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self._tested(node.operand)
            return node
        if isinstance(node, ast.BoolOp):
            node.values = [self._tested(value) for value in node.values]
            return node
        return self._call("passed", node, start(node), node)

    def _tell_statements(self, node: ast.AST) -> None:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if not isinstance(block, list) or isinstance(node, ast.ClassDef):
                continue
            told: list[ast.stmt] = []
            for statement in block:
                if not isinstance(statement, ast.Nonlocal | ast.Global) and statement.lineno:
                    call = ast.Expr(self._call("ran", statement, statement.lineno))
                    told.append(ast.copy_location(call, statement))
                told.append(statement)
            setattr(node, name, told)


class PathProgram(Program):
    """A program whose runs record their paths."""

    instrumenter = PathInstrumenter
    recorder = PathRecorder
    hooks = (*HOOKS, "passed", "ran")


def path_of(run: Run) -> Path:
    """The path of a run of a ``PathProgram``."""
    path: Path = run.path  # type: ignore[attr-defined]
    return path


def untruths(source: str) -> list[str]:
    """The linter's statements about the paths of ``source`` that no run confirms.

    Raises:
        Unjudgeable: execution can't decide.
    """
    runs = PathProgram(source).runs()
    wrong = [text for finding in lint_text(source) for text in _of_steps(finding, runs)]
    view = view_file(source, "program.py", Settings())
    for function in view.functions:
        if function.name == "model_fn":
            for mode, shown in function.modes.items():
                of_mode = [run for run in runs if run.mode == mode.value]
                wrong += _of_lines(shown, of_mode)
                wrong += _of_fields(shown, of_mode)
    return wrong


def _of_steps(finding: Finding, runs: list[Run]) -> Iterator[str]:
    """Some run reaches the place of a finding by the path that the finding shows."""
    steps = [
        ((step.line, step.column), step.outcome) for step in finding.steps if _is_recorded(step)
    ]
    modes = {mode.value for mode in finding.modes[:1]}
    if not any(
        (not modes or run.mode in modes) and _has_in_order(path_of(run).tests, steps)
        for run in runs
    ):
        yield f"{finding.line}: {finding.message}: no run passes {steps}"


def _is_recorded(step: Step) -> bool:
    """Whether the runs record such a test: patterns and handlers they don't."""
    return not step.text.startswith(("case ", "except"))


def _has_in_order(tests: list[Test], steps: list[Test]) -> bool:
    remaining = iter(tests)
    return all(step in remaining for step in steps)


def _of_lines(view: ModeView, runs: list[Run]) -> Iterator[str]:
    ran = set().union(*(path_of(run).lines for run in runs))
    for line in sorted(ran & view.never_run):
        yield f"{line}: is run in {view.mode}"


def _of_fields(view: ModeView, runs: list[Run]) -> Iterator[str]:
    for run in runs:
        final = _final_visit(run)
        if final is None:
            continue
        if view.spec is Occurrence.NEVER:
            yield f"{view.mode} comes to a spec"
        for name, shown in view.fields.items():
            if final.origin is not None and name in ESTIMATOR_SPEC.empty_when_none:
                continue  # `_replace` turned None into something empty
            if _contradicts(shown, name in final.given, path_of(run)):
                yield f"{NAMES[run.mode]}: {name} is {shown.given} given, {shown.conditions}"


def _final_visit(run: Run) -> Visit | None:
    """The spec that the Estimator gets or that TensorFlow rejects, if it is certain which."""
    if run.end == "rejected":
        return run.rejection
    used = [visit for visit in run.visits if visit.used]
    final = [visit for visit in used if all(other.origin is not visit for other in used)]
    return final[0] if run.end == "accepted" and len(final) == 1 else None


def _contradicts(shown: FieldView, given: bool, path: Path) -> bool:
    match shown.given:
        case Occurrence.ALWAYS:
            return not given
        case Occurrence.NEVER:
            return given
        case Occurrence.SOMETIMES if shown.conditions and all(
            _is_recorded(step) for condition in shown.conditions for step in condition
        ):
            return given is not any(_holds(each, path) for each in shown.conditions)
        case _:
            return False


def _holds(condition: Condition, path: Path) -> bool:
    return all(((step.line, step.column), step.outcome) in path.tests for step in condition)
