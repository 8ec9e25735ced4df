"""Draw how the paths of small model functions split and join.

Each picture is drawn from a real evaluation of a program in ``docs/pictured/`` or
``examples/``.  A row is a statement; the boxes beside it are the paths that reach
it, with the values of some variables and the undecided tests that the path
passed.  The pictures are committed as ``docs/images/paths-*.svg``; the tests fail
if one is stale.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import libcst as cst

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import model_functions_of
from estimator_lint.findings import Finding
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.interpreter.model_function import evaluate_model_function
from estimator_lint.linting import lint_text
from estimator_lint.process_settings import no_warnings
from estimator_lint.project.code import ModuleCode
from estimator_lint.project.imports import Project, modules_kept
from estimator_lint.revealing.describing import described
from estimator_lint.settings import Settings
from estimator_lint.steps import source_of, telling_tests
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"

ROW, LINE, GAP, CHARACTER = 10, 15, 12, 6.65
#: More characters than this of a line of source are not shown.
LONGEST_SOURCE = 44
STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de; }
  .path { fill: #eef4fb; stroke: #5b83b0; }
  .doubt { stroke-dasharray: 4 3; fill: #fff6e0; stroke: #a67c1a; }
  text { font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328; }
  .head { font-weight: bold; }
  .dim { fill: #6b7480; }
  .wrong { fill: #b3261e; font-weight: bold; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #161b22; stroke: #3d444d; }
    .path { fill: #1c2b3d; stroke: #6f9bd1; }
    .doubt { fill: #33290f; stroke: #d4a72c; }
    text { fill: #e6edf3; }
    .dim { fill: #9aa4af; }
    .wrong { fill: #ff8b82; }
  }
"""


