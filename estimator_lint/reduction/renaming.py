"""Renaming: other names and strings for a program's own.

Words of TensorFlow and Python are kept: imported names with their attributes, the keywords of their
calls, builtins, and the words that an Estimator uses. Each other word gets a new one, the same in
all places, whether as a name or a string, since a key may become an argument.
"""

from __future__ import annotations

import ast
import builtins
import fnmatch
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from estimator_lint.process_settings import no_warnings, room_for_recursion
from estimator_lint.settings import DEFAULT_DECORATORS, Settings
from estimator_lint.tensorflow_api.exports import exports
from estimator_lint.tensorflow_api.model_fn_arguments import ACCEPTED_ARGUMENTS
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.specs import SPEC_CLASSES
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name

#: The words of Python, of Estimators and of specs, which reveal nothing about a program.
_COMMON_WORDS: Final = (
    ACCEPTED_ARGUMENTS
    | {name for spec in SPEC_CLASSES.values() for name in spec.fields}
    | {mode.value for mode in Mode}
    | set(dir(builtins))
    | {
        name
        for kind in (dict, list, set, str, bytes, tuple, int, float, property, type, Exception)
        for name in dir(kind)
    }
)


@dataclass(frozen=True)
class _Word:
    """One place of a program's own word, and how to replace it."""

    text: str
    kind: str
    put: Callable[[str], None]


@dataclass
class Renaming:
    """A program with its words renamed.

    Attributes:
        text: the program with the new words.
        kept: words that could not be replaced, since the condition would then fail.
    """

    text: str
    kept: list[str] = field(default_factory=list)


def renamed(source: str, holds: Callable[[str], bool], settings: Settings) -> Renaming:
    """A program with other words, for which ``holds`` is still true.

    Args:
        source: a program as ``ast`` writes it.
        holds: the condition that must stay true.
        settings: define which names are those of model functions.
    """
    new = _new_words(source, settings)
    accepted: set[str] = set()
    result = Renaming(source)

    def accept(words: list[str]) -> None:
        chosen = {word: new[word] for word in new if word in accepted or word in words}
        text = _with_words(source, chosen)
        if holds(text):
            accepted.update(words)
            result.text = text
        elif len(words) > 1:
            half = len(words) // 2
            accept(words[:half])
            accept(words[half:])

    with room_for_recursion(), no_warnings():
        before = -1
        while len(accepted) not in (before, len(new)):  # some can only be replaced after others
            before = len(accepted)
            accept([word for word in new if word not in accepted])
    result.kept = [word for word in new if word not in accepted]
    return result


def _with_words(source: str, new: dict[str, str]) -> str:
    tree = ast.parse(source)
    for word in _own_words(tree):
        if word.text in new:
            word.put(new[word.text])
    return ast.unparse(tree) + "\n"


#: The stem of a new word, by what the old one names; the first matching kind counts.
_BASES: Final = {
    "function": "function",
    "class": "Class",
    "import": "module",
    "name": "name",
    "attribute": "attribute",
    "string": "text",
}


def _new_words(source: str, settings: Settings) -> dict[str, str]:
    """A new word for each word of a program, in the order of the program."""
    tree = ast.parse(source)
    kinds: dict[str, set[str]] = {}
    for word in _own_words(tree):
        kinds.setdefault(word.text, set()).add(word.kind)
    aliases = _aliases(tree)
    taken = {
        value
        for node in ast.walk(tree)
        for _, value in ast.iter_fields(node)
        if isinstance(value, str) and value not in kinds and not isinstance(node, ast.alias)
    }
    new: dict[str, str] = {}
    for text, found in kinds.items():
        base = _base(text, found, aliases, settings)
        number, chosen = 1, base
        if base in _BASES.values():
            chosen = f"{base}_{number}"
        while chosen in taken:
            number += 1
            chosen = f"{base}_{number}"
        taken.add(chosen)
        new[text] = chosen
    return new


def _base(text: str, kinds: set[str], aliases: dict[str, str], settings: Settings) -> str:
    if text in settings.decorators:
        return DEFAULT_DECORATORS[0]
    if any(fnmatch.fnmatchcase(text, glob) for glob in settings.model_fn_globs):
        return "model_fn"
    if text in aliases:
        path = short_name(aliases[text])
        return path.rpartition(".")[2] or "tf" if path is not None else "module"
    return _BASES[next(kind for kind in _BASES if kind in kinds)]


def _is_public(path: str) -> bool:
    """Whether a dotted path begins at TensorFlow or in Python's library."""
    return is_tensorflow(path) or path.split(".", 1)[0] in sys.stdlib_module_names


def _imports(tree: ast.AST) -> Iterator[tuple[ast.alias, str, str]]:
    """The names that imports bind: the alias, the name, and its dotted path."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.split(".", 1)[0]
                yield alias, alias.asname or path, path
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield alias, alias.asname or alias.name, f"{module}.{alias.name}"


def _aliases(tree: ast.AST) -> dict[str, str]:
    """The program's own aliases for what it imports from TensorFlow or Python."""
    return {
        name: path
        for alias, name, path in _imports(tree)
        if alias.asname not in (None, alias.name) and _is_public(path)
    }


