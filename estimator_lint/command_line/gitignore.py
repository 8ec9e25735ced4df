"""Which files git ignores, by the ``.gitignore`` files of a repository."""

from __future__ import annotations

import os.path
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from estimator_lint.configuration.reading import is_regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: No path is as long as this.
_MAX_CHARACTERS: Final = 4_096

#: A pattern with more of these in one name, or more ``**``, may take years to compare with a
#: path, since the expressions that pathspec makes of patterns go back at each of them.
_MAX_STARS: Final = 3


@dataclass(frozen=True)
class IgnoreRules:
    """The rules of one folder, and those of the folders above it.

    The last pattern that matches decides. That a file in an ignored folder can't be taken out again
    needs no rule: the folder is not searched.

    Attributes:
        folder: absolute; what the patterns are relative to.
        spec: the patterns.
        above: the next rules further up.
    """

    folder: str
    spec: GitIgnoreSpec
    above: IgnoreRules | None

    def ignore(self, path: str, *, is_folder: bool) -> bool:
        """Whether git ignores an absolute path, if it does not ignore a folder above it."""
        rules: IgnoreRules | None = self
        while rules is not None:
            relative = os.path.relpath(path, rules.folder).replace(os.sep, "/")
            answer = rules.spec.check_file(f"{relative}/" if is_folder else relative).include
            if answer is not None:
                return answer
            rules = rules.above
        return False


def rules_with(folder: str, above: IgnoreRules | None) -> IgnoreRules | None:
    """The rules in a folder, which count before those ``above`` it."""
    return _with_file(folder, os.path.join(folder, ".gitignore"), above)


def rules_of_repository(folder: str) -> IgnoreRules | None:
    """The rules that a repository at ``folder`` has outside of its files."""
    return _with_file(folder, os.path.join(folder, ".git", "info", "exclude"), None)


def rules_above(folder: str, repository: str) -> IgnoreRules | None:
    """The rules that hold for a folder by those above it in its repository.

    An ignored folder has none: it is only searched if the user names it.
    """
    if folder == repository:
        return None
    rules = rules_of_repository(repository)
    current = repository
    for name in os.path.relpath(folder, repository).split(os.sep):
        rules = rules_with(current, rules)
        current = os.path.join(current, name)
        if rules is not None and rules.ignore(current, is_folder=True):
            return None
    return rules


def repository_of(folder: str) -> str | None:
    """The folder with the ``.git`` that an absolute folder belongs to."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _with_file(folder: str, path: str, above: IgnoreRules | None) -> IgnoreRules | None:
    if not is_regular(path):  # a pipe may have no end
        return above
    try:
        with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
            lines = [line.rstrip("\n") for line in file if _is_cheap(line)]
    except OSError:
        return above
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return above
    return IgnoreRules(folder, _spec(lines), above)


def _is_cheap(line: str) -> bool:
    """Whether a pattern is soon compared with a path; others are passed over."""
    if len(line) > _MAX_CHARACTERS:
        return False
    names = line.split("/")
    return sum("**" in name for name in names) <= _MAX_STARS and all(
        len(re.findall(r"\*+", name)) <= _MAX_STARS for name in names
    )


def _spec(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # git passes over a pattern that is none
        return GitIgnoreSpec.from_lines(filter(_is_pattern, lines))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
