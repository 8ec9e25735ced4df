"""Laying out the text of a skeleton: lines of at most 88 columns, empty lines where they belong.

Only lines that are too long are reformatted, so that most of the function's own lines stay as they
were. Lines with comments or strings of several lines inside are left alone.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WIDTH = 88
_INDENT = "    "
_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
#: After these words, a parenthesis contains a tuple or a grouped expression, not arguments.
_WORDS = frozenset("and assert del elif else for if in is lambda not or return while yield".split())


def formatted(text: str) -> str:
    """The formatted text; a formatted text stays the same."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    lines = text.splitlines()
    inside = _lines_in_strings(tokens)
    pieces: list[_Line] = []
    at = 1
    for logical in _logical_lines(tokens):
        first, last = logical[0].start[0], logical[-1].end[0]
        pieces += [_Line(lines[number - 1]) for number in range(at, first)]
        own = lines[first - 1 : last]
        if inside.isdisjoint(range(first, last + 1)) and any(len(one) > _WIDTH for one in own):
            own = _laid_out(logical, own)
        pieces += _with_roles(own, logical)
        at = last + 1
    pieces += [_Line(line) for line in lines[at - 1 :]]
    return "\n".join(_spaced(pieces)).rstrip("\n") + "\n"


def on_one_line(text: str) -> str:
    """An expression on one line, if it has no comments and no strings of several lines."""
    if "\n" not in text:
        return text
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    if any(token.type == tokenize.COMMENT for token in tokens) or _lines_in_strings(tokens):
        return text
    return _on_one_line([token for token in tokens if token.type not in _LAYOUT])


