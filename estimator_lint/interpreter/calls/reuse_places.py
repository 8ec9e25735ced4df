"""Where calls that make variables are told to reuse those of earlier calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.places import Place

if TYPE_CHECKING:
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import FunctionCode


def place_of_reuse(ev: Evaluator, given: Arguments) -> Place | None:
    """Where the argument ``reuse`` is written; if functions pass it on, in the outermost call."""
    argument = given.keywords.get("reuse")
    if argument is None:
        return None
    node = getattr(argument.node, "value", None)
    if not isinstance(node, cst.CSTNode):
        return None
    place = ev.place(node)
    for caller, called in zip(ev.frames[-2::-1], ev.frames[:0:-1], strict=True):
        by = called.called_by
        node = _argument_for(node, called.code, by) if isinstance(by, cst.Call) else None
        if node is None or place.via is not None:
            break
        place = Place(caller.code.piece, node)
    return place


def _argument_for(node: cst.CSTNode, code: FunctionCode, call: cst.Call) -> cst.CSTNode | None:
    """The argument that a call gives for a parameter, if ``node`` is its name."""
    if not isinstance(node, cst.Name):
        return None
    names = [parameter.name for parameter in code.parameters]
    if node.value not in names:
        return None
    position = names.index(node.value)
    for index, argument in enumerate(call.args):
        by_name = argument.keyword is not None and argument.keyword.value == node.value
        if by_name or (index == position and argument.keyword is None and not argument.star):
            return argument.value
    return None
