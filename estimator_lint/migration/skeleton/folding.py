"""The statements of a function that one mode runs: tests of the mode are folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.observations import Observations, names_of
from estimator_lint.syntax.local_bindings import assigns_within, bindings_below

#: A statement of a block, in libcst's types.
Statement = cst.BaseStatement | cst.BaseSmallStatement


def mode_dependent_names(body: cst.CSTNode, starts: Collection[str]) -> frozenset[str]:
    """``starts`` and the local variables that are computed from them."""
    found = set(starts)
    bindings = list(bindings_below(body))
    grown = True
    while grown:
        before = len(found)
        for name, binding in bindings:
            if binding.value is not None and names_of(binding.value) & found:
                found.add(name)
        grown = len(found) > before
    return frozenset(found)


@dataclass
class Folded:
    """A block as one mode runs it; ``footer``: the comments behind its last statement."""

    statements: list[cst.BaseStatement] = field(default_factory=list)
    footer: list[cst.EmptyLine] = field(default_factory=list)

    def block(self) -> cst.IndentedBlock:
        """The same as a block, which holds at least ``pass``."""
        body = self.statements or [cst.parse_statement("pass")]
        return cst.IndentedBlock(body=body, footer=self.footer)


class Folder:
    """Folds the tests that depend on the mode.

    Args:
        observed: what was seen in the mode.
        names: the variables that depend on the mode.
        tests: tests that have another outcome in another mode.

    Attributes:
        names: as given.
        included: the simple and compound statements that the mode runs.
    """

    def __init__(
        self, observed: Observations, names: frozenset[str], tests: Collection[cst.CSTNode]
    ) -> None:
        self._observed = observed
        self.names = names
        self._tests = tests
        self.included: set[cst.CSTNode] = set()

    # Tests

    def decided(self, test: cst.BaseExpression) -> bool | None:
        """The outcome of a test, if it depends on the mode and that decides it.

        A test that assigns a variable stays.
        """
        if assigns_within(test):
            return None
        match test:
            case cst.UnaryOperation(operator=cst.Not(), expression=inner):
                outcome = self.decided(inner)
                return None if outcome is None else not outcome
            case cst.BooleanOperation(left=left, operator=operator, right=right):
                ends_on = isinstance(operator, cst.Or)
                sides = self.decided(left), self.decided(right)
                if ends_on in sides:
                    return ends_on
                return not ends_on if sides == (not ends_on, not ends_on) else None
        if test not in self._tests and not names_of(test) & self.names:
            return None
        outcomes = self._observed.outcomes.get(test)
        if outcomes is None:
            return self._observed.truth(test)
        return next(iter(outcomes)) if len(outcomes) == 1 else None

    def simplified(self, test: cst.BaseExpression) -> cst.BaseExpression:
        """An undecided test without those of its operands that are decided."""
        if isinstance(test, cst.BooleanOperation) and not assigns_within(test):
            if self.decided(test.left) is not None:
                return self.simplified(test.right)
            if self.decided(test.right) is not None:
                return self.simplified(test.left)
        return test

    # Blocks

    def function_body(self, function: cst.FunctionDef | cst.Lambda) -> cst.IndentedBlock:
        """The body of a function as the mode runs it; that of a lambda as a ``return``."""
        if isinstance(function, cst.Lambda):
            self.included.add(function.body)
            return cst.IndentedBlock([cst.SimpleStatementLine([cst.Return(function.body)])])
        return self.block(function.body).block()

    def block(self, body: cst.BaseSuite) -> Folded:
        """The statements of a block that the mode runs, up to one that always leaves it."""
        folded = Folded()
        pending: list[cst.EmptyLine] = []
        for statement in _lines(body):
            before = len(folded.statements)
            waiting = self._add(statement, folded)
            if pending and len(folded.statements) > before:
                folded.statements[before] = above(folded.statements[before], pending)
                pending = []
            pending += waiting
            if folded.statements and leaves(folded.statements[-1]):
                folded.footer = pending
                return folded
        folded.footer = [*pending, *getattr(body, "footer", ())]
        return folded

    def _add(self, statement: cst.BaseStatement, folded: Folded) -> list[cst.EmptyLine]:
        """Add the folded statement, or comments that wait for the next statement."""
        self.included.add(statement)
        match statement:
            case cst.SimpleStatementLine():
                self.included.update(statement.body)
                folded.statements.append(statement)
            case cst.If():
                return self._add_if(statement, folded)
            case cst.Match():
                return self._add_match(statement, folded)
            case cst.Try() | cst.TryStar():
                folded.statements.append(self._try(statement))
            case cst.For() | cst.While():
                folded.statements.append(
                    statement.with_changes(
                        body=self._inner(statement.body), orelse=self._else(statement.orelse)
                    )
                )
            case cst.With() | cst.FunctionDef():
                folded.statements.append(statement.with_changes(body=self._inner(statement.body)))
            case _:
                folded.statements.append(statement)
        return []

    def _inner(self, body: cst.BaseSuite) -> cst.IndentedBlock:
        block = self.block(body).block()
        if isinstance(body, cst.IndentedBlock):
            block = block.with_changes(header=body.header)
        return block

    def _else(self, orelse: cst.Else | None) -> cst.Else | None:
        if orelse is None:
            return None
        return orelse.with_changes(body=self._inner(orelse.body))

    def _try(self, statement: cst.Try | cst.TryStar) -> cst.BaseStatement:
        handlers = [
            handler.with_changes(body=self._inner(handler.body)) for handler in statement.handlers
        ]
        final = statement.finalbody
        return statement.with_changes(
            body=self._inner(statement.body),
            handlers=handlers,
            orelse=self._else(statement.orelse),
            finalbody=None if final is None else final.with_changes(body=self._inner(final.body)),
        )

    def _add_if(self, statement: cst.If, folded: Folded) -> list[cst.EmptyLine]:
        kept = self._if(statement)
        if isinstance(kept, cst.If):
            folded.statements.append(kept)
            return []
        live, comments = kept
        if live is None:
            return comments
        return self._splice(self.block(live), [*comments, *header_comment(live)], folded)

    def _splice(
        self, inner: Folded, comments: list[cst.EmptyLine], folded: Folded
    ) -> list[cst.EmptyLine]:
        """Put the statements of a block in the place of the compound statement."""
        if not inner.statements:
            return [*comments, *inner.footer]
        first, *rest = inner.statements
        folded.statements += [above(first, comments), *rest]
        return inner.footer

    def _if(self, statement: cst.If) -> cst.If | tuple[cst.BaseSuite | None, list[cst.EmptyLine]]:
        """An ``if`` that stays; or the block that runs in its place, with comments above it."""
        comments = list(statement.leading_lines)
        outcome = self.decided(statement.test)
        if outcome is True:
            return statement.body, comments
        if outcome is False:
            orelse = statement.orelse
            if isinstance(orelse, cst.If):
                self.included.add(orelse)
                kept = self._if(orelse)
                if isinstance(kept, cst.If):
                    return kept.with_changes(leading_lines=[*comments, *kept.leading_lines])
                return kept[0], [*comments, *kept[1]]
            if orelse is None:
                return None, [*comments, *header_comment(statement.body)]
            return orelse.body, [*comments, *orelse.leading_lines]
        return statement.with_changes(
            test=self.simplified(statement.test),
            body=self._inner(statement.body),
            orelse=self._orelse(statement.orelse),
        )

    def _orelse(self, orelse: cst.If | cst.Else | None) -> cst.If | cst.Else | None:
        if not isinstance(orelse, cst.If):
            return self._else(orelse)
        self.included.add(orelse)
        kept = self._if(orelse)
        if isinstance(kept, cst.If):
            return kept
        live, comments = kept
        if live is None:
            return None
        return cst.Else(leading_lines=comments, body=self._inner(live))

    def _add_match(self, statement: cst.Match, folded: Folded) -> list[cst.EmptyLine]:
        if not names_of(statement.subject) & self.names:
            cases = [case.with_changes(body=self._inner(case.body)) for case in statement.cases]
            folded.statements.append(statement.with_changes(cases=cases))
            return []
        left: list[cst.MatchCase] = []
        for case in statement.cases:
            outcomes = self._observed.outcomes.get(case)
            if outcomes == {False}:
                continue
            if outcomes == {True} and not left and not list(bindings_below(case.pattern)):
                comments = [*statement.leading_lines, *case.leading_lines]
                comments += header_comment(case.body)
                return self._splice(self.block(case.body), comments, folded)
            left.append(case.with_changes(body=self._inner(case.body)))
            if outcomes == {True}:
                break
        if not left:
            return list(statement.leading_lines)
        folded.statements.append(statement.with_changes(cases=left))
        return []


def _lines(body: cst.BaseSuite) -> Iterator[cst.BaseStatement]:
    """The statements of a block, each on a line of its own."""
    if isinstance(body, cst.SimpleStatementSuite):
        line = cst.SimpleStatementLine(
            body=body.body, leading_lines=body_comment(body), trailing_whitespace=_NEWLINE
        )
        yield from _apart(line)
        return
    for statement in body.body:
        assert isinstance(statement, cst.BaseStatement)
        if isinstance(statement, cst.SimpleStatementLine):
            yield from _apart(statement)
        else:
            yield statement


_NEWLINE = cst.TrailingWhitespace()


def body_comment(body: cst.SimpleStatementSuite) -> list[cst.EmptyLine]:
    """The comment after statements on the same line as the colon."""
    comment = body.trailing_whitespace.comment
    return [] if comment is None else [cst.EmptyLine(comment=comment)]


def _apart(line: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    if len(line.body) == 1:
        yield line
        return
    *before, last = line.body
    leading = line.leading_lines
    for small in before:
        yield cst.SimpleStatementLine([small], leading_lines=leading)
        leading = ()
    yield line.with_changes(body=[last], leading_lines=leading)


def header_comment(body: cst.BaseSuite) -> list[cst.EmptyLine]:
    """The comment after the colon of a block, as a line of its own."""
    if not isinstance(body, cst.IndentedBlock) or body.header.comment is None:
        return []
    return [cst.EmptyLine(comment=body.header.comment)]


def above(statement: cst.BaseStatement, lines: Sequence[cst.EmptyLine]) -> cst.BaseStatement:
    """A statement with further lines above it."""
    if not lines:
        return statement
    return statement.with_changes(leading_lines=[*lines, *getattr(statement, "leading_lines", ())])


def leaves(statement: cst.CSTNode) -> bool:
    """Whether, by its form, a statement always leaves the block."""
    match statement:
        case cst.SimpleStatementLine(body=body):
            return isinstance(body[-1], cst.Return | cst.Raise | cst.Continue | cst.Break)
        case cst.If(body=body, orelse=orelse) if orelse is not None:
            inner = orelse if isinstance(orelse, cst.If) else orelse.body
            return leaves(body) and leaves(inner)
        case cst.IndentedBlock(body=body):
            return leaves(body[-1])
        case _:
            return False
