"""What the model creates once, in ``__init__``, instead of at each call of the function."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.init_expressions import InitExpression, NotStaticError
from estimator_lint.migration.skeleton.keras_counterparts import MODEL_ATTRIBUTES, keras_class
from estimator_lint.migration.skeleton.made_anew import Kind, row_of
from estimator_lint.migration.skeleton.made_at_calls import Walk
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of
from estimator_lint.migration.skeleton.name_rewriting import in_parentheses
from estimator_lint.migration.skeleton.walk_frames import Context, Site
from estimator_lint.syntax.nodes import literal_value
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class Construction:
    """How an object is created in ``__init__``.

    Attributes:
        text: the call that creates it, or for a loop, the list of all.
        guards: the tests under which it is created.
        in_loop: one is created for each round of the loop.
        todos: what is left to do about it.
    """

    text: str
    guards: tuple[str, ...] = ()
    in_loop: bool = False
    todos: tuple[str, ...] = ()


@dataclass
class Attribute:
    """An attribute of the model; ``kind`` as of sites."""

    name: str
    kind: Kind
    construction: Construction
    variable: str = ""


@dataclass
class OnceMade:
    """The objects that are created once.

    Attributes:
        attributes: in order.
        of_site: for each call, its attribute.
        reasons: for the other calls, why there is none, as the end of a sentence.
        in_loops: for the iterable of a ``for``, the attributes with one item per round.
    """

    attributes: list[Attribute] = field(default_factory=list)
    of_site: dict[cst.CSTNode, Attribute] = field(default_factory=dict)
    reasons: dict[cst.CSTNode, str] = field(default_factory=dict)
    in_loops: dict[cst.CSTNode, list[Attribute]] = field(default_factory=dict)

    def of_kind(self, *kinds: Kind) -> list[Attribute]:
        """The attributes of some kinds."""
        return [each for each in self.attributes if each.kind in kinds]


def once_made(
    walks: Mapping[Mode, Walk], names: NamePaths, parameters: Collection[str]
) -> OnceMade:
    """What the modes create, as attributes; ``parameters`` are the arguments of ``__init__``."""
    made = OnceMade()
    taken = {*MODEL_ATTRIBUTES, *parameters}
    by_key: dict[tuple[Kind, str, int, Construction], tuple[Attribute, set[Mode]]] = {}
    constructions = {
        mode: dict(_constructions(walk, names, parameters)) for mode, walk in walks.items()
    }
    for mode, walk in walks.items():
        counts: dict[tuple[Kind, str], int] = {}
        seen: set[cst.CSTNode] = set()
        for site in walk.sites:
            base = _base_name(site)
            number = counts[site.kind, base] = counts.get((site.kind, base), -1) + 1
            if site.call in seen:
                continue
            seen.add(site.call)
            found = _of_all_modes(site.call, constructions)
            if isinstance(found, str):
                made.reasons[site.call] = found
                continue
            attribute = made.of_site.get(site.call)
            if attribute is None:
                known = by_key.get((site.kind, base, number, found))
                if known is not None and mode not in known[1]:
                    attribute = known[0]
                else:
                    attribute = _attribute(site, base, found, taken)
                    made.attributes.append(attribute)
                made.of_site[site.call] = attribute
            by_key.setdefault((site.kind, base, number, found), (attribute, set()))[1].add(mode)
            if found.in_loop:
                loop = site.context.loops[-1][0].iter
                there = made.in_loops.setdefault(loop, [])
                if attribute not in there:
                    there.append(attribute)
    return made


def _attribute(site: Site, base: str, construction: Construction, taken: set[str]) -> Attribute:
    name = f"{base}_layers" if construction.in_loop else base
    name = unused(name, taken)
    taken.add(name)
    variable = ""
    if construction.in_loop:
        variable = unused(f"{base}_layer", {*taken, *site.context.frame.code.local_names})
        taken.add(variable)
    return Attribute(name, site.kind, construction, variable)


def unused(name: str, taken: Collection[str]) -> str:
    """``name``, or where that is taken the first free of ``name_1``, ``name_2`` ..."""
    number, found = 0, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _base_name(site: Site) -> str:
    """A name for the attribute: the name that the call gives it, or one by its kind."""
    for index, argument in enumerate(site.call.args):
        given_as = None if argument.keyword is None else argument.keyword.value
        if given_as == "name" or (site.kind == "weight" and given_as is None and index == 0):
            if isinstance(argument.value, cst.SimpleString):
                given = literal_value(argument.value)
                word = re.sub(r"\W+", "_", given if isinstance(given, str) else "").strip("_")
                if word.isidentifier():
                    return _not_keyword(word.lower())
    last = site.path.rpartition(".")[2]
    word = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", last).lower()
    if not word.isidentifier():
        return "made"
    return _not_keyword(word)


def _not_keyword(word: str) -> str:
    """A word as the name of an attribute, which may not be one of Python's own."""
    return f"{word}_" if keyword.iskeyword(word) else word


