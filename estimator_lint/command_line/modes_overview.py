"""``estimator-lint modes`` of several files: one line for each model function."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from estimator_lint.checking import bytes_may_matter
from estimator_lint.command_line.output import tell
from estimator_lint.command_line.running import files_of
from estimator_lint.command_line.viewing import NotShownError, view_of
from estimator_lint.configuration.reading import read_bytes
from estimator_lint.json_output import to_json
from estimator_lint.modes_view.json_view import VERSION, view_as_json
from estimator_lint.modes_view.wording import line_text
from estimator_lint.printable import printable
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.configuration.project_settings import Configuration
    from estimator_lint.modes_view.model import FileView, FunctionView


class Overview:
    """The model functions of several files; failures are reported on standard error.

    Attributes:
        views: the files with model functions, by name.
        is_incomplete: something could not be shown.
    """

    def __init__(self, configuration: Configuration, paths: Sequence[str]) -> None:
        self.is_incomplete = False
        self._configuration = configuration
        stdin_name = configuration.options.stdin_display_name if "-" in paths else None
        names = sorted(files_of(configuration, paths))
        files = ["-" if name == stdin_name else name for name in names]
        self.views: list[FileView] = [
            view for path in files for view in self._views(path, is_named=path in paths)
        ]
        if not self.views:
            tell(f"no model function in {len(files)} file{'s' * (len(files) != 1)}")

    def _views(self, path: str, *, is_named: bool) -> Iterator[FileView]:
        settings = self._configuration.settings
        try:
            if not is_named and os.path.isfile(path):
                if not bytes_may_matter(path, read_bytes(path), settings):
                    return
            view, broken = view_of(path, settings)
        except (OSError, NotShownError) as error:
            self._tell(str(error))
            return
        for cell in broken:
            place = f"{path}:cell {cell.place.cell}:{cell.place.line}:{cell.column}"
            self._tell(f"{place}: not shown: {cell.reason}")
        for failure in view.failures:
            place = f"{path}:{line_text(failure.line, view.cells)}:{failure.column + 1}"
            self._tell(f"{place}: {failure.message}")
        if view.functions:
            yield view

    def _tell(self, text: str) -> None:
        self.is_incomplete = True
        tell(text)

    def as_json(self) -> str:
        """An object with what ``modes`` shows of each file."""
        content: dict[str, Any] = {"version": VERSION, "files": list(map(view_as_json, self.views))}
        return to_json(content)

    def as_table(self) -> Table:
        """A line for each function, with the state of each mode."""
        table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
        for title in ("function", *(mode.name for mode in Mode), "place"):
            table.add_column(title, overflow="fold")
        for view in self.views:
            for function in view.functions:
                place = f"{printable(view.path)}:{line_text(function.line, view.cells)}"
                states = (_state(function, mode) for mode in Mode)
                table.add_row(Text(function.name, "bold"), *states, Text(place, "dim"))
        return table


def _state(function: FunctionView, mode: Mode) -> Text:
    """The findings of a mode, or that it is fine, or not checked."""
    if not function.modes[mode].checked:
        return Text("not checked", "dim")
    codes = [
        finding.code for finding in function.findings if not finding.modes or mode in finding.modes
    ]
    if codes:
        return Text(" ".join(dict.fromkeys(codes)), "bold red")
    return Text("ok", "green")
