"""Comprehensions: over known items, all of them are collected; over any others, one is run.

A generator expression is run where it is written, as far as what reads it there reads it. One that
somebody may read later, or in part, is run only if nothing shows when that is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.state import written_since
from estimator_lint.domain.values.lazy_items import LazyItems, have_changed, sources_of
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.calls.builtin_containers import iterated_item, note_items
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, note_implicit_call
from estimator_lint.interpreter.conditions.branching import branches, split
from estimator_lint.interpreter.conditions.none_uses import none_use
from estimator_lint.interpreter.conditions.tensor_uses import ITERATED, as_bool, passing
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.rounds import havoc, max_unrolled
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.interpreter.lookup.possibly_empty import may_be_empty
from estimator_lint.interpreter.objects import escape, items_of, new_dict, new_sequence, with_entry
from estimator_lint.interpreter.specs.type_inference import unknown_of
from estimator_lint.syntax.local_bindings import comprehension_targets
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Layer, State
    from estimator_lint.domain.values.lazy_items import Sources
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.code_position import Reader
    from estimator_lint.interpreter.evaluator import Result

Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


#: On top of a path's operand stack while a comprehension is run: the collected items, or another
#: value if not all of them are known.
_NOT_KNOWN: Final = Constant(None)


@expression(cst.ListComp, cst.SetComp, cst.DictComp)
def _comprehension(ev: Evaluator, node: Comprehension, states: list[State]) -> list[Result]:
    return _run(ev, node, states, "whole")


@expression(cst.GeneratorExp)
def _generator(ev: Evaluator, node: cst.GeneratorExp, states: list[State]) -> list[Result]:
    """Evaluates at once what is read at once; otherwise, only if nothing shows when it is."""
    reader = ev.readers.get(node)
    if reader is not None and reader != "part":
        return _run(ev, node, states, reader)
    is_late = reader is None and _reads_changing_name(ev, node)
    results: list[Result] = []
    for state in states:
        # Another attempt costs twice as much for each generator that this one reads.
        is_late = is_late or node in ev.showing_generators
        unseen = None if is_late else _run_unseen(ev, node, state)
        results += _not_run(ev, node, state) if unseen is None else unseen
    return results


def _reads_changing_name(ev: Evaluator, node: cst.GeneratorExp) -> bool:
    """Whether a generator reads a variable that may be another until somebody reads the items."""
    bindings = ev.frame.code.bindings
    return any(len(bindings.get(name, ())) > 1 for name in ev.frame.code.module.effects(node).read)


def _run_unseen(ev: Evaluator, node: cst.GeneratorExp, state: State) -> list[Result] | None:
    """The items, if running the generator changes nothing and raises nothing; otherwise None."""
    tried = state.fork()
    base = tried.layer.parent
    assert base is not None
    facts, outer = ev.trace.count_by_kind(), ev.frame.scope
    with ev.collecting_exits() as exits:
        results = _run(ev, node, [tried], "part")
    if not exits.raises and not any(_shows(base, after, state, outer) for _, after in results):
        return results
    ev.trace.forget_since(facts)
    ev.showing_generators.add(node)
    return None


def _shows(base: Layer, after: State, before: State, scope: Scope | None) -> bool:
    """Whether a path has changed variables of the enclosing functions, or objects, since then."""
    outer: list[Scope] = []
    while scope is not None:
        outer.append(scope)
        scope = scope.parent
    return any(
        (key[0] == "contents" and before.get(key) is not None)
        or (key[0] == "variable" and key[1] in outer)
        for key in written_since(base, after)
    )


def _not_run(ev: Evaluator, node: cst.GeneratorExp, state: State) -> list[Result]:
    """A generator of which somebody may read some items, at some time."""
    results: list[Result] = []
    for iterable, after in ev.evaluate(node.for_in.iter, [state]):
        havoc(ev, node, after)
        # What it calls may change the items, and whatever else it reads.
        escape(ev, iterable, after)
        for name in ev.frame.code.module.effects(node).read:
            scope = scope_of(ev, name)
            value = None if scope is None else after.variable(scope, name)
            if value is not None:
                escape(ev, value, after)
        value = unknown_of(ev, Kind.ITERATOR, imprecise=True)
        ev.note_operands(value.number, [iterable, ev.unknown()])
        if node.for_in.ifs or may_be_empty(ev, iterable, after):
            ev.possibly_empty.add(value.number)
        results.append((value, after))
    return results


def _run(ev: Evaluator, node: Comprehension, states: list[State], reader: Reader) -> list[Result]:
    names = comprehension_targets(node)
    frame = ev.frame
    parts = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
    # The first iterable is evaluated in the enclosing scope.
    by_scope: dict[Scope, list[State]] = {}
    iterables: dict[Scope, dict[Value, None]] = {}
    for iterable, after in ev.evaluate(node.for_in.iter, states):
        scope = ev.new_scope(names, frame.code, frame.scope, node, after)
        by_scope.setdefault(scope, []).append(after.push(TupleValue(())).push(iterable))
        iterables.setdefault(scope, {})[ev.resolve(iterable, after)] = None
    results: list[Result] = []
    for scope, begun in by_scope.items():
        before = [state.fork() for state in begun]
        run = _Run(ev, parts, reader, node)
        with ev.entering(replace(frame, scope=scope)):
            reached = run.clause(node.for_in, begun) + run.stopped
        known = [isinstance(_top(state), TupleValue) for state in reached]
        if len(reached) > len(before) and not all(known):
            # Distinguishing the paths would be no use.
            reached = before
            for state in reached:
                state.pop()
                state.pop()
                state.push(_NOT_KNOWN)
        for after in reached:
            collected = after.pop()
            if not isinstance(collected, TupleValue):
                havoc(ev, node, after)
            value = _comprehended(ev, node, collected, after)
            if isinstance(value, SymbolicValue):  # what is computed of the items is not known
                ev.note_operands(value.number, [*iterables[scope], ev.unknown()])
            if run.leaves_out and isinstance(value, Reference | SymbolicValue):
                ev.possibly_empty.add(value.number)
            if type(value) is TupleValue:
                # What reads all of it at once reads what there is now.
                of = [*iterables[scope]] if reader == "part" else []
                value = LazyItems(value.items, sources=sources_of(of, after))
            results.append((value, after))
    return results


def _top(state: State) -> Value:
    assert state.operands is not None
    return state.operands.value


@dataclass
class _Run:
    """One run of a comprehension.

    Attributes:
        parts: what is evaluated for each item.
        reader: how many of the items are read.
        node: the comprehension.
        stopped: the paths on which no more items are read.
        leaves_out: whether there may be no items, although there is something to iterate over.
    """

    ev: Evaluator
    parts: list[cst.BaseExpression]
    reader: Reader
    node: Comprehension
    stopped: list[State] = field(default_factory=list)
    leaves_out: bool = False

    def clause(self, clause: cst.CompFor, states: list[State]) -> list[State]:
        """Run a ``for`` clause and the clauses inside it.

        The operand stack of each path has the collected items and, on top, the iterable;
        afterwards, the collected items.
        """
        ev = self.ev
        reached: list[State] = []
        unrolled: dict[tuple[tuple[Value, ...], Sources], list[State]] = {}
        for state in states:
            iterable = ev.resolve(state.pop(), state)
            note_implicit_call(ev, iterable, ITERATION, state)
            use = none_use(ev, iterable, clause.iter, "is iterated over", state)
            if same_as_none(iterable):
                reached += [_not_known(after) for after in ev.goes_wrong(state, "TypeError", use)]
                continue
            if not passing(ev, iterable, clause.iter, ITERATED, state):
                continue
            items = items_of(iterable, state)
            self.leaves_out |= items is None and may_be_empty(ev, iterable, state)
            if items is None or len(items) > min(bounds.MAX_UNROLLED, max_unrolled(ev)):
                one_of_them = iterated_item(ev, iterable, id(clause))
                note_items(ev, iterable, one_of_them)
                items = (one_of_them,)
                state = _not_known(state)
            changing = sources_of([iterable], state)
            unrolled.setdefault((items, changing), []).append(state)
        for (items, changing), begun in unrolled.items():
            with ev.repeating(max(1, len(items)), one_by_one=len(items) > 1):
                for count, item in enumerate(items, 1):
                    entered = [
                        after for one in begun for after in assign(ev, clause.target, item, one)
                    ]
                    begun = ev.partitioner.meeting(self._round(clause, entered))
                    if changing:
                        reached += self._changed(begun, changing, count)
            reached += begun
        return ev.partitioner.bounded(reached)

    def _changed(self, states: list[State], changing: Sources, count: int) -> list[State]:
        """Take the paths out of ``states`` on which a round has changed what is iterated over."""
        changed = [state for state in states if have_changed(changing, count, state)]
        for state in changed:
            states.remove(state)
            for source, _ in changing:
                escape(self.ev, source.container, state)
        return [_not_known(state) for state in changed]

    def _round(self, clause: cst.CompFor, entered: list[State]) -> list[State]:
        """One iteration of a clause."""
        ev = self.ev
        reached: list[State] = []
        for condition in clause.ifs:
            decided = branches(ev, condition.test, entered)
            left_out = [after for holds, after in decided if not holds]
            self.leaves_out |= bool(left_out)
            reached = ev.partitioner.few(reached + left_out)
            entered = ev.partitioner.bounded([after for holds, after in decided if holds])
        if clause.inner_for_in is not None:
            inner = ev.push(ev.evaluate(clause.inner_for_in.iter, entered))
            return reached + self.clause(clause.inner_for_in, inner)
        for values, after in ev.evaluate_all(self.parts, entered):
            collected = after.pop()
            if isinstance(collected, TupleValue):
                collected = TupleValue((*collected.items, TupleValue(tuple(values))))
            reached += self._going_on(values, after.push(collected))
        return reached

    def _going_on(self, values: list[Value], state: State) -> list[State]:
        """The paths on which the reader asks for more items after one with these values."""
        if self.reader in ("whole", "part") or not isinstance(_top(state), TupleValue):
            return [state]
        if self.reader == "next":
            self.stopped.append(state)
            return []
        going_on: list[State] = []
        for onward in as_bool(self.ev, values[0], self.parts[0], state):
            for holds, after in split(self.ev, self.parts[0], values[0], onward):
                stops = holds is (self.reader == "any")
                (self.stopped if stops else going_on).append(after)
        return going_on


def _not_known(state: State) -> State:
    """The path, marked as one on which some items of the comprehension are unknown."""
    state.pop()
    return state.push(_NOT_KNOWN)


def _comprehended(ev: Evaluator, node: cst.CSTNode, collected: Value, state: State) -> Value:
    """The value of a comprehension that has collected ``collected``, a row for each item."""
    rows = collected.items if isinstance(collected, TupleValue) else ()
    known = isinstance(collected, TupleValue)
    if isinstance(node, cst.DictComp):
        contents = DictContents({}, open=not known)
        for row in rows:
            assert isinstance(row, TupleValue)
            contents = with_entry(contents, *row.items)
        return new_dict(ev, node, contents, state)
    items = tuple(row.items[0] for row in rows if isinstance(row, TupleValue))
    if isinstance(node, cst.GeneratorExp):
        return TupleValue(items) if known else unknown_of(ev, Kind.ITERATOR)
    sequence = SequenceContents(items, open=not known)
    return new_sequence(ev, node, sequence, state, of_set=isinstance(node, cst.SetComp))
