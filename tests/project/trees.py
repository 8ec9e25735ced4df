"""Projects for tests: a dict of paths and texts, written to the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from estimator_lint.linting import lint_text
from estimator_lint.project.imports import Definition, External, Meaning, Project
from estimator_lint.project.locations import Location
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile

#: The beginning of every model function below.
HEAD = "import tensorflow.compat.v1 as tf\n"


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files``, by their paths below ``root``."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return root


def meaning(root: Path, file: str, path: str, *source_roots: str) -> str:
    """The meaning of the import ``path`` in ``file``, in words."""
    text = (root / file).read_text(encoding="utf-8")
    roots = [str(root / source_root) for source_root in source_roots]
    project = Project(SourceFile(text), str(root / file), roots)
    return described(project.imported(project.linted, path), root)


def name_at(root: Path, file: str, name: str) -> str:
    """The meaning of a top-level name of ``file``, in words."""
    text = (root / file).read_text(encoding="utf-8")
    project = Project(SourceFile(text), str(root / file))
    return described(project.named(project.linted, name), root)


def described(found: Meaning, root: Path) -> str:
    """A meaning as ``heads.py: build``, ``module heads.py``, ``external x.y`` or ``unknown``."""
    match found:
        case Definition(module=module, name=name):
            return f"{Path(module.file).relative_to(root.resolve()).as_posix()}: {name}"
        case External(path=path):
            return f"external {path}"
        case Location(file=file, folders=folders):
            where = Path(file or folders[0]).relative_to(root).as_posix()
            return f"module {where}" if file else f"namespace {where}"
        case _:
            return "unknown"


def findings(root: Path, file: str, settings: Settings | None = None) -> list[str]:
    """The findings for ``file``, each as ``line:column message``."""
    path = root / file
    found = lint_text(path.read_text(encoding="utf-8"), str(path), settings)
    return [f"{each.line}:{each.column + 1} {each.message}" for each in found]
