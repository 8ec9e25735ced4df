"""Meaning-preserving changes of statements."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from tests.metamorphic.places import (
    Statement,
    contains,
    in_parentheses,
    names_in,
    parsed,
    text_of,
)

#: Code that binds a name for the whole function, or whose meaning depends on its place.
_DECLARATIONS = (cst.Global, cst.Nonlocal, cst.Import, cst.ImportFrom, cst.ImportStar)
_JUMPS = (cst.Break, cst.Continue)


def _small(node: Statement) -> cst.BaseSmallStatement | None:
    """The one small statement of a line."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        return node.body[0]
    return None


def _is_plain(node: Statement) -> bool:
    """Whether a statement may be moved into a block."""
    small = _small(node)
    is_text = isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString)
    return not is_text and not contains(node, *_DECLARATIONS)


def _block(*statements: Statement) -> cst.IndentedBlock:
    return cst.IndentedBlock(list(statements))


def _if(test: cst.BaseExpression, body: Sequence[Statement], *orelse: Statement) -> cst.If:
    other = cst.Else(_block(*orelse)) if orelse else None
    return cst.If(test, _block(*body), other)


def _body(node: cst.BaseSuite) -> Sequence[Statement]:
    assert isinstance(node, cst.IndentedBlock)
    return node.body


def under_true(node: Statement) -> Sequence[Statement] | None:
    """``if True:`` around a statement."""
    return [_if(cst.Name("True"), [node])] if _is_plain(node) else None


def under_a_flag(node: Statement) -> Sequence[Statement] | None:
    """A flag that is always true, and a statement under it."""
    if not _is_plain(node):
        return None
    return [parsed("always_on = not False"), _if(cst.Name("always_on"), [node])]


def in_try_finally(node: Statement) -> Sequence[Statement] | None:
    """``try: … finally: pass`` around a statement."""
    if not _is_plain(node):
        return None
    final = cst.Finally(_block(parsed("pass")))
    return [cst.Try(body=_block(node), finalbody=final)]


def in_a_single_round(node: Statement) -> Sequence[Statement] | None:
    """A loop of one round around a statement."""
    if not _is_plain(node) or contains(node, *_JUMPS):
        return None
    loop = parsed("for only_round in (0,):\n    pass")
    assert isinstance(loop, cst.For)
    return [loop.with_changes(body=_block(node))]


def unrolled(node: Statement) -> Sequence[Statement] | None:
    """The rounds of a loop over a tuple or list, one after the other."""
    if not isinstance(node, cst.For) or not isinstance(node.iter, cst.Tuple | cst.List):
        return None
    elements = node.iter.elements
    starred = any(isinstance(element, cst.StarredElement) for element in elements)
    if starred or node.orelse is not None or not elements or contains(node.body, *_JUMPS):
        return None
    if not isinstance(node.target, cst.Name) or not isinstance(node.body, cst.IndentedBlock):
        return None
    found: list[Statement] = []
    for element in elements:
        bound = cst.Assign([cst.AssignTarget(node.target)], element.value)
        found += [cst.SimpleStatementLine([bound]), *_body(node.body)]
    return found


def branches_swapped(node: Statement) -> Sequence[Statement] | None:
    """``if not test`` with its branches exchanged."""
    if not isinstance(node, cst.If) or not isinstance(node.orelse, cst.Else):
        return None
    negated = cst.UnaryOperation(cst.Not(), in_parentheses(node.test))
    return [node.with_changes(test=negated, body=node.orelse.body, orelse=cst.Else(node.body))]


def empty_else(node: Statement) -> Sequence[Statement] | None:
    """``else: pass`` after an ``if`` without ``else``."""
    if not isinstance(node, cst.If) or node.orelse is not None:
        return None
    return [node.with_changes(orelse=cst.Else(_block(parsed("pass"))))]


def elif_as_else_if(node: Statement) -> Sequence[Statement] | None:
    """``else:`` with an ``if`` in it, for an ``elif``."""
    if not isinstance(node, cst.If) or not isinstance(node.orelse, cst.If):
        return None
    return [node.with_changes(orelse=cst.Else(_block(node.orelse)))]


