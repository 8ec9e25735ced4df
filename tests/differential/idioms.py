"""Random statements in less common forms.

Each is made of expressions, of blocks that the class with this mixin can write, and of names of its
own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from tests.differential.expressions import FIELDS, FLAGS, Expressions, Scope

Lines = list[str]

_BUILTIN_ERRORS = ("ValueError", "KeyError", "Exception", "LookupError")


def indented(lines: Lines) -> Lines:
    """The lines of a block; ``pass`` if there are none."""
    return [f"    {line}" for line in lines] or ["    pass"]


class Idioms(Expressions):
    """Writes statements of less common kinds."""

    @abstractmethod
    def block(self, scope: Scope, most: int = 3) -> Lines:
        """One or more statements."""

    @abstractmethod
    def fresh(self, stem: str) -> str:
        """A new name."""

    @abstractmethod
    def use_spec(self, scope: Scope, call: str) -> Lines:
        """Return the value of an expression, perhaps under a condition."""

    def plain_idiom(self, scope: Scope) -> Lines:
        """A statement without a block of its own."""
        options: list[tuple[int, Callable[[Scope], Lines]]] = [
            (3, self._walrus_test),
            (2, self._default_if_none),
            (2, self._list_of_values),
            (2, self._two_tests_at_once),
            (1, self._negated_flag),
            (1, self._exit),
            (2, self._test_of_all_fields),
        ]
        return self.weighted(options)(scope)

    def idiom(self, scope: Scope) -> Lines:
        """A statement with blocks."""
        options: list[tuple[int, Callable[[Scope], Lines]]] = [
            (3, self._loop_over_pairs),
            (2, self._counting_loop),
            (1, self._endless_loop),
            (2, self._suppressing),
            (3, self._structural_match),
            (3, self._raising_again),
            (2, self._closure_with_default),
            (2, self._closure_in_closure),
            (2, self._late_bound),
            (1, self._generator),
        ]
        if scope.returns == "spec":
            options += [
                (2, self._merged_keyword_arguments),
                (2, self._replaced_twice),
                (2, self._partial_of_own),
            ]
        return self.weighted(options)(scope)

    # Without blocks

    def _walrus_test(self, scope: Scope) -> Lines:
        field, name = self.pick(FIELDS), self.fresh("found")
        value = self.value(scope, 1)
        return self.pick(
            (
                [f"if ({name} := {value}) is not None:", f"    {field} = {name}"],
                [f"{name} = {value}", f"{field} = {name} if {self.test(1)} else None"],
            )
        )

    def _default_if_none(self, scope: Scope) -> Lines:
        field = self.pick(FIELDS)
        return self.pick(
            (
                [f"{field} = {field} if {field} is not None else {self.value(scope, 1)}"],
                [f"if {field} is None:", f"    {field} = {self.value(scope, 1)}"],
                [f"if {field} is not None and {self.test(1)}:", f"    {field} = None"],
            )
        )

    def _list_of_values(self, scope: Scope) -> Lines:
        name, field = self.fresh("values"), self.pick(FIELDS)
        lines = [f"{name} = [{self.pick(('', self.value(scope, 1)))}]"]
        more = f"{name}.append({self.value(scope, 1)})"
        lines += self.pick(([more], [f"if {self.test(1)}:", f"    {more}"]))
        taken = self.pick((f"{name}[0]", f"{name}[-1]", f"{name}.pop()"))
        return [*lines, f"{field} = {taken} if {name} else {self.value(scope, 0)}"]

    def _two_tests_at_once(self, scope: Scope) -> Lines:
        return [f"is_training, is_other = {self.mode_test()}, {self.test(1)}"] + (
            [f"is_training = {self.pick(('is_other', 'is_training and is_other'))}"]
            if self.chance(50)
            else []
        )

    def _negated_flag(self, scope: Scope) -> Lines:
        name, flag = self.fresh("flag"), self.pick(FLAGS[:3])
        test = self.pick((name, f"not {name}", f"{name} and {flag}", f"{name} or {flag}"))
        field = self.pick(FIELDS)
        return [f"{name} = not {flag}", f"if {test}:", f"    {field} = {self.value(scope, 1)}"]

    def _exit(self, scope: Scope) -> Lines:
        return [f"if {self.test(1)}:", f"    {self.pick(('sys.exit(1)', 'raise SystemExit'))}"]

    def _test_of_all_fields(self, scope: Scope) -> Lines:
        first, second = self.pick(FIELDS), self.pick(FIELDS)
        test = self.pick(
            (
                f"None in ({first}, {second})",
                f"any(it is None for it in ({first}, {second}))",
                f"all(it is not None for it in [{first}, {second}])",
                f"{first} is second is None".replace("second", second),
            )
        )
        return [f"if {test}:", f"    {self.pick(FIELDS)} = {self.value(scope, 1)}"]

    # Loops

    def _loop_over_pairs(self, scope: Scope) -> Lines:
        name, item = self.fresh("number"), self.fresh("item")
        first, second = self.value(scope, 1), self.value(scope, 0)
        keys = self.keys(2)[:2]
        pairs, test = self.pick(
            (
                (f"enumerate(({first}, {second}))", self.test(1)),
                (f"zip((0, 1), [{first}, {second}])", f"{name} == 1"),
                (f"{{'a': {first}, 'b': {second}}}.items()", f"{name} != 'a'"),
                (f"(({keys[0]}, {first}), ({keys[1]}, {second}))", f"mode == {name}"),
            )
        )
        inner = scope.deeper(loop="for")
        body = [f"if {test}:", f"    {self.pick(FIELDS)} = {item}", *self.block(inner, 1)]
        return [f"for {name}, {item} in {pairs}:", *indented(body)]

    def _counting_loop(self, scope: Scope) -> Lines:
        name = self.fresh("count")
        body = [f"{name} += 1", *self.block(scope.deeper(loop="for"), 2)]
        bound = self.pick("123")
        return [f"{name} = 0", f"while {name} < {bound}:", *indented(body)]

    def _endless_loop(self, scope: Scope) -> Lines:
        body = [*self.block(scope.deeper(loop="while"), 2), "break"]
        return [f"while {self.pick(('True', '1'))}:", *indented(body)]

    # Exceptions

    def _suppressing(self, scope: Scope) -> Lines:
        errors = ", ".join(self.pick(_BUILTIN_ERRORS) for _ in range(1 + self._chooser.below(2)))
        body = self.block(scope.deeper(guarded=True), 2)
        return [f"with contextlib.suppress({errors}):", *indented(body)]

    def _raising_again(self, scope: Scope) -> Lines:
        """A handler that raises the exception again, or another one."""
        error = self.pick(_BUILTIN_ERRORS)
        again = self.pick(("raise", "raise KeyError(mode) from error", "raise ValueError('x')"))
        handler = [f"if {self.test(1)}:", f"    {again}", *self.block(scope.deeper(), 1)]
        raised = self.pick(("ValueError('x')", "KeyError(mode)"))
        body = [f"if {self.test(1)}:", f"    raise {raised}"]
        body += self.block(scope.deeper(guarded=True), 2)
        lines = ["try:", *indented(body), f"except {error} as error:", *indented(handler)]
        if self.chance(40):
            return lines
        return ["try:", *indented(lines), "except ValueError:", *indented(self.block(scope, 1))]

    # Match

    def _structural_match(self, scope: Scope) -> Lines:
        inner = scope.deeper()
        flag = self.pick(FLAGS[:3])
        subject, patterns = self.pick(
            (
                (f"(mode, {flag})", [f"({self.key()}, True)", f"({self.key()}, _)", "(_, False)"]),
                (f"[{flag}, mode]", [f"[True, {self.key()}]", f"[_, {self.key()} as other]"]),
                ("labels", ["None", "_"]),
                (
                    f"{{'mode': mode, 'flag': {flag}}}",
                    [f"{{'mode': {self.key()}}}", "{'flag': True}"],
                ),
                ("mode", [f"{self.key()} | {self.key()} as other", f"str() if {self.test(1)}"]),
                (self.pick(FIELDS), ["None", "other"]),
            )
        )
        if len(patterns) > 1 and self.chance(30):
            patterns = patterns[:1]
        lines = [f"match {subject}:"]
        for pattern in patterns:
            lines += indented([f"case {pattern}:", *indented(self.block(inner, 2))])
        return lines

    # Functions in functions

    def _closure_with_default(self, scope: Scope) -> Lines:
        name, field = self.fresh("inner"), self.pick(FIELDS)
        inner = replace(scope.deeper(loop=""), entry=False, returns="value")
        given = f"{field}={field}"
        body = [*self.block(inner, 1), f"return {field}"]
        lines = [f"{field} = {self.value(scope, 1)}", f"def {name}({given}):", *indented(body)]
        lines += [f"{field} = {self.value(scope, 1)}"]
        call = self.pick((f"{name}()", f"{name}({self.value(scope, 0)})"))
        return [*lines, f"{self.pick(FIELDS)} = {call}"]

    def _closure_in_closure(self, scope: Scope) -> Lines:
        outer, inner, field = self.fresh("outer"), self.fresh("inner"), self.pick(FIELDS)
        declared, value = self.pick(
            ((f"nonlocal {field}", self.value(replace(scope, entry=False), 0)), ("pass", "t"))
        )
        returned, call = self.pick(((f"{inner}()", f"{outer}()"), (inner, f"{outer}()()")))
        body = [
            f"def {inner}():",
            f"    {declared}",
            f"    {field} = {value}",
            f"    return {field}",
            f"return {returned}",
        ]
        first = f"{field} = {self.value(scope, 1)}"
        target = self.pick((*FIELDS, "_"))
        return [first, f"def {outer}():", *indented(body), f"{target} = {call}"]

    def _late_bound(self, scope: Scope) -> Lines:
        """A lambda that reads a variable that is bound again before it is called."""
        name, field = self.fresh("later"), self.pick(FIELDS)
        lines = [
            f"{field} = {self.value(scope, 1)}",
            f"{name} = lambda: {field}",
            f"if {self.test(1)}:",
            f"    {field} = {self.value(scope, 1)}",
        ]
        return [*lines, f"{self.pick(FIELDS)} = {name}()"]

    def _generator(self, scope: Scope) -> Lines:
        """The first item of a generator expression."""
        first, second = self.pick(FIELDS), self.pick(FIELDS)
        kept = self.pick(("", " if it is not None", f" if {self.test(1)}"))
        target = self.pick(FIELDS)
        made = f"[it for it in ({first}, {second}, t){kept}]"
        name = self.fresh("kept")
        return [f"{name} = {made}", f"{target} = {name}[0] if {name} else None"]

    # Specs

    def _merged_keyword_arguments(self, scope: Scope) -> Lines:
        name, more = self.fresh("fields"), self.fresh("more")
        lines = [
            f"{name} = {{{self._items(scope)}}}",
            f"{more} = dict({self.keywords(self.some_fields(scope))})",
        ]
        condition = [f"if {self.test(1)}:"] if self.chance(60) else ["if True:"]
        change = self.pick(
            (
                [f"{name} |= {more}"],
                [f"{name} = {name} | {more}"],
                [f"{name} = dict({name}, **{more})"],
                [f"{name} = dict(**{more})"],
                [f"{name}.update({more})"],
                [f"for key, value in {more}.items():", f"    {name}[key] = value"],
                [f"{name}['loss'] = {more}.get('loss')"],
                [f"{name} = {more}.copy()"],
                [f"{name}.clear()"],
            )
        )
        lines += [*condition, *indented(change)]
        if self.chance(30):
            lines += [f"{name} = {{k: v for k, v in {name}.items() if v is not None}}"]
        return lines + self.use_spec(scope, f"tf.estimator.EstimatorSpec(mode, **{name})")

    def _items(self, scope: Scope) -> str:
        return ", ".join(f"'{name}': {value}" for name, value in self.some_fields(scope).items())

    def _replaced_twice(self, scope: Scope) -> Lines:
        name, fields = self.fresh("spec"), self.fresh("fields")
        return [
            f"{name} = {self.spec(scope, 0)}",
            f"{fields} = dict({self.keywords(self.some_fields(scope))})",
            f"if {self.test(1)}:",
            f"    {name} = {name}._replace(**{fields})",
            f"elif {self.test(1)}:",
            f"    {name} = {name}._replace({self.keywords(self.some_fields(scope))})",
            *self.use_spec(scope, name),
        ]

    def _partial_of_own(self, scope: Scope) -> Lines:
        """``functools.partial`` of a function in the function."""
        name, make = self.fresh("make"), self.fresh("partial")
        first, second, third = FIELDS if self.chance(50) else FIELDS[::-1]
        given = self.value(scope, 1)
        bound, more = self.pick(
            ((f", {given}", ""), (f", {second}={given}", self.value(scope, 1)), ("", given))
        )
        call = (
            f"{make}({more})"
            if not self.chance(30)
            else f"{make}({more}{', ' * bool(more)}{third}=t)"
        )
        return [
            f"def {name}(given, **others):",
            f"    return tf.estimator.EstimatorSpec(mode, {first}=given, **others)",
            f"{make} = functools.partial({name}{bound})",
            *self.use_spec(scope, call),
        ]
