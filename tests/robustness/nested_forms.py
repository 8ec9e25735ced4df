"""Every form of Python's syntax, with the requested depth, length or number.

``FORMS`` are statements for the body of a model function, ``TOP_LEVEL`` ones are outside of it and
define what it reads.
"""

from __future__ import annotations

from collections.abc import Callable

Form = Callable[[int], str]


def _around(before: str, inner: str, after: str) -> Form:
    return lambda depth: f"x = {before * depth}{inner}{after * depth}"


def _joined(part: str, separator: str, before: str = "x = ", after: str = "") -> Form:
    return lambda depth: before + separator.join([part] * depth) + after


def _numbered(part: str, separator: str, before: str = "x = ", after: str = "") -> Form:
    return lambda depth: before + separator.join(map(part.format, range(depth))) + after


def _blocks(head: str, tail: str = "", inner: str = "x = 1") -> Form:
    """Statements within one another; after the 99th level Python gives up by itself."""

    def write(depth: int) -> str:
        lines = [" " * level + head.format(level) for level in range(depth)]
        lines.append(" " * depth + inner)
        if tail:
            lines += [" " * level + tail for level in reversed(range(depth))]
        return "\n".join(lines)

    return write


FORMS: dict[str, Form] = {
    # Within one another
    "parentheses": _around("(", "features", ")"),
    "lists": _around("[", "features", "]"),
    "tuples": _around("(", "features", ",)"),
    "sets": _around("{", "1", "}"),
    "dicts": _around("{1: ", "features", "}"),
    "dict keys": _around("{(", "1", ", 1): 1}"),
    "calls within": _around("tf.add(", "features", ", 1)"),
    "keywords": _around("dict(a=", "features", ")"),
    "unpackings": _around("[*", "features", "]"),
    "dict unpackings": _around("{**", "params", "}"),
    "lambdas": _around("lambda a: ", "features", ""),
    "lambda defaults": _around("lambda a=(", "features", "): a"),
    "conditionals": _around("features if labels else ", "1", ""),
    "conditions": _around("1 if (", "labels", ") else 2"),
    "nots": _around("not ", "features", ""),
    "negations": _around("-", "features", ""),
    "inversions": _around("~", "features", ""),
    "powers": _joined("features", " ** "),
    "walruses": _around("(a := ", "features", ")"),
    "subscripts within": _around("params[", "1", "]"),
    "slices within": _around("params[1:", "1", "]"),
    "comprehensions": _around("[a for a in ", "features", "]"),
    "comprehension results": _around("[", "1", " for a in features]"),
    "generators": _around("list(", "features", ")"),
    "f-strings": lambda depth: "x = " + "f'{" * 2 + "features" + "}'" * 2 + " f'{x}'" * depth,
    "nested f-strings": _around("f'{", "1", "}'"),
    "format specifications": _around("f'{x:{", "1", "}}'"),
    # Chains
    "attributes": _joined("features", ".a", after=".a"),
    "methods": lambda depth: "x = features" + ".a()" * depth,
    "calls of results": lambda depth: "x = features" + "()" * depth,
    "subscripts": lambda depth: "x = features" + "[0]" * depth,
    "sums": _joined("features", " + "),
    "products": _joined("features", " * "),
    "sums of numbers": _joined("1", " + "),
    "sums of strings": _joined("'a'", " + "),
    "ands": _joined("features", " and "),
    "ors": _joined("features", " or "),
    "mixed operators": _joined("features and labels", " or "),
    "comparisons": _joined("features", " < "),
    "memberships": _joined("features", " in "),
    "concatenated strings": _joined("'a'", " "),
    "concatenated lines": _joined("'a'", "\n", "x = (", ")"),
    "concatenated bytes": _joined("b'a'", " "),
    "concatenated f-strings": _joined("f'{x}'", " "),
    "targets": _numbered("a{}", " = ", "", " = features"),
    "elifs": lambda depth: (
        "if features:\n  x = 1\n" + "elif features:\n  x = 1\n" * depth + "else:\n  x = 2"
    ),
    "elifs of modes": lambda depth: (
        "if mode == 'x':\n  x = 1\n"
        + "".join(f"elif mode == 'x{index}':\n  x = {index}\n" for index in range(depth))
    ),
    # Long lists
    "elements": _joined("features", ", ", "x = [", "]"),
    "items": _numbered("'a{}': features", ", ", "x = {", "}"),
    "arguments": _joined("features", ", ", "tf.add(", ")"),
    "keyword arguments": _numbered("a{}=features", ", ", "tf.add(", ")"),
    "starred arguments": _joined("*features", ", ", "tf.add(", ")"),
    "parameters": _numbered("a{}=1", ", ", "def inner(", "): return a0\n"),
    "defaults": _numbered("a{}=features", ", ", "x = lambda ", ": a0"),
    "decorators": _joined("@tf.function", "\n", "", "\ndef inner(): return 1"),
    "bases": _numbered("A{}", ", ", "class Inner(", "): pass"),
    "clauses": _numbered("for a{0} in features", " ", "x = [1 ", "]"),
    "filters": _joined("if features", " ", "x = [a for a in features ", "]"),
    "managers": _numbered("tf.name_scope('{0}') as a{0}", ", ", "with ", ": x = 1"),
    "deletions": _joined("a", ", ", "a = 1\ndel "),
    "globals": _numbered("a{}", ", ", "global "),
    "names imported": _numbered("a{}", ", ", "from os import "),
    "modules imported": _numbered("os.a{}", ", ", "import "),
    "dots of a module": _joined("a", ".", "import "),
    "dots before a module": lambda depth: f"from {'.' * depth} import a",
    "statements on a line": _joined("x = 1", "; ", ""),
    "statements": _joined("x = tf.add(features, 1)", "\n", ""),
    "continued lines": _joined("features", " + \\\n"),
    "handlers": lambda depth: (
        "try:\n  x = 1\n" + "except ValueError:\n  x = 2\n" * depth + "else:\n  x = 3"
    ),
    "cases": lambda depth: (
        "match features:\n"
        + "".join(f"  case {index}:\n    x = {index}\n" for index in range(depth))
    ),
    "undecided tests": lambda depth: "\n".join(
        f"if params['a{index}']:\n  x{index} = 1" for index in range(depth)
    ),
    "loops": _joined("for a in features:\n  x = a", "\n", ""),
    # Patterns
    "alternatives": _numbered("{}", " | ", "match features:\n  case ", ":\n    x = 1"),
    "patterns": lambda depth: f"match features:\n case {'[' * depth}a{']' * depth}:\n  x = 1",
    "class patterns": lambda depth: (
        f"match features:\n case {'A(' * depth}a{')' * depth}:\n  x = 1"
    ),
    "mapping patterns": lambda depth: (
        f"match features:\n case {'{1: ' * depth}a{'}' * depth}:\n  x = 1"
    ),
    "targets within": lambda depth: f"{'[' * depth}a{']' * depth} = features",
    "loop targets within": lambda depth: f"for {'(' * depth}a{',)' * depth} in features: x = a",
    # Statements within one another
    "ifs": _blocks("if features:"),
    "ifs of items": _blocks("if params['a{}']:", "else: x = 1"),
    "elses": lambda depth: (
        "\n".join(f"{' ' * level}if features: x = 1\n{' ' * level}else:" for level in range(depth))
        + "\n"
        + " " * depth
        + "x = 2"
    ),
    "fors": _blocks("for a{} in features:"),
    "whiles": _blocks("while features:"),
    "withs": _blocks("with features:"),
    "tries": _blocks("try:", "finally: x = 1"),
    "handled tries": _blocks("try:", "except ValueError: x = 1"),
    "matches": _blocks("match features:\n{0:{0}} case 1:".replace("{0:{0}}", "")),
    "functions": _blocks("def f{}(a):"),
    "classes": _blocks("class A{}:"),
    "methods within": lambda depth: (
        "\n".join(f"{'  ' * level}class A:\n{'  ' * level} def f(self):" for level in range(depth))
        + "\n"
        + "  " * depth
        + "x = 1"
    ),
    # Large tokens
    "long string": lambda depth: f"x = '{'a' * depth * 100}'",
    "long name": lambda depth: f"{'a' * depth * 100} = 1",
    "long number": lambda depth: f"x = {'1' * depth}",
    "long hexadecimal": lambda depth: f"x = 0x{'1' * depth * 100}",
    "long float": lambda depth: f"x = 1.{'1' * depth * 100}",
    "huge power": lambda depth: f"x = 2 ** {depth * 10**6}",
    "huge shift": lambda depth: f"x = 1 << {depth * 10**9}",
    "huge product": lambda depth: f"x = 'a' * {depth * 10**9}",
    "huge range": lambda depth: f"for a in range({depth * 10**9}): x = a",
    "huge format": lambda depth: f"x = '%{depth * 10**6}d' % 1",
    "huge f-string": lambda depth: f"x = f'{{1:{depth * 10**6}}}'",
    "long comment": lambda depth: f"x = 1  # {'model_fn ' * depth}",
    "long annotation": _around("tf.Tensor[", "int", "]"),
    "annotations": lambda depth: f"x: {'list[' * depth}int{']' * depth} = features",
    "strings with escapes": lambda depth: "x = '" + "\\x41\\u0041\\N{BULLET}" * depth + "'",
    "blank lines": lambda depth: "x = 1" + "\n" * depth + "x = 2",
    "yields": _around("(yield ", "features", ")"),
    "awaits": lambda depth: f"async def inner():\n  return {'(await ' * depth}x{')' * depth}",
    "doubled": lambda depth: "x = [features]\n" + "x = [x, x]\n" * depth,
    "swelling strings": lambda depth: "x = 'a'\n" + "x = x + x\n" * depth,
    "swelling numbers": lambda depth: "x = 3\n" + "x = x * x\n" * depth,
}