def _assigned(node: Statement) -> tuple[str, cst.BaseExpression] | None:
    """The name and the value of ``name = value``."""
    small = _small(node)
    if isinstance(small, cst.Assign) and len(small.targets) == 1:
        target = small.targets[0].target
        if isinstance(target, cst.Name):
            return target.value, small.value
    return None


def _assignment(name: str, value: cst.BaseExpression) -> Statement:
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])


def as_conditional_expression(node: Statement) -> Sequence[Statement] | None:
    """``x = a if test else b`` for an ``if`` whose branches assign to one name."""
    if not isinstance(node, cst.If) or not isinstance(node.orelse, cst.Else):
        return None
    sides = [body.body for body in (node.body, node.orelse.body)]
    if not all(len(side) == 1 for side in sides):
        return None
    one, other = (_assigned(side[0]) for side in sides)  # type: ignore[arg-type]
    if one is None or other is None or one[0] != other[0]:
        return None
    chosen = cst.IfExp(in_parentheses(node.test), in_parentheses(one[1]), in_parentheses(other[1]))
    return [_assignment(one[0], chosen)]


def as_branches(node: Statement) -> Sequence[Statement] | None:
    """``if test: x = a`` and ``else: x = b`` for a conditional expression."""
    assigned = _assigned(node)
    if assigned is None or not isinstance(assigned[1], cst.IfExp):
        return None
    name, chosen = assigned
    assert isinstance(chosen, cst.IfExp)
    return [
        _if(chosen.test, [_assignment(name, chosen.body)], _assignment(name, chosen.orelse)),
    ]


def as_match(node: Statement) -> Sequence[Statement] | None:
    """``match`` for a chain of ``mode == tf.estimator.ModeKeys.X``."""
    cases: list[cst.MatchCase] = []
    branch: cst.If | cst.Else | None = node if isinstance(node, cst.If) else None
    subject: str | None = None
    while isinstance(branch, cst.If):
        compared = _equality(branch.test)
        if compared is None or compared[0] != (subject or compared[0]):
            return None
        subject = compared[0]
        cases.append(cst.MatchCase(cst.MatchValue(compared[1]), body=branch.body))
        branch = branch.orelse
    if subject is None:
        return None
    if isinstance(branch, cst.Else):
        cases.append(cst.MatchCase(cst.MatchAs(), body=branch.body))
    return [cst.Match(cst.Name(subject), cases)]


def from_a_dict(rest: Sequence[Statement]) -> Sequence[Statement] | None:
    """A dict of lambdas for a chain of ``mode == tf.estimator.ModeKeys.X`` that returns."""
    made: list[str] = []
    first, *others = rest
    branch: cst.If | cst.Else | None = first if isinstance(first, cst.If) else None
    subject: str | None = None
    while isinstance(branch, cst.If):
        compared, value = _equality(branch.test), _returned_by(_body(branch.body))
        if compared is None or value is None or compared[0] != (subject or compared[0]):
            return None
        subject = compared[0]
        made.append(f"{text_of(compared[1])}: lambda: {value}")
        branch = branch.orelse
    if subject is None:
        return None
    if branch is None:
        other, behind = _returned_by(others[:1]), others[1:]
    else:
        other, behind = _returned_by(_body(branch.body)), others
    if other is None:
        return None
    chosen = f"{{{', '.join(made)}}}.get({subject}, lambda: {other})"
    return [parsed(f"return {chosen}()"), *behind]


def _returned_by(block: Sequence[Statement]) -> str | None:
    """The value, in parentheses, of a block that only returns it; None for other blocks."""
    small = _small(block[0]) if len(block) == 1 else None
    if not isinstance(small, cst.Return) or small.value is None:
        return None
    if contains(small.value, cst.NamedExpr, cst.Await, cst.Yield):
        return None
    return f"({text_of(small.value)})"


