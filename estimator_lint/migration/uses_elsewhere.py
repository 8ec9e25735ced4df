"""Uses of the Estimator API outside of what the file's model functions run, from its text."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from estimator_lint.discovery.api_names import api_names
from estimator_lint.discovery.definitions import Definitions, Scope, look_up
from estimator_lint.migration.migration_model import Item, RemovedName, Site, by_topic
from estimator_lint.migration.replacements.replacement import Replacement, Topic
from estimator_lint.migration.replacements.replacement_lookup import (
    is_configuration,
    reads_collection,
    replacement_named,
    replacement_of,
    replacement_of_collection,
    replacement_of_config_field,
)
from estimator_lint.migration.shown_names import (
    Generation,
    generation_of,
    generation_of_name,
    shown_name,
)
from estimator_lint.tensorflow_api.exports import exports
from estimator_lint.tensorflow_api.input_functions import METHODS, SPEC_CLASSES
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.syntax.source import SourceFile

#: How many assignments of variables are followed.
_HOPS: Final = 3
#: The argument with an input function.
_INPUT_ARGUMENT: Final = "input_fn"
#: What takes one as its first argument.
_TAKES_INPUT: Final = SPEC_CLASSES | {
    name for name, given in METHODS.items() if given.name == _INPUT_ARGUMENT
}


_ESTIMATOR: Final = "tensorflow.estimator.Estimator"
_DATASET: Final = "tensorflow.data.Dataset"
#: Methods that only datasets have.
_OF_DATASETS: Final = frozenset({"make_one_shot_iterator", "make_initializable_iterator"})


class UsesElsewhere:
    """The uses of a file.

    Args:
        source: the file.
        definitions: what it defines.
        seen: calls that model functions make, by line and column; not reported again.
    """

    def __init__(
        self, source: SourceFile, definitions: Definitions, seen: set[tuple[int, int]]
    ) -> None:
        self._source = source
        self._definitions = definitions
        self._seen = seen
        self._generation = generation_of(source)

    def items(self) -> tuple[Item, ...]:
        """Each name once, with all its places."""
        sites: dict[tuple[str, Replacement, bool], dict[Site, None]] = {}
        for name, row, doubtful, node in self._uses():
            sites.setdefault((name, row, doubtful), {})[self._site(node)] = None
        items = [
            Item(name, row, {None: tuple(sorted(places))}, doubtful, name.startswith("class "))
            for (name, row, doubtful), places in sites.items()
        ]
        if all(item.only_under_version_1 for item in items):
            return ()  # nothing else in the file concerns version 1
        return tuple(sorted(items, key=by_topic))

    def _site(self, node: ast.AST) -> Site:
        line: int = getattr(node, "lineno", 1)
        return Site("", line, self._source.column(line, getattr(node, "col_offset", 0)))

    def _is_seen(self, node: ast.AST) -> bool:
        site = self._site(node)
        return (site.line, site.column) in self._seen

    def _uses(self) -> Iterator[tuple[str, Replacement, bool, ast.AST]]:
        for call, scope in self._definitions.calls:
            path = self._path(call.func, scope, _HOPS) or _telling_method(call)
            if path is None:
                continue
            for name, row, node in self._of_call(path, call, scope):
                generation = generation_of_name(path, row, self._generation)
                if row.topic is Topic.SUMMARY and any(one.arg == "step" for one in call.keywords):
                    generation = Generation.SECOND
                if generation is not Generation.SECOND and not self._is_seen(call):
                    yield name, row, generation is Generation.UNKNOWN, node
        for node in self._source.nodes:
            if isinstance(node, ast.ClassDef) and not self._is_seen(node):
                for base in node.bases:
                    path = self._definitions.path(base)
                    of_base = None if path is None else replacement_of(path)
                    if path is not None and of_base is not None:
                        yield f"class {node.name}({shown_name(path)})", of_base, False, node
        yield from self._read()

    def _read(self) -> Iterator[tuple[str, Replacement, bool, ast.AST]]:
        """Names that are neither called nor bases: given to functions, kept in tables ..."""
        told = {call.func for call, _ in self._definitions.calls}
        for node in self._source.nodes:
            if isinstance(node, ast.ClassDef):
                told.update(node.bases)
        for name in api_names(self._source):
            if name.node in told or isinstance(name.node, ast.alias) or self._is_seen(name.node):
                continue
            path = name.paths[0]
            row = replacement_of(path)
            if row is None:  # of a class, an attribute
                path = path.rpartition(".")[0]
                row = replacement_of(path) if path.rpartition(".")[2][:1].isupper() else None
            if row is not None and row.topic is not Topic.SPEC:
                generation = generation_of_name(path, row, self._generation)
                if generation is not Generation.SECOND:
                    yield shown_name(path), row, generation is Generation.UNKNOWN, name.node

    def _of_call(
        self, path: str, call: ast.Call, scope: Scope
    ) -> Iterator[tuple[str, Replacement, ast.AST]]:
        """The items for a call: for itself, and for its arguments."""
        row = replacement_of(path)
        name = shown_name(path)
        last = path.rpartition(".")[2]
        if reads_collection(path) and call.args:
            key = self._key(call.args[0], scope)
            found = replacement_of_collection(key)
            if found is not None:
                name, row = f"{name}({key.rpartition('.')[2]})", found
        if row is None:
            if path.endswith("RunConfig().replace"):
                yield from self._fields(path.removesuffix("().replace"), call)
            return
        if is_configuration(row):
            yield name, row, call
            yield from self._fields(path, call)
        elif row.topic is not Topic.SPEC:
            yield name, row, call
        for keyword in call.keywords:
            is_none = isinstance(keyword.value, ast.Constant) and keyword.value.value is None
            if keyword.arg == "warm_start_from" and not is_none:
                warm_start = replacement_named("estimator.Estimator(warm_start_from)")
                yield f"{name}(warm_start_from)", warm_start, keyword
        if last in _TAKES_INPUT:
            yield from self._input_function(call)

    def _fields(
        self, configuration: str, call: ast.Call
    ) -> Iterator[tuple[str, Replacement, ast.AST]]:
        for keyword in call.keywords:
            row = replacement_of_config_field(configuration, keyword.arg or "")
            if row is not None:
                yield f"{shown_name(configuration)}({keyword.arg})", row, keyword

    def _input_function(self, call: ast.Call) -> Iterator[tuple[str, Replacement, ast.AST]]:
        given = [keyword.value for keyword in call.keywords if keyword.arg == _INPUT_ARGUMENT]
        given += call.args[:1]
        for node in given[:1]:
            while isinstance(node, ast.Call) and node.args and _is_partial(node.func):
                node = node.args[0]
            function = node.func if isinstance(node, ast.Call) else node
            if isinstance(function, ast.Lambda):
                shown = "a lambda"
            elif isinstance(function, ast.Name | ast.Attribute):
                shown = f"'{ast.unparse(function)}'"
            else:
                continue
            yield f"input function {shown}", replacement_named("input_function"), node

    def _path(self, node: ast.expr, scope: Scope, hops: int) -> str | None:
        """The path, as in ``CallOf``, of an expression's value from TensorFlow."""
        path = self._definitions.path(node, scope)
        if path is not None:
            return path if is_tensorflow(path) else None
        if not isinstance(node, ast.Attribute):
            return None
        base: ast.AST = node.value
        where = scope
        if isinstance(base, ast.Attribute):
            of_self = isinstance(base.value, ast.Name) and base.value.id == "self"
            base = self._attributes.get(base.attr, base) if of_self else base
        elif isinstance(base, ast.Name) and hops:
            values, certain = look_up(scope, base.id)
            if not certain:
                return None
            base, where = values[0]
        if not isinstance(base, ast.Call):
            return None
        made_by = self._path(base.func, where, hops - 1)
        return None if made_by is None else f"{made_by}().{node.attr}"

    @functools.cached_property
    def _attributes(self) -> dict[str, ast.AST]:
        """The values of attributes of ``self`` that the file assigns once."""
        stored: Counter[str] = Counter()
        values: dict[str, ast.AST] = {}
        for node in self._source.nodes:
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                stored[node.attr] += 1
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                    values[name] = node.value
        return {name: value for name, value in values.items() if stored[name] == 1}

    def _key(self, node: ast.expr, scope: Scope) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._definitions.path(node, scope) or ""


