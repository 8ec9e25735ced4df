"""What the model makes once, in ``__init__``, where the function made it at each call."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.canned_heads import canned_head
from estimator_lint.migration.skeleton.keras_counterparts import (
    GLOBAL_STEPS,
    MODEL_ATTRIBUTES,
    Counterpart,
    counterpart,
    keras_class,
)
from estimator_lint.migration.skeleton.name_paths import NamePaths, code_of
from estimator_lint.migration.skeleton.name_rewriting import (
    NameRewriter,
    in_parentheses,
    keyword_arguments,
    with_parentheses,
)
from estimator_lint.migration.skeleton.sites import (
    Context,
    Frame,
    Kind,
    Site,
    Walk,
    bound_arguments,
    function_of_module,
    kind_of,
    receiver_of,
)
from estimator_lint.syntax.local_bindings import comprehension_targets
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import short_name


def head_dimensions(frame: Frame, names: NamePaths) -> dict[str, str]:
    """For the variables of a function that are canned heads the last dimension of their logits."""
    found: dict[str, str] = {}
    for name, bindings in frame.bindings.items():
        value = bindings[0].value
        if len(bindings) == 1 and isinstance(value, cst.Call):
            dimension = dimension_of(value, names)
            if dimension is not None:
                found[name] = dimension
    return found


def dimension_of(call: cst.Call, names: NamePaths) -> str | None:
    """The last dimension of the logits of the canned head that a call makes, as text."""
    path = names.path(call.func)
    positional = [each for each in call.args if each.keyword is None]
    keywords = {each.keyword.value: each for each in call.args if each.keyword is not None}
    if path is None or any(each.star for each in call.args):
        return None
    head = canned_head(path, len(positional), list(keywords))
    if head is None:
        return None
    given = positional[0] if positional else keywords.get(head.dimension)
    return "1" if given is None else code_of(given.value)


class _NotStaticError(Exception):
    """An expression that ``__init__`` can't evaluate; the message says why."""