def _equality(test: cst.BaseExpression) -> tuple[str, cst.Attribute] | None:
    """The name and the dotted name of ``name == dotted.name``."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or test.lpar:
        return None
    target = test.comparisons[0]
    if not isinstance(target.operator, cst.Equal) or not isinstance(test.left, cst.Name):
        return None
    dotted = target.comparator
    if not isinstance(dotted, cst.Attribute) or contains(dotted, cst.Call, cst.Subscript):
        return None
    return test.left.value, dotted


def rest_in_else(rest: Sequence[Statement]) -> Sequence[Statement] | None:
    """Moves the statements after an ``if`` that returns into its ``else``."""
    first, *others = rest
    if not isinstance(first, cst.If) or first.orelse is not None or not others:
        return None
    if not _returns(first.body) or any(contains(other, *_DECLARATIONS) for other in others):
        return None
    return [first.with_changes(orelse=cst.Else(_block(*others)))]


def else_as_rest(rest: Sequence[Statement]) -> Sequence[Statement] | None:
    """Moves the ``else`` of an ``if`` that returns after it."""
    first, *others = rest
    if not isinstance(first, cst.If) or not isinstance(first.orelse, cst.Else):
        return None
    if not _returns(first.body) or not isinstance(first.orelse.body, cst.IndentedBlock):
        return None
    return [first.with_changes(orelse=None), *_body(first.orelse.body), *others]


def _returns(body: cst.BaseSuite) -> bool:
    """Whether a block ends by a ``return``."""
    if not isinstance(body, cst.IndentedBlock) or not body.body:
        return False
    return isinstance(_small(body.body[-1]), cst.Return)


def returned_by_name(node: Statement) -> Sequence[Statement] | None:
    """Assigns the returned value to a name."""
    small = _small(node)
    if not isinstance(small, cst.Return) or small.value is None:
        return None
    return [
        _assignment("to_be_returned", small.value),
        parsed("return to_be_returned"),
    ]


def returned_by_closure(node: Statement) -> Sequence[Statement] | None:
    """Computes the returned value in a nested function."""
    small = _small(node)
    if not isinstance(small, cst.Return) or small.value is None or _is_bound_here(small.value):
        return None
    closure = parsed("def make_it():\n    return None")
    assert isinstance(closure, cst.FunctionDef)
    body = _block(cst.SimpleStatementLine([cst.Return(small.value)]))
    return [closure.with_changes(body=body), parsed("return make_it()")]


def _is_bound_here(value: cst.BaseExpression) -> bool:
    """Whether an expression binds names, or depends on its place."""
    own = names_in(value) & {"super", "locals", "vars", "eval", "__class__", "globals"}
    return bool(own) or contains(value, cst.NamedExpr, cst.Await, cst.Yield)


def assigned_by_lambda(node: Statement) -> Sequence[Statement] | None:
    """Computes the assigned value in a lambda that is called at once."""
    assigned = _assigned(node)
    if assigned is None or _is_bound_here(assigned[1]):
        return None
    called = cst.Call(in_parentheses(cst.Lambda(cst.Parameters(), assigned[1])))
    return [_assignment(assigned[0], called)]


def unrelated_test(node: Statement) -> Sequence[Statement] | None:
    """Puts an undecidable, irrelevant test before a statement."""
    if not _is_plain(node):
        return None
    text = "if unrelated_setting():\n    unrelated = 1\nelse:\n    unrelated = None"
    return [parsed(text), node]


def exchanged(rest: Sequence[Statement]) -> Sequence[Statement] | None:
    """Swaps two independent assignments."""
    if len(rest) < 2:
        return None
    one, other = _assigned(rest[0]), _assigned(rest[1])
    if one is None or other is None or one[0] == other[0]:
        return None
    if one[0] in names_in(other[1]) or other[0] in names_in(one[1]):
        return None
    if not any(map(_is_constant, (one[1], other[1]))):
        return None  # one might raise, so that the other would not run
    return [rest[1], rest[0], *rest[2:]]


def _is_constant(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Name):
        return value.value in _CONSTANTS
    return isinstance(value, cst.SimpleString | cst.Integer | cst.Float)


_CONSTANTS = frozenset({"None", "True", "False"})