class _Scopes:
    """The meanings of names that refer to TensorFlow or Python."""

    def __init__(self, tree: ast.AST) -> None:
        bound = [
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        ]
        defined = [
            getattr(node, "name", None) or getattr(node, "arg", None)
            for node in ast.walk(tree)
            if not isinstance(node, ast.alias | ast.keyword)
        ]
        self._bound = {*bound, *filter(None, defined)}
        #: Dotted paths of what is public, by name.
        self.paths: dict[str, str] = {}
        for _, name, path in _imports(tree):
            if _is_public(path) and name not in self._bound:
                self.paths[name] = path
        self._imported = {name for _, name, _ in _imports(tree)}
        self._follow_assignments(tree)

    def _follow_assignments(self, tree: ast.AST) -> None:
        """Names that are only assigned public objects, as in ``slim = tf.contrib.slim``."""
        values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        values.setdefault(target.id, []).append(node.value)
        for name, assigned in values.items():
            path = self.path(assigned[0])
            if len(assigned) == 1 and path is not None and name not in self._imported:
                self.paths[name] = path

    def path(self, node: ast.expr) -> str | None:
        """The dotted path of an expression that is public as a whole."""
        if isinstance(node, ast.Name):
            return self.paths.get(node.id)
        if isinstance(node, ast.Attribute):
            around = self.path(node.value)
            if around is not None and _has_public_attributes(around):
                return f"{around}.{node.attr}"
        return None


def _has_public_attributes(path: str) -> bool:
    """Whether the attributes of a public object are public: those of a module or a class are.

    Objects that a program may add attributes to (``tf.flags.FLAGS``) have capital names.
    """
    return not path.rpartition(".")[2].isupper()


def _own_words(tree: ast.Module) -> Iterator[_Word]:
    """The places of words that belong to neither TensorFlow nor Python."""
    scopes = _Scopes(tree)
    pending: list[ast.AST] = [tree]
    while pending:  # in the order of the program, which numbers the new words
        node = pending.pop()
        pending += reversed(list(ast.iter_child_nodes(node)))
        for name, value in ast.iter_fields(node):
            for word in _words_of(node, name, value, scopes):
                if word.text and word.text not in _COMMON_WORDS:
                    yield word


def _words_of(node: ast.AST, name: str, value: object, scopes: _Scopes) -> Iterator[_Word]:
    match node:
        case ast.Constant():
            if name == "value":
                yield from _string(node)
        case ast.alias():
            if isinstance(value, str) and value != "*":
                yield from _imported(node, name, value, scopes)
        case ast.ImportFrom():
            if isinstance(value, str) and not (_is_public(value) and not node.level):
                yield from _dotted(node, name, value)
        case ast.Attribute(attr=str(text)) if name == "attr":
            if scopes.path(node) is None:
                yield _Word(text, "attribute", _setter(node, name))
        case ast.Call():
            path = scopes.path(node.func)
            for keyword in node.keywords if name == "keywords" else ():
                is_public = path is not None and is_tensorflow(path)
                if keyword.arg is not None and not is_public:
                    yield _Word(keyword.arg, "name", _setter(keyword, "arg"))
        case ast.keyword():
            return
        case _ if isinstance(value, str):
            is_imported = isinstance(node, ast.Name) and _keeps_its_name(value, scopes)
            if not (_is_written_type(name) or is_imported):
                yield _Word(value, _kind(node), _setter(node, name))
        case _ if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield _Word(item, "name", _item_setter(value, index))


def _is_written_type(field_name: str) -> bool:
    return field_name in ("type_comment", "kind")


def _keeps_its_name(word: str, scopes: _Scopes) -> bool:
    path = scopes.paths.get(word)
    return path is not None and word in (path.rpartition(".")[2], _usual_name(path))


def _usual_name(path: str) -> str:
    return "tf" if short_name(path) == "" else path.rpartition(".")[2]


def _kind(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "function"
        case ast.ClassDef():
            return "class"
    return "name"


def _string(node: ast.Constant) -> Iterator[_Word]:
    if isinstance(node.value, str):
        kind = "name" if node.value.isidentifier() else "string"
        yield _Word(node.value, kind, _setter(node, "value"))
    elif isinstance(node.value, bytes):

        def put(word: str) -> None:
            node.value = word.encode()

        yield _Word(node.value.decode("latin-1"), "string", put)


def _imported(node: ast.alias, name: str, value: str, scopes: _Scopes) -> Iterator[_Word]:
    bound = node.asname or node.name
    path = scopes.paths.get(bound)
    if name == "asname":
        if path is None or not _keeps_its_name(value, scopes):

            def put(word: str) -> None:
                node.asname = word if word != node.name else None

            yield _Word(value, "import", put)
    elif path is None and not _is_public(value):
        yield from _dotted(node, name, value)


def _dotted(node: ast.AST, name: str, value: str) -> Iterator[_Word]:
    """The parts of a dotted name, each a word."""
    for index, part in enumerate(value.split(".")):

        def put(word: str, index: int = index) -> None:
            parts = getattr(node, name).split(".")
            parts[index] = word
            setattr(node, name, ".".join(parts))

        yield _Word(part, "import", put)


def _setter(node: ast.AST, name: str) -> Callable[[str], None]:
    return lambda word: setattr(node, name, word)


def _item_setter(items: list[Any], index: int) -> Callable[[str], None]:
    def put(word: str) -> None:
        items[index] = word

    return put


def public_words(words: Iterable[str]) -> frozenset[str]:
    """The words that are part of a public name of TensorFlow."""
    names = (name for version in exports().versions for name in exports().names_of(version))
    return frozenset(words) & {part for name in names for part in name.split(".")}