def _of_all_modes(
    call: cst.CSTNode, constructions: Mapping[Mode, Mapping[cst.CSTNode, Construction | str]]
) -> Construction | str:
    """How a site creates the same object in all modes that reach it; otherwise, why it doesn't."""
    found = [each[call] for each in constructions.values() if call in each]
    for one in found:
        if isinstance(one, str):
            return one
    first = found[0]
    if any(one != first for one in found):
        return "otherwise from mode to mode"
    return first


def _constructions(
    walk: Walk, names: NamePaths, parameters: Collection[str]
) -> Iterator[tuple[cst.CSTNode, Construction | str]]:
    times: dict[cst.CSTNode, int] = {}
    for site in walk.sites:
        times[site.call] = times.get(site.call, 0) + 1
    for site in walk.sites:
        if times[site.call] > 1:
            yield site.call, f"at each call of '{site.context.frame.code.name}'"
        elif site.context.obstacle is not None:
            yield site.call, site.context.obstacle
        else:
            try:
                yield site.call, _construction(site, walk, names, parameters)
            except NotStaticError as reason:
                yield site.call, str(reason)


def _construction(
    site: Site, walk: Walk, names: NamePaths, parameters: Collection[str]
) -> Construction:
    context = site.context
    if keras_class(site.path) == "Sequential" and _is_added_to(walk):
        raise NotStaticError("step by step")
    if context.loops and site.kind == "optimizer":
        raise NotStaticError("in each round of a loop")
    if len(context.loops) > 1:
        raise NotStaticError("in nested loops")
    if context.loops and context.guards:
        raise NotStaticError("under tests in a loop")
    expression = InitExpression(names, walk, context, parameters)
    text = _made(site, expression)
    todos = expression.todos
    for loop, frame in context.loops:
        around = Context(frame, (), (), context.dynamic)
        iterated = InitExpression(names, walk, around, parameters)
        text = f"[{text} for {code_of(loop.target)} in {iterated.text(loop.iter)}]"
        todos = [*todos, *iterated.todos]
    guards = []
    for test, outcome, frame in context.guards:
        around = Context(frame, (), (), context.dynamic)
        guard = InitExpression(names, walk, around, parameters)
        condition = guard.text(test)
        guards.append(condition if outcome else f"not {in_parentheses(condition)}")
        todos = [*todos, *guard.todos]
    return Construction(text, tuple(guards), bool(context.loops), tuple(dict.fromkeys(todos)))


def _is_added_to(walk: Walk) -> bool:
    """Whether the lines of a mode add layers to a ``Sequential``."""
    return any(
        path.endswith("Sequential().add")
        for paths in walk.observed.paths.values()
        for path in paths
    )


def _made(site: Site, expression: InitExpression) -> str:
    row = row_of(site.kind, site.path)
    if row is not None:
        return expression.construction(site.call, row)
    keras = keras_class(site.path)
    arguments = []
    for argument in site.call.args:
        value = expression.text(argument.value)
        word = "" if argument.keyword is None else f"{argument.keyword.value}="
        arguments.append(f"{argument.star}{word}{value}")
    return f"keras.{keras}({', '.join(arguments)})"


def in_order(attributes: Iterable[Attribute]) -> Iterator[tuple[tuple[str, ...], list[Attribute]]]:
    """Attributes in order, grouped by the tests under which they are created."""
    group: list[Attribute] = []
    for attribute in attributes:
        if group and group[0].construction.guards != attribute.construction.guards:
            yield group[0].construction.guards, group
            group = []
        group.append(attribute)
    if group:
        yield group[0].construction.guards, group
