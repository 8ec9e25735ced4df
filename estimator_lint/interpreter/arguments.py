"""Arguments of calls: spreading ``*`` and ``**``, and binding them to parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.values.values import (
    Argument,
    DictContents,
    FunctionValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.isolation import evaluate_in_isolation
from estimator_lint.interpreter.objects import dict_contents, items_of, kept, new_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.project.code import Parameter


@dataclass
class Arguments:
    """The arguments of a call, spread out.

    Attributes:
        positional: in order.
        keywords: by name.
        more_positional: an iterable of unknown length was spread after them.
        more_keywords: a mapping with unknown keys was spread.
        repeated: a keyword was given twice.
    """

    positional: list[Argument] = field(default_factory=list)
    keywords: dict[str, Argument] = field(default_factory=dict)
    more_positional: bool = False
    more_keywords: bool = False
    repeated: bool = False

    def values(self) -> list[Value]:
        """The values of all of them."""
        return [argument.value for argument in (*self.positional, *self.keywords.values())]


def spread(ev: Evaluator, arguments: Sequence[Argument], state: State) -> Arguments:
    """``arguments`` with ``*`` and ``**`` spread out as far as known."""
    result = Arguments()
    for argument in arguments:
        if argument.star == "*":
            items = items_of(ev.resolve(argument.value, state), state)
            if items is None or result.more_positional:
                result.more_positional = True
            else:
                result.positional.extend(Argument(item, node=argument.node) for item in items)
        elif argument.star == "**":
            _spread_mapping(ev, argument, state, result)
        elif argument.keyword is not None:
            _add_keyword(result, argument.keyword, argument)
        elif not result.more_positional:
            result.positional.append(argument)
    return result


def _spread_mapping(ev: Evaluator, argument: Argument, state: State, result: Arguments) -> None:
    contents = dict_contents(ev.resolve(argument.value, state), state)
    if contents is None:
        result.more_keywords = True
        return
    result.more_keywords |= contents.open
    for key, value in contents.entries.items():
        if isinstance(key, str):
            _add_keyword(result, key, Argument(value, keyword=key, node=argument.node))


def _add_keyword(result: Arguments, name: str, argument: Argument) -> None:
    result.repeated |= name in result.keywords
    result.keywords[name] = argument


def bind(
    ev: Evaluator,
    function: FunctionValue,
    arguments: Arguments,
    node: cst.CSTNode,
    state: State,
) -> dict[str, Value] | str:
    """The value of each parameter; if the call raises TypeError, the reason in words."""
    bound: dict[str, Value] = {}
    positional = list(arguments.positional)
    keywords = dict(arguments.keywords)
    if arguments.repeated:
        return "with an argument given twice"
    for parameter in function.code.parameters:
        match parameter.kind:
            case "*":
                rest = ev.bounded(TupleValue(tuple(argument.value for argument in positional)))
                bound[parameter.name] = (
                    ev.unknown() if arguments.more_positional else kept(ev, rest)
                )
                positional = []
            case "**":
                entries = {name: kept(ev, each.value) for name, each in keywords.items()}
                contents = DictContents(entries, open=arguments.more_keywords)
                bound[parameter.name] = new_dict(ev, node, contents, state)
                keywords = {}
            case kind:
                value = None
                if positional and kind != "keyword-only":
                    if kind == "positional" and parameter.name in keywords:
                        return f"with '{parameter.name}' given twice"
                    value = positional.pop(0).value
                elif parameter.name in keywords and kind != "positional-only":
                    value = keywords.pop(parameter.name).value
                if value is None:
                    value = _missing(ev, function, parameter, arguments)
                if value is None:
                    return f"without '{parameter.name}'"
                bound[parameter.name] = kept(ev, value) if type(value) is TupleValue else value
    return left_over(positional, keywords) or bound


def left_over(positional: Sequence[Argument], keywords: Iterable[str]) -> str:
    """Why a call raises TypeError, in words, if these arguments fit no parameter."""
    if positional:
        return "with too many arguments"
    return next((f"with an unknown argument '{name}'" for name in keywords), "")


def argument_mismatch(
    ev: Evaluator, called: str, given: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of a call that raises TypeError for its arguments; ``given`` is the reason."""
    what = f"{called} is called {given}"
    return ev.fails(
        state, "TypeError", ev.trace.note_argument_mismatch(ev.place(node), what, state)
    )


def _missing(
    ev: Evaluator, function: FunctionValue, parameter: Parameter, arguments: Arguments
) -> Value | None:
    """The value of a parameter that got no known argument; None if it has none."""
    may_be_given = (arguments.more_positional and parameter.kind != "keyword-only") or (
        arguments.more_keywords and parameter.kind != "positional-only"
    )
    if may_be_given:
        return ev.unknown(imprecise=True)
    if any(map(function.code.module.index.mentions, ("__defaults__", "__kwdefaults__"))):
        return ev.unknown(imprecise=True)  # another default, perhaps
    if parameter.default is None:
        return None
    for name, value in function.defaults:
        if name == parameter.name:
            return value
    frame = Frame(function.scope, function.code)
    return evaluate_in_isolation(ev, frame, parameter.default, lasting=True) or ev.unknown()
