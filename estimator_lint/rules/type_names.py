"""How messages name the type of a Python constant."""

from __future__ import annotations


def type_with_article(constant: object) -> str:
    """The type of ``constant`` with its indefinite article: ``an int``, ``a str``; None's name."""
    if constant is None:
        return "None"
    name = type(constant).__name__
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