#: The name that the function reads is ``outside``.
TOP_LEVEL: dict[str, Form] = {
    "aliases": lambda depth: "a0 = None\n" + "".join(
        f"a{index} = a{index - 1}\n" for index in range(1, depth)
    ) + f"outside = a{depth - 1}",
    "calls of one another": lambda depth: "def f0(): return None\n" + "".join(
        f"def f{index}(): return f{index - 1}()\n" for index in range(1, depth)
    ) + f"outside = f{depth - 1}",
    "bases of one another": lambda depth: "class A0: pass\n" + "".join(
        f"class A{index}(A{index - 1}): pass\n" for index in range(1, depth)
    ) + f"outside = A{depth - 1}",
    "many bases": lambda depth: "".join(
        f"class A{index}: pass\n" for index in range(depth)
    ) + _numbered("A{}", ", ", "class outside(", "): pass")(depth),
    "itself": lambda depth: "def outside(*a): return outside(outside, *a)",
    "each other": lambda depth: "outside = other\nother = outside",
    "decorated by one another": lambda depth: "def f0(f): return f\n" + "".join(
        f"@f{index - 1}\ndef f{index}(f): return f\n" for index in range(1, depth)
    ) + f"outside = f{depth - 1}",
    "partials": lambda depth: "import functools\noutside = print\n" + (
        "outside = functools.partial(outside, 1)\n" * depth
    ),
    "wrapped partials": lambda depth: "import functools\noutside = " + (
        "functools.partial(" * depth + "print" + ", 1)" * depth
    ),
    "redefinitions": lambda depth: "def outside(): return None\n" * depth,
    "reassigned": lambda depth: "outside = 1\n" * depth,
    "dict of dicts": lambda depth: "outside = " + "{1: " * depth + "1" + "}" * depth,
    "sum": _joined("1", " + ", "outside = "),
    "attributes": lambda depth: "outside = tf" + ".a" * depth,
    "strings": _joined("'a'", " ", "outside = "),
}  # fmt: skip
