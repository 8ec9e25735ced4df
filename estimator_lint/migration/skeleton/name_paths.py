"""What the names of a file refer to, and their names in a current TensorFlow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.syntax.parsed_text import expression_tree
from estimator_lint.tensorflow_api.exports import exports
from estimator_lint.tensorflow_api.symbols import is_tensorflow, mode_keys, short_name

if TYPE_CHECKING:
    from estimator_lint.discovery.definitions import Definitions

_MODULE = cst.Module([])


def code_of(node: cst.CSTNode) -> str:
    """The source of a node."""
    return _MODULE.code_for_node(node)


def dotted_words(node: cst.BaseExpression) -> list[str] | None:
    """The words of ``a.b.c``; None for anything else."""
    words: list[str] = []
    while isinstance(node, cst.Attribute):
        words.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return [node.value, *reversed(words)]


@dataclass(frozen=True)
class Renamed:
    """A name of TensorFlow in a current version.

    Attributes:
        text: how to write it; None if unchanged.
        gone: the part that no current version has: ``tf.contrib``.
    """

    text: str | None = None
    gone: str | None = None


class NamePaths:
    """The names of a file.

    Args:
        definitions: what the file defines; kept as an attribute.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._known: dict[str, str | None] = {}

    def path(self, node: cst.BaseExpression, shadowed: Collection[str] = ()) -> str | None:
        """The dotted import path of ``a.b.c``; ``shadowed`` are names of local variables."""
        words = dotted_words(node)
        if words is None or words[0] in shadowed:
            return None
        text = ".".join(words)
        if text not in self._known:
            expression = expression_tree(text)
            self._known[text] = self.definitions.path(expression)
        return self._known[text]

    def root(self, read: Collection[str]) -> str | None:
        """The name under which the file has TensorFlow itself, one of ``read`` if it can be."""
        found = [
            name
            for name, paths in self.definitions.source.imports.items()
            if set(paths) <= {"tensorflow", "tensorflow.compat.v1", "tensorflow.compat.v2"}
        ]
        return next((name for name in found if name in read), found[0] if found else None)

    def mode_key(self, path: str) -> str | None:
        """The key of a mode that a path names."""
        keys, _, last = path.rpartition(".")
        attributes = mode_keys(keys)
        mode = attributes.get(last) if attributes is not None else None
        return None if mode is None else mode.value

    def in_current_version(self, path: str, written: str) -> Renamed:
        """A name of TensorFlow as it is in the newest known version."""
        if not is_tensorflow(path):
            return Renamed()
        table = exports()
        newest = table.versions[-1]
        missing = table.missing(path, newest)
        if missing is None:
            return Renamed()
        short = short_name(path)
        v1 = f"tensorflow.compat.v1.{short}"
        word, _, rest = written.partition(".")
        if (
            missing.instead is not None
            and table.missing(v1, newest) is None
            and self.is_root(word)
            and path == f"tensorflow.{rest}"
        ):
            return Renamed(text=f"{word}.compat.v1.{rest}")
        return Renamed(gone=missing.name)

    def is_root(self, word: str) -> bool:
        """Whether a word is the name of TensorFlow itself."""
        return self.definitions.source.imports.get(word) == ["tensorflow"]
