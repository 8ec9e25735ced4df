"""Random snippets: small bodies that fork, join, loop, raise and call each other."""

from __future__ import annotations

import random
import textwrap

NAMES = ("x", "y", "z")
FLAGS = ("a", "b", "c")
_EXCEPTIONS = ("KeyError", "ValueError")


class SnippetWriter:
    """Writes the body of one snippet.

    Args:
        seed: the seed of the choices.
        connectives: write tests of several flags with ``and`` and ``or``.
        depth: the depth of nested blocks.
    """

    def __init__(self, seed: int, *, connectives: bool = True, depth: int = 3) -> None:
        self._random = random.Random(seed)
        self._connectives = connectives
        self._depth = depth
        self._helpers: list[str] = []

    def write(self) -> str:
        """The body."""
        lines = ["x = y = z = None", "del y, z", "box = {}"]
        for number in range(self._random.randrange(3)):
            lines += self._helper(number)
        lines += self._block(self._depth, loop=False, length=self._random.randint(2, 5))
        lines.append(f"return {self._random.choice(NAMES)}, box")
        return "\n".join(lines) + "\n"

    def _helper(self, number: int) -> list[str]:
        name = f"f{number}"
        body = self._block(1, loop=False, length=2)
        body.append(f"return {self._value()}")
        declared = "nonlocal x" if self._chance(40) else "x = 5"
        self._helpers.append(name)
        return [f"def {name}():", *_indented([declared, *body])]

    def _chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def _block(self, depth: int, *, loop: bool, length: int = 2) -> list[str]:
        lines: list[str] = []
        for _ in range(self._random.randint(1, length)):
            lines += self._statement(depth, loop=loop)
        return lines

    def _statement(self, depth: int, *, loop: bool) -> list[str]:
        kinds = [self._assignment, self._assignment, self._change]
        if loop and self._chance(30):
            test = f"if {self._test()}:"
            return [test, f"    {self._random.choice(('break', 'continue'))}"]
        if depth:
            compound = self._random.randrange(10)
            if compound < 5:
                return self._if(depth, loop=loop)
            if compound == 5:
                return self._for(depth)
            if compound == 6:
                return self._try(depth, loop=loop)
            if compound == 7:
                return self._match(depth, loop=loop)
        if self._chance(5):
            return [f"if {self._test()}:", f"    return {self._value()}"]
        if self._chance(5):
            return [f"if {self._test()}:", f"    raise {self._random.choice(_EXCEPTIONS)}"]
        return self._random.choice(kinds)()

    def _assignment(self) -> list[str]:
        return [f"{self._random.choice(NAMES)} = {self._value()}"]

    def _change(self) -> list[str]:
        key = self._random.choice("kl")
        forms = [f"box['{key}'] = {self._value()}", f"box.pop('{key}', None)"]
        if self._chance(10):
            forms.append(f"{self._random.choice(FLAGS)} = {self._test()}")
        if self._chance(20):
            name = self._random.choice(NAMES)
            return [f"if {self._test()}:", f"    {name} = 1", f"    del {name}"]
        return [self._random.choice(forms)]

    def _if(self, depth: int, *, loop: bool) -> list[str]:
        lines = [f"if {self._test()}:", *_indented(self._block(depth - 1, loop=loop))]
        if self._chance(30):
            lines += [f"elif {self._test()}:", *_indented(self._block(depth - 1, loop=loop))]
        if self._chance(40):
            lines += ["else:", *_indented(self._block(depth - 1, loop=loop))]
        return lines

    def _for(self, depth: int) -> list[str]:
        name = self._random.choice((*NAMES, "i"))
        over = self._random.choice(("(1, None)", "(1, 2, 3)", "()", "'ab'", "list(box)"))
        lines = [f"for {name} in {over}:", *_indented(self._block(depth - 1, loop=True))]
        if self._chance(30):
            lines += ["else:", *_indented(self._block(depth - 1, loop=False))]
        return lines

    def _try(self, depth: int, *, loop: bool) -> list[str]:
        lines = ["try:", *_indented(self._block(depth - 1, loop=loop))]
        with_handler = self._chance(80)
        if with_handler:
            caught = self._random.choice((*_EXCEPTIONS, "NameError", "(KeyError, TypeError)"))
            lines += [f"except {caught}:", *_indented(self._block(depth - 1, loop=loop))]
            if self._chance(30):
                lines += ["else:", *_indented(self._block(depth - 1, loop=loop))]
        if self._chance(40) or not with_handler:
            # Since Python 3.14, a jump out of a finally block is a warning.
            lines += ["finally:", *_indented(self._assignment())]
        return lines

    def _match(self, depth: int, *, loop: bool) -> list[str]:
        subject = self._random.choice(("mode", "x", *FLAGS))
        of_flag = subject in FLAGS
        patterns = ("True", "False") if of_flag else ("'train'", "'eval' | None", "1 as z")
        lines = [f"match {subject}:"]
        for pattern in self._random.sample(patterns, self._random.randint(1, 2)):
            lines.append(f"    case {pattern}:")
            lines += _indented(self._block(depth - 1, loop=loop), 2)
        if self._chance(50):
            lines += ["    case _:", *_indented(self._block(depth - 1, loop=loop), 2)]
        return lines

    def _test(self) -> str:
        flag = self._random.choice(FLAGS)
        other = self._random.choice(FLAGS)
        forms = [flag, flag, f"not {flag}", "mode == 'train'", "mode != 'eval'", "x is None"]
        forms += ["labels is None", "x", "'k' in box", "box.get('l') is not None", "mode in box"]
        if self._connectives:
            forms += [f"{flag} and {other}", f"{flag} or x", f"not ({flag} or {other})"]
        return self._random.choice(forms)

    def _value(self) -> str:
        name = self._random.choice(NAMES)
        forms = ["None", "1", "2", name, f"1 if {self._test()} else None", f"[{name}]"]
        forms += [f"box.get('k', {name})", f"({name}, 1)", "mode", "dict(box)"]
        forms += [f"{helper}()" for helper in self._helpers for _ in range(3)]
        if self._connectives:
            forms += [f"{name} or 1", f"{self._random.choice(FLAGS)} and {name}"]
        return self._random.choice(forms)


def _indented(lines: list[str], levels: int = 1) -> list[str]:
    return textwrap.indent("\n".join(lines), "    " * levels).split("\n")