@dataclass(frozen=True)
class Picture:
    """What to draw.

    Attributes:
        name: of the file, between ``paths-`` and ``.svg``.
        program: the file with the model function, from the root of the repository.
        modes: a column for each of these modes.
        variables: the variables whose values the boxes show.
    """

    name: str
    program: str
    modes: tuple[Mode, ...]
    variables: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Where the picture is."""
        return IMAGES / f"paths-{self.name}.svg"


PICTURES = (
    Picture("one-function", "examples/digits.py", tuple(Mode), ("loss", "train_op")),
    Picture(
        "split-and-join", "docs/pictured/clipped_gradients.py", (Mode.TRAIN,), ("rate", "norm")
    ),
    Picture("doubt", "docs/pictured/unknown_test.py", (Mode.TRAIN, Mode.EVAL), ("train_op",)),
    Picture("loop", "docs/pictured/summed_losses.py", (Mode.EVAL,), ("loss", "rate")),
)


@dataclass(frozen=True)
class PathBox:
    """One path that reaches a statement: lines of text, and whether it is in doubt."""

    lines: tuple[str, ...]
    in_doubt: bool


@dataclass(frozen=True)
class Step:
    """One evaluation of a statement, for all the paths that reach it."""

    node: cst.CSTNode
    mode: Mode
    boxes: tuple[PathBox, ...]


class RecordingEvaluator(Evaluator):
    """An evaluator that records the paths that reach each statement of a function."""

    def __init__(
        self, *arguments: Any, steps: list[Step], variables: Sequence[str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self._steps = steps
        self._variables = variables

    def run(self, node: cst.CSTNode, states: list[State]) -> list[State]:
        """As for any evaluator; records the paths first."""
        is_statement = isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement)
        if states and is_statement and not self.continues_past_faults and not self.frame.depth:
            boxes = tuple(self._box(state) for state in states)
            self._steps.append(Step(node, self.mode, boxes))
        return super().run(node, states)

    def _box(self, state: State) -> PathBox:
        lines = [
            f"{source_of(test.place.node, test.place.piece.module)} {str(test.outcome).lower()}"
            for test in telling_tests(state.passed)
            if not test.decided
        ]
        for name in self._variables:
            scope = scope_of(self, name)
            value = None if scope is None else state.variable(scope, name)
            text = "unbound" if value is None else described(self, value, state)
            lines.append(f"{name}: {text}")
        return PathBox(tuple(dict.fromkeys(lines)), bool(state.doubts))


@dataclass(frozen=True)
class Row:
    """A statement of the source with the paths that reach it in each mode."""

    line: int
    source: str
    boxes: tuple[tuple[PathBox, ...], ...]
    notes: tuple[tuple[str, ...], ...]

    @property
    def stacked(self) -> bool:
        """Whether the paths of a mode are below one another, since other modes are beside it."""
        return len(self.boxes) > 1

    @property
    def height(self) -> float:
        """In pixels."""
        return max(
            _boxes_height(boxes, self.stacked) + len(notes) * LINE
            for boxes, notes in zip(self.boxes, self.notes, strict=True)
        )


def rows_of(picture: Picture) -> list[Row]:
    """The rows of a picture, from an evaluation of its program."""
    text = (ROOT / picture.program).read_text(encoding="utf-8")
    source = SourceFile(text, filename=picture.program)
    steps: list[Step] = []
    recording = functools.partial(RecordingEvaluator, steps=steps, variables=picture.variables)
    with modules_kept(), no_warnings():
        (function,) = model_functions_of(Definitions(source), Settings())
        module = ModuleCode(source, Project(source, picture.program, ()))
        traces = evaluate_model_function(module, function, make_evaluator=recording)
    piece = traces.name_place.piece
    findings = lint_text(text, picture.program)
    grouped: dict[tuple[int, int], dict[Mode, Step]] = {}
    times: dict[tuple[Mode, int], int] = {}
    for step in steps:
        if step.mode in picture.modes:
            line = piece.position(step.node).line
            time = times[step.mode, line] = times.get((step.mode, line), -1) + 1
            grouped.setdefault((line, time), {})[step.mode] = step
    in_time = list(grouped) if any(time for _, time in grouped) else sorted(grouped)
    return [
        _row(line, grouped[line, time], picture.modes, source, findings) for line, time in in_time
    ]


def _row(
    line: int,
    steps: dict[Mode, Step],
    modes: Sequence[Mode],
    source: SourceFile,
    findings: Iterable[Finding],
) -> Row:
    boxes = tuple(steps[mode].boxes if mode in steps else () for mode in modes)
    notes = tuple(
        tuple(
            finding.code for finding in findings if finding.line == line and mode in finding.modes
        )
        for mode in modes
    )
    shown = source.lines[line - 1].removeprefix("    ")
    if len(shown) > LONGEST_SOURCE:
        shown = f"{shown[: LONGEST_SOURCE - 1]}…"
    return Row(line, shown, boxes, notes)


def svg(picture: Picture) -> str:
    """The picture."""
    rows = rows_of(picture)
    left = max(len(row.source) for row in rows) * CHARACTER + 60
    widths = [_width(rows, column) for column in range(len(picture.modes))]
    width = left + sum(widths) + GAP * (len(widths) + 1)
    parts: list[str] = []
    x = left
    for mode, column in zip(picture.modes, widths, strict=True):
        parts.append(_text(x, 24, mode.name, "head"))
        x += column + GAP
    y = 40.0
    for row in rows:
        parts.append(_text(16, y + 17, f"{row.line:3}", "dim"))
        parts.append(_text(46, y + 17, row.source))
        x = left
        for boxes, notes, column in zip(row.boxes, row.notes, widths, strict=True):
            parts += _cell(x, y, boxes, notes, stacked=row.stacked)
            x += column + GAP
        y += row.height
    title = f"Paths of {picture.program} in {', '.join(mode.name for mode in picture.modes)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {y + 8:.0f}" '
        f'width="{width:.0f}" height="{y + 8:.0f}">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="card" x="0.5" y="0.5" width="{width - 1:.0f}" height="{y + 7:.0f}" '
        f'rx="8"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _cell(
    x: float, y: float, boxes: Sequence[PathBox], notes: Sequence[str], *, stacked: bool
) -> Iterator[str]:
    left, top = x, y + 3
    for box in boxes:
        css = "path doubt" if box.in_doubt else "path"
        yield (
            f'<rect class="{css}" x="{left:.1f}" y="{top:.1f}" width="{_box_width(box):.1f}" '
            f'height="{len(box.lines) * LINE + 8}" rx="5"/>'
        )
        for number, line in enumerate(box.lines):
            yield _text(left + 7, top + 14 + number * LINE, line)
        if stacked:
            top += _box_height(box)
        else:
            left += _box_width(box) + 8
    for number, note in enumerate(notes, 1):
        yield _text(x, y + _boxes_height(boxes, stacked) + number * LINE - 4, note, "wrong")


def _boxes_height(boxes: Sequence[PathBox], stacked: bool) -> float:
    heights = [_box_height(box) for box in boxes] or [LINE + ROW + 8]
    return sum(heights) if stacked else max(heights)


def _box_height(box: PathBox) -> float:
    return len(box.lines) * LINE + ROW + 8


def _width(rows: Iterable[Row], column: int) -> float:
    return max(
        (max if row.stacked else sum)([0, *(_box_width(box) + 8 for box in row.boxes[column])])
        for row in rows
    )


def _box_width(box: PathBox) -> float:
    return max(len(line) for line in box.lines) * CHARACTER + 14


def _text(x: float, y: float, text: str, css: str = "") -> str:
    attribute = f' class="{css}"' if css else ""
    return f'<text xml:space="preserve" x="{x:.1f}" y="{y:.1f}"{attribute}>{escape(text)}</text>'


def stale_pictures() -> list[Path]:
    """The pictures that are not as they would be drawn."""
    return [
        picture.file
        for picture in PICTURES
        if not picture.file.is_file() or picture.file.read_text(encoding="utf-8") != svg(picture)
    ]


def main() -> None:
    """Draw the pictures that are stale."""
    for path in stale_pictures():
        (picture,) = [each for each in PICTURES if each.file == path]
        path.write_text(svg(picture), encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
