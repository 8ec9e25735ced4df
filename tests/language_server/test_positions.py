"""Lines and columns, in the units of each client."""

from __future__ import annotations

import pytest

from estimator_lint.language_server.positions import LineTable, PositionEncoding

ENCODINGS = list(PositionEncoding)
CODECS = {
    PositionEncoding.UTF8: ("utf-8", 1),
    PositionEncoding.UTF16: ("utf-16-le", 2),
    PositionEncoding.UTF32: ("utf-32-le", 4),
}
TEXTS = ["", "a", "é", "漢字 x", "😀😀", "a😀é漢 b", "\ud800x", "a\x0cb\u2028c\x85d", "\tx"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_columns_there_and_back(text: str, encoding: PositionEncoding) -> None:
    table = LineTable(f"first\n{text}\nlast", encoding)
    codec, width = CODECS[encoding]
    for column in range(len(text) + 1):
        units = len(text[:column].encode(codec, "surrogatepass")) // width
        assert table.position(2, column) == (1, units)
        assert table.place(1, units) == (2, column)
        assert table.offset(1, units) == 6 + column
        assert table.position_at(6 + column) == (1, units)


def test_the_middle_of_a_character_is_its_beginning() -> None:
    assert LineTable("a😀b", PositionEncoding.UTF16).column(0, 2) == 1
    assert LineTable("a😀b", PositionEncoding.UTF8).column(0, 3) == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\r\r\nb", ["a", "", "b"]),
        ("a\x0cb\x0b\x1c\x85\u2028\u2029c\nd", ["a\x0cb\x0b\x1c\x85\u2028\u2029c", "d"]),
    ],
    ids=ascii,
)
def test_lines_end_where_pythons_do(text: str, lines: list[str]) -> None:
    table = LineTable(text, PositionEncoding.UTF16)
    assert [table.line(number) for number in range(table.count)] == lines


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_lies_outside_is_the_end(encoding: PositionEncoding) -> None:
    table = LineTable("ab\ncd", encoding)
    assert table.offset(0, 99) == 2
    assert table.offset(7, 0) == 5
    assert table.offset(-1, 3) == 0
    assert table.offset(1, -3) == 3
    assert table.position(9, 9) == (1, 2)
    assert table.position(1, -1) == (0, 0)
    assert table.line(5) == ""


def test_the_linter_does_not_see_a_byte_order_mark() -> None:
    table = LineTable("\ufeffab\ncd", PositionEncoding.UTF16)
    assert table.position(1, 1) == (0, 2)
    assert table.place(0, 2) == (1, 1)
    assert table.position(2, 1) == (1, 1)