def _telling_method(call: ast.Call) -> str | None:
    """The method of an Estimator or dataset that a call uses, by its name and arguments."""
    if not isinstance(call.func, ast.Attribute):
        return None
    if call.func.attr in _OF_DATASETS:
        return f"{_DATASET}().{call.func.attr}"
    # Other methods of such a name do not have an argument of that name.
    telling = METHODS.get(call.func.attr)
    if telling is None or all(keyword.arg != telling.name for keyword in call.keywords):
        return None
    return f"{_ESTIMATOR}().{call.func.attr}"


def _is_partial(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "partial"


def removed_names_of(source: SourceFile, version: str) -> tuple[RemovedName, ...]:
    """The names of a file that a version does not have, each once, the most frequent first."""
    from estimator_lint.rules.removed_api import missing_names

    found: dict[str, tuple[str | None, str | None, dict[str, int], list[int]]] = {}
    for name, missing in missing_names(api_names(source), exports(), version):
        entry = found.setdefault(missing.name, (missing.since, missing.instead, {}, []))
        shown = shown_name(name.paths[0])
        entry[2][shown] = entry[2].get(shown, 0) + 1
        entry[3].append(name.node.lineno)
    removed = [
        RemovedName(name, since, instead, read, tuple(sorted(set(lines))))
        for name, (since, instead, read, lines) in found.items()
    ]
    return tuple(sorted(removed, key=lambda one: (-one.count, one.name)))