@dataclass(frozen=True)
class _Line:
    """A physical line; ``opens`` a block, begins a ``defines``, or goes on with a statement."""

    text: str
    opens: bool = False
    defines: bool = False
    goes_on: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.goes_on and not self.text.strip()

    @property
    def is_comment(self) -> bool:
        return not self.goes_on and self.text.lstrip().startswith("#")

    @property
    def indentation(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def _logical_lines(tokens: Sequence[tokenize.TokenInfo]) -> Iterator[list[tokenize.TokenInfo]]:
    """The tokens of each statement or header of a block, including a comment after it."""
    current: list[tokenize.TokenInfo] = []
    for token in tokens:
        if token.type == tokenize.NEWLINE:
            if current:
                yield current
            current = []
        elif token.type not in _LAYOUT and (current or token.type != tokenize.COMMENT):
            current.append(token)
    if current:
        yield current


def _lines_in_strings(tokens: Sequence[tokenize.TokenInfo]) -> set[int]:
    """The lines of multi-line strings."""
    found: set[int] = set()
    starts: list[int] = []
    for token in tokens:
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            starts.append(token.start[0])
        elif name == "FSTRING_END" and starts:
            start = starts.pop()
            if start != token.end[0]:
                found.update(range(start, token.end[0] + 1))
        elif token.type == tokenize.STRING and token.start[0] != token.end[0]:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def _with_roles(own: Sequence[str], logical: Sequence[tokenize.TokenInfo]) -> Iterator[_Line]:
    code = [token for token in logical if token.type != tokenize.COMMENT]
    opens = code[-1].string == ":"
    defines = code[0].string in ("def", "class", "@") or (
        code[0].string == "async" and code[1].string == "def"
    )
    for number, text in enumerate(own):
        is_last = number == len(own) - 1
        yield _Line(text, opens and is_last, defines and number == 0, number > 0)


def _spaced(lines: Sequence[_Line]) -> Iterator[str]:
    """The lines with an empty line around definitions, and none where a block begins."""
    shown: list[_Line] = []
    #: The indentations of the definitions that the line at hand may be in.
    definitions: list[int] = []
    for index, line in enumerate(lines):
        if line.is_empty:
            before = shown[-1] if shown else None
            following = next((each for each in lines[index:] if not each.is_empty), None)
            deep = following is None or following.indentation > 0
            if before is None or before.opens:
                continue
            if before.is_empty and (deep or (len(shown) > 1 and shown[-2].is_empty)):
                continue
            shown.append(line)
            continue
        if not line.goes_on and not (line.is_comment and _stands_apart(lines, index)):
            left = [each for each in definitions if each >= line.indentation]
            definitions = [each for each in definitions if each < line.indentation]
            begins = line.defines or (line.is_comment and _is_above_definition(lines, index))
            previous = shown[-1] if shown else None
            wanted = line.indentation > 0 and previous is not None
            if wanted and (left or begins) and not _is_fine_before(previous, begins=begins):
                shown.append(_Line(""))
            if line.defines and not line.text.lstrip().startswith("@"):
                definitions.append(line.indentation)
        shown.append(line)
    for line in shown:
        yield line.text.rstrip() if not line.goes_on else line.text


def _stands_apart(lines: Sequence[_Line], index: int) -> bool:
    """Whether a comment ends a block: what follows it is indented less."""
    following = next(
        (each for each in lines[index:] if not each.is_empty and not each.is_comment), None
    )
    return following is None or following.indentation < lines[index].indentation


def _is_above_definition(lines: Sequence[_Line], index: int) -> bool:
    for each in lines[index:]:
        if not each.is_comment:
            return each.defines and each.indentation == lines[index].indentation
    return False


def _is_fine_before(previous: _Line | None, *, begins: bool) -> bool:
    """Whether no empty line is needed after a line."""
    if previous is None or previous.is_empty or (previous.opens and previous.defines):
        return True
    if previous.opens:
        return not begins
    if previous.is_comment:
        return True
    return begins and previous.defines and previous.text.lstrip().startswith("@")


# Long lines


def _laid_out(logical: Sequence[tokenize.TokenInfo], own: list[str]) -> list[str]:
    """A statement or header on lines that are short enough, as far as its form allows it."""
    tokens = list(logical)
    comment = ""
    if tokens[-1].type == tokenize.COMMENT:
        comment = "  " + tokens.pop().string
    if any(token.type == tokenize.COMMENT for token in tokens):
        return own
    indentation = own[0][: len(own[0]) - len(own[0].lstrip())]
    line = _on_one_line(tokens)
    if len(own) == 1 and len(indentation) + len(line) <= _WIDTH:
        return own  # only its comment is too long
    result = _split(line, indentation)
    result[-1] += comment
    return result


def _on_one_line(tokens: Sequence[tokenize.TokenInfo]) -> str:
    """The text of tokens without the line breaks between them, nor the commas before those."""
    parts: list[str] = []
    end = tokens[0].start
    stack: list[tuple[bool, int]] = []
    for index, token in enumerate(tokens):
        broken = token.start[0] != end[0]
        before = parts[-1][-1] if parts else ""
        if token.string in _CLOSING and token.type == tokenize.OP and stack:
            is_tuple, commas = stack.pop()
            if broken and before == "," and not (is_tuple and commas == 1):
                parts.pop()
        apart = token.start[1] > end[1] if not broken else True
        if broken and (before in "([{" or token.string in (*_CLOSING, ",", ".", ":")):
            apart = False
        if broken and before == ".":
            apart = False
        parts.append(" " * apart + token.string if parts else token.string)
        if token.type == tokenize.OP and token.string in _OPENING:
            previous = tokens[index - 1] if index else None
            is_call = previous is not None and (
                (previous.type == tokenize.NAME and previous.string not in _WORDS)
                or previous.string in _CLOSING
            )
            stack.append((token.string == "(" and not is_call, 0))
        elif token.string == "," and stack:
            stack[-1] = (stack[-1][0], stack[-1][1] + 1)
        end = token.end
    return "".join(parts)


def _split(line: str, indentation: str) -> list[str]:
    """A line split at its last brackets, or at others if that makes it fit."""
    if len(indentation) + len(line) <= _WIDTH:
        return [indentation + line]
    pairs = [(start, end) for start, end in _brackets(line) if end - start > 1]
    fitting = [
        (start, end)
        for start, end in reversed(pairs)
        if len(indentation) + start < _WIDTH and len(indentation) + len(line) - end <= _WIDTH
    ]
    if not fitting:
        return [indentation + line]
    start, end = fitting[0]
    if len(fitting) > 1 and end - start < 8:
        start, end = max(fitting, key=lambda pair: pair[1] - pair[0])
    head, body, tail = line[: start + 1], line[start + 1 : end], line[end:]
    inner = indentation + _INDENT
    clauses = _clauses(body)
    items = _items(body) if len(clauses) == 1 else [body]
    is_display = _is_display(line, start) and len(items) > 1
    if len(inner) + len(body) <= _WIDTH and not is_display:
        lines = [inner + body]
    else:
        if len(clauses) > 1:
            lines = [each for clause in clauses for each in _split(clause, inner)]
        elif len(items) == 1:
            lines = _split(body, inner)
        else:
            lines = [each for item in items for each in _with_comma(_split(item, inner), ",")]
    return [indentation + head, *lines, *_split(tail, indentation)]


def _is_display(line: str, start: int) -> bool:
    """Whether the brackets at a column hold items, not arguments or a subscript."""
    before = line[:start].rstrip()
    word = before.rpartition(" ")[2]
    return not before or word in _WORDS or not (before[-1].isalnum() or before[-1] in "_)]}\"'")


def _with_comma(lines: list[str], comma: str) -> list[str]:
    return [*lines[:-1], lines[-1] + comma]


def _clauses(body: str) -> list[str]:
    """The parts of a comprehension, each with its word first; of anything else the whole."""
    depth, start = 0, 0
    clauses: list[str] = []
    tokens = _tokens(body)
    for token in tokens:
        if token.string in _OPENING:
            depth += 1
        elif token.string in _CLOSING:
            depth -= 1
        elif not depth and (token.string == "for" or (token.string == "if" and clauses)):
            clauses.append(body[start : token.start[1]].strip())
            start = token.start[1]
    return [*clauses, body[start:].strip()] if clauses else [body]


def _tokens(line: str) -> list[tokenize.TokenInfo]:
    """The tokens of a part of a line, as far as they go."""
    found: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            found.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass
    return [token for token in found if token.type not in _LAYOUT]


def _brackets(line: str) -> list[tuple[int, int]]:
    """The columns of the outermost brackets."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for token in _tokens(line):
        if token.type == tokenize.OP and token.string in _OPENING:
            opened.append(token.start[1])
        elif token.type == tokenize.OP and token.string in _CLOSING and opened:
            start = opened.pop()
            if not opened:
                found.append((start, token.start[1]))
    return found


def _items(body: str) -> list[str]:
    """The items between the outermost commas."""
    depth, start = 0, 0
    items: list[str] = []
    is_lambda = False
    for token in _tokens(body):
        if token.string in _OPENING:
            depth += 1
        elif token.string in _CLOSING:
            depth -= 1
        elif token.string == "lambda" and not depth:
            is_lambda = True
        elif token.string == ":" and not depth:
            is_lambda = False
        elif token.string == "," and not depth and not is_lambda:
            items.append(body[start : token.start[1]].strip())
            start = token.end[1]
    last = body[start:].strip()
    return [*items, last] if last else items
