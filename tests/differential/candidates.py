"""The model functions that may be damaged: of the fixtures, and of published packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from estimator_lint.discovery.definitions import AnyFunction
from estimator_lint.discovery.model_functions import ModelFunction, find_model_functions
from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from tests.differential.execution import Program, definition
from tests.differential.mutants import normalized
from tests.differential.truth import addressed_modes, truth
from tests.differential.unjudgeable import Unjudgeable
from tests.ecosystem.packages import CACHE, pinned, provide, text_of


@dataclass(frozen=True)
class Candidate:
    """A model function.

    Attributes:
        origin: the file and the function.
        source: of the module, normalized.
        name: as ``execution.Program`` takes it.
        owners: the classes on whose objects the method is called; None: its own class.
    """

    origin: str
    source: str
    name: str
    owners: tuple[str | None, ...]

    def is_accepted(self) -> bool:
        """Whether it runs, and is accepted in each addressed mode."""
        try:
            return all(self._is_accepted_with(owner) for owner in self.owners)
        except (Unjudgeable, RecursionError):
            return False

    def _is_accepted_with(self, owner: str | None) -> bool:
        judged = truth(self.source, self.name, owner)
        runs = Program(self.source, self.name, owner).runs()
        well = {run.mode for run in runs if run.end == "accepted"}
        addressed = addressed_modes(runs)
        return bool(well) and addressed <= well and not judged.verdicts(addressed)


def of_fixtures(directory: Path) -> Iterator[Candidate]:
    """The functions of the fixtures that are meant to be correct."""
    for path in sorted([*directory.glob("*/good.py"), *directory.glob("clean/*.py")]):
        yield from of_file(path, f"{path.parent.name}/{path.name}")


def of_packages() -> Iterator[Candidate]:
    """The functions of the published packages."""
    packages = pinned()
    provide(packages)
    for package in packages:
        for name, path in package.python_files(CACHE):
            yield from of_file(path, f"{package.name}: {name}")


def of_file(path: Path, origin: str) -> Iterator[Candidate]:
    """The model functions of a file, except for lambdas."""
    text = text_of(path)
    if not may_hold_model_functions(text, Settings()):
        return
    try:
        source = normalized(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    tree = ast.parse(source)
    for function in find_model_functions(SourceFile(source), Settings()):
        name = qualified(function)
        if not _takes_mode(function.node):
            continue  # only its specs show the mode in which it would be called
        try:
            found = definition(tree, name)
        except Unjudgeable:
            continue
        if found.lineno == function.node.lineno:  # and no later one of the same name
            yield Candidate(f"{origin}:{name}", source, name, _owners(tree, function))


def _takes_mode(function: AnyFunction) -> bool:
    arguments = function.args
    return any(argument.arg == "mode" for argument in [*arguments.args, *arguments.kwonlyargs])


def qualified(function: ModelFunction) -> str:
    """The name of a function with those of its enclosing definitions, as ``Program`` takes it."""
    parts: list[str] = []
    for node, owner in (*function.enclosing, (function.node, function.owner)):
        parts += [] if owner is None else [owner.name]
        parts.append("<lambda>" if isinstance(node, ast.Lambda) else node.name)
    return ".".join(parts)


def _owners(tree: ast.Module, function: ModelFunction) -> tuple[str | None, ...]:
    """The classes whose objects may have the method; for a template, its subclasses."""
    if function.owner is None or function.enclosing:
        return (None,)
    below = [*_inheriting(tree, function.owner.name, function.name)]
    made = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    if below and function.owner.name not in made:
        return tuple(below)
    return (None, *below)


def _inheriting(tree: ast.Module, base: str, method: str) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and base in map(ast.unparse, node.bases):
            own = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
            if method not in own:
                yield node.name
                yield from _inheriting(tree, node.name, method)
