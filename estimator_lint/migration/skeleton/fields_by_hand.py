"""Fields of specs that no step returns: hooks, the scaffold, export outputs.

Their replacement is written by hand. Lines that only compute such a field move into its TODO
comment, or are left out in a mode in which the Estimator ignores the field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.call_arguments import bound_arguments
from estimator_lint.syntax.nodes import descendants
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.specs import SpecClass

_SERVED = "serve it by a signature of tf.saved_model.save or of model.export"
_SET_UP = "do in __init__ or in a callback what it does"

#: For each field, the modes in which the Estimator uses it, and what replaces it.
BY_HAND: Mapping[str, tuple[frozenset[Mode], str]] = {
    "export_outputs": (frozenset({Mode.PREDICT}), _SERVED),
    "output_alternatives": (frozenset({Mode.PREDICT}), _SERVED),
    "training_chief_hooks": (frozenset({Mode.TRAIN}), "give fit() a callback that does the same"),
    "training_hooks": (frozenset({Mode.TRAIN}), "give fit() a callback that does the same"),
    "evaluation_hooks": (frozenset({Mode.EVAL}), "give evaluate() a callback that does the same"),
    "prediction_hooks": (
        frozenset({Mode.PREDICT}),
        "give predict() a callback that does the same",
    ),
    "scaffold": (frozenset(Mode), _SET_UP),
    "scaffold_fn": (frozenset(Mode), _SET_UP),
    "host_call": (frozenset({Mode.TRAIN}), "give fit() a callback that does the same"),
}


@dataclass
class FieldsByHand:
    """The lines of a block that only compute such fields.

    Attributes:
        left_out: the statements that no step and no TODO has.
        with_field: for each construction and field, the lines that belong to it.
    """

    left_out: set[cst.CSTNode] = field(default_factory=set)
    with_field: dict[tuple[cst.CSTNode, str], list[cst.SimpleStatementLine]] = field(
        default_factory=dict
    )

    def without(
        self, body: cst.IndentedBlock, specs: Mapping[cst.CSTNode, SpecClass], mode: Mode
    ) -> cst.IndentedBlock:
        """The block without these lines."""
        inside: dict[cst.CSTNode, tuple[cst.CSTNode, str]] = {}
        for call in descendants(body):
            if isinstance(call, cst.Call) and call in specs:
                given = bound_arguments(call, specs[call].fields) or {}
                for name, value in given.items():
                    if name in BY_HAND:
                        inside.update(dict.fromkeys(descendants(value), (call, name)))
        gone: dict[cst.SimpleStatementLine, tuple[cst.CSTNode, str]] = {}
        assigned, reads = _assigned(body), _reads(body)
        grown = bool(inside)
        while grown:
            grown = False
            for name, lines in assigned.items():
                uses = reads.get(name, [])
                of_fields = [inside[use] for use in uses if use in inside]
                if lines[0] in gone or not of_fields or len(of_fields) < len(uses):
                    continue
                grown = True
                for line in lines:
                    gone[line] = of_fields[0]
                    inside.update(dict.fromkeys(descendants(line), of_fields[0]))
        for line, (call, name) in gone.items():
            if mode in BY_HAND[name][0]:
                self.with_field.setdefault((call, name), []).append(line)
            else:
                self.left_out.update(descendants(line))
        return _removed(body, gone) if gone else body


def _assigned(body: cst.CSTNode) -> dict[str, list[cst.SimpleStatementLine]]:
    """For the variables that are bound only by plain assignments, these statements."""
    found: dict[str, list[cst.SimpleStatementLine]] = {}
    others: set[str] = set()
    plain: set[cst.CSTNode] = set()
    for node in descendants(body, frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})):
        match node:
            case cst.SimpleStatementLine(
                body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as target)])]
            ):
                found.setdefault(target.value, []).append(node)
                plain.add(target)
            case cst.AssignTarget(target=target):
                others |= {
                    each.value
                    for each in descendants(target)
                    if isinstance(each, cst.Name) and each not in plain
                }
            case cst.AugAssign(target=cst.Name(value=name)):
                others.add(name)
    return {name: lines for name, lines in found.items() if name not in others}


def _reads(body: cst.CSTNode) -> dict[str, list[cst.CSTNode]]:
    """Where each variable is read; words that are no variables count, too, to be safe."""
    targets = {node.target for node in descendants(body) if isinstance(node, cst.AssignTarget)}
    labels = {node.keyword for node in descendants(body) if isinstance(node, cst.Arg)}
    labels |= {node.attr for node in descendants(body) if isinstance(node, cst.Attribute)}
    found: dict[str, list[cst.CSTNode]] = {}
    for node in descendants(body):
        if isinstance(node, cst.Name) and node not in targets and node not in labels:
            found.setdefault(node.value, []).append(node)
    return found


def _removed(body: cst.IndentedBlock, gone: Collection[cst.CSTNode]) -> cst.IndentedBlock:
    statements = list(_left(body, gone))
    return body.with_changes(body=statements or [cst.parse_statement("pass")])


def _left(body: cst.IndentedBlock, gone: Collection[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    for statement in body.body:
        if statement in gone:
            continue
        inner = getattr(statement, "body", None)
        holds = any(node in gone for node in descendants(statement))
        if isinstance(inner, cst.IndentedBlock) and holds:
            statement = statement.with_changes(body=_removed(inner, gone))
            orelse = getattr(statement, "orelse", None)
            if isinstance(orelse, cst.Else) and isinstance(orelse.body, cst.IndentedBlock):
                orelse = orelse.with_changes(body=_removed(orelse.body, gone))
                statement = statement.with_changes(orelse=orelse)
        yield statement