@dataclass(frozen=True)
class Construction:
    """How something is made in ``__init__``.

    Attributes:
        text: the call that makes it, or for a loop the list of all.
        guards: the tests under which it is made.
        in_loop: one is made for each round of the loop.
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
    """What is made once.

    Attributes:
        attributes: in order.
        of_site: for each call its attribute.
        reasons: for the other calls why there is none, as the end of a sentence.
        in_loops: for what a ``for`` iterates over the attributes with one item a round.
    """

    attributes: list[Attribute] = field(default_factory=list)
    of_site: dict[cst.CSTNode, Attribute] = field(default_factory=dict)
    reasons: dict[cst.CSTNode, str] = field(default_factory=dict)
    in_loops: dict[cst.CSTNode, list[Attribute]] = field(default_factory=dict)

    def of_kind(self, *kinds: Kind) -> list[Attribute]:
        """The attributes of some kinds."""
        return [each for each in self.attributes if each.kind in kinds]


class InitExpression(NameRewriter):
    """Rewrites an expression of the function into one that ``__init__`` can evaluate."""

    def __init__(
        self, names: NamePaths, walk: Walk, context: Context, parameters: Collection[str]
    ) -> None:
        frame = context.frame
        super().__init__(names, walk.observed, frame.code.local_names)
        self._walk = walk
        self._context = context
        self._parameters = parameters
        self._bound: list[str] = []
        self.dimensions = head_dimensions(frame, names)

    def text(self, node: cst.BaseExpression) -> str:
        """The text of an expression.

        Raises:
            _NotStaticError: it depends on what is known in a step only.
        """
        result = node.visit(self)
        assert isinstance(result, cst.BaseExpression)
        return code_of(result)

    def name_text(self, node: cst.Name) -> str | None:
        """What ``__init__`` has for a name."""
        if node.value in self._bound:
            return None
        frame: Frame | None = self._context.frame
        if node.value in self._context.dynamic:
            raise _NotStaticError(f"from '{node.value}'")
        while frame is not None:
            if node.value in frame.code.local_names:
                return self._local(node.value, frame)
            frame = frame.parent
        code = function_of_module(self._walk.frame.code.module, node.value)
        use = None if code is None else self._walk.helpers.get(code.node)
        if use is not None and (use.makes_state or use.takes_gradients or use.makes_spec):
            raise _NotStaticError(f"by '{node.value}'")
        return None

    def _local(self, name: str, frame: Frame) -> str | None:
        bindings = frame.bindings.get(name, [])
        if any(one.name == name for one in frame.code.parameters):
            if bindings:
                raise _NotStaticError(f"from '{name}', which changes")
            if frame is self._walk.frame:
                if name == self._walk.receiver:
                    return "owner"
                if name in self._parameters:
                    return None
                raise _NotStaticError(f"from '{name}'")
            if name == receiver_of(frame.code):
                return "owner"
            if name not in frame.given:
                raise _NotStaticError(f"from the argument '{name}'")
            value, where = frame.given[name]
            return in_parentheses(self._elsewhere(value, where))
        loops = [loop for loop, _ in self._context.loops]
        if bindings and all(binding.node in loops for binding in bindings):
            return None
        if len(bindings) == 1 and bindings[0].value is not None:
            node = bindings[0].node
            target = node.targets[0].target if isinstance(node, cst.Assign) else None
            if isinstance(node, cst.AnnAssign) or isinstance(target, cst.Name):
                return in_parentheses(self._elsewhere(bindings[0].value, frame))
        raise _NotStaticError(f"from '{name}'")

    def _elsewhere(self, node: cst.BaseExpression, frame: Frame) -> str:
        context = Context(frame, self._context.loops, (), self._context.dynamic)
        inner = InitExpression(self.names, self._walk, context, self._parameters)
        inner._bound = []
        text = inner.text(node)
        self.todos += inner.todos
        return text

    def visit_Call(self, node: cst.Call) -> bool:
        """A schedule is made of its arguments other than the global step."""
        path = self.path_of(node)
        short = None if path is None else short_name(path)
        if short in GLOBAL_STEPS:
            raise _NotStaticError("from the global step")
        if path is None:
            return True
        if kind_of(path) in ("layer", "metric", "optimizer", "weight"):
            raise _NotStaticError(f"by '{short}'")
        return counterpart(path, "schedules") is None

    def leave_Call(
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        """A schedule of learning rates becomes one of Keras."""
        path = self.path_of(original_node)
        row = None if path is None else counterpart(path, "schedules")
        if row is None:
            return updated_node
        return with_parentheses(original_node, self.construction(original_node, row))

    def construction(self, call: cst.Call, row: Counterpart) -> str:
        """The call that makes the counterpart of what a call makes.

        Raises:
            _NotStaticError: it has none, or not from what ``__init__`` has.
        """
        given = bound_arguments(call, row.parameters)
        if given is None:
            raise _NotStaticError("with arguments that are not known one by one")
        arguments: dict[str, str] = {}
        for name, value in given.items():
            if name in row.unknown:
                raise _NotStaticError(f"with the argument '{name}'")
            if name in row.per_call or name in row.ignored:
                continue
            again = InitExpression(self.names, self._walk, self._context, self._parameters)
            arguments[row.renamed.get(name, name)] = again.text(value)
            self.todos += again.todos
        for name, default in row.defaults.items():
            if name not in row.per_call:
                arguments.setdefault(row.renamed.get(name, name), default)
        made = f"keras.{row.keras}" if row.keras else "self.add_weight"
        return f"{made}({keyword_arguments(arguments)})"

    # Names that the expression itself binds

    def visit_Lambda(self, node: cst.Lambda) -> None:
        """Its parameters are its own."""
        self._bound += [each.name.value for each in node.params.params]

    def visit_ListComp(self, node: cst.ListComp) -> None:
        """What it iterates by is its own."""
        self._bound += comprehension_targets(node)

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> None:
        """What it iterates by is its own."""
        self._bound += comprehension_targets(node)

    def visit_DictComp(self, node: cst.DictComp) -> None:
        """What it iterates by is its own."""
        self._bound += comprehension_targets(node)

    def visit_Param(self, node: cst.Param) -> bool:
        """The name of a parameter is no variable that is read."""
        return False


def once_made(
    walks: Mapping[Mode, Walk], names: NamePaths, parameters: Collection[str]
) -> OnceMade:
    """What the modes make, as attributes; ``parameters`` are the arguments of ``__init__``."""
    made = OnceMade()
    taken = {*MODEL_ATTRIBUTES, *parameters}
    by_key: dict[tuple[Kind, str, int, Construction], tuple[Attribute, set[Mode]]] = {}
    constructions = {mode: dict(_constructions(walk, names, parameters)) for mode, walk in walks.items()}
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
    """What to call the attribute: by the name that the call gives it, or by what it is."""
    for argument in site.call.args:
        if argument.keyword is not None and argument.keyword.value == "name":
            if isinstance(argument.value, cst.SimpleString):
                value = argument.value.evaluated_value
                word = re.sub(r"\W+", "_", value if isinstance(value, str) else "").strip("_")
                if word.isidentifier():
                    return word.lower()
    if site.kind == "weight" and site.call.args:
        first = site.call.args[0]
        value = getattr(first.value, "evaluated_value", None)
        if first.keyword is None and isinstance(value, str):
            word = re.sub(r"\W+", "_", value).strip("_")
            if word.isidentifier():
                return word.lower()
    last = site.path.rpartition(".")[2]
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", last).lower()
    return word if word.isidentifier() else "made"


def _of_all_modes(
    call: cst.CSTNode, constructions: Mapping[Mode, Mapping[cst.CSTNode, Construction | str]]
) -> Construction | str:
    """How a site makes the same in every mode that comes to it; else why it does not."""
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
            except _NotStaticError as reason:
                yield site.call, str(reason)


def _construction(
    site: Site, walk: Walk, names: NamePaths, parameters: Collection[str]
) -> Construction:
    context = site.context
    if len(context.loops) > 1:
        raise _NotStaticError("in nested loops")
    if context.loops and context.guards:
        raise _NotStaticError("under tests in a loop")
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


_TABLE: Mapping[str, str] = {
    "layer": "layers",
    "metric": "metrics",
    "optimizer": "optimizers",
    "weight": "weights",
}


def _made(site: Site, expression: InitExpression) -> str:
    table = _TABLE.get(site.kind)
    if table is not None:
        row = counterpart(site.path, table)
        assert row is not None
        return expression.construction(site.call, row)
    keras = keras_class(site.path)
    arguments = []
    for argument in site.call.args:
        value = expression.text(argument.value)
        keyword = "" if argument.keyword is None else f"{argument.keyword.value}="
        arguments.append(f"{argument.star}{keyword}{value}")
    return f"keras.{keras}({', '.join(arguments)})"


def in_order(attributes: Iterable[Attribute]) -> Iterator[tuple[tuple[str, ...], list[Attribute]]]:
    """Attributes one after the other, those together that are made under the same tests."""
    group: list[Attribute] = []
    for attribute in attributes:
        if group and group[0].construction.guards != attribute.construction.guards:
            yield group[0].construction.guards, group
            group = []
        group.append(attribute)
    if group:
        yield group[0].construction.guards, group
