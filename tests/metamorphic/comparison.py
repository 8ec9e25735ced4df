"""Comparing the findings of a program with those of an equivalent one."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import libcst as cst

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.fixture_expectations import FIXTURES, fixture_paths, settings_of
from tests.metamorphic.extraction import ELSEWHERE, into_another_file
from tests.metamorphic.mutators import MUTATORS

#: The change that creates a second file; other changes may come before it.
MOVED: Final = into_another_file.__name__

#: A finding without its place: the code, which includes the certainty, and the modes.
Said: TypeAlias = "frozenset[tuple[str, tuple[Mode, ...]]]"


@dataclass(frozen=True)
class Mutant:
    """An equivalent program.

    Attributes:
        path: the original file.
        changes: the names of the mutators.
        text: the new text.
        elsewhere: the text of the other module into which code was moved; empty: there is none.
    """

    path: Path
    changes: tuple[str, ...]
    text: str
    elsewhere: str = ""

    @property
    def name(self) -> str:
        """The name of the file in records."""
        inside = self.path.is_relative_to(FIXTURES)
        return self.path.relative_to(FIXTURES).as_posix() if inside else self.path.name


@dataclass(frozen=True)
class Disagreement:
    """A mutant with other findings."""

    mutant: Mutant
    lost: Said
    gained: Said

    def __str__(self) -> str:
        def listed(said: Said) -> str:
            return "; ".join(f"{code} {' '.join(map(str, modes))}" for code, modes in sorted(said))

        changes = " and ".join(self.mutant.changes)
        lost, gained = listed(self.lost), listed(self.gained)
        return f"{self.mutant.name}: {changes}: lost [{lost}], gained [{gained}]"


def changed(text: str, changes: Sequence[str], chance: random.Random) -> str | None:
    """The program after several changes, one after the other; None if one does not apply."""
    for name in changes:
        made = MUTATORS[name](_parsed(text), chance)
        if made is None:
            return None
        text = made.code
    compile(text, "<mutant>", "exec")
    return text


@lru_cache(maxsize=64)
def _parsed(text: str) -> cst.Module:
    """The module of a text; each of its nodes is unique."""
    return cst.parse_module(text)


@lru_cache(maxsize=4096)
def said_of(path: Path, text: str) -> Said:
    """The findings for a file with this text."""
    settings: Settings = settings_of(text)
    found = lint_text(text, str(path), settings)
    return frozenset((finding.code, finding.modes) for finding in found)


def disagreement(mutant: Mutant) -> Disagreement | None:
    """The difference between the findings of a mutant and the original; None if there is none."""
    before, after = _said_before_and_after(mutant)
    if before == after:
        return None
    return Disagreement(mutant, before - after, after - before)


def _said_before_and_after(mutant: Mutant) -> tuple[Said, Said]:
    original = mutant.path.read_text(encoding="utf-8")
    if not mutant.elsewhere:
        return said_of(mutant.path, original), said_of(mutant.path, mutant.text)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{ELSEWHERE}.py").write_text(mutant.elsewhere, encoding="utf-8")
        path = Path(folder) / "model.py"
        return said_of(path, original), said_of(path, mutant.text)


def _mutant(path: Path, changes: tuple[str, ...], chance: random.Random) -> Mutant | None:
    """A mutant of a file; None if a change does not apply."""
    try:
        text = changed(
            path.read_text(encoding="utf-8"),
            [change for change in changes if change != MOVED],
            chance,
        )
        moved = None
        if text is not None and MOVED in changes:
            moved = into_another_file(_parsed(text), chance)
    except cst.ParserSyntaxError:
        return None  # what libcst can't parse
    if text is None or (MOVED in changes and moved is None):
        return None
    return Mutant(path, changes, text) if moved is None else _moved(path, changes, *moved)


def _moved(path: Path, changes: tuple[str, ...], module: cst.Module, elsewhere: str) -> Mutant:
    compile(module.code, "<mutant>", "exec")
    compile(elsewhere, "<elsewhere>", "exec")
    return Mutant(path, changes, module.code, elsewhere)


def sampled(paths: Sequence[Path], seed: int, numbers: Iterable[int]) -> Iterable[Mutant]:
    """The mutants with these numbers; fewer if a change does not apply."""
    for number in numbers:
        chance = _chance(seed, number)
        path = chance.choice(paths)
        names = (*sorted(MUTATORS), MOVED)
        changes = tuple(chance.choice(names) for _ in range(chance.choice((1, 2))))
        mutant = _mutant(path, changes, chance)
        if mutant is not None:
            yield mutant


def by_file(paths: Sequence[Path], seed: int, numbers: Iterable[int]) -> list[int]:
    """The numbers in the order of the files that they change, whose findings are remembered."""
    return sorted(numbers, key=lambda number: _chance(seed, number).choice(paths))


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed} {number}")


def programs() -> list[Path]:
    """The fixtures."""
    return fixture_paths()
